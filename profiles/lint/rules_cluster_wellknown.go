package lint

import (
	"strconv"
	"strings"
)

// clusterWellKnownRules are about which nodes of a cluster list which as well-known members.
func clusterWellKnownRules() []*Rule {
	return []*Rule{
		{
			ID: "wka-unknown-member", Severity: Error, Scope: InCluster,
			Message: "the well-known member {h}:{p} of {a} is not found: the localMemberPort of {b} is {q}",
			Then:    "Hazelcast tries the port that is listed and no other, so the member is not found.",
			Fix:     "List the localMemberPort of that node.",
			Source:  "TcpIpJoiner, WKABasedMembershipScheme.java:90-114; guide 001, line 41; guide 003, line 103",
			Wrong: `<member>
    <hostName>10.0.0.2</hostName>
    <port>4101</port>
</member>`,
			Right: `<member>
    <hostName>10.0.0.2</hostName>
    <port>4100</port>
</member>`,
			onCluster: func(c *Cluster, r *reporter) {
				w := c.wellKnown()
				for _, g := range groups(w.strangers) {
					first, at := g[0], g[0].means.(address)
					if meant := w.meant[at]; len(meant) > 0 {
						var ports []string
						for _, n := range meant {
							ports = append(ports, strconv.Itoa(n.address().port))
						}
						r.at(first.node, first.Place, at.host, at.port, g, named(meant), list(ports)).with(meant[0], meant[0].parameter("localMemberPort").Place)
						continue
					}
					r.say(first.node, first.Place, "the well-known member {h}:{p} of {a} is no node of the cluster", at.host, at.port, g).as(Warning).
						then("Hazelcast tries it in vain; if it was meant to be one of the nodes, that one is not found.").
						fix("List the localMemberHost and the localMemberPort of a node.")
				}
			},
		},
		{
			ID: "wka-graph-disconnected", Severity: Error, Scope: InCluster,
			Message: "no well-known member leads from one part of the cluster to another: {parts}",
			Then:    "The parts stay clusters of their own for ever, and nothing in the log says so: tasks run in each, caches go stale.",
			Fix:     "List at least one node of each part in another part; best list all nodes on all nodes.",
			Source:  "TcpIpJoiner; guide 003, line 67",
			Wrong:   oneMember,
			Right:   twoMembers,
			onCluster: func(c *Cluster, r *reporter) {
				w := c.wellKnown()
				parts := w.parts()
				if len(parts) < 2 || w.elusive {
					return
				}
				var names []string
				for _, part := range parts {
					names = append(names, named(part))
				}
				n, other := parts[len(parts)-1][0], parts[0][0]
				r.at(n, n.membersPlace(), strings.Join(shorten(names), "; ")).with(other, other.membersPlace())
			},
		},
		{
			ID: "wka-single-well-known", Severity: Warning, Scope: InCluster,
			Message: "{a} is the only well-known member that other nodes list",
			Then:    "While it is down, no node can join that is started then.",
			Fix:     "List at least two nodes on every node.",
			Source:  "TcpIpJoiner; guide 001, line 13; guide 004, line 24",
			Wrong:   oneMember,
			Right:   twoMembers,
			onCluster: func(c *Cluster, r *reporter) {
				w := c.wellKnown()
				listed, unlisted := w.listed()
				if len(listed) != 1 || len(w.strangers) > 0 || w.elusive {
					return
				}
				n, only := unlisted[0], listed[0]
				r.at(n, n.membersPlace(), only.Name).with(only, only.membersPlace())
			},
		},
		{
			ID: "wka-not-all-listed", Severity: Info, Scope: InCluster,
			Message: "no other node lists {a} among its well-known members",
			Then:    "The others don't look for a node that none of them lists: it finds them only while one that it lists itself is up.",
			Fix:     "List all nodes on all nodes, each by its address or in a range.",
			Source:  "TcpIpJoiner; guide 002, line 19",
			Wrong:   twoMembers,
			Right: `<members>
    <member>
        <hostName>10.0.0.1-9</hostName>
        <port>4100</port>
    </member>
</members>`,
			onCluster: func(c *Cluster, r *reporter) {
				w := c.wellKnown()
				listed, unlisted := w.listed()
				if len(unlisted) == 0 || len(listed) == 0 || w.elusive || len(w.parts()) > 1 {
					return
				}
				lister := listed[0]
				r.at(lister, lister.membersPlace(), named(unlisted)).with(unlisted[0], unlisted[0].parameter("localMemberHost").Place)
			},
		},
	}
}

// Lists of well-known members, for the examples of rules.
const (
	oneMember = `<members>
    <member>
        <hostName>10.0.0.1</hostName>
        <port>4100</port>
    </member>
</members>`
	twoMembers = `<members>
    <member>
        <hostName>10.0.0.1</hostName>
        <port>4100</port>
    </member>
    <member>
        <hostName>10.0.0.2</hostName>
        <port>4100</port>
    </member>
</members>`
)
