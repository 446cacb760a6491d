package lint

// userManagementRules are about user-mgt.xml.
func userManagementRules() []*Rule {
	return []*Rule{}
}
