package txn

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// The files of the home that the sweeps use, old and new.
var (
	sweepOld = map[string]string{"conf/carbon.xml": "<a>old</a>", "conf/axis2/axis2.xml": "<b>old</b>", "conf/tomcat/server.xml": "<c>old</c>"}
	sweepNew = map[string]string{"conf/carbon.xml": "<a>new</a>", "conf/axis2/axis2.xml": "<b>new</b>", "conf/tomcat/server.xml": "<c>new</c>"}
)

func sweepHome(t *testing.T) string {
	t.Helper()
	home := memoryDir(t)
	for name, content := range sweepOld {
		path := filepath.Join(home, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o640)); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// memoryDir is a temporary folder that is no real disk, if there is such a thing: thousands of runs would wait for it.
func memoryDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "carbonpatch")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func sweepPlan() []*patch.FilePlan {
	var plans []*patch.FilePlan
	for _, name := range slices.Sorted(maps.Keys(sweepOld)) {
		plans = append(plans, &patch.FilePlan{Path: name, Before: []byte(sweepOld[name]), After: []byte(sweepNew[name])})
	}
	return plans
}

// A sweepRun is what a sweep interrupts.
type sweepRun struct {
	name string
	run  func(ctx context.Context, home string, sys *system) error
}

func locked(ctx context.Context, home string, sys *system, f func(*Lock) error) error {
	lock, err := acquire(ctx, home, sys)
	if err != nil {
		return err
	}
	defer lock.Release()
	return f(lock)
}

func sweepApply(ctx context.Context, home string, sys *system) error {
	return locked(ctx, home, sys, func(l *Lock) error {
		_, err := l.Apply(ctx, sweepPlan(), Meta{Verb: "apply"})
		return err
	})
}

func rollBack(ctx context.Context, l *Lock, home string) error {
	plan, run, err := PlanRollback(home, "", false)
	if err == nil {
		_, err = l.Rollback(ctx, run.ID, false, plan, Meta{})
	}
	return err
}

func sweepRuns() []sweepRun {
	return []sweepRun{
		{"apply", sweepApply},
		{"apply without backup", func(ctx context.Context, home string, sys *system) error {
			return locked(ctx, home, sys, func(l *Lock) error { return l.ApplyWithoutBackup(ctx, sweepPlan(), Meta{Verb: "apply"}) })
		}},
		{"rollback", func(ctx context.Context, home string, sys *system) error {
			return locked(ctx, home, sys, func(l *Lock) error {
				return rollBack(ctx, l, home)
			})
		}},
	}
}

// prepare makes the home that the run starts from, and says what its files are before and after it.
func (s sweepRun) prepare(t *testing.T) (home string, before, after map[string]string) {
	home = sweepHome(t)
	if s.name != "rollback" {
		return home, sweepOld, sweepNew
	}
	if err := sweepApply(t.Context(), home, &system{}); err != nil {
		t.Fatal(err)
	}
	return home, sweepNew, sweepOld
}

// count returns how many calls the run makes that change something.
func (s sweepRun) count(t *testing.T) int {
	home, _, _ := s.prepare(t)
	n := 0
	sys := &system{before: func(string, string) error { n++; return nil }}
	if err := s.run(t.Context(), home, sys); err != nil {
		t.Fatal(err)
	}
	return n
}

var errKilled = errors.New("killed")

// failing makes calls fail: that of the number at alone, which counts from 0, or all from there on where sticky.
func failing(at int, sticky bool, err error) *system {
	n := 0
	return &system{before: func(string, string) error {
		n++
		if n == at+1 || sticky && n > at {
			return err
		}
		return nil
	}}
}

// wantWhole checks that each file is as in one of the two, or as in the first if there is only that.
func wantWhole(t *testing.T, home, when string, allowed ...map[string]string) {
	t.Helper()
	for name := range sweepOld {
		got, err := os.ReadFile(filepath.Join(home, name))
		if err != nil || !slices.ContainsFunc(allowed, func(m map[string]string) bool { return m[name] == string(got) }) {
			t.Errorf("%s: %s is %q, %v", when, name, got, err)
		}
	}
}

// isWhole reports whether all files are as in want.
func isWhole(home string, want map[string]string) bool {
	for name, content := range want {
		if got, err := os.ReadFile(filepath.Join(home, name)); err != nil || string(got) != content {
			return false
		}
	}
	return true
}

// wantClean checks that no run has left anything beside the files, nor a record.
func wantClean(t *testing.T, home, when string) {
	t.Helper()
	err := filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		if strings.HasSuffix(name, ".carbonpatch") && name != stateName || strings.HasPrefix(name, "tx.") {
			t.Errorf("%s: %s is left", when, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// recoverHome takes the lock as the next run does, and releases it.
func recoverHome(ctx context.Context, home string, sys *system) error {
	return locked(ctx, home, sys, func(*Lock) error { return nil })
}

// Killed at any call, with one of the files edited before the next run: the edit stays, and the others come to one end.
func TestKilledAnywhereThenEdited(t *testing.T) {
	t.Parallel()
	for _, s := range sweepRuns() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for at := range s.count(t) {
				home, before, after := s.prepare(t)
				when := fmt.Sprintf("killed at call %d", at)
				s.run(t.Context(), home, failing(at, true, errKilled))
				const edited = "conf/carbon.xml"
				if err := os.WriteFile(filepath.Join(home, edited), []byte(theirs), 0o640); err != nil {
					t.Fatal(err)
				}
				if err := recoverHome(t.Context(), home, &system{}); err != nil {
					t.Errorf("%s: the next run: %v", when, err)
				}
				others := func(want map[string]string) bool {
					want = maps.Clone(want)
					want[edited] = theirs
					return isWhole(home, want)
				}
				if !others(before) && !others(after) {
					t.Errorf("%s: their version is lost, or some files are old and others new", when)
				}
				wantCleanBesideState(t, home, when)
				if err := CheckPending(home); err != nil {
					t.Errorf("%s: %v", when, err)
				}
			}
		})
	}
}

