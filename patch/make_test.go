package patch_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// newHome writes files, by their path, below a new folder.
func newHome(t *testing.T, files map[string]string) string {
	t.Helper()
	home := t.TempDir()
	for name, content := range files {
		file := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

func selector(t *testing.T, s string) xmlops.Selector {
	t.Helper()
	sel, err := xmlops.ParseSelector(s)
	if err != nil {
		t.Fatal(err)
	}
	return sel
}

func step(t *testing.T, s string) *xmlops.Step {
	t.Helper()
	step, err := xmlops.ParseStep(s)
	if err != nil {
		t.Fatal(err)
	}
	return step
}

func fragment(t *testing.T, s string) *xmlops.Fragment {
	t.Helper()
	f, err := xmlops.ParseFragment(s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// set is an operation that sets what sel matches, for the setting.
func set(t *testing.T, setting, sel, value string) patch.Op {
	t.Helper()
	return patch.Op{Op: xmlops.Op{Verb: xmlops.Set, Select: selector(t, sel), Value: value}, About: patch.About{Name: "the " + setting, Setting: setting}}
}

func one(path string, ops ...patch.Op) patch.Patch {
	return patch.Patch{Files: []patch.File{{Paths: []string{path}, Ops: ops}}}
}

const server = `<Server>
    <!--HostName>www.wso2.org</HostName-->
    <MgtHostName>mgt.example.com</MgtHostName>
    <SvnPassword>old-secret</SvnPassword>
    <Token>old-token</Token>
    <Version>4.4.7</Version>
</Server>
`

func TestMake(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"conf/carbon.xml": server})
	password := set(t, "svnPassword", "/Server/SvnPassword", "new-secret")
	token := set(t, "token", "/Server/Token", "new-token")
	token.Secret = true
	p := patch.Patch{Files: []patch.File{{
		Paths:     []string{"repository/conf/carbon.xml", "conf/./carbon.xml"},
		Ops:       []patch.Op{token, password, set(t, "hostName", "/Server/HostName", "esb.example.com"), set(t, "version", "/Server/Version", "4.4.7")},
		Unmanaged: []patch.Op{set(t, "mgtHostName", "/Server/MgtHostName", ""), set(t, "offset", "/Server/Offset", "")},
	}}}
	plan, err := patch.Make(home, p)
	if err != nil {
		t.Fatal(err)
	}
	after := strings.NewReplacer(
		"<!--HostName>www.wso2.org</HostName-->", "<HostName>esb.example.com</HostName>",
		"old-secret", "new-secret", "old-token", "new-token",
	).Replace(server)
	want := &patch.Plan{
		Home: home,
		Files: []*patch.FilePlan{{
			Path: "conf/carbon.xml", Before: []byte(server), After: []byte(after), Right: 1,
			Changes: []patch.Change{
				{Kind: xmlops.Uncommented, Name: "the hostName", Setting: "hostName", At: "/Server/HostName", Line: 2, Column: 5, After: secret.New("esb.example.com")},
				{Kind: xmlops.Changed, Name: "the svnPassword", Setting: "svnPassword", At: "/Server/SvnPassword", Line: 4, Column: 5, Before: secret.New("old-secret"), After: secret.New("new-secret"), Secret: true},
				{Kind: xmlops.Changed, Name: "the token", Setting: "token", At: "/Server/Token", Line: 5, Column: 5, Before: secret.New("old-token"), After: secret.New("new-token"), Secret: true},
			},
		}},
		Notes: []patch.Note{{"conf/carbon.xml", 3, "mgtHostName is set here but this role does not manage it"}},
	}
	if diff := cmp.Diff(want, plan, cmpopts.IgnoreUnexported(patch.FilePlan{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	const wantDiff = `--- a/conf/carbon.xml
+++ b/conf/carbon.xml
@@ -1,7 +1,7 @@ <Server>
 <Server>
-    <!--HostName>www.wso2.org</HostName-->
+    <HostName>esb.example.com</HostName>
     <MgtHostName>mgt.example.com</MgtHostName>
-    <SvnPassword>********</SvnPassword>
-    <Token>********</Token>
+    <SvnPassword>********</SvnPassword>
+    <Token>********</Token>
     <Version>4.4.7</Version>
 </Server>
`
	if diff := cmp.Diff(wantDiff, string(plan.Diff(patch.Masked))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	applies(t, plan.Files[0])
}

// Each part of a fragment is told of by what writes it; what comes whole by the operation, and it is secret with what it holds.
func TestMakeTellsOfLeaves(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"a.xml": "<a xmlns:v=\"http://org.wso2.securevault/configuration\">\n<r url=\"u1\"><id>x</id><pin>1</pin><k v:secretAlias=\"a\">k</k></r>\n</a>"})
	op := patch.Op{
		Op: xmlops.Op{Verb: xmlops.Ensure, Select: selector(t, "/a/r"), Items: []*xmlops.Fragment{
			fragment(t, `<r url="u2" n="3"><id>y</id><pin>2</pin><k>l</k><s p="5">4</s></r>`),
		}},
		About: patch.About{Name: "op", Setting: "op", Secret: true},
		Leaves: map[string]patch.About{
			"/@url": {Name: "url", Setting: "url"},
			"/id":   {Name: "constant"},
			"/pin":  {Name: "pin", Setting: "pin", Secret: true},
			"/k":    {Name: "k", Setting: "kept"},
			"/s":    {Name: "s", Setting: "s"},
			"/s/@p": {Setting: "p", Secret: true},
		},
	}
	plan, err := patch.Make(home, one("a.xml", op))
	if err != nil {
		t.Fatal(err)
	}
	var got []patch.Change
	for _, c := range plan.Files[0].Changes {
		got = append(got, patch.Change{Name: c.Name, Setting: c.Setting, After: c.After, Secret: c.Secret})
	}
	want := []patch.Change{
		{Name: "url", Setting: "url", After: secret.New("u2")},
		{Name: "op", Setting: "op", After: secret.New("3"), Secret: true},
		{Name: "constant", After: secret.New("y")},
		{Name: "pin", Setting: "pin", After: secret.New("2"), Secret: true},
		{Name: "s", Setting: "s", After: secret.New("4"), Secret: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]patch.Note{{"a.xml", 2, "kept is kept by secure vault and was left alone"}}, plan.Notes); diff != "" {
		t.Errorf("notes: -want +got:\n%s", diff)
	}
	const wantDiff = `--- a/a.xml
+++ b/a.xml
@@ -1,3 +1,3 @@ <a>
 <a xmlns:v="http://org.wso2.securevault/configuration">
-<r url="u1"><id>x</id><pin>********</pin><k v:secretAlias="a">k</k></r>
+<r url="u2" n="********"><id>y</id><pin>********</pin><k v:secretAlias="a">k</k><s p="********">4</s></r>
 </a>
\ No newline at end of file
`
	if diff := cmp.Diff(wantDiff, string(plan.Diff(patch.Masked))); diff != "" {
		t.Errorf("diff: -want +got:\n%s", diff)
	}
}

func TestMakeOfWhatIsRight(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"conf/carbon.xml": server})
	version := set(t, "version", "/Server/Version", "4.4.7")
	skipped := set(t, "mgtHostName", "/Server/MgtHostName", "other")
	skipped.Unless = selector(t, "/Server/Version")
	optional := set(t, "offset", "/Server/Offset", "1")
	optional.Optional = true
	gone := patch.Op{Op: xmlops.Op{Verb: xmlops.Remove, Select: selector(t, "/Server/Offset")}, About: patch.About{Setting: "portOffset"}}
	traces := patch.Op{Op: xmlops.Op{Verb: xmlops.Remove, Select: selector(t, "/Server/AwsKey")}}
	plan, err := patch.Make(home, one("conf/carbon.xml", version, skipped, optional, gone, traces))
	if err != nil {
		t.Fatal(err)
	}
	if plan.Changed() || len(plan.Files[0].Changes) > 0 {
		t.Errorf("changes %+v", plan.Files[0].Changes)
	}
	if plan.Right() != 2 {
		t.Errorf("%d operations are right, want 2: the version and the offset that is gone", plan.Right())
	}
	if diff := plan.Diff(patch.Masked); diff != nil {
		t.Errorf("diff %s", diff)
	}
}

const vault = `<Server xmlns:svns="http://org.wso2.securevault/configuration">
    <SvnPassword svns:secretAlias="Deployment.SvnPassword">password</SvnPassword>
    <SvnUser>joe</SvnUser>
</Server>
`

func TestMakeLeavesSecureVaultAlone(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"conf/carbon.xml": vault})
	password := set(t, "svnPassword", "/Server/SvnPassword", "new-secret")
	plan, err := patch.Make(home, one("conf/carbon.xml", password))
	if err != nil {
		t.Fatal(err)
	}
	if plan.Changed() || plan.Right() != 1 {
		t.Errorf("changed %v, right %d", plan.Changed(), plan.Right())
	}
	want := []patch.Note{{"conf/carbon.xml", 2, "svnPassword is kept by secure vault and was left alone"}}
	if diff := cmp.Diff(want, plan.Notes); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	password.Explicit = true
	_, err = patch.Make(home, one("conf/carbon.xml", set(t, "user", "/Server/SvnUsr", "x"), password))
	wantProblems(t, err,
		"conf/carbon.xml:2:5: set /Server/SvnPassword: secure vault keeps this value",
		"hint: change it with the product's cipher tool, or take svns:secretAlias off the element first",
		`conf/carbon.xml:3:5: set /Server/SvnUsr: no element matches; did you mean "SvnUser"?`,
		"hint: is this home whole, and of a product and version that the profile is for?",
	)
}

