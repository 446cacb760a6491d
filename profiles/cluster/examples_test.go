package cluster

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// exampleHomes are the homes that the examples are for.
var exampleHomes = map[string][]string{
	"as.yaml":      {"as-5.3.0"},
	"aws.yaml":     {"as-5.3.0"},
	"ei.yaml":      {"ei-6.1.1", "ei-6.4.0"},
	"es.yaml":      {"es-2.0.0"},
	"esb.yaml":     {"esb-4.9.0", "ei-6.1.1", "ei-6.4.0"},
	"my-site.yaml": {"esb-4.9.0", "ei-6.1.1"},
}

var fromEnvironment = regexp.MustCompile(`env:([A-Z_]+)`)

// TestExamples resolves every node of the examples, and applies them to real homes: a second time changes nothing.
func TestExamples(t *testing.T) {
	found, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(found) != len(exampleHomes) {
		t.Fatalf("found %q, %v", found, err)
	}
	for _, name := range found {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range fromEnvironment.FindAllStringSubmatch(string(data), -1) {
				t.Setenv(m[1], "Geheim & <"+m[1]+">")
			}
			t.Setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
			for _, node := range exampleNodes(t, name, data) {
				n := resolve(t, Request{Files: []Source{{Name: name, Data: data}}, Node: node})
				checkExample(t, n)
				for _, home := range exampleHomes[filepath.Base(name)] {
					t.Run(node+" on "+home, func(t *testing.T) { applyExample(t, n, home) })
				}
			}
		})
	}
}

// exampleNodes are the nodes of a cluster file.
func exampleNodes(t *testing.T, name string, data []byte) []string {
	t.Helper()
	r := &resolver{Request: Request{Files: []Source{{Name: name, Data: data}}}}
	files := r.parse()
	names := describe(r.profile(files), files).memberNames()
	if err := r.err(); err != nil || len(names) < 2 {
		t.Fatalf("the nodes are %q\n%s", names, problemtest.Report(err))
	}
	return names
}

// checkExample fails where nothing is left to do by hand, or a secret is named in it.
func checkExample(t *testing.T, n *Node) {
	t.Helper()
	steps := n.Profile.Manual(n.Role, n.Values, &product.Home{})
	if len(steps) < 4 {
		t.Errorf("%s: still to do are only %q", n.Name, steps)
	}
	if text := strings.Join(steps, "\n"); strings.Contains(text, "Geheim") || strings.Contains(text, "$(") {
		t.Errorf("%s: still to do is\n%s", n.Name, text)
	}
	if len(n.Open)+len(n.Notes) > 0 {
		t.Errorf("%s: open %q, notes %q", n.Name, n.Open, n.Notes)
	}
}

func applyExample(t *testing.T, n *Node, name string) {
	t.Helper()
	corpus := os.Getenv("CARBONPATCH_CORPUS")
	if corpus == "" {
		t.Skip("CARBONPATCH_CORPUS is not set; it names a folder with real homes")
	}
	dir := filepath.Join(t.TempDir(), name)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(corpus, name))); err != nil {
		t.Fatal(err)
	}
	addStartScript(t, dir)
	home, err := product.Detect(dir)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	if err := n.Profile.Fits(home); err != nil {
		t.Error(problemtest.Report(err))
	}
	if !apply(t, n, home) {
		t.Error("nothing was changed")
	}
	if apply(t, n, home) {
		t.Error("a second time changes something")
	}
	checkDescribedAgain(t, n, home)
}

// startScript has the shape of those that are shipped.
const startScript = `#!/bin/sh
if [ -z "$JVM_MEM_OPTS" ]; then
   JVM_MEM_OPTS="-Xms256m -Xmx1024m"
fi
$JAVACMD \
    $JVM_MEM_OPTS \
    $JAVA_OPTS \
    -DworkerNode=false \
    -classpath "$CARBON_CLASSPATH" \
    org.wso2.carbon.bootstrap.Bootstrap $*
`

// addStartScript adds the script that a collection of configuration files lacks.
func addStartScript(t *testing.T, dir string) {
	t.Helper()
	name := "wso2server.sh"
	if _, err := os.Stat(filepath.Join(dir, "conf")); err == nil {
		name = "integrator.sh"
	}
	if err := os.WriteFile(filepath.Join(dir, "bin", name), []byte(startScript), 0o700); err != nil {
		t.Fatal(err)
	}
}
