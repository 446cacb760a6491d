package strictyaml

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/carbonpatch/carbonpatch/patch"
)

// CheckPlaces fails t where a problem points outside of the document, or its caret outside of its source line.
func CheckPlaces(t *testing.T, err error, data []byte) {
	t.Helper()
	var problems patch.Problems
	if err != nil && !errors.As(err, &problems) {
		t.Fatalf("%T is not patch.Problems", err)
	}
	lines := splitLines(string(data))
	for _, p := range problems {
		if p.Line < 0 || p.Line > len(lines) || p.Column < 0 || (p.Line == 0) != (p.Column == 0) {
			t.Fatalf("%+v points outside of %d lines", p, len(lines))
		}
		if p.Line > 0 && p.Column > len(lines[p.Line-1])+1 {
			t.Fatalf("%+v points behind its line %q", p, string(lines[p.Line-1]))
		}
		if p.Source != "" && p.Caret-1+p.Width > utf8.RuneCountInString(p.Source)+1 {
			t.Fatalf("%+v underlines more than its source", p)
		}
	}
}
