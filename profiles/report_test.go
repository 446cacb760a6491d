package profiles

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

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
		t.Fatal(problemtest.Report(err))
	}
	return p
}

func expect(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(got)); diff != "" {
		t.Errorf("-want +got\n%s\ngot:\n%s", diff, got)
	}
}
