package profiles

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

const startScriptText = `#!/bin/sh
JVM_MEM_OPTS="-Xms256m -Xmx1024m"
$JAVACMD \
    $JVM_MEM_OPTS \
    -classpath "$CARBON_CLASSPATH" \
    -DworkerNode=false \
    org.wso2.carbon.bootstrap.Bootstrap $*
`

// scriptSettings are all settings of the start script.
const scriptSettings = `jvm.xms: 1g
jvm.xmx: 2g
proxy.httpsHost: proxy.example.com
proxy.httpsPort: "3128"
proxy.nonProxyHosts: [{value: localhost}, {value: "*.local"}]
workerNode: "true"
domain: d
`

func carbonProfile(t *testing.T) *Profile {
	t.Helper()
	p, err := Open("carbon")
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	return p
}

// onlyScript leaves the start script of what p wants in a home.
func onlyScript(t *testing.T, p *Profile, v Values, home *product.Home) patch.Patch {
	t.Helper()
	made, err := p.Patch("node", v, home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	made.Files = slices.DeleteFunc(made.Files, func(f patch.File) bool { return f.Script == nil })
	return made
}

func TestStartScript(t *testing.T) {
	t.Parallel()
	const changed = `#!/bin/sh
JVM_MEM_OPTS="-Xms1g -Xmx2g"
$JAVACMD \
    $JVM_MEM_OPTS \
    -Dhttps.proxyHost=proxy.example.com \
    -Dhttps.proxyPort=3128 \
    -Dhttp.nonProxyHosts="localhost|*.local" \
    -classpath "$CARBON_CLASSPATH" \
    -DworkerNode=true \
    org.wso2.carbon.bootstrap.Bootstrap $*
`
	p := carbonProfile(t)
	tests := []struct{ name, before, settings, after string }{
		{"all", startScriptText, scriptSettings, changed},
		{"again", changed, scriptSettings, changed},
		{"one host", startScriptText, "proxy.nonProxyHosts: [{value: localhost}]", strings.Replace(startScriptText, "    -classpath", "    -Dhttp.nonProxyHosts=\"localhost\" \\\n    -classpath", 1)},
		{"none", changed, "{jvm.xms: none, proxy.httpsHost: none, proxy.httpsPort: none, proxy.nonProxyHosts: none, workerNode: none}", `#!/bin/sh
JVM_MEM_OPTS="-Xmx2g"
$JAVACMD \
    $JVM_MEM_OPTS \
    -classpath "$CARBON_CLASSPATH" \
    org.wso2.carbon.bootstrap.Bootstrap $*
`},
	}
	for _, tt := range tests {
		for _, name := range product.StartScripts {
			t.Run(tt.name+" "+name, func(t *testing.T) {
				t.Parallel()
				home := writeHome(t, map[string]string{name: tt.before, "bin/wso2server.sh.orig": "x"})
				plan, err := patch.Make(home.Dir, onlyScript(t, p, describe(t, p, "node", tt.settings), home))
				if err != nil {
					t.Fatal(problemtest.Report(err))
				}
				if len(plan.Files) != 1 || plan.Files[0].Path != name {
					t.Fatalf("%v", plan.Files)
				}
				expect(t, tt.after, string(plan.Files[0].After))
			})
		}
	}
}

// A home without the script, or with one of an unknown shape, is of no concern where no setting is for it.
func TestStartScriptNotWanted(t *testing.T) {
	t.Parallel()
	p := carbonProfile(t)
	home := writeHome(t, map[string]string{"bin/wso2server.sh": "exec other\n", "bin/wso2server.bat": "rem\n"})
	made := onlyScript(t, p, describe(t, p, "node", "domain: d"), home)
	if len(made.Files)+len(made.Notes) > 0 {
		t.Errorf("%v", made)
	}
	home = writeHome(t, map[string]string{})
	if made := onlyScript(t, p, describe(t, p, "node", "{domain: d, workerNode: none}"), home); len(made.Files) > 0 {
		t.Errorf("%v", made)
	}
}

func TestStartScriptRefuses(t *testing.T) {
	t.Parallel()
	p := carbonProfile(t)
	tests := []struct {
		name, settings string
		files          map[string]string
		dir            string // below which the home is
		want           string
	}{
		{"no script", "workerNode: true", nil, "", `
bin/integrator.sh | bin/wso2server.sh: there is no such file, which workerNode is written to
hint: is this home whole? without a start script, leave jvm.*, proxy.* and workerNode out`},
		{"the script of a parent", "jvm.xmx: 2g", map[string]string{"bin/broker.sh": "x", "wso2/broker/conf/x": ""}, "wso2/broker", `
bin/integrator.sh | bin/wso2server.sh: there is no such file, which jvm.xmx is written to
hint: this profile is started by ../../bin/broker.sh, which lies outside of its home: edit that by hand, or leave the setting out`},
		{"unknown shape", "jvm.xmx: 2g", map[string]string{"bin/wso2server.sh": "exec other\n"}, "", `
bin/wso2server.sh: not a start script of a known shape: no java command runs org.wso2.carbon.bootstrap.Bootstrap
hint: edit the script by hand, or leave out what is to be written to it`},
		{"an empty list", "proxy.nonProxyHosts: []", map[string]string{"bin/wso2server.sh": startScriptText}, "", `
c.yaml:1:1: proxy.nonProxyHosts must not be empty
  proxy.nonProxyHosts: []
  ^^^^^^^^^^^^^^^^^^^
hint: proxy.nonProxyHosts: none takes the option away`},
		{"references", "{jvm.xmx: '${heap}', proxy.nonProxyHosts: [{value: '*.${domain}'}], workerNode: none}", map[string]string{"bin/wso2server.sh": startScriptText}, "", `
c.yaml:1:11: jvm.xmx is for the start script, where nothing fills in a ${...}
  {jvm.xmx: '${heap}', proxy.nonProxyHosts: [{value: '*.${domain}'}], workerNode: none}
            ^^^^^^^^^
hint: give the value itself
c.yaml:1:22: proxy.nonProxyHosts is for the start script, where nothing fills in a ${...}
  {jvm.xmx: '${heap}', proxy.nonProxyHosts: [{value: '*.${domain}'}], workerNode: none}
                       ^^^^^^^^^^^^^^^^^^^
hint: give the value itself`},
		{"several", "{jvm.xms: 1g, jvm.maxPermSize: 512m}", map[string]string{"bin/integrator.sh": startScriptText + "JVM_MEM_OPTS='-Xms1g -Xms2g'\n"}, "", `
bin/integrator.sh:3:1: set -XX:MaxPermSize: the script has none
hint: leave jvm.maxPermSize out: Java 8 ignores the option, and Java 17 refuses to start with it
bin/integrator.sh:8:22: set -Xms: given twice (lines 8 and 8), want 1
hint: take one of them out`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			home := writeHome(t, tt.files)
			home.Dir = filepath.Join(home.Dir, tt.dir)
			made, err := p.Patch("node", describe(t, p, "node", tt.settings), home)
			if err == nil {
				made.Files = slices.DeleteFunc(made.Files, func(f patch.File) bool { return f.Script == nil })
				_, err = patch.Make(home.Dir, made)
			}
			expect(t, tt.want, problemtest.Report(err))
		})
	}
}

