package patch_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

const clustering = `<?xml version="1.0" encoding="ISO-8859-1"?>
<axisconfig name="AxisJava2.0">
    <clustering class="org.example.Agent"
                enable="false">
        <!-- the
             domain -->
        <parameter name="domain">wso2.carbon.domain</parameter>
        <members>
            <member>
                <hostName>127.0.0.1</hostName>
                <port>4000</port>
            </member>
        </members>
    </clustering>
</axisconfig>
`

const latin1 = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\r\n"

func TestDiff(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, before, after, want string
	}{
		{"nothing", clustering, clustering, ""},
		{
			"a value, with the element around it", clustering,
			strings.Replace(clustering, "wso2.carbon.domain", "wso2.esb.domain", 1),
			`--- a/conf/axis2.xml
+++ b/conf/axis2.xml
@@ -4,7 +4,7 @@ <clustering>
                 enable="false">
         <!-- the
              domain -->
-        <parameter name="domain">wso2.carbon.domain</parameter>
+        <parameter name="domain">wso2.esb.domain</parameter>
         <members>
             <member>
                 <hostName>127.0.0.1</hostName>
`,
		},
		{
			"line ends and bytes as they are", latin1 + "<a>\r\n <b>\xe9</b>\r\n</a>", latin1 + "<a>\r\n <b>\xe8</b>\r\n</a>",
			"--- a/conf/axis2.xml\n+++ b/conf/axis2.xml\n@@ -1,4 +1,4 @@ <a>\n " + latin1 + " <a>\r\n- <b>\xe9</b>\r\n+ <b>\xe8</b>\r\n </a>\n\\ No newline at end of file\n",
		},
		{
			"the element around one that is not indented", "<a>\n<b>\n<c>1</c>\n</b>\n</a>\n", "<a>\n<b>\n<c>2</c>\n</b>\n</a>\n",
			"--- a/conf/axis2.xml\n+++ b/conf/axis2.xml\n@@ -1,5 +1,5 @@ <b>\n <a>\n <b>\n-<c>1</c>\n+<c>2</c>\n </b>\n </a>\n",
		},
		{
			"what is added before an end tag that is not indented", "<a>\n<b>\n</b>\n</a>\n", "<a>\n<b>\n<c/>\n</b>\n</a>\n",
			"--- a/conf/axis2.xml\n+++ b/conf/axis2.xml\n@@ -1,4 +1,5 @@ <b>\n <a>\n <b>\n+<c/>\n </b>\n </a>\n",
		},
		{
			"a final newline comes", "<a>\n</a>", "<a>\n</a>\n",
			"--- a/conf/axis2.xml\n+++ b/conf/axis2.xml\n@@ -1,2 +1,2 @@ <a>\n <a>\n-</a>\n\\ No newline at end of file\n+</a>\n",
		},
		{
			"one line", "<a/>", "<b/>",
			"--- a/conf/axis2.xml\n+++ b/conf/axis2.xml\n@@ -1 +1 @@\n-<a/>\n\\ No newline at end of file\n+<b/>\n\\ No newline at end of file\n",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := patch.FilePlan{Path: "conf/axis2.xml", Before: []byte(test.before), After: []byte(test.after)}
			if diff := cmp.Diff(test.want, string(f.Diff(patch.Masked))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			applies(t, &f)
		})
	}
}

