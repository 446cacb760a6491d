package profiles

import (
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	values := map[string]result{
		"a":      {text: secret.New("A")},
		"b.c":    {text: secret.New("BC"), secret: true},
		"gone":   {state: unset},
		"nobody": {state: none},
	}
	lookup := func(p part) result {
		if p.field {
			return result{text: secret.New("field " + p.name)}
		}
		return values[p.name]
	}
	tests := []struct {
		in   string
		want result
	}{
		{"", result{}},
		{"plain $ ${carbon.home} $a", result{text: secret.New("plain $ ${carbon.home} $a")}},
		{"$(a)", result{text: secret.New("A")}},
		{"<$(a)-$(b.c)>", result{text: secret.New("<A-BC>"), secret: true}},
		{"$(.x)", result{text: secret.New("field x")}},
		{"$$(a)", result{text: secret.New("$(a)")}},
		{"$$$(a)", result{text: secret.New("$$(a)")}},
		{"ä$(a)ö", result{text: secret.New("äAö")}},
		{"$(a)$(gone)", result{state: unset}},
		{"$(gone)", result{state: unset}},
		{"$(nobody)", result{state: none}},
		{"$(nobody)$(a)", result{state: none}},
		{"$(a)$(nobody)", result{state: unset}},
		{"$(gone)$(nobody)", result{state: unset}},
	}
	for _, tt := range tests {
		tmpl, err := parseTemplate(tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if got := tmpl.expand(lookup); got != tt.want {
			t.Errorf("%q: got %+v, want %+v", tt.in, got, tt.want)
		}
		again, err := parseTemplate(tmpl.String())
		if err != nil || again.String() != tmpl.String() {
			t.Errorf("%q is written as %q", tt.in, tmpl.String())
		}
	}
}

func TestTemplateRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]textError{
		"a $(b":    {"$(", "$( has no closing )"},
		"$()":      {"$()", "$(...) must hold the name of a setting"},
		"$(a b)":   {"$(a b)", "$(...) must hold the name of a setting"},
		"$(a..b)":  {"$(a..b)", "$(...) must hold the name of a setting"},
		"$(a) $(,": {"$(", "$( has no closing )"},
	} {
		if _, err := parseTemplate(in); err == nil || *err != want {
			t.Errorf("%q: got %v, want %v", in, err, want)
		}
	}
}

func TestSelectorExpand(t *testing.T) {
	t.Parallel()
	lookup := func(p part) result {
		return map[string]result{
			"quote":  {text: secret.New("it's")},
			"quotes": {text: secret.New(`it's "`)},
			"name":   {text: secret.New("n[1]/@x"), secret: true},
			"gone":   {state: unset},
		}[p.name]
	}
	tests := []struct{ in, want, wantErr string }{
		{"/a/b", "/a/b", ""},
		{"/a[@k='v']/@x", "/a[@k='v']/@x", ""},
		{"/a[@k='$(name)'][b=\"x\"]", "/a[@k='n[1]/@x'][b='x']", ""},
		{"/a[@k='$(quote)']", `/a[@k="it's"]`, ""},
		{"/a[@k='$(quotes)']", "", "a value that is used in a selector can't hold both kinds of quotes"},
		{"/a[@k='$(gone)']", "", ""},
	}
	for _, tt := range tests {
		sel, err := parseSelector(tt.in)
		if err != nil {
			t.Fatal(err)
		}
		got, r, err := sel.expand(lookup)
		gotErr := ""
		if err != nil {
			gotErr = err.Error()
		}
		if r.text.Reveal() != tt.want || gotErr != tt.wantErr || tt.want != "" && got.String() != tt.want {
			t.Errorf("%q: got %q, %q, want %q, %q", tt.in, r.text, gotErr, tt.want, tt.wantErr)
		}
	}
}

func TestSelectorElement(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/a/b/@c":                "/a/b",
		"/a[@k='/@x']":           "/a[@k='/@x']",
		"/a[@k='$(x)']/@c":       "/a[@k='$(x)']",
		"/a[@k='v'][not(@c)]":    "/a[@k='v'][not(@c)]",
		`/a[@k="it's"]/b/@value`: `/a[@k="it's"]/b`,
	} {
		sel, err := parseSelector(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := sel.element().String(); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
