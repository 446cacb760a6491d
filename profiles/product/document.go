package product

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// maxFile is the size in bytes of the largest file that xmlops takes.
const maxFile = xmlops.MaxSize

// Has reports whether there is a file at path, slash-separated and relative to the home.
func (h *Home) Has(path string) bool {
	if _, ok := h.Files[path]; ok || h.Dir == "" {
		return ok
	}
	info, err := tree(h.Root).stat(filepath.Join(h.Dir, path))
	return err == nil && info.Mode().IsRegular()
}

// lies reports whether anything lies at path, slash-separated and relative to the home: also what is no file, or a link that leads to
// none.
func (h *Home) lies(path string) bool {
	_, ok := h.Files[path]
	return ok || h.Dir != "" && tree(h.Root).lies(filepath.Join(h.Dir, path))
}

// HasFolder reports whether there is a folder at path, slash-separated and relative to the home.
func (h *Home) HasFolder(path string) bool {
	for name := range h.Files {
		if strings.HasPrefix(name, path+"/") {
			return true
		}
	}
	return h.Dir != "" && tree(h.Root).isDir(filepath.Join(h.Dir, path))
}

// Names are the names of what lies in the folder at path, slash-separated and relative to the home, in order; none where it is not there.
func (h *Home) Names(path string) []string {
	var names []string
	if folder, err := tree(h.Root).real(filepath.Join(h.Dir, path)); h.Dir != "" && err == nil {
		entries, _ := os.ReadDir(folder)
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	for file := range h.Files {
		if below, ok := strings.CutPrefix(file, path+"/"); ok {
			name, _, _ := strings.Cut(below, "/")
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Document reads the XML file at path, slash-separated and relative to the home. The error is [patch.Problems].
func (h *Home) Document(path string) (*xmlops.Document, error) {
	_, doc, err := h.parse(path)
	return doc, err
}

// parse is [Home.Document] with the bytes of the file.
func (h *Home) parse(path string) ([]byte, *xmlops.Document, error) {
	src, err := h.Read(path)
	if err != nil {
		return nil, nil, err
	}
	doc, err := xmlops.Parse(src)
	if err != nil {
		return nil, nil, Unreadable(path, err)
	}
	return src, doc, nil
}

// Unreadable tells of the file at path, about which err is an [*xmlops.Error]. It returns [patch.Problems].
func Unreadable(path string, err error) error {
	e := &xmlops.Error{Msg: err.Error()}
	errors.As(err, &e)
	return patch.Problems{{File: path, Line: e.Line, Column: e.Column, Message: e.Msg, Hint: e.Hint}}
}

// Read returns the bytes of the file at path, slash-separated and relative to the home. The error is [patch.Problems].
func (h *Home) Read(path string) ([]byte, error) {
	src, err := h.readFile(path, maxFile)
	if err != nil {
		return nil, patch.Problems{patch.CannotRead(path, err)}
	}
	return src, nil
}

// readFile reads a file, and no other by way of a symbolic link that leads out of the home.
func (h *Home) readFile(path string, limit int) ([]byte, error) {
	if src, ok := h.Files[path]; ok {
		return src, nil
	}
	if h.Dir == "" {
		return nil, fs.ErrNotExist
	}
	root, err := os.OpenRoot(h.Dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	src, _, err := patch.ReadRegular(root, path, limit)
	return src, err
}

// Values are what a selector finds; nothing where it was put together of what can't stand in one.
func Values(doc *xmlops.Document, selector string) []xmlops.Value {
	sel, err := xmlops.ParseSelector(selector)
	if err != nil {
		return nil
	}
	return doc.Find(sel)
}

// FirstText is the text of the first place that a selector finds, without blanks around it, or "".
func FirstText(doc *xmlops.Document, selector string) string {
	if found := Values(doc, selector); len(found) > 0 {
		return strings.TrimSpace(found[0].Text)
	}
	return ""
}
