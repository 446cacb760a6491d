package txn_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/txn"
)

// newHome has two files, the second with unusual metadata where the user may set it.
func newHome(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	must(t, os.MkdirAll(home+"/conf/axis2", 0o755))
	must(t, os.WriteFile(home+"/conf/carbon.xml", []byte("<Server/>\n"), 0o644))
	must(t, os.WriteFile(home+"/conf/axis2/axis2.xml", []byte("<axisconfig/>\r\n"), 0o644))
	if os.Geteuid() == 0 {
		must(t, os.Chown(home, 4321, 4322))
		must(t, os.Chown(home+"/conf/axis2/axis2.xml", 12345, 12346))
	}
	must(t, os.Chmod(home+"/conf/axis2/axis2.xml", 0o640|fs.ModeSetgid))
	return home
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// changes is a plan for both files of newHome.
func changes() []*patch.FilePlan {
	return []*patch.FilePlan{
		{Path: "conf/carbon.xml", Before: []byte("<Server/>\n"), After: []byte("<Server a=\"1\"/>\n")},
		{Path: "conf/axis2/axis2.xml", Before: []byte("<axisconfig/>\r\n"), After: []byte("<axisconfig b=\"2\"/>\r\n")},
	}
}

// snapshot is kind, mode, owner and content of all below a folder, by path; what lies in the state folder only with state.
func snapshot(t *testing.T, home string, state bool) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		must(t, err)
		name, err := filepath.Rel(home, path)
		must(t, err)
		if name == ".carbonpatch" && !state {
			return fs.SkipDir
		}
		info, err := entry.Info()
		must(t, err)
		stat := info.Sys().(*syscall.Stat_t)
		all[name] = fmt.Sprintf("%v %d:%d ", info.Mode(), stat.Uid, stat.Gid)
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path)
			must(t, err)
			all[name] += fmt.Sprintf("inode %d at %v: %s", stat.Ino, info.ModTime(), content)
		}
		return nil
	}))
	return all
}

// contents is a snapshot without what a new file can't keep: inode and time.
func contents(t *testing.T, home string) map[string]string {
	t.Helper()
	all := snapshot(t, home, false)
	for name, what := range all {
		all[name] = regexp.MustCompile(`inode .*?: `).ReplaceAllString(what, "")
	}
	return all
}

// after is what contents become by changes.
func after(before map[string]string) map[string]string {
	all := map[string]string{}
	for name, what := range before {
		all[name] = strings.NewReplacer("<Server/>", `<Server a="1"/>`, "<axisconfig/>", `<axisconfig b="2"/>`).Replace(what)
	}
	return all
}

// apply takes the lock, applies and releases it.
func apply(ctx context.Context, home string, files []*patch.FilePlan, meta txn.Meta) (id string, err error) {
	lock, err := txn.Acquire(ctx, home)
	if err != nil {
		return "", err
	}
	defer lock.Release()
	return lock.Apply(ctx, files, meta)
}

// lockHome takes the lock for the rest of the test.
func lockHome(t *testing.T, home string) *txn.Lock {
	t.Helper()
	lock, err := txn.Acquire(t.Context(), home)
	must(t, err)
	t.Cleanup(lock.Release)
	return lock
}

