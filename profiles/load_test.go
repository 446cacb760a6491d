package profiles

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", "", `
p.yaml:1:1: not a profile
hint: a profile has the line profile: NAME, and roles: or extends: NAME`},
		{"not a mapping", "- a", `
p.yaml:1:1: not a profile
hint: a profile has the line profile: NAME, and roles: or extends: NAME`},
		{"a file of another kind", "title: x\nroles: {a: hunter2}\nhunter2: hunter2\n", `
p.yaml:1:1: not a profile
hint: a profile has the line profile: NAME, and roles: or extends: NAME`},
		{"another one", "hunter2:*:1:\nhunter2: 1\nhunter2: 2\nprofile: hunter2\n", `
p.yaml:1:1: not a profile
hint: a profile has the line profile: NAME, and roles: or extends: NAME`},
		{"two spellings of a file", `
profile: x
extends: carbon
files:
  home:repository/conf/carbon.xml: []
  home:conf/x.xml: []
  home:repository/conf/x.xml: []
  home:bin/y.xml: []
  y.xml: []
  z.xml | home:repository/conf/y.xml: []
`, `
p.yaml:5:3: the same file as carbon.xml
    home:repository/conf/carbon.xml: []
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: write it as carbon.xml, for the conf directory of every layout
p.yaml:10:3: the same file as y.xml
    z.xml | home:repository/conf/y.xml: []
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
hint: write it as y.xml, for the conf directory of every layout`},
		{"no roles", "profile: x\nsettings: {}\n", `
p.yaml:1:1: the profile has no roles
  profile: x
  ^
hint: add the line roles: {NAME: {}}`},
		{"keys", `
profil: x
profile: a b
roles: {node: {}, "a b": {}}
products: {ESB: "5", EI: [6]}
features: [registry, datasource]
`, `
p.yaml:2:1: unknown key "profil" in the profile
  profil: x
  ^^^^^^
hint: did you mean "profile"?
p.yaml:3:10: the name of a profile has letters, digits, and . _ - after the first
  profile: a b
           ^^^
p.yaml:4:19: the name of a role has letters, digits, and . _ - after the first
  roles: {node: {}, "a b": {}}
                    ^^^^^
p.yaml:5:17: a version range is any, or limits such as >=4.9 <6
  products: {ESB: "5", EI: [6]}
                  ^^^
p.yaml:5:26: the version range of EI must be a single value
  products: {ESB: "5", EI: [6]}
                           ^
p.yaml:6:22: unknown feature "datasource"
  features: [registry, datasource]
                       ^^^^^^^^^^
hint: did you mean "datasources"?`},
		{"the environment variable of a secret", `
profile: x
roles: {node: {}}
settings:
  a: {type: text, secret: true, env: A B}
  b: {type: text, env: B}
  c: {type: text, secret: true, env: _c1}
`, `
p.yaml:5:38: env must be the name of an environment variable, for a setting that is secret
    a: {type: text, secret: true, env: A B}
                                       ^^^
p.yaml:6:24: env must be the name of an environment variable, for a setting that is secret
    b: {type: text, env: B}
                         ^`},
		{"settings", `
profile: x
roles: {node: {}}
settings:
  role: {type: text}
  a:
  b: {type: number}
  c: {type: int 9}
  d: {type: port, default: 70000, phase: boot, roles: [nod], secret: yes}
  e: {type: port, default: "env:PORT"}
  f: {type: text, default: "$(d", dok: x}
  g: {type: text, default: "$(h) $(gg) $(.x)"}
  h: {type: 'list of {host host}', default: x}
  i: {type: bool, required: true, default: none}
  g.x: {type: text}
  j: {secret: true, default: hush, type: port}
`, `
p.yaml:5:3: "role" can't be the name of a setting
    role: {type: text}
    ^^^^
hint: a name has letters, digits, _ and -, in parts with dots between; role and home are taken
p.yaml:6:3: the setting a has no type
    a:
    ^
