package cluster

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is put together of several layers tells of each part where it comes from: a secret of a file is not meant for this run
// because something else beside it is given on the command line.
func TestOrigins(t *testing.T) {
	t.Parallel()
	node := resolve(t, Request{Node: "n", Files: files(head + `
settings:
  domain: d
  datasources: [{jndi: a, url: "jdbc:a", password: hush, maxActive: 1}, {jndi: b, name: B}]
  parameters: {x: 1, y: 2}
nodes:
  n: {role: node, localMemberHost: 10.0.0.1, datasources: [{jndi: a, url: "jdbc:n"}]}
`), Set: []string{"datasources=[{jndi: a, maxActive: 2}]", "parameters.x=3", "parameters.z=4"}})
	var got []string
	for _, item := range node.Values["datasources"].Items {
		for _, field := range []string{"jndi", "url", "password", "maxActive", "name"} {
			if v, ok := item[field]; ok {
				got = append(got, fmt.Sprintf("%s.%s %s", item["jndi"].Text.Reveal(), field, v.Origin))
			}
		}
	}
	for _, item := range node.Values["parameters"].Items {
		got = append(got, fmt.Sprintf("%s %s", item["key"].Text.Reveal(), item["value"].Origin))
	}
	want := []string{
		"a.jndi --set", "a.url node", "a.password settings", "a.maxActive --set",
		"b.jndi settings", "b.name settings",
		"x --set", "y settings", "z --set",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
