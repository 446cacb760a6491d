package xmlops

import "testing"

// TestResultAfterEmptyEdit removes all that an element holds, edits beside it and removes it: an edit without bytes is
// not taken for the origin of those that come next.
func TestResultAfterEmptyEdit(t *testing.T) {
	t.Parallel()
	d, err := Parse([]byte(`<a><b>1</b><c><d/></c></a>`))
	if err != nil {
		t.Fatal(err)
	}
	for _, op := range []struct {
		verb     Verb
		selector string
	}{{Remove, "/a/c/d"}, {Comment, "/a/b"}, {Remove, "/a/c"}} {
		sel, err := ParseSelector(op.selector)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Apply(Op{Verb: op.verb, Select: sel}); err != nil {
			t.Fatal(err)
		}
	}
	result, err := d.Result()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(result.Bytes), `<a><!--b>1</b--></a>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
