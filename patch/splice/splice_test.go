package splice

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// replacement is an edit of one operation.
type replacement struct {
	lo, hi int
	text   string
}

func TestResult(t *testing.T) {
	t.Parallel()
	const src = "0123456789"
	tests := []struct {
		name string
		do   []replacement
		want string // or the error
	}{
		{"nothing", nil, src},
		{"out of order", []replacement{{8, 9, "c"}, {1, 3, "ab"}}, "0ab34567c9"},
		{"inserted at one place", []replacement{{5, 5, "a"}, {5, 5, "b"}}, "01234ab56789"},
		{"inserted before what is replaced", []replacement{{5, 6, "c"}, {5, 5, "a"}}, "01234ac6789"},
		{"inserted behind what is replaced", []replacement{{5, 5, "a"}, {4, 5, "c"}}, "0123ca56789"},
		{"the same taken away", []replacement{{2, 6, ""}, {1, 4, ""}, {3, 5, ""}}, "06789"},
		{"the same replaced", []replacement{{1, 4, ""}, {3, 5, "x"}}, "1:4: two operations change the same bytes"},
		{"inserted into what is taken away", []replacement{{1, 4, ""}, {3, 3, "x"}}, "1:4: two operations change the same bytes"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := New([]byte(src))
			for i, r := range test.do {
				text.Replace(r.lo, r.hi, r.text, xmlops.Change{Op: i})
			}
			r, err := text.Result()
			if err != nil {
				if diff := cmp.Diff(test.want, err.Error()); diff != "" {
					t.Error(diff)
				}
				return
			}
			if string(r.Bytes) != test.want || len(r.Changes) != len(test.do) {
				t.Errorf("got %s, want %s; %v", r.Bytes, test.want, r.Changes)
			}
		})
	}
}

func TestPosition(t *testing.T) {
	t.Parallel()
	text := New([]byte(BOM + "äb\r\n\nc"))
	for offset, want := range map[int]xmlops.Position{3: {Line: 1, Column: 1}, 5: {Line: 1, Column: 2}, 8: {Line: 2, Column: 1}, 9: {Line: 3, Column: 1}, 10: {Line: 3, Column: 2}} {
		if got := text.Position(offset); got != want {
			t.Errorf("offset %d is at %v, want %v", offset, got, want)
		}
	}
}
