package patch_test

import (
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// TestWrote asks of texts of the result whether the plan wrote them.
func TestWrote(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"carbon.xml": `<Server>
    <First>one</First>
    <Shorter>two-two</Shorter>
    <!--Revived>three</Revived-->
    <!-- <Wrapped><In>four</In></Wrapped> -->
    <Emptied>five</Emptied>
    <Last>six</Last>
</Server>
`})
	set := func(element, value string) patch.Op { return set(t, element, "/Server/"+element, value) }
	uncomment := patch.Op{Op: xmlops.Op{Verb: xmlops.Uncomment, Select: selector(t, "/Server/Wrapped")}}
	plan, err := patch.Make(home, one("carbon.xml", set("First", "1"), set("Shorter", "two"), set("Revived", "three"), uncomment, set("Emptied", "")))
	if err != nil {
		t.Fatal(err)
	}
	f := plan.Files[0]
	for text, want := range map[string]bool{
		">1<": true, "1": true, "<First>": false, "two": true, "<Shorter>": false, "<Revived>": true, "three": true, "<Wrapped>": true, "four": true,
		"<Emptied></Emptied>": true, "six": false, "<Last>": false, "</Server>": false,
	} {
		lo := strings.Index(string(f.After), text)
		if lo < 0 {
			t.Fatalf("there is no %s in\n%s", text, f.After)
		}
		if got := f.Wrote(lo, lo+len(text)); got != want {
			t.Errorf("%s: %t, want %t", text, got, want)
		}
	}
	if empty := strings.Index(string(f.After), "</Emptied>"); !f.Wrote(empty, empty) {
		t.Error("what was emptied does not count as written")
	}
	if f.Wrote(0, 0) {
		t.Error("the begin of the file counts as written")
	}
}
