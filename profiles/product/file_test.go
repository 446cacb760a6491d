package product

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPosition(t *testing.T) {
	t.Parallel()
	f := &File{Source: []byte("\uFEFFä\n\nb")}
	var got []string
	for _, lo := range []int{3, 5, 6, 7, 8} {
		p := Place{f, lo, lo}
		at := p.Position()
		line, start := p.Line()
		got = append(got, fmt.Sprintf("%d:%d %q %d", at.Line, at.Column, line, start))
	}
	want := []string{`1:1 "\ufeffä" 0`, `1:2 "\ufeffä" 0`, `2:1 "" 6`, `3:1 "b" 7`, `3:2 "b" 7`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

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
