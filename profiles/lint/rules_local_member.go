package lint

// localMemberRules are about the parameters that say where a node is reached: localMemberHost and localMemberPort.
func localMemberRules() []*Rule {
	return []*Rule{}
}