hint: types are text, word, ip, host, hosts, port, int, bool, url, enum, size, list, map
p.yaml:7:13: unknown type "number"
    b: {type: number}
              ^^^^^^
hint: types are text, word, ip, host, hosts, port, int, bool, url, enum, size, list, map
p.yaml:8:13: the range of an int is written as 0..100
    c: {type: int 9}
              ^^^^^
hint: types are text, word, ip, host, hosts, port, int, bool, url, enum, size, list, map
p.yaml:9:28: d must be 1 to 65535, not 70000
    d: {type: port, default: 70000, phase: boot, roles: [nod], secret: yes}
                             ^^^^^
p.yaml:9:42: phase must be image or node
    d: {type: port, default: 70000, phase: boot, roles: [nod], secret: yes}
                                           ^^^^
p.yaml:9:56: unknown role "nod"
    d: {type: port, default: 70000, phase: boot, roles: [nod], secret: yes}
                                                         ^^^
hint: did you mean "node"?
p.yaml:9:70: secret must be true or false
    d: {type: port, default: 70000, phase: boot, roles: [nod], secret: yes}
                                                                       ^^^
p.yaml:10:28: a profile can't take a value from a source
    e: {type: port, default: "env:PORT"}
                             ^^^^^^^^^^
hint: name it in the cluster file, or with --set
p.yaml:11:29: $( has no closing )
    f: {type: text, default: "$(d", dok: x}
                              ^^
p.yaml:11:35: unknown key "dok" in the setting f
    f: {type: text, default: "$(d", dok: x}
                                    ^^^
hint: did you mean "doc"?
p.yaml:12:29: h is a list, not a single value
    g: {type: text, default: "$(h) $(gg) $(.x)"}
                              ^^^^
hint: use each, and $(.field)
p.yaml:12:36: unknown setting "gg"
    g: {type: text, default: "$(h) $(gg) $(.x)"}
                                     ^^
hint: did you mean "g"?
p.yaml:12:40: $(.x) is a field, but there is no each
    g: {type: text, default: "$(h) $(gg) $(.x)"}
                                         ^^^^^
p.yaml:13:45: h is a list; only single values can be given here
    h: {type: 'list of {host host}', default: x}
                                              ^
p.yaml:14:44: i is required, so it can't be none
    i: {type: bool, required: true, default: none}
                                             ^^^^
p.yaml:15:3: "g" is a setting, so there can't be "g.x"
    g.x: {type: text}
    ^^^
p.yaml:16:30: j must be 1 to 65535
    j: {secret: true, default: ********, type: port}
                               ^^^^^^^^
p.yaml:16:30: j is secret, so its value can't stand in a profile
    j: {secret: true, default: ********, type: port}
                               ^^^^^^^^
hint: name it in the cluster file, or with --set`},
		{"what explains, and steps by hand", `
profile: x
roles: {node: {}}
manul: []
manual: {text: a}
settings:
  a: {type: list of hst, carbon: [x], carbn: x}
`, `
p.yaml:4:1: unknown key "manul" in the profile
  manul: []
  ^^^^^
hint: did you mean "manual"?
p.yaml:5:9: manual must be a list
  manual: {text: a}
          ^
p.yaml:7:13: unknown type "hst"
    a: {type: list of hst, carbon: [x], carbn: x}
              ^^^^^^^^^^^
hint: types are text, word, ip, host, hosts, port, int, bool, url, enum, size, list, map
p.yaml:7:34: carbon must be a single value
    a: {type: list of hst, carbon: [x], carbn: x}
                                   ^
p.yaml:7:39: unknown key "carbn" in the setting a
    a: {type: list of hst, carbon: [x], carbn: x}
                                        ^^^^^
hint: did you mean "carbon"?`},
		{"circle", `
profile: x
roles: {node: {c: "$(a)"}}
settings:
  a: {type: text, default: "$(b)"}
  b: {type: text, default: "$(c)"}
  c: {type: text}
  d: {type: text, default: "$(a)"}
  e: {type: text, default: "$(e)"}
