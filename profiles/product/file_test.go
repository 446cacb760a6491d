package product

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
