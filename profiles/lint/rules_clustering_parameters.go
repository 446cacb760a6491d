package lint

import (
	"net/url"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// clusteringParametersRules are about the parameters of the clustering element, whatever the scheme: their names, and the values of
// those that have no file of their own.
func clusteringParametersRules() []*Rule {
	return []*Rule{
		{
			ID: "duplicate-clustering-parameter", Severity: Warning, Scope: InFile,
			Message: `{name} is given {count} times, of which the last counts`,
			Then:    "Whoever changes one of the others changes nothing.",
			Fix:     "Keep one.",
			Source:  "ParameterAdapter.java:35-37",
			Wrong: `<parameter name="domain">wso2.ei.domain</parameter>
<parameter name="domain">wso2.ei.domain</parameter>`,
			Right: `<parameter name="domain">wso2.ei.domain</parameter>`,
			onNode: func(n *Node, r *reporter) {
				for _, same := range n.repeated() {
					last := same[len(same)-1]
					f := r.at(n, last.Place, last.Name, len(same))
					for _, p := range same[:len(same)-1] {
						f.with(n, p.Place)
						if content(p) != content(last) {
							f.as(Error).then("They differ: what the others say has no effect.")
						}
					}
				}
			},
		},
		{
			ID: "parameter-without-name", Severity: Error, Scope: InFile,
			Message: "a parameter of clustering has no name",
			Then:    `Axis2 refuses that ("bad parameter arguments. name cannot be null"), and the server does not start.`,
			Fix:     "Give it its name, or drop it.",
			Source:  "ClusterBuilder.java:60-111, DescriptionBuilder.java",
			Wrong:   `<parameter>true</parameter>`,
			Right:   `<parameter name="AvoidInitiation">true</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if !n.clustered() {
					return
				}
				for _, p := range n.Axis2.Clustering.Parameters {
					if !p.Name.Given {
						r.at(n, p.Name.Place)
					}
				}
			},
		},
		{
			ID: "unknown-clustering-parameter", Severity: Warning, Scope: InFile,
			Message: `there is no clustering parameter "{name}"`,
			Then:    "It is silently ignored; what it was meant to set keeps its default.",
			Fix:     "Correct the name, in which case matters, or drop the parameter.",
			Source:  "HazelcastClusteringAgent.java, WKABasedMembershipScheme.java, MulticastBasedMembershipScheme.java, AWSBasedMembershipScheme.java",
			Wrong:   `<parameter name="localmemberhost">10.0.0.1</parameter>`,
			Right:   `<parameter name="localMemberHost">10.0.0.1</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if !n.hazelcast() || n.custom() {
					return
				}
				known := product.ClusteringParameters
				for _, p := range n.Axis2.Clustering.Parameters {
					if name := p.Name; name.Given && !slices.Contains(known, name.Text) && !slices.Contains(product.TribesParameters, name.Text) {
						r.at(n, name.Place, name).meant(name.Text, known)
					}
				}
			},
		},
		{
			ID: "ignored-clustering-parameter", Severity: Info, Scope: InFile,
			Message: "{name} has no effect with Carbon's HazelcastClusteringAgent",
			Then:    "Only the agent of earlier versions reads it; Hazelcast silently ignores it.",
			Fix:     "Drop it.",
			Source:  "TribesConstants.java, WkaBasedMembershipScheme.java:130, MulticastBasedMembershipScheme.java:92 of wso2-axis2",
			Wrong:   `<parameter name="localMemberBindAddress">10.0.0.1</parameter>`,
			Right:   `<!--<parameter name="localMemberBindAddress">10.0.0.1</parameter>-->`,
			onNode: func(n *Node, r *reporter) {
				if !n.hazelcast() {
					return
				}
				for _, p := range n.Axis2.Clustering.Parameters {
					if !slices.Contains(product.TribesParameters, p.Name.Text) {
						continue
					}
					f := r.at(n, p.Name.Place, p.Name)
					if strings.Contains(p.Name.Text, "Bind") {
						f.fix("Drop it; Hazelcast listens on all interfaces. To choose one, use conf/etc/hazelcast.xml.")
					}
				}
			},
		},
		{
			ID: "parameter-not-for-scheme", Severity: Info, Scope: InFile,
			Message: "{name} has no effect with the membership scheme {scheme}",
			Then:    "Nothing reads it; it misleads people.",
			Fix:     "Drop it, or name the scheme that it belongs to.",
			Source:  "ClusterBuilder.java:180-203, MulticastBasedMembershipScheme.java:70-87, AWSBasedMembershipScheme.java:81-121",
			Wrong: `<parameter name="membershipScheme">wka</parameter>
<parameter name="mcastAddress">228.0.0.4</parameter>`,
			Right: `<parameter name="membershipScheme">multicast</parameter>
<parameter name="mcastAddress">228.0.0.4</parameter>`,
			onNode: func(n *Node, r *reporter) {
				scheme := n.scheme()
				for _, name := range parametersOfOthers(scheme) {
					if v := n.parameter(name); v.Given && v.Trim() != product.ShippedParameters[name] {
						r.at(n, v.Place, name, scheme)
					}
				}
				if !n.unreadMembers() {
					return
				}
				f := r.at(n, n.Axis2.Clustering.MemberLists[0], "members", scheme)
				if scheme == "aws" {
					f.as(Warning).then("The nodes that it lists are found only where the AWS parameters select them, too.")
				}
			},
		},
		{
			ID: "clustering-junk-text", Severity: Warning, Scope: InFile,
			Message: `the text "{text}" in clustering is ignored`,
			Then:    "Nothing reads text that stands between elements; what it asks for does not happen.",
			Fix:     "Make it a comment, <!-- so -->, or the element that it was meant to be.",
			Source:  "ClusterBuilder.java:60-111, guide 000, lines 31 and 35",
			Wrong: `<parameter name="AvoidInitiation">true</parameter>
// leave this as it is`,
			Right: `<parameter name="AvoidInitiation">true</parameter>
<!-- leave this as it is -->`,
			onNode: func(n *Node, r *reporter) {
				if n.Axis2 == nil || n.Axis2.Clustering == nil {
					return
				}
				for _, text := range n.Axis2.Clustering.Strays {
					r.at(n, text.Place, text.Trimmed())
				}
			},
		},
		{
			ID: "unresolved-variable", Severity: Error, Scope: InFile,
			Message: `{name} is "{value}", and nothing replaces variables there`,
			Then:    "The text is taken as it stands.",
			Fix:     "Write the value itself.",
			Source:  "HazelcastClusteringAgent.java:275-296, 468-477, AWSBasedMembershipScheme.java:81-121, PassThroughHttpListener.java:139-154, SourceConfiguration.java:106-130",
			Wrong:   `<parameter name="localMemberHost">${local.ip}</parameter>`,
			Right:   `<parameter name="localMemberHost">10.0.0.1</parameter>`,
			onNode: func(n *Node, r *reporter) {
				check := func(name string, v product.Value) {
					if product.HoldsReference(v.Text) {
						r.at(n, v.Place, name, v).then(literally[name])
					}
				}
				for _, name := range n.literalParameters() {
					check(name, n.parameter(name))
				}
				for _, receiver := range n.receivers() {
					for _, name := range []string{"port", wsdlEPRPrefix} {
						check(name, receiver.Parameter(name))
					}
				}
			},
		},
		{
			ID: "group-management-port-clash", Severity: Error, Scope: InFile,
			Message: `the port of groupManagement, "{port}", is the localMemberPort, too`,
			Then:    `The cluster can't be initialized ("group_mgt_port ... is the same as the primary localMemberPort"), and the transports stay closed.`,
			Fix:     "Give it a port of its own.",
			Source:  "ClusterBuilder.java:122-178, HazelcastGroupManagementAgent.java:83-85",
			Wrong:   `port="4100"/>`,
			Right:   `port="2222"/>`,
			onNode: func(n *Node, r *reporter) {
				if !n.clustered() || !n.Axis2.Clustering.Grouping() {
					return
				}
				const refused = "Axis2 can't read its configuration, and the server does not start."
				for _, d := range n.Axis2.Clustering.Groups.Domains {
					if d.Agent.Empty() {
						r.say(n, d.Agent.Place, "an applicationDomain of groupManagement has no agent").then(refused).
							fix(`Write agent="org.wso2.carbon.core.clustering.hazelcast.HazelcastGroupManagementAgent".`)
					}
					port, ok := integer(d.Port)
					switch {
					case !d.Port.Given:
					case !ok:
						r.say(n, d.Port.Place, `the port of groupManagement, "{port}", is no number`, d.Port).then(refused)
					case n.hazelcast() && port == n.address().port:
						r.at(n, d.Port.Place, d.Port).with(n, n.parameter(localMemberPort).Place)
					}
				}
			},
		},
		{
			ID: "group-management-enabled", Severity: Warning, Scope: InFile,
			Message: "groupManagement is enabled",
			Then:    "The node manages groups of other nodes, as only a WSO2 Elastic Load Balancer should, by a second Hazelcast.",
			Fix:     `Set enable="false".`,
			Source:  "ClusterBuilder.java:122-178, HazelcastGroupManagementAgent.java",
			Wrong:   `<groupManagement enable="true">`,
			Right:   `<groupManagement enable="false">`,
			onNode: func(n *Node, r *reporter) {
				if n.clustered() && n.Axis2.Clustering.Grouping() {
					r.at(n, n.Axis2.Clustering.Groups.Enable.Place)
				}
			},
		},
		{
			ID: "subdomain-no-effect", Severity: Info, Scope: InFile,
			Message: `the subDomain "{value}" has no effect`,
			Then:    "Only a WSO2 Elastic Load Balancer reads it; it does not make a node manager or worker, and routes nothing.",
			Fix:     "Leave it or drop it; a worker is a node that is started with -DworkerNode=true.",
			Source:  "HazelcastClusteringAgent.java:197-199, HazelcastGroupManagementAgent.java:254-263, guide 004, lines 202 and 277",
			Wrong:   `<property name="subDomain" value="worker"/>`,
			Right:   `<!--<property name="subDomain" value="worker"/>-->`,
			onNode: func(n *Node, r *reporter) {
				if !n.clustered() || n.Axis2.Clustering.Grouping() {
					return
				}
				if p := n.Axis2.Clustering.Property("subDomain"); p.Name.Given {
					r.at(n, p.Value.Place, p.Value)
				}
			},
		},
		{
			ID: "https-port-variable-unset", Severity: Info, Scope: InFile,
			Message: "{variable} is defined in ESB and EI only",
			Then:    "The list of members in the management console shows it as it stands. Nothing else reads it.",
			Fix:     "Write the port.",
			Source:  "MemberUtils.java:167-189, ServiceBusInitializer.java:335-358, ClusterAdmin.java:64-65",
			Wrong:   `<property name="backendServerURL" value="https://${hostName}:${httpsPort}/services/"/>`,
			Right:   `<property name="backendServerURL" value="https://${hostName}:9443/services/"/>`,
			onNode: func(n *Node, r *reporter) {
				if !n.clustered() || !n.is("AS", "ES") {
					return
				}
				for _, p := range n.Axis2.Clustering.Properties {
					for _, variable := range []string{"${httpsPort}", "${httpPort}"} {
						if strings.Contains(p.Value.Text, variable) {
							r.at(n, p.Value.Within(variable), variable)
						}
					}
				}
			},
		},
		{
			ID: "license-key-or-mgt-url-whitespace", Severity: Warning, Scope: InFile,
			Message: "{name} has blanks around it",
			Then:    "They are part of the value, since nothing trims it.",
			Fix:     "Write it without blanks, between its tags on one line.",
			Source:  "HazelcastClusteringAgent.java:256-264, 468-477",
			Wrong:   `<parameter name="mgtCenterURL"> http://10.0.0.9:8081/mancenter </parameter>`,
			Right:   `<parameter name="mgtCenterURL">http://10.0.0.9:8081/mancenter</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if !n.hazelcast() {
					return
				}
				for _, name := range []string{"licenseKey", "mgtCenterURL", "groupPassword"} {
					v := n.parameter(name)
					switch {
					case padded(v):
						r.at(n, v.Place, name)
					case name == "mgtCenterURL" && v.Given && !isWebURL(v.Text):
						r.say(n, v.Place, `mgtCenterURL "{url}" is no http or https URL`, v).
							then("The node reports to no management center.").fix("Give the URL of the management center, or drop it.")
					}
				}
			},
		},
		{
			ID: "clustering-pattern-value", Severity: Warning, Scope: InFile,
			Message: `clusteringPattern "{pattern}" is read as nonWorkerManager`,
			Then:    "Scheduled tasks run on this node, whether it is a worker or not.",
			Fix:     "Write WorkerManager or nonWorkerManager.",
			Source:  "NTaskTaskManager.java:367-402",
			Wrong:   `<parameter name="clusteringPattern">workerManager</parameter>`,
			Right:   `<parameter name="clusteringPattern">WorkerManager</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if !n.clustered() || !n.readsClusteringPattern() {
					return
				}
				const noTasks = `Without workerNode=true, the node runs no scheduled tasks ("clusteringPattern parameter not configured correctly").`
				switch v := n.parameter(clusteringPattern); {
				case !v.Given:
					r.say(n, v.Place, "clusteringPattern is absent, which is read as WorkerManager").then(noTasks)
				case v.Text == "":
					r.say(n, v.Place, "clusteringPattern is empty, which is read as WorkerManager").then(noTasks)
				case slices.Contains(product.ClusteringPatterns, v.Text):
				default:
					f := r.at(n, v.Place, v).meant(v.Text, product.ClusteringPatterns)
					if v.Is("WorkerManager") {
						f.as(Error)
					}
				}
			},
		},
	}
}

