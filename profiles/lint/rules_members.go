package lint

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// membersRules are about the well-known members of axis2.xml.
func membersRules() []*Rule {
	return []*Rule{
		{
			ID: "wka-no-members", Severity: Warning, Scope: InFile,
			Message: "no other well-known member",
			Then:    "This node never looks for others: it forms a cluster of one, unless they find it.",
			Fix:     "List the nodes that are there all the time, each by its localMemberHost and its localMemberPort.",
			Source:  "ClusterBuilder.java:180-203, WKABasedMembershipScheme.java:90-114, TcpIpJoiner",
			Wrong:   `<members/>`,
			Right:   twoMembers,
			onNode: func(n *Node, r *reporter) {
				if n.scheme() != "wka" || slices.ContainsFunc(n.Axis2.Clustering.Members, n.looksFor) {
					return
				}
				f := r.at(n, n.membersPlace())
				if len(n.Axis2.Clustering.Members) > 0 {
					f.as(Info)
				}
			},
		},
		{
			ID: "wka-member-incomplete", Severity: Error, Scope: InFile,
			Message: "a well-known member has no {element}",
			Then:    "Carbon fails with a NullPointerException: WSO2 Carbon initialization Failed.",
			Fix:     "A member needs hostName and port, in no namespace.",
			Source:  "ClusterBuilder.java:180-203",
			Wrong: `<member>
    <hostName>10.0.0.2</hostName>
</member>`,
			Right: `<member>
    <hostName>10.0.0.2</hostName>
    <port>4100</port>
</member>`,
			onNode: ofMember(func(n *Node, m product.Member, r *reporter) {
				switch {
				case m.Namespace:
					r.say(n, m.Place, "a well-known member is in a namespace").then("Carbon does not see it, or fails with a NullPointerException.")
					return
				case m.Host.Given && m.Host.Empty():
					r.say(n, m.Host.Place, "the hostName of a well-known member is empty").then("Hazelcast can't resolve it and passes over it.")
				case !m.Host.Given:
					r.at(n, m.Place, "hostName")
				}
				if !m.Port.Given {
					r.at(n, m.Place, "port")
				}
			}),
		},
		{
			ID: "wka-member-port-invalid", Severity: Error, Scope: InFile,
			Message: `the member port "{port}" is not a number from 1 to 65535`,
			Then:    "Carbon fails with a NumberFormatException: WSO2 Carbon initialization Failed.",
			Fix:     "Give the localMemberPort of that member, 1 to 65535.",
			Source:  "ClusterBuilder.java:180-203",
			Wrong:   `<port>4100/tcp</port>`,
			Right:   `<port>4100</port>`,
			onNode: ofMember(func(n *Node, m product.Member, r *reporter) {
				if !m.Port.Given || product.HoldsReference(m.Port.Text) || portNumber(m.Port) != 0 {
					return
				}
				f := r.at(n, m.Port.Place, m.Port.Trimmed())
				if isInteger(m.Port) {
					f.then("No node listens there, so nobody is found by this entry.")
				}
			}),
		},
		{
			ID: "wka-loopback-member", Severity: Error, Scope: InFile,
			Message: "the well-known member {host}:{port} is a loopback address",
			Then:    "Hazelcast binds to the loopback interface because of it, where no other machine reaches this node.",
			Fix:     "Give the localMemberHost of that member, an address that all nodes reach it at.",
			Source:  "DefaultAddressPicker, WKABasedMembershipScheme.java:90-114",
			Wrong:   `<hostName>127.0.0.1</hostName>`,
			Right:   `<hostName>10.0.0.2</hostName>`,
			onNode: ofMember(func(n *Node, m product.Member, r *reporter) {
				hosts, _ := product.ParseRange(m.Host.Trim())
				if !loopback(m.Host.Text) && !hosts.Loopback() {
					return
				}
				f := r.at(n, m.Host.Place, m.Host.Trimmed(), m.Port.Trimmed())
				if hosts.Loopback() {
					f.say("the well-known members {range}:{port} are loopback addresses", m.Host.Trimmed(), m.Port.Trimmed()).
						then("Each node looks for them on its own machine, and finds none of another.")
				}
				if n.OneMachine && loopback(n.address().host) {
					f.as(Info)
				}
			}),
		},
		{
			ID: "wka-range-invalid", Severity: Error, Scope: InFile,
			Message: `"{range}" is neither an address nor a range a.b.c.x-y`,
			Then:    "Hazelcast takes it for a host name, can't resolve it, and passes over the member.",
			Fix:     "Write a range in the last octet, or a member for each address.",
			Source:  "AddressUtil.getMatchingIpv4Addresses, TcpIpJoiner; guide 002, line 401; guide 004, line 200",
			Wrong:   `<hostName>10.0.0.2-10.0.0.9</hostName>`,
			Right:   `<hostName>10.0.0.2-9</hostName>`,
			onNode: ofMember(func(n *Node, m product.Member, r *reporter) {
				host := m.Host.Trim()
				hosts, isRange := product.ParseRange(host)
				switch {
				case product.HoldsReference(host):
				case strings.Contains(host, "://"):
					r.say(n, m.Host.Place, `"{host}" is a URL, not a host`, m.Host.Trimmed()).
						then("Hazelcast can't resolve it, and passes over the member.").
						fix("Write the host alone as hostName, and the localMemberPort of that member as port.")
				case isRangeWithBlanks(host):
					r.say(n, m.Host.Place, `there are blanks in the range "{range}"`, m.Host.Trimmed()).
						then("Hazelcast takes it apart at the blanks, and the range is lost.").
						fix("Take the blanks away: {range}.", withoutBlanks(host))
				case strings.ContainsAny(host, ",; \t\r\n"):
					r.say(n, m.Host.Place, `"{hosts}" is more than one host`, m.Host.Trimmed()).
						then("Hazelcast takes it apart, and only the last of them gets the port.").
						fix("Write a member for each host.")
				case strings.Contains(host, ":") && !numeric(product.CanonicalHost(host)):
					r.say(n, m.Host.Place, `"{host}" is more than a host`, m.Host.Trimmed()).
						then("Carbon puts the port behind it, Hazelcast can't resolve that, and passes over the member.").
						fix("Write the host alone as hostName, and the localMemberPort of that member as port.")
				case isRange && hosts.Valid() && hosts.Size() == 0:
					r.say(n, m.Host.Place, `the address range "{range}" goes down`, m.Host.Trimmed()).
						then("It holds no address, so nobody is looked for.").
						fix("Write the lower end first.")
				case hosts.Valid() && strings.HasSuffix(host, "*"):
					r.say(n, m.Host.Place, `"{range}" stands for every address of the network`, m.Host.Trimmed()).as(Warning).
						then("All 256 are probed, those of other clusters, too.").
						fix("Write a range with both its ends, as 10.0.0.2-9.")
				case isRange && !hosts.Valid(), !isRange && likeRange(host):
					r.at(n, m.Host.Place, m.Host.Trimmed())
				}
			}),
		},
		{
			ID: "wka-range-wide", Severity: Info, Scope: InFile,
			Message: "each of the {n} addresses of {range} is probed",
			Then:    "The wider the range, the longer it takes to find the members in it.",
			Fix:     "Narrow the range to the addresses that nodes have.",
			Source:  "AddressUtil.getMatchingIpv4Addresses, TcpIpJoiner; guide 002, line 401; guide 004, line 200",
			Wrong:   `<hostName>10.0.0.2-254</hostName>`,
			Right:   `<hostName>10.0.0.2-9</hostName>`,
			onNode: ofMember(func(n *Node, m product.Member, r *reporter) {
				if hosts, _ := product.ParseRange(m.Host.Trim()); hosts.Size() > wideRange && !strings.HasSuffix(m.Host.Trim(), "*") {
					r.at(n, m.Host.Place, hosts.Size(), m.Host.Trimmed())
				}
			}),
		},
		{
			ID: "wka-duplicate-member", Severity: Warning, Scope: InFile,
			Message: "the well-known member {host}:{port} is listed twice",
			Then:    "The second entry does nothing; another member may be meant.",
			Fix:     "Give the other member, or take the entry out.",
			Source:  "ClusterBuilder.java:180-203",
			Wrong: `<member>
    <hostName>10.0.0.2</hostName>
    <port>4100</port>
</member>
<member>
    <hostName>10.0.0.2</hostName>
    <port>4100</port>
</member>`,
			Right: `<member>
    <hostName>10.0.0.1</hostName>
    <port>4100</port>
</member>
<member>
    <hostName>10.0.0.2</hostName>
    <port>4100</port>
</member>`,
			onNode: func(n *Node, r *reporter) {
				if n.scheme() == "wka" {
					reportDuplicates(n, r)
					reportSecondList(n, r)
				}
			},
		},
		{
			ID: "wka-member-variable-unresolved", Severity: Info, Scope: InFile,
			Message: "{name} must be a system property or an environment variable when the server starts",
			Then:    "Otherwise the text stays as it is, and there is no host of that name: the member is passed over.",
			Fix:     "Make sure that the start script or the environment has it, or write the value itself.",
			Source:  "ClusterBuilder.java:205-227",
			Wrong:   `<hostName>${MANAGER_HOST}</hostName>`,
			Right:   `<hostName>10.0.0.2</hostName>`,
			onNode: ofMember(func(n *Node, m product.Member, r *reporter) {
				for _, v := range []product.Value{m.Host, m.Port} {
					names := product.References(v.Text)
					if len(names) == 0 {
						continue
					}
					f := r.at(n, v.Place, "${"+names[0]+"}")
					if len(names) > 1 {
						f.say(`only the first variable of "{text}" is replaced`, v.Trimmed()).as(Error).
							then("The rest stays as it is, and there is no host of that name: the member is passed over.").
							fix("Write the value itself, or one variable that holds all of it.")
					}
					if v.Place == m.Port.Place {
						f.then("What is not replaced is no number: Carbon fails with a NumberFormatException, and the server does not start.")
					}
				}
			}),
		},
	}
}

