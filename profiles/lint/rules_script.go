package lint

// scriptRules are about the start script.
func scriptRules() []*Rule {
	return []*Rule{}
}
