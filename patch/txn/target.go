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
	device   uint64
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
	folder, base, err := place(root, t.path)
	if err != nil {
		return cannotRead(err)
	}
	t.base = base
	if t.folder, err = openRoot(root, folder, sys); err != nil {
		return cannotRead(err)
	}
	f, err := t.folder.open(base)
	if errors.Is(err, unix.ENXIO) { // a socket
		return notRegular()
	}
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
		t.inode, t.device = stat.Ino, stat.Dev
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

func cannotRead(err error) *patch.Problem { return patch.CannotRead("", err) }

// place finds the folder and the name in it of a file, which may be a symbolic link.
func place(root *os.Root, name string) (folder, base string, err error) {
	for range 40 {
		folder, base = path.Split(name) // path.Dir would take x/.. away, though x may be a symbolic link
		link, err := root.Readlink(name)
		if errors.Is(err, unix.EINVAL) { // no link
			return folder, base, nil
		}
		if err != nil {
			return "", "", err
		}
		if path.IsAbs(link) {
			return "", "", patch.ErrLeadsOut
		}
		name = folder + link
	}
	return "", "", unix.ELOOP
}

// sameFiles tells of targets that are one and the same file by way of links: only one of them could have its way.
func sameFiles(edits []edit) patch.Problems {
	var problems patch.Problems
	for i, e := range edits {
		for _, other := range edits[:i] {
			if e.inode == other.inode && e.device == other.device {
				p := e.problem("the same file as " + other.path)
				p.Hint = "make them two files again"
				problems = append(problems, p)
			}
		}
	}
	return problems
}

func (t *target) close() {
	if t.folder != nil {
		t.folder.close()
	}
}

func (t *target) problem(message string) *patch.Problem {
	return &patch.Problem{File: t.path, Message: message}
}