func TestStartScriptNotes(t *testing.T) {
	t.Parallel()
	const noWorker = `bin/integrator.sh: with workerNode=true the server will not start ("OSGi runtime worker profile not found"), for there is no wso2/components/worker; started with the argument -Dprofile=default it will
`
	p := carbonProfile(t)
	tests := []struct {
		name, settings string
		more           string // a file
		want           string
		stays          int    // lines, when nothing is left to do
		option         string // of the script, too
	}{
		{name: "twin", settings: "jvm.xmx: 2g", more: "bin/integrator.bat", want: "bin/integrator.bat: left alone; where the server runs on Windows, edit it by hand as bin/integrator.sh is\n"},
		{name: "worker without its profile", settings: "workerNode: true", more: "wso2/components/default/x", want: noWorker, stays: 1},
		{name: "worker with its profile", settings: "workerNode: true", more: "wso2/components/worker/x"},
		{name: "worker with a profile in the script", settings: "workerNode: true", more: "wso2/components/default/x", option: "-Dprofile=default"},
		{name: "no worker", settings: "workerNode: false", more: "wso2/components/default/x"},
		{name: "components not there", settings: "workerNode: true", more: "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			start := strings.Replace(startScriptText, "-DworkerNode", tt.option+" -DworkerNode", 1)
			home := writeHome(t, map[string]string{"bin/integrator.sh": start, tt.more: ""})
			home.Layout = product.EI
			made := onlyScript(t, p, describe(t, p, "node", tt.settings), home)
			for _, want := range []string{tt.want, strings.Join(strings.SplitAfter(tt.want, "\n")[:tt.stays], "")} {
				plan, err := patch.Make(home.Dir, made)
				if err != nil {
					t.Fatal(problemtest.Report(err))
				}
				text := ""
				for _, n := range plan.Notes {
					text += n.File + ": " + n.Text + "\n"
				}
				expect(t, want, text)
				if err := os.WriteFile(filepath.Join(home.Dir, "bin/integrator.sh"), plan.Files[0].After, 0o755); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// What is for other roles is told of where it is set.
func TestStartScriptOfOtherRoles(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "p.yaml")
	const text = "profile: p\ntitle: p\nextends: carbon\nsettings: {workerNode: {roles: [worker]}, jvm.xms: {roles: [worker]}, proxy.httpsHost: {roles: [worker]}}\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	p, err := Open(path)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	home := writeHome(t, map[string]string{"bin/wso2server.sh": startScriptText})
	made := onlyScript(t, p, describe(t, p, "node", "{domain: d, workerNode: true}"), home)
	if len(made.Files) > 0 {
		t.Errorf("%v", made.Files)
	}
	got := ""
	for _, n := range made.Notes {
		got += fmt.Sprintf("%s:%d: %s\n", n.File, n.Line, n.Text)
	}
	expect(t, "bin/wso2server.sh:2: jvm.xms is set here but this role does not manage it\n"+
		"bin/wso2server.sh:6: workerNode is set here but this role does not manage it\n", got)
}

// A worker that gets another role goes on being started as a worker, which is told where nothing is said of workerNode.
func TestLeftoverWorker(t *testing.T) {
	t.Parallel()
	const leftover = "bin/wso2server.sh:6: workerNode is true here though the role is manager; workerNode: false mends it"
	worker := strings.Replace(startScriptText, "workerNode=false", "workerNode=true", 1)
	tests := []struct{ name, role, settings, script, want string }{
		{"manager", "manager", "domain: d", worker, leftover},
		{"other options", "manager", "{domain: d, jvm.xmx: 2g}", worker, leftover},
		{"worker", "worker", "domain: d", worker, ""},
		{"as shipped", "manager", "domain: d", startScriptText, ""},
		{"mended", "manager", "{domain: d, workerNode: false}", worker, ""},
		{"wanted", "manager", "{domain: d, workerNode: true}", worker, ""},
		{"taken out", "manager", "{domain: d, workerNode: none}", worker, ""},
		{"unknown shape", "manager", "domain: d", "exec other -DworkerNode=true\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := carbonProfile(t)
			made, err := p.Patch(tt.role, describe(t, p, tt.role, tt.settings), writeHome(t, map[string]string{"bin/wso2server.sh": tt.script}))
			if err != nil {
				t.Fatal(problemtest.Report(err))
			}
			got := ""
			for _, n := range made.Notes {
				got += fmt.Sprintf("%s:%d: %s\n", n.File, n.Line, n.Text)
			}
			expect(t, tt.want, got)
		})
	}
}

// What a setting can't have is not found.
func TestInspectOddStartScript(t *testing.T) {
	t.Parallel()
	const odd = `java -Xms1gb -Xmx"$HEAP" -Dhttp.nonProxyHosts="a||b" -Dhttps.proxyPort=0 -DworkerNode=yes -cp x org.wso2.carbon.bootstrap.Bootstrap`
	for _, text := range []string{odd, "exec other\n", ""} {
		found, err := carbonProfile(t).Inspect(writeHome(t, map[string]string{"bin/wso2server.sh": text}))
		expect(t, "<nil>", problemtest.Report(err))
		expect(t, "", dumpFound(found))
	}
}

// A profile of one's own may declare the settings as something else; they are not found then.
func TestInspectStartScriptWithOtherSettings(t *testing.T) {
	t.Parallel()
	p := mustParse(t, "profile: x\nfeatures: [start-script]\nroles: {one: {}}\nsettings: {proxy.nonProxyHosts: {type: map}, workerNode: {type: 'list of {a word}'}, jvm.xmx: {type: port}}\n")
	found, err := p.Inspect(writeHome(t, map[string]string{"bin/wso2server.sh": strings.Replace(startScriptText, "-DworkerNode", "-Dhttp.nonProxyHosts=a -DworkerNode", 1)}))
	expect(t, "<nil>", problemtest.Report(err))
	expect(t, "", dumpFound(found))
}

func TestInspectStartScript(t *testing.T) {
	t.Parallel()
	p := carbonProfile(t)
	home := writeHome(t, map[string]string{"bin/wso2server.sh": startScriptText})
	plan, err := patch.Make(home.Dir, onlyScript(t, p, describe(t, p, "node", scriptSettings), home))
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	if err := os.WriteFile(filepath.Join(home.Dir, "bin/wso2server.sh"), plan.Files[0].After, 0o755); err != nil {
		t.Fatal(err)
	}
	found, err := p.Inspect(home)
	expect(t, "<nil>", problemtest.Report(err))
	expect(t, `jvm.xms: 1g bin/wso2server.sh:2:15 -Xms
jvm.xmx: 2g bin/wso2server.sh:2:22 -Xmx
proxy.httpsHost: proxy.example.com bin/wso2server.sh:5:5 -Dhttps.proxyHost
proxy.httpsPort: 3128 bin/wso2server.sh:6:5 -Dhttps.proxyPort
proxy.nonProxyHosts: [value=localhost][value=*.local] bin/wso2server.sh:7:5 -Dhttp.nonProxyHosts
workerNode: true bin/wso2server.sh:9:5 -DworkerNode
`, dumpFound(found))
}
