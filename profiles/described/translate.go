package described

import (
	"cmp"
	"slices"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// needHome are the rules that can't be judged without a whole home: what refers to a datasource, which options the server is started with.
var needHome = []string{"datasource-unreferenced", "registry-env-variable"}

// description is what findings in the files of nodes are translated to.
type description struct {
	nodes  map[*lint.Node]*node
	files  map[*strictyaml.Document]*product.File
	values []profiles.Values
	hidden bool // addresses of nodes are not known
}

func newDescription() *description {
	return &description{nodes: map[*lint.Node]*node{}, files: map[*strictyaml.Document]*product.File{}}
}

func (d *description) add(n *node) {
	d.nodes[n.Node] = n
	d.values = append(d.values, n.cluster.Values)
	d.hidden = d.hidden || n.cluster.Values["localMemberHost"].Assumed || n.cluster.Values["localMemberPort"].Assumed
}

// origin is where a place in a file of a node comes from.
type origin struct {
	strictyaml.Place        // in the description
	setting          string // whose value stands there, "" where none does
	own              bool   // the profile says it itself
	assumed          bool
}

// origin finds what wrote a place, and reports whether anything did. What no value of the description wrote comes from the entry of its node.
func (d *description) origin(n *lint.Node, at product.Place) (origin, bool) {
	node := d.nodes[n]
	w, ok := node.valueAt(at)
	o := origin{Place: w.Value.Place, setting: w.Setting, assumed: w.Value.Assumed}
	if !ok || o.Document == nil {
		o.Place, o.own = node.cluster.Place, true
	}
	return o, ok || node.wrote(at)
}

// translate is f with its places in the description, or nil where it says nothing about that: it comes of the home, or of what nobody knows here.
// One of a node is about what stands, or is missing, at its own place, which the description must have written; of one of a cluster any place will do.
func (d *description) translate(f *lint.Finding) *lint.Finding {
	at, wrote := d.origin(f.Node, f.Place)
	told := *f
	told.Others = nil
	for _, other := range f.Others {
		from, ok := d.origin(other.Node, other.Place)
		at.assumed = at.assumed || from.assumed
		if ok && !wrote && f.Rule.Scope == lint.InCluster {
			told.Node, at, wrote = other.Node, from, true
		}
		if place := d.place(from.Place); ok && place != d.place(at.Place) {
			told.Others = append(told.Others, lint.Other{Node: other.Node, Place: place})
		}
	}
	switch {
	case !wrote && f.Rule.Scope != lint.InCluster,
		at.assumed, slices.Contains(needHome, f.Rule.ID),
		at.own && f.Severity == lint.Info, // the profile means it so
		at.setting == "members" && f.Rule.Scope == lint.InCluster && d.hidden,
		slices.ContainsFunc(d.values, func(v profiles.Values) bool { return v.Assume(f.Message) }):
		return nil
	}
	told.Place = d.place(at.Place)
	return &told
}

// place is a place of the description as those of files are.
func (d *description) place(at strictyaml.Place) product.Place {
	f := d.files[at.Document]
	if f == nil {
		source, hidden := at.Document.Source()
		f = product.NewFile(at.Document.Name, source, hidden)
		d.files[at.Document] = f
	}
	lo, hi := at.Document.Span(at.Node)
	return product.Place{File: f, Lo: lo, Hi: hi}
}

// same reports whether two findings say the same: of one place, or of nodes in general.
func (d *description) same(f, g *lint.Finding) bool {
	if f.Rule != g.Rule || f.Message != g.Message {
		return false
	}
	return f.Place == g.Place || f.Rule.Scope != lint.InCluster && d.isEntry(f) && d.isEntry(g)
}

// isEntry reports whether f is about a node as such.
func (d *description) isEntry(f *lint.Finding) bool {
	return f.Place == d.place(d.nodes[f.Node].cluster.Place)
}

// sort sorts findings by their places, the worst first.
func (d *description) sort(findings []*lint.Finding) {
	slices.SortStableFunc(findings, func(f, g *lint.Finding) int {
		return cmp.Or(f.Place.Compare(g.Place), cmp.Compare(g.Severity, f.Severity), cmp.Compare(f.Rule.ID, g.Rule.ID))
	})
}
