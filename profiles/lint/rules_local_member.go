package lint

import (
	"net"
	"net/netip"
	"regexp"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// localMemberRules are about the parameters that say where a node is reached: localMemberHost and localMemberPort.
func localMemberRules() []*Rule {
	return []*Rule{
		{
			ID: "local-member-host-loopback", Severity: Error, Scope: InFile,
			Message: `localMemberHost "{host}" is advertised to the other nodes, which will connect to themselves`,
			Then:    `Nodes on other machines never join; the log has at most "localMemberHost is configured to use the loopback address".`,
			Fix:     "Give the address at which the other nodes reach this one.",
			Source:  "HazelcastClusteringAgent.java:275-290, guide 000, line 20",
			Wrong:   `<parameter name="localMemberHost">127.0.0.1</parameter>`,
			Right:   `<parameter name="localMemberHost">10.0.0.1</parameter>`,
			onNode: func(n *Node, r *reporter) {
				v, ok := n.memberHost()
				if !ok || !v.Empty() && !loopback(hostAlone(v.Trim())) {
					return
				}
				f := r.at(n, v.Place, v)
				if n.OneMachine {
					f.as(Info).say(`localMemberHost "{host}" is a loopback address`, v).then("That works as long as all nodes run on one machine.")
				}
				if v.Empty() {
					f.say("localMemberHost is empty, which makes it a loopback address")
				}
			},
		},
		{
			ID: "local-member-host-absent", Severity: Warning, Scope: InFile,
			Message: "localMemberHost is absent, so that the address of the first network interface is advertised",
			Then:    "On a machine with several interfaces, that may be one which the other nodes can't reach.",
			Fix:     "Give the address at which the other nodes reach this one.",
			Source:  "HazelcastClusteringAgent.java:275-290, Utils.java:610-627",
			Wrong: `<parameter name="mcastTimeout">60</parameter>
<parameter name="localMemberPort">4100</parameter>`,
			Right: `<parameter name="localMemberHost">10.0.0.1</parameter>`,
			onNode: func(n *Node, r *reporter) {
				v, ok := n.memberHost()
				if ok || !n.hazelcast() {
					return
				}
				f := r.at(n, v.Place)
				if n.scheme() == "aws" || n.custom() {
					f.as(Info)
				}
			},
		},
		{
			ID: "local-member-host-wildcard", Severity: Error, Scope: InFile,
			Message: `localMemberHost "{host}" is not one address`,
			Then:    "Hazelcast can't resolve it, or advertises what no other node can connect to.",
			Fix:     "Give the one address at which the other nodes reach this one; Hazelcast listens on all interfaces anyway.",
			Source:  "HazelcastClusteringAgent.java:275-290",
			Wrong:   `<parameter name="localMemberHost">0.0.0.0</parameter>`,
			Right:   `<parameter name="localMemberHost">10.0.0.1</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if v, ok := n.memberHost(); ok && !oneAddress(v.Trim()) {
					r.at(n, v.Place, v)
				}
			},
		},
		{
			ID: "local-member-host-name", Severity: Info, Scope: InFile,
			Message: `localMemberHost "{host}" is a host name`,
			Then:    "This node must resolve it when it starts, or its transports stay closed, and to an address at which the others reach it.",
			Fix:     "Make sure of that, or give the address, as WSO2 recommends.",
			Source:  "HazelcastClusteringAgent.java:275-290, guide 001, line 5, guide 002, line 22, guide 004, line 12",
			Wrong:   `<parameter name="localMemberHost">node1.example.com</parameter>`,
			Right:   `<parameter name="localMemberHost">10.0.0.1</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if v, ok := n.memberHost(); ok && hostName.MatchString(v.Trim()) && !brokenAddress(v.Trim()) && !loopback(v.Text) {
					r.at(n, v.Place, v)
				}
			},
		},
		{
			ID: "local-member-port-invalid", Severity: Error, Scope: InFile,
			Message: `localMemberPort "{port}" is no port`,
			Then:    `The cluster can't be initialized ("Cannot activate StartupFinalizerServiceComponent"), and the transports stay closed.`,
			Fix:     "Give a number from 1 to 65535.",
			Source:  "HazelcastClusteringAgent.java:291-296",
			Wrong:   `<parameter name="localMemberPort">70000</parameter>`,
			Right:   `<parameter name="localMemberPort">4100</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if !n.hazelcast() {
					return
				}
				if v := n.parameter(localMemberPort); v.Given && portNumber(v) == 0 && !product.HoldsReference(v.Text) {
					r.at(n, v.Place, v)
				}
			},
		},
	}
}

// memberHost is the localMemberHost of a node that is clustered by Carbon's agent, and whether it is given.
func (n *Node) memberHost() (product.Value, bool) {
	if !n.hazelcast() {
		return product.Value{}, false
	}
	v := n.parameter(localMemberHost)
	return v, v.Given
}

// hostAlone is the host of an address that may have a port behind it, as Hazelcast takes it (NetworkConfig.setPublicAddress).
func hostAlone(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}

// oneAddress reports whether an address may be a single one or a name, and is no pattern, range, list or URL of them.
func oneAddress(address string) bool {
	host := product.CanonicalHost(hostAlone(address))
	addr, err := netip.ParseAddr(host)
	return !strings.ContainsAny(address, "*/,; \t\r\n") && !brokenAddress(host) && (err != nil || !addr.IsUnspecified())
}

// hostName is the form of a name, which no address has: there is a letter in its last label, or a hyphen.
var hostName = regexp.MustCompile(`^([\w-]+\.)*\w*[a-zA-Z-][\w-]*\.?$`)
