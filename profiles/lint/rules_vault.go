package lint

// vaultRules are about secrets, and secure vault which keeps them.
func vaultRules() []*Rule {
	return []*Rule{}
}
