package cluster

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

const demoHome = "../../cmd/carbonpatch/demo/home"

// copyTree copies a home.
func copyTree(t *testing.T, from string) *product.Home {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return detect(t, dir)
}

func detect(t *testing.T, dir string) *product.Home {
	t.Helper()
	home, err := product.Detect(dir)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	return home
}

// nearest is what comes nearest to a home among some profiles.
func nearest(t *testing.T, home *product.Home, names ...string) *Existing {
	t.Helper()
	var all []*Existing
	for _, name := range names {
		e, err := Inspect(home, open(t, name))
		if err != nil {
			t.Fatal(problemtest.Report(err))
		}
		all = append(all, e)
	}
	return Nearest(all)
}

// pending are the changes that a cluster file would make to a home, for its first node.
func pending(t *testing.T, text string, home *product.Home) []patch.Change {
	t.Helper()
	node := resolve(t, Request{Files: []Source{{Name: "existing.yaml", Data: []byte(text)}}, Node: firstNode(t, text), Home: home})
	want, err := node.Profile.Patch(node.Role, node.Values, home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	plan, err := patch.Make(home.Dir, want)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	var all []patch.Change
	for _, f := range plan.Files {
		all = append(all, f.Changes...)
	}
	return all
}

func expectNoChange(t *testing.T, text string, home *product.Home) {
	t.Helper()
	for _, c := range pending(t, text, home) {
		t.Errorf("would change %s from %q to %q\n%s", c.At, c.Before.Reveal(), c.After.Reveal(), text)
	}
}

// What a home is found to have describes it: the role is known again, and nothing would change.
func TestExistingDescribesWhatWasApplied(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_SVN_PASSWORD", "Geheim & <1>")
	t.Setenv("CARBONPATCH_TEST_SVN_URL", "http://me:Geheim@h/svn")
	t.Setenv("CARBONPATCH_TEST_KEY", "Geheim")
	data, err := os.ReadFile("testdata/esb.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := []Source{{Name: "esb.yaml", Data: data}}
	for _, tt := range []struct {
		req           Request
		profile, role string
	}{
		{Request{Files: files, Node: "boss"}, "esb", "manager"},
		{Request{Files: files, Node: "left"}, "esb", "worker"},
		{Request{Files: files, Node: "right"}, "esb", "worker"},
		{Request{Files: files, Node: "left", Set: []string{"wsdlEPRPrefix.http=none"}}, "esb", "worker"},
		{Request{Files: files, Node: "boss", Set: []string{"clusteringPattern=literal:none"}}, "esb", "manager"},
		{Request{Files: append(files, Source{Name: "neighbor.yaml", Data: []byte("nodes: {next: {role: worker, localMemberHost: 192.0.2.2}}\nwellKnown: [boss, next]\n")}), Node: "boss"}, "esb", "manager"},
		{Request{Profile: "ei", Role: "node", Set: []string{"localMemberHost=10.0.0.2", "members=[{host: 10.0.0.2, port: 4000}]", "mgtHostName=h", "httpProxyPort=80"}}, "ei", "node"},
		{Request{Profile: "carbon", Role: "worker", Set: []string{"domain=d", "localMemberHost=127.0.0.1", "localMemberPort=4100", "members=[{host: 127.0.0.1, port: 4000}]"}}, "carbon", "worker"},
		{Request{Profile: "carbon", Role: "manager", Set: []string{"domain=d", "localMemberHost=10.0.0.2", "membershipScheme=multicast", "mgtHostName=h", "deploymentSynchronizer.enabled=true", "deploymentSynchronizer.svnUrl=http://h/svn"}}, "carbon", "manager"},
		{Request{Profile: "carbon", Role: "manager", Set: []string{
			"mgtHostName=h", "domain=d", "localMemberHost=10.0.0.2", "membershipScheme=aws", "aws.accessKey=env:CARBONPATCH_TEST_KEY", "aws.secretKey=env:CARBONPATCH_TEST_KEY",
			"aws.securityGroup=g", "aws.region=r", "deploymentSynchronizer.enabled=true", "deploymentSynchronizer.svnUrl=env:CARBONPATCH_TEST_SVN_URL",
		}}, "carbon", "manager"},
	} {
		home := copyTree(t, demoHome)
		apply(t, resolve(t, tt.req), home)
		e := nearest(t, home, "ei", "esb")
		if tt.profile == "carbon" {
			e = nearest(t, home, "carbon")
		}
		if e.Profile.Name != tt.profile || e.Role() != tt.role {
			t.Errorf("%v is taken for a %s of %s", tt.req.Set, e.Role(), e.Profile.Name)
		}
		text := string(e.File(tt.profile))
		if strings.Contains(text, "Geheim") || strings.Contains(text, "change-me") {
			t.Errorf("there is a secret in\n%s", text)
		}
		expectNoChange(t, text, home)
	}
}

// Without a home that has them, or where it has them empty, secrets that are required must be given.
func TestRequiredSecrets(t *testing.T) {
	t.Parallel()
	home := copyTree(t, demoHome)
	text := head + "settings: {domain: d, membershipScheme: aws, aws.securityGroup: g, aws.region: r}\nnodes: {n: {role: node, localMemberHost: 10.0.0.2}}\n"
	axis2 := filepath.Join(home.Dir, "conf/axis2/axis2.xml")
	data, err := os.ReadFile(axis2)
	if err != nil {
		t.Fatal(err)
	}
	with := func(parameters string) string {
		return strings.Replace(string(data), "<parameter name=\"domain\">", parameters+"<parameter name=\"domain\">", 1)
	}
	const both = "a.yaml:4:9: the node n has no aws.accessKey\na.yaml:4:9: the node n has no aws.secretKey"
	tests := []struct{ name, axis2, want string }{
		{"not there", with(""), both},
		{"commented out", with(`<!--parameter name="accessKey">a</parameter><parameter name="secretKey">s</parameter-->`), both},
		{"empty", with(`<parameter name="accessKey"/><parameter name="secretKey">s</parameter>`), "a.yaml:4:9: the node n has no aws.accessKey"},
		{"there", with(`<parameter name="accessKey">a</parameter><parameter name="secretKey">s</parameter>`), ""},
		{"in secure vault", with(`<parameter xmlns:svns="http://org.wso2.securevault/configuration" name="accessKey" svns:secretAlias="a"/><parameter name="secretKey">s</parameter>`), ""},
		{"not readable", "<a", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			write(t, axis2, tt.axis2)
			_, err := Resolve(Request{Files: files(text), Node: "n", Home: detect(t, home.Dir)})
			got := ""
			if err != nil {
				got = err.Error()
			}
			expect(t, tt.want, got)
		})
	}
	_, err = Resolve(Request{Files: files(text), Node: "n"})
	expect(t, both, err.Error())
}

// The parameters of a membership scheme of one's own are found, but for the secrets among them.
func TestExistingParameters(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_SVN_PASSWORD", "canary")
	t.Setenv("CARBONPATCH_TEST_API", "http://me:canary@h/")
	home := copyTree(t, demoHome)
	apply(t, resolve(t, Request{Profile: "carbon", Role: "node", Set: []string{
		"domain=d", "localMemberHost=10.0.0.2", "membershipScheme=kubernetes", "membershipSchemeClassName=org.example.Scheme",
		"parameters={NAMESPACE: 'a: b', API_SERVER: 'env:CARBONPATCH_TEST_API', token.name: x, vaultPassword: 'env:CARBONPATCH_TEST_SVN_PASSWORD'}",
	}}), home)
	text := string(nearest(t, home, "carbon").File("carbon"))
	for _, want := range []string{
		"  parameters.NAMESPACE: \"a: b\"\n", "  parameters.token.name: x\n",
		"  #parameters.API_SERVER: env:PARAMETERS_API_SERVER\n", "  #parameters.vaultPassword: env:PARAMETERS_VAULT_PASSWORD\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "canary") {
		t.Error("there is a secret in it")
	}
	expectNoChange(t, text, home)
}

// A home that nobody configured stays as it is, but for clustering, which every profile enables.
func TestExistingOfShippedHome(t *testing.T) {
	t.Parallel()
	home := copyTree(t, demoHome)
	text := string(nearest(t, home, "ei", "esb").File("ei"))
	text = strings.Replace(text, home.Dir, "HOME", 1)
	golden(t, "testdata/shipped.yaml", text)
	if err := validate(t, embeddedSchema(t), text); err != nil {
		t.Error(err)
	}
	for _, c := range pending(t, text, home) {
		if c.Label() != "clustering/@enable" {
			t.Errorf("would change %s from %q to %q", c.At, c.Before.Reveal(), c.After.Reveal())
		}
	}
}

const oddProfile = `
profile: odd
settings:
  needed: {type: host, required: true}
  lost: {type: port, required: true}
  host: {type: host}
  url: {type: url}
  word: {type: word, default: w}
  same: {type: word, default: s}
  missing: {type: word, default: m}
  unwritten: {type: word, default: u, roles: [two]}
  password: {type: text, secret: true}
  key: {type: text, secret: true, required: true}
  source: {type: text}
  none: {type: text}
  of: {type: word}
  kept: {type: word}
  list: {type: "list of {host host required, port port required}"}
roles:
  one: {of: one}
  two: {of: two}
files:
  carbon.xml:
    - {set: /Server/Needed, to: $(needed), create: true}
    - {set: /Server/Lost, to: $(lost), create: true}
    - {set: /Server/Host, to: $(host), create: true}
    - {set: /Server/Url, to: $(url), create: true}
    - {set: /Server/Word, to: $(word), create: true}
    - {set: /Server/Same, to: $(same), create: true}
    - {set: /Server/Missing, to: $(missing), create: true}
    - {set: /Server/Unwritten, to: $(unwritten), create: true}
    - {set: /Server/Pass, to: $(password), create: true}
    - {set: /Server/Key, to: $(key), create: true}
    - {set: /Server/Source, to: $(source), create: true}
    - {set: /Server/None, to: $(none), create: true}
    - {set: /Server/Of, to: $(of), create: true}
    - {list: /Server/Items/Item, each: $(list), xml: <Item><H>$(.host)</H><P>$(.port)</P></Item>}
`

// What must not stand in a cluster file is left out, and what is left out is said.
func TestExistingLeavesOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	profile := filepath.Join(dir, "odd.yaml")
	write(t, profile, oddProfile)
	if err := os.Mkdir(filepath.Join(dir, "conf"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "conf/carbon.xml"), `<Server><ServerKey>K</ServerKey><Version>1</Version>
<Lost>99999</Lost>
<Host>a b</Host>
<Url>https://me:canary@h/</Url>
<Word>other</Word>
<Same>s</Same>
<Pass>canary</Pass>
<Key>canary</Key>
<Source>env:HOME</Source>
<None>none</None>
<Of>two</Of><Unwritten>u</Unwritten>
<Items><Item><H>h</H><P>1</P></Item><Item><H>h</H><P>1</P></Item><Item><H>h</H></Item><Item><H>h</H><P>x</P></Item></Items>
</Server>
`)
	home := detect(t, dir)
	e, err := Inspect(home, open(t, profile))
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	text := strings.ReplaceAll(string(e.File("./odd.yaml")), dir, "HOME")
	golden(t, "testdata/leftout.yaml", text)
	if strings.Contains(text, "canary") {
		t.Error("there is a secret in it")
	}
	resolve(t, Request{Files: files(text), Profile: profile, Node: "two1", SkipSecrets: true})
}