// wideRange is how many addresses a range may have without a word.
const wideRange = 32

// likeRange reports whether a host is meant as addresses, or as one, and is none.
func likeRange(host string) bool { return strings.ContainsAny(host, "*/") || brokenAddress(host) }

// isRangeWithBlanks reports whether a host would be a range without the blanks in it.
func isRangeWithBlanks(host string) bool {
	bare := withoutBlanks(host)
	_, isRange := product.ParseRange(bare)
	return isRange && bare != host
}

func withoutBlanks(s string) string { return strings.Join(strings.Fields(s), "") }

// ofMember is a check of every well-known member of nodes that look for them.
func ofMember(check func(*Node, product.Member, *reporter)) func(*Node, *reporter) {
	return func(n *Node, r *reporter) {
		if n.scheme() != "wka" {
			return
		}
		for _, m := range n.Axis2.Clustering.Members {
			check(n, m, r)
		}
	}
}

// looksFor reports whether m may be another node than this one.
func (n *Node) looksFor(m product.Member) bool {
	hosts, _ := product.ParseRange(m.Host.Trim())
	return hosts.Size() > 1 || loopback(m.Host.Text) || !n.address().listed(m)
}

// membersPlace is where the well-known members are listed, or should be.
func (n *Node) membersPlace() product.Place {
	if lists := n.Axis2.Clustering.MemberLists; len(lists) > 0 {
		return lists[0]
	}
	return n.Axis2.Clustering.Place
}