`, `
p.yaml:5:3: the value of a needs itself: a needs b needs c needs a
    a: {type: text, default: "$(b)"}
    ^
p.yaml:9:3: the value of e needs itself: e needs e
    e: {type: text, default: "$(e)"}
    ^`},
		{"circle through the base", `
profile: x
extends: esb
settings:
  hostName: {default: "$(wsdlEPRPrefix.http)"}
`, `
p.yaml:5:3: the value of hostName needs itself: hostName needs wsdlEPRPrefix.http needs hostName
    hostName: {default: "$(wsdlEPRPrefix.http)"}
    ^^^^^^^^`},
		{"roles", `
profile: x
settings:
  a: {type: port, required: true}
  b: {type: map}
roles:
  node: {a: none, b: x, c: 1}
  other: {a: 0}
`, `
p.yaml:7:13: a is required, so it can't be none
    node: {a: none, b: x, c: 1}
              ^^^^
p.yaml:7:22: b is a map; only single values can be given here
    node: {a: none, b: x, c: 1}
                       ^
p.yaml:7:25: unknown setting "c"
    node: {a: none, b: x, c: 1}
                          ^
hint: known are a, b
p.yaml:8:14: a must be 1 to 65535, not 0
    other: {a: 0}
               ^`},
		{"conditions", `
profile: x
roles: {node: {}}
settings:
  a: {type: text, required: {b: set, role: nde, aa: [x, "!y"]}}
  b: {type: text, required: perhaps}
  c: {type: bool, required: {a: set, c: ["yes", none, "false"]}}
  d: {type: map, required: {d: set, b: "!unset"}}
  e: {type: map, required: {d: [set], b: []}}
`, `
p.yaml:5:44: unknown role "nde"
    a: {type: text, required: {b: set, role: nde, aa: [x, "!y"]}}
                                             ^^^
hint: did you mean "node"?
p.yaml:5:49: unknown setting "aa"
    a: {type: text, required: {b: set, role: nde, aa: [x, "!y"]}}
                                                  ^^
hint: did you mean "a"?
p.yaml:5:53: a condition lists either values or !values
    a: {type: text, required: {b: set, role: nde, aa: [x, "!y"]}}
                                                      ^
p.yaml:6:29: required must be true or false
    b: {type: text, required: perhaps}
                              ^^^^^^^
p.yaml:7:42: c must be true or false, not "yes"
    c: {type: bool, required: {a: set, c: ["yes", none, "false"]}}
                                           ^^^^^
p.yaml:9:33: d is a map, so it can only be set or unset
    e: {type: map, required: {d: [set], b: []}}
                                  ^^^
p.yaml:9:42: a condition has no value
    e: {type: map, required: {d: [set], b: []}}
                                           ^`},
		{"paths", `
profile: x
roles: {node: {}}
files:
  ../a.xml: []
  /etc/passwd: []
  "home:": []
  a/./b.xml | home:../c: []
  d.xml: {}
  home:e/../../f: []
`, `
p.yaml:5:3: "../a.xml" is not a path below the home
    ../a.xml: []
    ^^^^^^^^
hint: a path is relative, with / between its parts; home: before it means the home instead of its conf directory
p.yaml:6:3: "/etc/passwd" is not a path below the home
    /etc/passwd: []
    ^^^^^^^^^^^
hint: a path is relative, with / between its parts; home: before it means the home instead of its conf directory
p.yaml:7:3: "home:" is not a path below the home
    "home:": []
    ^^^^^^^
hint: a path is relative, with / between its parts; home: before it means the home instead of its conf directory
p.yaml:8:3: "a/./b.xml" is not a path below the home
    a/./b.xml | home:../c: []
    ^^^^^^^^^^^^^^^^^^^^^
hint: a path is relative, with / between its parts; home: before it means the home instead of its conf directory
p.yaml:8:3: "home:../c" is not a path below the home
    a/./b.xml | home:../c: []
    ^^^^^^^^^^^^^^^^^^^^^
