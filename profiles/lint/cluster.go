package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// Cluster is the nodes that form one cluster, or are meant to.
type Cluster struct {
	Nodes []*Node
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

// ask returns what those nodes say of which that is known: nothing is known of a file that was not collected.
func (c *Cluster) ask(of func(*Node) bool, answer func(*Node) said) []said {
	var all []said
	for _, n := range c.Nodes {
		if !of(n) {
			continue
		}
		if s := answer(n); s.means != nil {
			s.node = n
			all = append(all, s)
		}
	}
	return all
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
	var found []group
	index := map[any]int{}
	for _, s := range all {
		i, ok := index[s.means]
		if !ok {
			i = len(found)
			index[s.means] = i
			found = append(found, nil)
		}
		found[i] = append(found[i], s)
	}
	slices.SortStableFunc(found, func(a, b group) int { return cmp.Compare(len(b), len(a)) })
	return found
}

// String names the nodes.
func (g group) String() string { return named(g.nodes()) }

func (g group) nodes() []*Node {
	var all []*Node
	for _, s := range g {
		all = append(all, s.node)
	}
	return all
}

// differing reports each group of nodes that says something else than the largest does, with the arguments of the rule's message
// {x} {a} {y} {b}: x is said by the nodes a, y by the nodes b. Further arguments come before them.
func (r *reporter) differing(all []said, before ...any) []*Finding {
	found := groups(all)
	if len(found) == 0 {
		return nil
	}
	from, most := len(r.found), found[0]
	for _, odd := range found[1:] {
		r.at(odd[0].node, odd[0].Place, slices.Concat(before, []any{odd[0], odd, most[0], most})...).with(most[0].node, most[0].Place)
	}
	return r.found[from:]
}

// maxNamed is how many nodes a message names.
const maxNamed = 3

// named lists nodes by their names; of many the first, and how many others there are.
func named(nodes []*Node) string {
	var names []string
	for _, n := range nodes {
		names = append(names, n.Name)
	}
	if len(names) > maxNamed {
		names = append(names[:maxNamed-1], fmt.Sprintf("%d others", len(names)-maxNamed+1))
	}
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
