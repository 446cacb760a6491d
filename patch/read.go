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
		if !filepath.IsLocal(name) || strings.ContainsFunc(name, unprintable) {
			return "", nil, &Problem{File: printable(name), Message: "not a path below the home"}
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

// unprintable are the characters that no name of a file may hold: they could change what a terminal or a diff shows.
func unprintable(r rune) bool { return r == '\\' || !unicode.IsPrint(r) }

func printable(name string) string { return strings.Trim(fmt.Sprintf("%q", name), `"`) }

// readFile reads a regular file below root, and looks at it before it reads. Without a file all that it returns is nil.
func readFile(root *os.Root, name string) ([]byte, fs.FileInfo, *Problem) {
	info, err := root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	fail := func(message string) ([]byte, fs.FileInfo, *Problem) {
		return nil, nil, &Problem{File: name, Message: message}
	}
	switch {
	case err != nil:
		return fail("cannot read: " + Reason(err))
	case info.IsDir():
		return fail("a directory, not a file")
	case !info.Mode().IsRegular():
		return fail("not a regular file")
	case info.Size() > maxFileSize:
		return fail(fmt.Sprintf("larger than %d MB", maxFileSize>>20))
	}
	// what takes the file's place meanwhile must not hold us up
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return fail("cannot read: " + Reason(err))
	}
	defer f.Close()
	src := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	switch n, err := src.ReadFrom(io.LimitReader(f, maxFileSize+1)); {
	case err != nil:
		return fail("cannot read: " + Reason(err))
	case n > maxFileSize:
		return fail(fmt.Sprintf("larger than %d MB", maxFileSize>>20))
	}
	return src.Bytes(), info, nil
}
