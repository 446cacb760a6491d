package profiles

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// corpusHomes copies real homes: those that have all that the base profile patches.
func corpusHomes(t *testing.T) map[string]*product.Home {
	t.Helper()
	corpus := os.Getenv("CARBONPATCH_CORPUS")
	if corpus == "" {
		t.Skip("CARBONPATCH_CORPUS is not set; it names a folder with real homes")
	}
	homes := map[string]*product.Home{}
	for _, name := range []string{
		"as-5.3.0", "bps-3.5.0", "das-3.0.1", "deployed-ei-6.1.1-k8s-integrator", "deployed-ei-6.2.0-k8s-helm-integrator", "ei-6.1.1",
		"ei-6.1.1/wso2/broker", "ei-6.4.0", "es-2.0.0", "esb-4.9.0", "greg-5.0.0", "is-5.1.0", "mb-3.0.0",
	} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(filepath.Join(corpus, name))); err != nil {
			t.Fatal(err)
		}
		home, err := product.Detect(dir)
		if err != nil {
			t.Fatal(problemtest.Report(err))
		}
		homes[name] = home
	}
	return homes
}

const sharedDatabases = `
domain: d
localMemberHost: 10.0.0.1
members: [{host: 10.0.0.1, port: '4000'}]
datasources:
  - {jndi: jdbc/WSO2CarbonDB, name: REGISTRY_LOCAL, url: "jdbc:mysql://db/local?a=1&b=2", username: u, password: p&<w, driverClassName: D, minIdle: 5}
  - {jndi: jdbc/Shared, name: SHARED, description: All share it, url: "jdbc:mysql://db/shared?a=1&b=2", username: u, password: p&<w, driverClassName: D, validationQuery: SELECT 1}
registry.sharedDatasource: jdbc/Shared
registry.configTarget: /_system/c
userManagement.datasource: jdbc/Shared
`

// Real homes get the shared databases, and with what is found then, secrets aside, nothing would change.
func TestCorpusDatabases(t *testing.T) {
	p := mustOpen(t, "carbon")
	for name, home := range corpusHomes(t) {
		t.Run(name, func(t *testing.T) {
			applyTwice(t, p, "node", describe(t, p, "node", sharedDatabases), home)
			found, err := p.Inspect(home)
			if err != nil {
				t.Fatal(problemtest.Report(err))
			}
			values := Values{}
			for _, f := range found {
				for _, item := range f.Value.Items {
					for field, v := range item {
						if v.Secret {
							delete(item, field)
						}
					}
				}
				if !f.Value.Secret {
					values[f.Setting.Name] = f.Value
				}
			}
			for setting, want := range map[string]string{
				"registry.cacheId": "u@jdbc:mysql://db/shared?a=1&b=2", "registry.governanceTarget": "/_system/governance",
				"registry.sharedDatasource": "jdbc/Shared", "userManagement.datasource": "jdbc/Shared",
			} {
				if got := values[setting].Text.Reveal(); got != want {
					t.Errorf("%s is %q", setting, got)
				}
			}
			values, wrong := p.Complete("node", values)
			if wrong != nil {
				t.Error(wrong)
			}
			if again := applyOnce(t, p, "node", values, home); again.Changed() {
				t.Errorf("what was found changes\n%s", again.Diff(patch.Shown))
			}
		})
	}
}

// Real homes that went from one membership scheme to another are as if they had only had the last.
func TestCorpusSchemes(t *testing.T) {
	p := mustOpen(t, "carbon")
	const axis2 = "/axis2/axis2.xml"
	for name, home := range corpusHomes(t) {
		t.Run(name, func(t *testing.T) {
			switchTo := func(scheme string) string {
				values := describe(t, p, "node", schemes[scheme]+"\ndomain: d\nlocalMemberHost: 10.0.0.2\nmembers: [{host: 10.0.0.2, port: '4000'}]")
				applyTwice(t, p, "node", values, home)
				return readHome(t, home, home.ConfDir+axis2)
			}
			first := switchTo("wka")
			for _, way := range [][]string{{"k8s", "wka"}, {"aws", "mesos", "multicast", "k8s", "mesos", "aws", "wka"}} {
				var last string
				for _, scheme := range way {
					last = switchTo(scheme)
				}
				if diff := cmp.Diff(strings.Split(first, "\n"), strings.Split(last, "\n")); diff != "" {
					t.Errorf("%v: -want +got\n%s", way, diff)
				}
			}
		})
	}
}
