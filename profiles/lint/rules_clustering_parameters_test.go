package lint

import (
	"slices"
	"testing"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// TestLiterally makes sure that there is something to say of a variable in each parameter that is taken as it stands.
func TestLiterally(t *testing.T) {
	t.Parallel()
	others := []string{localMemberHost, localMemberPort, "domain", "connTimeout", "port", wsdlEPRPrefix}
	for _, name := range slices.Concat(product.AWSParameters, others) {
		if literally[name] == "" {
			t.Errorf("nothing comes of a variable in %s", name)
		}
	}
}
