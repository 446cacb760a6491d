package patch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode"
)

// maxFileSize is the most that the readers of these files are known to take.
const maxFileSize = 16 << 20

// reader reads files of a home, none of them twice.
type reader struct {
	root *os.Root
	seen []seenFile
}

type seenFile struct {
	path string
	info fs.FileInfo
}

// read returns the first of paths that exists, with its content; "" where none does.
func (r *reader) read(paths []string) (string, []byte, *Problem) {
	for _, name := range paths {
		if !filepath.IsLocal(name) || strings.ContainsFunc(name, Unprintable) {
			return "", nil, &Problem{File: printable(name), Message: "not a path below the home"}
		}
		if Reserved(name) {
			return "", nil, &Problem{File: name, Message: "carbonpatch keeps that for itself"}
		}
		src, info, problem := readFile(r.root, name)
		if problem != nil {
			return "", nil, problem
		}
		if info == nil {
			continue
		}
		for _, other := range r.seen {
			if os.SameFile(other.info, info) {
				return "", nil, &Problem{File: name, Message: "the same file as " + other.path, Hint: "put its operations under one path"}
			}
		}
		name = path.Clean(name)
		r.seen = append(r.seen, seenFile{name, info})
		return name, src, nil
	}
	return "", nil, nil
}

// Unprintable are the characters that no name of a file in a home may hold: they could change what a terminal or a diff shows.
func Unprintable(r rune) bool { return r == '\\' || !unicode.IsPrint(r) }

func printable(name string) string { return strings.Trim(fmt.Sprintf("%q", name), `"`) }

// Reserved reports whether a slash-separated path below a home leads to what this program keeps there for itself.
func Reserved(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool { return strings.HasSuffix(part, ".carbonpatch") })
}

// readFile reads a file below root. Without a file all that it returns is nil.
func readFile(root *os.Root, name string) ([]byte, fs.FileInfo, *Problem) {
	src, info, err := ReadRegular(root, name, maxFileSize)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, nil
	case err != nil:
		return nil, nil, CannotRead(name, err)
	}
	return src, info, nil
}

var (
	errNotRegular = errors.New("it is not a regular file")
	errFolder     = fmt.Errorf("%w", errNotRegular)
)

// tooLargeError is about a file that is larger than so many bytes.
type tooLargeError int

func (limit tooLargeError) Error() string {
	if limit < 1<<20 {
		return fmt.Sprintf("it is larger than %d KiB", limit>>10)
	}
	return fmt.Sprintf("it is larger than %d MB", limit>>20)
}

// Files opens files by their names: an [os.Root] those below it, [AnyFile] all.
type Files interface {
	Stat(name string) (fs.FileInfo, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
}

// AnyFile are the files that the process can open.
type AnyFile struct{}

func (AnyFile) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

func (AnyFile) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// ReadRegular reads a regular file of at most limit bytes, whose name somebody else may have chosen. It looks before it opens, since a device may act when it is opened, and again after that; what has taken the file's place
// meanwhile does not hold it up.
func ReadRegular(files Files, name string, limit int) ([]byte, fs.FileInfo, error) {
	info, err := files.Stat(name)
	if err == nil {
		err = checkReadable(info, limit)
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := files.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err == nil {
		err = checkReadable(info, limit)
	}
	if err != nil {
		return nil, nil, err
	}
	src := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	n, err := src.ReadFrom(io.LimitReader(f, int64(limit)+1)) // those of the kernel have no size
	if err == nil && n > int64(limit) {
		err = tooLargeError(limit)
	}
	return src.Bytes(), info, err
}

func checkReadable(info fs.FileInfo, limit int) error {
	switch {
	case info.IsDir():
		return errFolder
	case !info.Mode().IsRegular():
		return errNotRegular
	case info.Size() > int64(limit):
		return tooLargeError(limit)
	}
	return nil
}
