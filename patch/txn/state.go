package txn

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// stateName is the folder of a home that holds what this package keeps.
const stateName = ".carbonpatch"

// home is a home that is being written, or looked at.
type home struct {
	root  *os.Root
	state *os.Root // nil where there is none
	lock  *os.File // nil where it is only looked at
	owner owner
}

// openHome opens a home to look at it.
func openHome(dir string) (*home, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, patch.Problems{{File: dir, Message: "cannot open the home: " + patch.Reason(err)}}
	}
	h := &home{root: root}
	if err := h.open(); err != nil {
		h.close()
		return nil, stateProblem(err)
	}
	return h, nil
}

func (h *home) open() error {
	info, err := h.root.Stat(".")
	if err != nil {
		return err
	}
	m := metadataOf(info)
	h.owner = owner{m.uid, m.gid}
	info, err = h.root.Lstat(stateName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return unix.ENOTDIR // also a symbolic link: what it leads to is not ours
	}
	h.state, err = h.root.OpenRoot(stateName)
	return err
}

func (h *home) createState() error {
	if err := h.owner.mkdir(h.root, stateName); err != nil {
		return err
	}
	var err error
	h.state, err = h.root.OpenRoot(stateName)
	return err
}

func (h *home) close() {
	if h.lock != nil {
		h.lock.Close()
	}
	if h.state != nil {
		h.state.Close()
	}
	h.root.Close()
}

// stateProblem tells of err in the state folder, if it is not one that callers look for.
func stateProblem(err error) error {
	if errors.Is(err, ErrLocked) || errors.Is(err, context.Canceled) {
		return err
	}
	var problems patch.Problems
	if errors.As(err, &problems) {
		return err
	}
	return patch.Problems{{File: stateName, Message: "cannot be used: " + patch.Reason(err)}}
}

// owner is whom the state folder and all in it belong to: the owner of the home, whoever runs the program.
type owner struct{ uid, gid int }

// own gives f to the owner.
func (o owner) own(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if metadataOf(info).uid == o.uid {
		return nil
	}
	return f.Chown(o.uid, o.gid)
}

// mkdir makes a folder that only the owner can look into, durably. One that is there already will do.
func (o owner) mkdir(root *os.Root, name string) error {
	err := root.Mkdir(name, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	f, err := root.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := o.own(f); err != nil {
		return err
	}
	if err := f.Chmod(0o700); err != nil { // whatever the umask is
		return err
	}
	return syncFolder(root)
}

// create writes a file that only the owner can read, durably. There must be none of the name.
func (o owner) create(root *os.Root, name string, data []byte) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := o.own(f); err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// syncFolder makes the names in a folder durable.
func syncFolder(root *os.Root) error {
	f, err := root.Open(".")
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
