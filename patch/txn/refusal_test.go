package txn

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// without calls f in a thread of root that lacks a capability.
func without(t *testing.T, capability uint, f func() error) error {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for ever: the thread ends with the goroutine
		header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var data [2]unix.CapUserData
		err := unix.Capget(&header, &data[0])
		data[capability/32].Effective &^= 1 << (capability % 32)
		err = errors.Join(err, unix.Capset(&header, &data[0]))
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

// Where the state folder can't be made for the owner of the home none is made at all.
func TestAcquireRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		owner      int
		mode       fs.FileMode
		capability uint
		want       string
	}{
		{"home of another", 1000, 0o777, unix.CAP_CHOWN, "must belong to user 1000, as the home does, whom user 0 can't give it to"},
		{"unwritable home", 0, 0o555, unix.CAP_DAC_OVERRIDE, "its folder can't be written to: permission denied"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			if os.Geteuid() != 0 {
				t.Skip("it needs root")
			}
			if err := errors.Join(os.Chown(home, test.owner, 0), os.Chmod(home, test.mode)); err != nil {
				t.Fatal(err)
			}
			err := without(t, test.capability, func() error { _, err := Acquire(t.Context(), home); return err })
			var problems patch.Problems
			if want := ".carbonpatch: " + test.want; !errors.As(err, &problems) || problems.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			} else if problems[0].Hint != "run as the owner of the home, or as root" {
				t.Errorf("the hint is %q", problems[0].Hint)
			}
			if _, err := os.Lstat(home + "/.carbonpatch"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the state folder: %v", err)
			}
		})
	}
}
