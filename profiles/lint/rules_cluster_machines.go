package lint

import (
	"slices"
	"strconv"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// clusterMachinesRules are about nodes that advertise one host, or run on one machine.
func clusterMachinesRules() []*Rule {
	return []*Rule{
		{
			ID: "duplicate-member-endpoint", Severity: Error, Scope: InCluster,
			Message: "{a} advertise the same localMemberHost and localMemberPort, {h}:{p}",
			Then:    "The others reach only one of them there, and who dials that one may get the other.",
			Fix:     "After copying a node change its localMemberHost, on the same machine its localMemberPort.",
			Source:  "HazelcastClusteringAgent.java:275-296; guide 001, line 67; guide 004, lines 334 and 358",
			Wrong: `<parameter name="localMemberHost">10.0.0.1</parameter>
<parameter name="localMemberPort">4100</parameter>`,
			Right: `<parameter name="localMemberHost">10.0.0.1</parameter>
<parameter name="localMemberPort">4101</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				for _, g := range groups(c.where((*Node).hazelcast).ask(func(n *Node) said {
					a := n.address()
					if a.host == "" || a.port == 0 {
						return said{}
					}
					return said{Value: n.parameter("localMemberHost"), means: address{canonical(a.host), a.port}}
				})) {
					if len(g) > 1 {
						a := g[1].node.address()
						r.at(g[1].node, g[1].Place, g, a.host, a.port).with(g[0].node, g[0].Place)
					}
				}
			},
		},
		{
			ID: "same-host-other-machine", Severity: Warning, Scope: InCluster,
			Message: "{a} advertise the same localMemberHost, {h}, but have the same ports: they can't run on one machine",
			Then:    "The others look for one of them on the machine of the other, as with a worker that was copied.",
			Fix:     "Give each node the address of its own machine; nodes that do run on one need Ports/Offset of their own.",
			Source:  "HazelcastClusteringAgent.java:275-296; guide 001, line 67; guide 004, lines 334 and 358",
			Wrong:   `<parameter name="localMemberHost">10.0.0.1</parameter>`,
			Right:   `<parameter name="localMemberHost">10.0.0.2</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				for _, h := range c.hosts() {
					if h.name == localhost {
						continue
					}
					for _, n := range h.beside {
						if copies := h.copies[n]; len(copies) > 0 {
							place := copies[0].parameter("localMemberHost").Place
							r.at(copies[0], place, named(slices.Concat([]*Node{n}, copies)), h.name).with(n, n.parameter("localMemberHost").Place)
						}
					}
				}
			},
		},
		{
			ID: "port-collision", Severity: Error, Scope: InCluster,
			Message: "{a} ({pa}) and {b} ({pb}) both use port {p} on {host}",
			Then:    "The one that starts later can't open it: Address already in use.",
			Fix:     "Give each node on one machine a Ports/Offset of its own; it is not added to localMemberPort.",
			Source:  "ServletTransportManager.java:25-28, CarbonTomcat.java:410-437, PassThroughHttpListener.java:139-154; guide 002, line 420",
			Wrong: `<RMIRegistryPort>9998</RMIRegistryPort>
<RMIServerPort>11111</RMIServerPort>`,
			Right: `<RMIRegistryPort>9999</RMIRegistryPort>
<RMIServerPort>11111</RMIServerPort>`,
			onCluster: func(c *Cluster, r *reporter) {
				for _, h := range c.machines() {
					taken := map[int]listener{}
					for _, n := range h.beside {
						for _, p := range append(n.ports(), n.memberPort()) {
							other, isTaken := taken[p.number]
							switch {
							case !isTaken:
								taken[p.number] = listener{n, p}
							case other.node != n && (p.name != localMemberPort || other.name != localMemberPort): // else the endpoints are the same
								r.at(n, p.Place, n.Name, p.name, other.node.Name, other.name, p.number, h.name).with(other.node, other.Place)
							}
						}
					}
				}
				for _, h := range c.hosts() {
					for _, n := range h.beside {
						r.forgottenOffset(n, slices.DeleteFunc(h.copies[n], func(o *Node) bool { return o.address().port == n.address().port }))
					}
				}
			},
		},
	}
}

// forgottenOffset reports that nodes whose localMemberPorts were set apart have all other ports of a node: if they run on its machine, their
// offset was forgotten.
func (r *reporter) forgottenOffset(n *Node, copies []*Node) {
	if len(copies) == 0 {
		return
	}
	taken := copies[0].ports()
	var numbers []string
	for _, p := range n.ports() {
		if slices.ContainsFunc(taken, func(q port) bool { return q.name == p.name }) {
			numbers = append(numbers, strconv.Itoa(p.number))
		}
	}
	place := func(n *Node) product.Place { return n.PortOffset().Place }
	r.say(copies[0], place(copies[0]), "if {a} run on one machine, each uses port {p}", named(slices.Concat([]*Node{n}, copies)), list(numbers)).as(Warning).
		fix("Give each node on one machine a Ports/Offset of its own, or its own localMemberHost where it runs elsewhere.").with(n, place(n))
}
