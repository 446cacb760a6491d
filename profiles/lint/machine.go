package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// port is one that a node listens on.
type port struct {
	product.Place
	name   string
	number int
}

// ports are those that the offset is added to, always in one order; none where the offset is not known.
func (n *Node) ports() []port {
	offset, known := n.offset()
	if n.Carbon == nil || !known {
		return nil
	}
	var all []port
	add := func(name string, v product.Value) {
		if number := portNumber(v); number != 0 {
			all = append(all, port{v.Place, name, number + offset})
		}
	}
	if n.Tomcat != nil {
		for _, scheme := range connectorSchemes {
			if c := n.Tomcat.Connector(scheme); c != nil {
				add("connector "+scheme, c.Port)
			}
		}
	}
	for _, receiver := range n.receivers() {
		add("transport "+receiver.Name.Text, receiver.Parameter("port"))
	}
	for _, path := range slices.Sorted(maps.Keys(n.Carbon.Values)) {
		if name, ok := strings.CutPrefix(path, "Ports."); ok && name != "Offset" && !strings.Contains(name, "Proxy") {
			add(name, n.Carbon.Value(path))
		}
	}
	return all
}

// memberPort is the port that a node talks to other members on.
func (n *Node) memberPort() port {
	return port{n.parameter(localMemberPort).Place, localMemberPort, n.address().port}
}

// listener is a node on one of its ports.
type listener struct {
	node *Node
	port
}

// clash reports whether two nodes would take all of each other's ports that are known.
func clash(a, b []port) bool {
	shared := 0
	for _, p := range a {
		i := slices.IndexFunc(b, func(q port) bool { return q.name == p.name })
		if i >= 0 && b[i].number != p.number {
			return false
		}
		if i >= 0 {
			shared++
		}
	}
	return shared > 0
}

// host is nodes that advertise one host.
type host struct {
	name   string
	beside []*Node // those with ports of their own, so that they can run on one machine
	// copies are the others, by the one of those whose ports they would all take: they run elsewhere, or not at all.
	copies map[*Node][]*Node
}

// hosts are those that nodes advertise, in their order. The nodes that say a loopback address are put together.
func (c *Cluster) hosts() []*host {
	var all []*host
	index := map[string]*host{}
	ports := map[*Node][]port{}
	for _, n := range c.Nodes {
		if !n.hazelcast() || n.address().host == "" {
			continue
		}
		name := canonical(n.address().host)
		h := index[name]
		if h == nil {
			h = &host{name: name, copies: map[*Node][]*Node{}}
			index[name] = h
			all = append(all, h)
		}
		ports[n] = n.ports()
		if i := slices.IndexFunc(h.beside, func(other *Node) bool { return clash(ports[other], ports[n]) }); i >= 0 {
			h.copies[h.beside[i]] = append(h.copies[h.beside[i]], n)
			continue
		}
		h.beside = append(h.beside, n)
	}
	return all
}

// canonical is a host in one spelling, the same for all loopback addresses.
func canonical(host string) string {
	if product.IsLoopback(host) {
		return localhost
	}
	return product.CanonicalHost(host)
}

const localhost = "localhost"

// machines are the hosts that name one machine, as far as is known: a loopback address names one only where all nodes say it.
func (c *Cluster) machines() []*host {
	return slices.DeleteFunc(c.hosts(), func(h *host) bool { return h.name == localhost && len(h.beside) < len(c.Nodes) })
}

// markMachines notes where all of several nodes run on one machine, as their hosts and ports tell.
func (c *Cluster) markMachines() {
	machines := c.machines()
	if len(c.Nodes) < 2 || len(machines) != 1 || len(machines[0].beside) < len(c.Nodes) {
		return
	}
	for _, n := range c.Nodes {
		n.OneMachine = true
	}
}
