package profiles

import (
	"regexp"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// template is a text in which $(name) stands for a setting, $(.field) for a field of the item that an op is repeated for, and $$(
// for $( itself. Everything else, ${...} included, is as it is.
type template struct {
	parts []part
}

// part is a piece of plain text, or a reference where name is given.
type part struct {
	text  string
	name  string // without the dot where field is true
	field bool
}

// String is the reference as it is written.
func (p part) String() string {
	switch {
	case p.name == "":
		return strings.ReplaceAll(p.text, "$(", "$$(")
	case p.field:
		return "$(." + p.name + ")"
	}
	return "$(" + p.name + ")"
}

// textError is a mistake in a text of a profile.
type textError struct {
	part string // what is wrong, as the text has it
	msg  string
}

var referenceName = regexp.MustCompile(`^\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

func parseTemplate(s string) (template, *textError) {
	var t template
	var plain strings.Builder
	for s != "" {
		switch {
		case strings.HasPrefix(s, "$$("):
			plain.WriteString("$(")
			s = s[3:]
		case strings.HasPrefix(s, "$("):
			name, rest, closed := strings.Cut(s[2:], ")")
			if !closed {
				return t, &textError{"$(", "$( has no closing )"}
			}
			if !referenceName.MatchString(name) {
				return t, &textError{"$(" + name + ")", "$(...) must hold the name of a setting"}
			}
			t.addPlain(&plain)
			field, isField := strings.CutPrefix(name, ".")
			t.parts = append(t.parts, part{name: field, field: isField})
			s = rest
		default:
			next := strings.IndexByte(s[1:], '$')
			if next < 0 {
				next = len(s) - 1
			}
			plain.WriteString(s[:next+1])
			s = s[next+1:]
		}
	}
	t.addPlain(&plain)
	return t, nil
}

// String is t as a profile writes it.
func (t template) String() string {
	var b strings.Builder
	for _, p := range t.parts {
		b.WriteString(p.String())
	}
	return b.String()
}

func (t *template) addPlain(plain *strings.Builder) {
	if plain.Len() > 0 {
		t.parts = append(t.parts, part{text: plain.String()})
		plain.Reset()
	}
}

// refs are the references of t in the order of the text.
func (t template) refs() []part {
	var refs []part
	for _, p := range t.parts {
		if p.name != "" {
			refs = append(refs, p)
		}
	}
	return refs
}

// extract returns the one setting that t names, and what of text stands in its place. It is not ok where t names none or several, or
// text is nothing that t can become.
func (t template) extract(text string) (name, value string, ok bool) {
	for _, p := range t.parts {
		switch {
		case p.field, p.name != "" && name != "":
			return "", "", false
		case p.name != "":
			name = p.name
		case name == "":
			if text, ok = strings.CutPrefix(text, p.text); !ok {
				return "", "", false
			}
		default:
			if text, ok = strings.CutSuffix(text, p.text); !ok {
				return "", "", false
			}
		}
	}
	return name, text, name != ""
}

// state says what became of a template or value.
type state int

const (
	given state = iota // there is a text
	unset              // a part has no value
	none               // the value is none: what it would be written to must not exist
	open               // a part is known on the node only, and all others have a text
)

// result is an expanded template.
type result struct {
	text    secret.Text
	state   state
	secret  bool // the text holds a secret
	assumed bool // a part of it is
	unsure  bool // it is open, and there may be none
	kept    bool // secure vault keeps a part that was not read
}

// expand puts values in. The first reference is what the template is about, so it alone can make the result none.
func (t template) expand(lookup func(part) result) result {
	var out result
	var b strings.Builder
	first := true
	for _, p := range t.parts {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		r := lookup(p)
		switch {
		case r.state == none && first:
			out.state = none
		case r.state == open && out.state == given:
			out.state = open
		case (r.state == unset || r.state == none) && out.state != none:
			out.state = unset
		}
		first = false
		out.secret, out.assumed, out.unsure, out.kept = out.secret || r.secret, out.assumed || r.assumed, out.unsure || r.unsure, out.kept || r.kept
		if b.Len() <= maxText { // or values that name each other twice grow without end
			b.WriteString(r.text.Reveal())
		}
	}
	if out.state == given {
		out.text = secret.New(b.String())
	}
	return out
}

func (e *textError) Error() string { return e.msg }
