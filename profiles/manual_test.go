package profiles

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

const manualProfile = `
profile: x
roles: {one: {}, two: {}}
settings:
  host: {type: host}
  url: {type: text}
  token: {type: text, secret: true}
  mixed: {type: text, default: "$(token)@x"}
  db: {type: "list keyed by id of {id, url, password text secret}"}
  more: {type: map}
  skip: {type: list of word}
manual:
  - {name: first, text: "host $(host)", guide: "001: hosts"}
  - {text: "url $(url)"}
  - {text: "mixed $(mixed)"}
  - {name: db, text: "create $(.id) at $(.url), $$(x)", each: $(db)}
  - {text: "driver", each: $(db)}
  - {text: "$(.key) is $(.value)", each: $(more)}
  - {text: "not for $(.value)", each: $(skip)}
  - {text: "only two", when: {role: two, host: set}}
`

func TestManual(t *testing.T) {
	t.Parallel()
	db := Value{Items: []map[string]Value{
		{"id": {Text: secret.New("a")}, "url": {Text: secret.New("jdbc:mysql://me:geheim@h/db")}, "password": {Text: secret.New("geheim"), Secret: true}},
		{"id": {Text: secret.New("b")}},
	}}
	tests := []struct {
		name, role string
		values     Values
		want       []string
	}{
		{"nothing given", "one", nil, nil},
		{"a value, and one that is none", "two", Values{"host": {Text: secret.New("h")}, "url": {None: true}}, []string{"host h", "only two"}},
		{"the password of a URL", "one", Values{"url": {Text: secret.New("https://me:geheim@h/")}}, []string{"url https://********@h/"}},
		{"a value that was put together from a secret", "one", Values{"mixed": {Text: secret.New("geheim@x"), Secret: true}}, nil},
		{"items, one without what is named, and the same text once", "one", Values{"db": db}, []string{"create a at jdbc:mysql://********@h/db, $(x)", "driver"}},
		{"entries of a map, one of them secret", "one", Values{"more": {Items: []map[string]Value{
			{"key": {Text: secret.New("k")}, "value": {Text: secret.New("v")}}, {"key": {Text: secret.New("password")}, "value": {Text: secret.New("geheim"), Secret: true}},
		}}}, []string{"k is v"}},
		{"single values", "one", Values{"skip": {Items: []map[string]Value{{"value": {Text: secret.New("*.local")}}}}}, []string{"not for *.local"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, mustParse(t, manualProfile).Manual(tt.role, tt.values, &product.Home{})); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// A text may name what differs between homes.
func TestManualOfHome(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, dir, want string }{
		{"a classic home", "as", "sh bin/wso2server.sh, repository/components/lib repository/components/dropins repository/components"},
		{"a home of EI", "ei", "sh bin/integrator.sh, lib dropins wso2/components"},
		{"a profile within it", "ei/wso2/broker", "sh ../../bin/broker.sh, ../../lib ../../dropins ../../wso2/components"},
		{"one with another script", "other", "sh bin/wso2server.sh, lib dropins wso2/components"},
		{"one without a script", "bare", "sh bin/integrator.sh, lib dropins wso2/components"},
	}
	const carbonXML = "<Server/>"
	all := writeHome(t, map[string]string{
		"as/repository/conf/carbon.xml": carbonXML, "bare/conf/carbon.xml": carbonXML,
		"ei/conf/carbon.xml": carbonXML, "ei/bin/integrator.sh": "", "ei/bin/broker.sh": "", "ei/wso2/broker/conf/carbon.xml": carbonXML,
		"other/conf/carbon.xml": carbonXML, "other/bin/wso2server.sh": "",
	})
	p := mustParse(t, `
profile: x
roles: {one: {}}
settings: {}
manual:
  - text: sh $(home.startScript), $(home.lib) $(home.dropins) $(home.components)
`)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			home, err := product.Detect(filepath.Join(all.Dir, tt.dir))
			if err != nil {
				t.Fatal(problemtest.Report(err))
			}
			if diff := cmp.Diff([]string{tt.want}, p.Manual("one", nil, home)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// A profile that extends another one adds its steps before the one that follows them there or at the end, or in the place of one
// with the same name.
func TestManualExtends(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeProfile(t, filepath.Join(dir, "base.yaml"), manualProfile)
	writeProfile(t, filepath.Join(dir, "mine.yaml"), `
profile: mine
extends: ./base.yaml
manual:
  - text: "before $(host)"
  - text: "right before $(host)"
  - {name: first, text: "my host is $(host)"}
  - text: "my own $(host)"
`)
	p := mustOpen(t, filepath.Join(dir, "mine.yaml"))
	want := []string{"before h", "right before h", "my host is h", "only two", "my own h"}
	if diff := cmp.Diff(want, p.Manual("two", Values{"host": {Text: secret.New("h")}}, &product.Home{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	base := mustOpen(t, filepath.Join(dir, "base.yaml"))
	if got := base.Manual("one", Values{"host": {Text: secret.New("h")}}, &product.Home{}); len(got) != 1 || got[0] != "host h" {
		t.Errorf("the base says %q", got)
	}
}

func writeProfile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLoadRefusesManual(t *testing.T) {
	t.Parallel()
	_, err := parse(strings.Replace(manualProfile, "manual:\n", `manual:
  - {txt: a}
  - {name: first, text: [a]}
  - {text: "$(hst) $(db) $(host"}
  - {text: "$(hst) $(db)", each: $(host)}
  - {text: "$(hst) $(db) $(.id)"}
  - {text: "$(token) $(.password) $(.ide) $(home.libs)", each: $(db)}
  - {text: a, each: $(dbs)}
  - {text: a, when: {role: three, hst: set}}
  - a
`, 1))
	expect(t, `
p.yaml:13:5: a manual step has no text
    - {txt: a}
      ^
p.yaml:13:6: unknown key "txt" in a manual step
    - {txt: a}
       ^^^
hint: did you mean "text"?
p.yaml:14:25: text must be a single value
    - {name: first, text: [a]}
                          ^
p.yaml:15:13: $( has no closing )
    - {text: "$(hst) $(db) $(host"}
              ^^
p.yaml:16:34: host is a single value, so nothing can be repeated for it
    - {text: "$(hst) $(db)", each: $(host)}
                                   ^^^^^^^
p.yaml:17:15: unknown setting "hst"
    - {text: "$(hst) $(db) $(.id)"}
                ^^^
hint: did you mean "host"?
p.yaml:17:20: db is a list, not a single value
    - {text: "$(hst) $(db) $(.id)"}
                     ^^^^^
hint: use each, and $(.field)
p.yaml:17:26: $(.id) is a field, but there is no each
    - {text: "$(hst) $(db) $(.id)"}
                           ^^^^^^
p.yaml:18:13: $(token) is secret, and this text is shown
    - {text: "$(token) $(.password) $(.ide) $(home.libs)", each: $(db)}
              ^^^^^^^^
p.yaml:18:22: $(.password) is secret, and this text is shown
    - {text: "$(token) $(.password) $(.ide) $(home.libs)", each: $(db)}
                       ^^^^^^^^^^^^
p.yaml:18:35: the items of db have no field "ide"
    - {text: "$(token) $(.password) $(.ide) $(home.libs)", each: $(db)}
                                    ^^^^^^^
hint: did you mean "id"?
p.yaml:18:45: unknown "home.libs"
    - {text: "$(token) $(.password) $(.ide) $(home.libs)", each: $(db)}
                                              ^^^^^^^^^
hint: did you mean "home.lib"?
p.yaml:19:23: unknown setting "dbs"
    - {text: a, each: $(dbs)}
                        ^^^
hint: did you mean "db"?
p.yaml:20:28: unknown role "three"
    - {text: a, when: {role: three, hst: set}}
                             ^^^^^
hint: known are one, two
p.yaml:20:35: unknown setting "hst"
    - {text: a, when: {role: three, hst: set}}
                                    ^^^
hint: did you mean "host"?
p.yaml:21:5: a manual step must be a mapping, lines of the form key: value
    - a
      ^
p.yaml:22:5: two manual steps are named "first"
    - {name: first, text: "host $(host)", guide: "001: hosts"}
      ^`, problemtest.Report(err))
}
