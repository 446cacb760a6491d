package cluster

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Of two files that silence one rule, the later wins.
func TestSilence(t *testing.T) {
	t.Parallel()
	node := resolve(t, Request{Node: "n", Files: []Source{
		{Name: "a.yaml", Data: []byte(`
version: 1
profile: carbon
settings: {domain: d}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
lint:
  silence:
    avoid-initiation-not-true: from the first file
    membership-scheme-invalid:  " a class of our own "
`)},
		{Name: "b.yaml", Data: []byte("lint: {silence: {avoid-initiation-not-true: from the second}}\n")},
	}})
	want := []Silence{{"membership-scheme-invalid", "a class of our own"}, {"avoid-initiation-not-true", "from the second"}}
	if diff := cmp.Diff(want, node.Silenced); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
