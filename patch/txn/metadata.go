package txn

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// metadata is all that a file is besides its content and its times.
type metadata struct {
	mode       uint32 // permissions, with setuid and the like
	uid, gid   int
	attributes map[string][]byte // labels, capabilities, the POSIX access list, and what users added
}

func readMetadata(f *os.File) (metadata, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &stat); err != nil {
		return metadata{}, err
	}
	attributes, err := readAttributes(f)
	return metadata{stat.Mode & 0o7777, int(stat.Uid), int(stat.Gid), attributes}, err
}

// difference names what of m another file would have differently, or is "".
func (m metadata) difference(other metadata) string {
	switch {
	case m.uid != other.uid || m.gid != other.gid:
		return fmt.Sprintf("owner %d:%d", m.uid, m.gid)
	case m.mode != other.mode:
		return fmt.Sprintf("mode %04o", m.mode)
	}
	for _, name := range slices.Sorted(maps.Keys(m.attributes)) {
		if value, ok := other.attributes[name]; !ok || !bytes.Equal(value, m.attributes[name]) {
			return "extended attribute " + name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(other.attributes)) {
		if _, ok := m.attributes[name]; !ok {
			return "lack of the extended attribute " + name
		}
	}
	return ""
}

// give makes m the metadata of f, which belongs to nobody else yet: owner, attributes and mode, in this order, since a change of the
// owner clears mode bits and capabilities. What f has already is not set: a label can be right without the right to set it.
func (m metadata) give(sys *system, f *os.File) error {
	have, err := readMetadata(f)
	if err != nil {
		return err
	}
	if have.uid != m.uid || have.gid != m.gid {
		if err := sys.chown(f, m.uid, m.gid); err != nil {
			return fmt.Errorf("cannot keep its owner %d:%d: %w", m.uid, m.gid, err)
		}
		if have, err = readMetadata(f); err != nil {
			return err
		}
	}
	if err := m.giveAttributes(sys, f, have); err != nil {
		return err
	}
	if err := sys.chmod(f, m.mode); err != nil {
		return fmt.Errorf("cannot keep its mode %04o: %w", m.mode, err)
	}
	if have, err = readMetadata(f); err != nil {
		return err
	}
	if lost := m.difference(have); lost != "" {
		return errors.New("cannot keep its " + lost)
	}
	return nil
}

func (m metadata) giveAttributes(sys *system, f *os.File, have metadata) error {
	for _, name := range slices.Sorted(maps.Keys(have.attributes)) {
		if _, ok := m.attributes[name]; ok {
			continue
		}
		if err := sys.removeAttribute(f, name); err != nil {
			return fmt.Errorf("cannot be without the extended attribute %s: %w", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.attributes)) {
		if old, ok := have.attributes[name]; ok && bytes.Equal(old, m.attributes[name]) {
			continue
		}
		if err := sys.setAttribute(f, name, m.attributes[name]); err != nil {
			return fmt.Errorf("cannot keep its extended attribute %s: %w", name, err)
		}
	}
	return nil
}

func readAttributes(f *os.File) (map[string][]byte, error) {
	fd := int(f.Fd())
	names, err := grow(func(buffer []byte) (int, error) { return unix.Flistxattr(fd, buffer) })
	if errors.Is(err, unix.ENOTSUP) {
		return nil, nil
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

// Fingerprint tells one state of a file from another, and holds nothing of it.
type Fingerprint struct {
	Content    string `json:"content"` // SHA-256 of the whole file
	Mode       string `json:"mode"`    // octal
	UID        int    `json:"uid"`
	GID        int    `json:"gid"`
	Attributes string `json:"attributes,omitempty"` // SHA-256 of the extended attributes; "" for none
}

func (m metadata) fingerprint(content string) Fingerprint {
	p := Fingerprint{Content: content, Mode: fmt.Sprintf("%04o", m.mode), UID: m.uid, GID: m.gid}
	if len(m.attributes) > 0 {
		sum := sha256.New()
		for _, name := range slices.Sorted(maps.Keys(m.attributes)) {
			io.WriteString(sum, strconv.Quote(name)+strconv.Quote(string(m.attributes[name])))
		}
		p.Attributes = sumText(sum)
	}
	return p
}

// fingerprintOf reads the whole of f.
func fingerprintOf(f *os.File) (Fingerprint, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return Fingerprint{}, err
	}
	m, err := readMetadata(f)
	return m.fingerprint(sumText(sum)), err
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func sumText(sum hash.Hash) string { return hex.EncodeToString(sum.Sum(nil)) }
