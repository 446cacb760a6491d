package patch_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// corpus is the folder of real homes that CARBONPATCH_CORPUS names.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("CARBONPATCH_CORPUS")
	if dir == "" {
		t.Skip("CARBONPATCH_CORPUS is not set: no real homes to test with")
	}
	return dir
}

// Every file that can be read gets an attribute at its root; the diff must make the planned file of it, and hide what
// its names say is secret.
func TestDiffsOfTheCorpus(t *testing.T) {
	t.Parallel()
	dir := corpus(t)
	op := set(t, "test", "/*/@carbonpatchTest", "1")
	planned := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		plan, err := patch.Make(dir, one(filepath.ToSlash(name), op))
		if err != nil {
			return nil // what xmlops refuses is its own matter
		}
		planned++
		f := plan.Files[0]
		shown := string(f.Diff(patch.Shown))
		if got := applyUnified(t, string(f.Before), strings.ReplaceAll(shown, "/"+f.Path+"\n", "/f\n")); got != string(f.After) {
			t.Errorf("%s: the diff makes another file", name)
		}
		if masked := f.Diff(patch.Masked); signs(masked) != signs([]byte(shown)) {
			t.Errorf("%s: the masked diff has other lines", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if planned < 100 {
		t.Errorf("only %d files could be planned", planned)
	}
	t.Logf("%d files", planned)
}

// workerOps is part of what a worker of guide 004 needs, on the files of EI 6.1.1.
func workerOps(t *testing.T) patch.Patch {
	t.Helper()
	subDomain := patch.Op{Op: xmlops.Op{
		Verb: xmlops.Uncomment, Select: selector(t, "/axisconfig/clustering/parameter[@name='properties']/property[@name='subDomain'][@value='worker']"),
	}, About: patch.About{Setting: "subDomain"}}
	proxy := set(t, "httpProxyPort", "/Server/Service/Connector[@port='9763']/@proxyPort", "80")
	proxy.After = step(t, "port")
	members := patch.Op{Op: xmlops.Op{Verb: xmlops.List, Select: selector(t, "/axisconfig/clustering/members/member")}, About: patch.About{Setting: "members"}}
	for _, member := range [][2]string{{"10.0.0.2", "4100"}, {"10.0.0.3", "4200"}} {
		members.Items = append(members.Items, fragment(t, "<member><hostName>"+member[0]+"</hostName><port>"+member[1]+"</port></member>"))
	}
	return patch.Patch{Files: []patch.File{
		{Paths: []string{"repository/conf/axis2/axis2.xml", "conf/axis2/axis2.xml"}, Ops: []patch.Op{
			set(t, "clustering", "/axisconfig/clustering/@enable", "true"),
			set(t, "domain", "/axisconfig/clustering/parameter[@name='domain']", "wso2.esb.domain"),
			members, subDomain,
			set(t, "wsdlEPRPrefix.http", "/axisconfig/transportReceiver[@name='http']/parameter[@name='WSDLEPRPrefix']", "http://esb.wso2.com:80"),
		}},
		{Paths: []string{"conf/carbon.xml"}, Ops: []patch.Op{
			set(t, "hostName", "/Server/HostName", "esb.wso2.com"),
			set(t, "svnPassword", "/Server/DeploymentSynchronizer/SvnPassword", "Top&Secret<1>"),
			set(t, "svnUrl", "/Server/DeploymentSynchronizer/SvnUrl", "https://joe:Top&Secret@svn.example.org/repos"),
		}},
		{Paths: []string{"conf/tomcat/catalina-server.xml"}, Ops: []patch.Op{proxy}},
	}}
}

func TestMakeOfARealHome(t *testing.T) {
	t.Parallel()
	home := filepath.Join(corpus(t), "ei-6.1.1")
	plan, err := patch.Make(home, workerOps(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range plan.Files {
		applies(t, f)
	}
	masked := plan.Diff(patch.Masked)
	t.Logf("%s", masked)
	for _, secret := range []string{"Secret", "joe"} {
		if bytes.Contains(masked, []byte(secret)) {
			t.Errorf("%q is not masked", secret)
		}
	}
	for _, c := range plan.Files[0].Changes {
		before, after := c.Values(patch.Masked)
		t.Logf("%d %-45s %s -> %s   :%d", c.Kind, c.Label(), before, after, c.Line)
	}
	for _, f := range plan.Files {
		again := newHome(t, map[string]string{f.Path: string(f.After)})
		var ops []patch.Op
		for _, file := range workerOps(t).Files {
			if file.Paths[len(file.Paths)-1] == f.Path {
				ops = file.Ops
			}
		}
		second, err := patch.Make(again, one(f.Path, ops...))
		if err != nil {
			t.Fatal(err)
		}
		if second.Changed() || second.Right() != len(ops) {
			t.Errorf("%s: planned again, %d of %d operations are right:\n%s", f.Path, second.Right(), len(ops), second.Diff(patch.Masked))
		}
	}
}

func BenchmarkMake(b *testing.B) {
	home := filepath.Join(os.Getenv("CARBONPATCH_CORPUS"), "ei-6.1.1")
	if home == "ei-6.1.1" {
		b.Skip("CARBONPATCH_CORPUS is not set: no real homes to measure")
	}
	t := &testing.T{}
	p := workerOps(t)
	b.ReportAllocs()
	for b.Loop() {
		plan, err := patch.Make(home, p)
		if err != nil {
			b.Fatal(err)
		}
		if len(plan.Diff(patch.Masked)) == 0 {
			b.Fatal("no diff")
		}
	}
}
