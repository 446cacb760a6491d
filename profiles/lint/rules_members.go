package lint

// membersRules are about the well-known members of axis2.xml.
func membersRules() []*Rule {
	return []*Rule{}
}
