package lint

// multicastRules are about the parameters of the scheme multicast.
func multicastRules() []*Rule {
	return []*Rule{}
}
