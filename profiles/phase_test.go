package profiles

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// What an image leaves to the node: addresses and secrets, and nothing else.
func TestPhases(t *testing.T) {
	t.Parallel()
	late := map[string]string{}
	for _, s := range mustOpen(t, "es").Settings { // it has the settings of carbon, and its own
		if phases := s.Phases(); phases != ImagePhase {
			late[s.Name] = phases
		}
	}
	want := map[string]string{
		"localMemberHost":                    "node",
		"groupPassword":                      "node",
		"parameters":                         "image; node for what has a name like a secret, as vaultPassword",
		"aws.accessKey":                      "node",
		"aws.secretKey":                      "node",
		"deploymentSynchronizer.svnPassword": "node",
		"datasources":                        "image; node for password",
		"userManagement.adminPassword":       "node",
	}
	if diff := cmp.Diff(want, late); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for _, name := range Names() {
		for _, s := range mustOpen(t, name).Settings {
			if s.Phases() != ImagePhase && want[s.Name] != s.Phases() {
				t.Errorf("%s of %s is known in the phase %s", s.Name, name, s.Phases())
			}
		}
	}
}

const waitingProfile = `
profile: p
settings:
  host: {type: host, phase: node}
  key: {type: word, secret: true}
  name: {type: word}
  made: {type: text, default: "$(name)-$(host)"}
  list: {type: "list keyed by id of {id word required, pass text secret, size int}"}
roles: {r: {}}
files:
  a.xml:
    - {set: /a/host, to: $(host), create: true}
    - {set: /a/made, to: $(made), create: true}
    - {set: /a/name, to: $(name), create: true, when: {key: set}}
    - {remove: /a/old, when: {key: set}}
    - {comment: /a/none, when: {key: unset}}
    - {set: "/a/with[@k='$(host)']", to: x, create: true}
    - {set: /a/beside, to: x, create: true, unless: "/a/x[@k='$(host)']"}
    - ensure: /a/all
      xml: <all><host>$(host)</host><name>$(name)</name></all>
    - ensure: /a/attributes
      xml: <attributes host="$(host)" name="$(name)"/>
    - ensure: /a/alone
      xml: <alone><in><host>$(host)</host></in></alone>
    - ensure: /a/item[@id='$(.id)']
      each: $(list)
      xml: <item id="$(.id)"><pass>$(.pass)</pass><size>$(.size)</size></item>
    - {set: /a/last, to: $(name), create: true}
  b.json:
    - {json: /host, to: $(host)}
    - {json: /name, to: $(name)}
`

// What depends on something open waits: values, what is put together from them, conditions, keys, exceptions and parts of fragments.
func TestOpen(t *testing.T) {
	t.Parallel()
	p := mustParse(t, waitingProfile)
	known := func(text string) Value { return Value{Text: secret.New(text)} }
	open := Value{Open: true}
	values, wrong := p.Complete("r", Values{
		"host": open, "key": {Open: true, Secret: true}, "name": known("n"),
		"list": {Items: []map[string]Value{
			{"id": known("i"), "pass": {Open: true, Secret: true}, "size": known("1")},
			{"id": {Text: secret.New("j"), Open: true}, "size": {Open: true}},
		}},
	})
	if wrong != nil {
		t.Fatal(wrong)
	}
	if diff := cmp.Diff([]string{"host", "key", "made", "list[i].pass", "list[j]"}, p.Open("r", values)); diff != "" {
		t.Errorf("open: -want +got\n%s", diff)
	}
	home := writeHome(t, map[string]string{
		"conf/a.xml":  "<a>\n    <first/>\n    <host>shipped</host>\n    <old/>\n    <none/>\n    <item id=\"j\"/>\n</a>\n",
		"conf/b.json": `{"host": "shipped", "name": "shipped"}`,
	})
	made, err := p.Patch("r", values, home)
	if err != nil {
		t.Fatal(err)
	}
	var waits, acts []string
	for _, op := range made.Files[0].Ops {
		if op.Waits {
			waits = append(waits, op.Select.String())
		} else {
			acts = append(acts, op.Verb.String()+" "+op.Select.String())
		}
	}
	if diff := cmp.Diff([]string{"/a/host", "/a/made", "/a/name", "/a/with[@k='']", "/a/beside", "/a/attributes", "/a/alone", "/a/item[@id='']"}, waits); diff != "" {
		t.Errorf("waits: -want +got\n%s", diff)
	}
	if diff := cmp.Diff([]string{"ensure /a/all", "ensure /a/item[@id='i']", "set /a/last"}, acts); diff != "" {
		t.Errorf("acts: -want +got\n%s", diff)
	}
	if json := made.Files[1].JSON; len(json) != 1 || json[0].Pointer != "/name" {
		t.Errorf("in JSON: %+v", json)
	}
	plan, err := patch.Make(home.Dir, made)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(plan.Files[0].Changes, func(c patch.Change) bool { return c.Kind == xmlops.Removed || c.Kind == xmlops.CommentedOut }) {
		t.Errorf("something is taken away: %s", plan.Diff(patch.Shown))
	}
}

// What secure vault keeps is left alone, and holds its place. A file with nothing else in it is none of those that are patched.
func TestKeptPlace(t *testing.T) {
	t.Parallel()
	p := mustParse(t, `
profile: p
settings:
  key: {type: word, secret: true}
  name: {type: word}
roles: {r: {}}
files:
  a.xml:
    - {set: /a/key, to: $(key), create: true}
    - {set: /a/name, to: $(name), create: true}
  b.xml:
    - {set: /a/key, to: $(key), create: true}
`)
	home := writeHome(t, map[string]string{"conf/a.xml": "<a>\n    <key>kept</key>\n    <other/>\n</a>\n", "conf/b.xml": "<a>\n    <!--key>kept</key-->\n</a>\n"})
	values := Values{"key": {Unread: true, Kept: true, Secret: true}, "name": {Text: secret.New("n")}}
	expect(t, `
conf/a.xml
+    <name>n</name>`, diffText(applyTwice(t, p, "r", values, home)))
	expect(t, "<a>\n    <key>kept</key>\n    <name>n</name>\n    <other/>\n</a>\n", readHome(t, home, "conf/a.xml"))
	made, err := p.Patch("r", values, home)
	if err != nil {
		t.Fatal(err)
	}
	if len(made.Files) != 1 || made.Files[0].Paths[0] != "conf/a.xml" {
		t.Errorf("files: %+v", made.Files)
	}
}
