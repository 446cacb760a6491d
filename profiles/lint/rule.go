// Package lint tells what will go wrong with a node, or with a cluster of nodes, before a server starts.
//
// A rule is a few lines beside its id, its message and its source, in the file of what it is about: rules_clustering.go,
// rules_registry.go and so on. It looks at what [product.Node] holds, never at a file.
package lint

import (
	"fmt"
	"slices"
)

// Severity says how bad a finding is.
type Severity int

const (
	Info    Severity = iota // worth knowing
	Warning                 // works, but hardly as meant
	Error                   // does not start, or silently does not do what it is there for
)

func (s Severity) String() string { return [...]string{"info", "warning", "error"}[s] }

// Scope is what a rule looks at.
type Scope int

const (
	InFile    Scope = iota // one file
	InNode                 // files of one node
	InCluster              // all nodes of a cluster
)

func (s Scope) String() string { return [...]string{"file", "node", "cluster"}[s] }

// Rule is something that goes wrong, and how to see it.
type Rule struct {
	ID       string
	Severity Severity // of most of its findings
	Scope    Scope
	Message  string // what is wrong; each {word} in it stands for an argument that the check reports, in their order
	Then     string // what comes of it: a sentence
	Fix      string // what to do: a sentence
	Source   string // where it is known from: code of Carbon or of what it uses, a guide
	// Wrong and Right are pieces of a file, for --explain and the catalogue. The examples that tests run hold them, too.
	Wrong, Right string

	onNode    func(*Node, *reporter)
	onCluster func(*Cluster, *reporter)
}

// Subject is what some rules are about.
type Subject struct {
	Title string
	Rules []*Rule
}

var subjects = []Subject{
	{"Clustering", clusteringRules()},
	{"Parameters of clustering", clusteringParametersRules()},
	{"Members", membersRules()},
	{"The local member", localMemberRules()},
	{"Multicast", multicastRules()},
	{"AWS", awsRules()},
	{"Kubernetes", kubernetesRules()},
	{"Transports", transportRules()},
	{"Connectors of Tomcat", tomcatRules()},
	{"carbon.xml", carbonRules()},
	{"The deployment synchronizer", synchronizerRules()},
	{"The registry", registryRules()},
	{"Datasources", datasourceRules()},
	{"The user store", userManagementRules()},
	{"Secrets", vaultRules()},
	{"The start script", scriptRules()},
	{"Single sign-on", ssoRules()},
	{"Membership across the cluster", clusterMembershipRules()},
	{"Well-known members across the cluster", clusterWellKnownRules()},
	{"Machines of a cluster", clusterMachinesRules()},
	{"Databases across the cluster", clusterDatabasesRules()},
	{"Deployment synchronizers of a cluster", clusterSynchronizerRules()},
	{"Roles across the cluster", clusterRolesRules()},
}

// Subjects are all rules by what they are about.
func Subjects() []Subject { return slices.Clone(subjects) }

// Rules are all rules, in the order of their subjects.
func Rules() []*Rule { return slices.Clone(rules) }

var rules = join(subjects)

// join lists the rules of all subjects. Two of one id are a mistake of ours.
func join(subjects []Subject) []*Rule {
	var all []*Rule
	for _, s := range subjects {
		for _, r := range s.Rules {
			if Find(all, r.ID) != nil {
				panic(fmt.Sprintf("lint: two rules %s", r.ID))
			}
			all = append(all, r)
		}
	}
	return all
}

// Find returns the one of rules with that id, or nil.
func Find(rules []*Rule, id string) *Rule {
	i := slices.IndexFunc(rules, func(r *Rule) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return rules[i]
}
