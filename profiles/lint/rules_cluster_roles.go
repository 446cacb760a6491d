package lint

import (
	"slices"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// clusterRolesRules are about what the nodes of a cluster do for each other, and what clients see of them.
func clusterRolesRules() []*Rule {
	return []*Rule{
		{
			ID: "worker-flag-without-pattern", Severity: Warning, Scope: InCluster,
			Message: "{a} will also run scheduled tasks",
			Then:    "There are workers for that, but without the clusteringPattern WorkerManager every node runs tasks.",
			Fix:     "Set clusteringPattern to WorkerManager on all nodes.",
			Source:  "NTaskTaskManager.java:367-402",
			Wrong:   `<parameter name="clusteringPattern">nonWorkerManager</parameter>`,
			Right:   `<parameter name="clusteringPattern">WorkerManager</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				managers := c.where(schedules).ask(func(n *Node) said {
					if !n.manager() || n.leavesTasks() {
						return said{}
					}
					return say(n.parameter(clusteringPattern))
				})
				if slices.ContainsFunc(c.Nodes, (*Node).worker) && len(managers) > 0 {
					r.at(managers[0].node, managers[0].Place, group(managers))
				}
			},
		},
		{
			ID: "workermanager-no-worker", Severity: Error, Scope: InCluster,
			Message: "no node runs scheduled tasks: clusteringPattern is WorkerManager on all, and none is a worker",
			Then:    "Each takes itself for a manager and leaves the tasks to workers, which there are not.",
			Fix:     "Start at least one node with -DworkerNode=true, or set clusteringPattern to nonWorkerManager.",
			Source:  "NTaskTaskManager.java:367-402",
			Wrong:   `<parameter name="clusteringPattern">WorkerManager</parameter>`,
			Right:   `<parameter name="clusteringPattern">nonWorkerManager</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				if !c.every(func(n *Node) bool { return schedules(n) && !n.worker() && n.leavesTasks() }) {
					return
				}
				n := c.Nodes[0]
				f := r.at(n, n.parameter(clusteringPattern).Place)
				if !c.every((*Node).manager) {
					f.as(Warning).say("no node is known to run scheduled tasks: clusteringPattern is WorkerManager on all, and none is known to be a worker").
						then("Unless a node whose start script was not read is a worker, each leaves the tasks to workers, which there are not.")
				}
			},
		},
		{
			ID: "clustering-pattern-mismatch", Severity: Warning, Scope: InCluster,
			Message: "clusteringPattern is {x} on {a} and {y} on {b}",
			Then:    "Some of the nodes that are no workers run scheduled tasks, others leave them to workers.",
			Fix:     "Set clusteringPattern to the same on all nodes: WorkerManager where there are workers, else nonWorkerManager.",
			Source:  "NTaskTaskManager.java:367-402",
			Wrong:   `<parameter name="clusteringPattern">nonWorkerManager</parameter>`,
			Right:   `<parameter name="clusteringPattern">WorkerManager</parameter>`,
			onCluster: func(c *Cluster, r *reporter) {
				r.differing(c.where(schedules).ask(func(n *Node) said {
					return said{Value: n.parameter(clusteringPattern), means: n.leavesTasks()}
				}))
			},
		},
		{
			ID: "inbound-needs-worker", Severity: Info, Scope: InCluster,
			Message: `the inbound endpoint "{name}" runs only on nodes started with -DworkerNode=true, and none is known to be`,
			Then:    "It never asks for messages: with coordination it is a scheduled task, which the clusteringPattern leaves to workers.",
			Fix:     "Start at least one node with -DworkerNode=true.",
			Source:  "InboundRunner.java:73-80, NTaskTaskManager.java:367-402",
			Wrong:   `<inboundEndpoint xmlns="http://ws.apache.org/ns/synapse" name="orders" protocol="file" sequence="take" onError="fault">`,
			Right:   `<inboundEndpoint xmlns="http://ws.apache.org/ns/synapse" name="orders" protocol="http" sequence="take" onError="fault">`,
			onCluster: func(c *Cluster, r *reporter) {
				if !c.every(func(n *Node) bool { return n.is("ESB", "EI") && n.Version != "" && n.clustered() && n.manager() }) {
					return
				}
				seen := map[string]bool{} // the same are deployed on all nodes
				for _, n := range c.Nodes {
					for _, i := range n.InboundEndpoints {
						if i.Polling() && n.leavesInbound(i) && !seen[i.Name.Text] {
							seen[i.Name.Text] = true
							if f := r.at(n, i.Place, i.Name); i.Coordination.Is("false") {
								f.then("It never asks for messages. The log says: Inbound EP will not run in manager node. Same will run on worker(s).")
							}
						}
					}
				}
			},
		},
		{
			ID: "hostname-mismatch", Severity: Warning, Scope: InCluster,
			Message: "{n} is {x} on {a} and {y} on {b}",
			Then:    "Nodes of one role stand behind one address: clients are told another one, depending on which node answers.",
			Fix:     "Give all nodes of a role the name and the ports of the load balancer.",
			Source:  "CarbonServerManager.java:722-743, ServletTransportManager.java:37-47, SourceConfiguration.java:106-130; guides 001, 002 and 004",
			Wrong:   `<HostName>ei2.example.com</HostName>`,
			Right:   `<HostName>ei.example.com</HostName>`,
			onCluster: func(c *Cluster, r *reporter) {
				clustered := c.where((*Node).clustered)
				split := clustered.isSplit()
				for _, advertised := range clientAddresses {
					all := clustered.ask(func(n *Node) said {
						s := advertised.by(n)
						if split && !s.Given && n.Role == "" && !n.worker() {
							return said{}
						}
						return s
					})
					for _, role := range byRole(all) {
						r.differing(role, advertised.name)
					}
				}
				r.differing(clustered.ask(func(n *Node) said { return sayGiven(n.carbon("MgtHostName")) }), "MgtHostName")
			},
		},
		{
			ID: "version-mix", Severity: Info, Scope: InCluster,
			Message: "the version of Carbon is {x} on {a} and {y} on {b}",
			Then:    "Nodes join only where they have the same Hazelcast: Carbon 4.4.0 has 3.2, later 4.4.x have 3.5, 4.5.x has 3.12.",
			Fix:     "Run one version of the product on all nodes.",
			Source:  "the poms of the products and of carbon-kernel",
			Wrong:   `<Version>6.6.0</Version>`,
			Right:   `<Version>6.1.1</Version>`,
			onCluster: func(c *Cluster, r *reporter) {
				all := c.ask(func(n *Node) said {
					if n.Kernel == "" {
						return said{}
					}
					return said{Value: product.Value{Place: n.KernelPlace, Text: n.Kernel, Given: true}, means: n.Kernel}
				})
				largest, others := most(all)
				for _, g := range others {
					f := r.odd(g, largest, g[0], g, largest[0], largest)
					switch x, y := g[0].node.Hazelcast(), largest[0].node.Hazelcast(); {
					case x == "" || y == "":
					case x == y:
						f.then("They join, for all have Hazelcast {x}; but WSO2 tests clusters of one version alone.", x)
					default:
						f.then("They do not join: Hazelcast is {x} on {a} and {y} on {b}.", x, g, y, largest)
					}
				}
			},
		},
	}
}

