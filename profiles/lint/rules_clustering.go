package lint

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// microIntegrator is the profile of EI that runs on its own and is shipped without the element clustering.
const microIntegrator = "WSO2 Micro Integrator"

// clusteringRules are about the clustering element of axis2.xml as a whole: whether a cluster comes about, by which scheme, under which
// name.
func clusteringRules() []*Rule {
	return []*Rule{
		{
			ID: "axis2-root-element", Severity: Error, Scope: InFile,
			Message: `the root element is "{name}", not axisconfig`,
			Then:    `Axis2 refuses the file ("The system was looking for the 'axisconfig' element"), and the server does not start.`,
			Fix:     "Name it axisconfig.",
			Source:  "AxisConfigBuilder.java:93-96",
			Wrong:   `<axisConfig name="AxisJava2.0">`,
			Right:   `<axisconfig name="AxisJava2.0">`,
			onNode: func(n *Node, r *reporter) {
				if n.Axis2 == nil || n.Axis2.Root.Text == axis2Root {
					return
				}
				root := n.Axis2.Root
				r.at(n, root.Place, root).meant(root.Text, []string{axis2Root})
			},
		},
		{
			ID: "clustering-element-missing", Severity: Error, Scope: InFile,
			Message: "there is no element clustering",
			Then:    "The node runs on its own, and says nothing of it.",
			Fix:     "Put in the element, in no namespace, as another home of this product has it.",
			Source:  "AxisConfigBuilder.java:182-187",
			Wrong:   `<axisconfig name="AxisJava2.0"/>`,
			Right:   `<clustering class="org.wso2.carbon.core.clustering.hazelcast.HazelcastClusteringAgent"`,
			onNode: func(n *Node, r *reporter) {
				switch {
				case n.Axis2 == nil || n.Axis2.Clustering != nil:
				case n.Axis2.Unseen != nil:
					reportUnseen(n, r)
				case n.Peers:
					r.at(n, n.Axis2.Root.Place)
				case n.Title != microIntegrator:
					r.at(n, n.Axis2.Root.Place).as(Info).fix("Leave it, unless the node is meant to be one of a cluster.")
				}
			},
		},
		{
			ID: "clustering-class-invalid", Severity: Error, Scope: InFile,
			Message: `the class of clustering, "{class}", is not Carbon's HazelcastClusteringAgent`,
			Then:    "Axis2 does not find the class, which it takes with blanks and all, and the server does not start.",
			Fix:     "Write " + product.ClusteringAgent + ".",
			Source:  "ClusterBuilder.java:60-111, guide 002, line 390",
			Wrong:   `<clustering class="org.wso2.carbon.core.clustering.hazelcast.HazelcastClusteringAgent "`,
			Right:   `<clustering class="org.wso2.carbon.core.clustering.hazelcast.HazelcastClusteringAgent"`,
			onNode: func(n *Node, r *reporter) {
				if !n.clustered() || n.carbonAgent() {
					return
				}
				class := n.Axis2.Clustering.Class
				if class.Empty() {
					r.say(n, class.Place, "clustering has no class").
						then(`Axis2 refuses that ("The element clustering must have an attribute with the name 'class'"), and the server does not start.`)
					return
				}
				f := r.at(n, class.Place, class)
				if class.Text == class.Trim() && xmlops.Nearest(class.Text, clusteringAgents) < 0 {
					f.as(Warning).then("Carbon's caches, its messages between nodes and its coordination of tasks need that agent: with another, each node does them on its own.")
				}
			},
		},
		{
			ID: "clustering-enable-value", Severity: Error, Scope: InFile,
			Message: `enable="{value}" is read as false`,
			Then:    `The node runs on its own; the log says no more than "Clustering has been disabled".`,
			Fix:     "Write true or false.",
			Source:  "ClusterBuilder.java:113-120",
			Wrong:   `enable="yes">`,
			Right:   `enable="true">`,
			onNode: func(n *Node, r *reporter) {
				if n.Axis2 == nil || n.Axis2.Clustering == nil {
					return
				}
				if v := n.Axis2.Clustering.Enable; v.Given && !v.Is("true") && !v.Is("false") {
					r.at(n, v.Place, v).meant(v.Text, booleans)
				}
			},
		},
		{
			ID: "clustering-enable-absent", Severity: Warning, Scope: InFile,
			Message: "clustering has no attribute enable, which Axis2 takes for true",
			Then:    "The node is clustered, though nothing in the file says so.",
			Fix:     `Write enable="true" or enable="false".`,
			Source:  "ClusterBuilder.java:113-120",
			Wrong:   `<clustering class="org.wso2.carbon.core.clustering.hazelcast.HazelcastClusteringAgent">`,
			Right:   `enable="true">`,
			onNode: func(n *Node, r *reporter) {
				if n.clustered() && !n.Axis2.Clustering.Enable.Given {
					r.at(n, n.Axis2.Clustering.Place)
				}
			},
		},
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
				v := n.parameter("AvoidInitiation")
				switch {
				case explicitlyTrue(v):
				case padded(v) && !v.Empty():
					r.say(n, v.Place, `AvoidInitiation "{value}" has blanks around it, and is read as false`, v).fix("Write true without blanks.")
				default:
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
				if !n.hazelcast() {
					return
				}
				v, class := n.parameter("membershipScheme"), n.parameter("membershipSchemeClassName")
				switch {
				case !v.Given || slices.Contains(product.MembershipSchemes, v.Trim()):
				case !class.Given:
					f := r.at(n, v.Place, v)
					if n.KernelBefore(schemeClassesSince) {
						f.fix("Write wka, multicast or aws, in lower case: Carbon {version} has no others.", n.Kernel)
					}
					f.meant(v.Trim(), product.MembershipSchemes)
				case class.Empty() && !n.KernelBefore(schemeClassesSince):
					r.say(n, class.Place, `membershipSchemeClassName is empty, and "{scheme}" is not built in`, v).
						then(`No class is found by that name ("Membership scheme class not found"), and the server never opens its transports.`).
						fix("Give the class of the scheme, or take the scheme wka, multicast or aws.")
				}
			},
		},
		{
			ID: "membership-scheme-absent", Severity: Warning, Scope: InFile,
			Message: "membershipScheme is absent, which Carbon takes for multicast",
			Then:    "Well-known members are ignored, and the nodes find each other only where the network carries multicast, as most clouds don't.",
			Fix:     "Name the scheme: wka, multicast or aws.",
			Source:  "HazelcastClusteringAgent.java:544-566",
			Wrong: `<parameter name="AvoidInitiation">true</parameter>
<parameter name="domain">wso2.ei.domain</parameter>`,
			Right: `<parameter name="membershipScheme">multicast</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if n.hazelcast() && !n.parameter("membershipScheme").Given {
					r.at(n, n.Axis2.Clustering.Place)
				}
			},
		},
		{
			ID: "custom-scheme-class-unused", Severity: Warning, Scope: InFile,
			Message: "membershipSchemeClassName is ignored, as the scheme {scheme} is built in",
			Then:    "The class is never loaded: the nodes find each other in the way that Carbon has under that name, or don't.",
			Fix:     "Drop it, or give the scheme a name that is none of wka, multicast and aws.",
			Source:  "HazelcastClusteringAgent.java:478-508",
			Wrong: `<parameter name="membershipScheme">wka</parameter>
<parameter name="membershipSchemeClassName">org.wso2.carbon.membership.scheme.kubernetes.KubernetesMembershipScheme</parameter>`,
			Right: `<parameter name="membershipScheme">kubernetes</parameter>
<parameter name="membershipSchemeClassName">org.wso2.carbon.membership.scheme.kubernetes.KubernetesMembershipScheme</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if scheme := n.scheme(); slices.Contains(product.MembershipSchemes, scheme) {
					if v := n.parameter("membershipSchemeClassName"); v.Given {
						r.at(n, v.Place, scheme)
					}
				}
			},
		},
		{
			ID: "custom-scheme-unsupported", Severity: Error, Scope: InNode,
			Message: `the membership scheme "{scheme}" is a class, which Carbon {version} can't load`,
			Then:    `The cluster can't be initialized ("Invalid membership scheme"), and the server never opens its transports.`,
			Fix:     "Use wka, multicast or aws, or a product with Carbon 4.4.2 or later.",
			Source:  "HazelcastClusteringAgent.java:478-535, which Carbon has since 4.4.2",
			Wrong:   `<parameter name="membershipScheme">kubernetes</parameter>`,
			Right:   `<parameter name="membershipScheme">wka</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if n.custom() && n.KernelBefore(schemeClassesSince) {
					v := n.parameter("membershipScheme")
					r.at(n, v.Place, v, n.Kernel)
				}
			},
		},
		{
			ID: "domain-whitespace", Severity: Error, Scope: InFile,
			Message: `the domain "{domain}" has blanks around it`,
			Then:    "They are part of the name of the cluster: a node with other blanks, or none, silently forms a cluster of its own.",
			Fix:     "Write the domain without blanks, between its tags on one line.",
			Source:  "HazelcastClusteringAgent.java:468-477",
			Wrong: `<parameter name="domain">
    wso2.ei.domain
</parameter>`,
			Right: `<parameter name="domain">wso2.ei.domain</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if !n.hazelcast() {
					return
				}
				v := n.parameter("domain")
				switch {
				case v.Given && v.Text == "":
					r.say(n, v.Place, "the domain is empty").
						then("A node that gives a domain silently forms a cluster of its own.").
						fix("Give the cluster a domain, the same on all its nodes.")
				case padded(v):
					r.at(n, v.Place, v)
				}
			},
		},
		{
			ID: "domain-default", Severity: Warning, Scope: InFile,
			Message: `the domain "{domain}" is a default`,
			Then:    "Other WSO2 clusters on the network that have it, too, may merge with this one.",
			Fix:     "Give the cluster a domain of its own, the same on all its nodes.",
			Source:  "HazelcastClusteringAgent.java:468-477",
			Wrong:   `<parameter name="domain">wso2.carbon.domain</parameter>`,
			Right:   `<parameter name="domain">wso2.ei.domain</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if !n.hazelcast() {
					return
				}
				switch v := n.parameter("domain"); {
				case !v.Given:
					r.say(n, v.Place, "there is no domain, which makes it {domain}", product.DefaultDomains[0])
				case slices.Contains(product.DefaultDomains, v.Text):
					r.at(n, v.Place, v)
				}
			},
		},
		{
			ID: "hazelcast-xml-overrides", Severity: Warning, Scope: InNode,
			Message: "{file} takes the place of scheme, members, host and port of axis2.xml",
			Then:    "What axis2.xml says of them has no effect, and nothing of it is checked here.",
			Fix:     "Configure the network in that file alone, or take it away.",
			Source:  "HazelcastClusteringAgent.java:76-99, 313-362",
			Wrong:   `-Dhazelcast.config=/opt/hazelcast.xml \`,
			Right:   `-DworkerNode=false \`,
			onNode: func(n *Node, r *reporter) {
				if !n.carbonAgent() || !n.KernelSince("4.4.6") {
					return
				}
				if v := n.hazelcastXML(); v.Given {
					r.at(n, v.Place, v)
				}
			},
		},
	}
}

// schemeClassesSince is the version of Carbon from which on a membership scheme may be a class.
const schemeClassesSince = "4.4.2"

// reportUnseen reports an element that looks like clustering and is none to Axis2.
func reportUnseen(n *Node, r *reporter) {
	e := n.Axis2.Unseen
	var f *Finding
	if e.Namespace != "" {
		f = r.say(n, e.Place, `the element {name} is in the namespace "{namespace}", where Axis2 does not see it`, e.Name, e.Namespace).
			fix("Take away the xmlns that puts it there; clustering and all in it must be in no namespace.")
	} else {
		f = r.say(n, e.Place, "the element {name} is not called clustering, and Axis2 does not see it", e.Name).fix("Name it clustering, in lower case.")
	}
	if !n.Peers && !e.Enabled() {
		f.as(Info)
	}
}

// axis2Root is the name of the root element of axis2.xml.
const axis2Root = "axisconfig"

// clusteringAgents are the classes that a mistyped one is told from.
var clusteringAgents = []string{product.ClusteringAgent}

var booleans = []string{"true", "false"}

// explicitlyTrue is how Axis2 reads most parameters, and Carbon the switches of the deployment synchronizer: blanks around the word make it
// false (JavaUtils.isTrueExplicitly).
func explicitlyTrue(v product.Value) bool {
	return slices.Contains([]string{"true", "yes", "1"}, strings.ToLower(v.Text))
}
