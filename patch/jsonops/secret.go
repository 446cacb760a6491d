package jsonops

import (
	"bytes"
	"slices"

	"github.com/tailscale/hujson"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// SensitiveSpans returns the half-open byte ranges in src of what is secret: the values whose names say password, secret or the like, what
// [xmlops.SensitiveText] finds in comments and in strings, and what lies at pointers. They are in no order and may overlap. What is not
// well-formed is read as a text.
func SensitiveSpans(src []byte, pointers []string) [][2]int {
	d, err := parse(src)
	if err != nil {
		return xmlops.SensitiveText(string(src))
	}
	var spans [][2]int
	for _, m := range bracket.FindAllIndex(src, -1) {
		lo, hi := m[0], m[1]
		switch {
		case src[lo] == '"':
			lo, hi = lo+1, hi-1
		case bytes.HasPrefix(src[lo:hi], []byte("/*")):
			lo, hi = lo+2, hi-2
		}
		for _, span := range xmlops.SensitiveText(string(src[lo:hi])) {
			spans = append(spans, [2]int{lo + span[0], lo + span[1]})
		}
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
			singles(&m.Value, secret || secretMember(c, memberName(m)), note)
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

// secretMember reports whether the members of that name are secret: by the name, or as the value of what another one names.
func secretMember(o *hujson.Object, name string) bool {
	return xmlops.Sensitive(name) || xmlops.IsValue(name) && slices.ContainsFunc(o.Members, func(m hujson.ObjectMember) bool {
		named, _ := m.Value.Value.(hujson.Literal)
		return named.Kind() == '"' && xmlops.IsNaming(memberName(&m)) && xmlops.Sensitive(named.String())
	})
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
