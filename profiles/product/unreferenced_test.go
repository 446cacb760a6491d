package product

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

// homeWithDatasources is a home on the disk with datasources of those JNDI names, after the last part of which they are named, and with
// other files.
func homeWithDatasources(t *testing.T, jndi []string, files map[string]string) *Home {
	t.Helper()
	var b strings.Builder
	b.WriteString("<datasources-configuration><datasources>")
	for _, name := range jndi {
		b.WriteString("<datasource><name>" + strings.ToUpper(name[strings.LastIndex(name, "/")+1:]) + "</name><jndiConfig><name>" + name + "</name></jndiConfig></datasource>")
	}
	b.WriteString("</datasources></datasources-configuration>")
	tree := map[string]string{"conf/carbon.xml": "<Server/>", "conf/datasources/master-datasources.xml": b.String()}
	for name, text := range files {
		tree[name] = text
	}
	return &Home{ConfDir: "conf", Layout: EI, Dir: writeTree(t, tree)}
}

// unreferenced are the JNDI names of the datasources that nothing refers to.
func unreferenced(t *testing.T, h *Home) []string {
	t.Helper()
	n, err := ReadNode(h)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	var names []string
	for _, d := range n.UnreferencedDatasources() {
		names = append(names, d.JNDI)
	}
	return names
}

func TestUnreferencedDatasources(t *testing.T) {
	t.Parallel()
	home := homeWithDatasources(t, []string{"jdbc/a", "jdbc/b", "jdbc/c", "jdbc/d", "jdbc/e", "jdbc/f", "jdbc/g", "h"}, map[string]string{
		"conf/registry.xml":                           "<wso2registry><dbConfig><dataSource>jdbc/a</dataSource></dbConfig></wso2registry>",
		"conf/identity/identity.xml":                  "<Name>jdbc/b</Name><Name>jdbc/dd</Name><Name>x_jdbc/d</Name>",
		"conf/bps.properties":                         "db=C",
		"repository/deployment/server/apps/site.json": `{"datasource":"jdbc/e"}`,
		"conf/notes.txt":                              "jdbc/d",
		"conf/datasources/x-datasources.xml":          "<datasources-configuration><!-- jdbc/d --></datasources-configuration>",
		"conf/security/cipher-text.properties":        "Datasources.D.Configuration.Password=x",
		"elsewhere/x.xml":                             "jdbc/d",
		"conf/large.xml":                              strings.Repeat(" ", maxReferring) + "jdbc/d",
	})
	home = home.With(map[string][]byte{"conf/metrics.xml": []byte("<x>jdbc/f</x>"), "other/x.xml": []byte("jdbc/g")})
	outside := filepath.Join(t.TempDir(), "outside.xml")
	if err := os.WriteFile(outside, []byte("jdbc/d"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"conf/out.xml": outside, "conf/in.xml": "../elsewhere/g.xml"} {
		if err := os.Symlink(to, filepath.Join(home.Dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"jdbc/d", "jdbc/g", "h"}, unreferenced(t, home)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if err := os.WriteFile(filepath.Join(home.Dir, "elsewhere/g.xml"), []byte("jdbc/g"), 0o600); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"jdbc/d", "h"}, unreferenced(t, home)); diff != "" {
		t.Errorf("with a link within the home: -want +got\n%s", diff)
	}
}

// Of a home that is too large to look through nothing is said.
func TestUnreferencedDatasourcesLimit(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for i := range maxReferringAll/maxReferring + 1 {
		files["conf/"+strings.Repeat("x", i+1)+".xml"] = strings.Repeat(" ", maxReferring)
	}
	home := homeWithDatasources(t, []string{"jdbc/a"}, files)
	if got := unreferenced(t, home); got != nil {
		t.Errorf("got %v", got)
	}
	if err := os.Remove(filepath.Join(home.Dir, "conf/x.xml")); err != nil {
		t.Fatal(err)
	}
	if got := unreferenced(t, home); !slices.Equal(got, []string{"jdbc/a"}) {
		t.Errorf("below the limit: got %v", got)
	}
	many := slices.Repeat([]string{"jdbc/a"}, maxReferringWork/maxReferring+1)
	if got := unreferenced(t, homeWithDatasources(t, many, map[string]string{"conf/x.xml": strings.Repeat(" ", maxReferring)})); got != nil {
		t.Errorf("with many datasources: got %d", len(got))
	}
}