// Files that can't be read are told, and what the others hold is found all the same.
func TestExistingOfBrokenFile(t *testing.T) {
	t.Parallel()
	home := copyTree(t, demoHome)
	write(t, filepath.Join(home.Dir, "conf/tomcat/catalina-server.xml"), "<Server>")
	e, err := Inspect(home, open(t, "esb"))
	expect(t, `
conf/tomcat/catalina-server.xml:1:9: the document ends inside element <Server> of line 1
hint: is the file cut off?`, problemtest.Report(err))
	resolve(t, Request{Files: files(string(e.File("esb"))), Node: e.Role() + "1"})
}

// checkDescribedAgain inspects a home that was configured for a node: the file must say the same, but for secrets. What is
// required is taken from the environment.
func checkDescribedAgain(t *testing.T, n *Node, home *product.Home) {
	t.Helper()
	e, err := Inspect(home, n.Profile)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	name := n.Profile.Name
	if !slices.Contains(profiles.Names(), name) {
		name = "../../examples/profiles/" + name + ".yaml"
	}
	text := string(e.File(name))
	if strings.Contains(text, "Geheim") {
		t.Errorf("there is a secret in\n%s", text)
	}
	described := resolve(t, Request{Files: []Source{{Name: "existing.yaml", Data: []byte(text)}}, Node: firstNode(t, text), Home: home})
	if apply(t, described, home) {
		t.Errorf("this changes what was applied:\n%s", text)
	}
}

