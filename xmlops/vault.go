package xmlops

import (
	"strings"

	"github.com/beevik/etree"
)

const namespaceVault = "http://org.wso2.securevault/configuration"

// inVault reports whether secure vault keeps the text of e, or its attribute if attr is not "": e carries svns:secretAlias.
// The alias of an attribute ends with its name (Server.Service.Connector.keystorePass).
func (d *Document) inVault(e *etree.Element, attr string) bool {
	for _, a := range e.Attr {
		if a.Key != "secretAlias" || a.Space == "" || strings.TrimSpace(a.Value) == "" {
			continue
		}
		if uri, _ := boundTo(d.bindings(e), a.Space); uri != namespaceVault {
			continue
		}
		return attr == "" || strings.HasSuffix(a.Value, "."+attr)
	}
	return false
}
