package lint

// carbonRules are about carbon.xml, the deployment synchronizer aside.
func carbonRules() []*Rule {
	return []*Rule{}
}