// repeated are the parameters that are given more than once, by their names.
func (n *Node) repeated() [][]product.Parameter {
	if n.Axis2 == nil || n.Axis2.Clustering == nil {
		return nil
	}
	var names []string
	byName := map[string][]product.Parameter{}
	for _, p := range n.Axis2.Clustering.Parameters {
		if !p.Name.Given {
			continue
		}
		name := p.Name.Text
		if byName[name] == nil {
			names = append(names, name)
		}
		byName[name] = append(byName[name], p)
	}
	var all [][]product.Parameter
	for _, name := range names {
		if same := byName[name]; len(same) > 1 {
			all = append(all, same)
		}
	}
	return all
}

// content is what a parameter says: its text, or its elements as they are written.
func content(p product.Parameter) string {
	if p.Elements {
		return string(p.File.Source[p.Lo:p.Hi])
	}
	return p.Text
}

// parametersOfOthers are those that only other schemes than a built-in one read; a class may read any.
func parametersOfOthers(scheme string) []string {
	switch scheme {
	case "wka":
		return slices.Concat(product.MulticastParameters, product.AWSParameters)
	case "multicast":
		return product.AWSParameters
	case "aws":
		return product.MulticastParameters
	}
	return nil
}

// unreadMembers reports whether the node has well-known members other than the shipped one, and a scheme that does not read them.
func (n *Node) unreadMembers() bool {
	scheme := n.scheme()
	return (scheme == "multicast" || scheme == "aws" || n.custom()) && len(n.Axis2.Clustering.Members) > 0 && !n.shippedMembers()
}

