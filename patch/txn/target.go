package txn

import (
	"errors"
	"os"
	"path"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// maxFileSize is the most that a file to be replaced may hold, which is more than what can be planned.
const maxFileSize = 64 << 20

// target is a file to be replaced, as it was when it was read.
type target struct {
	path     string // in messages
	folder   *folder
	base     string
	old      []byte
	inode    uint64
	metadata metadata
}

// openTarget finds a file below root and reads it. What could not be replaced by another one just like it is refused.
func openTarget(root *os.Root, name string, sys *system) (*target, *patch.Problem) {
	t := &target{path: name}
	problem := t.open(root, sys)
	if problem != nil {
		t.close()
		problem.File = name
		return nil, problem
	}
	return t, nil
}

func (t *target) open(root *os.Root, sys *system) *patch.Problem {
	name, err := follow(root, t.path)
	if err != nil {
		return cannotRead(err)
	}
	folder, base := path.Split(name) // path.Dir would take x/.. away, though x may be a symbolic link
	t.base = base
	if t.folder, err = openRoot(root, folder, sys); err != nil {
		return cannotRead(err)
	}
	f, err := t.folder.open(base)
	if err != nil {
		return cannotRead(err)
	}
	defer f.Close()
	if problem := refusal(t.folder, f); problem != nil {
		return problem
	}
	return t.read(f)
}

func (t *target) read(f *os.File) *patch.Problem {
	var stat unix.Stat_t
	err := unix.Fstat(int(f.Fd()), &stat)
	if err == nil {
		t.inode = stat.Ino
		t.metadata, err = readMetadata(f)
	}
	if err == nil {
		t.old, err = readAll(f, maxFileSize)
	}
	if err != nil {
		return cannotRead(err)
	}
	return ownerRefusal(t.metadata)
}

func cannotRead(err error) *patch.Problem {
	return &patch.Problem{Message: "cannot read: " + patch.Reason(err)}
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

func (t *target) close() {
	if t.folder != nil {
		t.folder.close()
	}
}

func (t *target) problem(message string) *patch.Problem {
	return &patch.Problem{File: t.path, Message: message}
}
