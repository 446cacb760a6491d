package product

import (
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Tomcat is what conf/tomcat/catalina-server.xml says. Carbon takes only the first Service into account (CarbonTomcat.getService).
type Tomcat struct {
	File       *File
	Root       Place
	Connectors []Connector
}

// Connector is one of the Service.
type Connector struct {
	Place
	Scheme, Port, ProxyPort, Protocol Value
}

// SchemeName is how Carbon finds the connector: the first of each scheme counts, http where none is given (CarbonTomcat.java:349-373).
func (c *Connector) SchemeName() string {
	if !c.Scheme.Given {
		return "http"
	}
	return c.Scheme.Text
}

// AJP reports whether the connector is for a web server that speaks AJP, not for browsers and clients.
func (c *Connector) AJP() bool {
	protocol := c.Protocol.Trim()
	return protocol == "AJP/1.3" || strings.HasPrefix(protocol, "org.apache.coyote.ajp.")
}

// Connector is the one of a scheme that counts, nil where there is none.
func (t *Tomcat) Connector(scheme string) *Connector {
	for i := range t.Connectors {
		if t.Connectors[i].SchemeName() == scheme {
			return &t.Connectors[i]
		}
	}
	return nil
}

func readTomcat(f *File, root xmlops.Element) *Tomcat {
	t := &Tomcat{File: f, Root: f.tag(root)}
	for _, e := range children(child(root, "Service"), "Connector") {
		t.Connectors = append(t.Connectors, Connector{
			Place: f.tag(e), Scheme: f.attribute(e, "scheme"), Port: f.attribute(e, "port"), ProxyPort: f.attribute(e, "proxyPort"), Protocol: f.attribute(e, "protocol"),
		})
	}
	return t
}
