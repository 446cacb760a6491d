package product

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPosition(t *testing.T) {
	t.Parallel()
	f := &File{Source: []byte("\uFEFFä\n\nb")}
	var got []string
	for _, lo := range []int{3, 5, 6, 7, 8} {
		p := Place{f, lo, lo}
		at := p.Position()
		line, start := p.Line()
		got = append(got, fmt.Sprintf("%d:%d %q %d", at.Line, at.Column, line, start))
	}
	want := []string{`1:1 "\ufeffä" 0`, `1:2 "\ufeffä" 0`, `2:1 "" 6`, `3:1 "b" 7`, `3:2 "b" 7`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestSecretsIn(t *testing.T) {
	t.Parallel()
	f := &File{Path: "a.xml", Source: []byte("<r><password>one</password><a/><password>two</password></r>")}
	all := f.Secrets()
	if len(all) != 2 {
		t.Fatalf("secrets are %v", all)
	}
	for lo := range len(f.Source) {
		for hi := lo; hi <= len(f.Source); hi++ {
			want := slices.DeleteFunc(slices.Clone(all), func(span [2]int) bool { return span[0] >= hi || span[1] <= lo })
			if diff := cmp.Diff(want, append([][2]int{}, f.SecretsIn(lo, hi)...)); diff != "" {
				t.Fatalf("%d-%d: -want +got\n%s", lo, hi, diff)
			}
		}
	}
}

func TestHide(t *testing.T) {
	t.Parallel()
	f := &File{Path: "a.xml", Source: []byte("<r><a>one</a><password>two</password><b>three</b></r>")}
	f.hide(Place{f, 40, 45})
	f.hide(Place{f, 6, 9})
	f.hide(Place{f, 23, 26}) // which is secret anyway
	f.hide(Place{f, 5, 5})   // which is nothing
	var got []string
	for _, span := range f.Secrets() {
		got = append(got, string(f.Source[span[0]:span[1]]))
	}
	if diff := cmp.Diff([]string{"one", "two", "three"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestMeantSecret makes sure that the value of a secret parameter is not shown where its name is mistyped.
func TestMeantSecret(t *testing.T) {
	t.Parallel()
	got := map[string]bool{}
	for _, name := range []string{"groupPassowrd", "accesKey", "sercetKey", "KUBERNETES_API_SERVER_PASSWROD", "groupPassword", "localMemberHots", "domain", "hearts"} {
		got[name] = meantSecret(name)
	}
	want := map[string]bool{
		"groupPassowrd": true, "accesKey": true, "sercetKey": true, "KUBERNETES_API_SERVER_PASSWROD": true, "groupPassword": true,
		"localMemberHots": false, "domain": false, "hearts": false,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