// Killed at any call, every file is old or new, and the next run makes all old or all new.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	for _, s := range sweepRuns() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			finished, undone := 0, 0
			for at := range s.count(t) {
				home, before, after := s.prepare(t)
				when := fmt.Sprintf("killed at call %d", at)
				s.run(t.Context(), home, failing(at, true, errKilled))
				wantWhole(t, home, when, before, after)
				if err := recoverHome(t.Context(), home, &system{}); err != nil {
					t.Errorf("%s: the next run: %v", when, err)
				}
				wantClean(t, home, when)
				if runs, err := History(home); err != nil || isWhole(home, sweepOld) && slices.ContainsFunc(runs, (*Run).Kept) {
					t.Errorf("%s: the history has %v of a home that is as before, %v", when, runs, err)
				}
				switch {
				case isWhole(home, before):
					undone++
				case isWhole(home, after):
					finished++
				default:
					t.Errorf("%s: some files are old, others new", when)
				}
			}
			if finished == 0 || undone == 0 {
				t.Errorf("%d finished, %d undone: the sweep did not see both", finished, undone)
			}
		})
	}
}

// The next run may be killed at any call, too.
func TestRecoveryKilledAnywhere(t *testing.T) {
	t.Parallel()
	for _, s := range sweepRuns() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for at := range s.count(t) {
				for again := 0; ; again++ {
					home, before, after := s.prepare(t)
					when := fmt.Sprintf("killed at call %d, the next run at call %d", at, again)
					s.run(t.Context(), home, failing(at, true, errKilled))
					sys := failing(again, true, errKilled)
					reached := 0
					inner := sys.before
					sys.before = func(call, name string) error { reached++; return inner(call, name) }
					recoverHome(t.Context(), home, sys)
					if reached <= again {
						break
					}
					wantWhole(t, home, when, before, after)
					if err := recoverHome(t.Context(), home, &system{}); err != nil {
						t.Errorf("%s: the third run: %v", when, err)
					}
					wantClean(t, home, when)
					if !isWhole(home, before) && !isWhole(home, after) {
						t.Errorf("%s: some files are old, others new", when)
					}
				}
			}
		})
	}
}

// A call that fails, or all from there on, leaves all files old or all new and says which; where it can't, the record stays.
func TestFailingAnywhere(t *testing.T) {
	t.Parallel()
	for _, s := range sweepRuns() {
		for _, sticky := range []bool{false, true} {
			for _, errno := range []error{unix.EIO, unix.ENOSPC, unix.EROFS, unix.EINTR} {
				t.Run(fmt.Sprintf("%s, %v, sticky %v", s.name, errno, sticky), func(t *testing.T) {
					t.Parallel()
					for at := range s.count(t) {
						s.fail(t, at, sticky, errno)
					}
				})
			}
		}
	}
}

func (s sweepRun) fail(t *testing.T, at int, sticky bool, errno error) {
	t.Helper()
	home, before, after := s.prepare(t)
	when := fmt.Sprintf("failing at call %d", at)
	err := s.run(t.Context(), home, failing(at, sticky, errno))
	pending := CheckPending(home)
	switch {
	case errors.Is(err, ErrUnfinished):
		wantWhole(t, home, when, before, after)
		if !errors.As(pending, new(*PendingError)) {
			t.Errorf("%s: unfinished, but no run is pending: %v; %v", when, err, pending)
		}
	case err != nil:
		wantWhole(t, home, when, before)
	default:
		wantWhole(t, home, when, after)
	}
	if !errors.Is(err, ErrUnfinished) && pending != nil {
		t.Errorf("%s: %v, and yet %v", when, err, pending)
	}
	if err := recoverHome(t.Context(), home, &system{}); err != nil {
		t.Errorf("%s: the next run: %v", when, err)
	}
	wantClean(t, home, when)
	if !isWhole(home, before) && !isWhole(home, after) {
		t.Errorf("%s: some files are old, others new", when)
	}
}

// A run of root that is killed before it could give the state folder to the owner of the home leaves that to the next one.
func TestOwnerOfTheStateAfterAKill(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	home := sweepHome(t)
	if err := os.Chown(home, 4321, 4322); err != nil {
		t.Fatal(err)
	}
	const calls = 8 // that make the state folder and the lock
	for at := range calls {
		recoverHome(t.Context(), home, failing(at, true, errKilled))
		if err := sweepApply(t.Context(), home, &system{}); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{stateName, stateName + "/lock", stateName + "/backups"} {
			var stat unix.Stat_t
			if err := unix.Lstat(home+"/"+name, &stat); err != nil || stat.Uid != 4321 || stat.Gid != 4322 {
				t.Errorf("killed at call %d: %s belongs to %d:%d, %v", at, name, stat.Uid, stat.Gid, err)
			}
		}
		undo := func(l *Lock) error {
			return errors.Join(rollBack(t.Context(), l, home), l.Purge())
		}
		if err := locked(t.Context(), home, &system{}, undo); err != nil {
			t.Fatal(err)
		}
	}
}
