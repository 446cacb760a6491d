package cluster

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/source"
)

const pickFile = head + `
settings: {domain: d}
nodes:
  a: {role: node, localMemberHost: 192.0.2.1}
  b: {role: node, localMemberHost: 192.0.2.2}
  c: {role: node, localMemberHost: "fact:ip"}
  d: {role: node, localMemberHost: "2001:db8::1"}
  e: {role: node, localMemberHost: 192.0.2.5, localMemberPort: 4001}
  f: {role: node, localMemberHost: 192.0.2.5, localMemberPort: 4002}
wellKnown: [a]
`

// pickFrom is the name of the node of pickFile that pick finds, or what is wrong.
func pickFrom(req Request, pick func(*resolver, *cluster) *member) string {
	req.Files = files(pickFile)
	r := &resolver{Request: req}
	parsed := r.parse()
	if n := pick(r, describe(r.profile(parsed), parsed)); n != nil {
		return n.name
	}
	return problemtest.Report(r.err())
}

const pickAddresses = "a (192.0.2.1), b (192.0.2.2), c (not known), d (2001:db8::1), e (192.0.2.5), f (192.0.2.5)"

func TestPickOwn(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, own, want string }{
		{"one", "10.0.0.1 192.0.2.2", "b"},
		{"IPv6", "2001:db8:0::1", "d"},
		{"none", "10.0.0.1", `
no node has an address of this machine as its localMemberHost
hint: name it with --node; there are ` + pickAddresses},
		{"several", "192.0.2.2 192.0.2.1", `
several nodes have an address of this machine: a, b
hint: name one with --node`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var own []netip.Addr
			for a := range strings.FieldsSeq(tt.own) {
				own = append(own, netip.MustParseAddr(a))
			}
			expect(t, tt.want, pickFrom(Request{}, func(r *resolver, c *cluster) *member { return r.pickAddress(c, "an address of this machine", own...) }))
		})
	}
}

func TestPickNamed(t *testing.T) {
	secretFile := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secretFile, []byte("hunter22\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	hostname, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"PICK_NAME": " b ", "PICK_ADDRESS": "192.0.2.1", "PICK_OTHER_ADDRESS": "192.0.2.99", "PICK_SECRET": "hunter22", "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	const names = "\nhint: the cluster has a, b, c, d, e, f"
	tests := []struct{ name, node, want string }{
		{"name", "b", "b"},
		{"address", "192.0.2.2", "b"},
		{"address in another spelling", "2001:db8:0::1", "d"},
		{"mapped address", "::ffff:192.0.2.2", "b"},
		{"name in the environment", "env:PICK_NAME", "b"},
		{"address in the environment", "env:PICK_ADDRESS", "a"},
		{"no such address", "192.0.2.9", "no node has 192.0.2.9 as its localMemberHost\nhint: name it with --node; there are " + pickAddresses},
		{"address of several", "192.0.2.5", "several nodes have 192.0.2.5: e, f\nhint: name one with --node"},
		{"no such address in the environment", "env:PICK_OTHER_ADDRESS", "no node has the address in env:PICK_OTHER_ADDRESS as its localMemberHost\nhint: name it with --node; there are " + pickAddresses},
		{"no such name in the environment", "env:PICK_SECRET", "there is no node of the name in env:PICK_SECRET" + names},
		{"no such name in a file", "file:" + secretFile, "there is no node of the name in file:" + secretFile + names},
		{"fact that is an address", "fact:ip:lo", "no node has 127.0.0.1 (fact:ip:lo) as its localMemberHost\nhint: name it with --node; there are " + pickAddresses},
		{"fact that is a name", "fact:hostname", `there is no node "` + hostname + `" (fact:hostname)` + names},
		{"no such source", "env:PICK_NOTHING", "--node: the environment variable PICK_NOTHING is not set"},
		{"no metadata", "imds:tags/Name", "--node: imds:tags/Name is not known: AWS_EC2_METADATA_DISABLED is true\nhint: unset it where the metadata of the EC2 instance may be asked for"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, tt.want, pickFrom(Request{Node: tt.node, Sources: source.NewReader(t.Context())}, (*resolver).pick))
		})
	}
}

// What is configured for another machine is never taken for this one.
func TestPickElsewhere(t *testing.T) {
	t.Setenv("PICK_NAME", "b")
	sources := source.NewReader(t.Context())
	sources.Elsewhere = true
	const named = "\nhint: name the node itself, or its role: --role ROLE"
	tests := []struct{ name, node, role, want string }{
		{"none named", "", "", "this machine is none of the nodes, so one must be named\nhint: --node NAME, or --role ROLE"},
		{"fact", "fact:ip", "", "--node: fact:ip is another one on the machine that this is for" + named},
		{"metadata", "imds:local-ipv4", "", "--node: imds:local-ipv4 is another one on the machine that this is for" + named},
		{"environment", "env:PICK_NAME", "", "b"},
		{"address", "192.0.2.1", "", "a"},
		{"role", "", "node", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, tt.want, pickFrom(Request{Node: tt.node, Role: tt.role, Sources: sources, Phase: profiles.ImagePhase}, (*resolver).pick))
		})
	}
}

// Without --node, the node of this machine is the one with its address; the loopback address is on every machine.
func TestPickThisMachine(t *testing.T) {
	t.Parallel()
	node := resolve(t, Request{Files: files(head + "settings: {domain: d}\nnodes: {n: {role: node, localMemberHost: 127.0.0.1}}\n")})
	if node.Name != "n" {
		t.Errorf("got %q", node.Name)
	}
}
