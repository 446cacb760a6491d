package profiles

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// dump writes a patch as text, one line for each operation.
func dump(p patch.Patch) string {
	var b strings.Builder
	for _, f := range p.Files {
		fmt.Fprintln(&b, strings.Join(f.Paths, " | "))
		for _, op := range f.Ops {
			fmt.Fprintf(&b, "  %s\n", dumpOp(op))
		}
		for _, op := range f.Unmanaged {
			fmt.Fprintf(&b, "  unmanaged %s: %v\n", op.Setting, op.Select)
		}
	}
	return b.String()
}

func dumpOp(op patch.Op) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v %v", op.Verb, op.Select)
	if op.Verb == xmlops.Set {
		fmt.Fprintf(&b, " = %q", op.Value)
	}
	for _, item := range op.Items {
		fmt.Fprintf(&b, " %s", dumpFragment(item))
	}
	for _, flag := range []struct {
		on   bool
		name string
	}{
		{op.Create, "create"}, {op.All, "all"}, {op.Optional, "optional"}, {op.Secret, "secret"}, {op.Explicit, "explicit"},
	} {
		if flag.on {
			b.WriteString(" " + flag.name)
		}
	}
	if op.After != nil {
		fmt.Fprintf(&b, " after %v", op.After)
	}
	if op.Before != nil {
		fmt.Fprintf(&b, " before %v", op.Before)
	}
	if op.From != nil {
		fmt.Fprintf(&b, " from %q", op.From)
	}
	if !op.Unless.IsZero() {
		fmt.Fprintf(&b, " unless %v", op.Unless)
	}
	fmt.Fprintf(&b, " (%s", op.Name)
	if op.Setting != "" && op.Setting != op.Name {
		fmt.Fprintf(&b, ", setting %q", op.Setting)
	}
	return b.String() + ")"
}

func dumpFragment(f *xmlops.Fragment) string {
	var b strings.Builder
	b.WriteString("<" + f.Name)
	for _, a := range f.Attrs {
		fmt.Fprintf(&b, " %s=%q", a.Name, a.Value)
	}
	b.WriteString(">" + f.Text)
	for _, child := range f.Children {
		b.WriteString(dumpFragment(child))
	}
	return b.String() + "</>"
}

const patchProfile = `
profile: x
roles: {one: {}, two: {}}
settings:
  a: {type: text}
  b: {type: text, roles: [two]}
  pw: {type: text, secret: true}
  l: {type: "list of {host host, port port, pw text secret}"}
  lt: {type: "list of {host host}", roles: [two]}
  m: {type: map}
files:
  f.xml | home:g.xml:
`