const clusteringPattern = "clusteringPattern"

// schedules reports whether the node is clustered and reads how scheduled tasks are shared.
func schedules(n *Node) bool { return n.clustered() && n.readsClusteringPattern() }

// manager reports whether it is known that the node is no worker.
func (n *Node) manager() bool { return !n.worker() && (n.Role != "" || n.Script != nil) }

// leavesTasks reports whether a clustered node, if it is no worker, leaves scheduled tasks to workers: so it does without a
// clusteringPattern, too.
func (n *Node) leavesTasks() bool {
	pattern := n.parameter(clusteringPattern).Text
	return pattern == "" || pattern == "WorkerManager"
}

// leavesInbound reports whether a clustered node, if it is no worker, leaves an inbound endpoint that polls to workers. One with
// coordination is a scheduled task. Others were left to workers always, since EI 6.1.0 as tasks are.
func (n *Node) leavesInbound(i product.InboundEndpoint) bool {
	always := i.Coordination.Is("false") && (n.is("ESB") || product.CompareVersions(n.Version, "6.1.0") < 0)
	return always || n.readsClusteringPattern() && n.leavesTasks()
}

// role is what a node is for, with its product; "" where that is not known: without being told, nodes of ES may be publishers or stores.
func (n *Node) role() string {
	switch {
	case n.Role != "":
		return n.ServerKey + " " + n.Role
	case n.worker():
		return n.ServerKey + " worker"
	case n.is("ES", ""):
		return ""
	}
	return n.ServerKey
}

// clientAddresses are what makes the addresses that nodes give to clients.
var clientAddresses = []struct {
	name string
	by   func(*Node) said
}{
	{"HostName", func(n *Node) said { return sayGiven(n.carbon("HostName")) }},
	{"proxyPort of the http connector", func(n *Node) said { return toldOf(n.proxyPort("http")) }},
	{"proxyPort of the https connector", func(n *Node) said { return toldOf(n.proxyPort("https")) }},
	{"WSDLEPRPrefix of the plain transport", func(n *Node) said { return toldOf(n.prefix(false)) }},
	{"WSDLEPRPrefix of the TLS transport", func(n *Node) said { return toldOf(n.prefix(true)) }},
}

// toldOf is what a value says, which may be that it is not given; nothing where its file was not collected.
func toldOf(v product.Value) said {
	if v.File == nil {
		return said{}
	}
	return sayTrimmed(v)
}

// isSplit reports whether the nodes look like a manager and its workers, which may be started as such on the command line: a load balancer
// stands before the console of some and before the services of others.
func (c *Cluster) isSplit() bool {
	console := func(n *Node) bool { return n.proxyPort("http").Given || n.proxyPort("https").Given }
	services := func(n *Node) bool { return n.prefix(false).Given || n.prefix(true).Given }
	return slices.ContainsFunc(c.Nodes, func(n *Node) bool { return console(n) && !services(n) }) &&
		slices.ContainsFunc(c.Nodes, func(n *Node) bool { return services(n) && !console(n) })
}

// prefix is the WSDLEPRPrefix of the first pass-through transport, for TLS or not; nowhere where there is none.
func (n *Node) prefix(tls bool) product.Value {
	if n.Axis2 == nil {
		return product.Value{}
	}
	for _, receiver := range n.Axis2.Receivers {
		if isTLS, ok := receiver.PassThrough(); ok && isTLS == tls {
			return receiver.Parameter(wsdlEPRPrefix)
		}
	}
	return product.Value{}
}
