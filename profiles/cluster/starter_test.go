package cluster

import (
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles"
)

func open(t *testing.T, name string) *profiles.Profile {
	t.Helper()
	p, err := profiles.Open(name)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	return p
}

// nodeNamesIn are the names of the nodes in a cluster file.
func nodeNamesIn(t *testing.T, text string) []string {
	t.Helper()
	var file struct{ Nodes yaml.Node }
	if err := yaml.Unmarshal([]byte(text), &file); err != nil || len(file.Nodes.Content) == 0 {
		t.Fatalf("no nodes: %v", err)
	}
	var names []string
	for i := 0; i < len(file.Nodes.Content); i += 2 {
		names = append(names, file.Nodes.Content[i].Value)
	}
	return names
}

func firstNode(t *testing.T, text string) string {
	t.Helper()
	return nodeNamesIn(t, text)[0]
}

// A starter is valid as it is, for every profile.
func TestStarterResolves(t *testing.T) {
	t.Parallel()
	for _, name := range profiles.Names() {
		text := string(Starter(open(t, name), name))
		node := resolve(t, Request{Files: files(text), Node: firstNode(t, text)})
		if node.Profile.Name != name || len(node.Notes) > 0 || node.Values[membersSetting].Origin != profiles.FromMembers {
			t.Errorf("%s: got %+v", name, node)
		}
	}
}

// commentedOut is a # that stands before a setting, with no blank behind it.
var commentedOut = regexp.MustCompile(`(?m)^( *)#([^# \n])`)

// uncomment takes away what comments settings out.
func uncomment(text string) string { return commentedOut.ReplaceAllString(text, "$1$2") }

// All that a starter has commented out is valid too, and no setting of the profile is left out.
func TestStarterUncommented(t *testing.T) {
	t.Parallel()
	for _, name := range profiles.Names() {
		p := open(t, name)
		text := uncomment(string(Starter(p, name)))
		node := resolve(t, Request{Files: files(text), Node: firstNode(t, text), SkipSecrets: true})
		for _, s := range p.Settings {
			if !regexp.MustCompile(`(?m)^ +` + regexp.QuoteMeta(s.Name) + `:`).MatchString(text) {
				t.Errorf("%s: %s is not in the starter", name, s.Name)
			}
			if _, ok := node.Values[s.Name]; !ok {
				t.Errorf("%s: %s has no value", name, s.Name)
			}
		}
	}
}

// Every example is one for a setting of an embedded profile, which takes it, and is in its starter.
func TestStarterExamples(t *testing.T) {
	t.Parallel()
	types := map[string]profiles.Type{}
	var starters strings.Builder
	for _, name := range profiles.Names() {
		p := open(t, name)
		starters.Write(Starter(p, name))
		for _, s := range p.Settings {
			types[s.Name] = s.Type
			for _, f := range s.Type.Fields {
				types[s.Part(f.Name)] = f.Type
			}
		}
	}
	for name, text := range examples {
		valueType, ok := types[name]
		if !ok || valueType.Check(text) != "" || !strings.Contains(starters.String(), quoted(text)) {
			t.Errorf("%s: %s is no example for %v", name, text, valueType)
		}
	}
}

// A profile of one's own with every type.
func TestStarterTypes(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/mine.yaml"
	write(t, file, `
profile: mine
title: A profile with every type
settings:
  text: {type: text, required: true, doc: A text that must be given.}
  ip: {type: ip, phase: node, required: true, doc: An address.}
  int: {type: int 5..7, required: true, doc: A number.}
  low: {type: int ..0, doc: None above zero.}
  enum: {type: "enum [b, c]", required: true, doc: One of two.}
  size: {type: size, default: 1g, required: true, roles: [one], doc: A size.}
  hosts: {type: list of hosts, required: true, doc: Hosts.}
  base: {type: "list keyed by name of {name word, pass text secret, size int, more text}", doc: Bases with passwords.}
  map: {type: map, doc: Any.}
  both: {type: url, default: "http://$(ip):$(int)/", doc: "Made of two others, in words that are so many that they do not fit into one line of a file of this width."}
  secret: {type: text, secret: true, env: A_SECRET, required: {enum: b}, doc: A secret.}
roles: {one: {text: first}, two: {}}
`)
	got := string(Starter(open(t, file), "./mine.yaml"))
	golden(t, "testdata/starter.yaml", got)
	resolve(t, Request{Files: files(got), Profile: file, Node: "one1", SkipSecrets: true})
	node := resolve(t, Request{Files: files(uncomment(got)), Profile: file, Node: "two2", SkipSecrets: true})
	expect(t, "https://host.example.com/path", node.Values["both"].Text.Reveal())
}
