package lint

// clusterDatabasesRules are about the databases that the nodes of a cluster share, or must not.
func clusterDatabasesRules() []*Rule {
	return []*Rule{}
}
