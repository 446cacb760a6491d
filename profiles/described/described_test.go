package described

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
)

func resolve(t *testing.T, name, text string) []*cluster.Node {
	t.Helper()
	nodes, err := cluster.ResolveAll(cluster.Request{Files: []cluster.Source{{Name: name, Data: []byte(text)}}})
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	return nodes
}

// oneByOne calls f for each number.
func oneByOne(n int, f func(int)) {
	for i := range n {
		f(i)
	}
}

// commentedOut is a # that stands before a setting, with no blank behind it.
var commentedOut = regexp.MustCompile(`(?m)^( *)#([^# \n])`)

// TestSkeleton makes sure that all operations of the profiles fit the home: with all settings that there are, nothing of a patch is left out.
func TestSkeleton(t *testing.T) {
	t.Parallel()
	for _, name := range profiles.Names() {
		p, err := profiles.Open(name)
		if err != nil {
			t.Fatal(problemtest.Report(err))
		}
		text := commentedOut.ReplaceAllString(string(cluster.Starter(p, name)), "$1$2")
		for _, n := range resolve(t, name, text) {
			home := skeleton(n)
			want, err := n.Profile.Patch(n.Role, n.Values, home)
			if err != nil {
				t.Fatalf("%s, %s: %s", name, n.Name, problemtest.Report(err))
			}
			dir := t.TempDir()
			for path, data := range home.Files {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, path)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, path), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			plan, err := patch.Make(dir, want)
			if err != nil {
				t.Fatalf("%s, %s: %s", name, n.Name, problemtest.Report(err))
			}
			for i, f := range patch.MakeIn(home.Files, want).Files {
				if string(f.After) != string(plan.Files[i].After) {
					t.Errorf("%s, %s: %s is not as it would be in a home", name, n.Name, f.Path)
				}
			}
		}
	}
}

// TestWritten makes sure that every setting that changes something is found again, at its text.
func TestWritten(t *testing.T) {
	t.Parallel()
	for _, name := range profiles.Names() {
		p, err := profiles.Open(name)
		if err != nil {
			t.Fatal(problemtest.Report(err))
		}
		text := commentedOut.ReplaceAllString(string(cluster.Starter(p, name)), "$1$2")
		for _, c := range resolve(t, name, text) {
			n := newNode(c)
			for path, plan := range n.plans {
				found := map[string]bool{}
				for _, w := range c.Profile.Written(c.Role, c.Values, n.Home, path) {
					found[w.Setting] = true
					if at := string(plan.After[w.Lo:w.Hi]); !strings.Contains(at, w.Value.Text.Reveal()) {
						t.Errorf("%s, %s, %s: %s is %q, not %q", name, c.Name, path, w.Setting, at, w.Value.Text.Reveal())
					}
				}
				for _, change := range plan.Changes {
					if v, ok := c.Values[change.Setting]; ok && !v.None && !found[change.Setting] {
						t.Errorf("%s, %s, %s: %s is not found", name, c.Name, path, change.Setting)
					}
				}
			}
		}
	}
}

// TestExamples makes sure that nothing bad is found in what the repository shows to people.
func TestExamples(t *testing.T) {
	t.Parallel()
	texts := map[string]string{}
	for _, pattern := range []string{"../../examples/*.yaml", "../../cmd/carbonpatch/demo/cluster.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || files == nil {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts[file] = string(data)
		}
	}
	for _, name := range profiles.Names() {
		p, err := profiles.Open(name)
		if err != nil {
			t.Fatal(problemtest.Report(err))
		}
		texts["starter of "+name] = string(cluster.Starter(p, name))
	}
	for name, text := range texts {
		_, findings := Check(resolve(t, name, text), oneByOne)
		for _, f := range findings {
			if f.Severity == lint.Error {
				t.Errorf("%s:%d: %s [%s]", name, f.Place.Position().Line, f.Message, f.Rule.ID)
			}
		}
	}
}

// TestOthers makes sure that what a home may have, and the description does not write, is not told of what the description says elsewhere.
func TestOthers(t *testing.T) {
	t.Parallel()
	nodes := resolve(t, "c.yaml", `
version: 1
profile: ei
settings:
  domain: my.domain
  httpsProxyPort: 443
  hostName: ei.example.com
  wsdlEPRPrefix.http: http://ei.example.com:80
  members: [{host: 10.0.0.1, port: 4000}, {host: 10.0.0.2, port: 4000}]
nodes:
  a: {role: node, localMemberHost: 10.0.0.1, mgtHostName: console.example.com}
  b: {role: node, localMemberHost: 10.0.0.2}
`)
	_, findings := Check(nodes, oneByOne)
	for _, f := range findings {
		t.Errorf("%s:%d: %s [%s]", f.Place.File.Path, f.Place.Position().Line, f.Message, f.Rule.ID)
	}
}

// TestUnknown makes sure that nothing is told of what nobody knows: addresses, and domains that may be the same.
func TestUnknown(t *testing.T) {
	t.Parallel()
	nodes := resolve(t, "c.yaml", `
version: 1
profile: ei
settings:
  members: [{host: 10.0.0.8-9, port: 4000}, {host: 10.0.0.2, port: 4000}]
nodes:
  a: {role: node, localMemberHost: fact:ip, domain: env:DOMAIN, mgtHostName: env:CONSOLE}
  b: {role: node, localMemberHost: 10.0.0.2, domain: my.domain, mgtHostName: console.example.com}
  c: {role: node, localMemberHost: fact:ip, domain: my.domain, mgtHostName: console.example.com}
`)
	_, findings := Check(nodes, oneByOne)
	for _, f := range findings {
		t.Errorf("%s:%d: %s [%s]", f.Place.File.Path, f.Place.Position().Line, f.Message, f.Rule.ID)
	}
}
