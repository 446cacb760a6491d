package cluster

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files []string
		want  Names
	}{
		{"nothing", nil, Names{}},
		{"a file", []string{"version: 1\nprofile: esb\nnodes: {m: {role: manager}, w: {role: worker, hostName: env:SECRET}}"}, Names{"esb", []NodeName{{"m", "manager"}, {"w", "worker"}}}},
		{"later ones win", []string{"profile: esb\nnodes: {a: {role: manager}, b: }", "profile: my/own.yaml\nnodes: {a: {role: worker}, c: {}}"}, Names{"conf/my/own.yaml", []NodeName{{"a", "worker"}, {"b", ""}, {"c", ""}}}},
		{"broken", []string{"profile: [esb\n", "nodes: {a: }"}, Names{"", []NodeName{{"a", ""}}}},
		{"what is no mapping", []string{"- profile", "nodes: [a, b]", "nodes: {a: [role]}", "nodes: x\nprofile:"}, Names{"", []NodeName{{"a", ""}}}},
		{"names that no node may have", []string{`nodes: {"$(id)": , "a b": , "-f": , "": , ok: }`}, Names{"", []NodeName{{"ok", ""}}}},
		{"unknown parts", []string{"nope: 1\nprofile: esb"}, Names{"esb", nil}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var files []Source
			for _, text := range tt.files {
				files = append(files, Source{Name: "conf/cluster.yaml", Data: []byte(text)})
			}
			if diff := cmp.Diff(tt.want, ReadNames(files)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
