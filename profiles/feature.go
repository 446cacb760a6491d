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
	// notes are what is worth knowing about the plan.
	notes func(sc scope, home *product.Home) []patch.Note
	// inspect adds the settings that the home has now.
	inspect func(in *inspection, home *product.Home) error
	// written finds where its values stand.
	written func(w *writing, home *product.Home)
	// places are where it writes which setting.
	places map[string]Place
}

// features are all that there are, in the order in which they are carried out.
var features = []feature{
	{name: "membership-scheme", files: leaveMembershipScheme, notes: vaultNotes, inspect: inspectParameters},
	{
		name: "datasources", files: datasourceFiles, notes: datasourceNotes, inspect: inspectDatasources, written: writtenDatasources,
		places: map[string]Place{datasourcesSetting: {File: "datasources/*-datasources.xml", Selector: datasourceSelector}},
	},
	{name: "registry", derive: deriveCacheID, files: keepLocalRegistry, inspect: inspectRegistry},
	{name: "start-script", files: startScriptFiles, notes: startScriptNotes, inspect: inspectStartScript, written: writtenOptions, places: startScriptPlaces()},
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

// written returns the value of a setting that the role writes, and reports whether there is one, or at least items of it. The
// value none is none.
func (sc scope) written(name string) (Value, bool) {
	s := sc.profile.Setting(name)
	v, ok := sc.values[name]
	return v, s != nil && ok && (v.hasText() || len(v.Items) > 0) && sc.writes(s)
}
