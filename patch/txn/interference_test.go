package txn

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

const theirs = "<their/>"

// Another hand is what somebody does to a file while a run is at work. Held is the file, opened for writing before the run.
type otherHand struct {
	name string
	do   func(file string, held *os.File) error
	// survives reports whether what they did is still there, at the file or in what was kept of it.
	survives func(t *testing.T, home, file string) bool
	late     bool // it does nothing that can be seen where it comes after the run has looked for the last time
}

// errTooLate says that the file has no name any more: what is written to it then is lost, which nobody can prevent.
var errTooLate = errors.New("too late")

func otherHands() []otherHand {
	isTheirs := func(t *testing.T, home, file string) bool { return holdsText(t, home, theirs) }
	is := func(kind fs.FileMode) func(*testing.T, string, string) bool {
		return func(t *testing.T, home, file string) bool { return holdsKind(t, home, file, kind) }
	}
	return []otherHand{
		{"replace", func(file string, _ *os.File) error {
			return errors.Join(os.WriteFile(file+"~", []byte(theirs), 0o600), os.Rename(file+"~", file))
		}, isTheirs, false},
		{"write in place", func(file string, _ *os.File) error { return os.WriteFile(file, []byte(theirs), 0o600) }, isTheirs, false},
		{"symbolic link", func(file string, _ *os.File) error {
			return errors.Join(os.Remove(file), os.Symlink("elsewhere", file))
		}, is(fs.ModeSymlink), false},
		{"folder", func(file string, _ *os.File) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o755)) }, is(fs.ModeDir), false},
		{"write through what was opened before", func(_ string, held *os.File) error {
			var stat unix.Stat_t
			if err := unix.Fstat(int(held.Fd()), &stat); err != nil || stat.Nlink == 0 {
				return errors.Join(err, errTooLate)
			}
			_, err := held.WriteAt([]byte(theirs), 0)
			return errors.Join(err, held.Truncate(int64(len(theirs))))
		}, isTheirs, true},
		{"remove", func(file string, _ *os.File) error { return os.Remove(file) }, func(t *testing.T, home, file string) bool {
			_, err := os.Lstat(file)
			return errors.Is(err, fs.ErrNotExist)
		}, false},
		{"mode", func(file string, _ *os.File) error { return os.Chmod(file, 0o604) }, func(t *testing.T, home, file string) bool {
			info, err := os.Lstat(file)
			return err == nil && info.Mode() == 0o604
		}, false},
		{"hard link", func(file string, _ *os.File) error { return os.Link(file, file+"~") }, func(t *testing.T, home, file string) bool {
			info, err := os.Lstat(file)
			other, otherErr := os.Lstat(file + "~")
			return err == nil && otherErr == nil && os.SameFile(info, other)
		}, false},
	}
}

