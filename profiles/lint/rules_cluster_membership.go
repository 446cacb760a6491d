package lint

// clusterMembershipRules are about how the nodes of a cluster find each other.
func clusterMembershipRules() []*Rule {
	return []*Rule{}
}
