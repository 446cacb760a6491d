package deploy

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// configured is a home that carbonpatch has configured for a node, beside the home as it was.
type configured struct {
	name          string // case, home and node
	node          string
	before, after string // folders
	conf          string // the folder with carbon.xml, below both
	cluster       *described
	env           map[string]string
	expected      []expectation // what the case says of this node
	plan          planned
}

// planned is what plan --format json says.
type planned struct {
	Files []struct {
		Path    string
		Changed bool
		Changes []change
	}
}

type change struct {
	Op, Name, At  string
	Line          int
	Before, After *string // nil where they are secret
}

// expectation is a line of expected.tsv: what a file must hold at a path.
type expectation struct{ file, path, want string }

// configuredHomes are the homes that the readers read: the sample home, and those of all acceptance cases where they are here.
func configuredHomes(t *testing.T) []configured {
	t.Helper()
	dir := t.TempDir()
	homes := sampleHomes(t, dir)
	corpus := os.Getenv("CARBONPATCH_CORPUS")
	cases, err := filepath.Glob(filepath.Join(corpus, "..", "acceptance", "*", "case.json"))
	check(t, err)
	if corpus == "" || len(cases) == 0 {
		t.Log("without the acceptance cases: CARBONPATCH_CORPUS does not name a folder beside them")
		return homes
	}
	for _, file := range cases {
		homes = append(homes, caseHomes(t, corpus, filepath.Dir(file), dir)...)
	}
	return homes
}

// samples are nodes of the sample home: what they have besides the sample cluster file, and what is different in the home as it was.
var samples = []struct {
	name, node, settings string
	replace              []string // pairs, in all files
	prefix               string   // of all files
}{
	{name: "manager", node: "manager"},
	{name: "worker", node: "worker1"},
	{
		name: "CRLF, ISO-8859-1", node: "worker1", settings: "  groupPassword: 'Größe & <5 €> \"x\"'\n",
		replace: []string{"UTF-8\"?>", "ISO-8859-1\"?>", "utf-8'?>", "ISO-8859-1'?>", "\n", "\r\n"},
	},
	{name: "single quotes, port offset", node: "manager", settings: "  portOffset: 2\n", replace: []string{`"`, `'`}},
	{name: "BOM, AWS", node: "manager", settings: `  membershipScheme: aws
  aws: {accessKey: AKIAEXAMPLEKEY00, secretKey: "a/b+c&d<e>'f", securityGroup: members, region: eu-west-1, tagKey: a, tagValue: b}
`, prefix: "\uFEFF", replace: []string{"ISO-8859-1", "UTF-8"}},
	{name: "odd markup", node: "manager", replace: []string{
		">wso2.carbon.domain<", "><![CDATA[wso2.]]>carbon<!-- - -->.domain<",
		"name=\"localMemberPort\">4100<", "name = '&#108;ocalMemberPort' >&#52;100\n<",
		"enable=\"false\">\n\n", "enable\n=\n' fa&#108;se '\n>",
		"<members>", "<members xmlns:x='urn:x'><!--member><hostName>a</hostName><port>1</port></member--><?x y?>",
		"port=\"9763\"", "\tport\n=\n'&#57;763'", "port=\"9443\"", "  port='9443'",
	}},
	{name: "no members, no synchronizer", node: "worker1", replace: []string{
		"<members>", "<!--members>", "</members>", "</members-->", "DeploymentSynchronizer>", "Other>",
	}},
	{name: "Kubernetes", node: "worker1", settings: `  membershipScheme: kubernetes
  membershipSchemeClassName: org.wso2.carbon.membership.scheme.kubernetes.KubernetesMembershipScheme
  parameters: {KUBERNETES_NAMESPACE: wso2, KUBERNETES_SERVICES: "a,b & c"}
`},
	{name: "members in one line, prefixes of their own", node: "worker1", settings: `  wsdlEPRPrefix: {http: "http://lb.example.com:8080", https: none}
  subDomain: a"b
  members: [{host: 10.0.0.2-4, port: 4300}, {host: 10.0.0.3, port: 4200}]
  clusteringPattern: WorkerManager
`, replace: []string{"<members>\n            <member>\n                <hostName>127.0.0.1</hostName>\n", "<members><member><hostName>127.0.0.1</hostName>"}},
}

// sampleHomes configures the samples.
func sampleHomes(t *testing.T, dir string) (homes []configured) {
	t.Helper()
	text, err := os.ReadFile(sampleCluster)
	check(t, err)
	check(t, os.WriteFile(dir+"/svn-password", []byte("Top&Secret<1>\n"), 0o600))
	for i, s := range samples {
		at := fmt.Sprintf("%s/sample%d", dir, i)
		copyOf(t, at, sampleHome)
		rewrite(t, at+"/conf", strings.NewReplacer(s.replace...), s.prefix)
		cluster := strings.NewReplacer("/DEMO/", dir+"/", "settings:\n", "settings:\n"+s.settings).Replace(string(text))
		check(t, os.WriteFile(at+".yaml", []byte(cluster), 0o600))
		homes = append(homes, configure(t, configured{name: "sample: " + s.name, node: s.node, before: at, after: at + "-configured"}, at+".yaml"))
	}
	return homes
}