hint: a path is relative, with / between its parts; home: before it means the home instead of its conf directory
p.yaml:9:10: a file must have a list of ops
    d.xml: {}
           ^
p.yaml:10:3: "home:e/../../f" is not a path below the home
    home:e/../../f: []
    ^^^^^^^^^^^^^^
hint: a path is relative, with / between its parts; home: before it means the home instead of its conf directory`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(tt.in)
			expect(t, tt.want, problemtest.Report(err))
		})
	}
}

func TestLoadRefusesOps(t *testing.T) {
	t.Parallel()
	head := `
profile: x
roles: {node: {}}
settings:
  a: {type: text}
  l: {type: "list of {x text, y text}"}
  m: {type: map}
files:
  f.xml:
`
	tests := []struct{ name, op, want string }{
		{"no verb", "{to: x}", `
p.yaml:10:7: the op does nothing
      - {to: x}
        ^
hint: an op has one of set, ensure, list, uncomment, comment, remove, json`},
		{"no mapping", "foo", `
p.yaml:10:7: an op must be a mapping, lines of the form key: value
      - foo
        ^^^`},
		{"two verbs", "{set: /a, remove: /a, to: x}", `
p.yaml:10:17: an op has either set or remove
      - {set: /a, remove: /a, to: x}
                  ^^^^^^`},
		{"unknown key", "{set: /a, too: x}", `
p.yaml:10:8: set needs to
      - {set: /a, too: x}
         ^^^
p.yaml:10:17: unknown key "too" in the op
      - {set: /a, too: x}
                  ^^^
hint: did you mean "to"?`},
		{"key of another verb", "{remove: /a, create: true}", `
p.yaml:10:20: create doesn't go with remove
      - {remove: /a, create: true}
                     ^^^^^^
hint: with it go each, count, name, guide, when, unless, optional`},
		{"selector", "{set: '/a[b', to: x}", `
p.yaml:10:18: "]" is expected, not the end of the selector
      - {set: '/a[b', to: x}
                   ^
