package cluster

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// FuzzResolve checks that no cluster file panics, that problems point into it, and that what is resolved can be made a patch.
func FuzzResolve(f *testing.F) {
	f.Add("version: 1\nsettings: {domain: d, deploymentSynchronizer: {enabled: true, svnUrl: 'http://h', svnPassword: p}}\nnodes:\n  n: {role: manager, localMemberHost: 10.0.0.1}\n", "n")
	f.Add("settings: {domain: d, members: [{host: 10.0.0.2-10, port: 1}], parameters: {a: none}}\nnodes: {n: {role: worker, localMemberHost: 10.0.0.1}}\n", "n")
	f.Add("settings:\n  deploymentSynchronizer: {enabled: none}\n  deploymentSynchronizer.svnUrl: [x]\nroles: {node: {a: b}}\nwellKnown: [x, y]\n", "")
	f.Add("{\"version\": 1, \"profile\": \"esb\", \"nodes\": {\"n\": {\"role\": \"worker\"}}}", "n")
	f.Fuzz(func(t *testing.T, text, name string) {
		if strings.Contains(text, "file:") {
			t.Skip("it may read a file of this machine")
		}
		node, err := Resolve(Request{Files: files(text), Profile: "esb", Node: name})
		var problems patch.Problems
		switch {
		case errors.As(err, &problems):
			checkPlaces(t, problems, text)
		case err != nil:
			t.Fatalf("%T is not patch.Problems", err)
		default:
			if _, err := node.Profile.Patch(node.Role, node.Values, &product.Home{ConfDir: "conf"}); err != nil && !errors.As(err, &problems) {
				t.Fatalf("%T is not patch.Problems", err)
			}
		}
	})
}

// checkPlaces fails where a problem in the file points outside of it, or its caret outside of its source line.
func checkPlaces(t *testing.T, problems patch.Problems, text string) {
	t.Helper()
	for _, p := range problems {
		if p.Message == "" {
			t.Fatalf("%+v says nothing", p)
		}
		if p.File != "a.yaml" {
			continue
		}
		if p.Line < 0 || p.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+strings.Count(text, "\u0085")+strings.Count(text, "\u2028")+strings.Count(text, "\u2029")+1 {
			t.Fatalf("%+v points outside of the file", p)
		}
		if (p.Line == 0) != (p.Column == 0) || p.Column < 0 {
			t.Fatalf("%+v has half a place", p)
		}
		if p.Source != "" && p.Column-1+p.Width > utf8.RuneCountInString(p.Source)+1 {
			t.Fatalf("%+v underlines more than its source", p)
		}
	}
}
