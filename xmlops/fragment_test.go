package xmlops

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFragmentPrefixes checks that prefixes need no declaration in a fragment, and are told apart.
func TestFragmentPrefixes(t *testing.T) {
	t.Parallel()
	got, err := ParseFragment(`<p:a q:x="1" r:x="2" x="3"/>`)
	if err != nil {
		t.Fatal(err)
	}
	want := []FragmentAttr{{"q:x", "1"}, {"r:x", "2"}, {"x", "3"}}
	if got.Name != "p:a" || !cmp.Equal(got.Attrs, want) {
		t.Errorf("got %s %v, want p:a %v", got.Name, got.Attrs, want)
	}
}