// TestExistingOfShippedCorpus describes homes as they were shipped: only clustering would change.
func TestExistingOfShippedCorpus(t *testing.T) {
	corpus := os.Getenv("CARBONPATCH_CORPUS")
	if corpus == "" {
		t.Skip("CARBONPATCH_CORPUS is not set; it names a folder with real homes")
	}
	for _, name := range []string{"ei-6.1.1", "ei-6.4.0", "esb-4.9.0", "as-5.3.0", "es-2.0.0", "is-5.1.0", "greg-5.0.0", "mb-3.0.0", "das-3.0.1", "bps-3.5.0", "ei-6.1.1/wso2/broker", "deployed-ei-6.1.1-k8s-integrator", "deployed-ei-6.2.0-k8s-helm-integrator"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := copyTree(t, filepath.Join(corpus, name))
			e := nearest(t, home, fitting(t, home)...)
			text := string(e.File(e.Profile.Name))
			for _, c := range pending(t, text, home) {
				if c.Label() != "clustering/@enable" {
					t.Errorf("would change %s from %q to %q\n%s", c.At, c.Before.Reveal(), c.After.Reveal(), text)
				}
			}
		})
	}
}

// fitting are the profiles that are made for a product, or carbon.
func fitting(t *testing.T, home *product.Home) []string {
	t.Helper()
	var names []string
	for _, name := range profiles.Names() {
		if p := open(t, name); len(p.Products) > 0 && p.Fits(home) == nil {
			names = append(names, name)
		}
	}
	if names == nil {
		return []string{"carbon"}
	}
	return names
}
