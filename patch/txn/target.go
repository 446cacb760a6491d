package txn

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// target is a file to be replaced. It is reached through the folder that holds it, so that a path is resolved only once.
type target struct {
	path     string // in messages
	folder   *os.Root
	handle   *os.File // of folder, for what os.Root can't do
	base     string
	file     *os.File
	info     fs.FileInfo
	old      []byte
	metadata // for the new content

	staged  string // name of the file beside it that holds the new bytes, and the old ones once swapped; "" for none
	swapped bool
}

// metadata is who may do what with a file.
type metadata struct {
	mode     uint32 // permissions, with setuid and the like
	uid, gid int
}

func metadataOf(info fs.FileInfo) metadata {
	stat := info.Sys().(*syscall.Stat_t)
	return metadata{stat.Mode & 0o7777, int(stat.Uid), int(stat.Gid)}
}

// openTarget opens a file below root and reads it. Only a regular file that has no other name can be a target.
func openTarget(root *os.Root, name string) (*target, *patch.Problem) {
	t := &target{path: name}
	if err := t.open(root, name); err != nil {
		t.close()
		return nil, t.problem("cannot read: " + patch.Reason(err))
	}
	if problem := t.refusal(); problem != nil {
		t.close()
		return nil, problem
	}
	old := bytes.NewBuffer(make([]byte, 0, t.info.Size()+bytes.MinRead))
	if _, err := old.ReadFrom(t.file); err != nil {
		t.close()
		return nil, t.problem("cannot read: " + patch.Reason(err))
	}
	t.old = old.Bytes()
	return t, nil
}

func (t *target) open(root *os.Root, name string) error {
	name, err := follow(root, name)
	if err != nil {
		return err
	}
	folder, base := path.Split(name) // path.Dir would take x/.. away, though x may be a symbolic link
	t.base = base
	if t.folder, err = root.OpenRoot("./" + folder); err != nil {
		return err
	}
	if t.handle, err = t.folder.Open("."); err != nil {
		return err
	}
	if t.file, err = t.folder.OpenFile(t.base, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0); err != nil {
		return err
	}
	if t.info, err = t.file.Stat(); err != nil {
		return err
	}
	t.metadata = metadataOf(t.info)
	return nil
}

// follow replaces name by what it links to, as long as it is a symbolic link.
func follow(root *os.Root, name string) (string, error) {
	for range 40 {
		link, err := root.Readlink(name)
		if err != nil {
			return name, nil // no link, or it will fail when it is opened
		}
		if path.IsAbs(link) {
			return "", errors.New("an absolute symbolic link")
		}
		folder, _ := path.Split(name)
		name = folder + link
	}
	return "", unix.ELOOP
}

func (t *target) refusal() *patch.Problem {
	switch links := uint64(t.info.Sys().(*syscall.Stat_t).Nlink); {
	case !t.info.Mode().IsRegular():
		return t.problem("not a regular file")
	case links > 1:
		p := t.problem(fmt.Sprintf("has %d hard links, which replacing it would separate", links))
		p.Hint = "make it a file of its own first: cp -p FILE FILE.new && mv FILE.new FILE"
		return p
	}
	return nil
}

func (t *target) close() {
	if t.file != nil {
		t.file.Close()
	}
	if t.handle != nil {
		t.handle.Close()
	}
	if t.folder != nil {
		t.folder.Close()
	}
}

func (t *target) problem(message string) *patch.Problem {
	return &patch.Problem{File: t.path, Message: message}
}

// stage writes data into a new file beside the target, durably, with the metadata of t and the extended attributes of the target.
func (t *target) stage(id string, data []byte) error {
	name := "." + t.base + "." + id + ".carbonpatch"
	f, err := t.folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	t.staged = name
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := t.copyMetadata(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// copyMetadata gives f owner, attributes and mode, in this order: a change of the owner clears mode bits and capabilities.
func (t *target) copyMetadata(f *os.File) error {
	if err := chown(f, t.uid, t.gid); err != nil {
		return fmt.Errorf("cannot keep its owner %d:%d: %w", t.uid, t.gid, err)
	}
	attributes, err := readAttributes(t.file)
	if err != nil {
		return err
	}
	if err := writeAttributes(f, attributes); err != nil {
		return err
	}
	return unix.Fchmod(int(f.Fd()), t.mode)
}

// chown changes the owner of f where it is another.
func chown(f *os.File, uid, gid int) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if have := metadataOf(info); have.uid == uid && have.gid == gid {
		return nil
	}
	if err := f.Chown(uid, gid); err != nil {
		return errors.Unwrap(err)
	}
	return nil
}

// swap puts the staged file in the place of the target and the target in its place: at no moment is there none.
func (t *target) swap() error {
	fd := int(t.handle.Fd())
	if err := unix.Renameat2(fd, t.staged, fd, t.base, unix.RENAME_EXCHANGE); err != nil {
		return err
	}
	t.swapped = !t.swapped
	return nil
}

// displaced reports whether what was swapped out is what was read.
func (t *target) displaced() (bool, error) {
	f, err := t.folder.OpenFile(t.staged, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !os.SameFile(info, t.info) || metadataOf(info) != metadataOf(t.info) {
		return false, err
	}
	return holds(f, t.old)
}

// holds reports whether r gives want and nothing else. It reads piece by piece: files may be large.
func holds(r io.Reader, want []byte) (bool, error) {
	piece := make([]byte, 64<<10)
	for {
		n, err := r.Read(piece)
		if n > len(want) || !bytes.Equal(piece[:n], want[:n]) {
			return false, nil
		}
		want = want[n:]
		switch {
		case errors.Is(err, io.EOF):
			return len(want) == 0, nil
		case err != nil:
			return false, err
		}
	}
}

// sync makes what happened to the names in the folder durable.
func (t *target) sync() error { return t.handle.Sync() }
