package lint

import (
	"slices"

	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// tomcatRules are about the connectors of catalina-server.xml.
func tomcatRules() []*Rule {
	return []*Rule{
		{
			ID: "connector-missing", Severity: Error, Scope: InFile,
			Message: "no connector has the scheme {scheme}, by which Carbon finds it",
			Then:    "Carbon takes -1 for its port and puts that into the addresses of the console and of services.",
			Fix:     `Write scheme="https" into the Connector for TLS, or add such a Connector.`,
			Source:  "CarbonTomcat.java:349-373, ServletTransportManager.java:25-47",
			Wrong:   `scheme="HTTPS"`,
			Right:   `scheme="https"`,
			onNode: func(n *Node, r *reporter) {
				if n.Tomcat == nil {
					return
				}
				for _, scheme := range connectorSchemes {
					if slices.ContainsFunc(n.Tomcat.Connectors, func(c product.Connector) bool { return c.SchemeName() == scheme && !c.AJP() }) {
						continue
					}
					found := r.at(n, n.Tomcat.Root, scheme)
					if scheme == "http" {
						found.fix("Add a plain Connector, without a scheme, which is http.")
					}
					for _, c := range n.Tomcat.Connectors {
						i := xmlops.Nearest(c.SchemeName(), connectorSchemes)
						if i < 0 || connectorSchemes[i] != scheme {
							continue
						}
						found.Place = c.Scheme.Place
						if !c.AJP() {
							found.fix("Carbon compares the scheme letter by letter, in lower case.").meant(c.Scheme.Text, connectorSchemes)
						}
					}
				}
			},
		},
		{
			ID: "connector-duplicate-scheme", Severity: Warning, Scope: InFile,
			Message: "another connector has the scheme {scheme}, too; Carbon takes the ports of the first",
			Then:    "The ports of this one are in no address that Carbon gives to browsers and clients.",
			Fix:     "Put the connector whose ports clients should be given first.",
			Source:  "CarbonTomcat.java:349-373",
			Wrong:   `<Connector protocol="org.apache.coyote.http11.Http11NioProtocol" port="9764"/>`,
			Right:   `<Connector protocol="AJP/1.3" port="8009"/>`,
			onNode: func(n *Node, r *reporter) {
				if n.Tomcat == nil {
					return
				}
				first := map[string]product.Connector{}
				for _, c := range n.Tomcat.Connectors {
					scheme := c.SchemeName()
					before, again := first[scheme]
					switch {
					case !again:
						first[scheme] = c
					case before.AJP() && !c.AJP():
						first[scheme] = c
						r.say(n, before.Place, "this AJP connector is the first with the scheme {scheme}, so Carbon takes its ports", scheme).
							then("Addresses that Carbon gives to browsers and clients have the port of AJP.").with(n, c.Place)
					case !c.AJP():
						r.at(n, c.Place, scheme).with(n, before.Place)
					}
				}
			},
		},
		{
			ID: "connector-port-invalid", Severity: Error, Scope: InFile,
			Message: `port "{port}" (offset {offset}) of the {scheme} connector is not usable`,
			Then:    "The connector does not come up.",
			Fix:     "Write a number without blanks; port + offset must be 0 to 65535.",
			Source:  "CarbonTomcat.java:410-437, ServletTransportManager.java:37-47",
			Wrong:   `port="99763"`,
			Right:   `port="9763"`,
			onNode: func(n *Node, r *reporter) {
				if n.Tomcat == nil {
					return
				}
				for _, c := range n.Tomcat.Connectors {
					checkPort(n, r, c)
					checkProxyPort(n, r, c)
				}
			},
		},
		{
			ID: "connector-scheme-proxyport", Severity: Warning, Scope: InFile,
			Message: "proxyPort of the {scheme} connector is {port}: those of http and https look swapped",
			Then:    "The console and services give addresses that the load balancer answers with the other protocol.",
			Fix:     "Give the http connector the plain port of the load balancer, 80, and the https connector the one for TLS, 443.",
			Source:  "ServletTransportManager.java:37-47; guide 001, line 49, guide 002, lines 473-478, guide 004, lines 241-246",
			Wrong:   `proxyPort="443"`,
			Right:   `proxyPort="80"`,
			onNode: func(n *Node, r *reporter) {
				for _, swapped := range []struct {
					scheme string
					port   int
				}{{"http", 443}, {"https", 80}} {
					if port := n.proxyPort(swapped.scheme); portNumber(port) == swapped.port {
						r.at(n, port.Place, swapped.scheme, swapped.port)
					}
				}
			},
		},
		{
			ID: "proxyport-one-sided", Severity: Info, Scope: InFile,
			Message: "proxyPort is set on the {scheme} connector only",
			Then:    "Addresses of the other scheme have the port of the node itself, which the load balancer may not forward.",
			Fix:     "Set it on both connectors, unless the load balancer is for one scheme alone.",
			Source:  "ServletTransportManager.java:37-47, AbstractTransportListener.java:190-229; guide 001, line 49, guide 002, lines 473-478, guide 004, lines 241-246",
			Wrong: `port="9763"
redirectPort="9443"/>`,
			Right: `port="9763"
proxyPort="80"`,
			onNode: func(n *Node, r *reporter) {
				http, https := n.proxyPort("http"), n.proxyPort("https")
				switch {
				case http.File == nil || https.File == nil: // a connector is missing
				case http.Given && !https.Given:
					r.at(n, https.Place, "http").with(n, http.Place)
				case https.Given && !http.Given:
					r.at(n, http.Place, "https").with(n, https.Place)
				}
			},
		},
	}
}

// connectorSchemes are those of the connectors that Carbon looks for.
var connectorSchemes = []string{"http", "https"}

const maxPort = 65535

// checkPort is about the port that a connector listens on. 0 is any that is free.
func checkPort(n *Node, r *reporter, c product.Connector) {
	offset, _ := n.offset()
	switch {
	case !c.Port.Given:
		r.say(n, c.Port.Place, "the {scheme} connector has no port", c.SchemeName())
	case c.Port.Literal() && !usable(c.Port, offset, 0):
		r.at(n, c.Port.Place, c.Port, offset, c.SchemeName())
	}
}

// checkProxyPort is about the port in the addresses that clients are given, to which no offset is added.
func checkProxyPort(n *Node, r *reporter, c product.Connector) {
	if !c.ProxyPort.Literal() {
		return
	}
	switch port, ok := integer(c.ProxyPort); {
	case !ok || padded(c.ProxyPort) || port > maxPort:
		r.say(n, c.ProxyPort.Place, `proxyPort "{port}" of the {scheme} connector is no port`, c.ProxyPort, c.SchemeName()).
			then("Addresses that Carbon gives to browsers and clients lead nowhere, or have the port of the node itself.").
			fix("Write the port of the load balancer, a number from 1 to 65535 without blanks.")
	case port <= 0:
		r.say(n, c.ProxyPort.Place, `proxyPort "{port}" of the {scheme} connector is ignored`, c.ProxyPort, c.SchemeName()).as(Info).
			then("Addresses that Carbon gives to browsers and clients have the port of the node itself.").
			fix("Write the port of the load balancer, or take the attribute away.")
	}
}

// proxyPort is that of the connector that counts for a scheme; nowhere where there is none. One of 0 or less is as good as not given
// (ServletTransportManager.java:37-47).
func (n *Node) proxyPort(scheme string) product.Value {
	if n.Tomcat == nil {
		return product.Value{}
	}
	c := n.Tomcat.Connector(scheme)
	if c == nil {
		return product.Value{}
	}
	port := c.ProxyPort
	if number, ok := integer(port); ok && number <= 0 {
		return product.Value{Place: port.Place}
	}
	return port
}
