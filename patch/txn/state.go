package txn

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// stateName is the folder of a home that holds what this package keeps.
const stateName = ".carbonpatch"

// home is a home that is being written, or looked at.
type home struct {
	root  *os.Root // below which the paths of files are resolved
	top   *folder  // the same
	state *folder  // nil where there is none
	lock  *os.File // nil where it is only looked at
	owner owner
	sys   *system
	found []string // what others had put where runs kept their files, and where it is now
}

// openHome opens a home to look at it. Its error is for [stateProblem].
func openHome(dir string, sys *system) (*home, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, patch.Problems{{File: dir, Message: "cannot open the home: " + patch.Reason(err)}}
	}
	h := &home{root: root, sys: sys}
	if err := h.open(); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

func (h *home) open() error {
	var err error
	if h.top, err = openRoot(h.root, ".", h.sys); err != nil {
		return err
	}
	var stat unix.Stat_t
	if err := unix.Fstat(int(h.top.file.Fd()), &stat); err != nil {
		return err
	}
	h.owner = owner{int(stat.Uid), int(stat.Gid)}
	return h.openState()
}

// openState opens the state folder if there is one that can be trusted.
func (h *home) openState() error {
	state, err := h.top.folder(stateName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err // also of a symbolic link: what it leads to is not ours
	}
	if err := h.distrust(state); err != nil {
		state.close()
		return err
	}
	h.state = state
	return nil
}

// distrust says why what lies in the state folder can't be ours.
func (h *home) distrust(state *folder) error {
	var stat unix.Stat_t
	if err := unix.Fstat(int(state.file.Fd()), &stat); err != nil {
		return err
	}
	refuse := func(message, hint string) error {
		return patch.Problems{{File: stateName, Message: message, Hint: hint}}
	}
	switch uid := int(stat.Uid); {
	case uid != h.owner.uid && uid != os.Geteuid() && uid != 0:
		return refuse(fmt.Sprintf("belongs to user %d, who does not own the home", uid), "find out how that came; chown or remove it")
	case stat.Mode&0o022 != 0:
		return refuse(fmt.Sprintf("others may write to it: its mode is %04o", stat.Mode&0o7777), "find out how that came, look into it, and chmod it to 0700")
	}
	return nil
}

// createState makes the state folder where there is none.
func (h *home) createState() error {
	if h.state != nil && !h.owner.lacks(h.state.file) {
		return nil
	}
	if problem := h.stateRefusal(); problem != nil {
		problem.File = stateName
		return patch.Problems{problem}
	}
	if err := h.owner.mkdir(h.top, stateName); err != nil || h.state != nil {
		return err
	}
	return h.openState()
}

// removeIdleState removes the state folder where nothing is kept but the lock, which the caller holds.
func (h *home) removeIdleState() error {
	for _, name := range []string{backupsName, conflictsName} {
		if err := h.state.removeFolder(name); err != nil {
			return err
		}
	}
	names, err := h.state.names()
	if err != nil || len(names) != 1 || names[0] != lockName {
		return err
	}
	if err := h.state.remove(lockName); err != nil {
		return err
	}
	return h.top.removeFolder(stateName)
}

func (h *home) closeState() {
	if h.state != nil {
		h.state.close()
		h.state = nil
	}
}

func (h *home) close() {
	if h.lock != nil {
		h.lock.Close()
	}
	h.closeState()
	if h.top != nil {
		h.top.close()
	}
	h.root.Close()
}

// stateProblem tells of err in the state folder, if it is not one that callers look for.
func stateProblem(err error) error {
	if err == nil || errors.Is(err, ErrLocked) || errors.Is(err, ErrUnfinished) || errors.Is(err, context.Canceled) {
		return err
	}
	var problems patch.Problems
	if errors.As(err, &problems) {
		return err
	}
	p := &patch.Problem{File: stateName, Message: "cannot be used: " + patch.Reason(err)}
	if errors.Is(err, fs.ErrPermission) {
		p.Hint = "run as root, or as the owner of the home; where it is immutable, chattr -R -i it"
	}
	return patch.Problems{p}
}

// stateNames are what the state folder can hold.
func stateNames() []string {
	return []string{lockName, recordNew, recordStaging, recordCommit, recordUndo, recordDone, backupsName, conflictsName}
}

// owner is whom the state folder and all in it belong to: the owner of the home, whoever runs the program.
type owner struct{ uid, gid int }

// own gives f, which this process has made, to the owner.
func (o owner) own(sys *system, f *os.File) error {
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &stat); err != nil {
		return err
	}
	if int(stat.Uid) == o.uid {
		return nil
	}
	return sys.chown(f, o.uid, o.gid)
}

// mkdir makes a folder that only the owner can look into, durably. One that is there already will do.
func (o owner) mkdir(in *folder, name string) error {
	err := in.mkdir(name)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	made, openErr := in.folder(name)
	if openErr != nil {
		return openErr
	}
	defer made.close()
	names, readErr := made.names()
	switch existed := err != nil; {
	case readErr != nil:
		return readErr
	case existed && (len(names) > 0 || !o.lacks(made.file)):
		return nil
	// Another run may have begun in it already. But who may write here could have put another folder in its place, which must not be
	// given away.
	case slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(stateNames(), name) }):
		return fmt.Errorf("%s was replaced while it was made", made.path)
	}
	if err := o.own(in.sys, made.file); err != nil {
		return err
	}
	if err := in.sys.chmod(made.file, 0o700); err != nil { // whatever the umask is, and folders inherit
		return err
	}
	return in.sync()
}

// lacks reports whether f was made by a run like this one that was killed before it gave it to the owner.
func (o owner) lacks(f *os.File) bool {
	var stat unix.Stat_t
	return unix.Fstat(int(f.Fd()), &stat) == nil && int(stat.Uid) == os.Geteuid() && int(stat.Uid) != o.uid
}

// create writes a file that only the owner can read. Its content is durable then, its name is not yet.
func (o owner) create(in *folder, name string, data []byte) error {
	f, err := in.create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := o.own(in.sys, f); err != nil {
		return err
	}
	if err := in.sys.write(f, data); err != nil {
		return err
	}
	return in.sys.sync(f)
}
