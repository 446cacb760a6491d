package txn

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// file is a file of a run, in the folder that holds it and the one beside it.
type file struct {
	recordFile
	folder *folder
	inode  uint64 // of what was read; 0 where that is not known any more
}

// version is what stands at a name.
type version int

const (
	absent  version = iota
	isOld           // what was read
	isNew           // what is to be written
	foreign         // anything else: somebody else's
)

// target is what stands at the file's own name. Where its content is new, a change of its metadata came later.
func (f *file) target() (version, error) {
	v, have, err := f.at(f.Base)
	if v == foreign && have.Content == f.New.Content && f.New.Content != f.Old.Content {
		v = isNew
	}
	return v, err
}

// beside is what stands beside it.
func (f *file) beside() (version, error) {
	v, _, err := f.at(f.Temp)
	return v, err
}

func (f *file) at(name string) (version, Fingerprint, error) {
	opened, err := f.folder.open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return absent, Fingerprint{}, nil
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.ENXIO): // a symbolic link, a socket
		return foreign, Fingerprint{}, nil
	case errors.Is(err, fs.ErrPermission) && f.othersMode(name):
		return foreign, Fingerprint{}, nil
	case err != nil:
		return foreign, Fingerprint{}, err
	}
	defer opened.Close()
	var stat unix.Stat_t
	if err := unix.Fstat(int(opened.Fd()), &stat); err != nil {
		return foreign, Fingerprint{}, err
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFREG || stat.Size > maxFileSize {
		return foreign, Fingerprint{}, nil
	}
	have, err := fingerprintOf(opened)
	switch {
	case err != nil:
		return foreign, have, err
	case stat.Nlink > 1: // somebody has given it another name, from which to replace it would separate it
		return foreign, have, nil
	case have == f.Old && (f.inode == 0 || f.inode == stat.Ino):
		return isOld, have, nil
	case have == f.New:
		return isNew, have, nil
	}
	return foreign, have, nil
}

// othersMode reports whether what can't be opened has an owner or a mode that we did not give it.
func (f *file) othersMode(name string) bool {
	stat, err := f.folder.stat(name)
	mode := metadata{mode: stat.Mode & 0o7777, uid: int(stat.Uid), gid: int(stat.Gid)}.fingerprint("")
	same := func(p Fingerprint) bool { return p.Mode == mode.Mode && p.UID == mode.UID && p.GID == mode.GID }
	return err == nil && !same(f.Old) && !same(f.New)
}

// both are what stands at its own name and beside it.
func (f *file) both() (target, beside version, err error) {
	if target, err = f.target(); err != nil {
		return target, foreign, err
	}
	beside, err = f.beside()
	return target, beside, err
}

// swap exchanges the file and what is beside it.
func (f *file) swap() error { return f.folder.exchange(f.Temp, f.Base) }

// swapIn gives the file its new content, unless it has that. Where it is not as it was read, the error is a [conflict]; what was
// exchanged in the end is for [file.swapped] to look at.
func (f *file) swapIn() error {
	target, beside, err := f.both()
	switch {
	case err != nil:
		return f.unreadable(err)
	case target == isNew && (beside == isOld || beside == absent):
		return nil
	case target != isOld || beside != isNew:
		return f.conflict()
	}
	if err := f.swap(); err != nil {
		return f.failed("cannot replace it", exchangeError(err))
	}
	return nil
}

// swapped checks that what the exchange has displaced is what was read, and what it has put there what was staged. Else somebody has
// changed one of them just before that, or has had it open and has written to it since.
func (f *file) swapped() error {
	target, beside, err := f.both()
	switch {
	case err != nil:
		return f.unreadable(err)
	case target != isNew || beside != isOld && beside != absent:
		return f.conflict()
	}
	return nil
}

// swapOut gives the file back what it was before, or what somebody else had put there meanwhile. Where that is not beside it any
// more, restore puts it there.
func (f *file) swapOut(restore func() error) error {
	target, beside, err := f.both()
	if err != nil {
		return f.unreadable(err)
	}
	if target != isNew {
		return nil
	}
	if beside == absent || beside == isNew {
		if err := restore(); err != nil {
			return f.failed("cannot put back from the backup", err)
		}
	}
	if err := f.swap(); err != nil {
		return f.failed("cannot put back", exchangeError(err))
	}
	return nil
}

func (f *file) failed(what string, err error) error {
	return patch.Problems{{File: f.Path, Message: what + ": " + patch.Reason(err)}}
}

// readError says that it is not known what stands at a file.
type readError struct{ patch.Problems }

func (e *readError) Unwrap() error { return e.Problems }

func (f *file) unreadable(err error) error {
	return &readError{patch.Problems{{File: f.Path, Message: "cannot read: " + patch.Reason(err)}}}
}

// conflict is the error of a run that has found a change by somebody else.
type conflict struct{ patch.Problems }

func (e *conflict) Unwrap() error { return e.Problems }

func (f *file) conflict() error {
	return &conflict{patch.Problems{{File: f.Path, Message: "changed by somebody else since it was read", Hint: "run the command again"}}}
}

// exchangeError says why two files can't be exchanged.
func exchangeError(err error) error {
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ENOTSUP) {
		return fmt.Errorf("the file system can't exchange files (RENAME_EXCHANGE), and without that none can be replaced safely: %w", err)
	}
	return err
}
