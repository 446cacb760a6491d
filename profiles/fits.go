package profiles

import (
	"fmt"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// Fits returns nil where the profile is for the product of home. The error is [patch.Problems].
func (p *Profile) Fits(home *product.Home) error {
	if len(p.Products) == 0 {
		return nil
	}
	takes := make([]string, len(p.Products))
	for i, product := range p.Products {
		if product.ServerKey == home.ServerKey && product.Versions.Holds(home.Version) {
			return nil
		}
		takes[i] = product.ServerKey + " " + product.Versions.String()
	}
	return patch.Problems{{
		File:    home.ConfDir + "/carbon.xml",
		Message: fmt.Sprintf("the profile %s is not for %s %s", p.Name, home.Name, home.Version),
		Hint:    fmt.Sprintf("it is for %s; --force-product uses it all the same", strings.Join(takes, ", ")),
	}}
}
