package cluster

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
)

func expect(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(got)); diff != "" {
		t.Errorf("-want +got\n%s\ngot:\n%s", diff, got)
	}
}

// files are cluster files named a.yaml, b.yaml and so on.
func files(texts ...string) []Source {
	var all []Source
	for i, text := range texts {
		all = append(all, Source{Name: string(rune('a'+i)) + ".yaml", Data: []byte(text)})
	}
	return all
}

func resolve(t *testing.T, req Request) *Node {
	t.Helper()
	node, err := Resolve(req)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	return node
}

// revealed are secrets as text.
func revealed(secrets []secret.Text) string {
	texts := make([]string, len(secrets))
	for i, s := range secrets {
		texts[i] = s.Reveal()
	}
	return strings.Join(texts, ", ")
}

// show writes the values of a node with their origins, secrets masked.
func show(n *Node) string {
	var b strings.Builder
	for _, s := range n.Profile.Settings {
		if v, ok := n.Values[s.Name]; ok {
			fmt.Fprintf(&b, "%s = %s (%s)\n", s.Name, showValue(v), v.Origin)
		}
	}
	return b.String()
}

func showValue(v profiles.Value) string {
	switch {
	case v.None:
		return profiles.None
	case v.Unread && v.Items == nil:
		return "?"
	case v.Secret:
		return patch.Mask
	case v.Items == nil:
		return v.Text.Reveal()
	}
	var items []string
	for _, item := range v.Items {
		var fields []string
		for name, field := range item {
			fields = append(fields, name+":"+showValue(field))
		}
		slices.Sort(fields)
		items = append(items, strings.Join(fields, " "))
	}
	list := "[" + strings.Join(items, ", ") + "]"
	if v.Unread {
		list = "? " + list
	}
	return list
}