// holdsText reports whether any file in the home holds text and nothing else.
func holdsText(t *testing.T, home, text string) (found bool) {
	t.Helper()
	err := filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			content, readErr := os.ReadFile(path)
			found, err = found || string(content) == text, readErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// holdsKind reports whether the file, or what was kept in its place, is of a kind.
func holdsKind(t *testing.T, home, file string, kind fs.FileMode) bool {
	t.Helper()
	kept, err := filepath.Glob(home + "/.carbonpatch/conflicts/*/.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(kept, file) {
		if info, err := os.Lstat(path); err == nil && info.Mode().Type() == kind {
			return true
		}
	}
	return false
}

// Whatever somebody does to a file at whatever moment of a run, it is still there afterwards. Where the run finds it, it is undone;
// where it comes too late to be found, the run is done.
func TestEditedAnywhere(t *testing.T) {
	t.Parallel()
	const file = "conf/axis2/axis2.xml" // the others come before and after it
	for _, hand := range otherHands() {
		t.Run(hand.name, func(t *testing.T) {
			t.Parallel()
			undone, done := 0, 0
			for at := range sweepRuns()[0].count(t) {
				home := sweepHome(t)
				when := fmt.Sprintf("edited at call %d", at)
				held, err := os.OpenFile(home+"/"+file, os.O_WRONLY, 0)
				if err != nil {
					t.Fatal(err)
				}
				defer held.Close()
				n, failure := 0, error(nil)
				sys := &system{before: func(call, name string) error {
					if n++; n == at+1 {
						failure = hand.do(home+"/"+file, held)
						if removed := call == "unlinkat" && strings.HasPrefix(name, ".axis2.xml."); removed && hand.late {
							failure = errTooLate
						}
					}
					return nil
				}}
				err = sweepApply(t.Context(), home, sys)
				if errors.Is(failure, errTooLate) {
					continue
				}
				if failure != nil {
					t.Fatalf("%s: %v", when, failure)
				}
				if !hand.survives(t, home, home+"/"+file) {
					t.Errorf("%s: their version is lost", when)
				}
				others := func(want map[string]string) bool {
					return isWhole(home, map[string]string{"conf/carbon.xml": want["conf/carbon.xml"], "conf/tomcat/server.xml": want["conf/tomcat/server.xml"]})
				}
				var problems patch.Problems
				switch {
				case err == nil && others(sweepNew):
					done++
				case errors.As(err, &problems) && strings.HasPrefix(problems.Error(), file+": ") && others(sweepOld):
					undone++
				default:
					t.Errorf("%s: %v; the others are old: %v, new: %v", when, err, others(sweepOld), others(sweepNew))
				}
				if err := CheckPending(home); err != nil {
					t.Errorf("%s: %v", when, err)
				}
				wantCleanBesideState(t, home, when)
			}
			if undone == 0 || done == 0 {
				t.Errorf("%d undone, %d done: the sweep did not see both", undone, done)
			}
		})
	}
}

// wantCleanBesideState is [wantClean] but for what is kept of conflicts.
func wantCleanBesideState(t *testing.T, home, when string) {
	t.Helper()
	left, err := filepath.Glob(home + "/conf/*/.*.carbonpatch")
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("%s: %v is left", when, left)
	}
}

// What somebody puts in the place of what is staged is never taken for it. Where it comes between the last look and the exchange it gets
// the name of the file, as it would have without a run; the others are as before, and the run says so.
func TestStagedFileTamperedWith(t *testing.T) {
	t.Parallel()
	hands := map[string]func(staged string) error{
		"written to": func(staged string) error { return os.WriteFile(staged, []byte(theirs), 0) },
		"replaced": func(staged string) error {
			return errors.Join(os.WriteFile(staged+"~", []byte(theirs), 0o640), os.Rename(staged+"~", staged))
		},
		"opened to all": func(staged string) error { return os.Chmod(staged, 0o666) },
		"removed":       os.Remove,
		"a link":        func(staged string) error { return errors.Join(os.Remove(staged), os.Symlink("carbon.xml", staged)) },
	}
	for name, do := range hands {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			undone := 0
			for at := range sweepRuns()[0].count(t) {
				if tamper(t, at, do) {
					undone++
				}
			}
			if undone == 0 {
				t.Error("the sweep did not see a run undone")
			}
		})
	}
}

// tamper runs an apply in which somebody does something to the staged file at a call, and reports whether that undid the run.
func tamper(t *testing.T, at int, do func(staged string) error) (undone bool) {
	t.Helper()
	const file = "conf/axis2/axis2.xml"
	home := sweepHome(t)
	n, tampered, exchanging := 0, false, false
	sys := &system{before: func(call, name string) error {
		staged, _ := filepath.Glob(home + "/conf/axis2/.*.carbonpatch")
		if n++; n != at+1 || len(staged) == 0 || !isWhole(home, map[string]string{file: sweepOld[file]}) {
			return nil
		}
		info, err := os.Stat(staged[0])
		if err != nil || info.Mode() != 0o640 || info.Size() == 0 {
			return err // it is not what it is to be yet
		}
		if call == "renameat2" && strings.HasPrefix(name, ".axis2.xml.") {
			exchanging = true
		}
		tampered = true
		return do(staged[0])
	}}
	err := sweepApply(t.Context(), home, sys)
	if err := CheckPending(home); err != nil {
		t.Errorf("at call %d: %v", at, err)
	}
	others := map[string]string{"conf/carbon.xml": sweepOld["conf/carbon.xml"], "conf/tomcat/server.xml": sweepOld["conf/tomcat/server.xml"]}
	switch {
	case exchanging && (err != nil && isWhole(home, others) || err == nil && isWhole(home, sweepNew)): // new with another mode, say
		return err != nil
	case tampered && err != nil && isWhole(home, sweepOld):
		return true
	case tampered || err != nil || !isWhole(home, sweepNew):
		t.Errorf("at call %d: tampered with: %v; %v", at, tampered, err)
	}
	return false
}