// wantProblems compares what err tells: of each problem the message and, if there is one, the hint.
func wantProblems(t *testing.T, err error, want ...string) {
	t.Helper()
	var problems patch.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("the error is no Problems: %v", err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.Error())
		if p.Hint != "" {
			got = append(got, "hint: "+p.Hint)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What can be done about a selector that misses is for those who can't change it.
func TestMakeHints(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"conf/c.xml": "<s>\n  <a/><a/>\n  <!--b/-->\n</s>\n"})
	const otherwise = "b: none leaves it out"
	optional := func(name, at string) patch.Op {
		op := set(t, name, at, "1")
		op.Otherwise = otherwise
		return op
	}
	_, err := patch.Make(home, one("conf/c.xml", optional("a", "/s/a"), optional("b", "/s/b[1]"), optional("c", "/s/c"), set(t, "d", "/s/b[1]", "1")))
	wantProblems(t, err,
		"conf/c.xml:1:1: set /s/c: no element matches; this <s> has no <c>",
		"hint: "+otherwise,
		"conf/c.xml:2:7: set /s/a: matches 2 elements (lines 2, 2), want 1",
		"hint: take away all but one",
		"conf/c.xml:3:3: set /s/b[1]: no element matches; this <b> is commented out, and stays so",
		"hint: take it out of the comment by hand if it is wanted; "+otherwise,
		"conf/c.xml:3:3: set /s/b[1]: no element matches; this <b> is commented out, and stays so",
		"hint: take it out of the comment by hand if it is wanted",
	)
}

