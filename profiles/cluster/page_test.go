package cluster

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/profiles"
)

// A comment stays in its lines, whatever it says.
func TestComment(t *testing.T) {
	t.Parallel()
	var p page
	p.comment("  ", "a\nb \x1b[31m "+strings.Repeat("long ", 20)+strings.Repeat("x", pageWidth))
	expect(t, "  # a b \uFFFD[31m"+strings.Repeat(" long", 17)+"\n  # long long long\n  # "+strings.Repeat("x", pageWidth)+"\n", p.String())
}

// A list is in one line where it is short and nothing of it is commented out.
func TestList(t *testing.T) {
	t.Parallel()
	items := profiles.Type{Name: "list"}
	bare := profiles.Type{Name: "list", Bare: true}
	long := strings.Repeat("x", pageWidth)
	tests := []struct {
		name, mark string
		t          profiles.Type
		items      []item
		want       string
	}{
		{"short", "", items, []item{{{name: "a", text: "1"}, {name: "b", text: "2"}}, {{name: "a", text: "3"}}}, "  l: [{a: 1, b: 2}, {a: 3}]\n"},
		{"a field is commented out", "", items, []item{{{name: "a", text: "1"}}, {{name: "a", text: "2"}, {name: "b", text: "3", leftOut: true}}}, "  l:\n    - {a: 1}\n    - a: 2\n      #b: 3\n"},
		{"long", "#", items, []item{{{name: "a", text: "1"}, {name: "b", text: long}}}, "  #l:\n    #- a: 1\n      #b: " + long + "\n"},
		{"single values", "#", bare, []item{{{name: "value", text: "1"}}, {{name: "value", text: "2"}}}, "  #l: [1, 2]\n"},
		{"long single values", "", bare, []item{{{name: "value", text: "1"}}, {{name: "value", text: long}}}, "  l:\n    - 1\n    - " + long + "\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var p page
			p.list("  ", tt.mark, "l", tt.t, tt.items)
			expect(t, tt.want, p.String())
		})
	}
}

// What is written as a literal is read as itself.
func TestLiteralText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a": "a", "file:///srv/svn": "file:///srv/svn", "none": "literal:none", "env:HOME": "literal:env:HOME", "fact:ip": "literal:fact:ip",
		"file:/a": "literal:file:/a", "literal:a": "literal:literal:a", "": `""`,
	} {
		expect(t, want, literalText(text))
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "a", "null", "Null", "~", "true", "0123", "1e3", "a b", "a:b", "a: b", "a #b", "#a", "- a", "-", "a,b", "{a}", "[a]", "a]", "'a'", `"a"`,
		`a\b`, "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "?", "? a", "a:", ":a", "http://h:80/p?q=1&r=[x]", "${a}", "ä", "\ta", "a ", " a", "<<", "=", "2001:db8::1", "10.0.0.2-10",
	} {
		for _, form := range []string{"k: %", "k: [%]", "k: {l: %, m: x}", "k: [{l: %}]"} {
			line := strings.Replace(form, "%", quoted(text), 1)
			var doc yaml.Node
			if err := yaml.Unmarshal([]byte(line), &doc); err != nil {
				t.Errorf("%s: %v", line, err)
				continue
			}
			n := doc.Content[0].Content[1]
			for n.Kind != yaml.ScalarNode {
				n = n.Content[min(1, len(n.Content)-1)]
			}
			if n.Value != text || n.Tag == "!!null" {
				t.Errorf("%s is read as %s %q", line, n.Tag, n.Value)
			}
		}
	}
}
