package txn

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
)

const theirs = "<their/>"

// Another hand is what somebody does to a file while a run is at work.
type otherHand struct {
	name string
	do   func(file string) error
	// survives reports whether what they did is still there, at the file or in what was kept of it.
	survives func(t *testing.T, home, file string) bool
}

func otherHands() []otherHand {
	isTheirs := func(t *testing.T, home, file string) bool { return holdsText(t, home, theirs) }
	is := func(kind fs.FileMode) func(*testing.T, string, string) bool {
		return func(t *testing.T, home, file string) bool { return holdsKind(t, home, file, kind) }
	}
	return []otherHand{
		{"replace", func(file string) error {
			return errors.Join(os.WriteFile(file+"~", []byte(theirs), 0o600), os.Rename(file+"~", file))
		}, isTheirs},
		{"write in place", func(file string) error { return os.WriteFile(file, []byte(theirs), 0o600) }, isTheirs},
		{"symbolic link", func(file string) error { return errors.Join(os.Remove(file), os.Symlink("elsewhere", file)) }, is(fs.ModeSymlink)},
		{"folder", func(file string) error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o755)) }, is(fs.ModeDir)},
		{"remove", os.Remove, func(t *testing.T, home, file string) bool {
			_, err := os.Lstat(file)
			return errors.Is(err, fs.ErrNotExist)
		}},
		{"mode", func(file string) error { return os.Chmod(file, 0o604) }, func(t *testing.T, home, file string) bool {
			info, err := os.Lstat(file)
			return err == nil && info.Mode() == 0o604
		}},
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
				n, lostByHand := 0, false
				sys := &system{before: func(string, string) error {
					if n++; n == at+1 {
						if err := hand.do(home + "/" + file); err != nil {
							lostByHand = true
						}
					}
					return nil
				}}
				err := sweepApply(t.Context(), home, sys)
				if lostByHand {
					t.Fatalf("%s: the edit itself failed", when)
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