// What apply's check of the written files would find, the plan finds: nothing is written.
func TestMakeLooksAtTheNextRun(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"conf/c.xml": "<s><a><k> 1 </k><v>1</v></a></s>\n"})
	const missed = ": the next run would not find this done: it, or another operation, changes what its selector asks for"
	key := set(t, "key", "/s/a[k=' 1 ']/k", "1")
	key.Create = true
	tests := []struct {
		name string
		ops  []patch.Op
		want []string
	}{
		{"a key that the selector asks for", []patch.Op{key}, []string{"conf/c.xml: set /s/a[k=' 1 ']/k" + missed}},
		{
			"a key that another operation asks for",
			[]patch.Op{set(t, "value", "/s/a[k=' 1 ']/v", "2"), set(t, "key", "/s/a/k", "1")},
			[]string{"conf/c.xml: set /s/a[k=' 1 ']/v" + missed},
		},
	}
	for _, tt := range tests {
		_, err := patch.Make(home, one("conf/c.xml", tt.ops...))
		wantProblems(t, err, tt.want...)
	}
	if _, err := patch.Make(home, one("conf/c.xml", set(t, "first", "/s/a/v", "2"), set(t, "second", "/s/a/v", "3"))); err != nil {
		t.Errorf("operations that write over each other: %v", err)
	}
}

