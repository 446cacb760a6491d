package cluster

import (
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

// A list of single values is given as such, in a file and on the command line. A later one takes the place of an earlier one.
func TestBareLists(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_HOST", "from.environment")
	const text = head + `
settings: {domain: d, proxy: {nonProxyHosts: [localhost, 127.0.0.1, "*.local", "env:CARBONPATCH_TEST_HOST"]}}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`
	tests := []struct {
		name string
		set  []string
		want string
	}{
		{"file", nil, "[value:localhost, value:127.0.0.1, value:*.local, value:from.environment]"},
		{"command line", []string{"proxy.nonProxyHosts=[a, '*.b']"}, "[value:a, value:*.b]"},
		{"none", []string{"proxy.nonProxyHosts=none"}, "none"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			node := resolve(t, Request{Files: files(text), Node: "n", Set: tt.set})
			if got := showValue(node.Values["proxy.nonProxyHosts"]); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestRefusesBareLists(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_HOST", "two words")
	_, err := Resolve(Request{Files: files(head + `
settings:
  domain: d
  proxy: {nonProxyHosts: [a b, {host: c}, d, d, "env:CARBONPATCH_TEST_HOST", ]}
roles: {node: {proxy.nonProxyHosts: localhost}}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`), Node: "n", Set: []string{"proxy.nonProxyHosts=localhost"}})
	expect(t, `
a.yaml:6:27: proxy.nonProxyHosts must be one word without blanks, not "a b"
    proxy: {nonProxyHosts: [a b, {host: c}, d, d, "env:CARBONPATCH_TEST_HOST", ]}
                            ^^^
hint: Hosts that are reached without the proxy. A * may stand at the beginning or end, as in *.local.
a.yaml:6:32: proxy.nonProxyHosts must be a single value
    proxy: {nonProxyHosts: [a b, {host: c}, d, d, "env:CARBONPATCH_TEST_HOST", ]}
                                 ^
a.yaml:6:46: two items of proxy.nonProxyHosts are the same
    proxy: {nonProxyHosts: [a b, {host: c}, d, d, "env:CARBONPATCH_TEST_HOST", ]}
                                               ^
a.yaml:7:37: proxy.nonProxyHosts must be a list
  roles: {node: {proxy.nonProxyHosts: localhost}}
                                      ^^^^^^^^^
--set proxy.nonProxyHosts: proxy.nonProxyHosts must be a list`, problemtest.Report(err))

	_, err = Resolve(Request{Files: files(head + `
settings: {domain: d, proxy.nonProxyHosts: ["env:CARBONPATCH_TEST_HOST"]}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`), Node: "n"})
	expect(t, `
a.yaml:4:45: proxy.nonProxyHosts, from env:CARBONPATCH_TEST_HOST, must be one word without blanks
  settings: {domain: d, proxy.nonProxyHosts: ["env:CARBONPATCH_TEST_HOST"]}
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^`, problemtest.Report(err))
}
