package profiles

import (
	"cmp"
	"slices"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

const userDatasourceSetting = "userManagement.datasource"

// datasourceReference is a setting whose value is the JNDI name of a datasource.
type datasourceReference struct {
	setting string
	value   Value
}

// datasourceReferences are those that the role writes. What the product resolves when it starts is left out.
func (sc scope) datasourceReferences() []datasourceReference {
	var all []datasourceReference
	for _, name := range []string{sharedDatasourceSetting, userDatasourceSetting} {
		if v, ok := sc.written(name); ok && !product.HoldsReference(v.Text.Reveal()) {
			all = append(all, datasourceReference{name, v})
		}
	}
	return all
}

// checkReferences makes sure that there is one datasource for each reference: a server that does not find it does not start.
func (w *datasourceWriter) checkReferences(references []datasourceReference) {
	var known []string
	for _, d := range w.datasourcesInTheEnd() {
		if d.jndi != "" && !slices.Contains(known, d.jndi) {
			known = append(known, d.jndi)
		}
	}
	all := w.sc.values[datasourcesSetting]
	allKnown := !all.Unread && !all.Open
	for _, r := range references {
		jndi := r.value.Text.Reveal()
		found := w.named(jndi)
		switch {
		case !slices.Contains(known, jndi) && allKnown:
			w.problem(r.value, w.referenceHint(jndi), "%s: no datasource has the JNDI name %q", r.setting, jndi)
		case len(found) > 1 && w.itemFor(jndi) == nil: // else it is reported with the item
			w.ambiguous(r.value, r.setting+": ", found)
		}
	}
}

// referenceHint tells what was probably meant by a JNDI name that no datasource has.
func (w *datasourceWriter) referenceHint(jndi string) string {
	var have []product.DatasourceName
	for _, d := range w.datasourcesInTheEnd() {
		have = append(have, product.DatasourceName{Name: d.name, JNDI: d.jndi})
	}
	return cmp.Or(product.JNDIHint(jndi, have), "the home has no datasources in "+w.home.DatasourceFile("*"))
}

// PresumedDatasources are the JNDI names of the datasources that a node of that role needs in its home: of those that its values name, which they
// do not define in full.
func (p *Profile) PresumedDatasources(role string, v Values) []string {
	sc := scope{profile: p, role: role, values: v}
	var presumed, defined []string
	for _, item := range sc.datasourceItems() {
		jndi := item[jndiField].Text.Reveal()
		_, elsewhere := item[fileField]
		if elsewhere || slices.ContainsFunc(datasourceNeeds, func(need string) bool { return item[need].Text.Reveal() == "" }) {
			presumed = append(presumed, jndi)
		}
		defined = append(defined, jndi)
	}
	for _, r := range sc.datasourceReferences() {
		if jndi := r.value.Text.Reveal(); !slices.Contains(defined, jndi) && !slices.Contains(presumed, jndi) {
			presumed = append(presumed, jndi)
		}
	}
	return presumed
}
