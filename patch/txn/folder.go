package txn

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// folder is a directory that is held open. What is done in it goes by its descriptor and by names without a slash, and follows no
// symbolic link, so that nobody can lead it elsewhere.
type folder struct {
	path string // in messages
	file *os.File
	sys  *system
}

// openRoot opens the folder of a root. Its path stays as it is: x/.. is not nothing where x is a symbolic link.
func openRoot(root *os.Root, name string, sys *system) (*folder, error) {
	sub, err := root.OpenRoot("./" + name)
	if err != nil {
		return nil, err
	}
	defer sub.Close()
	f, err := sub.Open(".")
	if err != nil {
		return nil, err
	}
	return &folder{cmp.Or(strings.TrimSuffix(name, "/"), "."), f, sys}, nil
}

func (d *folder) close() { d.file.Close() }

// at is the descriptor, if name is one of the folder itself.
func (d *folder) at(name string) (int, error) {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") {
		return -1, fmt.Errorf("%q is not the name of a file", name)
	}
	return int(d.file.Fd()), nil
}

func (d *folder) openAt(name string, flags int, mode uint32) (*os.File, error) {
	at, err := d.at(name)
	if err != nil {
		return nil, err
	}
	var fd int
	open := func() (err error) {
		fd, err = unix.Openat(at, name, flags|unix.O_NOFOLLOW|unix.O_CLOEXEC, mode)
		return err
	}
	if flags&unix.O_CREAT != 0 {
		err = d.sys.do("openat", name, open)
	} else {
		err = (&system{}).do("openat", name, open)
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), path.Join(d.path, name)), nil
}

// open opens a file for reading. It waits for nobody, whatever it finds.
func (d *folder) open(name string) (*os.File, error) {
	return d.openAt(name, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
}

// create makes a file that only its owner can read. There must be none of the name.
func (d *folder) create(name string) (*os.File, error) {
	return d.openAt(name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL, 0o600)
}

// folder opens a folder in d.
func (d *folder) folder(name string) (*folder, error) {
	f, err := d.openAt(name, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	return &folder{path.Join(d.path, name), f, d.sys}, nil
}

func (d *folder) stat(name string) (stat unix.Stat_t, err error) {
	at, err := d.at(name)
	if err != nil {
		return stat, err
	}
	return stat, unix.Fstatat(at, name, &stat, unix.AT_SYMLINK_NOFOLLOW)
}

// has reports whether there is anything of the name.
func (d *folder) has(name string) (bool, error) {
	_, err := d.stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// names are sorted.
func (d *folder) names() ([]string, error) {
	f, err := d.openAgain()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

// openAgain opens the folder anew, to be read from its beginning.
func (d *folder) openAgain() (*os.File, error) {
	fd, err := unix.Openat(int(d.file.Fd()), ".", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), d.path), nil
}

func (d *folder) mkdir(name string) error {
	at, err := d.at(name)
	if err != nil {
		return err
	}
	return d.sys.do("mkdirat", name, func() error { return unix.Mkdirat(at, name, 0o700) })
}

// remove removes a file; one that is not there is no error.
func (d *folder) remove(name string) error { return d.unlink(name, 0) }

// removeFolder removes an empty folder; one that is not there is no error.
func (d *folder) removeFolder(name string) error { return d.unlink(name, unix.AT_REMOVEDIR) }

func (d *folder) unlink(name string, flags int) error {
	at, err := d.at(name)
	if err != nil {
		return err
	}
	// a read-only file system says so even of what is not there
	if there, err := d.has(name); !there {
		return err
	}
	return d.sys.do("unlinkat", name, func() error { return unix.Unlinkat(at, name, flags) })
}

// removeAll removes what has the name, with all that is in it; what is not there is no error.
func (d *folder) removeAll(name string) error {
	stat, err := d.stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case stat.Mode&unix.S_IFMT != unix.S_IFDIR:
		return d.remove(name)
	}
	sub, err := d.folder(name)
	if err != nil {
		return err
	}
	defer sub.close()
	names, err := sub.names()
	if err != nil {
		return err
	}
	for _, inner := range names {
		if err := sub.removeAll(inner); err != nil {
			return err
		}
	}
	return d.removeFolder(name)
}

func (d *folder) rename(from, to string) error { return d.renameInto(from, d, to) }

// renameInto never replaces anything.
func (d *folder) renameInto(from string, other *folder, to string) error {
	return d.rename2(from, other, to, unix.RENAME_NOREPLACE)
}

// exchange gives two files each other's name: at no moment is there none of either name.
func (d *folder) exchange(a, b string) error { return d.rename2(a, d, b, unix.RENAME_EXCHANGE) }

func (d *folder) rename2(from string, other *folder, to string, flags uint) error {
	fromAt, err := d.at(from)
	if err != nil {
		return err
	}
	toAt, err := other.at(to)
	if err != nil {
		return err
	}
	return d.sys.do("renameat2", from, func() error { return unix.Renameat2(fromAt, from, toAt, to, flags) })
}

// sync makes the names in the folder durable.
func (d *folder) sync() error { return d.sys.syncFolder(d.file) }

// isName reports whether name is one of f.
func (d *folder) isName(name string, f *os.File) (bool, error) {
	byName, err := d.stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	var held unix.Stat_t
	if err == nil {
		err = unix.Fstat(int(f.Fd()), &held)
	}
	return err == nil && byName.Dev == held.Dev && byName.Ino == held.Ino, err
}

// isAt reports whether a path below root leads to d.
func (d *folder) isAt(root *os.Root, name string) (bool, error) {
	there, err := root.Stat("./" + name)
	if err != nil {
		return false, err
	}
	held, err := d.file.Stat()
	return err == nil && os.SameFile(there, held), err
}

// leadsElsewhere reports whether err says that a path leads to something else than before, and not that it can't be known.
func leadsElsewhere(err error) bool {
	for _, elsewhere := range []error{fs.ErrNotExist, unix.ENOTDIR, unix.ELOOP} {
		if errors.Is(err, elsewhere) {
			return true
		}
	}
	return err != nil && patch.Reason(err) == patch.ErrLeadsOut.Error()
}

// plainFile refuses what is not a regular file, or has another name elsewhere.
func plainFile(f *os.File) error {
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &stat); err != nil {
		return err
	}
	switch {
	case stat.Mode&unix.S_IFMT != unix.S_IFREG:
		return errNotRegular
	case stat.Nlink > 1:
		return fmt.Errorf("has %d hard links", stat.Nlink)
	}
	return nil
}

var errNotRegular = errors.New("not a regular file")

// read returns the content of a file that has no other name and at most limit bytes.
func (d *folder) read(name string, limit int64) ([]byte, error) {
	f, err := d.open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := plainFile(f); err != nil {
		return nil, err
	}
	return readAll(f, limit)
}

func readAll(f *os.File, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		return nil, fmt.Errorf("larger than %d MB", limit>>20)
	}
	return data, err
}
