package lint

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// Node is a node with what else is known of it than its files say.
type Node struct {
	*product.Node
	Name       string // as people know it: by the cluster file, or by the name of its folder
	Role       string // of the cluster file, "" where that is not known
	OneMachine bool   // all nodes of its cluster run on one machine
	Peers      bool   // its cluster is known to have other nodes
}

// clustered reports whether Axis2 takes clustering for enabled.
func (n *Node) clustered() bool {
	return n.Axis2 != nil && n.Axis2.Clustering != nil && n.Axis2.Clustering.Enabled()
}

// carbonAgent reports whether the node is clustered by Carbon's agent.
func (n *Node) carbonAgent() bool {
	return n.clustered() && n.Axis2.Clustering.Class.Text == product.ClusteringAgent
}

// hazelcast reports whether the node is clustered by Carbon's agent, as axis2.xml says it: a hazelcast.xml takes the place of nearly
// all of that.
func (n *Node) hazelcast() bool { return n.carbonAgent() && !n.hazelcastXML().Given }

// hazelcastXML is the file that the agent of a clustered node takes in the place of what axis2.xml says, by its path: its own, else the
// one that the start script names (HazelcastClusteringAgent.getConfigMode). Carbon before 4.4.6 knows neither.
func (n *Node) hazelcastXML() product.Value {
	switch {
	case n.KernelBefore("4.4.6"):
		return product.Value{}
	case n.HazelcastXML:
		return product.Value{Place: n.Axis2.Clustering.Place, Text: n.ConfDir + product.HazelcastPath, Given: true}
	case n.Script != nil:
		return n.Script.Option("-Dhazelcast.config")
	}
	return product.Value{}
}

// parameter is a parameter of the clustering element, which is there.
func (n *Node) parameter(name string) product.Value { return n.Axis2.Clustering.Parameter(name) }

// scheme is the membership scheme by which a node that is clustered by Carbon's agent finds the others, and "" for all other nodes.
// Without the parameter it is multicast.
func (n *Node) scheme() string {
	if !n.hazelcast() {
		return ""
	}
	scheme := n.parameter("membershipScheme")
	if !scheme.Given {
		return "multicast"
	}
	return scheme.Trim()
}

// custom reports whether the scheme is a class that Carbon does not ship.
func (n *Node) custom() bool {
	scheme := n.scheme()
	return scheme != "" && !slices.Contains(product.MembershipSchemes, scheme) && n.parameter("membershipSchemeClassName").Given
}

// worker reports whether the node is started as a worker, or is meant to be one: Carbon reads workerNode as Boolean.parseBoolean does
// (CarbonUtils.isWorkerNode).
func (n *Node) worker() bool {
	return n.Role == "worker" || n.Script != nil && n.Script.Option("-DworkerNode").Is("true")
}

// is reports whether the product is one of these, by their server keys.
func (n *Node) is(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return strings.EqualFold(key, n.ServerKey) })
}

// loopback reports whether a host names the machine that it is used on.
func loopback(host string) bool {
	return product.IsLoopback(strings.TrimSpace(host))
}
