package product

import (
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// VaultNamespace is that of the attribute secretAlias.
const VaultNamespace = "http://org.wso2.securevault/configuration"

const secretAlias = "secretAlias"

// alias is the secretAlias of e, or "".
func alias(e xmlops.Element) string {
	for _, a := range e.Attributes() {
		if a.Name == secretAlias && a.Namespace == VaultNamespace {
			return strings.TrimSpace(a.Text)
		}
	}
	return ""
}
