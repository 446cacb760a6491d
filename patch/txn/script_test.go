package txn_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/patch/script"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/patch/txn"
)

// A script stays executable, and what a run hid of JSON files and scripts stays hidden when it is rolled back.
func TestJSONAndScripts(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	must(t, os.WriteFile(home+"/conf/a.json", []byte("{\"pin\": \"old\"}\n"), 0o640))
	must(t, os.WriteFile(home+"/conf/start.sh", []byte("java -Dpin=old -cp x org.wso2.carbon.bootstrap.Bootstrap\n"), 0o600))
	must(t, os.Chmod(home+"/conf/start.sh", 0o755))
	before := contents(t, home)
	plan, err := patch.Make(home, patch.Patch{Files: []patch.File{
		{Paths: []string{"conf/a.json"}, JSON: []patch.JSONOp{{Op: jsonops.Op{Pointer: "/pin", Value: "sourced"}}}},
		{Paths: []string{"conf/start.sh"}, Script: []patch.ScriptOp{{Op: script.Op{Option: "-Dpin=", Value: "sourced"}}}},
	}})
	must(t, err)
	id, err := apply(t.Context(), home, plan.Files, txn.Meta{Secrets: []secret.Text{secret.New("sourced")}})
	must(t, err)
	info, err := os.Stat(home + "/conf/start.sh")
	must(t, err)
	if info.Mode().Perm() != 0o755 {
		t.Errorf("the script has mode %v", info.Mode())
	}
	manifest, err := os.ReadFile(home + "/.carbonpatch/backups/" + id + "/manifest.json")
	must(t, err)
	if strings.Contains(string(manifest), "sourced") {
		t.Errorf("the secret is recorded:\n%s", manifest)
	}
	back, _, err := txn.PlanRollback(home, "", false)
	must(t, err)
	const want = `--- a/conf/a.json
+++ b/conf/a.json
@@ -1 +1 @@
-{"pin": "********"}
+{"pin": "********"}
--- a/conf/start.sh
+++ b/conf/start.sh
@@ -1 +1 @@
-java -Dpin=******** -cp x org.wso2.carbon.bootstrap.Bootstrap
+java -Dpin=******** -cp x org.wso2.carbon.bootstrap.Bootstrap
`
	if diff := cmp.Diff(want, string(back.Diff(patch.Masked))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	_, err = rollback(t.Context(), home, id, false)
	must(t, err)
	if diff := cmp.Diff(before, contents(t, home)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}
