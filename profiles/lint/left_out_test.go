package lint

import (
	"strings"
	"testing"
)

// TestLeftOut makes sure that each rule that is left out is no rule, is listed once, and has its reason.
func TestLeftOut(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, o := range LeftOut {
		if Find(rules, o.ID) != nil || seen[o.ID] {
			t.Errorf("%s is a rule, or listed twice", o.ID)
		}
		if !strings.HasSuffix(o.Reason, ".") {
			t.Errorf("%s: the reason is no sentence: %q", o.ID, o.Reason)
		}
		seen[o.ID] = true
	}
}