func TestApply(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := contents(t, home)
	meta := txn.Meta{Verb: "apply", User: "joe", Cluster: "esb", Node: "worker1", Changes: 2}
	id, err := apply(t.Context(), home, changes(), meta)
	must(t, err)
	if !regexp.MustCompile(`^\d{8}T\d{6}Z-[0-9a-f]{4}$`).MatchString(id) {
		t.Errorf("id %q", id)
	}
	if diff := cmp.Diff(after(before), contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	runs, err := txn.History(home)
	must(t, err)
	uid, gid := 12345, 12346
	if os.Geteuid() != 0 {
		uid, gid = os.Geteuid(), os.Getegid()
	}
	axis2 := txn.Fingerprint{Content: "c507533376556e7b5bdf2d91e251556406448d5da89914fbd892fb7e1c8e7565", Mode: "2640", UID: uid, GID: gid}
	carbon := txn.Fingerprint{Content: serverHash, Mode: "0644", UID: os.Geteuid(), GID: os.Getegid()}
	newAxis2, newCarbon := axis2, carbon
	newAxis2.Content = "8fedff0c766ff93b84660da9a48df25e93218031b5c0711eb0651ff480b1d10d"
	newCarbon.Content = "3a9dac6c7fa971357f0256ccfc8cccd94369195c71b869e7dd240a78b65bc8ca"
	want := []*txn.Run{{Version: 2, Sequence: 1, ID: id, Meta: meta, Files: []txn.File{
		{Path: "conf/carbon.xml", Before: carbon, After: newCarbon},
		{Path: "conf/axis2/axis2.xml", Before: axis2, After: newAxis2},
	}}}
	if diff := cmp.Diff(want, runs, cmpopts.IgnoreFields(txn.Run{}, "Time"), cmpopts.IgnoreUnexported(txn.Run{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if age := time.Since(runs[0].Time); age < 0 || age > time.Minute || !runs[0].Kept() {
		t.Errorf("the run is %v old; kept is %v", age, runs[0].Kept())
	}
}

func TestApplyKeepsItsStateToTheOwner(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	_, err := apply(t.Context(), home, changes(), txn.Meta{})
	must(t, err)
	owner, err := os.Stat(home)
	must(t, err)
	must(t, filepath.WalkDir(home+"/.carbonpatch", func(path string, entry fs.DirEntry, err error) error {
		must(t, err)
		info, err := entry.Info()
		must(t, err)
		if isCopy := regexp.MustCompile(`/\d+$`).MatchString(path); isCopy { // it is all that the file was, and lies in a folder of the owner's
			return nil
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if got, want := info.Sys().(*syscall.Stat_t).Uid, owner.Sys().(*syscall.Stat_t).Uid; got != want {
			t.Errorf("%s belongs to %d, the home to %d", path, got, want)
		}
		if entry.IsDir() && info.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v, want 0700", path, info.Mode())
		}
		return nil
	}))
}

func TestApplyOfNothingTouchesNothing(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	lock := lockHome(t, home)
	before := snapshot(t, home, true)
	same := []*patch.FilePlan{{Path: "conf/carbon.xml", Before: []byte("<Server/>\n"), After: []byte("<Server/>\n")}}
	id, err := lock.Apply(t.Context(), same, txn.Meta{})
	if id != "" || err != nil {
		t.Errorf("got %q, %v", id, err)
	}
	must(t, lock.ApplyWithoutBackup(t.Context(), same, txn.Meta{Verb: "apply"}))
	if diff := cmp.Diff(before, snapshot(t, home, true)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestApplyLeavesFilesThatDoNotChange(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := snapshot(t, home, false)
	files := changes()
	files[0].After = files[0].Before
	_, err := apply(t.Context(), home, files, txn.Meta{})
	must(t, err)
	if diff := cmp.Diff(before["conf/carbon.xml"], snapshot(t, home, false)["conf/carbon.xml"]); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestApplyWithoutBackup(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := contents(t, home)
	lock, err := txn.Acquire(t.Context(), home)
	must(t, err)
	must(t, lock.ApplyWithoutBackup(t.Context(), changes(), txn.Meta{Verb: "apply"}))
	lock.Release()
	if diff := cmp.Diff(after(before), contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	wantNoState(t, home)
}

// wantNoState checks that nothing is left of a run.
func wantNoState(t *testing.T, home string) {
	t.Helper()
	if _, err := os.Lstat(home + "/.carbonpatch"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the state folder is there: %v", err)
	}
}

func TestApplyRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		prepare func(t *testing.T, home string)
		want    []string
	}{
		{
			"what was changed since",
			func(t *testing.T, home string) {
				must(t, os.WriteFile(home+"/conf/axis2/axis2.xml", []byte("<axisconfig x='y'/>"), 0o644))
			},
			[]string{"conf/axis2/axis2.xml: changed by somebody else since it was read", "hint: run the command again"},
		},
		{
			"hard links and what is gone, together",
			func(t *testing.T, home string) {
				must(t, os.Link(home+"/conf/axis2/axis2.xml", home+"/copy.xml"))
				must(t, os.Remove(home+"/conf/carbon.xml"))
			},
			[]string{
				"conf/carbon.xml: cannot read: no such file or directory", "hint: put the file back",
				"conf/axis2/axis2.xml: has 2 hard links, which replacing it would separate",
				"hint: make it a file of its own first: cp -p FILE FILE.new && mv FILE.new FILE",
			},
		},
		{
			"two names of one file",
			func(t *testing.T, home string) {
				must(t, os.Remove(home+"/conf/axis2/axis2.xml"))
				must(t, os.Symlink("../carbon.xml", home+"/conf/axis2/axis2.xml"))
			},
			[]string{
				"conf/axis2/axis2.xml: changed by somebody else since it was read", "hint: run the command again",
				"conf/axis2/axis2.xml: the same file as conf/carbon.xml", "hint: make them two files again",
			},
		},
		{
			"a FIFO",
			func(t *testing.T, home string) {
				must(t, os.Remove(home+"/conf/carbon.xml"))
				must(t, syscall.Mkfifo(home+"/conf/carbon.xml", 0o644))
			},
			[]string{"conf/carbon.xml: not a regular file", "hint: put a file there"},
		},
		{
			"a socket",
			func(t *testing.T, home string) {
				must(t, os.Remove(home+"/conf/carbon.xml"))
				must(t, unix.Mknod(home+"/conf/carbon.xml", unix.S_IFSOCK|0o644, 0))
			},
			[]string{"conf/carbon.xml: not a regular file", "hint: put a file there"},
		},
		{
			"a link that leaves the home",
			func(t *testing.T, home string) {
				outside := t.TempDir()
				must(t, os.Rename(home+"/conf/axis2", outside+"/axis2"))
				must(t, os.Symlink(outside+"/axis2", home+"/conf/axis2"))
				must(t, os.Rename(home+"/conf/carbon.xml", outside+"/carbon.xml"))
				must(t, os.Symlink(outside+"/carbon.xml", home+"/conf/carbon.xml"))
			},
			[]string{
				"conf/carbon.xml: cannot read: it leads out of the home", leadsOutHint,
				"conf/axis2/axis2.xml: cannot read: it leads out of the home", leadsOutHint,
			},
		},
		{
			"links in a circle",
			func(t *testing.T, home string) {
				must(t, os.Remove(home+"/conf/carbon.xml"))
				must(t, os.Symlink("carbon.xml", home+"/conf/carbon.xml"))
			},
			[]string{"conf/carbon.xml: cannot read: too many levels of symbolic links", "hint: mend the links, which lead to each other"},
		},
		{
			"backups that are no folder",
			func(t *testing.T, home string) {
				must(t, os.Mkdir(home+"/.carbonpatch", 0o700))
				must(t, os.Symlink("../conf", home+"/.carbonpatch/backups"))
			},
			[]string{".carbonpatch/backups: not a folder", "hint: find out how that came, and remove it"},
		},
		{
			"a lock that is a link",
			func(t *testing.T, home string) {
				must(t, os.Mkdir(home+"/.carbonpatch", 0o700))
				must(t, os.Symlink("../conf/carbon.xml", home+"/.carbonpatch/lock"))
			},
			[]string{".carbonpatch/lock: not a regular file", "hint: find out how that came, and remove it"},
		},
		{
			"a state folder that is a link",
			func(t *testing.T, home string) { must(t, os.Symlink("conf", home+"/.carbonpatch")) },
			[]string{".carbonpatch: cannot be used: not a directory"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			home := newHome(t)
			test.prepare(t, home)
			before := snapshot(t, home, false)
			id, err := apply(t.Context(), home, changes(), txn.Meta{})
			wantProblems(t, err, test.want...)
			if id != "" {
				t.Errorf("id %q", id)
			}
			if diff := cmp.Diff(before, snapshot(t, home, false)); diff != "" {
				t.Errorf("-before +after:\n%s", diff)
			}
			if runs, _ := txn.History(home); len(runs) > 0 {
				t.Errorf("left runs %v", runs)
			}
		})
	}
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

func TestApplyToALongName(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	long := strings.Repeat("x", 255)
	must(t, os.WriteFile(home+"/"+long, []byte("<a/>"), 0o644))
	_, err := apply(t.Context(), home, []*patch.FilePlan{{Path: long, Before: []byte("<a/>"), After: []byte("<b/>")}}, txn.Meta{})
	must(t, err)
	if got, err := os.ReadFile(home + "/" + long); string(got) != "<b/>" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestApplyFollowsLinksInside(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	must(t, os.MkdirAll(home+"/shared/deep", 0o755))
	must(t, os.Rename(home+"/conf/carbon.xml", home+"/shared/carbon.xml"))
	must(t, os.Symlink("../shared/deep", home+"/conf/deep"))
	must(t, os.Symlink("../carbon.xml", home+"/shared/deep/there.xml"))
	must(t, os.Symlink("deep/there.xml", home+"/conf/carbon.xml"))
	before := contents(t, home)
	_, err := apply(t.Context(), home, changes(), txn.Meta{})
	must(t, err)
	if diff := cmp.Diff(after(before), contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	_, err = rollback(t.Context(), home, "", false)
	must(t, err)
	if diff := cmp.Diff(before, contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestApplyKeepsExtendedAttributes(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	file := home + "/conf/axis2/axis2.xml"
	if err := unix.Setxattr(file, "user.origin", []byte("shipped"), 0); err != nil {
		t.Skipf("no extended attributes here: %v", err)
	}
	// user::rw- user:1234:r-- group::r-- mask::r-- other::---
	list := []byte("\x02\x00\x00\x00" + "\x01\x00\x06\x00\xff\xff\xff\xff" + "\x02\x00\x04\x00\xd2\x04\x00\x00" +
		"\x04\x00\x04\x00\xff\xff\xff\xff" + "\x10\x00\x04\x00\xff\xff\xff\xff" + "\x20\x00\x00\x00\xff\xff\xff\xff")
	if err := unix.Setxattr(file, "system.posix_acl_access", list, 0); err != nil {
		t.Skipf("no access lists here: %v", err)
	}
	// the other file must not inherit the default list of its folder
	must(t, unix.Setxattr(home+"/conf", "system.posix_acl_default", list, 0))
	before := contents(t, home)
	_, err := apply(t.Context(), home, changes(), txn.Meta{})
	must(t, err)
	if diff := cmp.Diff(after(before), contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for name, want := range map[string][]byte{"user.origin": []byte("shipped"), "system.posix_acl_access": list} {
		got := make([]byte, 100)
		n, err := unix.Getxattr(file, name, got)
		must(t, err)
		if diff := cmp.Diff(want, got[:n]); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
	if _, err := unix.Getxattr(home+"/conf/carbon.xml", "system.posix_acl_access", nil); !errors.Is(err, unix.ENODATA) {
		t.Errorf("carbon.xml has got an access list: %v", err)
	}
}

func TestApplyKeepsTenBackups(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	var ids []string
	content := "<Server/>\n"
	for i := range 12 {
		next := fmt.Sprintf("<Server n=\"%d\"/>\n", i)
		id, err := apply(t.Context(), home, []*patch.FilePlan{{Path: "conf/carbon.xml", Before: []byte(content), After: []byte(next)}}, txn.Meta{})
		must(t, err)
		ids, content = append([]string{id}, ids...), next
	}
	runs, err := txn.History(home)
	must(t, err)
	var got, kept []string
	for _, r := range runs {
		got = append(got, r.ID)
		if r.Kept() {
			kept = append(kept, r.ID)
		}
	}
	if diff := cmp.Diff(ids, got); diff != "" {
		t.Errorf("the newest first, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(ids[:10], kept); diff != "" {
		t.Errorf("kept, -want +got:\n%s", diff)
	}
	_, err = rollback(t.Context(), home, ids[11], false)
	wantProblems(t, err, "the backup of the run "+ids[11]+" is not kept any more")
	copies, err := filepath.Glob(home + "/.carbonpatch/backups/*/[0-9]*")
	must(t, err)
	if len(copies) != 10 {
		t.Errorf("%d copies", len(copies))
	}
}

func TestAcquireWaitsForTheLock(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	first, err := txn.Acquire(t.Context(), home)
	must(t, err)

	expired, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	if _, err := txn.Acquire(expired, home); !errors.Is(err, txn.ErrLocked) {
		t.Errorf("got %v, want ErrLocked", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := txn.Acquire(cancelled, home); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want Canceled", err)
	}

	done := make(chan error)
	go func() {
		_, err := apply(t.Context(), home, changes(), txn.Meta{})
		done <- err
	}()
	first.Release()
	must(t, <-done)
}

func TestAcquirePastTheDeadline(t *testing.T) {
	t.Parallel()
	expired, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	lock, err := txn.Acquire(expired, newHome(t))
	if err != nil {
		t.Fatalf("the lock is free, and yet: %v", err)
	}
	lock.Release()
}

func TestApplyCancelled(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := snapshot(t, home, false)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := apply(cancelled, home, changes(), txn.Meta{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want Canceled", err)
	}
	if diff := cmp.Diff(before, snapshot(t, home, false)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
	wantNoState(t, home)
}

func TestAcquireByManyAtOnce(t *testing.T) {
	t.Parallel()
	for range 8 {
		home := newHome(t)
		done := make(chan error)
		const runs = 8
		for range runs {
			go func() {
				lock, err := txn.Acquire(t.Context(), home)
				if err == nil {
					lock.Release()
				}
				done <- err
			}()
		}
		for range runs {
			must(t, <-done)
		}
		wantNoState(t, home)
	}
}
