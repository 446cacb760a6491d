package product

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// Below is the real path of what lies at path below root. Links are followed as where root is /, so that none leads out of it.
func Below(root, path string) (string, error) {
	top, err := unix.Open(root, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	defer unix.Close(top)
	found, err := openBelow(top, path)
	if err != nil {
		return "", err
	}
	defer unix.Close(found)
	realTop, err := pathOf(top)
	if err != nil {
		return "", err
	}
	real, err := pathOf(found)
	if err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(realTop, real); err != nil || !filepath.IsLocal(rel) { // it was moved meanwhile
		return "", fs.ErrNotExist
	}
	return real, nil
}

func openBelow(top int, path string) (int, error) {
	how := unix.OpenHow{Flags: unix.O_PATH | unix.O_CLOEXEC, Resolve: unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_MAGICLINKS}
	for {
		found, err := unix.Openat2(top, path, &how)
		switch {
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR): // something was renamed meanwhile
			continue
		case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EPERM):
			return 0, errors.New("the kernel can't, or may not, follow links inside a folder (openat2, since Linux 5.6)")
		}
		return found, err
	}
}

func pathOf(fd int) (string, error) { return os.Readlink("/proc/self/fd/" + strconv.Itoa(fd)) }

// tree is where homes are looked for: below the real path of a folder that is / to them, or anywhere where it is "".
type tree string

// real is the path itself, or one without links where there is a folder that they must not lead out of.
func (t tree) real(path string) (string, error) {
	if t == "" {
		return path, nil
	}
	rel, err := filepath.Rel(string(t), path)
	if err != nil || !filepath.IsLocal(rel) {
		return "", fs.ErrNotExist
	}
	return Below(string(t), rel)
}

// shown is the path as those know it to whom the tree is all there is.
func (t tree) shown(path string) string {
	rel, err := filepath.Rel(string(t), path)
	if t == "" || err != nil {
		return path
	}
	return filepath.Join("/", rel)
}

func (t tree) stat(path string) (fs.FileInfo, error) {
	real, err := t.real(path)
	if err != nil {
		return nil, err
	}
	return os.Stat(real)
}

func (t tree) isDir(path string) bool {
	info, err := t.stat(path)
	return err == nil && info.IsDir()
}

// lies reports whether there is anything of that name. That it is no file is told when it is read.
func (t tree) lies(path string) bool {
	folder, err := t.real(filepath.Dir(path))
	if err != nil {
		return false
	}
	_, err = os.Lstat(filepath.Join(folder, filepath.Base(path)))
	return err == nil
}
