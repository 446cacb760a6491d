package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

const vaultFile = head + `
settings:
  domain: d
  membershipScheme: custom
  membershipSchemeClassName: a.B
  groupPassword: env:CARBONPATCH_TEST_VAULT
  parameters: {KUBE_PASSWORD: env:CARBONPATCH_TEST_VAULT, other: x}
  datasources:
    - {jndi: jdbc/D, name: D, url: "jdbc:mysql://h/d", username: u, password: env:CARBONPATCH_TEST_VAULT, driverClassName: a.D}
nodes: {n: {role: node, localMemberHost: 10.0.0.2}}
`

// Once the cipher tool ran, nobody needs the clear text.
func TestSecretsInVault(t *testing.T) {
	home := homeWithDatasources(t)
	request := Request{Files: files(vaultFile), Node: "n", Home: home}
	t.Setenv("CARBONPATCH_TEST_VAULT", "Geheim")
	if !apply(t, resolve(t, request), home) {
		t.Fatal("nothing was written")
	}
	if err := os.Unsetenv("CARBONPATCH_TEST_VAULT"); err != nil {
		t.Fatal(err)
	}
	request.Home = detect(t, home.Dir)
	_, err := Resolve(request)
	want := problemtest.Report(err)
	if !strings.Contains(want, "groupPassword: the environment variable CARBONPATCH_TEST_VAULT is not set") {
		t.Errorf("got %s", want)
	}
	for _, file := range []string{"conf/axis2/axis2.xml", "conf/datasources/master-datasources.xml"} {
		runCipherTool(t, filepath.Join(home.Dir, file))
	}
	request.Home = detect(t, home.Dir)
	node := resolve(t, request)
	expect(t, `
groupPassword is kept by secure vault, so env:CARBONPATCH_TEST_VAULT was not read
parameters.KUBE_PASSWORD is kept by secure vault, so env:CARBONPATCH_TEST_VAULT was not read
datasources.password is kept by secure vault, so env:CARBONPATCH_TEST_VAULT was not read`, "\n"+strings.Join(node.Notes, "\n"))
	if apply(t, node, request.Home) {
		t.Error("something was written")
	}
	request.Home = nil
	_, err = Resolve(request)
	expect(t, want, problemtest.Report(err))
}

// A description of the home leaves out what secure vault keeps.
func TestExistingInVault(t *testing.T) {
	t.Setenv("CARBONPATCH_TEST_VAULT", "Geheim")
	home := homeWithDatasources(t)
	apply(t, resolve(t, Request{Files: files(vaultFile), Node: "n", Home: home}), home)
	runCipherTool(t, filepath.Join(home.Dir, "conf/axis2/axis2.xml"))
	runCipherTool(t, filepath.Join(home.Dir, "conf/datasources/master-datasources.xml"))
	home = detect(t, home.Dir)
	e, err := Inspect(home, open(t, "esb"))
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	expectNoChange(t, string(e.File("esb")), home)
}

func homeWithDatasources(t *testing.T) *product.Home {
	t.Helper()
	home := copyTree(t, demoHome)
	folder := filepath.Join(home.Dir, "conf/datasources")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "master-datasources.xml"), "<datasources-configuration>\n<datasources>\n</datasources>\n</datasources-configuration>\n")
	return detect(t, home.Dir)
}

// runCipherTool does to a file what the cipher tool of the products does: the secret makes place for its alias.
func runCipherTool(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, strings.ReplaceAll(string(data), ">Geheim<", ` xmlns:svns="http://org.wso2.securevault/configuration" svns:secretAlias="alias">password<`))
}
