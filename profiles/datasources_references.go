package profiles

import (
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
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
	allKnown := !w.sc.values[datasourcesSetting].Unread
	for _, r := range references {
		jndi := r.value.Text.Reveal()
		found := w.named(jndi)
		switch {
		case !slices.Contains(known, jndi) && allKnown:
			w.problem(r.value, w.referenceHint(jndi, known), "%s: no datasource has the JNDI name %q", r.setting, jndi)
		case len(found) > 1 && w.itemFor(jndi) == nil: // else it is reported with the item
			w.ambiguous(r.value, r.setting+": ", found)
		}
	}
}

// referenceHint tells what was probably meant by a JNDI name that no datasource has. Guide 003 takes the name of a datasource
// for the end of its JNDI name.
func (w *datasourceWriter) referenceHint(jndi string, known []string) string {
	for _, d := range w.datasourcesInTheEnd() {
		if d.name != "" && d.jndi != "" && (jndi == d.name || jndi == "jdbc/"+d.name) {
			return fmt.Sprintf("%s is the name of a datasource, whose JNDI name is %s", d.name, d.jndi)
		}
	}
	if len(known) == 0 {
		return "the home has no datasources in " + w.home.DatasourceFile("*")
	}
	if near := nearestJNDI(jndi, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "there are " + strings.Join(known, ", ")
}

// nearestJNDI is the one of known that was probably meant, or "". The beginning that most have in common is no likeness.
func nearestJNDI(jndi string, known []string) string {
	const common = "jdbc/"
	ends := make([]string, len(known))
	for i, name := range known {
		ends[i] = strings.TrimPrefix(name, common)
	}
	if i := xmlops.Nearest(strings.TrimPrefix(jndi, common), ends); i >= 0 {
		return known[i]
	}
	return ""
}
