// Package described looks for what will go wrong with a cluster that is described and has no homes yet.
//
// What each node would have in its files is found out with a plain home that the program carries. What the rules of lint find there is told of the
// places in the description that it comes from.
package described

import (
	"maps"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// Check runs all rules of lint on the nodes of a description, which [cluster.ResolveAll] has found. Places of the findings are in the files of the
// description, of which there is the text that [strictyaml.Document.Source] tells. What a profile of a user does at places that no product has is
// not looked at. Each calls a function for 0 to n-1, in any order, several at once if it likes.
func Check(described []*cluster.Node, each func(n int, f func(int))) (nodes []*lint.Node, findings []*lint.Finding) {
	d := newDescription()
	made := make([]*node, len(described))
	each(len(described), func(i int) { made[i] = newNode(described[i]) })
	for _, n := range made {
		nodes = append(nodes, n.Node)
		d.add(n)
	}
	for _, f := range lint.Check(nodes) {
		if f = d.translate(f); f != nil && !slices.ContainsFunc(findings, func(other *lint.Finding) bool { return d.same(f, other) }) {
			findings = append(findings, f)
		}
	}
	d.sort(findings)
	return nodes, findings
}

// node is a node with its files as they would be.
type node struct {
	*lint.Node
	cluster *cluster.Node
	plans   map[string]*patch.FilePlan    // by path
	written map[string][]profiles.Written // by path, of files that somebody has asked for
}

// newNode makes the files of a node.
func newNode(c *cluster.Node) *node {
	n := &node{cluster: c, plans: map[string]*patch.FilePlan{}, written: map[string][]profiles.Written{}}
	home := skeleton(c)
	want, _ := c.Profile.Patch(c.Role, c.Values, home) // what is wrong with the home a plan tells
	files := maps.Clone(home.Files)
	for _, f := range patch.MakeIn(home.Files, want).Files {
		n.plans[f.Path], files[f.Path] = f, f.After
	}
	home = home.With(files)
	read, _ := product.ReadNode(home) // all of it could be written, so it can be read
	n.Node = &lint.Node{Node: read, Name: c.Name, Role: c.Role}
	return n
}

// valueAt is the value of the description that stands at a place.
func (n *node) valueAt(at product.Place) (profiles.Written, bool) {
	if at.File == nil {
		return profiles.Written{}, false
	}
	path := at.File.Path
	if _, known := n.written[path]; !known {
		n.written[path] = n.cluster.Profile.Written(n.Role, n.cluster.Values, n.Home, path)
	}
	for _, w := range n.written[path] {
		if w.Lo < at.Hi && at.Lo < w.Hi || w.Lo == at.Lo && w.Hi == at.Hi || isTagOf(at, w) {
			return w, true
		}
	}
	return profiles.Written{}, false
}

// isTagOf reports whether a place is in the start tag of the element that holds a value.
func isTagOf(at product.Place, w profiles.Written) bool {
	if w.Lo < at.Hi {
		return false
	}
	between := string(at.File.Source[at.Hi:w.Lo])
	return between == "" || strings.HasSuffix(between, ">") && !strings.Contains(between, "<")
}

// wrote reports whether anything of a place comes from the description or its profile.
func (n *node) wrote(at product.Place) bool {
	if at.File == nil {
		return false
	}
	plan := n.plans[at.File.Path]
	return plan != nil && plan.Wrote(at.Lo, at.Hi)
}
