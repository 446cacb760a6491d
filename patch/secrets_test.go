package patch_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// texts are values as they come from sources.
func texts(values ...string) []secret.Text {
	all := make([]secret.Text, len(values))
	for i, v := range values {
		all[i] = secret.New(v)
	}
	return all
}

func TestSecretPlaces(t *testing.T) {
	t.Parallel()
	ensure := patch.Op{Op: xmlops.Op{Verb: xmlops.Ensure, Select: selector(t, "/a/p[@name='x']"), Items: []*xmlops.Fragment{
		fragment(t, `<p name="x" locked="no"><q v="hunter22"/></p>`),
	}}}
	leaf := ensure
	leaf.Secret = true
	leaf.Leaves = map[string]patch.About{"/@name": {Secret: true}, "/@locked": {Secret: true}, "/q/@v": {}, "/q": {}}
	emptied := ensure
	emptied.Verb, emptied.Items, emptied.Secret = xmlops.List, nil, true
	pin := set(t, "pin", "/a/pin", "1")
	pin.Secret = true
	tests := []struct {
		name   string
		op     patch.Op
		values []string
		want   []string
	}{
		{"no secret", set(t, "host", "/a/host", "localhost"), []string{"hunter22"}, nil},
		{"a secret operation", pin, nil, []string{"/a/pin"}},
		{"a value", set(t, "user", "/a/user", "joe"), []string{"hunter22", "joe"}, []string{"/a/user"}},
		{"a part of a value", set(t, "url", "/a/url", "https://hunter22@h"), []string{"hunter22"}, []string{"/a/url"}},
		{"a short part of a value", set(t, "url", "/a/url", "https://joe@h"), []string{"joe"}, nil},
		{"no value", set(t, "user", "/a/user", ""), []string{""}, nil},
		{"a fragment", ensure, []string{"hunter22"}, []string{"/a/p[@name='x']/q/@v"}},
		{"a secret leaf", leaf, nil, []string{"/a/p[@name='x']/@locked"}},
		{"a secret list without items", emptied, nil, []string{"/a/p[@name='x']"}},
		{"a value in a predicate", set(t, "user", "/a[@k='v']/b[c='hunter22']/@d", "hunter22"), []string{"hunter22"}, []string{"/a/b/@d"}},
		{"a short one", set(t, "user", "//b[@c='joe']", "joe"), []string{"joe"}, []string{"//b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.op.Optional = true
			plan, err := patch.Make(newHome(t, map[string]string{"a.xml": "<a/>"}), one("a.xml", test.op))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, plan.Files[0].SecretPlaces(texts(test.values...))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestChangesDoNotTellSecretsByPlace(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"a.xml": `<a><b v="old" k="1"/><b v="other" k="2"/><c name="x"/><c name="y"/></a>`})
	pin := set(t, "pin", "/a/b[@k='1']/@v", "new")
	pin.Secret = true
	named := set(t, "named", "/a/c[@name='y']", "new")
	named.Secret = true
	plan, err := patch.Make(home, one("a.xml", pin, named, set(t, "open", "/a/b[2]/@v", "new")))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range plan.Files[0].Changes {
		got = append(got, c.At)
	}
	if diff := cmp.Diff([]string{"/a/b[@k='1']/@v", "/a/c[@name='y']", "/a/b[@v='other']/@v"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
