package txn_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/patch/txn"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// rollback takes the lock, rolls back and releases it.
func rollback(ctx context.Context, home, id string, force bool) (*txn.Run, error) {
	lock, err := txn.Acquire(ctx, home)
	if err != nil {
		return nil, err
	}
	defer lock.Release()
	plan, run, err := txn.PlanRollback(home, id, force)
	if err != nil {
		return nil, err
	}
	return lock.Rollback(ctx, run.ID, force, plan, txn.Meta{User: "joe"})
}

func TestRollback(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := contents(t, home)
	id, err := apply(t.Context(), home, changes(), txn.Meta{Node: "worker1"})
	must(t, err)

	applied := snapshot(t, home, true)
	plan, backup, err := txn.PlanRollback(home, "", false)
	must(t, err)
	if backup.ID != id || backup.Node != "worker1" {
		t.Errorf("backup %+v", backup)
	}
	const want = "--- a/conf/carbon.xml\n+++ b/conf/carbon.xml\n@@ -1 +1 @@\n-<Server a=\"1\"/>\n+<Server/>\n" +
		"--- a/conf/axis2/axis2.xml\n+++ b/conf/axis2/axis2.xml\n@@ -1 +1 @@\n-<axisconfig b=\"2\"/>\r\n+<axisconfig/>\r\n"
	if diff := cmp.Diff(want, string(plan.Diff(patch.Masked))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(applied, snapshot(t, home, true)); diff != "" {
		t.Errorf("planning changed the home: -before +after:\n%s", diff)
	}

	got, err := rollback(t.Context(), home, id, false)
	must(t, err)
	if got.ID != id {
		t.Errorf("rolled back %q, want %q", got.ID, id)
	}
	if diff := cmp.Diff(before, contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	_, err = rollback(t.Context(), home, "", false)
	wantProblems(t, err, "there is nothing to roll back: every run that is recorded in this home is rolled back already", "hint: apply makes the changes again")
}

func TestPlanRollbackHidesWhatTheRunHid(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	must(t, os.WriteFile(home+"/conf/carbon.xml", []byte("<Server><Pin>old</Pin><User>old</User></Server>\n"), 0o644))
	op := func(at, value string, secret bool) patch.Op {
		selector, err := xmlops.ParseSelector(at)
		must(t, err)
		return patch.Op{Op: xmlops.Op{Verb: xmlops.Set, Select: selector, Value: value}, About: patch.About{Secret: secret}}
	}
	plan, err := patch.Make(home, patch.Patch{Files: []patch.File{{
		Paths: []string{"conf/carbon.xml"}, Ops: []patch.Op{op("/Server/Pin", "9876", true), op("/Server/User", "sourced-user", false)},
	}}})
	must(t, err)
	id, err := apply(t.Context(), home, plan.Files, txn.Meta{Secrets: []secret.Text{secret.New("sourced-user")}})
	must(t, err)
	manifest, err := os.ReadFile(home + "/.carbonpatch/backups/" + id + "/manifest.json")
	must(t, err)
	for _, secret := range []string{"9876", "sourced-user", "old"} {
		if strings.Contains(string(manifest), `"`+secret) {
			t.Errorf("%s is recorded:\n%s", secret, manifest)
		}
	}
	back, _, err := txn.PlanRollback(home, "", false)
	must(t, err)
	const want = "--- a/conf/carbon.xml\n+++ b/conf/carbon.xml\n@@ -1 +1 @@\n" +
		"-<Server><Pin>********</Pin><User>********</User></Server>\n+<Server><Pin>********</Pin><User>********</User></Server>\n"
	if diff := cmp.Diff(want, string(back.Diff(patch.Masked))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPlanRollbackOfAnUntouchedHomeCreatesNothing(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := snapshot(t, home, true)
	_, _, err := txn.PlanRollback(home, "", true)
	wantProblems(t, err, "there is nothing to roll back: no run is recorded in this home")
	if runs, err := txn.History(home); len(runs) > 0 || err != nil {
		t.Errorf("got %v, %v", runs, err)
	}
	if diff := cmp.Diff(before, snapshot(t, home, true)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestRollbackOfSeveralRuns(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := contents(t, home)
	first, err := apply(t.Context(), home, changes(), txn.Meta{})
	must(t, err)
	more := []*patch.FilePlan{{Path: "conf/carbon.xml", Before: []byte("<Server a=\"1\"/>\n"), After: []byte("<Server a=\"2\"/>\n")}}
	second, err := apply(t.Context(), home, more, txn.Meta{})
	must(t, err)

	applied := snapshot(t, home, true)
	_, err = rollback(t.Context(), home, first, false)
	wantProblems(t, err, "conf/carbon.xml: changed since that run", "hint: roll back "+second+" first, which changed it, too")
	_, err = rollback(t.Context(), home, "20200101T000000Z-0000", false)
	wantProblems(t, err, `no run "20200101T000000Z-0000" is recorded in this home`, "hint: these can be rolled back: "+second+", "+first)
	if diff := cmp.Diff(applied, snapshot(t, home, true)); diff != "" {
		t.Errorf("a refused rollback changed the home: -before +after:\n%s", diff)
	}

	for _, want := range []string{second, first} {
		got, err := rollback(t.Context(), home, "", false)
		must(t, err)
		if got.ID != want {
			t.Errorf("rolled back %q, want %q", got.ID, want)
		}
	}
	if diff := cmp.Diff(before, contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRollbackOverLaterEdits(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := contents(t, home)
	_, err := apply(t.Context(), home, changes(), txn.Meta{})
	must(t, err)
	must(t, os.WriteFile(home+"/conf/carbon.xml", []byte("<Server by='hand'/>"), 0o644))
	edited := snapshot(t, home, true)
	_, err = rollback(t.Context(), home, "", false)
	wantProblems(t, err, "conf/carbon.xml: changed since that run", "hint: look at what was changed; --force puts the old file back over it")
	if diff := cmp.Diff(edited, snapshot(t, home, true)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
	_, err = rollback(t.Context(), home, "", true)
	must(t, err)
	if diff := cmp.Diff(before, contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRollbackOverWhatNobodyHasSeen(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	_, err := apply(t.Context(), home, changes(), txn.Meta{})
	must(t, err)
	plan, run, err := txn.PlanRollback(home, "", true)
	must(t, err)
	must(t, os.WriteFile(home+"/conf/carbon.xml", []byte("<Server by='hand'/>"), 0o644))
	edited := contents(t, home)
	_, err = lockHome(t, home).Rollback(t.Context(), run.ID, true, plan, txn.Meta{})
	wantProblems(t, err, "conf/carbon.xml: changed by somebody else since it was read", "hint: run the command again")
	if diff := cmp.Diff(edited, contents(t, home)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestRollbackOverALaterChangeOfTheMode(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := contents(t, home)
	_, err := apply(t.Context(), home, changes(), txn.Meta{})
	must(t, err)
	must(t, os.Chmod(home+"/conf/carbon.xml", 0o600))
	_, err = rollback(t.Context(), home, "", false)
	wantProblems(t, err, "conf/carbon.xml: its owner, mode or extended attributes were changed since that run",
		"hint: look at what was changed; --force puts the old file back over it")
	_, err = rollback(t.Context(), home, "", true)
	must(t, err)
	if diff := cmp.Diff(before, contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRollbackOfWhatWasPutBackByHand(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := contents(t, home)
	_, err := apply(t.Context(), home, changes(), txn.Meta{})
	must(t, err)
	must(t, os.WriteFile(home+"/conf/carbon.xml", []byte("<Server/>\n"), 0o644))
	must(t, os.WriteFile(home+"/conf/axis2/axis2.xml", []byte("<axisconfig/>\r\n"), 0o644))
	byHand := snapshot(t, home, false)["conf/carbon.xml"]
	_, err = rollback(t.Context(), home, "", false)
	must(t, err)
	if diff := cmp.Diff(before, contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(byHand, snapshot(t, home, false)["conf/carbon.xml"]); diff != "" {
		t.Errorf("what was right already was written: -before +after:\n%s", diff)
	}
}

func TestRollbackRefusesADamagedBackup(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file, content string
		want                []string // ID stands for the run's
	}{
		{
			"content", "0", "<Server evil='1'/>",
			[]string{".carbonpatch/backups/ID/0: not what was backed up"},
		},
		{
			"manifest", "manifest.json", "{",
			[]string{".carbonpatch/backups/ID/manifest.json: damaged, or written by another version", "hint: move this backup away if it is of no use"},
		},
		{
			"path", "manifest.json", `{"version":2,"id":"ID","files":[{"path":"../x","before":` + serverPrint + `}]}`,
			[]string{"../x: cannot read: it leads out of the home", leadsOutHint},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			home := newHome(t)
			id, err := apply(t.Context(), home, changes(), txn.Meta{})
			must(t, err)
			must(t, os.WriteFile(home+"/.carbonpatch/backups/"+id+"/"+test.file, []byte(strings.Replace(test.content, "ID", id, 1)), 0o600))
			applied := snapshot(t, home, true)
			_, err = rollback(t.Context(), home, "", true)
			for i := range test.want {
				test.want[i] = strings.Replace(test.want[i], "ID", id, 1)
			}
			wantProblems(t, err, test.want...)
			if diff := cmp.Diff(applied, snapshot(t, home, true)); diff != "" {
				t.Errorf("-before +after:\n%s", diff)
			}
		})
	}
}

func TestPlanRollbackRefusesDamagedSecrets(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	id, err := apply(t.Context(), home, changes(), txn.Meta{})
	must(t, err)
	manifest := `{"version":2,"id":"` + id + `","files":[{"path":"conf/carbon.xml","before":` + serverPrint + `,"secrets":["?"]}]}`
	must(t, os.WriteFile(home+"/.carbonpatch/backups/"+id+"/manifest.json", []byte(manifest), 0o600))
	_, _, err = txn.PlanRollback(home, "", true)
	wantProblems(t, err, ".carbonpatch/backups/"+id+"/manifest.json: damaged, or written by another version",
		"hint: move this backup away if it is of no use")
}

const leadsOutHint = "hint: put the file itself there, or a relative link to one in the home"

// serverPrint is the fingerprint of conf/carbon.xml in newHome.
var serverPrint = fmt.Sprintf(`{"content":%q,"mode":"0644","uid":%d,"gid":%d}`, serverHash, os.Geteuid(), os.Getegid())

func TestRollbackRefusesABackupWithAnotherMode(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	id, err := apply(t.Context(), home, changes(), txn.Meta{})
	must(t, err)
	must(t, os.Chmod(home+"/.carbonpatch/backups/"+id+"/0", 0o777|fs.ModeSetuid))
	_, err = rollback(t.Context(), home, "", true)
	wantProblems(t, err, ".carbonpatch/backups/"+id+"/0: not what was backed up")
}

func TestRollbackBesideADamagedManifest(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := contents(t, home)
	lost, err := apply(t.Context(), home, changes()[:1], txn.Meta{})
	must(t, err)
	id, err := apply(t.Context(), home, changes()[1:], txn.Meta{})
	must(t, err)
	must(t, os.WriteFile(home+"/.carbonpatch/backups/"+lost+"/manifest.json", []byte("{"), 0o600))
	damage := []string{
		".carbonpatch/backups/" + lost + "/manifest.json: damaged, or written by another version",
		"hint: move this backup away if it is of no use",
	}
	_, err = rollback(t.Context(), home, "", false) // which one is the newest is not known
	wantProblems(t, err, damage...)
	_, err = rollback(t.Context(), home, lost, false)
	wantProblems(t, err, append([]string{`no run "` + lost + `" is recorded in this home`, "hint: these can be rolled back: " + id}, damage...)...)
	runs, err := txn.History(home)
	wantProblems(t, err, damage...)
	if len(runs) != 1 || runs[0].ID != id {
		t.Errorf("got %v", runs)
	}
	_, err = rollback(t.Context(), home, id, false)
	must(t, err)
	if diff := cmp.Diff(before["conf/axis2/axis2.xml"], contents(t, home)["conf/axis2/axis2.xml"]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// serverHash is the SHA-256 of "<Server/>\n".
const serverHash = "f285abebdcd3093a5bbc6477788af2dbbbd35fc156013ce8180e611b2536bc8b"
