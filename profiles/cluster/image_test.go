package cluster

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/profiles"
)

const imageFile = head + `
settings:
  domain: d
  hostName: fact:hostname
  subDomain: all
  aws.accessKey: not-for-wka
  groupPassword: none
  deploymentSynchronizer: {enabled: true, svnUrl: "https://u:canary@h/r", svnUser: u}
  parameters: {connTimeout: 5, licenses: "imds:tags/L", vaultPassword: canary}
  proxy.nonProxyHosts: [localhost, "fact:hostname"]
  datasources:
    - {jndi: jdbc/A, name: A, url: "jdbc:mysql://db/a", username: a, password: "env:CARBONPATCH_TEST_UNSET", driverClassName: x.Y}
    - {jndi: jdbc/B, url: "fact:nosuch"}
nodes:
  one: {role: worker, localMemberHost: 10.0.0.1, subDomain: none, datasources: [{jndi: jdbc/A, maxActive: 7}, {jndi: jdbc/OWN, name: O}], parameters: {mine: 1}}
  two: {role: worker, localMemberHost: 10.0.0.2, localMemberPort: 4100}
  boss: {role: manager, localMemberHost: 10.0.0.3, portOffset: 5}
`

// What is open has no value that could be written, and no source of it is read.
func TestOpenInImage(t *testing.T) {
	t.Parallel()
	common := []string{"localMemberHost", "parameters.licenses", "parameters.vaultPassword", "hostName", "deploymentSynchronizer.svnUrl", "datasources[jdbc/A].password", "datasources[jdbc/B].url", "proxy.nonProxyHosts"}
	for what, tt := range map[string]struct {
		req  Request
		more []string
	}{
		"role":            {Request{Role: "worker"}, []string{"localMemberPort", "subDomain", "parameters.mine", "datasources[jdbc/A].maxActive", "datasources[jdbc/OWN]"}},
		"another role":    {Request{Role: "node"}, nil},
		"node":            {Request{Node: "one"}, nil},
		"--set":           {Request{Role: "worker", Set: []string{"localMemberPort=4000", "subDomain=x", "hostName=h"}}, []string{"parameters.mine", "datasources[jdbc/A].maxActive", "datasources[jdbc/OWN]"}},
		"secrets skipped": {Request{Node: "one", SkipSecrets: true}, nil},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			tt.req.Files, tt.req.Phase = files(imageFile), profiles.ImagePhase
			node := resolve(t, tt.req)
			want := append(tt.more, common...)
			var got []string
			for _, name := range node.Open {
				if got = append(got, name); strings.Contains(show(node), name+" = 1") {
					t.Errorf("%s has a value", name)
				}
			}
			drop := func(names ...string) {
				for _, name := range names {
					want = strings.Fields(strings.Replace(" "+strings.Join(want, " ")+" ", " "+name+" ", " ", 1))
				}
			}
			switch what {
			case "--set":
				drop("hostName")
			case "secrets skipped":
				drop("parameters.vaultPassword", "datasources[jdbc/A].password")
			}
			if diff := cmp.Diff(asSet(want), asSet(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			for name, v := range node.Values {
				if text := v.Text.Reveal(); v.Open && text != "" || strings.Contains(text, "canary") {
					t.Errorf("%s is open and has the text %q", name, text)
				}
			}
			if len(node.Secrets) > 0 && revealed(node.Secrets) != "https://u:canary@h/r" {
				t.Errorf("read were %s", revealed(node.Secrets))
			}
		})
	}
}

func asSet(names []string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// What an image needs is read when it is built, so that it must be there then.
func TestReadInImage(t *testing.T) {
	t.Parallel()
	_, err := Resolve(Request{Role: "worker", Phase: profiles.ImagePhase, Files: files(head + "settings: {domain: \"env:CARBONPATCH_TEST_UNSET\", membershipScheme: multicast}\n")})
	if err == nil || !strings.Contains(err.Error(), "domain: the environment variable CARBONPATCH_TEST_UNSET is not set") {
		t.Errorf("got %v", err)
	}
}

// Members need the domain, and the address of a node that is one itself.
func TestOpenMembers(t *testing.T) {
	t.Parallel()
	text := head + "settings: {domain: d}\nnodes:\n  one: {role: worker, %s}\n  two: {role: worker, localMemberHost: 10.0.0.2}\n"
	for _, tt := range []struct {
		one  string
		req  Request
		want string
	}{
		{"localMemberHost: 10.0.0.1", Request{Role: "worker"}, "[host:10.0.0.1 port:4000, host:10.0.0.2 port:4000]"},
		{"localMemberHost: 10.0.0.1", Request{Node: "one"}, "[host:10.0.0.1 port:4000, host:10.0.0.2 port:4000]"},
		{"localMemberHost: 10.0.0.1", Request{Node: "one", Set: []string{"localMemberHost=fact:ip"}}, "open"},
		{"localMemberPort: 4100", Request{Node: "one"}, "open"},
		{"localMemberHost: 10.0.0.1, domain: mine", Request{Role: "worker"}, "open"},
		{"localMemberHost: 10.0.0.1, domain: mine", Request{Node: "one"}, "[host:10.0.0.1 port:4000]"},
	} {
		tt.req.Phase, tt.req.Files = profiles.ImagePhase, files(strings.Replace(text, "%s", tt.one, 1))
		members := resolve(t, tt.req).Values["members"]
		got := showValue(members)
		if members.Open {
			got = "open"
		}
		if got != tt.want {
			t.Errorf("%s, %+v: got %s, want %s", tt.one, tt.req.Set, got, tt.want)
		}
	}
}