// shippedMembers reports whether the well-known members are what products ship, which names none but a node on the same machine.
func (n *Node) shippedMembers() bool {
	members := n.Axis2.Clustering.Members
	return len(members) == 1 && members[0].Host.Trim() == "127.0.0.1" && members[0].Port.Trim() == "4000"
}

// literalParameters are the clustering parameters that matter to the node and in which nothing is replaced.
func (n *Node) literalParameters() []string {
	var names []string
	if n.hazelcast() {
		names = []string{localMemberHost, localMemberPort, "domain"}
	}
	switch n.scheme() {
	case "aws":
		return slices.Concat(names, product.AWSParameters, []string{"connTimeout"})
	case "wka":
		return append(names, "connTimeout")
	}
	return names
}

// literally is what comes of a ${variable} in what nothing replaces it in, by the names of parameters.
var literally = map[string]string{
	localMemberHost: "There is no host of that name (UnknownHostException): the cluster can't be initialized, and the transports stay closed.",
	localMemberPort: "That is no number (NumberFormatException): the cluster can't be initialized, and the transports stay closed.",
	"domain":        "That text itself becomes the name of the cluster: a node with another one silently forms a cluster of its own.",
	"accessKey":     "AWS refuses such a key, and no member is found.",
	"secretKey":     "AWS refuses such a key, and no member is found.",
	"iamRole":       "The instance has no such role, so there are no keys for AWS, and no member is found.",
	"securityGroup": "No instance is in such a group, so no member is found.",
	"tagKey":        "No instance has such a tag, so no member is found.",
	"tagValue":      "No instance has such a tag, so no member is found.",
	"region":        "EC2 has no endpoint of that name, so no member is found.",
	"hostHeader":    "EC2 has no endpoint of that name, so no member is found, unless region names one.",
	"connTimeout":   "That is no number (NumberFormatException): the cluster can't be initialized, and the transports stay closed.",
	"port":          "That is no number: the listener of this transport does not start.",
	wsdlEPRPrefix:   "The addresses in WSDLs begin with that text, and no client can call them.",
}

// readsClusteringPattern reports whether the product does so: ESB since 5.0.0, and EI where it mediates. Its analytics profile, an EI as
// well by its carbon.xml, has no pass-through transport.
func (n *Node) readsClusteringPattern() bool {
	mediates := len(n.receivers()) > 0
	return mediates && (n.is("EI") || n.is("ESB") && product.CompareVersions(n.Version, "5.0.0") >= 0)
}

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
