package lint

// datasourceRules are about the datasources.
func datasourceRules() []*Rule {
	return []*Rule{}
}
