package patch_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
)

// asJSON is v as it is printed, for comparison.
func asJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func reportedPlan(t *testing.T) *patch.Plan {
	t.Helper()
	home := newHome(t, map[string]string{"conf/carbon.xml": "<Server>\n <SvnPassword>old</SvnPassword>\n <MgtHostName>m</MgtHostName>\n</Server>\n"})
	plan, err := patch.Make(home, patch.Patch{Files: []patch.File{{
		Paths:     []string{"conf/carbon.xml"},
		Ops:       []patch.Op{set(t, "svnPassword", "/Server/SvnPassword", "new"), set(t, "version", "/Server/@version", "1")},
		Unmanaged: []patch.Op{set(t, "mgtHostName", "/Server/MgtHostName", "")},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	plan.Home = "/opt/home"
	return plan
}

func TestPlanReport(t *testing.T) {
	t.Parallel()
	report := reportedPlan(t).Report()
	report.Product = &patch.ProductReport{Name: "WSO2 EI", Version: "6.1.1", Layout: "conf"}
	const want = `{
 "schema": 1,
 "home": "/opt/home",
 "product": {
  "name": "WSO2 EI",
  "version": "6.1.1",
  "layout": "conf"
 },
 "cluster": "",
 "node": "",
 "role": "",
 "changed": true,
 "restart": false,
 "files": [
  {
   "path": "conf/carbon.xml",
   "changed": true,
   "changes": [
    {
     "op": "add",
     "name": "the version",
     "at": "/Server/@version",
     "line": 1,
     "before": "",
     "after": "1",
     "secret": false
    },
    {
     "op": "set",
     "name": "the svnPassword",
     "at": "/Server/SvnPassword",
     "line": 2,
     "before": null,
     "after": null,
     "secret": true
    }
   ]
  }
 ],
 "unchanged": 0,
 "open": [],
 "notes": [
  {
   "file": "conf/carbon.xml",
   "line": 3,
   "message": "mgtHostName is set here but this role does not manage it"
  }
 ],
 "manual": [],
 "findings": [],
 "diff": "--- a/conf/carbon.xml\n+++ b/conf/carbon.xml\n@@ -1,4 +1,4 @@\n-\u003cServer\u003e\n- \u003cSvnPassword\u003e********\u003c/SvnPassword\u003e\n+\u003cServer version=\"1\"\u003e\n+ \u003cSvnPassword\u003e********\u003c/SvnPassword\u003e\n  \u003cMgtHostName\u003em\u003c/MgtHostName\u003e\n \u003c/Server\u003e\n",
 "backup": null
}`
	if diff := cmp.Diff(want, asJSON(t, report)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestVerifyReport(t *testing.T) {
	t.Parallel()
	const want = `{
 "schema": 1,
 "inSync": false,
 "drift": [
  {
   "setting": "version",
   "file": "conf/carbon.xml",
   "at": "/Server/@version",
   "line": 1,
   "want": "1",
   "have": "",
   "secret": false
  },
  {
   "setting": "svnPassword",
   "file": "conf/carbon.xml",
   "at": "/Server/SvnPassword",
   "line": 2,
   "want": null,
   "have": null,
   "secret": true
  }
 ],
 "open": []
}`
	if diff := cmp.Diff(want, asJSON(t, reportedPlan(t).Verify(nil))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	tests := []struct {
		name string
		open []string
		want bool
	}{
		{"in sync", nil, true},
		{"something is open", []string{"localMemberHost"}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := (&patch.Plan{}).Verify(test.open).InSync; got != test.want {
				t.Errorf("in sync: %v, want %v", got, test.want)
			}
		})
	}
}

func TestProblemsReport(t *testing.T) {
	t.Parallel()
	problems := patch.Problems{
		{File: "cluster.yaml", Line: 3, Column: 5, Message: "unknown key", Hint: "did you mean?", Source: "x"},
		{Message: "no cluster"},
	}
	const want = `{"schema":1,"errors":[` +
		`{"file":"cluster.yaml","line":3,"column":5,"message":"unknown key","hint":"did you mean?"},` +
		`{"file":"","line":0,"column":0,"message":"no cluster","hint":""}]}`
	got, err := json.Marshal(problems.Report())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
