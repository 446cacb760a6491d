package profiles

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

const jsonProfile = `profile: p
settings:
  host: {type: host}
  password: {type: text, secret: true}
  mine: {type: text, roles: [two]}
roles: {one: {}, two: {}}
files:
  home:app/a.json:
    - {json: /url, to: "https://$(host)/in"}
    - {json: /login/1, to: $(password), optional: true}
    - {json: /mine, to: $(mine), name: mine}
    - {json: /constant, to: "7", when: {host: set}}
`

func TestPatchJSON(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, role string
		values     Values
		want       string
	}{
		{"nothing", "two", nil, ``},
		{"values", "one", Values{"host": {Text: secret.New("h")}, "password": {Text: secret.New("s")}}, `app/a.json
/url = https://h/in (host)
/login/1 = s (password) secret optional
/constant = 7 (/constant)
`},
		{"what another role writes", "one", Values{"mine": {Text: secret.New("x"), Origin: FromSettings}}, ``},
		{"what the role writes", "two", Values{"mine": {Text: secret.New("x")}}, "app/a.json\n/mine = x (mine)\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			made, err := mustParse(t, jsonProfile).Patch(tt.role, tt.values, &product.Home{ConfDir: "conf"})
			if err != nil {
				t.Fatal(problemtest.Report(err))
			}
			expect(t, tt.want, dumpJSON(made))
		})
	}
}

// dumpJSON writes the operations on JSON files as text.
func dumpJSON(p patch.Patch) string {
	text := ""
	for _, f := range p.Files {
		text += f.Paths[0] + "\n"
		for _, op := range f.JSON {
			text += op.Pointer + " = " + op.Value + " (" + op.Name + ")"
			if op.Secret {
				text += " secret"
			}
			if op.Optional {
				text += " optional"
			}
			text += "\n"
		}
	}
	return text
}

func TestPatchJSONRefuses(t *testing.T) {
	t.Parallel()
	p := mustParse(t, jsonProfile+"    - {json: /mine, to: other}\n    - {json: /host, to: $(host)}\n")
	_, err := p.Patch("two", describe(t, p, "two", "{host: none, mine: x}"), &product.Home{ConfDir: "conf"})
	expect(t, `
c.yaml:1:8: host can't be none, for it is written to a JSON file
  {host: none, mine: x}
         ^^^^
hint: leave the setting out
app/a.json: mine and /mine contradict each other at /mine`, problemtest.Report(err))
}

// What is wrong with a JSON file comes together with what is wrong elsewhere, and says where.
func TestJSONProblems(t *testing.T) {
	t.Parallel()
	p := mustParse(t, jsonProfile)
	values := Values{"host": {Text: secret.New("h")}, "password": {Text: secret.New("hush-hush")}}
	tests := []struct{ name, file, want string }{
		{"not well-formed", "{\n  \"login\": [hush}\n", `
app/a.json:2:13: not well-formed JSON: this is neither a text in double quotes nor a number, true, false or null
hint: put it in double quotes; line ends and \ need escapes in them`},
		{"members missing", "{\n  \"urls\": 1, \"constants\": {}\n}", `
app/a.json: set /url: no member "url"; did you mean "urls" (line 2)?
app/a.json: set /constant: no member "constant"; did you mean "constants" (line 2)?`},
		{"no single value", `{"url": {}, "constant": "7"}`, `app/a.json:1:9: set /url: "url" (line 1) is no single value`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			home := writeHome(t, map[string]string{"app/a.json": tt.file})
			_, err := planOf(t, p, "one", values, home)
			expect(t, tt.want, problemtest.Report(err))
		})
	}
}

func TestInspectJSON(t *testing.T) {
	t.Parallel()
	const before = "{\n  // as shipped\n  \"url\": \"https:\\/\\/old\\/in\",\n  \"login\": [\"user\", \"hush\"], \"mine\": true, \"constant\": 7\n}"
	home := writeHome(t, map[string]string{"app/a.json": before})
	p := mustParse(t, jsonProfile)
	found, err := p.Inspect(home)
	expect(t, "<nil>", problemtest.Report(err))
	expect(t, `host: old app/a.json:3:10 /url
password: ******** app/a.json:4:21 /login/1
mine: true app/a.json:4:38 /mine
`, dumpFound(found))

	values := Values{}
	for _, f := range found {
		values[f.Setting.Name] = f.Value
	}
	applyOnce(t, p, "two", values, home)
	after, err := os.ReadFile(filepath.Join(home.Dir, "app/a.json"))
	if err != nil || string(after) != before {
		t.Errorf("what was found changes the file: %v\n%s", err, after)
	}
}
