package lint

import (
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

	hosts  []string // in the order of the nodes
	byHost map[string][]reached
	hidden bool // some node may be reached at an address that is not known
}

// reached is a node with its address.
type reached struct {
	node *Node
	address
	peer bool // it looks for others by well-known members itself
}

// wellKnown is found out once: several rules ask for it.
func (c *Cluster) wellKnown() *wellKnown {
	if c.known == nil {
		c.known = c.findWellKnown()
	}
	return c.known
}

func (c *Cluster) findWellKnown() *wellKnown {
	w := &wellKnown{lists: map[*Node][]*Node{}, meant: map[any][]*Node{}, byHost: map[string][]reached{}}
	for _, n := range c.Nodes {
		w.register(n)
	}
	found := map[address]member{} // most nodes list the same members
	for _, n := range w.nodes {
		for _, m := range n.Axis2.Clustering.Members {
			at := address{m.Host.Trim(), portNumber(m.Port)}
			listed, ok := found[at]
			if !ok {
				listed = w.find(at)
				found[at] = listed
			}
			w.add(n, m, listed)
		}
	}
	return w
}

// register notes where a node is reached, and whether it looks for others.
func (w *wellKnown) register(n *Node) {
	isPeer := n.scheme() == "wka"
	if isPeer {
		w.nodes = append(w.nodes, n)
	}
	switch {
	case n.Axis2 == nil || n.clustered() && !n.hazelcast():
		w.hidden, w.elusive = true, true
	case n.Axis2.Clustering != nil:
		at := n.address()
		host := canonical(at.host)
		if w.byHost[host] == nil {
			w.hosts = append(w.hosts, host)
		}
		w.byHost[host] = append(w.byHost[host], reached{n, at, isPeer})
		w.hidden = w.hidden || !numeric(at.host)
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
	here, others []reached // at its host: those that listen on its port, and those that don't
	elusive      bool      // it may be a node that can't be told by what it is listed as
}

// find finds the nodes at an address, whose host may be a range.
func (w *wellKnown) find(at address) member {
	m := member{address: address{canonical(at.host), at.port}}
	hosts := []string{m.host}
	addresses, isRange := product.ParseRange(at.host)
	if isRange {
		hosts = slices.DeleteFunc(slices.Clone(w.hosts), func(host string) bool { return !addresses.Holds(host) })
	}
	for _, host := range hosts {
		for _, n := range w.byHost[host] {
			if n.port == at.port {
				m.here = append(m.here, n)
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
	switch {
	case len(m.here) > 0:
		for _, o := range m.here {
			if o.node != n && o.peer {
				w.lists[n] = append(w.lists[n], o.node)
			}
		}
		return
	case m.elusive:
		w.elusive = true
		return
	}
	var others []*Node
	for _, o := range m.others {
		if o.node != n {
			others = append(others, o.node)
		}
	}
	if m.host == localhost || len(others) == 0 && len(m.others) > 0 {
		return // on its own machine only the node itself listens, and it passes over itself
	}
	w.strangers = append(w.strangers, said{node: n, Value: listed.Host, means: m.address})
	w.meant[m.address] = others
	if len(others) == 1 {
		w.lists[n] = append(w.lists[n], others[0])
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

// parts are the nodes that find each other, directly or by way of others, whoever lists whom: the largest part first. Nodes that list the
// same stranger find each other by it.
func (w *wellKnown) parts() [][]*Node {
	parent := map[any]any{} // of nodes and strangers, up to one that stands for the part
	var top func(any) any
	top = func(x any) any {
		if parent[x] == nil {
			return x
		}
		parent[x] = top(parent[x])
		return parent[x]
	}
	join := func(a, b any) {
		if a, b = top(a), top(b); a != b {
			parent[a] = b
		}
	}
	for _, n := range w.nodes {
		for _, o := range w.lists[n] {
			join(n, o)
		}
	}
	for _, s := range w.strangers {
		join(s.node, s.means)
	}
	var all []said
	for _, n := range w.nodes {
		all = append(all, said{node: n, means: top(n)})
	}
	var parts [][]*Node
	for _, g := range groups(all) {
		parts = append(parts, g.cluster().Nodes)
	}
	return parts
}
