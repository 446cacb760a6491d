package txn

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// readAttributes returns the extended attributes of f: labels, capabilities, the POSIX access list, and what users added.
func readAttributes(f *os.File) (map[string][]byte, error) {
	fd := int(f.Fd())
	names, err := grow(func(buffer []byte) (int, error) { return unix.Flistxattr(fd, buffer) })
	if errors.Is(err, unix.ENOTSUP) {
		return map[string][]byte{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot list its extended attributes: %w", err)
	}
	attributes := map[string][]byte{}
	for name := range bytes.SplitSeq(bytes.TrimSuffix(names, []byte{0}), []byte{0}) {
		if len(name) == 0 {
			continue
		}
		value, err := grow(func(buffer []byte) (int, error) { return unix.Fgetxattr(fd, string(name), buffer) })
		if err != nil {
			return nil, fmt.Errorf("cannot read its extended attribute %s: %w", name, err)
		}
		attributes[string(name)] = value
	}
	return attributes, nil
}

// grow calls read with a buffer that is large enough.
func grow(read func([]byte) (int, error)) ([]byte, error) {
	for {
		size, err := read(nil)
		if err != nil || size == 0 {
			return nil, err
		}
		buffer := make([]byte, size)
		n, err := read(buffer)
		if !errors.Is(err, unix.ERANGE) { // else it grew in between
			return buffer[:max(n, 0)], err
		}
	}
}

// writeAttributes makes attributes the extended attributes of f. What f has already is not written: a label can be right without
// the right to set it.
func writeAttributes(f *os.File, attributes map[string][]byte) error {
	fd := int(f.Fd())
	have, err := readAttributes(f)
	if err != nil {
		return err
	}
	for name := range have {
		if _, ok := attributes[name]; ok {
			continue
		}
		if err := unix.Fremovexattr(fd, name); err != nil {
			return fmt.Errorf("cannot be without the extended attribute %s: %w", name, err)
		}
	}
	for name, value := range attributes {
		if old, ok := have[name]; ok && bytes.Equal(old, value) {
			continue
		}
		if err := unix.Fsetxattr(fd, name, value, 0); err != nil {
			return fmt.Errorf("cannot keep its extended attribute %s: %w", name, err)
		}
	}
	return nil
}
