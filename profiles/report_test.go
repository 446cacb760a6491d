package profiles

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// report writes problems as a terminal shows them, with a caret line.
func report(err error) string {
	var problems patch.Problems
	if !errors.As(err, &problems) {
		return fmt.Sprint(err)
	}
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "%v\n", p)
		if p.Source != "" {
			fmt.Fprintf(&b, "  %s\n  %s%s\n", p.Source, strings.Repeat(" ", p.Column-1), strings.Repeat("^", max(1, p.Width)))
		}
		if p.Hint != "" {
			fmt.Fprintf(&b, "hint: %s\n", p.Hint)
		}
	}
	return b.String()
}

// parse loads a profile from a text.
func parse(text string) (*Profile, error) {
	doc, err := strictyaml.Parse("p.yaml", []byte(text))
	if err != nil {
		return nil, err
	}
	return load(doc, []string{"p.yaml"})
}

func mustParse(t *testing.T, text string) *Profile {
	t.Helper()
	p, err := parse(text)
	if err != nil {
		t.Fatal(report(err))
	}
	return p
}

func expect(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(got)); diff != "" {
		t.Errorf("-want +got\n%s\ngot:\n%s", diff, got)
	}
}
