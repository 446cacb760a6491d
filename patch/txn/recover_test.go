package txn

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// interrupted is a home in which an apply was killed ahead of the nth call of a kind, with the record of the run, if there is one.
func interrupted(t *testing.T, call string, n int) (home string, r *record) {
	t.Helper()
	home = sweepHome(t)
	seen, killed := 0, false
	sys := &system{before: func(c, _ string) error {
		if c == call {
			seen++
		}
		if killed = killed || seen > n; killed {
			return errKilled
		}
		return nil
	}}
	if err := sweepApply(t.Context(), home, sys); !errors.Is(err, ErrUnfinished) {
		t.Fatalf("got %v, want a run that is unfinished", err)
	}
	h, err := openHome(home, &system{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if r, _, err = h.readRecord(); err != nil {
		t.Fatal(err)
	}
	return home, r
}

// The kinds of files that a recovery can find, by what put makes of them.
const (
	nothing = "nothing"
	old     = "old"
	fresh   = "new"
	other   = "other"
	link    = "link"
)

// put makes path be a file of a kind.
func put(t *testing.T, path, kind string) {
	t.Helper()
	err := os.RemoveAll(path)
	switch kind {
	case nothing:
	case link:
		err = errors.Join(err, os.Symlink("elsewhere", path))
	default:
		err = errors.Join(err, os.WriteFile(path, []byte("<b>"+kind+"</b>"), 0o640))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// kindOf is the kind of file that path is.
func kindOf(t *testing.T, path string) string {
	t.Helper()
	if target, err := os.Readlink(path); err == nil {
		return map[bool]string{true: link, false: "a link to " + target}[target == "elsewhere"]
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nothing
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(strings.TrimPrefix(string(content), "<b>"), "</b>")
}

// recovered is what becomes of a file, of what was beside it, and of the run.
type recovered struct{ target, beside, kept, run string }

// wantRecovered is the table of what a recovery does about one file.
func wantRecovered(state, target, beside string) recovered {
	ours := beside == fresh || beside == nothing
	switch {
	case state == recordStaging && beside == link: // not ours, and nothing depends on it
		return recovered{target, link, nothing, "undone"}
	case state == recordStaging:
		return recovered{target, nothing, nothing, "undone"}
	case state == recordCommit && target == old && beside == fresh, state == recordCommit && target == fresh && (beside == old || beside == nothing):
		return recovered{fresh, nothing, nothing, "finished"}
	case target == fresh && ours: // from the backup
		return recovered{old, nothing, nothing, "undone"}
	case target == fresh: // what was displaced returns, whosever it is
		return recovered{beside, nothing, nothing, "undone"}
	case ours:
		return recovered{target, nothing, nothing, "undone"}
	}
	return recovered{target, nothing, beside, "undone"}
}

// Whatever a recovery finds at a file and beside it, in whatever state of the run: it goes forward where it can, else back, and neither
// overwrites nor removes what is not ours.
func TestRecover(t *testing.T) {
	t.Parallel()
	kinds := []string{nothing, old, fresh, other, link}
	for _, state := range []string{recordStaging, recordCommit, recordUndo} {
		for _, target := range kinds {
			for _, beside := range kinds {
				t.Run(fmt.Sprintf("%s, target %s, beside it %s", state, target, beside), func(t *testing.T) {
					t.Parallel()
					testRecover(t, state, target, beside)
				})
			}
		}
	}
}

func testRecover(t *testing.T, state, target, beside string) {
	const path = "conf/axis2/axis2.xml"
	home, r := interrupted(t, "renameat2", 3) // the record has become tx.commit, no file is exchanged
	if err := os.Rename(home+"/.carbonpatch/tx.commit", home+"/.carbonpatch/"+state); err != nil {
		t.Fatal(err)
	}
	file := r.Files[0]
	if file.Path != path {
		t.Fatalf("the first file is %s", file.Path)
	}
	staged := filepath.Join(home, file.Folder, file.Temp)
	put(t, filepath.Join(home, path), target)
	put(t, staged, beside)

	lock, err := Acquire(t.Context(), home)
	if err != nil {
		t.Fatal(err)
	}
	recovery := lock.Recovered()
	lock.Release()
	got := recovered{
		target: kindOf(t, filepath.Join(home, path)), beside: kindOf(t, staged),
		kept: kindOf(t, filepath.Join(home, stateName, conflictsName, r.ID, file.Temp)), run: "undone",
	}
	if recovery.Finished {
		got.run = "finished"
	}
	if want := wantRecovered(state, target, beside); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	others := sweepOld
	if recovery.Finished {
		others = sweepNew
	}
	if !isWhole(home, map[string]string{"conf/carbon.xml": others["conf/carbon.xml"], "conf/tomcat/server.xml": others["conf/tomcat/server.xml"]}) {
		t.Errorf("the run is %s, but another file is not so", got.run)
	}
	if err := CheckPending(home); err != nil {
		t.Error(err)
	}
}

// What somebody has put beside a file in a folder of another file system can't be moved away: it stays, and the run comes to its end.
func TestRecoverOnAnotherFileSystem(t *testing.T) {
	t.Parallel()
	home, r := interrupted(t, "renameat2", 3)
	file := r.Files[0]
	beside := filepath.Join(home, file.Folder, file.Temp)
	put(t, beside, other)
	sys := &system{before: func(call, name string) error {
		if call == "renameat2" && name == file.Temp {
			return unix.EXDEV
		}
		return nil
	}}
	lock, err := acquire(t.Context(), home, sys)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	want := []string{"what was beside conf/axis2/axis2.xml is kept as conf/axis2/" + file.Temp}
	if diff := cmp.Diff(want, lock.Recovered().Found); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := kindOf(t, beside); got != other {
		t.Errorf("beside it is %s", got)
	}
	if err := CheckPending(home); err != nil {
		t.Error(err)
	}
	if !isWhole(home, sweepOld) {
		t.Error("not all files are as before")
	}
}

func TestRecoveryTells(t *testing.T) {
	t.Parallel()
	home, r := interrupted(t, "renameat2", 4) // one file is exchanged
	put(t, home+"/conf/carbon.xml", other)
	err := CheckPending(home)
	var pending *PendingError
	if !errors.As(err, &pending) || pending.ID != r.ID || pending.Verb != "apply" {
		t.Errorf("pending is %v", err)
	}
	lock, err := Acquire(t.Context(), home)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	want := &Recovery{
		ID: r.ID, Verb: "apply", Time: r.Time, Files: []string{"conf/axis2/axis2.xml", "conf/carbon.xml", "conf/tomcat/server.xml"},
		Conflicts: []string{"conf/carbon.xml"},
	}
	if diff := cmp.Diff(want, lock.Recovered()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A record that can't be followed stops everything, and nothing is touched.
func TestBadRecord(t *testing.T) {
	t.Parallel()
	rewrite := func(t *testing.T, path string, change func(*record)) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		r, err := decodeRecord(data)
		if err != nil {
			t.Fatal(err)
		}
		change(r)
		if data, err = r.encode(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	forged := func(change func(*record)) func(*testing.T, string) {
		return func(t *testing.T, path string) { rewrite(t, path, change) }
	}
	const notOurs = "not what carbonpatch writes"
	tests := []struct {
		name string
		do   func(t *testing.T, path string)
		want string
	}{
		{"empty", func(t *testing.T, path string) { truncate(t, path, 0) }, "damaged: its checksum is wrong"},
		{"cut off", func(t *testing.T, path string) { truncate(t, path, 300) }, "damaged: its checksum is wrong"},
		{"newer", forged(func(r *record) { r.Version = 2 }), "written by another version of carbonpatch"},
		{"a folder outside", forged(func(r *record) { r.Files[0].Folder = "../x" }), notOurs},
		{"a folder of ours", forged(func(r *record) { r.Files[0].Folder = ".carbonpatch" }), notOurs},
		{"a folder with a NUL", forged(func(r *record) { r.Files[0].Folder = "conf/axis2\x00" }), notOurs},
		{"an absolute folder", forged(func(r *record) { r.Files[0].Folder = "/etc" }), notOurs},
		{"a name with a slash", forged(func(r *record) { r.Files[0].Base = "a/b"; r.Files[0].Temp = ".a/b.0123456789abcdef.carbonpatch" }), notOurs},
		{"the name of the folder above", forged(func(r *record) { r.Files[0].Base = ".."; r.Files[0].Temp = "....0123456789abcdef.carbonpatch" }), notOurs},
		{"another file to be removed", forged(func(r *record) { r.Files[0].Temp = "web.xml" }), notOurs},
		{"an id with a slash", forged(func(r *record) { r.ID = "../../conf" }), notOurs},
		{"a run to drop with a slash", forged(func(r *record) { r.Undoes = "../../conf" }), notOurs},
		{"a link", func(t *testing.T, path string) {
			if err := errors.Join(os.Rename(path, path+"x"), os.Symlink("tx.commitx", path)); err != nil {
				t.Fatal(err)
			}
		}, "too many levels of symbolic links"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			home, _ := interrupted(t, "renameat2", 4)
			test.do(t, home+"/.carbonpatch/tx.commit")
			before := tree(t, home)
			want := ".carbonpatch/tx.commit: an interrupted run is pending, but its record can't be used: " + test.want
			_, err := Acquire(t.Context(), home)
			for _, err := range []error{err, CheckPending(home)} {
				var problems patch.Problems
				if !errors.As(err, &problems) || problems.Error() != want {
					t.Errorf("got %v, want %s", err, want)
				}
			}
			if diff := cmp.Diff(before, tree(t, home)); diff != "" {
				t.Errorf("-before +after:\n%s", diff)
			}
		})
	}
}

// A folder that is not there any more, or that leads out of the home now, stops the recovery: it is not the disk that fails.
func TestRecoverWithoutAFolder(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, link, want string }{
		{"gone", "", "no such file or directory"},
		{"a file", "", "not a directory"},
		{"led outside", "../../outside", "it leads out of the home"},
		{"led in a circle", "axis2", "too many levels of symbolic links"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			home, _ := interrupted(t, "renameat2", 4)
			folder := home + "/conf/axis2"
			err := os.Rename(folder, home+"/away")
			switch {
			case test.link != "":
				err = errors.Join(err, os.Symlink(test.link, folder))
			case test.name == "a file":
				err = errors.Join(err, os.WriteFile(folder, nil, 0o600))
			}
			if err != nil {
				t.Fatal(err)
			}
			before := tree(t, home+"/away")
			_, err = Acquire(t.Context(), home)
			want := ".carbonpatch/tx.commit: an interrupted run is pending, but its record can't be used: the folder conf/axis2 cannot be opened: " + test.want
			var problems patch.Problems
			if errors.Is(err, ErrUnfinished) || !errors.As(err, &problems) || problems.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
			if diff := cmp.Diff(before, tree(t, home+"/away")); diff != "" {
				t.Errorf("-before +after:\n%s", diff)
			}
		})
	}
}

// A file that is larger than what a run can have written is not read to its end.
func TestRecoverBesideAHugeFile(t *testing.T) {
	t.Parallel()
	home, r := interrupted(t, "renameat2", 4)
	beside := filepath.Join(home, r.Files[0].Folder, r.Files[0].Temp)
	truncate(t, beside, 1<<40)
	ended := make(chan error)
	go func() {
		lock, err := Acquire(t.Context(), home)
		if err == nil {
			lock.Release()
		}
		ended <- err
	}()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the recovery comes to no end")
	}
}

func truncate(t *testing.T, path string, size int64) {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

// tree is the content of all files below a folder, by path.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		all[path] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTwoRecords(t *testing.T) {
	t.Parallel()
	home, _ := interrupted(t, "renameat2", 4)
	if err := os.Link(home+"/.carbonpatch/tx.commit", home+"/.carbonpatch/tx.staging"); err != nil {
		t.Fatal(err)
	}
	before := tree(t, home)
	_, err := Acquire(t.Context(), home)
	const want = ".carbonpatch/tx.staging and tx.commit: an interrupted run is pending, but its record can't be used: only one of them can be ours"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if diff := cmp.Diff(before, tree(t, home)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestCheckPendingWhileARunIsAtWork(t *testing.T) {
	t.Parallel()
	home := sweepHome(t)
	asked := false
	sys := &system{before: func(call, name string) error {
		if call == "renameat2" && name == recordStaging {
			asked = true
			if err := CheckPending(home); !errors.Is(err, ErrLocked) {
				t.Errorf("got %v, want ErrLocked", err)
			}
		}
		return nil
	}}
	if err := sweepApply(context.Background(), home, sys); err != nil || !asked {
		t.Errorf("%v; asked: %v", err, asked)
	}
	if err := CheckPending(home); err != nil {
		t.Errorf("after the run: %v", err)
	}
}
