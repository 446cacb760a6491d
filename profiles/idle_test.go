package profiles

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// A value that was given and that the conditions of all its operations leave out is told of.
func TestIdleNotes(t *testing.T) {
	t.Parallel()
	p := mustParse(t, `
profile: x
features: [start-script]
roles: {one: {preset: x}, two: {}}
settings:
  on: {type: bool}
  kind: {type: word, default: a}
  late: {type: word, phase: node}
  a: {type: text}
  b: {type: text}
  c: {type: text}
  d: {type: text, roles: [two]}
  e: {type: text}
  f: {type: text, default: $(e)}
  g: {type: text}
  h: {type: text}
  l: {type: "list of {host host}"}
  preset: {type: text}
  free: {type: text}
  fed: {type: text}
  key: {type: text}
  jvm.xmx: {type: size}
files:
  f.xml:
    - {set: /x/a, to: $(a), when: {on: set, kind: [b, c]}}
    - {set: /x/b, to: $(b), when: {on: set}}
    - {set: /x/b2, to: $(b), when: {kind: a}}
    - {ensure: /x/c, xml: <c v="$(c)"/>, when: {kind: "!a"}}
    - {set: /x/d, to: $(d), when: {on: set}}
    - {set: /x/e, to: $(e), when: {on: set}}
    - {set: /x/xmx, to: $(jvm.xmx), when: {on: set}}
    - {set: /x/g, to: $(g), when: {role: two}}
    - {set: /x/h, to: $(h), when: {late: set}}
    - {list: /x/l, each: $(l), xml: <l>$(.host)</l>, when: {on: set}}
    - {set: /x/p, to: $(preset), when: {on: set}}
    - {set: /x/free, to: $(free)}
    - {set: /x/key, to: $(key), when: {on: set}}
    - {remove: "/x[@k='$(key)']"}
`)
	tests := []struct {
		name, role, given string
		origin            Origin
		open              bool
		want              string
	}{
		{"two conditions", "one", "a", FromNode, false, "a has no effect: it is written when on is set and kind is b or c"},
		{"by another operation", "one", "b", FromNode, false, ""},
		{"an attribute", "one", "c", FromSettings, false, "c has no effect: it is written when kind is not a"},
		{"for another role", "one", "d", FromSettings, false, ""},
		{"though for another role", "one", "d", FromFlag, false, "d has no effect: it is written when on is set"},
		{"the default of another", "one", "e", FromNode, false, ""},
		{"a condition on the role", "one", "g", FromRole, false, "g has no effect: it is written when role is two"},
		{"a condition on the role, for all", "one", "g", FromSettings, false, ""},
		{"a condition of the node", "one", "h", FromNode, false, "h has no effect: it is written when late is set"},
		{"a condition of the node, in an image", "one", "h", FromNode, true, ""},
		{"a list", "one", "l", FromNode, false, "l has no effect: it is written when on is set"},
		{"of the profile", "one", "a", FromProfile, false, ""},
		{"by default", "one", "a", FromDefault, false, ""},
		{"always written", "one", "free", FromNode, false, ""},
		{"nowhere", "one", "fed", FromNode, false, ""},
		{"in a selector", "one", "key", FromNode, false, ""},
		{"of a feature", "one", "jvm.xmx", FromNode, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := Values{"kind": {Text: secret.New("a"), Origin: FromDefault}, tt.given: {Text: secret.New("x"), Origin: tt.origin}}
			expect(t, tt.want, strings.Join(p.IdleNotes(tt.role, v, tt.open), "\n"))
		})
	}
	off := Values{"on": {None: true}, "b": {Text: secret.New("x"), Origin: FromNode}, "a": {None: true, Origin: FromNode}, "kind": {Text: secret.New("d")}}
	expect(t, "", strings.Join(p.IdleNotes("one", off, false), "\n")) // what is none, or given up by none
}

// A profile with roles of its own has inherited settings that are for the roles of the base only.
func TestIdleNotesOfOtherRoles(t *testing.T) {
	t.Parallel()
	note := func(settings string, origin Origin) string {
		file := filepath.Join(t.TempDir(), "mine.yaml")
		text := "profile: mine\ntitle: Mine\nextends: carbon\nroles: {front: {}, back: {}}\n" + settings
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		v := Values{"mgtHostName": {Text: secret.New("mgt.example.com"), Origin: origin}}
		return strings.Join(mustOpen(t, file).IdleNotes("front", v, false), "\n")
	}
	expect(t, "mgtHostName is written by no role of the profile mine, only by node and manager", note("", FromSettings))
	expect(t, "", note("", FromRole))
	expect(t, "", note("settings: {mgtHostName: {roles: [back]}}", FromSettings))
}