func TestMakeTellsAllProblems(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{
		"conf/carbon.xml":     server,
		"conf/broken.xml":     "<a>\n  <b>hunter22</c>\n</a>\n",
		"conf/axis2/data.xml": strings.Replace(clustering, "org.example.Agent", "http://joe:hunter22@example.com", 1),
	})
	twice := set(t, "twice", "/Server/*", "x")
	guarded := set(t, "token", "/Server/Token", "new")
	guarded.From, guarded.Secret = []string{"shipped"}, true
	url := set(t, "url", "/axisconfig/clustering/@class", "x")
	url.From = []string{"shipped"}
	p := patch.Patch{Files: []patch.File{
		{Paths: []string{"conf/broken.xml"}, Ops: []patch.Op{twice}},
		{Paths: []string{"conf/absent.xml"}, Ops: []patch.Op{twice}},
		{Paths: []string{"conf/absent.json", "b/absent.json"}, Ops: []patch.Op{twice}},
		{Paths: []string{"conf/carbon.xml"}, Ops: []patch.Op{twice, guarded, set(t, "user", "/Server/Tokn", "x")}},
		{Paths: []string{"conf/axis2/data.xml"}, Ops: []patch.Op{set(t, "enable", "/axisconfig/clusterng/@enable", "true"), url}},
	}}
	_, err := patch.Make(home, p)
	wantProblems(t, err,
		`conf/broken.xml:2:14: end tag </c> where <b> of line 2 is to be closed`,
		`conf/absent.xml: no such file`,
		`hint: is this home whole, and of a product and version that the profile is for?`,
		`conf/absent.json: no such file`,
		`hint: nor is there b/absent.json; is this home whole, and of a product and version that the profile is for?`,
		`conf/carbon.xml:4:5: set /Server/*: matches 4 elements (lines 3, 4, 5, 6), want 1`,
		`hint: take away all but one`,
		`conf/carbon.xml:5:5: set /Server/Token: conflict: the value is "********", which is not one that may be replaced`,
		`hint: somebody has set it: put back the shipped value, or change the file by hand`,
		`conf/carbon.xml:5:5: set /Server/Tokn: no element matches; did you mean "Token"?`,
		`hint: is this home whole, and of a product and version that the profile is for?`,
		`conf/axis2/data.xml:3:5: set /axisconfig/clusterng/@enable: no element matches; did you mean "clustering"?`,
		`hint: is this home whole, and of a product and version that the profile is for?`,
		`conf/axis2/data.xml:3:5: set /axisconfig/clustering/@class: conflict: the value is "http://********@example.com", which is not one that may be replaced`,
		`hint: somebody has set it: put back the shipped value, or change the file by hand`,
	)
}

