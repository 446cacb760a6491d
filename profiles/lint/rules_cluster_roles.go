package lint

// clusterRolesRules are about what the nodes of a cluster do for each other: workers, committers, what the load balancer sees.
func clusterRolesRules() []*Rule {
	return []*Rule{}
}
