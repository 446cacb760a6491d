package lint

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// stockHomes are unpacked products in the corpus, as they were shipped.
var stockHomes = []string{
	"as-5.3.0", "bps-3.5.0", "das-3.0.1", "ei-6.1.1", "ei-6.1.1/wso2/analytics", "ei-6.1.1/wso2/broker", "ei-6.1.1/wso2/business-process",
	"ei-6.4.0", "ei-6.4.0/wso2/broker", "ei-6.4.0/wso2/business-process", "ei-6.4.0/wso2/micro-integrator",
	"es-2.0.0", "esb-4.9.0", "greg-5.0.0", "is-5.1.0", "mb-3.0.0",
}

// corpusFiles are the files of a home in the corpus; nil where the corpus has no such home.
func corpusFiles(t *testing.T, name string) map[string][]byte {
	t.Helper()
	corpus := os.Getenv("CARBONPATCH_CORPUS")
	if corpus == "" {
		t.Skip("CARBONPATCH_CORPUS is not set; it names a folder with real homes")
	}
	files, err := readFolder(filepath.Join(corpus, name))
	if err != nil {
		return nil
	}
	return files
}

// nodeOf reads a node from files.
func nodeOf(t *testing.T, name, role string, files map[string][]byte) *Node {
	t.Helper()
	at, err := product.InMemory(files)
	if err != nil {
		t.Fatal(name, problemtest.Report(err))
	}
	n, err := product.ReadNode(at)
	if err != nil {
		t.Fatal(name, problemtest.Report(err))
	}
	return &Node{Node: n, Name: name, Role: role}
}

// kinds are the severities and rules of findings, each once, in order.
func kinds(all []*Finding) string {
	var lines []string
	for _, f := range all {
		lines = append(lines, f.Severity.String()+" "+f.Rule.ID)
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n")
}

// Of homes as they were shipped nothing is said but what is true and worth knowing.
func TestStockHomes(t *testing.T) {
	t.Parallel()
	allowed := []string{"info mgt-hostname-missing", "info plaintext-password", "info datasource-unreferenced"}
	tried := 0
	for _, name := range stockHomes {
		files := corpusFiles(t, name)
		if files["conf/carbon.xml"] == nil && files["repository/conf/carbon.xml"] == nil {
			t.Logf("%s is no home", name)
			continue
		}
		tried++
		for _, f := range Check([]*Node{nodeOf(t, "", "", files)}) {
			if !slices.Contains(allowed, f.Severity.String()+" "+f.Rule.ID) {
				t.Errorf("%s: %s [%s]", name, line(f), f.Rule.ID)
			}
		}
	}
	if tried < 12 {
		t.Errorf("only %d homes were tried", tried)
	}
}

// onlyEnabled is what is found where nothing but enable="true" was written.
var onlyEnabled = map[string]string{
	"ei-6.1.1": `
error h2-in-cluster
error local-member-host-loopback
error wka-loopback-member
info mgt-hostname-missing
info plaintext-password
warning default-admin-password
warning domain-default
warning hostname-missing
warning mount-no-remote`,
	"esb-4.9.0": `
error h2-in-cluster
error local-member-host-loopback
error wka-loopback-member
info mgt-hostname-missing
info plaintext-password
warning default-admin-password
warning domain-default
warning hostname-missing
warning mount-no-remote`,
	"as-5.3.0": `
error h2-in-cluster
error local-member-host-loopback
info https-port-variable-unset
info mgt-hostname-missing
info plaintext-password
info subdomain-no-effect
warning default-admin-password
warning domain-default
warning hostname-missing
warning mount-no-remote`,
	"es-2.0.0": `
error h2-in-cluster
error local-member-host-loopback
info https-port-variable-unset
info mgt-hostname-missing
info plaintext-password
info subdomain-no-effect
warning default-admin-password
warning domain-default
warning hostname-missing
warning mount-no-remote`,
}

func TestOnlyEnabled(t *testing.T) {
	t.Parallel()
	for name, want := range onlyEnabled {
		files := corpusFiles(t, name)
		edit(t, files, "axis2/axis2.xml", set("/axisconfig/clustering/@enable", "true"))
		if diff := cmp.Diff(strings.TrimSpace(want), kinds(Check([]*Node{nodeOf(t, "", "", files)}))); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

// deployedHomes are what is found in homes that people have clustered by hand. Each finding is true: the first left clustering off.
var deployedHomes = map[string]string{
	"deployed-ei-6.1.1-k8s-integrator": `
conf/datasources/master-datasources.xml:18:31: info: datasource WSO2_CARBON_DB has a clear-text password [plaintext-password]
conf/datasources/master-datasources.xml:40:31: info: datasource WSO2_CONFIG_DB has a clear-text password [plaintext-password]
conf/datasources/master-datasources.xml:61:31: info: datasource WSO2_USER_DB has a clear-text password [plaintext-password]
`,
	"deployed-ei-6.2.0-k8s-helm-integrator": `
conf/axis2/axis2.xml:550:43: info: localMemberHost "integrator" is a host name [local-member-host-name]
conf/datasources/master-datasources.xml:16:26: info: the registry of this node is in the embedded H2 of datasource WSO2_CARBON_DB [h2-in-cluster]
conf/datasources/master-datasources.xml:18:31: info: datasource WSO2_CARBON_DB has a clear-text password [plaintext-password]
conf/datasources/master-datasources.xml:39:31: info: datasource WSO2_CONFIG_DB has a clear-text password [plaintext-password]
conf/datasources/master-datasources.xml:59:31: info: datasource WSO2_USER_DB has a clear-text password [plaintext-password]
conf/user-mgt.xml:24:27: warning: the cluster uses the default admin password [default-admin-password]
`,
}

func TestDeployedHomes(t *testing.T) {
	t.Parallel()
	for name, want := range deployedHomes {
		var b strings.Builder
		for _, f := range Check([]*Node{nodeOf(t, "", "", corpusFiles(t, name))}) {
			fmt.Fprintf(&b, "%s [%s]\n", line(f), f.Rule.ID)
		}
		if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(b.String())); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

// edit changes an XML file of a home, whose path is below its conf folder.
func edit(t *testing.T, files map[string][]byte, name string, ops ...xmlops.Op) {
	t.Helper()
	for _, conf := range []string{"repository/conf", "conf"} {
		if _, ok := files[path.Join(conf, name)]; ok {
			name = path.Join(conf, name)
			break
		}
	}
	doc, err := xmlops.Parse(files[name])
	if err != nil {
		t.Fatal(name, err)
	}
	if _, err := doc.Apply(ops...); err != nil {
		t.Fatal(name, err)
	}
	result, err := doc.Result()
	if err != nil {
		t.Fatal(name, err)
	}
	files[name] = result.Bytes
}

func selector(text string) xmlops.Selector {
	s, err := xmlops.ParseSelector(text)
	if err != nil {
		panic(err)
	}
	return s
}

// set sets an attribute or an element, which is made where it is missing.
func set(at, value string) xmlops.Op {
	return xmlops.Op{Verb: xmlops.Set, Select: selector(at), Value: value, Create: true}
}

// ensure makes an element hold what a fragment holds.
func ensure(at, fragment string) xmlops.Op {
	f, err := xmlops.ParseFragment(fragment)
	if err != nil {
		panic(err)
	}
	return xmlops.Op{Verb: xmlops.Ensure, Select: selector(at), Items: []*xmlops.Fragment{f}}
}
