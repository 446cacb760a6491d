package profiles

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// Each value of a fragment is told of by the setting that it writes, secret by itself.
func TestLeaves(t *testing.T) {
	t.Parallel()
	p := mustParse(t, patchProfile+`
    - ensure: "/x/y[@n='$(a)']"
      xml: <y n="$(a)" c="1"><p name="$(a)">$(pw)</p><b>$(b)</b></y>
    - list: /x/l
      each: $(l)
      xml: <l><h>$(.host)</h><w>$(.pw)</w><a>$(a)</a></l>
`)
	list := Value{Items: []map[string]Value{
		{"host": {Text: secret.New("h1")}, "pw": {Text: secret.New("hush"), Secret: true}},
		{"host": {Text: secret.New("h2")}},
	}}
	values := Values{"a": {Text: secret.New("1"), Origin: FromFlag}, "pw": {Text: secret.New("hush")}, "l": list}
	made, err := p.Patch("one", values, &product.Home{ConfDir: "conf"})
	if err != nil {
		t.Fatal(err)
	}
	want := []map[string]patch.About{
		{
			"/@n":                 {Name: "a", Setting: "a", Explicit: true},
			"/@c":                 {Name: "/x/y[@n='$(a)']/@c"},
			"/p[@name='1']/@name": {Name: "a", Setting: "a", Explicit: true},
			"/p[@name='1']":       {Name: "pw", Setting: "pw", Secret: true},
			"/b":                  {Name: "b", Setting: "b"},
		},
		{
			"/h": {Name: "l", Setting: "l"},
			"/w": {Name: "l", Setting: "l", Secret: true},
			"/a": {Name: "a", Setting: "a", Explicit: true},
		},
	}
	var got []map[string]patch.About
	for _, op := range made.Files[0].Ops {
		got = append(got, op.Leaves)
		if !op.Secret {
			t.Errorf("%v is not secret", op.Select)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
