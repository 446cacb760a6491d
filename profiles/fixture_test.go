package profiles

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// What the tests of this package share: profiles from texts, homes from files, and what the one does to the other.

// parse loads a profile from a text.
func parse(text string) (*Profile, error) {
	doc, err := strictyaml.Parse("p.yaml", []byte(text))
	if err != nil {
		return nil, err
	}
	return newOpener().load(doc, []string{"p.yaml"})
}

func mustParse(t *testing.T, text string) *Profile {
	t.Helper()
	p, err := parse(text)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	return p
}

// mustOpen opens an embedded profile, or one in a file.
func mustOpen(t *testing.T, name string) *Profile {
	t.Helper()
	p, err := Open(name)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	return p
}

// describe reads values from a mapping of settings, with their places in c.yaml, and adds what the profile says itself.
func describe(t *testing.T, p *Profile, role, text string) Values {
	t.Helper()
	doc, err := strictyaml.Parse("c.yaml", []byte(text))
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	values := Values{}
	for _, e := range doc.Entries(doc.Root, "settings") {
		values[e.Key.Value] = describeValue(doc, p.Setting(e.Key.Value), e)
	}
	values, wrong := p.Complete(role, values)
	if wrong != nil {
		t.Fatal(wrong)
	}
	return values
}

func describeValue(doc *strictyaml.Document, s *Setting, e strictyaml.Entry) Value {
	single := func(n *yaml.Node, isSecret bool) Value {
		v := Value{Text: secret.New(n.Value), Secret: isSecret, Place: strictyaml.Place{Document: doc, Node: n}}
		if v.None = n.Value == None; v.None {
			v.Text = secret.Text{}
		}
		return v
	}
	if e.Value.Kind == yaml.ScalarNode {
		return single(e.Value, s.Secret)
	}
	v := Value{Place: strictyaml.Place{Document: doc, Node: e.Key}}
	if s.Type.Name == "map" {
		for _, inner := range doc.Entries(e.Value, s.Name) {
			v.Items = append(v.Items, map[string]Value{MapKey: single(inner.Key, false), MapValue: single(inner.Value, false)})
		}
		return v
	}
	for _, n := range doc.List(e.Value, s.Name) {
		item := map[string]Value{}
		for _, field := range doc.Entries(n, s.Name) {
			item[field.Key.Value] = single(field.Value, s.Type.Field(field.Key.Value).Secret)
		}
		v.Items = append(v.Items, item)
	}
	return v
}

// writeHome makes a home from files, by their paths below it.
func writeHome(t *testing.T, files map[string]string) *product.Home {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &product.Home{Dir: dir, ConfDir: "conf"}
}

// readHome is the text of a file of the home.
func readHome(t *testing.T, home *product.Home, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(home.Dir, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// planOf is what p wants of the home. Only the home can give the error.
func planOf(t *testing.T, p *Profile, role string, v Values, home *product.Home) (*patch.Plan, error) {
	t.Helper()
	made, err := p.Patch(role, v, home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	return patch.Make(home.Dir, made)
}

// problemsOf is what is wrong with settings, which [describe] reads, for a home of these files.
func problemsOf(t *testing.T, p *Profile, role, settings string, files map[string]string) string {
	t.Helper()
	_, err := p.Patch(role, describe(t, p, role, settings), writeHome(t, files))
	return problemtest.Report(err)
}

// applyOnce writes what p wants to the home and returns the plan.
func applyOnce(t *testing.T, p *Profile, role string, v Values, home *product.Home) *patch.Plan {
	t.Helper()
	plan, err := planOf(t, p, role, v, home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	for _, f := range plan.Files {
		if err := os.WriteFile(filepath.Join(home.Dir, f.Path), f.After, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return plan
}

// applyTwice does so twice, and fails where the second time changes something.
func applyTwice(t *testing.T, p *Profile, role string, v Values, home *product.Home) *patch.Plan {
	t.Helper()
	plan := applyOnce(t, p, role, v, home)
	if again := applyOnce(t, p, role, v, home); again.Changed() {
		t.Errorf("a second time changes\n%s", again.Diff(patch.Shown))
	}
	return plan
}

// diffText is the diff of a plan without the lines that name files and places.
func diffText(plan *patch.Plan) string {
	var b strings.Builder
	for line := range strings.Lines(string(plan.Diff(patch.Shown))) {
		if strings.HasPrefix(line, "+++ b/") {
			b.WriteString(strings.TrimPrefix(line, "+++ b/"))
		} else if !strings.HasPrefix(line, "---") && !strings.HasPrefix(line, "@@") && !strings.HasPrefix(line, " ") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func expect(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(got)); diff != "" {
		t.Errorf("-want +got\n%s\ngot:\n%s", diff, got)
	}
}
