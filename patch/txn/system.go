package txn

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// system makes every call that changes what is on disk.
type system struct {
	// before is nil but in tests. It is asked ahead of each call; its error is that of the call, which is not made then.
	before func(call, name string) error
}

// maxInterrupts bounds how often a call is made again because a signal came.
const maxInterrupts = 1000

func (s *system) do(call, name string, f func() error) error {
	if s.before != nil {
		if err := s.before(call, name); err != nil {
			return err
		}
	}
	var err error
	for range maxInterrupts {
		if err = f(); !errors.Is(err, unix.EINTR) {
			break
		}
	}
	return err
}

// write writes all of data.
func (s *system) write(f *os.File, data []byte) error {
	return s.do("write", f.Name(), func() error {
		for len(data) > 0 {
			n, err := unix.Write(int(f.Fd()), data)
			if err != nil {
				return err
			}
			data = data[n:]
		}
		return nil
	})
}

// sync makes the content of a file durable. It must not be tried again where it failed: the system takes the pages that it
// could not write for written then.
func (s *system) sync(f *os.File) error {
	if !syncsFiles {
		return nil
	}
	return s.do("fsync", f.Name(), func() error { return unix.Fsync(int(f.Fd())) })
}

// syncFolder makes the names in a folder durable.
func (s *system) syncFolder(f *os.File) error {
	if !syncsFolders {
		return nil
	}
	return s.do("fsync", f.Name(), func() error { return unix.Fsync(int(f.Fd())) })
}

func (s *system) chown(f *os.File, uid, gid int) error {
	return s.do("fchown", f.Name(), func() error { return unix.Fchown(int(f.Fd()), uid, gid) })
}

func (s *system) chmod(f *os.File, mode uint32) error {
	return s.do("fchmod", f.Name(), func() error { return unix.Fchmod(int(f.Fd()), mode) })
}

func (s *system) setAttribute(f *os.File, name string, value []byte) error {
	return s.do("fsetxattr", f.Name(), func() error { return unix.Fsetxattr(int(f.Fd()), name, value, 0) })
}

func (s *system) removeAttribute(f *os.File, name string) error {
	return s.do("fremovexattr", f.Name(), func() error { return unix.Fremovexattr(int(f.Fd()), name) })
}
