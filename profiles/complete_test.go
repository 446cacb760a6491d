package profiles

import (
	"fmt"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

const completeProfile = `
profile: x
roles:
  one: {b: of one, p: 7}
  two: {a: none}
settings:
  a: {type: text, default: first}
  b: {type: text, default: "b of $(a)"}
  c: {type: text, default: "c of $(b), $(d)"}
  d: {type: text}
  p: {type: port}
  u: {type: url, default: "$(a)://$(d)"}
  secret: {type: text, secret: true}
  e: {type: text, default: "e of $(secret)"}
  need: {type: text, required: true}
  cond: {type: text, required: {a: first, d: set}}
  notcond: {type: text, required: {a: ["!first", "!second"]}}
`

func TestComplete(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		role  string
		given Values
		want  string
	}{
		{"defaults", "", nil, `
a=first (default)
b=b of first (default)
missing need`},
		{"role", "one", nil, `
a=first (default)
b=of one (profile role)
p=7 (profile role)
missing need`},
		{"given", "one", Values{"a": {Text: secret.New("mine"), Origin: FromNode}, "d": {Text: secret.New("here"), Origin: FromSettings}, "p": {Text: secret.New("8"), Origin: FromFlag}}, `
a=mine (node)
b=of one (profile role)
c=c of of one, here (default)
d=here (settings)
p=8 (--set)
u=mine://here (default)
missing need
missing notcond`},
		{"none is no part", "two", Values{"d": {Text: secret.New("here")}, "need": {Text: secret.New("x")}}, `
a=none (profile role)
d=here ()
need=x ()
missing notcond`},
		{"condition", "", Values{"d": {Text: secret.New("h")}, "need": {Text: secret.New("x")}}, `
a=first (default)
b=b of first (default)
c=c of b of first, h (default)
d=h ()
u=first://h (default)
need=x ()
missing cond`},
		{"none is missing", "", Values{"need": {None: true}}, `
a=first (default)
b=b of first (default)
need=none ()
missing need`},
		{"a secret part", "", Values{"secret": {Text: secret.New("hush"), Secret: true}, "need": {Text: secret.New("x")}}, `
a=first (default)
b=b of first (default)
secret=******** ()
e=******** (default)
need=x ()`},
		{"wrong together", "", Values{"a": {Text: secret.New("1 ")}, "d": {Text: secret.New("x")}, "need": {Text: secret.New("x")}}, `
a=1  ()
b=b of 1  (default)
c=c of b of 1 , x (default)
d=x ()
u=1 ://x (default)
need=x ()
u must be a URL such as https://host/path, not "1 ://x"
missing notcond`},
	}
	p := mustParse(t, completeProfile)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			values, wrong := p.Complete(tt.role, tt.given)
			var b strings.Builder
			for _, s := range p.Settings {
				if v, ok := values[s.Name]; ok {
					fmt.Fprintf(&b, "%s=%s (%s)\n", s.Name, text(v), v.Origin)
				}
			}
			for _, e := range wrong {
				fmt.Fprintln(&b, e)
			}
			for _, s := range p.Missing(tt.role, values) {
				fmt.Fprintln(&b, "missing", s.Name)
			}
			expect(t, tt.want, b.String())
		})
	}
}

// text shows a single value.
func text(v Value) string {
	switch {
	case v.None:
		return None
	case v.Secret:
		return "********"
	}
	return v.Text.Reveal()
}

// Values that hold each other twice would double with each step.
func TestCompleteBounds(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("profile: x\nroles: {one: {}}\nsettings:\n  s0: {type: text, default: xxxxxxxxxx}\n")
	for i := 1; i < 100; i++ {
		fmt.Fprintf(&b, "  s%d: {type: text, default: '$(s%d)$(s%d)'}\n", i, i-1, i-1)
	}
	_, wrong := mustParse(t, b.String()).Complete("one", nil)
	if len(wrong) == 0 || wrong[0].Error() != "s10 must be at most 8192 bytes long" {
		t.Errorf("got %v", wrong)
	}
}
