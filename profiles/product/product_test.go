package product

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

const carbonXML = `<?xml version="1.0" encoding="ISO-8859-1"?>
<Server xmlns="http://wso2.org/projects/carbon/carbon.xml">
    <Name>WSO2 Enterprise Integrator</Name>
    <ServerKey> EI </ServerKey>
    <Version>6.0.0</Version>
</Server>
`

func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestDetect(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files map[string]string
		want  Home
	}{
		{
			"EI",
			map[string]string{"conf/carbon.xml": carbonXML, "bin/version.txt": "WSO2 Enterprise Integrator v6.1.1\n"},
			Home{Name: "WSO2 EI", Title: "WSO2 Enterprise Integrator", ServerKey: "EI", Version: "6.1.1", Layout: EI, ConfDir: "conf"},
		},
		{
			"classic",
			map[string]string{"repository/conf/carbon.xml": carbonXML, "conf/x": ""},
			Home{Name: "WSO2 EI", Title: "WSO2 Enterprise Integrator", ServerKey: "EI", Version: "6.0.0", Layout: Classic, ConfDir: "repository/conf"},
		},
		{
			"version never filled in",
			map[string]string{"conf/carbon.xml": carbonXML, "bin/version.txt": "${product.name} v${product.version}\n"},
			Home{Name: "WSO2 EI", Title: "WSO2 Enterprise Integrator", ServerKey: "EI", Version: "6.0.0", Layout: EI, ConfDir: "conf"},
		},
		{
			"updated version",
			map[string]string{"conf/carbon.xml": carbonXML, "bin/version.txt": "WSO2 Enterprise Integrator v6.1.1-update3\r\n"},
			Home{Name: "WSO2 EI", Title: "WSO2 Enterprise Integrator", ServerKey: "EI", Version: "6.1.1-update3", Layout: EI, ConfDir: "conf"},
		},
		{
			"nothing said",
			map[string]string{"conf/carbon.xml": "<Server/>"},
			Home{Name: "WSO2", Layout: EI, ConfDir: "conf"},
		},
		{
			"running",
			map[string]string{"conf/carbon.xml": "<Server/>", "wso2carbon.pid": strconv.Itoa(os.Getpid()) + "\n"},
			Home{Name: "WSO2", Layout: EI, ConfDir: "conf", PID: os.Getpid()},
		},
		{
			"not running",
			map[string]string{"conf/carbon.xml": "<Server/>", "wso2carbon.pid": "2147483646"},
			Home{Name: "WSO2", Layout: EI, ConfDir: "conf"},
		},
		{
			"no pid",
			map[string]string{"conf/carbon.xml": "<Server/>", "wso2carbon.pid": "-1"},
			Home{Name: "WSO2", Layout: EI, ConfDir: "conf"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.want.Dir = writeTree(t, tt.files)
			got, err := Detect(tt.want.Dir)
			if err != nil {
				t.Fatal(problemtest.Report(err))
			}
			if diff := cmp.Diff(tt.want, *got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// What is known without carbon.xml is told where that is broken.
func TestDetectBroken(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"conf/carbon.xml": "<Server>", "wso2carbon.pid": strconv.Itoa(os.Getpid())})
	got, err := Detect(dir)
	if err == nil {
		t.Fatal("there is no error")
	}
	if diff := cmp.Diff(&Home{Dir: dir, Layout: EI, ConfDir: "conf", PID: os.Getpid()}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestHomeString(t *testing.T) {
	t.Parallel()
	for want, home := range map[string]Home{
		"WSO2 EI 6.1.1 at /opt/ei": {Dir: "/opt/ei", Name: "WSO2 EI", Version: "6.1.1"},
		"WSO2 at /opt/ei":          {Dir: "/opt/ei", Name: "WSO2"},
		"a home at /opt/ei":        {Dir: "/opt/ei"},
	} {
		if got := home.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestDetectRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files map[string]string
		at    string // below the folder
		want  string
	}{
		{"nothing there", nil, "none", "DIR/none: can't open the home: no such file or directory"},
		{"a file", map[string]string{"x.zip": ""}, "x.zip", "DIR/x.zip: not a Carbon home: it is a file"},
		{"empty", map[string]string{"x": ""}, "", `
DIR: not a Carbon home: it has neither repository/conf/carbon.xml nor conf/carbon.xml
hint: a home is the folder that the product was unpacked to, with bin and repository in it`},
		{"above a home", map[string]string{"wso2ei-6.1.1/conf/carbon.xml": carbonXML}, "", `
DIR: not a Carbon home: it has neither repository/conf/carbon.xml nor conf/carbon.xml
hint: did you mean DIR/wso2ei-6.1.1?`},
		{"the repository of a home", map[string]string{"repository/conf/carbon.xml": carbonXML, "bin/version.txt": ""}, "repository", `
DIR/repository: not a Carbon home: it has neither repository/conf/carbon.xml nor conf/carbon.xml
hint: did you mean DIR?`},
		{"in a home", map[string]string{"repository/conf/carbon.xml": carbonXML, "bin/version.txt": ""}, "repository/conf", `
DIR/repository/conf: not a Carbon home: it has neither repository/conf/carbon.xml nor conf/carbon.xml
hint: did you mean DIR?`},
		{"deployment.toml", map[string]string{"repository/conf/deployment.toml": ""}, "", `
repository/conf/deployment.toml: this product generates its XML configuration from deployment.toml at every start, so patching it has no effect
hint: put the settings into that file; carbonpatch is for products without it`},
		{"broken", map[string]string{"conf/carbon.xml": "<Server>\n<Name>hush</Server>"}, "", `
conf/carbon.xml:2:11: end tag </Server> where <Name> of line 2 is to be closed`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := writeTree(t, tt.files)
			home, err := Detect(filepath.Join(dir, tt.at))
			if _, isHome := tt.files["conf/carbon.xml"]; isHome != (home != nil) {
				t.Errorf("got the home %v", home)
			}
			got := strings.ReplaceAll(problemtest.Report(err), dir, "DIR")
			if diff := cmp.Diff(strings.TrimSpace(tt.want), strings.TrimSpace(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

const leadsOut = "\nhint: put the file itself there, or a relative link to one in the home"

func TestDocumentRefuses(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"conf/carbon.xml": carbonXML, "conf/broken.xml": "<a>", "conf/dir/x": ""})
	outside := writeTree(t, map[string]string{"secret.xml": "<a/>"})
	if err := os.Symlink(filepath.Join(outside, "secret.xml"), filepath.Join(dir, "conf/link.xml")); err != nil {
		t.Fatal(err)
	}
	home, err := Detect(dir)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	for path, want := range map[string]string{
		"conf/none.xml":   "conf/none.xml: cannot read: no such file or directory\nhint: put the file back",
		"conf/dir":        "conf/dir: a directory, not a file\nhint: put the file there",
		"conf/broken.xml": "conf/broken.xml:1:4: the document ends inside element <a> of line 1\nhint: is the file cut off?",
		"conf/link.xml":   "conf/link.xml: cannot read: it leads out of the home" + leadsOut,
		"../secret.xml":   "../secret.xml: cannot read: it leads out of the home" + leadsOut,
	} {
		if _, err := home.Document(path); strings.TrimSpace(problemtest.Report(err)) != want {
			t.Errorf("got %s, want %s", problemtest.Report(err), want)
		}
	}
}

// TestCorpus detects the homes of real products.
func TestCorpus(t *testing.T) {
	t.Parallel()
	corpus := os.Getenv("CARBONPATCH_CORPUS")
	if corpus == "" {
		t.Skip("CARBONPATCH_CORPUS is not set; it names a folder with real homes")
	}
	for dir, want := range map[string]string{
		"as-5.3.0":                         "WSO2 AS 5.3.0 classic",
		"bps-3.5.0":                        "WSO2 BPS 3.5.0 classic",
		"das-3.0.1":                        "WSO2 DAS 3.0.1 classic",
		"ei-6.1.1":                         "WSO2 EI 6.1.1 ei",
		"ei-6.1.1/wso2/broker":             "WSO2 MB 6.1.1 ei",
		"ei-6.1.1/wso2/business-process":   "WSO2 BPS 6.1.1 ei",
		"ei-6.1.1/wso2/analytics":          "WSO2 EI 6.1.1 ei",
		"ei-6.4.0":                         "WSO2 EI 6.4.0 ei",
		"ei-6.4.0/wso2/micro-integrator":   "WSO2 EI 6.4.0 ei",
		"es-2.0.0":                         "WSO2 ES 2.0.0 classic",
		"esb-4.9.0":                        "WSO2 ESB 4.9.0 classic",
		"greg-5.0.0":                       "WSO2 Greg 5.0.0 classic",
		"is-5.1.0":                         "WSO2 IS 5.1.0 classic",
		"mb-3.0.0":                         "WSO2 MB 3.0.0 classic",
		"deployed-ei-6.1.1-k8s-integrator": "WSO2 EI 6.1.1 ei",
	} {
		home, err := Detect(filepath.Join(corpus, dir))
		if err != nil {
			t.Errorf("%s: %s", dir, problemtest.Report(err))
			continue
		}
		if got := fmt.Sprintf("%s %s %s", home.Name, home.Version, home.Layout); got != want {
			t.Errorf("%s is %s, want %s", dir, got, want)
		}
	}
}
