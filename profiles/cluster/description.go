package cluster

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// cluster is a described cluster: what the files say together.
type cluster struct {
	name      string
	profile   *profiles.Profile
	settings  layer
	roles     map[string]layer
	members   []*member // in the order of the files
	byName    map[string]*member
	wellKnown []text // names; nil is all
	silenced  []Silence
	notes     []string
}

// member is a node of the description.
type member struct {
	name   string // "" for a node that no file lists
	role   string
	key    text // where the name stands; without a document for a node that no file lists
	values layer
	all    layer           // what the description says of it, once that is asked for
	known  profiles.Values // the literals among that, likewise
}

// describe puts the files together. What is wrong in them is reported in their documents.
func describe(p *profiles.Profile, files []*file) *cluster {
	c := &cluster{profile: p, settings: layer{}, roles: map[string]layer{}, byName: map[string]*member{}}
	for _, f := range files {
		c.add(f)
	}
	c.checkMembers()
	c.checkWellKnown()
	c.checkAddresses()
	c.checkListed(c.settings)
	for _, values := range c.roles {
		c.checkListed(values)
	}
	for _, n := range c.members {
		c.checkListed(n.values)
	}
	return c
}

func (c *cluster) add(f *file) {
	if f.name != nil {
		c.name, _ = f.Text(f.name, "name")
	}
	settings := readLayer(f.Document, f.settings, "settings", c.profile, profiles.FromSettings)
	c.noteSecrets(f, settings)
	c.settings = c.settings.under(settings)
	for _, e := range f.Entries(f.roles, "roles") {
		c.checkRole(text{f.Document, e.Key})
		values := readLayer(f.Document, e.Value, "the role "+e.Key.Value, c.profile, profiles.FromRole)
		c.noteSecrets(f, values)
		c.roles[e.Key.Value] = c.roles[e.Key.Value].under(values)
	}
	for _, e := range f.Entries(f.nodes, "nodes") {
		c.addMember(f, e)
	}
	c.silence(f)
	if f.wellKnown != nil {
		c.wellKnown = []text{}
		for _, n := range f.List(f.wellKnown, "wellKnown") {
			if _, ok := f.Text(n, "a well-known node"); ok {
				c.wellKnown = append(c.wellKnown, text{f.Document, n})
			}
		}
	}
}

var memberName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// roleKey is the key of a node that is no setting.
const roleKey = "role"

func (c *cluster) addMember(f *file, e strictyaml.Entry) {
	n := c.member(e.Key.Value)
	if n == nil {
		n = &member{name: e.Key.Value, key: text{f.Document, e.Key}}
		c.members = append(c.members, n)
		c.byName[n.name] = n
	}
	what := "the node " + n.name
	for _, field := range f.Entries(e.Value, what) {
		if field.Key.Value != roleKey {
			continue
		}
		if role, ok := f.Text(field.Value, "role"); ok {
			n.role = role
			c.checkRole(text{f.Document, field.Value})
		}
	}
	values := readLayer(f.Document, e.Value, what, c.profile, profiles.FromNode, roleKey)
	c.noteSecrets(f, values)
	n.values = n.values.under(values)
}

// member returns the node of that name, or nil.
func (c *cluster) member(name string) *member { return c.byName[name] }

func (c *cluster) memberNames() []string {
	names := make([]string, len(c.members))
	for i, n := range c.members {
		names[i] = n.name
	}
	return names
}

func (c *cluster) checkRole(t text) {
	if c.profile.Role(t.String()) == nil {
		t.errorf(t.doc.Suggest(t.String(), c.profile.RoleNames(), "the profile "+c.profile.Name+" has "), "unknown role %q", t)
	}
}

func (c *cluster) checkMembers() {
	for _, n := range c.members {
		if !memberName.MatchString(n.name) {
			n.key.errorf("", "the name of a node has letters, digits, and . _ - after the first")
		}
		if n.role == "" {
			n.key.errorf("add role: "+strings.Join(c.profile.RoleNames(), ", or role: "), "the node %s has no role", n.name)
		}
	}
}

func (c *cluster) checkWellKnown() {
	for i, t := range c.wellKnown {
		if c.member(t.String()) == nil {
			t.errorf(t.doc.Suggest(t.String(), c.memberNames(), "the cluster has "), "there is no node %q", t)
		}
		if slices.ContainsFunc(c.wellKnown[:i], func(before text) bool { return before.String() == t.String() }) {
			t.errorf("", "%q is given twice", t)
		}
	}
}

// layers is what the description says about n, without what the profile adds.
func (c *cluster) layers(n *member) layer {
	if n.all == nil {
		n.all = c.settings.under(c.roles[n.role]).under(n.values)
	}
	return n.all
}

// noteSecrets notes secrets that stand in a file which others can read.
func (c *cluster) noteSecrets(f *file, values layer) {
	info, err := os.Stat(f.Name)
	if err != nil || !info.Mode().IsRegular() || info.Mode()&0o004 == 0 {
		return
	}
	var found []textPart
	for _, g := range values {
		found = append(found, g.openSecrets()...)
	}
	slices.SortFunc(found, func(a, b textPart) int {
		return cmp.Or(cmp.Compare(a.node.Line, b.node.Line), cmp.Compare(a.node.Column, b.node.Column))
	})
	for _, t := range found {
		c.notes = append(c.notes, fmt.Sprintf("%s:%d:%d: a secret stands here, and others can read the file; use env:NAME or file:/path, or chmod o-r", f.Name, t.node.Line, t.node.Column))
	}
}
