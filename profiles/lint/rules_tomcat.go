package lint

// tomcatRules are about the connectors of catalina-server.xml.
func tomcatRules() []*Rule {
	return []*Rule{}
}
