package lint

// synchronizerRules are about the deployment synchronizer of carbon.xml.
func synchronizerRules() []*Rule {
	return []*Rule{}
}
