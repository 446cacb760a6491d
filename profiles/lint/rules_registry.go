package lint

// registryRules are about registry.xml.
func registryRules() []*Rule {
	return []*Rule{}
}
