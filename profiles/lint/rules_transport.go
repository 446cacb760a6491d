package lint

// transportRules are about the pass-through and NIO transports of axis2.xml.
func transportRules() []*Rule {
	return []*Rule{}
}