hint: a selector is /a/b[@k='v']/@x, with the predicates [@k], [@k='v'], [child], [child='v'], [not(…)] and [n]; // only at the beginning`},
		{"reference outside of a literal", "{set: /a/$(a), to: x}", `
p.yaml:10:16: a name is expected, not '$'
      - {set: /a/$(a), to: x}
                 ^
hint: a selector is /a/b[@k='v']/@x, with the predicates [@k], [@k='v'], [child], [child='v'], [not(…)] and [n]; // only at the beginning`},
		{"reference in a selector", `{set: "/a[@b='$(aa)']", to: x}`, `
p.yaml:10:23: unknown setting "aa"
      - {set: "/a[@b='$(aa)']", to: x}
                        ^^
hint: did you mean "a"?`},
		{"field without each", `{set: "/a[@b='$(.x)']", to: x}`, `
p.yaml:10:21: $(.x) is a field, but there is no each
      - {set: "/a[@b='$(.x)']", to: x}
                      ^^^^^`},
		{"unknown field", `{set: "/a[@b='$(.z)']", to: x, each: $(l)}`, `
p.yaml:10:21: the items of l have no field "z"
      - {set: "/a[@b='$(.z)']", to: x, each: $(l)}
                      ^^^^^
hint: known are x, y`},
		{"field of a map", `{set: "/a[@b='$(.name)']", to: x, each: $(m)}`, `
p.yaml:10:21: the items of m have no field "name"
      - {set: "/a[@b='$(.name)']", to: x, each: $(m)}
                      ^^^^^^^^
hint: known are key, value`},
		{"field in the selector of a list", `{list: "/a[@b='$(.x)']", xml: <a/>, each: $(l)}`, `
p.yaml:10:22: $(.x) is a field, but there is no each
      - {list: "/a[@b='$(.x)']", xml: <a/>, each: $(l)}
                       ^^^^^`},
		{"each", "{remove: /a, each: l}", `
p.yaml:10:26: each must be $(NAME), with the name of a list or map
      - {remove: /a, each: l}
                           ^`},
		{"each of a single value", "{remove: /a, each: $(a)}", `
p.yaml:10:26: a is a single value, so nothing can be repeated for it
      - {remove: /a, each: $(a)}
                           ^^^^`},
		{"xml", "{ensure: /a, xml: <a>}", `
p.yaml:10:25: the xml can't be read: 1:4: the document ends inside element <a> of line 1
      - {ensure: /a, xml: <a>}
                          ^^^`},
		{"ambiguous xml", "{ensure: /a, xml: <a><b>1</b><b>2</b></a>}", `
p.yaml:10:25: the fragment holds <b> more than once, without a name or key that tells them apart
      - {ensure: /a, xml: <a><b>1</b><b>2</b></a>}
                          ^^^^^^^^^^^^^^^^^^^^^^^
hint: give each of them a name or key attribute of its own`},
		{"reference in xml", "{ensure: /a, xml: <a b='$(bb)'/>}", `
p.yaml:10:33: unknown setting "bb"
      - {ensure: /a, xml: <a b='$(bb)'/>}
                                  ^^
hint: known are a, l, m`},
		{"list without each", "{list: /a, xml: <a/>}", `
p.yaml:10:8: list needs each
      - {list: /a, xml: <a/>}
         ^^^^`},
		{"the rest", "{set: /a, to: [x], after: 'b c', count: 2, none: drop, create: maybe, unless: a}", `
p.yaml:10:21: to must be a single value
      - {set: /a, to: [x], after: 'b c', count: 2, none: drop, create: maybe, unless: a}
                      ^
p.yaml:10:35: a single step ends here, but there is more
      - {set: /a, to: [x], after: 'b c', count: 2, none: drop, create: maybe, unless: a}
                                    ^
p.yaml:10:47: count can only be all
      - {set: /a, to: [x], after: 'b c', count: 2, none: drop, create: maybe, unless: a}
                                                ^
hint: without it there must be exactly one match
p.yaml:10:56: none must be comment or remove
      - {set: /a, to: [x], after: 'b c', count: 2, none: drop, create: maybe, unless: a}
                                                         ^^^^
p.yaml:10:70: create must be true or false
      - {set: /a, to: [x], after: 'b c', count: 2, none: drop, create: maybe, unless: a}
                                                                       ^^^^^
p.yaml:10:85: a selector begins with /
      - {set: /a, to: [x], after: 'b c', count: 2, none: drop, create: maybe, unless: a}
                                                                                      ^
hint: a selector is /a/b[@k='v']/@x, with the predicates [@k], [@k='v'], [child], [child='v'], [not(…)] and [n]; // only at the beginning`},
		{"two of one name", "{name: x, remove: /a}\n    - {name: x, remove: /b}", `
p.yaml:11:7: two ops are named "x"
      - {name: x, remove: /b}
        ^`},
		{"json", "{json: a.b, to: $(a), unless: /a}", `
p.yaml:10:7: json is for files whose names end in .json, not for f.xml
      - {json: a.b, to: $(a), unless: /a}
        ^
p.yaml:10:14: a JSON Pointer starts with /
      - {json: a.b, to: $(a), unless: /a}
               ^^^
p.yaml:10:29: unless doesn't go with json
      - {json: a.b, to: $(a), unless: /a}
                              ^^^^^^
hint: with it go to, name, guide, when, optional`},
		{"an attribute", "{ensure: /a/@b, xml: <a/>}\n    - {list: /a/@b, xml: <a/>, each: $(l)}\n    - {comment: /a/@b}\n    - {uncomment: /a/@b}\n    - {remove: /a/@b}", `
p.yaml:10:16: ensure takes a selector of elements, not of an attribute
      - {ensure: /a/@b, xml: <a/>}
                 ^^^^^
p.yaml:11:14: list takes a selector of elements, not of an attribute
      - {list: /a/@b, xml: <a/>, each: $(l)}
               ^^^^^
p.yaml:12:17: comment takes a selector of elements, not of an attribute
      - {comment: /a/@b}
                  ^^^^^
p.yaml:13:19: uncomment takes a selector of elements, not of an attribute
      - {uncomment: /a/@b}
                    ^^^^^`},
		{"no json", "{remove: /a}\n  f.json:\n    - {remove: /b}\n  home:bin/x.sh:\n    - {remove: /c}", `
p.yaml:12:7: f.json needs json ops
      - {remove: /b}
        ^
hint: write json: /POINTER and to: VALUE
p.yaml:14:7: there are no ops for scripts
      - {remove: /c}
        ^
hint: the feature start-script sets what it can`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(head + "    - " + tt.op + "\n")
			expect(t, tt.want, problemtest.Report(err))
		})
	}
}

