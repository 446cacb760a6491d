package lint

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// clusteringRules are about the clustering element of axis2.xml as a whole.
func clusteringRules() []*Rule {
	return []*Rule{
		{
			ID: "avoid-initiation-not-true", Severity: Error, Scope: InFile,
			Message: "AvoidInitiation is not true",
			Then:    "Axis2 starts Hazelcast early and Carbon starts it again: DuplicateInstanceNameException, and the transports stay closed.",
			Fix:     "Set it to true.",
			Source:  "ConfigurationContext.java:119-146, ConfigurationContextFactory.java:110-113",
			Wrong:   `<parameter name="AvoidInitiation">false</parameter>`,
			Right:   `<parameter name="AvoidInitiation">true</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if !n.hazelcast() {
					return
				}
				if v := n.parameter("AvoidInitiation"); !explicitlyTrue(v) {
					r.at(n, v.Place)
				}
			},
		},
		{
			ID: "membership-scheme-invalid", Severity: Error, Scope: InFile,
			Message: `"{scheme}" is no membership scheme`,
			Then:    "The cluster can't be initialized, and the server never opens its transports.",
			Fix:     "wka, multicast and aws are built in, in lower case; any other needs membershipSchemeClassName.",
			Source:  "HazelcastClusteringAgent.java:478-508, 544-566",
			Wrong:   `<parameter name="membershipScheme">WKA</parameter>`,
			Right:   `<parameter name="membershipScheme">wka</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if scheme := n.scheme(); scheme != "" && !slices.Contains(product.MembershipSchemes, scheme) && !n.custom() {
					v := n.parameter("membershipScheme")
					r.at(n, v.Place, v).meant(scheme, product.MembershipSchemes)
				}
			},
		},
	}
}

// explicitlyTrue is how Axis2 reads most parameters (JavaUtils.isTrueExplicitly).
func explicitlyTrue(v product.Value) bool {
	return slices.Contains([]string{"true", "yes", "1"}, strings.ToLower(v.Trim()))
}
