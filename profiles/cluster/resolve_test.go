package cluster

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden resolves each node of a worker and manager cluster down to its patch.
func TestGolden(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_SVN_PASSWORD", "Geheim & <1>")
	data, err := os.ReadFile("testdata/esb.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"boss", "left", "right"} {
		t.Run(name, func(t *testing.T) {
			node := resolve(t, Request{Files: []Source{{Name: "testdata/esb.yaml", Data: data}}, Node: name})
			if node.Cluster != "integration" || node.Name != name || len(node.Open)+len(node.Notes) > 0 {
				t.Errorf("got %+v", node)
			}
			if diff := cmp.Diff("Geheim & <1>", revealed(node.Secrets)); diff != "" {
				t.Errorf("secrets: -want +got\n%s", diff)
			}
			p, err := node.Profile.Patch(node.Role, node.Values, &product.Home{ConfDir: "conf"})
			if err != nil {
				t.Fatal(problemtest.Report(err))
			}
			golden(t, "testdata/esb."+name+".txt", show(node)+"\n"+dump(p))
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, string(want), got)
}

// dump writes a patch as text, one line for each operation, secrets masked.
func dump(p patch.Patch) string {
	var b strings.Builder
	for _, f := range p.Files {
		fmt.Fprintln(&b, strings.Join(f.Paths, " | "))
		for _, op := range f.Ops {
			fmt.Fprintf(&b, "  %v %v", op.Verb, op.Select)
			switch {
			case op.Secret:
				b.WriteString(" = " + patch.Mask)
			case op.Verb == xmlops.Set:
				fmt.Fprintf(&b, " = %s", op.Value)
			}
			for _, item := range op.Items {
				fmt.Fprintf(&b, " %s", leaves(item))
			}
			b.WriteString("\n")
		}
		for _, op := range f.Unmanaged {
			fmt.Fprintf(&b, "  not for this role: %v\n", op.Select)
		}
	}
	return b.String()
}

// leaves are the texts of a fragment with colons between.
func leaves(f *xmlops.Fragment) string {
	if len(f.Children) == 0 {
		return f.Text
	}
	var texts []string
	for _, child := range f.Children {
		texts = append(texts, leaves(child))
	}
	return strings.Join(texts, ":")
}

const head = "version: 1\nprofile: carbon\n"

// defaults are the last lines of show for a node of which nothing is said of the synchronizer and the registry.
const defaults = `
deploymentSynchronizer.autoCheckout = true (default)
deploymentSynchronizer.repositoryType = svn (default)
deploymentSynchronizer.svnUrlAppendTenantId = true (default)
registry.dbConfig = sharedregistry (default)
registry.instanceId = instanceid (default)
registry.instanceUrl = https://localhost:9443/registry (default)
registry.readOnly = false (default)
registry.enableCache = true (default)
registry.registryRoot = / (default)
registry.governanceTarget = /_system/governance (default)`

func TestPrecedence(t *testing.T) {
	t.Parallel()
	const base = head + `
settings: {domain: from.settings, localMemberPort: 1, mcastPort: 1, mcastTTL: 1, mcastTimeout: 1}
roles:
  node: {localMemberPort: 2, mcastPort: 2, mcastTTL: 2}
nodes:
  n: {role: node, localMemberHost: 10.0.0.1, mcastPort: 3, mcastTTL: 3}
`
	tests := []struct {
		name  string
		files []string
		set   []string
		want  string
	}{
		{"default, settings, roles, node, --set", []string{base}, []string{"mcastTTL=4"}, `
membershipScheme = wka (default)
domain = from.settings (settings)
localMemberHost = 10.0.0.1 (node)
localMemberPort = 2 (roles)
members = [host:10.0.0.1 port:2] (well-known nodes)
mcastPort = 3 (node)
mcastTTL = 4 (--set)
mcastTimeout = 1 (settings)`},
		{"later files win within their layer", []string{base, "settings: {domain: later, mcastTTL: 9}\nnodes: {n: {mcastPort: 9}}\n"}, nil, `
membershipScheme = wka (default)
domain = later (settings)
localMemberHost = 10.0.0.1 (node)
localMemberPort = 2 (roles)
members = [host:10.0.0.1 port:2] (well-known nodes)
mcastPort = 9 (node)
mcastTTL = 3 (node)
mcastTimeout = 1 (settings)`},
		{"the last --set wins, and commas are data", []string{base}, []string{"parameters.a=1,2", "parameters.b=x=y", "parameters={a: 3}", "members=[{host: 10.0.0.2-9, port: 7}]", "mcastAddress=none"}, `
membershipScheme = wka (default)
domain = from.settings (settings)
localMemberHost = 10.0.0.1 (node)
localMemberPort = 2 (roles)
members = [host:10.0.0.2-9 port:7] (--set)
mcastAddress = none (--set)
mcastPort = 3 (node)
mcastTTL = 3 (node)
mcastTimeout = 1 (settings)
parameters = [key:a value:3, key:b value:x=y] (--set)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			expect(t, tt.want+defaults, show(resolve(t, Request{Files: files(tt.files...), Node: "n", Set: tt.set})))
		})
	}
}

// A nested mapping says the same as names with dots.
func TestDottedNames(t *testing.T) {
	t.Parallel()
	const nodes = "nodes: {n: {role: manager, localMemberHost: 10.0.0.1}}\n"
	nested := head + nodes + "settings: {domain: d, deploymentSynchronizer: {enabled: true, svnUrl: 'http://h/'}, aws: {region: r}, parameters: {a: 1, b: 2}}\n"
	dotted := head + nodes + "settings: {domain: d, deploymentSynchronizer.enabled: true, deploymentSynchronizer.svnUrl: 'http://h/', aws.region: r, parameters.a: 1, parameters.b: 2}\n"
	mixed := head + nodes + "settings: {domain: d, deploymentSynchronizer.enabled: true, deploymentSynchronizer: {svnUrl: 'http://h/'}, aws: {region: r}, parameters.a: 1, parameters: {b: 2}}\n"
	want := show(resolve(t, Request{Files: files(nested), Node: "n"}))
	if !strings.Contains(want, "deploymentSynchronizer.svnUrl = http://h/ (settings)\n") || !strings.Contains(want, "parameters = [key:a value:1, key:b value:2] (settings)\n") {
		t.Fatal(want)
	}
	for _, text := range []string{dotted, mixed} {
		expect(t, want, show(resolve(t, Request{Files: files(text), Node: "n"})))
	}
}

func TestKeyedLists(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "p.yaml"), `
profile: p
extends: carbon
settings:
  databases: {type: "list keyed by name of {name word, url text, user text, password text secret}"}
  hosts: {type: "list of {host host}"}
`)
	node := resolve(t, Request{Profile: filepath.Join(dir, "p.yaml"), Node: "n", Files: files(head+`
settings:
  domain: d
  databases: [{name: one, url: u1, user: x}, {name: two, url: u2}]
  hosts: [{host: a}, {host: b}]
nodes:
  n: {role: node, localMemberHost: 10.0.0.1, databases: [{name: two, user: y}, {name: three, url: u3}], hosts: [{host: c}]}
`, `
settings: {databases: [{name: one, password: "env:CARBONPATCH_TEST_UNSET"}]}
nodes: {n: {databases: [{name: one, password: "literal:none"}]}}
`)})
	if got, want := showValue(node.Values["databases"]), "[name:one password:******** url:u1 user:x, name:two url:u2 user:y, name:three url:u3]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := node.Values["databases"].Items[0]["password"].Text.Reveal(); got != "none" {
		t.Errorf("the password is %q", got)
	}
	if got, want := showValue(node.Values["hosts"]), "[host:c]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// The profile of a cluster file is found beside it.
func TestProfilePath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "mine.yaml"), "profile: mine\nextends: carbon\nsettings: {domain: {default: mine}}\n")
	text := []byte("version: 1\nprofile: ./mine.yaml\nnodes: {n: {role: node, localMemberHost: 10.0.0.1}}\n")
	node := resolve(t, Request{Files: []Source{{Name: filepath.Join(dir, "c.yaml"), Data: text}}, Node: "n"})
	if node.Profile.Name != "mine" || node.Values["domain"].Text.Reveal() != "mine" {
		t.Errorf("got %s, %v", node.Profile.Name, node.Values["domain"])
	}
}

func TestRole(t *testing.T) {
	t.Parallel()
	t.Run("with a cluster file", func(t *testing.T) {
		t.Parallel()
		node := resolve(t, Request{Role: "worker", Set: []string{"localMemberHost=10.0.0.9"}, Files: files(head + `
settings: {domain: d}
roles: {worker: {mcastTTL: 5}}
nodes: {m: {role: manager, localMemberHost: 10.0.0.1}}
`)})
		if node.Name != "" || node.Role != "worker" || node.Values["mcastTTL"].Text.Reveal() != "5" {
			t.Errorf("got %+v", node)
		}
		if got, want := showValue(node.Values["members"]), "[host:10.0.0.1 port:4000]"; got != want {
			t.Errorf("members %s, want %s: the node itself is none", got, want)
		}
	})
	t.Run("without one", func(t *testing.T) {
		t.Parallel()
		node := resolve(t, Request{Profile: "carbon", Role: "node", Set: []string{"domain=d", "localMemberHost=127.0.0.1", "membershipScheme=multicast"}})
		if node.Cluster != "" || node.Values["domain"].Text.Reveal() != "d" {
			t.Errorf("got %+v", node)
		}
	})
}

// What only other nodes have is not read: neither their sources, nor whether they lack anything.
func TestOtherNodes(t *testing.T) {
	t.Parallel()
	node := resolve(t, Request{Node: "n", Files: files(head + `
settings: {domain: d}
roles: {manager: {groupPassword: "file:/no/such/file"}}
nodes:
  n: {role: worker, localMemberHost: 10.0.0.1}
  m: {role: manager, localMemberHost: "env:CARBONPATCH_TEST_UNSET"}
  l: {role: manager, deploymentSynchronizer: {enabled: true}}
wellKnown: [n]
`)})
	if len(node.Secrets)+len(node.Notes) > 0 {
		t.Errorf("got %+v", node)
	}
}

func TestPhaseImage(t *testing.T) {
	t.Parallel()
	text := head + `
settings: {domain: d, groupPassword: "env:CARBONPATCH_TEST_UNSET", hostName: h}
nodes:
  m: {role: manager, localMemberHost: 10.0.0.1}
  w: {role: worker, localMemberHost: "fact:nosuch"}
wellKnown: [m]
`
	for _, req := range []Request{{Node: "w"}, {Role: "worker"}} {
		req.Files, req.Phase = files(text), "image"
		node := resolve(t, req)
		if diff := cmp.Diff([]string{"localMemberHost", "groupPassword"}, sorted(node.Profile.SettingNames(), node.Open)); diff != "" {
			t.Errorf("open: -want +got\n%s", diff)
		}
		if got := showValue(node.Values["members"]); got != "[host:10.0.0.1 port:4000]" || node.Values["hostName"].Text.Reveal() != "h" {
			t.Errorf("got %s", show(node))
		}
		for _, name := range node.Open {
			if v := node.Values[name]; !v.Open || v.Text.Reveal() != "" {
				t.Errorf("%s is not open: %+v", name, v)
			}
		}
	}
}

// sorted puts names into the given order.
func sorted(order, names []string) []string {
	var all []string
	for _, o := range order {
		for _, name := range names {
			if name == o {
				all = append(all, name)
			}
		}
	}
	return all
}

func TestNotes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "c.yaml")
	text := head + `
settings: {domain: d, mgtHostName: of.settings, groupPassword: literally, parameters: {a: 1, vaultPassword: literally}}
nodes:
  w: {role: worker, localMemberHost: 10.0.0.1}
  x: {role: worker, localMemberHost: 10.0.0.2, mgtHostName: of.node}
`
	write(t, name, text)
	notes := func(node string, set ...string) string {
		n := resolve(t, Request{Files: []Source{{Name: name, Data: []byte(text)}}, Node: node, Set: set})
		return strings.ReplaceAll(strings.Join(n.Notes, "\n"), dir, "DIR")
	}
	expect(t, "", notes("w"))
	expect(t, "mgtHostName is written though it is not for the role worker: it was given by node", notes("x"))
	expect(t, "mgtHostName is written though it is not for the role worker: it was given by --set", notes("w", "mgtHostName=h"))
	if err := os.Chmod(name, 0o604); err != nil {
		t.Fatal(err)
	}
	expect(t, `
DIR/c.yaml:4:64: a secret stands here, and others can read the file; use env:NAME or file:/path, or chmod o-r
DIR/c.yaml:4:109: a secret stands here, and others can read the file; use env:NAME or file:/path, or chmod o-r`, notes("w"))
}

func TestNotesOfWhatHasNoEffect(t *testing.T) {
	t.Parallel()
	text := head + `
settings:
  domain: d
  aws: {region: r, tagKey: none}
  registry: {configTarget: /c}
  deploymentSynchronizer: {enabled: true, svnUrl: "https://h/r"}
nodes: {w: {role: worker, localMemberHost: 10.0.0.1}}
`
	notes := func(phase string, set ...string) string {
		return strings.Join(resolve(t, Request{Files: files(text), Node: "w", Phase: phase, Set: set}).Notes, "\n")
	}
	const region = "aws.region has no effect: it is written when membershipScheme is aws"
	expect(t, region+"\nregistry.configTarget has no effect: it is written when registry.sharedDatasource is set", notes(""))
	expect(t, region+"\nregistry.configTarget has no effect: it is written when registry.sharedDatasource is set", notes("image"))
	expect(t, region, notes("", "registry.sharedDatasource=none"))
	expect(t, "", notes("image", "membershipScheme=aws", "aws.iamRole=r", "registry.configTarget=none"))
}

func TestWhiteSpace(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_SECRET", "\tcanary 0815 \n")
	node := resolve(t, Request{Node: "n", Set: []string{"mcastAddress= 228.0.0.4 "}, Files: files(head + `
settings:
  domain: " d "
  hostName: "h.example.com\u00a0"
  clusteringPattern: "literal: nonWorkerManager "
  groupPassword: env:CARBONPATCH_TEST_SECRET
  mcastTTL: " none "
  parameters: {" a b ": " v w ", " c ": env:CARBONPATCH_TEST_SECRET}
  parameters. d: " e"
  datasources: [{jndi: " jdbc/D ", name: " N ", password: " canary "}, {jndi: "jdbc/E"}]
roles:
  node: {datasources: [{jndi: jdbc/D, username: " u "}]}
nodes: {n: {role: node, localMemberHost: " 10.0.0.1 "}}
`)})
	for _, want := range []string{
		"domain = d (settings)", "hostName = h.example.com (settings)", "mcastAddress = 228.0.0.4 (--set)", "mcastTTL = none (settings)",
		"clusteringPattern = nonWorkerManager (settings)", "localMemberHost = 10.0.0.1 (node)",
		"parameters = [key:a b value:v w, key:c value:canary 0815, key:d value:e] (settings)",
		"datasources = [jndi:jdbc/D name:N password:******** username:u, jndi:jdbc/E] (roles)",
	} {
		if got := show(node); !strings.Contains(got, want+"\n") {
			t.Errorf("there is no %s in\n%s", want, got)
		}
	}
	if got := node.Values["groupPassword"].Text.Reveal(); got != "canary 0815" {
		t.Errorf("groupPassword = %q", got)
	}
	expect(t, `
groupPassword: the white space around the secret is left out
datasources.password: the white space around the secret is left out`, strings.Join(node.Notes, "\n"))
}

// With the problems comes what could be read. What could not is neither missing nor a default.
func TestUnread(t *testing.T) {
	t.Parallel()
	node, err := Resolve(Request{Node: "n", Files: files(head + `
settings:
  domian: d
  membershipScheme: a b
  localMemberPort: 0
  hostName: [h]
  mcastPort: env:CARBONPATCH_TEST_UNSET
  parameters: {a: 1, "b'\"": 2}
  members: [{host: 10.0.0.1, port: 4000}, {host: 10.0.0.2, port: x}]
  mcastAddress: 228.0.0.4
  datasources:
    - {jndi: jdbc/A, name: env:CARBONPATCH_TEST_UNSET, url: nowhere, driverClasName: x.Y, maxActive: 5, maxWait: many, username: u}
    - {jndi: jdbc/A, name: again}
    - {name: unknown}
    - {jndi: jdbc/B, name: B}
nodes: {n: {role: node, localMemberHost: 10.0.0.1}}
`)})
	expect(t, `
a.yaml:5:3: unknown setting "domian"
a.yaml:6:21: membershipScheme must be one word without blanks, not "a b"
a.yaml:7:20: localMemberPort must be 1 to 65535, not 0
a.yaml:8:13: hostName must be a single value
a.yaml:9:14: mcastPort: the environment variable CARBONPATCH_TEST_UNSET is not set
a.yaml:10:22: a key of parameters can't hold both kinds of quotes
a.yaml:11:66: members.port must be 1 to 65535, not "x"
a.yaml:14:28: datasources.name: the environment variable CARBONPATCH_TEST_UNSET is not set
a.yaml:14:61: datasources.url must be a URL such as https://host/path, not "nowhere"
a.yaml:14:70: unknown key "driverClasName" in an item of datasources
a.yaml:14:114: datasources.maxWait must be a whole number, not "many"
a.yaml:15:7: two items of datasources have the jndi jdbc/A
a.yaml:16:7: an item of datasources has no jndi`, err.Error())
	expect(t, `
membershipScheme = ? (settings)
domain = ? (settings)
localMemberHost = 10.0.0.1 (node)
localMemberPort = ? (settings)
members = ? (settings)
mcastAddress = 228.0.0.4 (settings)
mcastPort = ? (settings)
parameters = ? (settings)
hostName = ? (settings)
datasources = ? [driverClassName:x.Y jndi:jdbc/A maxActive:5 maxWait:? name:? url:? username:u, jndi:jdbc/B name:B] (settings)`, strings.Join(slices.DeleteFunc(strings.Split(show(node), "\n"), func(line string) bool {
		return strings.HasSuffix(line, "(default)")
	}), "\n"))
}

// Where the command line gives a node another address, its own list of members follows.
func TestMoved(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_HOST", "10.0.0.77")
	describe := func(wellKnown string) []Source {
		return files(head + "settings: {domain: d}\nnodes:\n  a: {role: node, localMemberHost: 10.0.0.1}\n  b: {role: node, localMemberHost: 10.0.0.2}\n" + wellKnown)
	}
	tests := []struct {
		name, wellKnown string
		set             []string
		members, notes  string
	}{
		{"not moved", "", []string{"localMemberHost=10.0.0.1"}, "[host:10.0.0.1 port:4000, host:10.0.0.2 port:4000]", ""},
		{
			"host", "",
			[]string{"localMemberHost=env:CARBONPATCH_TEST_HOST"},
			"[host:10.0.0.77 port:4000, host:10.0.0.2 port:4000]",
			"the other nodes know a as 10.0.0.1:4000, as the cluster file says, not as 10.0.0.77:4000",
		},
		{
			"port", "",
			[]string{"localMemberPort=4100"},
			"[host:10.0.0.1 port:4100, host:10.0.0.2 port:4000]",
			"the other nodes know a as 10.0.0.1:4000, as the cluster file says, not as 10.0.0.1:4100",
		},
		{"not well-known", "wellKnown: [b]\n", []string{"localMemberHost=10.0.0.77"}, "[host:10.0.0.2 port:4000]", ""},
		{"given members", "", []string{"localMemberHost=10.0.0.77", "members=[{host: 10.0.0.77, port: 4000}]"}, "[host:10.0.0.77 port:4000]", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			node := resolve(t, Request{Files: describe(tt.wellKnown), Node: "a", Set: tt.set})
			expect(t, tt.members, showValue(node.Values[membersSetting]))
			expect(t, tt.notes, strings.Join(node.Notes, "\n"))
		})
	}
	_, err := Resolve(Request{Files: describe(""), Node: "a", Set: []string{"localMemberHost=10.0.0.2"}})
	expect(t, "--set localMemberHost: the nodes b and a both have 10.0.0.2:4000\nhint: every node needs a port of its own on its machine", problemtest.Report(err))
}

// A node that no file lists may have no address of one that is listed.
func TestRoleAddress(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_HOST", "10.0.0.1")
	file := files(head + "settings: {domain: d}\nroles: {worker: {localMemberHost: \"env:CARBONPATCH_TEST_HOST\"}}\nnodes:\n  a: {role: manager, localMemberHost: 10.0.0.1}\n")
	tests := []struct {
		name string
		set  []string
		want string
	}{
		{"host", []string{"localMemberHost=10.0.0.1"}, "--set localMemberHost: the nodes a and this worker both have 10.0.0.1:4000"},
		{"spelling", []string{"localMemberHost=::ffff:10.0.0.1"}, "--set localMemberHost: the nodes a and this worker both have ::ffff:10.0.0.1:4000"},
		{"port", []string{"localMemberPort=4000"}, "--set localMemberPort: the nodes a and this worker both have 10.0.0.1:4000"},
		{"source", nil, "a.yaml:4:35: the nodes a and this worker both have 10.0.0.1:4000"},
		{"other host", []string{"localMemberHost=10.0.0.2"}, ""},
		{"other port", []string{"localMemberHost=10.0.0.1", "localMemberPort=4001"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Resolve(Request{Files: file, Role: "worker", Set: tt.set})
			got := ""
			if err != nil {
				got = err.Error()
			}
			expect(t, tt.want, got)
		})
	}
}

// A node has peers where the files list others, whether it is listed itself or not.
func TestPeers(t *testing.T) {
	t.Parallel()
	const begin = "version: 1\nprofile: carbon\nsettings: {domain: d}\n"
	one := []Source{{Name: "one.yaml", Data: []byte(begin + "nodes: {n: {role: node, localMemberHost: 10.0.0.1}}\n")}}
	other := []Source{one[0], {Name: "other.yaml", Data: []byte("nodes: {m: {role: node, localMemberHost: 10.0.0.2}}\n")}}
	for _, c := range []struct {
		name string
		req  Request
		want bool
	}{
		{"alone", Request{Files: one, Node: "n"}, false},
		{"another in a second file", Request{Files: other, Node: "n"}, true},
		{"a role beside a node", Request{Files: one, Role: "node", Set: []string{"localMemberHost=10.0.0.3"}}, true},
		{"a role without any file", Request{Profile: "carbon", Role: "node", Set: []string{"domain=d", "localMemberHost=10.0.0.3", "membershipScheme=multicast"}}, false},
	} {
		if got := resolve(t, c.req).Peers; got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
