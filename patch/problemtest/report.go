// Package problemtest is for tests that compare problems with what a person would read.
package problemtest

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
)

// Report writes the problems of err as a terminal shows them: the message, the source line with a caret line, the hint, without
// a line end at the end.
// Any other error is its message.
func Report(err error) string {
	var problems patch.Problems
	if !errors.As(err, &problems) {
		return fmt.Sprint(err)
	}
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "%v\n", p)
		if p.Source != "" {
			fmt.Fprintf(&b, "  %s\n  %s%s\n", p.Source, strings.Repeat(" ", cmp.Or(p.Caret, p.Column)-1), strings.Repeat("^", max(1, p.Width)))
		}
		if p.Hint != "" {
			fmt.Fprintf(&b, "hint: %s\n", p.Hint)
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