// The diff shows what was done, also where the lines of it repeat what stands around them.
func TestDiffOfAList(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"conf/axis2.xml": clustering})
	members := func(values ...string) patch.Op {
		op := patch.Op{Op: xmlops.Op{Verb: xmlops.List, Select: selector(t, "/axisconfig/clustering/members/member")}}
		for _, value := range values {
			host, port, _ := strings.Cut(value, ":")
			op.Items = append(op.Items, fragment(t, "<member><hostName>"+host+"</hostName><port>"+port+"</port></member>"))
		}
		return op
	}
	tests := []struct {
		name string
		op   patch.Op
		want string
	}{
		{"one more", members("127.0.0.1:4000", "10.0.0.3:4200"), `@@ -10,6 +10,10 @@ <members>
                 <hostName>127.0.0.1</hostName>
                 <port>4000</port>
             </member>
+            <member>
+                <hostName>10.0.0.3</hostName>
+                <port>4200</port>
+            </member>
         </members>
     </clustering>
 </axisconfig>
`},
		{"one changed, one more", members("10.0.0.2:4100", "10.0.0.3:4200"), `@@ -7,9 +7,13 @@ <member>
         <parameter name="domain">wso2.carbon.domain</parameter>
         <members>
             <member>
-                <hostName>127.0.0.1</hostName>
-                <port>4000</port>
+                <hostName>10.0.0.2</hostName>
+                <port>4100</port>
             </member>
+            <member>
+                <hostName>10.0.0.3</hostName>
+                <port>4200</port>
+            </member>
         </members>
     </clustering>
 </axisconfig>
`},
		{"none", members(), `@@ -6,10 +6,6 @@ <members>
              domain -->
         <parameter name="domain">wso2.carbon.domain</parameter>
         <members>
-            <member>
-                <hostName>127.0.0.1</hostName>
-                <port>4000</port>
-            </member>
         </members>
     </clustering>
 </axisconfig>
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plan, err := patch.Make(home, one("conf/axis2.xml", test.op))
			if err != nil {
				t.Fatal(err)
			}
			want := "--- a/conf/axis2.xml\n+++ b/conf/axis2.xml\n" + test.want
			if diff := cmp.Diff(want, string(plan.Diff(patch.Masked))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			applies(t, plan.Files[0])
		})
	}
}

func TestDiffMasksSecrets(t *testing.T) {
	t.Parallel()
	const before = `<Server>
    <SvnUrl>https://joe:hunter22@svn.example.org/repos</SvnUrl>
    <SvnUser>joe</SvnUser>
    <SvnPassword>old-secret</SvnPassword>
    <Enabled>false</Enabled>
    <url>jdbc:mysql://h/db?user=joe&amp;password=a&lt;b&amp;ssl=true</url>
    <keyStore password="wso2carbon"
              keyPass='x'/>
    <Password>
        two
        lines
    </Password>
</Server>
`
	after := strings.NewReplacer("old-secret", "new-secret", "<Enabled>false", "<Enabled>true").Replace(before)
	f := patch.FilePlan{Path: "conf/carbon.xml", Before: []byte(before), After: []byte(after)}
	const want = `--- a/conf/carbon.xml
+++ b/conf/carbon.xml
@@ -1,8 +1,8 @@ <Server>
 <Server>
     <SvnUrl>https://********@svn.example.org/repos</SvnUrl>
     <SvnUser>joe</SvnUser>
-    <SvnPassword>********</SvnPassword>
-    <Enabled>false</Enabled>
+    <SvnPassword>********</SvnPassword>
+    <Enabled>true</Enabled>
     <url>jdbc:mysql://h/db?user=joe&amp;password=********&amp;ssl=true</url>
     <keyStore password="********"
               keyPass='********'/>
`
	if diff := cmp.Diff(want, string(f.Diff(patch.Masked))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	shown := string(f.Diff(patch.Shown))
	for _, secret := range []string{"joe:hunter22@", "old-secret", "new-secret", "password=a&lt;b&amp;"} {
		if !strings.Contains(shown, secret) {
			t.Errorf("%q is masked though secrets are shown", secret)
		}
	}
	applies(t, &f)
}

// A hunk of several edits, the lines between them included, must not shift the places that are masked in later hunks.
func TestDiffMasksSecretsInLaterHunks(t *testing.T) {
	t.Parallel()
	between := strings.Repeat("  <line/>\n", 9)
	before := "<Server>\n  <a>1</a>\n  <line/>\n  <line/>\n  <b>1</b>\n" + between + "  <Password>old-secret</Password>\n</Server>\n"
	after := "<Server>\n  <a>2</a>\n  <line/>\n  <line/>\n  <new/>\n  <b>2</b>\n" + between + "  <Password>new-secret</Password>\n</Server>\n"
	f := patch.FilePlan{Path: "a.xml", Before: []byte(before), After: []byte(after)}
	const want = `--- a/a.xml
+++ b/a.xml
@@ -1,8 +1,9 @@ <Server>
 <Server>
-  <a>1</a>
+  <a>2</a>
   <line/>
   <line/>
-  <b>1</b>
+  <new/>
+  <b>2</b>
   <line/>
   <line/>
   <line/>
@@ -12,5 +13,5 @@ <Server>
   <line/>
   <line/>
   <line/>
-  <Password>********</Password>
+  <Password>********</Password>
 </Server>
`
	if diff := cmp.Diff(want, string(f.Diff(patch.Masked))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	applies(t, &f)
}

// What a secret operation writes is masked by its place, so that nobody has to know what was there before.
func TestDiffMasksSecretFragments(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"a.xml": `<a>
  <!--<pin v="commented">commented</pin>-->
  <pin v="first" keep="this">first</pin>
  <key name="k" v="first"/>
  <item v="first"/>
  <item v="second"><x>third</x></item>
</a>
`})
	secret := func(verb xmlops.Verb, at string, xml ...string) patch.Op {
		op := patch.Op{Op: xmlops.Op{Verb: verb, Select: selector(t, at)}, About: patch.About{Secret: true}}
		for _, x := range xml {
			op.Items = append(op.Items, fragment(t, x))
		}
		return op
	}
	plan, err := patch.Make(home, one(
		"a.xml", secret(xmlops.Ensure, "/a/pin", `<pin v="new">new</pin>`),
		secret(xmlops.Ensure, "/a/key[@name='k']", `<key name="k" v="new"/>`), secret(xmlops.List, "/a/item", `<item v="new"/>`),
	))
	if err != nil {
		t.Fatal(err)
	}
	const want = `--- a/a.xml
+++ b/a.xml
@@ -1,7 +1,6 @@ <a>
 <a>
   <!--<pin v="********">********</pin>-->
-  <pin v="********" keep="this">********</pin>
-  <key name="k" v="********"/>
-  <item v="********"/>
-  <item v="********">********</item>
+  <pin v="********" keep="this">********</pin>
+  <key name="k" v="********"/>
+  <item v="********"/>
 </a>
`
	if diff := cmp.Diff(want, string(plan.Diff(patch.Masked))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDiffMasksValuesOnSeveralLines(t *testing.T) {
	t.Parallel()
	f := patch.FilePlan{
		Path:   "a b.xml",
		Before: []byte("<a>\r\n\t<password>\r\n\t\tone\r\n\t\ttwo\r\n\t</password>\r\n</a>\r\n"),
		After:  []byte("<a>\r\n\t<password>\r\n\t\tone\r\n\t\tthree\r\n\t</password>\r\n</a>\r\n"),
	}
	const want = "--- a/a b.xml\t\n+++ b/a b.xml\t\n@@ -1,6 +1,6 @@ <password>\n" +
		" <a>\r\n \t<password>\r\n \t\t********\r\n-\t\t********\r\n+\t\t********\r\n \t</password>\r\n </a>\r\n"
	if diff := cmp.Diff(want, string(f.Diff(patch.Masked))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	applies(t, &f)
}

func TestDiffQuotesNames(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"plain", "conf/axis2.xml", "--- a/conf/axis2.xml\n+++ b/conf/axis2.xml\n"},
		{"a blank", "a b.xml", "--- a/a b.xml\t\n+++ b/a b.xml\t\n"},
		{"control characters", "a\nb\t\x1b[31m\x7f.xml", `--- "a/a\nb\t\033[31m\177.xml"` + "\n" + `+++ "b/a\nb\t\033[31m\177.xml"` + "\n"},
		{"quotes, a backslash and a blank", `"a" \b.xml`, `--- "a/\"a\" \\b.xml"` + "\t\n" + `+++ "b/\"a\" \\b.xml"` + "\t\n"},
		{"not ASCII", "für.xml", `--- "a/f\303\274r.xml"` + "\n" + `+++ "b/f\303\274r.xml"` + "\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := patch.FilePlan{Path: test.in, Before: []byte("<a/>\n"), After: []byte("<b/>\n")}
			want := test.want + "@@ -1 +1 @@\n-<a/>\n+<b/>\n"
			if diff := cmp.Diff(want, string(f.Diff(patch.Masked))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			applies(t, &f)
		})
	}
}

// applies lets patch and git, where installed, make f.After of f.Before.
func applies(t *testing.T, f *patch.FilePlan) {
	t.Helper()
	for _, tool := range [][]string{{"patch", "-p1", "--binary", "-s", "-F0"}, {"git", "apply", "-p1", "-"}} {
		if _, err := exec.LookPath(tool[0]); err != nil {
			t.Logf("%s is not installed", tool[0])
			continue
		}
		if got := applied(t, f, tool); !bytes.Equal(got, f.After) {
			t.Errorf("%s made\n%q\nof the diff, want\n%q", tool[0], got, f.After)
		}
	}
}

func applied(t *testing.T, f *patch.FilePlan, tool []string) []byte {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, f.Path)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, f.Before, 0o644); err != nil {
		t.Fatal(err)
	}
	if diff := f.Diff(patch.Shown); diff != nil {
		cmd := exec.Command(tool[0], tool[1:]...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir), "GIT_CONFIG_GLOBAL=/dev/null")
		cmd.Stdin = bytes.NewReader(diff)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s\n%s", tool[0], err, out, diff)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestReadable(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"UTF-8", "+<p>ü€</p>", "+<p>ü€</p>"},
		{"ISO-8859-1", "+<p>\xfc</p>", "+<p>ü</p>"},
		{"windows-1252", "+<p>\x80</p>", "+<p>€</p>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := patch.Readable([]byte(test.in)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func FuzzDiff(f *testing.F) {
	f.Add(clustering, strings.Replace(clustering, "false", "true", 1))
	f.Add("a\nb\nb\n", "a\nb\nb\nb\n")
	f.Add("", "a")
	f.Add("a\r\nb", "b\r\n")
	f.Fuzz(func(t *testing.T, before, after string) {
		checkDiff(t, &patch.FilePlan{Path: "f", Before: []byte(before), After: []byte(after)})
	})
}

func FuzzDiffOfEdits(f *testing.F) {
	f.Add(clustering, "\n<x/>", uint(300), uint(300), "", uint(310), uint(330))
	f.Add("a\nb\nc", "", uint(0), uint(2), "x\n", uint(5), uint(5))
	f.Add("a\nb\n\nc\n", "b\n", uint(2), uint(4), "\nb", uint(4), uint(4))
	f.Fuzz(func(t *testing.T, before, text1 string, lo1, hi1 uint, text2 string, lo2, hi2 uint) {
		at := []int{int(lo1 % 1000), int(hi1 % 1000), int(lo2 % 1000), int(hi2 % 1000)}
		for i := range at {
			at[i] = min(at[i], len(before))
		}
		slices.Sort(at)
		var edits []xmlops.Edit
		after, done := "", 0
		for i, text := range []string{text1, text2} {
			e := xmlops.Edit{Lo: at[2*i], Hi: at[2*i+1], Text: []byte(text)}
			edits = append(edits, e)
			after += before[done:e.Lo] + text
			done = e.Hi
		}
		checkDiff(t, patch.EditedPlan("f", []byte(before), []byte(after+before[done:]), edits))
	})
}

// checkDiff applies the diff, and compares the lines of the masked diff with it.
func checkDiff(t *testing.T, f *patch.FilePlan) {
	t.Helper()
	shown := f.Diff(patch.Shown)
	if got := applyUnified(t, string(f.Before), string(shown)); got != string(f.After) {
		t.Errorf("the diff of\n%q makes\n%q, want\n%q", f.Before, got, f.After)
	}
	if masked := f.Diff(patch.Masked); signs(masked) != signs(shown) {
		t.Errorf("masked diff has other lines:\n%s\n%s", masked, shown)
	}
}

// applyUnified is a strict patch: contexts, counts and line numbers must be right.
func applyUnified(t *testing.T, before, diff string) string {
	t.Helper()
	if diff == "" {
		return before
	}
	diff, _ = strings.CutPrefix(diff, "--- a/f\n+++ b/f\n")
	old := strings.SplitAfter(before, "\n")
	lines := strings.SplitAfter(diff, "\n")
	var out strings.Builder
	at := 0 // lines of old taken
	made := 0
	for i := 0; i < len(lines) && lines[i] != ""; {
		fromLine, from, toLine, to := hunkHeader(t, lines[i])
		for i++; at < fromLine; at, made = at+1, made+1 {
			out.WriteString(old[at])
		}
		if made != toLine {
			t.Fatalf("hunk begins at line %d, says %d", made+1, toLine+1)
		}
		for from > 0 || to > 0 {
			sign, content := lines[i][0], lines[i][1:]
			i++
			if i < len(lines) && strings.HasPrefix(lines[i], `\ `) {
				content = strings.TrimSuffix(content, "\n")
				i++
			}
			if sign != '+' {
				if old[at] != content {
					t.Fatalf("line %d is %q, the diff has %q", at+1, old[at], content)
				}
				at++
				from--
			}
			if sign != '-' {
				out.WriteString(content)
				made++
				to--
			}
		}
	}
	for ; at < len(old); at++ {
		out.WriteString(old[at])
	}
	return out.String()
}

// hunkHeader returns the lines before the hunk and the lines in it, on either side.
func hunkHeader(t *testing.T, line string) (fromLine, from, toLine, to int) {
	t.Helper()
	fields := strings.Fields(line)
	if len(fields) < 4 || fields[0] != "@@" || fields[3] != "@@" {
		t.Fatalf("not a hunk: %q", line)
	}
	parse := func(s string) (int, int) {
		at, n := 0, 1
		if _, err := fmt.Sscanf(s, "%d,%d", &at, &n); err != nil {
			if _, err := fmt.Sscanf(s, "%d", &at); err != nil {
				t.Fatalf("not a range: %q", s)
			}
		}
		if n == 0 {
			return at, n
		}
		return at - 1, n
	}
	fromLine, from = parse(fields[1][1:])
	toLine, to = parse(fields[2][1:])
	return fromLine, from, toLine, to
}

// signs are the first bytes of all lines.
func signs(diff []byte) string {
	var b strings.Builder
	for line := range bytes.Lines(diff) {
		b.WriteByte(line[0])
	}
	return b.String()
}

// What is no secret by the name of its element or attribute is one by what stands before it.
func TestDiffMasksInContext(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, line, want string }{
		{"user-info", `<url>amqp://joe:S@h:5672/x</url>`, `<url>amqp://********@h:5672/x</url>`},
		{"an @ in it", `<url>amqp://joe:p@S@h/x</url>`, `<url>amqp://********@h/x</url>`},
		{"parameters", `<url>jdbc:mysql://h/d?a=b&amp;password=S&amp;x=y</url>`, `<url>jdbc:mysql://h/d?a=b&amp;password=********&amp;x=y</url>`},
		{"a reference", `<url>jdbc:mysql://h/d?password=S&lt;S&#38;S&amp;x</url>`, `<url>jdbc:mysql://h/d?password=********</url>`},
		{"semicolons", `<url>jdbc:sqlserver://h:1;user=u;password=S&amp;S;x=y</url>`, `<url>jdbc:sqlserver://h:1;user=u;password=********;x=y</url>`},
		{"braces", `<url>jdbc:sqlserver://h:1;password={S;S S};x=y</url>`, `<url>jdbc:sqlserver://h:1;password=********;x=y</url>`},
		{"Oracle", `<url>jdbc:oracle:thin:scott/S@//h:1521/x</url>`, `<url>jdbc:oracle:thin:********@//h:1521/x</url>`},
		{"an access token", `<url a="https://h/?access_token=S&amp;x=y"/>`, `<url a="https://h/?access_token=********&amp;x=y"/>`},
		{"a client's secret", `<url a='https://h/?client_secret=S'/>`, `<url a='https://h/?client_secret=********'/>`},
		{"prose", `<!-- log in as admin, password: S, or ask -->`, `<!-- log in as admin, password: ******** or ask -->`},
		{"properties in a comment", `<!-- db.password = 'S' -->`, `<!-- db.password = '********' -->`},
		{"commented attribute", `<!--keyStore location="a" password="S"/-->`, `<!--keyStore location="a" password="********"/-->`},
		{"commented element", `<!-- see: <Password>S S</Password> and <a/> -->`, `<!-- see: <Password>********</Password> and <a/> -->`},
		{"CDATA", `<Password><![CDATA[S<S>S]]></Password>`, `<Password><![CDATA[********]]></Password>`},
		{"two CDATA sections", `<Password>S<![CDATA[S]]><![CDATA[S]]></Password>`, `<Password>********<![CDATA[********]]><![CDATA[********]]></Password>`},
		{"parameter", `<parameter name="keystorePassword" locked="false">S</parameter>`, `<parameter name="keystorePassword" locked="false">********</parameter>`},
		{"value first", `<Property value="S" name="db.pwd"/>`, `<Property value="********" name="db.pwd"/>`},
		{"value below", `<Property name="token"><value>S</value></Property>`, `<Property name="token"><value>********</value></Property>`},
		{"value of what is below", `<Password><plain value="S"/></Password>`, `<Password><plain value="********"/></Password>`},
		{"prefix", `<n:p xmlns:n="u" n:storePass="S"/>`, `<n:p xmlns:n="u" n:storePass="********"/>`},
		{"key", `<apiKey>S</apiKey>`, `<apiKey>********</apiKey>`},
		{"class names", `<TokenStoreClassName>org.Store</TokenStoreClassName>`, `<TokenStoreClassName>org.Store</TokenStoreClassName>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := &patch.FilePlan{Path: "a.xml", Before: []byte("<r>\n" + test.line + "\n</r>\n"), After: []byte("<r>\n" + test.line + "\n<new/>\n</r>\n")}
			want := "--- a/a.xml\n+++ b/a.xml\n@@ -1,3 +1,4 @@ <r>\n <r>\n " + test.want + "\n+<new/>\n </r>\n"
			if diff := cmp.Diff(want, string(f.Diff(patch.Masked))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDiffMasksTheHeading(t *testing.T) {
	t.Parallel()
	f := &patch.FilePlan{
		Path: "a.xml", Before: []byte("<r>\n<a name=\"amqp://joe:S@h\">\n</a></r>\n"), After: []byte("<r>\n<a name=\"amqp://joe:S@h\">\n<b/>\n</a></r>\n"),
	}
	want := "--- a/a.xml\n+++ b/a.xml\n@@ -1,3 +1,4 @@ <a name=\"amqp://********@h\">\n <r>\n <a name=\"amqp://********@h\">\n+<b/>\n </a></r>\n"
	if diff := cmp.Diff(want, string(f.Diff(patch.Masked))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