// rewrite replaces texts in all files of a folder.
func rewrite(t *testing.T, dir string, replacer *strings.Replacer, prefix string) {
	t.Helper()
	check(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		check(t, err)
		return os.WriteFile(path, []byte(prefix+replacer.Replace(string(text))), 0o644)
	}))
}

func caseHomes(t *testing.T, corpus, dir, to string) (homes []configured) {
	t.Helper()
	var c struct {
		Homes, Nodes []string
		Env          map[string]string
	}
	text, err := os.ReadFile(filepath.Join(dir, "case.json"))
	check(t, err)
	check(t, json.Unmarshal(text, &c))
	for _, home := range c.Homes {
		at := filepath.Join(to, filepath.Base(dir)+"-"+home)
		before := copyOf(t, at, filepath.Join(corpus, home), filepath.Join(dir, "homes", home))
		for _, node := range c.Nodes {
			h := configured{name: filepath.Base(dir) + " " + home + " " + node, node: node, before: before, after: at + "-" + node, env: c.Env}
			h.expected = expectations(t, filepath.Join(dir, "expected.tsv"), node)
			homes = append(homes, configure(t, h, filepath.Join(dir, "cluster.yaml")))
		}
	}
	return homes
}

// expectations are the lines of expected.tsv for a node: the node or *, a file below the conf folder, a path, and what is expected there.
func expectations(t *testing.T, file, node string) (list []expectation) {
	t.Helper()
	text, err := os.ReadFile(file)
	check(t, err)
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) == 4 && (f[0] == "*" || f[0] == node) {
			list = append(list, expectation{f[1], f[2], f[3]})
		}
	}
	return list
}

// configure plans and applies a cluster file to a copy of the home as it was.
func configure(t *testing.T, h configured, cluster string) configured {
	t.Helper()
	h.cluster = readCluster(t, cluster)
	for _, conf := range []string{"conf", "repository/conf"} {
		if _, err := os.Stat(filepath.Join(h.before, conf, "carbon.xml")); err == nil {
			h.conf = conf
		}
	}
	copyOf(t, h.after, h.before)
	check(t, json.Unmarshal(h.carbonpatch(t, "plan", h.after, "-f", cluster, "--node", h.node, "--format", "json"), &h.plan))
	h.carbonpatch(t, "apply", h.after, "-f", cluster, "--node", h.node, "--yes", "-q")
	return h
}

func (h configured) carbonpatch(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(binary(t), args...)
	cmd.Env = os.Environ()
	for name, value := range h.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	out, err := cmd.Output()
	if e, ok := err.(*exec.ExitError); ok {
		t.Fatalf("%s: carbonpatch %s: %v\n%s%s", h.name, args[0], err, out, e.Stderr)
	}
	check(t, err)
	return out
}

// copyOf copies folders to a new one, each over those before it, and returns it. All but the first may be missing.
func copyOf(t *testing.T, to string, folders ...string) string {
	t.Helper()
	for i, from := range folders {
		if _, err := os.Stat(from); err != nil && i > 0 {
			continue
		}
		if out, err := exec.Command("cp", "-RT", from, to).CombinedOutput(); err != nil {
			t.Fatalf("%s", out)
		}
	}
	return to
}

// described is a cluster file, read without carbonpatch.
type described struct {
	Profile   string
	Settings  map[string]any
	Roles     map[string]map[string]any
	WellKnown []string `yaml:"wellKnown"`
	Nodes     yaml.Node

	names []string // of the nodes, in order
	nodes map[string]map[string]any
}

func readCluster(t *testing.T, file string) *described {
	t.Helper()
	text, err := os.ReadFile(file)
	check(t, err)
	var d described
	check(t, yaml.Unmarshal(text, &d))
	check(t, d.Nodes.Decode(&d.nodes))
	for i := 0; i < len(d.Nodes.Content); i += 2 {
		d.names = append(d.names, d.Nodes.Content[i].Value)
	}
	return &d
}

// role is the role of a node.
func (d *described) role(node string) string { return text(d.nodes[node]["role"]) }

// value is what the file gives a node for a setting, or otherwise.
func (d *described) value(node, setting, otherwise string) string {
	for _, values := range []map[string]any{d.nodes[node], d.Roles[d.role(node)], d.Settings} {
		if v := lookUp(values, setting); v != nil {
			return text(v)
		}
	}
	return otherwise
}

// lookUp finds a setting by its name, of which dots may be groups.
func lookUp(values map[string]any, setting string) any {
	if v, ok := values[setting]; ok {
		return v
	}
	group, rest, _ := strings.Cut(setting, ".")
	inner, _ := values[group].(map[string]any)
	if rest == "" || inner == nil {
		return nil
	}
	return lookUp(inner, rest)
}

func text(v any) string {
	s, err := yaml.Marshal(v)
	if err != nil || v == nil {
		return ""
	}
	var plain string
	if yaml.Unmarshal(s, &plain) != nil {
		return strings.TrimSpace(string(s))
	}
	return plain
}