func TestMakeRefusesFiles(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"conf/a.xml": "<a/>", "b.xml": "<b/>"})
	outside := newHome(t, map[string]string{"secret.xml": "<a/>"})
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(os.Symlink("a.xml", home+"/conf/link.xml"))
	do(os.Symlink(outside+"/secret.xml", home+"/conf/outside.xml"))
	do(os.Symlink("../..", home+"/conf/up"))
	do(os.Symlink("nowhere.xml", home+"/conf/dangling.xml"))
	do(os.Link(home+"/conf/a.xml", home+"/conf/hard.xml"))
	do(syscall.Mkfifo(home+"/conf/fifo.xml", 0o600))
	do(os.WriteFile(home+"/conf/big.xml", nil, 0o600))
	do(os.Truncate(home+"/conf/big.xml", 16<<20+1))
	op := set(t, "a", "/a/@x", "1")
	tests := []struct {
		name  string
		paths []string
		want  []string
	}{
		{"up", []string{"../x.xml"}, []string{"../x.xml: not a path below the home"}},
		{"absolute", []string{"/etc/passwd"}, []string{"/etc/passwd: not a path below the home"}},
		{"empty", []string{""}, []string{"not a path below the home"}},
		{"NUL", []string{"conf/a\x00.xml"}, []string{`conf/a\x00.xml: not a path below the home`}},
		{"line end", []string{"conf/a.xml\n+++ b/x"}, []string{`conf/a.xml\n+++ b/x: not a path below the home`}},
		{"link that leaves", []string{"conf/outside.xml"}, []string{"conf/outside.xml: cannot read: it leads out of the home", "hint: put the file itself there, or a relative link to one in the home"}},
		{"folder that leaves", []string{"conf/up/x.xml"}, []string{"conf/up/x.xml: cannot read: it leads out of the home", "hint: put the file itself there, or a relative link to one in the home"}},
		{"folder", []string{"conf"}, []string{"conf: a directory, not a file", "hint: put the file there"}},
		{"below a file", []string{"b.xml/a.xml"}, []string{"b.xml/a.xml: cannot read: not a directory"}},
		{"FIFO", []string{"conf/fifo.xml"}, []string{"conf/fifo.xml: not a regular file", "hint: put a file there"}},
		{"large", []string{"conf/big.xml"}, []string{"conf/big.xml: larger than 16 MB", "hint: see what it holds: no configuration is as large as that"}},
		{"dangling link", []string{"conf/dangling.xml"}, []string{
			"conf/dangling.xml: no such file", "hint: is this home whole, and of a product and version that the profile is for?",
		}},
		{"link", []string{"conf/link.xml"}, []string{"conf/link.xml: the same file as conf/a.xml", "hint: put its operations under one path"}},
		{"hard link", []string{"conf/hard.xml"}, []string{"conf/hard.xml: the same file as conf/a.xml", "hint: put its operations under one path"}},
		{"other spelling", []string{"conf//./a.xml"}, []string{"conf//./a.xml: the same file as conf/a.xml", "hint: put its operations under one path"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := patch.Patch{Files: []patch.File{{Paths: []string{"conf/a.xml"}, Ops: []patch.Op{op}}, {Paths: test.paths, Ops: []patch.Op{op}}}}
			_, err := patch.Make(home, p)
			wantProblems(t, err, test.want...)
		})
	}
}

func TestMakeFollowsLinksInside(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"shared/a.xml": "<a/>"})
	if err := os.Symlink("shared", home+"/conf"); err != nil {
		t.Fatal(err)
	}
	plan, err := patch.Make(home, one("conf/a.xml", set(t, "a", "/a/@x", "1")))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(plan.Files[0].After); got != `<a x="1"/>` {
		t.Errorf("got %q", got)
	}
}

func TestMakeWithoutHome(t *testing.T) {
	t.Parallel()
	_, err := patch.Make("/nonexistent/home", patch.Patch{})
	wantProblems(t, err, "/nonexistent/home: cannot open the home: no such file or directory")
}

func TestMakeSkipsAFileThatIsOptional(t *testing.T) {
	t.Parallel()
	op := set(t, "a", "/a/@x", "1")
	op.Optional = true
	plan, err := patch.Make(t.TempDir(), one("conf/a.xml", op))
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Files) != 0 {
		t.Errorf("planned %s", plan.Files[0].Path)
	}
}

func TestMakeFile(t *testing.T) {
	t.Parallel()
	dir := newHome(t, map[string]string{"a.xml": "<a/>", "broken.xml": "<a>"})
	if err := os.Symlink(dir+"/a.xml", dir+"/link.xml"); err != nil {
		t.Fatal(err)
	}
	plan, err := patch.MakeFile(dir+"/link.xml", []patch.Op{set(t, "", "/a/@x", "1")})
	if err != nil {
		t.Fatal(err)
	}
	if f := plan.Files[0]; f.Path != dir+"/link.xml" || string(f.After) != `<a x="1"/>` {
		t.Errorf("got %s: %s", f.Path, f.After)
	}
	_, err = patch.MakeFile(dir+"/absent.xml", nil)
	wantProblems(t, err, dir+"/absent.xml: cannot read: no such file or directory")
	_, err = patch.MakeFile(dir, nil)
	wantProblems(t, err, dir+": a directory, not a file", "hint: put the file there")
	_, err = patch.MakeFile(dir+"/broken.xml", nil)
	wantProblems(t, err, dir+"/broken.xml:1:4: the document ends inside element <a> of line 1", "hint: is the file cut off?")
}
