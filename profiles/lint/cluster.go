package lint

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// Cluster is the nodes that form one cluster, or are meant to.
type Cluster struct {
	Nodes []*Node

	known *wellKnown // see its method
}

// every reports whether something holds of each node.
func (c *Cluster) every(holds func(*Node) bool) bool {
	return !slices.ContainsFunc(c.Nodes, func(n *Node) bool { return !holds(n) })
}

// said is what a node says of something.
type said struct {
	node          *Node
	product.Value     // as people are shown it
	means         any // equal where nodes mean the same; nil where it is not known what the node says
}

// say is what a node says by a value of its files, to the letter.
func say(v product.Value) said { return said{Value: v, means: v.Text} }

// sayTrimmed is the same where the blanks around the value don't count.
func sayTrimmed(v product.Value) said { return said{Value: v, means: v.Trim()} }

// sayGiven is what a node says by a value that is given and that nothing else takes the place of.
func sayGiven(v product.Value) said {
	if !v.Literal() {
		return said{}
	}
	return sayTrimmed(v)
}

// String is the value in quotes.
func (s said) String() string {
	switch {
	case !s.Given && s.Text == "":
		return "not set"
	case s.Secret():
		return patch.Mask
	}
	return `"` + s.Text + `"`
}

// where is those nodes of the cluster of which something holds.
func (c *Cluster) where(holds func(*Node) bool) *Cluster {
	return &Cluster{Nodes: slices.DeleteFunc(slices.Clone(c.Nodes), func(n *Node) bool { return !holds(n) })}
}

// ask returns what the nodes say of which that is known: nothing is known of a file that was not collected.
func (c *Cluster) ask(answer func(*Node) said) []said {
	var all []said
	for _, n := range c.Nodes {
		if s := answer(n); s.means != nil {
			s.node = n
			all = append(all, s)
		}
	}
	return all
}

// parameter is what nodes with a clustering element say by a parameter of it; without it they say the usual.
func parameter(name, without string) func(*Node) said {
	return func(n *Node) said { return say(usual(n.parameter(name), without)) }
}

// trimmedParameter is the same where the blanks around the parameter don't count.
func trimmedParameter(name, without string) func(*Node) said {
	return func(n *Node) said { return sayTrimmed(usual(n.parameter(name), without)) }
}

// usual gives a value that is not given the text that it has then.
func usual(v product.Value, text string) product.Value {
	if !v.Given {
		v.Text = text
	}
	return v
}

// group is nodes that say the same.
type group []said

// groups puts together who says the same: the largest group first, of groups of one size that of the first node.
func groups(all []said) []group {
	found := split(all, func(s said) any { return s.means })
	slices.SortStableFunc(found, func(a, b group) int { return cmp.Compare(len(b), len(a)) })
	return found
}

// byRole puts together the nodes of each role, without those whose role is not known.
func byRole(all []said) []group {
	known := slices.DeleteFunc(slices.Clone(all), func(s said) bool { return s.node.role() == "" })
	return split(known, func(s said) any { return s.node.role() })
}

// split puts together what has the same key, in the order of the first of each.
func split(all []said, key func(said) any) []group {
	var found []group
	index := map[any]int{}
	for _, s := range all {
		i, ok := index[key(s)]
		if !ok {
			i = len(found)
			index[key(s)] = i
			found = append(found, nil)
		}
		found[i] = append(found[i], s)
	}
	return found
}

// String names the nodes.
func (g group) String() string { return named(g.cluster().Nodes) }

// cluster is the nodes of the group, to ask them something else.
func (g group) cluster() *Cluster {
	c := &Cluster{}
	for _, s := range g {
		c.Nodes = append(c.Nodes, s.node)
	}
	return c
}

// most splits groups into the largest, which the others should be like, and those others.
func most(all []said) (largest group, others []group) {
	found := groups(all)
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], found[1:]
}

// odd reports a group of nodes that says something else than another, at what its first node says.
func (r *reporter) odd(g, than group, args ...any) *Finding {
	return r.at(g[0].node, g[0].Place, args...).with(than[0].node, than[0].Place)
}

// differing reports each group of nodes that says something else than the largest does, with the arguments of the rule's message
// {x} {a} {y} {b}: the nodes a say x, the nodes b say y. Further arguments come before them.
func (r *reporter) differing(all []said, before ...any) []*Finding {
	from := len(r.found)
	largest, others := most(all)
	for _, g := range others {
		r.odd(g, largest, slices.Concat(before, []any{g[0], g, largest[0], largest})...)
	}
	return r.found[from:]
}

// named lists nodes by their names.
func named(nodes []*Node) string {
	var names []string
	for _, n := range nodes {
		names = append(names, n.Name)
	}
	return list(names)
}

// maxListed is how many things a message lists.
const maxListed = 3

// shorten leaves of many things the first, and how many others there are.
func shorten(all []string) []string {
	if others := len(all) - maxListed + 1; others > 1 {
		return append(slices.Clone(all[:maxListed-1]), strconv.Itoa(others)+" others")
	}
	return all
}

// list is things in a row, as a message has them.
func list(all []string) string {
	if len(all) == 0 {
		return ""
	}
	all = shorten(all)
	last := len(all) - 1
	if last == 0 {
		return all[0]
	}
	return strings.Join(all[:last], ", ") + " and " + all[last]
}
