package product

import (
	"errors"
	"io"
	"os"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// maxFile is more than the largest file that xmlops takes, in bytes.
const maxFile = 17 << 20

// Has reports whether there is a file at path, slash-separated and relative to the home.
func (h *Home) Has(path string) bool { return exists(h.Dir, path) }

// Document reads the XML file at path, slash-separated and relative to the home. The error is [patch.Problems].
func (h *Home) Document(path string) (*xmlops.Document, error) {
	src, err := h.readFile(path)
	if err != nil {
		return nil, refuse(path, "", "can't read the file: %s", patch.Reason(err))
	}
	doc, err := xmlops.Parse(src)
	if e := (*xmlops.Error)(nil); errors.As(err, &e) {
		return nil, patch.Problems{{File: path, Line: e.Line, Column: e.Column, Message: e.Msg, Hint: e.Hint}}
	}
	return doc, err
}

// readFile reads a file, and no other by way of a symbolic link that leads out of the home.
func (h *Home) readFile(path string) ([]byte, error) {
	root, err := os.OpenRoot(h.Dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
	}
	f, err := root.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile))
}
