package txn

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/carbonpatch/carbonpatch/patch"
)

// record is what whoever finishes or undoes a run must know of it. It is written once; its name is the state of the run.
type record struct {
	Version int       `json:"version"`
	ID      string    `json:"id"`
	Time    time.Time `json:"time"`
	Verb    string    `json:"verb"`
	User    string    `json:"user"`
	// Keep says that the run can be rolled back afterwards: its backup stays.
	Keep bool `json:"keep"`
	// Undoes is the run whose backup a rollback uses up, or "".
	Undoes string       `json:"undoes,omitempty"`
	Files  []recordFile `json:"files"`
}

type recordFile struct {
	Path   string `json:"path"`   // as people know it
	Folder string `json:"folder"` // that really holds it, relative to the home
	Base   string `json:"base"`
	// Temp is the file beside it: the new content before both are exchanged, what was there afterwards.
	Temp string      `json:"temp"`
	Old  Fingerprint `json:"old"`
	New  Fingerprint `json:"new"`
}

const (
	recordVersion = 1
	maxRecord     = 4 << 20 // bytes
)

// The names of a record. A run whose record still has the first has not begun.
const (
	recordNew     = "tx.new"
	recordStaging = "tx.staging"
	recordCommit  = "tx.commit"
	recordUndo    = "tx.undo"
	recordDone    = "tx.done"
)

// encode returns the record with its checksum.
func (r *record) encode() ([]byte, error) {
	data, err := json.MarshalIndent(r, "", "  ")
	data = append(data, '\n')
	return append(data, "sha256 "+hashOf(data)+"\n"...), err
}

func decodeRecord(data []byte) (*record, error) {
	body, sum, found := bytes.Cut(data, []byte("\nsha256 "))
	if body = append(body[:len(body):len(body)], '\n'); !found || string(sum) != hashOf(body)+"\n" {
		return nil, errors.New("damaged: its checksum is wrong")
	}
	var version struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(body, &version); err != nil || version.Version != recordVersion {
		return nil, errors.New("written by another version of carbonpatch")
	}
	r := &record{}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(r); err != nil || !r.plausible() {
		return nil, errors.New("not what carbonpatch writes")
	}
	return r, nil
}

// plausible reports whether the names in the record are such as we give.
func (r *record) plausible() bool {
	for _, f := range r.Files {
		suffix, isTemp := strings.CutPrefix(f.Temp, tempPrefix(f.Base))
		isName := f.Base != "" && f.Base == path.Base(f.Base) && filepath.IsLocal(f.Base)
		first, _, _ := strings.Cut(path.Clean(f.Folder), "/")
		isFolder := filepath.IsLocal(f.Folder) && !strings.Contains(f.Folder, "\x00") && first != stateName
		if !filepath.IsLocal(f.Path) || !isFolder || !isName || !isTemp || !tempSuffix.MatchString(suffix) {
			return false
		}
	}
	return isID(r.ID) && (r.Undoes == "" || isID(r.Undoes)) && len(r.Files) > 0
}

// readRecord returns the record of a run that is not done, and its name; nil where there is none.
func (h *home) readRecord() (*record, string, error) {
	if h.state == nil {
		return nil, "", nil
	}
	var names []string
	for _, name := range []string{recordStaging, recordCommit, recordUndo, recordDone} {
		there, err := h.state.has(name)
		if err != nil {
			return nil, "", err
		}
		if there {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return nil, "", nil
	case 1:
	default:
		return nil, "", badRecord(strings.Join(names, " and "), errors.New("only one of them can be ours"))
	}
	data, err := h.state.read(names[0], maxRecord)
	if err == nil {
		var r *record
		if r, err = decodeRecord(data); err == nil {
			return r, names[0], nil
		}
	}
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, "", err
	}
	if errno := (*os.SyscallError)(nil); errors.As(err, &errno) {
		return nil, "", err
	}
	return nil, "", badRecord(names[0], err)
}

// badRecord tells of a record that can't be followed.
func badRecord(name string, err error) error {
	return patch.Problems{{
		File: stateName + "/" + name, Message: "an interrupted run is pending, but its record can't be used: " + patch.Reason(err),
		Hint: "see which files have a .carbonpatch file beside them, put right what they hold, remove those, and move " + stateName + " away",
	}}
}

// begin writes the record durably, before anything that it names is made.
func (h *home) begin(r *record) error {
	data, err := r.encode()
	if err != nil {
		return err
	}
	if err := h.state.remove(recordNew); err != nil {
		return err
	}
	if err := h.owner.create(h.state, recordNew, data); err != nil {
		return errors.Join(err, h.state.remove(recordNew))
	}
	if err := h.state.rename(recordNew, recordStaging); err != nil {
		return errors.Join(err, h.state.remove(recordNew))
	}
	return nil
}
