package profiles

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

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
	single := func(n *yaml.Node, secret bool) Value {
		v := Value{Text: n.Value, Secret: secret, Place: strictyaml.Place{Document: doc, Node: n}}
		if v.None = v.Text == None; v.None {
			v.Text = ""
		}
		return v
	}
	if e.Value.Kind == yaml.ScalarNode {
		return single(e.Value, s.Secret)
	}
	v := Value{Place: strictyaml.Place{Document: doc, Node: e.Key}}
	if s.Type.Name == "map" {
		for _, inner := range doc.Entries(e.Value, s.Name) {
			v.Items = append(v.Items, map[string]Value{mapKey: single(inner.Key, false), mapValue: single(inner.Value, false)})
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

// applyOnce writes what p wants to the home and returns the plan.
func applyOnce(t *testing.T, p *Profile, role string, v Values, home *product.Home) *patch.Plan {
	t.Helper()
	made, err := p.Patch(role, v, home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	plan, err := patch.Make(home.Dir, made)
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

// readHome is the text of a file of the home.
func readHome(t *testing.T, home *product.Home, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(home.Dir, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
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

// A profile of one's own may declare the settings of a feature as something else, or not at all; nothing comes of it then.
func TestFeaturesWithOtherSettings(t *testing.T) {
	t.Parallel()
	for _, settings := range []string{
		"{}",
		"{datasources: {type: text}, parameters: {type: text}, membershipScheme: {type: map}, registry.cacheId: {type: map}, registry.sharedDatasource: {type: word}}",
		"{datasources: {type: 'list of word'}, parameters: {type: 'list of word'}, registry.dbConfig: {type: map}}",
		"{datasources: {type: map}, registry.configTarget: {type: map}}",
	} {
		p := mustParse(t, "profile: x\nfeatures: [membership-scheme, datasources, registry]\nroles: {one: {}}\nsettings: "+settings+"\n")
		files := map[string]string{"conf/axis2/axis2.xml": strings.Replace(membershipAxis2, "licenseKey", "membershipSchemeClassName", 1), "conf/registry.xml": registryHome["conf/registry.xml"]}
		maps.Copy(files, datasourceHome)
		home := writeHome(t, files)
		values := Values{}
		for _, s := range p.Settings {
			values[s.Name] = Value{Text: "jdbc/Local", Items: []map[string]Value{{"value": {Text: "x"}}}}
			if s.Type.Single() {
				values[s.Name] = Value{Text: "jdbc/Local"}
			}
		}
		if _, err := p.Patch("one", values, home); err != nil {
			t.Error(problemtest.Report(err))
		}
		if _, err := p.Inspect(home); err != nil {
			t.Error(problemtest.Report(err))
		}
	}
}
