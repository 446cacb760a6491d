package lint

import (
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// Check runs all rules on the nodes, each for itself, and on all together where there are more than one. It returns what they find,
// node by node, in the order of files and lines.
func Check(nodes []*Node) []*Finding {
	cluster := &Cluster{Nodes: nodes}
	cluster.markMachines()
	for _, n := range nodes {
		n.Peers = n.Peers || len(nodes) > 1
	}
	var all []*Finding
	for _, r := range rules {
		report := &reporter{rule: r}
		switch {
		case r.onNode != nil:
			for _, n := range nodes {
				r.onNode(n, report)
			}
		case len(nodes) > 1:
			r.onCluster(cluster, report)
		}
		all = append(all, report.found...)
	}
	sortFindings(all, nodes)
	return all
}

// whole is the place of a file as a whole.
func whole(f *product.File) product.Place { return product.Place{File: f} }