func TestExtends(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("base.yaml", `
profile: base
title: the base
products: {AS: any}
settings:
  a: {type: port, default: 1, doc: first, carbon: binds it, roles: [one]}
  b: {type: text}
roles:
  one: {a: 2, b: base}
  two: {}
files:
  f.xml:
    - {name: first, set: /x/a, to: $(a)}
    - {name: second, set: /x/b, to: $(b)}
  g.xml:
    - {name: third, set: /y, to: z}
`)
	write("child.yaml", `
profile: child
extends: ./base.yaml
settings:
  a: {default: 3}
  c: {type: text, roles: [two]}
roles:
  one: {b: child}
files:
  f.xml:
    - {set: /x/c, to: $(c)}
    - {name: first, remove: /x/a}
    - {name: third, set: /x/y, to: z}
`)
	p := mustOpen(t, filepath.Join(dir, "child.yaml"))
	var b strings.Builder
	b.WriteString(p.Name + " | " + p.Title + " | " + p.Products[0].ServerKey + "\n")
	for _, s := range p.Settings {
		b.WriteString(s.Name + " " + s.Type.String() + " " + s.Default() + " " + s.Doc + " " + s.Carbon + " " + strings.Join(s.Roles, ",") + "\n")
	}
	for _, r := range p.Roles {
		for _, v := range r.Values {
			b.WriteString(r.Name + ": " + v.Setting + "=" + v.value.String() + "\n")
		}
	}
	for _, f := range p.Files {
		for _, op := range f.Ops {
			b.WriteString(f.Path + ": " + op.Name + " " + op.verb.String() + " " + op.sel.String() + "\n")
		}
	}
	expect(t, `
child | the base | AS
a port 3 first binds it one
b text    
c text    two
one: a=2
one: b=child
f.xml: first remove /x/a
f.xml: second set /x/b
f.xml:  set /x/c
f.xml: third set /x/y
`, b.String())

	// The base is as it was.
	base := mustOpen(t, filepath.Join(dir, "base.yaml"))
	if got := base.Setting("a").Default(); got != "1" {
		t.Errorf("the base has become %q", got)
	}
}

func TestExtendsRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"circle.yaml": "profile: x\nextends: ./other.yaml\n",
		"other.yaml":  "profile: y\nextends: ./circle.yaml\n",
		"typo.yaml":   "profile: x\nextends: carbn\n",
		"lost.yaml":   "profile: x\nextends: ./none.yaml\n",
		"broken.yaml": "profile: x\nextends: ./typo.yaml\nrols: {}\n",
		"list.yaml":   "profile: x\nextends: [carbon]\n",
		"types.yaml":  "profile: x\nextends: carbon\nsettings:\n  members: {type: 'list of {host host}'}\n  parameters: {type: text}\n",
		"group.yaml":  "profile: x\nextends: carbon\nsettings:\n  aws: {type: text}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct{ name, want string }{
		{"circle.yaml", `
DIR/other.yaml:2:10: the profile extends itself: DIR/circle.yaml extends DIR/other.yaml extends DIR/circle.yaml
  extends: ./circle.yaml
           ^^^^^^^^^^^^^`},
		{"typo.yaml", `
DIR/typo.yaml:2:10: unknown profile "carbn"
  extends: carbn
           ^^^^^
hint: did you mean "carbon"?`},
		{"lost.yaml", `
DIR/lost.yaml:2:10: DIR/none.yaml: can't read the profile: no such file or directory
  extends: ./none.yaml
           ^^^^^^^^^^^`},
		{"types.yaml", `
DIR/types.yaml:4:19: members is list of {host hosts required, port port required} in the profile that this one extends, and must stay so
    members: {type: 'list of {host host}'}
                    ^^^^^^^^^^^^^^^^^^^^^
hint: it may add fields
DIR/types.yaml:5:22: parameters is map in the profile that this one extends, and must stay so
    parameters: {type: text}
                       ^^^^
hint: it may add fields`},
		{"group.yaml", `
DIR/group.yaml:4:3: "aws" is a setting, so there can't be "aws.accessKey"
    aws: {type: text}
    ^^^`},
		{"broken.yaml", `
DIR/broken.yaml:3:1: unknown key "rols" in the profile
  rols: {}
  ^^^^
hint: did you mean "roles"?
DIR/typo.yaml:2:10: unknown profile "carbn"
  extends: carbn
           ^^^^^
hint: did you mean "carbon"?`},
		{"list.yaml", `
DIR/list.yaml:2:10: extends must be a single value
  extends: [carbon]
           ^`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Open(filepath.Join(dir, tt.name))
			expect(t, tt.want, strings.ReplaceAll(problemtest.Report(err), dir, "DIR"))
		})
	}
}

func TestOpenUnknown(t *testing.T) {
	t.Parallel()
	_, err := Open("esbb")
	expect(t, `
unknown profile "esbb"
hint: did you mean "esb"? A file of your own is named by its path, such as ./mine.yaml`, problemtest.Report(err))
	_, err = Open("x")
	expect(t, `
unknown profile "x"
hint: embedded are as, carbon, ei, es, esb. A file of your own is named by its path, such as ./mine.yaml`, problemtest.Report(err))
}

// FuzzLoad checks that no profile panics, neither when it is read nor when it is used.
func FuzzLoad(f *testing.F) {
	f.Add("profile: x\nroles: {r: {a: none}}\nsettings: {a: {type: 'int 0..9', default: \"$(b)\"}, b: {type: text, required: {a: [x, y]}}}\n")
	f.Add("profile: x\nroles: {r: {}}\nsettings: {m: {type: map}}\nfiles: {a: [{set: \"/a[@b='$(.key)']/@c\", each: $(m), to: $$(x), when: {role: '!s'}}]}\n")
	f.Add("profile: x\nroles: {r: {}}\nsettings: {l: {type: 'list keyed by a of {a word, b text secret}'}}\nfiles: {'a | home:b': [{list: /a, xml: \"<a b='$(.b)'>$(.a)</a>\", each: $(l)}]}\n")
	f.Add("profile: x\nroles: {r: {}}\nsettings: {s: {type: text, carbon: c}, l: {type: list of host}}\nmanual: [{name: n, text: $(s), when: {s: set}}, {text: $(.value), each: $(l)}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parse(text)
		if err != nil {
			var problems patch.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("%T is not patch.Problems", err)
			}
			return
		}
		given := Values{}
		for i, s := range p.Settings {
			given[s.Name] = []Value{{Text: secret.New("v'")}, {None: true}, {Items: []map[string]Value{{"key": {Text: secret.New("k")}, "a": {Text: secret.New("x")}}}}}[i%3]
		}
		for _, role := range p.Roles {
			values, _ := p.Complete(role.Name, given)
			p.Missing(role.Name, values)
			p.Manual(role.Name, values, &product.Home{})
			_, _ = p.Patch(role.Name, values, &product.Home{ConfDir: "conf"})
		}
	})
}
