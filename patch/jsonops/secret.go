package jsonops

import (
	"regexp"

	"github.com/tailscale/hujson"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// namedValue is a name with a single value as they also stand in comments, and in what is not well-formed.
var namedValue = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"\s*:\s*("(?:[^"\\\n]|\\.)*"?|[^\s,}\]\["{]+)`)

// SensitiveSpans returns the half-open byte ranges of the values in src whose names say password, secret or the like, in comments,
// too, and of what lies at pointers. They are in no order and may overlap. What is not well-formed is read as far as it can be.
func SensitiveSpans(src []byte, pointers []string) [][2]int {
	var spans [][2]int
	for _, m := range namedValue.FindAllSubmatchIndex(src, -1) {
		if xmlops.Sensitive(string(src[m[2]:m[3]])) {
			spans = append(spans, inQuotes(src, [2]int{m[4], m[5]}))
		}
	}
	d, err := parse(src)
	if err != nil {
		return spans
	}
	note := func(v *hujson.Value) { spans = append(spans, inQuotes(src, [2]int{v.StartOffset, v.EndOffset})) }
	singles(&d.root, false, note)
	for _, pointer := range pointers {
		if p, wrong := d.find(pointer); wrong == nil {
			singles(p.value, true, note)
		}
	}
	return spans
}

// singles calls note for each single value below v that is secret: all of them, or those that a name says so of.
func singles(v *hujson.Value, secret bool, note func(*hujson.Value)) {
	switch c := v.Value.(type) {
	case *hujson.Object:
		for i := range c.Members {
			m := &c.Members[i]
			singles(&m.Value, secret || xmlops.Sensitive(memberName(m)), note)
		}
	case *hujson.Array:
		for i := range c.Elements {
			singles(&c.Elements[i], secret, note)
		}
	default:
		if secret {
			note(v)
		}
	}
}

// inQuotes leaves out the quotes of a string.
func inQuotes(src []byte, span [2]int) [2]int {
	if src[span[0]] != '"' {
		return span
	}
	span[0]++
	if span[1] > span[0] && src[span[1]-1] == '"' {
		span[1]--
	}
	return span
}

// Enclosing returns the name of the innermost object or list that an offset of src lies in, "" for none.
func Enclosing(src []byte, offset int) string {
	d, err := parse(src)
	if err != nil {
		return ""
	}
	name, v := "", &d.root
	for {
		inner, innerName := holding(v, offset)
		if inner == nil {
			return name
		}
		if innerName != "" {
			name = innerName
		}
		v = inner
	}
}

// holding returns the object or list right below v that an offset lies in, with its name as it is written, or nil.
func holding(v *hujson.Value, offset int) (inner *hujson.Value, name string) {
	holds := func(v *hujson.Value) bool {
		_, single := v.Value.(hujson.Literal)
		return !single && v.StartOffset < offset && offset < v.EndOffset
	}
	switch c := v.Value.(type) {
	case *hujson.Object:
		for i := range c.Members {
			if m := &c.Members[i]; holds(&m.Value) {
				return &m.Value, string(m.Name.Value.(hujson.Literal))
			}
		}
	case *hujson.Array:
		for i := range c.Elements {
			if e := &c.Elements[i]; holds(e) {
				return e, ""
			}
		}
	}
	return nil, ""
}
