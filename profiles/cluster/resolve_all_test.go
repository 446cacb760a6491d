package cluster

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

// Sources are not read: what they stand for is the same on all nodes, but for what only the node knows.
func TestResolveAll(t *testing.T) {
	t.Parallel()
	nodes, err := ResolveAll(Request{Files: []Source{{Name: "a.yaml", Data: []byte(`
version: 1
profile: esb
settings:
  domain: d
  hostName: env:NO_SUCH
  groupPassword: env:NO_SUCH_PASSWORD
  portOffset: file:/no/such/file
  membershipScheme: aws
  aws.secretKey: env:NO_SUCH_KEY
nodes:
  a: {role: manager, localMemberHost: fact:ip}
  b: {role: worker, localMemberHost: fact:ip, hostName: env:OTHER}
wellKnown: []
`)}}})
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	var got []string
	for _, n := range nodes {
		for _, name := range []string{"localMemberHost", "hostName", "groupPassword", "portOffset", "aws.accessKey", "domain"} {
			v := n.Values[name]
			got = append(got, fmt.Sprintf("%s: %s = %s, assumed %t", n.Name, name, v.Text.Reveal(), v.Assumed))
		}
	}
	want := []string{
		"a: localMemberHost = 198.18.0.1, assumed true",
		"a: hostName = 198.18.0.4, assumed true",
		"a: groupPassword = 198.18.0.2, assumed true",
		"a: portOffset = 4000, assumed true",
		"a: aws.accessKey = 198.18.0.6, assumed true",
		"a: domain = d, assumed false",
		"b: localMemberHost = 198.18.0.7, assumed true",
		"b: hostName = 198.18.0.8, assumed true",
		"b: groupPassword = 198.18.0.2, assumed true",
		"b: portOffset = 4000, assumed true",
		"b: aws.accessKey = 198.18.0.6, assumed true",
		"b: domain = d, assumed false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if line := nodes[1].Place.Node.Line; line != 13 {
		t.Errorf("the second node is in line %d", line)
	}
}
