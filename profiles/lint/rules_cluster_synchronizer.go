package lint

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// clusterSynchronizerRules are about the deployment synchronizers of a cluster.
func clusterSynchronizerRules() []*Rule {
	return []*Rule{
		{
			ID: "depsync-url-mismatch", Severity: Error, Scope: InCluster,
			Message: "{n} of the deployment synchronizer is {x} on {a} and {y} on {b}",
			Then:    "The nodes use different repositories, or some use none: they never receive what the others deploy.",
			Fix:     "Give all nodes the same Enabled, RepositoryType, SvnUrl and SvnUrlAppendTenantId.",
			Source:  "CarbonRepositoryUtils.java:127-187, SVNBasedArtifactRepository.java:88-176",
			Wrong:   `<SvnUrl>https://svn.example.com/repos/other/</SvnUrl>`,
			Right:   `<SvnUrl>https://svn.example.com/repos/apps/</SvnUrl>`,
			onCluster: func(c *Cluster, r *reporter) {
				r.differing(c.where(hasCarbon).ask(func(n *Node) said {
					return said{Value: usual(n.synchronizer("Enabled"), "false"), means: n.synchronized()}
				}), "Enabled")
				r.differing(c.where((*Node).synchronized).ask(func(n *Node) said {
					return sayTrimmed(usual(n.synchronizer("RepositoryType"), "registry"))
				}), "RepositoryType")
				r.differing(c.where((*Node).subversion).ask(func(n *Node) said {
					s := sayGiven(n.synchronizer("SvnUrl"))
					if url, ok := s.means.(string); ok {
						s.means = strings.TrimRight(url, "/")
					}
					return s
				}), "SvnUrl")
				r.differing(c.where((*Node).subversion).ask(func(n *Node) said {
					v := usual(n.synchronizer("SvnUrlAppendTenantId"), "true")
					return said{Value: v, means: strings.EqualFold(v.Trim(), "true")}
				}), "SvnUrlAppendTenantId")
			},
		},
		{
			ID: "depsync-committers", Severity: Warning, Scope: InCluster,
			Message: "{k} nodes commit artifacts, {a}; exactly one should, the manager",
			Then:    "They race: svn: Commit failed, out of date, and what one of them deployed is overwritten.",
			Fix:     "Set AutoCommit to true on the manager alone.",
			Source:  "DeploymentSynchronizerServiceImpl.java:64-130, CarbonDeploymentSchedulerTask.java:141-147; guide 003, lines 80 and 117",
			Wrong:   `<AutoCommit>true</AutoCommit>`,
			Right:   `<AutoCommit>false</AutoCommit>`,
			onCluster: func(c *Cluster, r *reporter) {
				synchronized := c.where((*Node).synchronized)
				autoCommit := func(n *Node) product.Value { return n.synchronizer("AutoCommit") }
				committers := synchronized.where(func(n *Node) bool { return !n.worker() && n.autoCommits() }).Nodes
				switch {
				case len(committers) > 1:
					first, second := committers[0], committers[1]
					r.at(second, autoCommit(second).Place, len(committers), named(committers)).with(first, autoCommit(first).Place)
				case len(committers) == 0 && len(synchronized.Nodes) > 0 && c.every(hasCarbon):
					n := synchronized.Nodes[0]
					if i := slices.IndexFunc(synchronized.Nodes, func(n *Node) bool { return !n.worker() }); i >= 0 {
						n = synchronized.Nodes[i]
					}
					r.say(n, autoCommit(n).Place, "no node commits artifacts; exactly one should, the manager").as(Error).
						then("What is deployed on one node never reaches the repository, nor the other nodes.")
				}
			},
		},
	}
}

func hasCarbon(n *Node) bool { return n.Carbon != nil }