// memberKey is the same for all spellings of a member.
func memberKey(m product.Member) string {
	return product.CanonicalHost(m.Host.Trim()) + ":" + m.Port.Trim()
}

func reportDuplicates(n *Node, r *reporter) {
	first := map[string]product.Member{}
	for _, m := range n.Axis2.Clustering.Members {
		if m.Host.Empty() || m.Port.Empty() {
			continue
		}
		if earlier, ok := first[memberKey(m)]; ok {
			r.at(n, m.Host.Place, m.Host.Trimmed(), m.Port.Trimmed()).with(n, earlier.Host.Place)
			continue
		}
		first[memberKey(m)] = m
	}
}

// reportSecondList reports elements members behind the first, which is worse where they list members that the first does not.
func reportSecondList(n *Node, r *reporter) {
	c := n.Axis2.Clustering
	if len(c.MemberLists) < 2 {
		return
	}
	f := r.say(n, c.MemberLists[1], "a second element members is ignored").with(n, c.MemberLists[0]).
		then("Carbon reads the first one only.").
		fix("Put all members into the first.")
	known := map[string]bool{}
	for _, m := range c.Members {
		known[memberKey(m)] = true
	}
	if slices.ContainsFunc(c.MoreMembers, func(m product.Member) bool { return !known[memberKey(m)] }) {
		f.as(Error)
	}
}