// A file that is found changed before the commit keeps all others from being touched at all.
func TestEditedBeforeTheCommit(t *testing.T) {
	t.Parallel()
	home := sweepHome(t)
	inode := func() uint64 {
		var stat unix.Stat_t
		if err := unix.Stat(home+"/conf/axis2/axis2.xml", &stat); err != nil {
			t.Fatal(err)
		}
		return stat.Ino
	}
	before, committed := inode(), false
	sys := &system{before: func(call, name string) error {
		if call == "openat" && strings.HasPrefix(name, ".server.xml.") {
			return os.WriteFile(home+"/conf/tomcat/server.xml", []byte(theirs), 0)
		}
		committed = committed || call == "renameat2" && name == recordStaging
		return nil
	}}
	if err := sweepApply(t.Context(), home, sys); !errors.As(err, new(*conflict)) {
		t.Errorf("got %v, want a conflict", err)
	}
	if committed || inode() != before {
		t.Errorf("committed: %v; a file that nobody had changed was replaced: %v", committed, inode() != before)
	}
}

// A folder that is moved away while a run is at work, with another one put in its place, does not make the run half done.
func TestFolderReplacedAnywhere(t *testing.T) {
	t.Parallel()
	undone, done := 0, 0
	for at := range sweepRuns()[0].count(t) {
		home := sweepHome(t)
		axis2 := home + "/conf/axis2"
		n, early, failure := 0, false, error(nil)
		sys := &system{before: func(string, string) error {
			if n++; n == at+1 {
				early = isWhole(home, map[string]string{"conf/axis2/axis2.xml": sweepOld["conf/axis2/axis2.xml"]}) // not exchanged yet
				failure = errors.Join(os.Rename(axis2, axis2+".x"), os.Mkdir(axis2, 0o755), os.WriteFile(axis2+"/axis2.xml", []byte(theirs), 0o640))
			}
			return nil
		}}
		err := sweepApply(t.Context(), home, sys)
		if failure != nil {
			t.Fatal(failure)
		}
		others := func(want map[string]string) bool {
			return isWhole(home, map[string]string{"conf/carbon.xml": want["conf/carbon.xml"], "conf/tomcat/server.xml": want["conf/tomcat/server.xml"]})
		}
		moved, readErr := os.ReadFile(axis2 + ".x/axis2.xml")
		if readErr != nil || !isWhole(home, map[string]string{"conf/axis2/axis2.xml": theirs}) {
			t.Errorf("at call %d: their version is lost, %v", at, readErr)
		}
		var problems patch.Problems
		switch {
		case err == nil && !early && others(sweepNew) && string(moved) == sweepNew["conf/axis2/axis2.xml"]:
			done++
		case errors.As(err, &problems) && strings.HasPrefix(problems.Error(), "conf/axis2/axis2.xml: ") && others(sweepOld) && string(moved) == sweepOld["conf/axis2/axis2.xml"]:
			undone++
		default:
			t.Errorf("at call %d: %v; the others are old: %v, new: %v", at, err, others(sweepOld), others(sweepNew))
		}
		if err := CheckPending(home); err != nil {
			t.Errorf("at call %d: %v", at, err)
		}
		wantCleanBesideState(t, home, fmt.Sprintf("at call %d", at))
	}
	if undone == 0 || done == 0 {
		t.Errorf("%d undone, %d done: the sweep did not see both", undone, done)
	}
}
