package txn

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"

	"github.com/carbonpatch/carbonpatch/patch"
)

// WriteFile replaces a single file, anywhere, as [Lock.Apply] replaces those of a home: owner, mode and extended attributes
// stay, and nobody sees half of it. A symbolic link stays, too: what it leads to is replaced. It keeps no backup. Before is what was
// read; equal content is not written.
func WriteFile(path string, before, after []byte) error {
	if bytes.Equal(before, after) {
		return nil
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return patch.Problems{{File: path, Message: "cannot read: " + patch.Reason(err)}}
	}
	root, err := os.OpenRoot(filepath.Dir(real))
	if err != nil {
		return patch.Problems{{File: path, Message: "cannot read: " + patch.Reason(err)}}
	}
	defer root.Close()
	t, problem := openTarget(root, filepath.Base(real), &system{})
	if problem != nil {
		problem.File = path
		return patch.Problems{problem}
	}
	defer t.close()
	t.path = path
	if !bytes.Equal(t.old, before) {
		return patch.Problems{changedSince(t)}
	}
	return edit{t, after, t.metadata}.write()
}

// write replaces a file that belongs to no home, so that there is no record of it.
func (e edit) write() error {
	f := e.file()
	if err := stage(e.folder, f.Temp, e.data, e.metadata); err != nil {
		return errors.Join(f.failed("cannot write", err), e.folder.remove(f.Temp))
	}
	err := f.swapIn()
	if err == nil {
		err = f.swapped()
	}
	if err != nil {
		err = errors.Join(err, f.swapOut(func() error { return errors.New("what was there is gone") }))
	}
	if failure := f.removeOurs(); failure != nil {
		err = errors.Join(err, f.failed("cannot remove what was put beside it", failure))
	}
	if failure := e.folder.sync(); failure != nil {
		err = errors.Join(err, f.failed("cannot be written to disk", failure))
	}
	return err
}

// removeOurs removes what is beside the file, unless somebody else has put it there.
func (f *file) removeOurs() error {
	if beside, err := f.beside(); err != nil || beside == foreign {
		return err
	}
	return f.folder.remove(f.Temp)
}
