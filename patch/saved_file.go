package patch

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// What the file of a [SavedPlan] may have, so that one that was made to hurt takes little time and memory.
const (
	maxSaved        = 4 << 20 // bytes
	maxSavedEntries = 20_000  // braces, of which each change has one
)

var errTooLarge = errors.New("more than")

func tooLarge(data []byte) error {
	switch {
	case len(data) > maxSaved:
		return fmt.Errorf("%w %d MB", errTooLarge, maxSaved>>20)
	case bytes.Count(data, []byte("{")) > maxSavedEntries:
		return fmt.Errorf("%w %d entries", errTooLarge, maxSavedEntries)
	}
	return nil
}

// encode is the one text of s.
func (s *SavedPlan) encode() []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(s); err != nil {
		panic(err) // all that it holds can be encoded
	}
	return text.Bytes()
}

// errForeign is the error of a file that must not be lost.
var errForeign = errors.New("there is a file that is no saved plan")

// WriteFile writes s to a file that only its owner can read, whole or not at all. One of that name is replaced if it holds a saved plan or
// nothing: a symbolic link is not followed.
func (s *SavedPlan) WriteFile(name string) error {
	text := s.encode()
	if err := tooLarge(text); err != nil {
		return Problems{{File: name, Message: "the plan is too large to be saved: " + err.Error()}}
	}
	err := writePrivate(name, text)
	switch {
	case errors.Is(err, errForeign):
		return Problems{{File: name, Message: "cannot write: " + err.Error(), Hint: "name another file, or remove that one first"}}
	case err != nil:
		return Problems{{File: name, Message: "cannot write: " + Reason(err)}}
	}
	return nil
}

// writePrivate writes data beside what it replaces, and then moves it there.
func writePrivate(name string, data []byte) error {
	folder, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer folder.Close()
	base := filepath.Base(name)
	switch info, err := folder.Lstat(base); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("there is something that is not a regular file")
	default:
		if err := checkReplaceable(name); err != nil {
			return err
		}
	}
	temporary := "." + rand.Text() + ".carbonpatch"
	f, err := folder.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := fill(f, data); err != nil {
		folder.Remove(temporary)
		return err
	}
	if err := folder.Rename(temporary, base); err != nil {
		folder.Remove(temporary)
		return err
	}
	return nil
}

// checkReplaceable reports whether what is in a regular file need not be kept.
func checkReplaceable(name string) error {
	data, err := readSaved(name)
	if errors.Is(err, errTooLarge) {
		return errForeign
	}
	if err != nil || len(data) == 0 {
		return err
	}
	if format, err := savedFormatOf(data); err != nil || format == nil {
		return errForeign
	}
	return nil
}

// fill writes a file that only its owner can read, durably.
func fill(f *os.File, data []byte) error {
	if err := f.Chmod(0o600); err != nil { // whatever the umask is
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// ReadSavedPlan reads what [SavedPlan.WriteFile] has written. The error is [Problems], and tells nothing of what the file holds.
func ReadSavedPlan(name string) (*SavedPlan, error) {
	data, err := readSaved(name)
	if err != nil {
		return nil, Problems{{File: name, Message: "cannot read: " + Reason(err)}}
	}
	s, message := parseSaved(data)
	if message != "" {
		return nil, Problems{{File: name, Message: message, Hint: "a saved plan is what carbonpatch plan --out FILE has written"}}
	}
	return s, nil
}

func readSaved(name string) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe would wait for a writer
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	}
	data, err := io.ReadAll(io.LimitReader(f, maxSaved+1))
	if err != nil {
		return nil, err
	}
	return data, tooLarge(data)
}

// savedFormatOf is the version that data, which is JSON, says it has; nil where it is no saved plan.
func savedFormatOf(data []byte) (*int, error) {
	var kind struct {
		Format *int `json:"savedPlan"`
	}
	err := json.Unmarshal(data, &kind)
	return kind.Format, err
}

// parseSaved returns what is wrong with data, or "". It takes no other text of a plan than the one that is written: of keys that are
// there twice, or spelled otherwise, nobody could tell which counts.
func parseSaved(data []byte) (*SavedPlan, string) {
	format, err := savedFormatOf(data)
	switch broken := (*json.SyntaxError)(nil); {
	case errors.As(err, &broken):
		return nil, fmt.Sprintf("not a saved plan, or a damaged one: no JSON any more at byte %d of %d", broken.Offset, len(data))
	case err != nil || format == nil:
		return nil, "not a saved plan"
	case *format != savedFormat:
		return nil, fmt.Sprintf("a saved plan of format %d, and this program knows format %d only", *format, savedFormat)
	}
	s := &SavedPlan{}
	if err := json.Unmarshal(data, s); err != nil || s.repeated() || !bytes.Equal(s.encode(), data) {
		return nil, "a damaged saved plan: it is not as carbonpatch has written it"
	}
	return s, ""
}
