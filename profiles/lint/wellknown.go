package lint

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// wellKnown is who lists whom as a well-known member.
type wellKnown struct {
	nodes   []*Node // that look for others by well-known members
	lists   map[*Node][]*Node
	elusive bool // somebody lists a member that can't be told: it may be any node
	// strangers are the members that no node is, by their hosts and ports, as nodes list them. The nodes that listen on another port of
	// that host are those that were meant.
	strangers []said
	meant     map[any][]*Node

	byHost map[string][]*Node
	hidden bool // some node may be reached at an address that is not known
}

func (c *Cluster) wellKnown() *wellKnown {
	w := &wellKnown{lists: map[*Node][]*Node{}, meant: map[any][]*Node{}, byHost: map[string][]*Node{}}
	for _, n := range c.Nodes {
		w.register(n)
	}
	found := map[address]member{} // most nodes list the same members
	for _, n := range c.Nodes {
		if n.scheme() != "wka" {
			continue
		}
		w.nodes = append(w.nodes, n)
		for _, m := range n.Axis2.Clustering.Members {
			at := address{m.Host.Trim(), portNumber(m.Port)}
			if _, ok := found[at]; !ok {
				found[at] = w.find(at)
			}
			w.add(n, m, found[at])
		}
	}
	return w
}

// register notes where a node is reached.
func (w *wellKnown) register(n *Node) {
	switch {
	case n.Axis2 == nil || n.clustered() && !n.hazelcast():
		w.hidden, w.elusive = true, true
	case n.Axis2.Clustering != nil:
		host := n.address().host
		w.byHost[canonical(host)] = append(w.byHost[canonical(host)], n)
		w.hidden = w.hidden || !numeric(host)
	}
}

// numeric reports whether a host is an address, which nothing else is known by.
func numeric(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || product.IsLoopback(host)
}

// member is what a well-known member is among the nodes.
type member struct {
	address
	nodes, others []*Node // at its host: those that listen on its port, and those that don't
	elusive       bool    // it may be a node that can't be told by what it is listed as
}

// find finds the nodes at an address, whose host may be a range.
func (w *wellKnown) find(at address) member {
	m := member{address: address{canonical(at.host), at.port}}
	hosts := []string{m.host}
	_, isRange := product.ParseRange(at.host)
	if isRange {
		hosts = slices.DeleteFunc(slices.Sorted(maps.Keys(w.byHost)), func(host string) bool { return !product.Covers(at.host, host) })
	}
	for _, host := range hosts {
		for _, n := range w.byHost[host] {
			if n.address().port == at.port {
				m.nodes = append(m.nodes, n)
			} else {
				m.others = append(m.others, n)
			}
		}
	}
	m.elusive = at.port == 0 || len(m.others) == 0 && (w.hidden || !isRange && !numeric(at.host))
	return m
}

// add notes that a node lists a member.
func (w *wellKnown) add(n *Node, listed product.Member, m member) {
	others := without(m.others, n)
	switch {
	case len(m.nodes) > 0:
		w.lists[n] = append(w.lists[n], slices.DeleteFunc(without(m.nodes, n), func(o *Node) bool { return o.scheme() != "wka" })...)
	case m.elusive:
		w.elusive = true
	case m.host == localhost || len(others) == 0 && len(m.others) > 0:
		// On its own machine only the node itself listens, and it passes over itself.
	default:
		w.strangers = append(w.strangers, said{node: n, Value: listed.Host, means: m.address})
		w.meant[m.address] = others
		if len(others) == 1 {
			w.lists[n] = append(w.lists[n], others[0])
		}
	}
}

// listed splits the nodes into those that other nodes list and those that nobody lists.
func (w *wellKnown) listed() (listed, unlisted []*Node) {
	seen := map[*Node]bool{}
	for _, others := range w.lists {
		for _, n := range others {
			seen[n] = true
		}
	}
	for _, n := range w.nodes {
		if seen[n] {
			listed = append(listed, n)
		} else {
			unlisted = append(unlisted, n)
		}
	}
	return listed, unlisted
}

func without(nodes []*Node, n *Node) []*Node {
	return slices.DeleteFunc(slices.Clone(nodes), func(o *Node) bool { return o == n })
}

// parts are the nodes that find each other, directly or by way of others, whoever lists whom: the largest part first. Who list the same
// stranger find each other by it.
func (w *wellKnown) parts() [][]*Node {
	beside := map[any][]any{}
	join := func(a, b any) { beside[a], beside[b] = append(beside[a], b), append(beside[b], a) }
	for _, n := range w.nodes {
		for _, o := range w.lists[n] {
			join(n, o)
		}
	}
	for _, s := range w.strangers {
		join(s.node, s.means)
	}
	var all [][]*Node
	seen := map[any]bool{}
	for _, n := range w.nodes {
		if seen[n] {
			continue
		}
		seen[n] = true
		var part []*Node
		for next := []any{n}; len(next) > 0; next = next[1:] {
			if n, ok := next[0].(*Node); ok {
				part = append(part, n)
			}
			for _, o := range beside[next[0]] {
				if !seen[o] {
					seen[o] = true
					next = append(next, o)
				}
			}
		}
		all = append(all, part)
	}
	slices.SortStableFunc(all, func(a, b []*Node) int { return cmp.Compare(len(b), len(a)) })
	return all
}
