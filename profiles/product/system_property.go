package product

import "github.com/carbonpatch/carbonpatch/xmlops"

// systemProperties are the names in ${name} of the texts in e and below it, each at the place of the whole. In attributes they stay as they
// are (CarbonUtils.java:1091-1174).
func systemProperties(f *File, e xmlops.Element) []Value {
	var all []Value
	for _, s := range e.Strings() {
		text := Value{Place: Place{f, s.Lo, s.Hi}}
		for _, name := range References(s.Text) {
			all = append(all, Value{Place: text.Within("${" + name + "}"), Text: name, Given: true})
		}
	}
	for _, c := range e.Children() {
		all = append(all, systemProperties(f, c)...)
	}
	return all
}
