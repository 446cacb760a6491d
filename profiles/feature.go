package profiles

import (
	"slices"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// feature is a part of a profile that is Go, not data: it chooses among files of the home, or reconciles lists across
// them. A profile switches it on by its name. What a feature has no part in is nil.
type feature struct {
	name string
	// derive returns the values with those that only the home can tell. The values of the scope stay as they are.
	derive func(sc scope, home *product.Home) (Values, patch.Problems)
	// files are what must hold in which files of the home.
	files func(sc scope, home *product.Home) ([]patch.File, patch.Problems)
	// inspect adds the settings that the home has now.
	inspect func(in *inspection, home *product.Home) error
	// places are where it writes which setting.
	places map[string]Place
}

// features are all that there are, in the order in which they are carried out.
var features = []feature{
	{name: "membership-scheme"},
	{name: "datasources"},
	{name: "registry"},
	{name: "start-script"},
}

func featureNames() []string {
	names := make([]string, len(features))
	for i, f := range features {
		names[i] = f.name
	}
	return names
}

// features are those that the profile switches on.
func (p *Profile) features() []feature {
	return slices.DeleteFunc(slices.Clone(features), func(f feature) bool { return !slices.Contains(p.Features, f.name) })
}
