package cluster

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// An image that is built for a role, or for a node, and completed on the node has the bytes that one run without phases gives it.

// homeFiles are the files of a home by their paths in it.
type homeFiles map[string][]byte

func readFiles(t testing.TB, dir string) homeFiles {
	t.Helper()
	files := homeFiles{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil {
			files[name], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func (files homeFiles) write(t testing.TB, dir string) {
	t.Helper()
	for name, data := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// configure applies what req asks for to the home, and reports whether that changed it.
func configure(req Request, home *product.Home) (bool, error) {
	req.Home = home
	node, err := Resolve(req)
	if err != nil {
		return false, err
	}
	p, err := node.Profile.Patch(node.Role, node.Values, home)
	if err != nil {
		return false, err
	}
	plan, err := patch.Make(home.Dir, p)
	if err != nil {
		return false, err
	}
	for _, f := range plan.Files {
		if err := os.WriteFile(filepath.Join(home.Dir, f.Path), f.After, 0o600); err != nil {
			return false, err
		}
	}
	return plan.Changed(), nil
}

// checkBaked compares the ways to configure a node of that role in a home of these files. It reports whether there is any.
func checkBaked(t testing.TB, source homeFiles, req Request, role string) bool {
	t.Helper()
	newHome := func() *product.Home {
		dir := t.TempDir()
		source.write(t, dir)
		home, err := product.Detect(dir)
		if err != nil {
			t.Fatal(problemtest.Report(err))
		}
		return home
	}
	once := newHome()
	if _, err := configure(req, once); err != nil {
		return false
	}
	want := readFiles(t, once.Dir)
	forRole, forNode := req, req
	forRole.Node, forRole.Role = "", role
	for what, image := range map[string]Request{"for the role": forRole, "for the node": forNode} {
		home := newHome()
		image.Phase = profiles.ImagePhase
		if _, err := configure(image, home); err != nil {
			t.Errorf("an image %s fails: %s", what, problemtest.Report(err))
			continue
		}
		baked := readFiles(t, home.Dir)
		if changed, err := configure(image, home); changed || err != nil {
			t.Errorf("an image %s is changed a second time: %s%s", what, problemtest.Report(err), differences(baked, readFiles(t, home.Dir)))
		}
		complete := req
		complete.Phase = profiles.NodePhase
		if _, err := configure(complete, home); err != nil {
			t.Errorf("an image %s can't be completed: %s", what, problemtest.Report(err))
			continue
		}
		if diff := differences(want, readFiles(t, home.Dir)); diff != "" {
			t.Errorf("an image %s, then the node: -want +got\n%s", what, diff)
		}
	}
	return true
}

func differences(want, got homeFiles) string {
	var b strings.Builder
	for name, data := range want {
		if !bytes.Equal(data, got[name]) {
			fmt.Fprintf(&b, "%s\n%s", name, cmp.Diff(strings.Split(string(data), "\n"), strings.Split(string(got[name]), "\n")))
		}
	}
	return b.String()
}

// TestBakeExamples bakes all examples for all their nodes and homes.
func TestBakeExamples(t *testing.T) {
	corpus := os.Getenv("CARBONPATCH_CORPUS")
	if corpus == "" {
		t.Skip("CARBONPATCH_CORPUS is not set; it names a folder with real homes")
	}
	for example, homes := range exampleHomes {
		name := filepath.Join("../../examples", example)
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range fromEnvironment.FindAllStringSubmatch(string(data), -1) {
			t.Setenv(m[1], "GeheimUnd<"+m[1]+">")
		}
		for _, node := range exampleNodes(t, name, data) {
			req := Request{Files: []Source{{Name: name, Data: data}}, Node: node}
			role := resolve(t, req).Role
			for _, home := range homes {
				t.Run(example+" "+node+" on "+home, func(t *testing.T) {
					if !checkBaked(t, wholeHome(t, filepath.Join(corpus, home)), req, role) {
						t.Error("the node can't be configured")
					}
				})
			}
		}
	}
}

// wholeHome are the files of a home, with a start script.
func wholeHome(t *testing.T, dir string) homeFiles {
	t.Helper()
	source := readFiles(t, dir)
	if home := detect(t, dir); home.StartScript() == "" {
		source[home.UsualScript()] = []byte(startScript)
	}
	return source
}

// bakeTests are descriptions that are hard to bake.
var bakeTests = map[string]string{
	"keys": `
settings: {domain: d, membershipScheme: aws, aws.accessKey: "env:CARBONPATCH_TEST_KEY", aws.secretKey: "env:CARBONPATCH_TEST_SECRET", aws.region: us-east-1, aws.tagKey: k, aws.tagValue: v, aws.securityGroup: g}
nodes: {one: {role: node, localMemberHost: 10.0.0.1}}`,
	"IAM role": `
settings: {domain: d, membershipScheme: aws, aws.iamRole: fleet, aws.region: us-east-1, aws.tagKey: k, aws.tagValue: v}
nodes: {one: {role: node, localMemberHost: 10.0.0.1}}`,
	"datasources": `
settings:
  domain: d
  datasources:
    - {jndi: jdbc/A, name: A, url: "jdbc:mysql://db/a", username: a, password: "env:CARBONPATCH_TEST_SECRET", driverClassName: com.mysql.jdbc.Driver, maxActive: 5, testOnBorrow: true}
    - {jndi: jdbc/B, name: B, url: "jdbc:mysql://db/b", driverClassName: com.mysql.jdbc.Driver}
    - {jndi: jdbc/WSO2CarbonDB, password: literally, maxActive: 7}
    - {jndi: jdbc/C, name: C, url: "jdbc:mysql://db/c", password: p, driverClassName: com.mysql.jdbc.Driver}
  registry: {sharedDatasource: jdbc/A, configTarget: /_system/c}
  userManagement: {datasource: jdbc/B, adminPassword: p}
nodes:
  one: {role: node, localMemberHost: 10.0.0.1, datasources: [{jndi: jdbc/B, url: "jdbc:mysql://db/b1"}, {jndi: jdbc/OWN, name: OWN, url: "jdbc:h2:own", driverClassName: org.h2.Driver}]}
  two: {role: node, localMemberHost: 10.0.0.2}`,
	"registry of each node": `
settings:
  domain: d
  datasources: [{jndi: jdbc/A, name: A, url: "jdbc:mysql://db/a", username: a, driverClassName: com.mysql.jdbc.Driver}]
  registry: {sharedDatasource: jdbc/A, configTarget: /_system/c}
nodes:
  one: {role: node, localMemberHost: 10.0.0.1, registry: {readOnly: true, dbConfig: mine}}
  two: {role: node, localMemberHost: 10.0.0.2}`,
	"passwords in URLs": `
settings:
  domain: d
  deploymentSynchronizer: {enabled: true, svnUrl: "https://u:p@h/r"}
  datasources: [{jndi: jdbc/A, name: A, url: "jdbc:mysql://db/a?user=a&password=p", driverClassName: com.mysql.jdbc.Driver}, {jndi: jdbc/WSO2CarbonDB, url: "jdbc:mysql://db/a?user=a&password=p", maxActive: 5}]
nodes: {one: {role: worker, localMemberHost: 10.0.0.1}}`,
	"synchronizer": `
settings: {domain: d, deploymentSynchronizer: {enabled: true, svnUrl: "https://h/r", svnUser: u, svnPassword: "env:CARBONPATCH_TEST_SECRET"}}
nodes: {one: {role: worker, localMemberHost: 10.0.0.1}}`,
	"settings of nodes": `
settings: {domain: d, subDomain: all, portOffset: 1, hostName: h.example.com, jvm: {xmx: 1g}, workerNode: true}
nodes:
  one: {role: worker, localMemberHost: 10.0.0.1, subDomain: none, portOffset: 2, proxy: {httpsHost: p.example.com}, parameters: {mine: 1}, members: [{host: 10.0.0.1, port: 4000}]}
  two: {role: worker, localMemberHost: 10.0.0.2, hostName: none, jvm: {xms: 1g}}`,
	"settings of another node": `
settings: {domain: d, members: [{host: 10.0.0.1, port: 4000}, {host: 10.0.0.2, port: 4000}], parameters: {all: 1}}
nodes:
  one: {role: worker, localMemberHost: 10.0.0.1}
  two: {role: worker, localMemberHost: 10.0.0.2, subDomain: mine, clusteringPattern: WorkerManager, parameters: {mine: 1, all: 2}, groupPassword: p}`,
	"a datasource of another node that its home must have": `
settings: {domain: d}
nodes:
  one: {role: worker, localMemberHost: 10.0.0.1}
  two: {role: worker, localMemberHost: 10.0.0.2, datasources: [{jndi: jdbc/OTHER, password: p}]}`,
	"facts": `
settings: {domain: d, clusteringPattern: "fact:hostname", subDomain: "fact:hostname", hostName: "fact:hostname", proxy: {httpsHost: "fact:hostname", httpsPort: 80, nonProxyHosts: ["fact:hostname", localhost]}, workerNode: true, wsdlEPRPrefix: {http: "http://h"}}
nodes: {one: {role: worker, localMemberHost: 10.0.0.1}}`,
}

func TestBake(t *testing.T) {
	setSecrets(t)
	small := readFiles(t, "../described/home")
	large := maps.Clone(small)
	maps.Copy(large, readFiles(t, "../../cmd/carbonpatch/demo/home"))
	for name, text := range bakeTests {
		for what, source := range map[string]homeFiles{"small": small, "large": large} {
			t.Run(name+" in a "+what+" home", func(t *testing.T) {
				req := Request{Files: files(head + text), Profile: "carbon", Node: "one"}
				if !checkBaked(t, source, req, resolve(t, req).Role) {
					t.Error("the node can't be configured")
				}
			})
		}
	}
}

// FuzzBake bakes cluster files and homes that a seed makes up.
func FuzzBake(f *testing.F) {
	small := readFiles(f, "../described/home")
	large := maps.Clone(small)
	maps.Copy(large, readFiles(f, "../../cmd/carbonpatch/demo/home"))
	for seed := range uint64(60) {
		f.Add(seed)
	}
	setSecrets(f)
	f.Fuzz(func(t *testing.T, seed uint64) {
		g := newGenerator(seed)
		checkGenerated(t, g, []homeFiles{small, large}[g.IntN(2)])
	})
}

func setSecrets(t testing.TB) {
	t.Setenv("CARBONPATCH_TEST_SECRET", "canary & <1>")
	t.Setenv("CARBONPATCH_TEST_KEY", "AKIACANARY")
}

// TestBakeCorpus bakes made-up cluster files for real homes.
func TestBakeCorpus(t *testing.T) {
	corpus := os.Getenv("CARBONPATCH_CORPUS")
	if corpus == "" {
		t.Skip("CARBONPATCH_CORPUS is not set; it names a folder with real homes")
	}
	setSecrets(t)
	for _, dir := range realHomes(t, corpus) {
		name, _ := filepath.Rel(corpus, dir)
		t.Run(name, func(t *testing.T) {
			source := wholeHome(t, dir)
			done := 0
			for seed := range uint64(20) {
				if checkGenerated(t, newGenerator(seed), source) {
					done++
				}
			}
			if done == 0 {
				t.Error("none of the cluster files fits the home")
			}
		})
	}
}

// realHomes are the homes of the corpus that a profile can configure, those in others among them.
func realHomes(t *testing.T, corpus string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(corpus, "*"))
	if err != nil || len(found) < 8 {
		t.Fatalf("the corpus has %q, %v", found, err)
	}
	broken := []string{"itest", "deployed-ei-6.1.1-k8s-integrator"} // not whole homes
	found = slices.DeleteFunc(found, func(dir string) bool { return slices.Contains(broken, filepath.Base(dir)) })
	return append(found, filepath.Join(corpus, "ei-6.1.1/wso2/broker"), filepath.Join(corpus, "ei-6.1.1/wso2/business-process"))
}

// checkGenerated bakes a cluster file that g makes up, for a home that it has changed.
func checkGenerated(t testing.TB, g *generator, source homeFiles) bool {
	t.Helper()
	name := profiles.Names()[g.IntN(len(profiles.Names()))]
	p, err := profiles.Open(name)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	changed := g.home(source)
	role := p.RoleNames()[g.IntN(len(p.RoleNames()))]
	text := g.clusterFile(p, role)
	done := checkBaked(t, changed, Request{Files: files(text), Profile: name, Node: "one"}, role)
	if t.Failed() {
		t.Logf("profile %s, role %s:\n%s", name, role, text)
	}
	return done
}

// generator makes up cluster files and homes.
type generator struct {
	*rand.Rand
	datasources []string // that the cluster file has, by their JNDI names
}

func newGenerator(seed uint64) *generator {
	return &generator{rand.New(rand.NewPCG(seed, 0)), []string{"jdbc/WSO2CarbonDB"}}
}

func (g *generator) one(texts ...string) string { return texts[g.IntN(len(texts))] }

// home changes the layout of some files, and takes some lines away.
func (g *generator) home(source homeFiles) homeFiles {
	changed := homeFiles{}
	for _, name := range sortedNames(source) {
		data := source[name]
		text := string(data)
		if !strings.HasSuffix(name, ".xml") {
			changed[name] = data
			continue
		}
		switch g.IntN(8) {
		case 0:
			text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
		case 1:
			text = strings.ReplaceAll(text, "    ", "\t")
		case 2:
			if !strings.Contains(text, "<!--") && !strings.HasPrefix(text, "<?xml") {
				lines := strings.Fields(strings.ReplaceAll(text, "<", "\n<"))
				text = strings.Join(lines, " ")
			}
		case 3:
			if !strings.HasPrefix(text, "<?xml") && !strings.HasPrefix(text, "\ufeff") {
				text = `<?xml version="1.0" encoding="ISO-8859-1"?>` + "\n<!-- \xfcber -->\n" + text
			}
		}
		changed[name] = []byte(g.withoutSome(text))
	}
	return changed
}

// withoutSome takes some elements that fit in a line away, or comments them out.
func (g *generator) withoutSome(text string) string {
	lines := strings.SplitAfter(text, "\n")
	inComment := false
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		if strings.Contains(line, "<!--") {
			inComment = true
		}
		isElement := !inComment && strings.HasPrefix(trimmed, "<") && (strings.HasSuffix(trimmed, "/>") || strings.Contains(trimmed, "</") && !strings.HasPrefix(trimmed, "</"))
		if strings.Contains(line, "-->") {
			inComment = false
		}
		if !isElement || strings.Contains(line, "ServerKey") || strings.Contains(line, "<Version>") || strings.Contains(line, "<Name>") || strings.Count(trimmed, "<") > 2 {
			continue
		}
		switch g.IntN(12) {
		case 0:
			lines[i] = ""
		case 1:
			lines[i] = strings.Replace(line, trimmed, "<!--"+trimmed[1:len(trimmed)-1]+"-->", 1)
		case 2:
			lines[i] = strings.Replace(line, trimmed, "<!-- "+trimmed+" -->", 1)
		}
	}
	return strings.Join(lines, "")
}

func sortedNames(files homeFiles) []string {
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// clusterFile describes two nodes of the role, and one of the first.
func (g *generator) clusterFile(p *profiles.Profile, role string) string {
	var b strings.Builder
	b.WriteString("version: 1\nname: c\nsettings:\n  domain: d\n")
	g.settings(&b, p, "  ", 0.35, "domain")
	if g.IntN(3) == 0 {
		fmt.Fprintf(&b, "roles:\n  %s:\n    clusteringPattern: WorkerManager\n", role)
		g.settings(&b, p, "    ", 0.1, "clusteringPattern")
	}
	fmt.Fprintf(&b, "nodes:\n  other: {role: %s, localMemberHost: 10.0.0.9}\n", p.RoleNames()[0])
	for i, name := range []string{"one", "two"} {
		fmt.Fprintf(&b, "  %s:\n    role: %s\n    localMemberHost: 10.0.0.%d\n", name, role, i+1)
		if g.IntN(3) == 0 {
			g.settings(&b, p, "    ", 0.08, "localMemberHost")
		}
	}
	b.WriteString("wellKnown: [other]\n")
	return b.String()
}

// settings writes some of the settings, but for one.
func (g *generator) settings(b *strings.Builder, p *profiles.Profile, indent string, share float64, without string) {
	groups := map[string]bool{"registry": g.IntN(2) == 0, "deploymentSynchronizer": g.IntN(2) == 0}
	scheme := "membershipScheme: " + g.one("wka", "wka", "multicast", "aws")
	for _, s := range p.Settings {
		group, _, isGroup := strings.Cut(s.Name, ".")
		share := share
		if wanted, ok := groups[group]; isGroup && ok && share > 0.2 {
			share = map[bool]float64{true: 0.9, false: 0}[wanted]
		}
		switch {
		case s.Name == without, s.Name == "localMemberHost", s.Name == "domain" && g.IntN(20) > 0, s.Name == "jvm.maxPermSize", g.Float64() > share:
		case s.Name == "aws.iamRole" && share > 0.2: // else the two keys are needed
			fmt.Fprintf(b, "%saws.iamRole: fleet\n", indent)
		case s.Name == "membershipScheme":
			fmt.Fprintf(b, "%s%s\n", indent, scheme)
		case s.Type.Name == "map":
			fmt.Fprintf(b, "%s%s: {%s: %s, vaultPassword: %s}\n", indent, s.Name, g.one("connTimeout", "licenses", "x"), g.one("5", "fact:hostname"), g.one("pw", "env:CARBONPATCH_TEST_SECRET"))
		case s.Name == "datasources":
			fmt.Fprintf(b, "%s%s:\n", indent, s.Name)
			for _, jndi := range g.jndis() {
				g.datasource(b, s, indent, jndi)
			}
		case !s.Type.Single():
			fmt.Fprintf(b, "%s%s: [%s]\n", indent, s.Name, g.items(s))
		default:
			fmt.Fprintf(b, "%s%s: %s\n", indent, s.Name, g.value(s.Name, s.Type, s.Secret, s.MayBeNone()))
		}
	}
}

func (g *generator) jndis() []string {
	all := []string{"jdbc/WSO2CarbonDB", "jdbc/A", "jdbc/B", "jdbc/WSO2_SHARED"}
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	g.datasources = all[:1+g.IntN(len(all))]
	return g.datasources
}

func (g *generator) datasource(b *strings.Builder, s *profiles.Setting, indent, jndi string) {
	fmt.Fprintf(b, "%s  - jndi: %s\n", indent, jndi)
	for _, field := range s.Type.Fields {
		isNeeded := jndi != "jdbc/WSO2CarbonDB" && slices.Contains([]string{"name", "url", "driverClassName"}, field.Name)
		if field.Name == "jndi" || field.Name == "file" || field.Name == "name" && !isNeeded || !isNeeded && g.IntN(6) > 0 {
			continue
		}
		value := g.value(field.Name, field.Type, field.Secret, false)
		if field.Name == "name" {
			value = "N" + strings.ReplaceAll(jndi, "/", "_")
		}
		fmt.Fprintf(b, "%s    %s: %s\n", indent, field.Name, value)
	}
}

func (g *generator) items(s *profiles.Setting) string {
	if s.Type.Bare {
		return g.one("localhost", "localhost, '*.local'", "fact:hostname")
	}
	return g.one("{host: '${a}', port: 4000}", "{host: '${a}', port: 4000}, {host: '${b}', port: 4001}", "{host: fact:hostname, port: 4000}")
}

// value is a text of that type, or one that only the machine knows.
func (g *generator) value(name string, t profiles.Type, isSecret, mayBeNone bool) string {
	switch {
	case mayBeNone && g.IntN(12) == 0 && !(strings.HasPrefix(name, "sso.") || strings.HasPrefix(name, "registry.") && name != "registry.governanceTarget"):
		return profiles.None
	case isSecret:
		return g.one("pass1", "env:CARBONPATCH_TEST_KEY")
	case strings.HasSuffix(strings.ToLower(name), "datasource"):
		return g.one(g.datasources...)
	case (t.Check("example") == "") && g.IntN(6) == 0:
		return "fact:hostname"
	}
	for _, text := range []string{g.one("true", "false"), g.one("8443", "17"), g.one("512m", "1g"), g.one("http://h.example/a", "jdbc:mysql://db/x"), g.one("228.0.0.4", "228.0.0.5"), g.one("example", "other")} {
		if isNumber := t.Name == "port" || t.Name == "int"; t.Check(text) == "" && (t.Name != "text" && t.Name != "word" || text == "example" || text == "other" || isNumber) {
			return text
		}
	}
	return g.one(append(t.Words, "7")...)
}

// What secure vault keeps in the home is not open: nothing is left to do.
func TestBakeKept(t *testing.T) {
	setSecrets(t)
	source := readFiles(t, "../described/home")
	kept := func(name, element string) {
		t.Helper()
		text := string(source[name])
		if source[name] = []byte(strings.Replace(text, "<"+element+">", "<"+element+` xmlns:svns="http://org.wso2.securevault/configuration" svns:secretAlias="a">`, 1)); text == string(source[name]) {
			t.Fatalf("%s has no %s", name, element)
		}
	}
	source["conf/carbon.xml"] = bytes.Replace(source["conf/carbon.xml"], []byte("</Server>"),
		[]byte("    <DeploymentSynchronizer>\n        <SvnUrl>https://h/r</SvnUrl>\n        <SvnPassword>password</SvnPassword>\n    </DeploymentSynchronizer>\n</Server>"), 1)
	kept("conf/carbon.xml", "SvnPassword")
	kept("conf/datasources/master-datasources.xml", "password")
	var req Request
	for _, password := range []string{"literally", "env:CARBONPATCH_TEST_KEY", "env:CARBONPATCH_TEST_UNSET"} {
		text := head + `
settings:
  domain: d
  deploymentSynchronizer: {enabled: true, svnUrl: "https://h/r", svnPassword: "` + password + `"}
  datasources: [{jndi: jdbc/WSO2CarbonDB, password: literally, maxActive: 5}]
  groupPassword: p
nodes: {one: {role: worker, localMemberHost: 10.0.0.1}}
`
		req = Request{Files: files(text), Node: "one"}
		if !checkBaked(t, source, req, "worker") {
			t.Error("the node can't be configured")
		}
	}
	dir := t.TempDir()
	source.write(t, dir)
	req.Phase, req.Home = profiles.ImagePhase, detect(t, dir)
	node := resolve(t, req)
	if diff := cmp.Diff([]string{"localMemberHost", "groupPassword"}, node.Open); diff != "" {
		t.Errorf("open: -want +got\n%s", diff)
	}
	expect(t, `
deploymentSynchronizer.svnPassword is kept by secure vault, so env:CARBONPATCH_TEST_UNSET was not read
datasources.password is kept by secure vault`, strings.Join(node.Notes, "\n"))
}

// What another membership scheme had goes with its class, in the image or on the node, even where the description gives a class that
// is open.
func TestBakeScheme(t *testing.T) {
	source := readFiles(t, "../described/home")
	name := "conf/axis2/axis2.xml"
	axis2 := strings.Replace(string(source[name]), ">multicast<", ">kubernetes<", 1)
	source[name] = []byte(strings.Replace(axis2, "    </clustering>", `        <parameter name="membershipSchemeClassName">org.K</parameter>
        <parameter name="KUBERNETES_SERVICES">s</parameter>
    </clustering>`, 1))
	for _, settings := range []string{
		"membershipScheme: wka",
		"membershipScheme: wka, membershipSchemeClassName: fact:hostname",
		"membershipScheme: kubernetes, membershipSchemeClassName: fact:hostname",
		"membershipScheme: fact:hostname, membershipSchemeClassName: org.K",
		"membershipScheme: fact:hostname, membershipSchemeClassName: org.L",
	} {
		t.Run(settings, func(t *testing.T) {
			req := Request{Files: files(head + "settings: {domain: d, " + settings + "}\nnodes: {one: {role: worker, localMemberHost: 10.0.0.1}}\n"), Node: "one"}
			if !checkBaked(t, source, req, "worker") {
				t.Error("the node can't be configured")
			}
		})
	}
}
