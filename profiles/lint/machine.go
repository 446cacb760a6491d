package lint

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// port is one that a node listens on.
type port struct {
	product.Place
	name   string
	number int
}

// offset is what Carbon adds to the ports of a node, if that is known: the property portOffset, else Ports/Offset (ServletTransportManager.java:25-28).
func (n *Node) offset() (int, bool) {
	if n.Carbon == nil {
		return 0, false
	}
	text := n.Carbon.Value("Ports.Offset").Text
	if n.Script != nil {
		if v := n.Script.Option("-DportOffset"); v.Given {
			text = v.Text
		}
	}
	offset, err := strconv.Atoi(text)
	return offset, err == nil
}

// ports are those that the offset is added to, always in one order; none where the offset is not known.
func (n *Node) ports() []port {
	offset, known := n.offset()
	if !known {
		return nil
	}
	var all []port
	add := func(name string, v product.Value) {
		if number := portNumber(v); number != 0 {
			all = append(all, port{v.Place, name, number + offset})
		}
	}
	if n.Tomcat != nil {
		for _, scheme := range []string{"http", "https"} {
			if c := n.Tomcat.Connector(scheme); c != nil {
				add("connector "+scheme, c.Port)
			}
		}
	}
	if n.Axis2 != nil {
		for _, receiver := range n.Axis2.Receivers {
			if _, ok := receiver.PassThrough(); ok {
				add("transport "+receiver.Name.Text, receiver.Parameter("port"))
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(n.Carbon.Values)) {
		if name, ok := strings.CutPrefix(path, "Ports."); ok && name != "Offset" && !strings.Contains(name, "Proxy") {
			add(name, n.Carbon.Value(path))
		}
	}
	return all
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
	name string
	// beside are those that were given ports of their own, so that they can run on one machine.
	beside []*Node
	// copies are the others: each would take all ports of the first of those that have its ports, so it runs elsewhere or not at all.
	copies []clone
}

// clone is a node with the host and all the ports of another.
type clone struct{ of, node *Node }

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
			h = &host{name: name}
			index[name] = h
			all = append(all, h)
		}
		ports[n] = n.ports()
		if i := slices.IndexFunc(h.beside, func(other *Node) bool { return clash(ports[other], ports[n]) }); i >= 0 {
			h.copies = append(h.copies, clone{h.beside[i], n})
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

// onOneMachine reports whether all nodes run on one machine, as their hosts and ports tell.
func (c *Cluster) onOneMachine() bool {
	machines := c.machines()
	return len(machines) == 1 && len(machines[0].beside) == len(c.Nodes)
}
