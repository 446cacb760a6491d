package lint

import (
	"strconv"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// clusterMembershipRules are about what the nodes of a cluster must say alike to find each other.
func clusterMembershipRules() []*Rule {
	return []*Rule{
		{
			ID: "clustering-disabled-on-some", Severity: Error, Scope: InCluster,
			Message: "clustering is enabled on {a} but not on {b}",
			Then:    "The nodes without it run alone, and nothing in their logs says more than: Clustering has been disabled.",
			Fix:     `Set enable="true" on the clustering element of every node.`,
			Source:  "ClusterBuilder.java:60-120",
			Wrong: `<clustering class="org.wso2.carbon.core.clustering.hazelcast.HazelcastClusteringAgent"
            enable="false">`,
			Right: `<clustering class="org.wso2.carbon.core.clustering.hazelcast.HazelcastClusteringAgent"
            enable="true">`,
			onCluster: func(c *Cluster, r *reporter) {
				var on, off []*Node
				for _, n := range c.Nodes {
					switch {
					case n.Axis2 == nil:
					case n.clustered():
						on = append(on, n)
					default:
						off = append(off, n)
					}
				}
				if len(on) > 0 && len(off) > 0 {
					place := off[0].Axis2.Root.Place
					if clustering := off[0].Axis2.Clustering; clustering != nil {
						place = clustering.Enable.Place
					}
					r.at(off[0], place, named(on), named(off)).with(on[0], on[0].Axis2.Clustering.Enable.Place)
				}
			},
		},
		{
			ID: "domain-mismatch", Severity: Error, Scope: InCluster,
			Message: "the domain is {x} on {a} and {y} on {b}",
			Then:    "Nodes of different domains form separate clusters, and nothing in the log says so.",
			Fix:     "Give all nodes the same domain, without blanks around it.",
			Source:  "HazelcastClusteringAgent.java:468-477",
			Wrong:   `<parameter name="domain">wso2.ei.domains</parameter>`,
			Right:   `<parameter name="domain">wso2.ei.domain</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				r.differing(c.where((*Node).hazelcast).ask(parameter("domain", product.DefaultDomains[0])))
			},
		},
		{
			ID: "scheme-mismatch", Severity: Error, Scope: InCluster,
			Message: "the membership scheme is {x} on {a} and {y} on {b}",
			Then:    "They look for each other in different ways; where they meet all the same, Hazelcast logs Incompatible joiners! and keeps them apart.",
			Fix:     "Give all nodes the same membershipScheme, and the same membershipSchemeClassName if it has one.",
			Source:  "HazelcastClusteringAgent.java:478-566",
			Wrong:   `<parameter name="membershipScheme">multicast</parameter>`,
			Right:   `<parameter name="membershipScheme">wka</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				r.differing(c.where((*Node).hazelcast).ask(func(n *Node) said {
					if n.custom() {
						return sayTrimmed(n.parameter("membershipSchemeClassName"))
					}
					return sayTrimmed(usual(n.parameter("membershipScheme"), n.scheme()))
				}))
			},
		},
		{
			ID: "group-password-mismatch", Severity: Error, Scope: InCluster,
			Message: "the groupPassword of {a} is not that of {b}",
			Then:    "Hazelcast logs Incompatible group password! and keeps the nodes apart.",
			Fix:     "Give all nodes the same groupPassword, without blanks around it, or none.",
			Source:  "HazelcastClusteringAgent.java:468-477",
			Wrong:   `<parameter name="groupPassword">secret </parameter>`,
			Right:   `<parameter name="groupPassword">secret</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				largest, others := most(c.where((*Node).hazelcast).ask(parameter("groupPassword", "")))
				for _, g := range others {
					r.odd(g, largest, g, largest)
				}
			},
		},
		{
			ID: "member-port-mismatch", Severity: Error, Scope: InCluster,
			Message: "localMemberPort is {x} on {a} and {y} on {b}",
			Then:    "Other members are found by their addresses alone: each node tries its own port on them, and nobody listens there.",
			Fix:     "Give all nodes the same localMemberPort.",
			Source:  "AWSBasedMembershipScheme.java:81-121, TcpIpJoinerOverAWS, KubernetesMembershipScheme.java:71-112",
			Wrong:   `<parameter name="localMemberPort">5801</parameter>`,
			Right:   `<parameter name="localMemberPort">5701</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				found := func(n *Node) bool { return n.scheme() == "aws" || n.custom() }
				largest, others := most(c.where(found).ask(func(n *Node) said {
					port := n.address().port
					if port == 0 {
						return said{}
					}
					return said{Value: usual(n.parameter(localMemberPort), strconv.Itoa(port)), means: port}
				}))
				for _, g := range others {
					f := r.odd(g, largest, g[0], g, largest[0], largest)
					if apart := g[0].means.(int) - largest[0].means.(int); g[0].node.scheme() == "aws" && -triedPorts < apart && apart < triedPorts {
						f.as(Warning).then("Each node tries its own port and the two behind it, so that only one of the two finds the other.")
					}
				}
			},
		},
		{
			ID: "mcast-mismatch", Severity: Error, Scope: InCluster,
			Message: "{n} is {x} on {a} and {y} on {b}",
			Then:    "The nodes will not hear each other, and nothing in the log says so.",
			Fix:     "Give all nodes the same mcastAddress and the same mcastPort.",
			Source:  "MulticastBasedMembershipScheme.java:70-87",
			Wrong:   `<parameter name="mcastPort">45565</parameter>`,
			Right:   `<parameter name="mcastPort">45564</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				multicast := func(n *Node) bool { return n.scheme() == "multicast" }
				r.differing(c.where(multicast).ask(parameter("mcastAddress", "224.2.2.3")), "mcastAddress")
				r.differing(c.where(multicast).ask(trimmedParameter("mcastPort", "54327")), "mcastPort")
			},
		},
		{
			ID: "aws-filter-mismatch", Severity: Error, Scope: InCluster,
			Message: "{n} is {x} on {a} and {y} on {b}",
			Then:    "The nodes discover different members.",
			Fix:     "Give all nodes the same region, securityGroup, tagKey and tagValue.",
			Source:  "AWSBasedMembershipScheme.java:81-121, AWSConstants",
			Wrong:   `<parameter name="region">eu-west-2</parameter>`,
			Right:   `<parameter name="region">eu-west-1</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				aws := func(n *Node) bool { return n.scheme() == "aws" }
				r.differing(c.where(aws).ask(trimmedParameter("region", "us-east-1")), "region")
				for _, name := range []string{"securityGroup", "tagKey"} {
					r.differing(c.where(aws).ask(trimmedParameter(name, "")), name)
				}
				tagged := func(n *Node) bool { return aws(n) && !n.parameter("tagKey").Empty() }
				r.differing(c.where(tagged).ask(trimmedParameter("tagValue", "")), "tagValue")
			},
		},
	}
}

// triedPorts is how many ports Hazelcast tries on a member whose port it does not know, from its own on
// (hazelcast.tcp.join.port.try.count).
const triedPorts = 3
