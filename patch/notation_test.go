package patch_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/patch/script"
)

const (
	config = `{
  // "adminPassword": "commented"
  "sso": {
    "url": "https:\/\/localhost/samlsso",
    "keyStorePassword": "old-secret",
    "token": "old-token"
  }
}
`
	start = `#!/bin/sh
STORE_PASS=old-secret
# the server
java -Dkey.password="old-secret" \
    -Xmx1g -Dtoken=old-token \
    -classpath x org.wso2.carbon.bootstrap.Bootstrap $*
`
)

func setJSON(setting, pointer, value string) patch.JSONOp {
	return patch.JSONOp{Op: jsonops.Op{Pointer: pointer, Value: value}, About: patch.About{Name: "the " + setting, Setting: setting}}
}

func setOption(setting, option, value string) patch.ScriptOp {
	return patch.ScriptOp{Op: script.Op{Option: option, Value: value}, About: patch.About{Name: "the " + setting, Setting: setting}}
}

// secretly is what a patch of secrets and others in both notations plans.
func secretly(t *testing.T) *patch.Plan {
	t.Helper()
	token, option := setJSON("token", "/sso/token", "new-token"), setOption("option", "-Dtoken=", "new-token")
	token.Secret, option.Secret = true, true
	plan, err := patch.Make(newHome(t, map[string]string{"app/c.json": config, "bin/start.sh": start}), patch.Patch{Files: []patch.File{
		{Paths: []string{"none.json", "app/c.json"}, JSON: []patch.JSONOp{
			token, setJSON("url", "/sso/url", "https://h/samlsso"), setJSON("password", "/sso/keyStorePassword", "new-secret"),
		}},
		{Paths: []string{"bin/start.sh"}, Script: []patch.ScriptOp{setOption("heap", "-Xmx", "1g"), setOption("worker", "-DworkerNode=", "true"), option}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestMakeNotations(t *testing.T) {
	t.Parallel()
	plan := secretly(t)
	const wantDiff = `--- a/app/c.json
+++ b/app/c.json
@@ -1,8 +1,8 @@ "sso"
 {
   // "adminPassword": "********"
   "sso": {
-    "url": "https:\/\/localhost/samlsso",
-    "keyStorePassword": "********",
-    "token": "********"
+    "url": "https://h/samlsso",
+    "keyStorePassword": "********",
+    "token": "********"
   }
 }
--- a/bin/start.sh
+++ b/bin/start.sh
@@ -2,5 +2,6 @@
 STORE_PASS=********
 # the server
 java -Dkey.password=******** \
-    -Xmx1g -Dtoken=******** \
+    -Xmx1g -Dtoken=******** \
+    -DworkerNode=true \
     -classpath x org.wso2.carbon.bootstrap.Bootstrap $*
`
	if diff := cmp.Diff(wantDiff, string(plan.Diff(patch.Masked))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var got []string
	for _, f := range plan.Files {
		shown := strings.ReplaceAll(string(f.Diff(patch.Shown)), "/"+f.Path+"\n", "/f\n")
		if diff := cmp.Diff(string(f.After), applyUnified(t, string(f.Before), shown)); diff != "" {
			t.Errorf("%s: the diff makes another file: -want +got:\n%s", f.Path, diff)
		}
		for _, c := range f.Changes {
			before, after := c.Values(patch.Masked)
			got = append(got, fmt.Sprintf("%s %s:%d:%d %s %s: %s -> %s", c.Setting, f.Path, c.Line, c.Column, c.At, c.Label(), before, after))
		}
	}
	want := []string{
		"url app/c.json:4:12 /sso/url url: https://localhost/samlsso -> https://h/samlsso",
		"password app/c.json:5:25 /sso/keyStorePassword keyStorePassword: ******** -> ********",
		"token app/c.json:6:14 /sso/token token: ******** -> ********",
		"option bin/start.sh:5:12 -Dtoken -Dtoken: ******** -> ********",
		"worker bin/start.sh:6:5 -DworkerNode -DworkerNode:  -> true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if plan.Right() != 1 {
		t.Errorf("%d right", plan.Right())
	}
}

func TestSecretPlacesOfNotations(t *testing.T) {
	t.Parallel()
	plan := secretly(t)
	for i, want := range [][]string{{"/sso/token", "/sso/url"}, {"-Dtoken", "-DworkerNode"}} {
		if diff := cmp.Diff(want, plan.Files[i].SecretPlaces(texts("h/samlsso", "true"))); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

// A rollback knows nothing of a file but its name and the places.
func TestHidePlacesOfNotations(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path, before, after string
		places              []string
		want                string
	}{
		{"c.json", "{\"pin\": \"one\"}\n", "{\"pin\": \"two\"}\n", []string{"/pin"}, "-{\"pin\": \"********\"}\n+{\"pin\": \"********\"}\n"},
		{"c.sh", "java -Dpin=one\n", "java -Dpin=two\n", []string{"-Dpin"}, "-java -Dpin=********\n+java -Dpin=********\n"},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			t.Parallel()
			f := patch.FilePlan{Path: test.path, Before: []byte(test.before), After: []byte(test.after)}
			if err := f.HidePlaces(test.places); err != nil {
				t.Fatal(err)
			}
			want := "--- a/" + test.path + "\n+++ b/" + test.path + "\n@@ -1 +1 @@\n" + test.want
			if diff := cmp.Diff(want, string(f.Diff(patch.Masked))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestNotationProblems(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"c.json": config, "broken.json": "{hush}", "s.sh": start, "other.sh": "true\n", "misnamed.xml": "<a/>", "misnamed.json": "<a/>"})
	_, err := patch.Make(home, patch.Patch{Files: []patch.File{
		{Paths: []string{"c.json"}, JSON: []patch.JSONOp{setJSON("b", "/sso", "x"), setJSON("a", "/sso/tokens", "x")}},
		{Paths: []string{"broken.json"}, JSON: []patch.JSONOp{setJSON("a", "/a", "x")}},
		{Paths: []string{"gone.json"}, JSON: []patch.JSONOp{{Op: jsonops.Op{Pointer: "/a", Optional: true}}}},
		{Paths: []string{"missing.json"}, JSON: []patch.JSONOp{setJSON("a", "/a", "x")}},
		{Paths: []string{"s.sh"}, Script: []patch.ScriptOp{setOption("a", "-Dx=", "\n")}},
		{Paths: []string{"other.sh"}, Script: []patch.ScriptOp{setOption("a", "-Dx=", "1")}},
		{Paths: []string{"misnamed.xml"}, JSON: []patch.JSONOp{setJSON("a", "/a", "x")}},
		{Paths: []string{"misnamed.json"}, Ops: []patch.Op{set(t, "a", "/a", "x")}},
		{Paths: []string{"missing.sh"}, Script: []patch.ScriptOp{setOption("a", "-Dx=", "1")}},
	}})
	if err == nil {
		t.Fatal("no error")
	}
	const want = `c.json: set /sso/tokens: no member "tokens"; did you mean "token" (line 6)?
c.json:3:10: set /sso: "sso" (line 3) is no single value
broken.json:1:2: not well-formed JSON: this is neither a text in double quotes nor a number, true, false or null
missing.json: no such file
s.sh: set -Dx: the value can't stand in a start script: only printable ASCII can
other.sh: not a start script of a known shape: no java command runs org.wso2.carbon.bootstrap.Bootstrap
misnamed.xml: operations of another kind than its name says
misnamed.json: operations of another kind than its name says
missing.sh: no such file`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A single file is XML, whatever its name.
func TestMakeFileIsXML(t *testing.T) {
	t.Parallel()
	home := newHome(t, map[string]string{"a.json": "<a><b>old</b><password>hush</password></a>", "b.json": "{}"})
	plan, err := patch.MakeFile(home+"/a.json", []patch.Op{set(t, "a", "/a/b", "new")})
	if err != nil {
		t.Fatal(err)
	}
	if diff := string(plan.Diff(patch.Masked)); !strings.Contains(diff, "<a><b>new</b><password>********</password></a>") {
		t.Errorf("%s", diff)
	}
	_, err = patch.MakeFile(home+"/b.json", []patch.Op{set(t, "a", "/a", "new")})
	if err == nil {
		t.Error("no error for a file that is not XML")
	}
}

func TestDropSecrets(t *testing.T) {
	t.Parallel()
	secret := patch.About{Secret: true}
	p := patch.Patch{Files: []patch.File{
		{Ops: []patch.Op{{About: secret}, {}}}, {JSON: []patch.JSONOp{{}, {About: secret}}}, {Script: []patch.ScriptOp{{About: secret}}},
	}}
	p.DropSecrets()
	if len(p.Files[0].Ops) != 1 || len(p.Files[1].JSON) != 1 || len(p.Files[2].Script) != 0 {
		t.Errorf("%+v", p)
	}
}