func TestPatch(t *testing.T) {
	t.Parallel()
	list := Value{Items: []map[string]Value{
		{"host": {Text: secret.New("h1")}, "port": {Text: secret.New("1")}},
		{"host": {Text: secret.New("h2")}, "pw": {Text: secret.New("hush"), Secret: true}},
	}}
	entries := Value{Items: []map[string]Value{
		{"key": {Text: secret.New("k1")}, "value": {Text: secret.New("v1")}},
		{"key": {Text: secret.New("it's")}, "value": {None: true}},
	}}
	tests := []struct {
		name, ops string
		values    Values
		want      string
	}{
		{"constant", "{set: /x/@y, to: z}", nil, `set /x/@y = "z" (/x/@y)`},
		{
			"everything", "{name: n, guide: g, set: /x/y, to: $(a), create: true, after: b, before: c, from: [d, e], count: all, optional: true, unless: /u}",
			Values{"a": {Text: secret.New("1"), Origin: FromFlag}},
			`set /x/y = "1" create all optional explicit after b before c from ["d" "e"] unless /u (n, setting "a")`,
		},
		{"unset", "{set: /x/y, to: $(a)}", nil, ``},
		{"part unset", "{set: /x/y, to: '$(a) $(pw)'}", Values{"a": {Text: secret.New("1")}}, ``},
		{"key unset", "{set: \"/x[@k='$(a)']\", to: z}", nil, ``},
		{"secret", "{set: /x/y, to: $(pw)}", Values{"pw": {Text: secret.New("hush")}}, `set /x/y = "hush" secret (pw)`},
		{"secret in the key", "{set: \"/x[@k='$(pw)']\", to: z}", Values{"pw": {Text: secret.New("hush"), Secret: true}}, `set /x[@k='hush'] = "z" secret (/x[@k='$(pw)'])`},
		{"none of an element", "{set: /x/y, to: $(a)}", Values{"a": {None: true}}, `comment /x/y all (a)`},
		{"none of an attribute", "{set: /x/@y, to: $(a)}", Values{"a": {None: true}}, `remove /x/@y all (a)`},
		{"none: remove", "{set: /x/y, to: $(a), none: remove}", Values{"a": {None: true}}, `remove /x/y all (a)`},
		{"none: comment", "{set: \"/x/y[@k='v']/@z\", to: $(a), none: comment}", Values{"a": {None: true}}, `comment /x/y[@k='v'] all (a)`},
		{"none of a list", "{list: /x/y, each: $(l), xml: <y/>}", Values{"l": {None: true}}, `comment /x/y all (l)`},
		{"other role", "{set: /x/y, to: $(b), create: true}", Values{"b": {Text: secret.New("1"), Origin: FromSettings}}, `unmanaged b: /x/y`},
		{"other role, unset", "{set: /x/@y, to: $(b)}", nil, `unmanaged b: /x/@y`},
		{"other role, twice", "{set: /x/y, to: $(b), optional: true}\n    - {ensure: /x/y, xml: <y>$(b)</y>}", nil, `unmanaged b: /x/y`},
		{"other role, a list", "{list: /x/y, each: $(lt), xml: <y/>}", nil, `unmanaged lt: /x/y`},
		{"other role, repeated", "{remove: \"/x[@h='$(.host)']\", each: $(lt)}", nil, ``},
		{"given to this role", "{set: /x/y, to: $(b)}", Values{"b": {Text: secret.New("1"), Origin: FromRole}}, `set /x/y = "1" (b)`},
		{"given to this node", "{set: /x/y, to: $(b)}", Values{"b": {Text: secret.New("1"), Origin: FromNode}}, `set /x/y = "1" (b)`},
		{"read by another role", "{set: /x/y, to: '$(a) and $(b)'}", Values{"a": {Text: secret.New("1")}, "b": {Text: secret.New("2"), Origin: FromSettings}}, `set /x/y = "1 and 2" (a)`},
		{
			"list", "{list: /x/y, each: $(l), xml: \"<y p='$(.port)'><h>$(.host)</h><w>$(.pw)</w></y>\"}",
			Values{"l": list},
			`list /x/y <y p="1"><h>h1</></> <y><h>h2</><w>hush</></> secret (l)`,
		},
		{"empty list", "{list: /x/y, each: $(l), xml: <y/>}", Values{"l": {}}, `list /x/y (l)`},
		{"set for each", "{set: \"/x[@k='$(.key)']\", to: $(.value), each: $(m), create: true}", Values{"m": entries}, `
set /x[@k='k1'] = "v1" create (m)
  comment /x[@k="it's"] all (m)`},
		{"set for each, one by the command line", "{set: \"/x[@k='$(.key)']\", to: $(.value), each: $(m)}", Values{"m": {Origin: FromFlag, Items: []map[string]Value{
			{"key": {Text: secret.New("k1")}, "value": {Text: secret.New("v1"), Origin: FromSettings}},
			{"key": {Text: secret.New("k2"), Origin: FromFlag}, "value": {Text: secret.New("v2"), Origin: FromFlag}},
		}}}, `
set /x[@k='k1'] = "v1" (m)
  set /x[@k='k2'] = "v2" explicit (m)`},
		{"remove for each", "{remove: \"/x[@h='$(.host)']\", each: $(l)}", Values{"l": list}, `
remove /x[@h='h1'] (l)
  remove /x[@h='h2'] (l)`},
		{
			"ensure", "{ensure: /x/y, xml: \"<y a='$(a)' c='d'><w>$(pw)</w><b>$(b)</b><e>f</e></y>\"}",
			Values{"pw": {Text: secret.New("hush"), Secret: true}, "b": {Text: secret.New("1")}},
			`ensure /x/y <y c="d"><w>hush</><e>f</></> secret (pw)`,
		},
		{"ensure nothing", "{ensure: /x/y, xml: \"<y><w>$(pw)</w><a>$(a)</a></y>\"}", nil, ``},
		{"ensure one leaf", "{ensure: /x/y, xml: \"<y k='v'>$(a)</y>\"}", Values{"a": {Text: secret.New("1")}}, `ensure /x/y <y k="v">1</> (a)`},
		{"ensure none", "{ensure: /x/y, xml: \"<y k='v'>$(a)</y>\"}", Values{"a": {None: true}}, `comment /x/y all (a)`},
		{"ensure a constant", "{ensure: /x/y, xml: <y/>}", nil, `ensure /x/y <y></> (/x/y)`},
		{"comment, uncomment", "{comment: /x/y}\n    - {uncomment: /x/z, count: all}", nil, `
comment /x/y (/x/y)
  uncomment /x/z all (/x/z)`},
		{"when", "{remove: /x/y, when: {a: set, b: unset, role: [one, two], pw: '!x'}}", Values{"a": {Text: secret.New("1")}}, `remove /x/y (/x/y)`},
		{"when not", "{remove: /x/y, when: {a: unset}}\n    - {remove: /x/y, when: {a: '!1'}}\n    - {remove: /x/y, when: {role: '!one'}}\n    - {remove: /x/y, when: {a: [2, 3]}}", Values{"a": {Text: secret.New("1")}}, ``},
		{"when none", "{remove: /x/y, when: {a: unset}}\n    - {remove: /x/z, when: {a: none}}\n    - {remove: /x/w, when: {a: set}}", Values{"a": {None: true}}, `
remove /x/y (/x/y)
  remove /x/z (/x/z)`},
		{"literal $(", "{set: /x/y, to: '$$(a) ${carbon.home}'}", nil, `set /x/y = "$(a) ${carbon.home}" (/x/y)`},
	}
	home := &product.Home{ConfDir: "repository/conf"}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, patchProfile+"    - "+tt.ops+"\n")
			got, err := p.Patch("one", tt.values, home)
			if err != nil {
				t.Fatal(problemtest.Report(err))
			}
			want := strings.TrimSpace(tt.want)
			if want != "" {
				want = "repository/conf/f.xml | g.xml\n  " + want
			}
			expect(t, want, dump(got))
		})
	}
}

func TestPatchRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"quotes in a selector", patchProfile + "    - {set: \"/x[@k='$(a)']\", to: z}\n", `
p.yaml:13:7: a value that is used in a selector can't hold both kinds of quotes
      - {set: "/x[@k='$(a)']", to: z}
        ^`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, tt.in)
			_, err := p.Patch("one", Values{"a": {Text: secret.New(`'"`)}}, &product.Home{ConfDir: "conf"})
			expect(t, tt.want, problemtest.Report(err))
		})
	}
}

// A parameter that has a setting of its own, or that the profile removes, can't be given among the others, too.
func TestPatchContradiction(t *testing.T) {
	t.Parallel()
	p := mustOpen(t, "carbon")
	values, _ := p.Complete("node", Values{
		"domain": {Text: secret.New("d")},
		"parameters": {Items: []map[string]Value{
			{"key": {Text: secret.New("domain")}, "value": {Text: secret.New("e")}},
			{"key": {Text: secret.New("localMemberPort")}, "value": {Text: secret.New("4000")}},
			{"key": {Text: secret.New("region")}, "value": {Text: secret.New("us-east-1")}},
		}},
	})
	_, err := p.Patch("node", values, &product.Home{ConfDir: "conf"})
	expect(t, `
conf/axis2/axis2.xml: domain and parameters contradict each other at /axisconfig/clustering/parameter[@name='domain']
conf/axis2/axis2.xml: parameters and /axisconfig/clustering/parameter[@name='region'] contradict each other at /axisconfig/clustering/parameter[@name='region']`, problemtest.Report(err))
}

func TestFits(t *testing.T) {
	t.Parallel()
	p := mustParse(t, "profile: x\nroles: {one: {}}\nproducts: {ESB: \">=4.9 <6\", EI: any}\n")
	for _, home := range []product.Home{{ServerKey: "ESB", Version: "4.9.0"}, {ServerKey: "EI", Version: "6.1.1"}} {
		if err := p.Fits(&home); err != nil {
			t.Errorf("%s %s: %s", home.ServerKey, home.Version, problemtest.Report(err))
		}
	}
	for _, home := range []product.Home{
		{Name: "WSO2 ESB", ServerKey: "ESB", Version: "4.8.1", ConfDir: "repository/conf"},
		{Name: "WSO2 AS", ServerKey: "AS", Version: "5.3.0", ConfDir: "repository/conf"},
	} {
		expect(t, "repository/conf/carbon.xml: the profile x is not for "+home.Name+" "+home.Version+
			"\nhint: it is for ESB >=4.9 <6, EI any; --force-product uses it all the same", problemtest.Report(p.Fits(&home)))
	}
}

// A value that nothing in the profile asks for would be taken without a word.
func TestPatchUnused(t *testing.T) {
	t.Parallel()
	p := mustParse(t, `
profile: x
features: [datasources]
roles: {one: {forgotten: a}}
settings:
  datasources: {type: "list keyed by jndi of {jndi}"}
  written: {type: text}
  key: {type: text}
  repeated: {type: map}
  decides: {type: text}
  demands: {type: text}
  default: {type: text}
  shown: {type: text}
  forgotten: {type: text}
  demanding: {type: text, default: $(default), required: {demands: set}}
  other: {type: text}
files:
  f.xml:
    - {set: "/x[@a='$(key)']", to: $(written), when: {decides: set}}
    - {set: "/x/y[@k='$(.key)']", to: v, each: $(repeated)}
manual:
  - text: $(shown)
`)
	values := Values{}
	for _, name := range p.SettingNames() {
		if name != "other" {
			values[name] = Value{Text: secret.New("v")}
		}
	}
	made, err := p.Patch("one", values, &product.Home{ConfDir: "conf"})
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	want := []patch.Note{
		{Text: "forgotten has a value, but nothing in the profile uses it"},
		{Text: "demanding has a value, but nothing in the profile uses it"},
	}
	if diff := cmp.Diff(want, made.Notes); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
