package lint

// ssoRules are about single sign-on of ES.
func ssoRules() []*Rule {
	return []*Rule{}
}
