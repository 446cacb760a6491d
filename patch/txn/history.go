package txn

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// Run is what is remembered of a run, for as long as it is among the last ones.
type Run struct {
	Version  int       `json:"version"`
	Sequence int       `json:"sequence"` // in the home: clocks are set back
	ID       string    `json:"id"`
	Time     time.Time `json:"time"` // UTC
	Meta
	Undid string `json:"undid,omitempty"` // of a rollback: the run whose files it put back
	Files []File `json:"files"`

	Undone bool `json:"-"` // rolled back
	kept   bool // its files as they were before
}

// Kept reports whether the run can be rolled back.
func (r *Run) Kept() bool { return r.kept && !r.Undone && r.Undid == "" }

// Meta is what is recorded of a run besides its files.
type Meta struct {
	Verb    string   `json:"verb"`
	User    string   `json:"user"`
	Cluster string   `json:"cluster"`
	Node    string   `json:"node"`
	Role    string   `json:"role"`
	Sources []Source `json:"sources,omitempty"`
	Changes int      `json:"changes"`
	// Secrets are values that came from sources. They are not recorded, but the places that hold them are, so that a rollback hides
	// what was there.
	Secrets []secret.Text `json:"-"`
}

// Source is a cluster file.
type Source struct {
	Path   string `json:"path"`   // absolute, or - for standard input
	SHA256 string `json:"sha256"` // of the whole file
}

// File is one file of a [Run].
type File struct {
	Path   string      `json:"path"` // relative to the home
	Before Fingerprint `json:"before"`
	After  Fingerprint `json:"after"`
	// Secrets are the places of what must not be shown, as [patch.FilePlan.SecretPlaces] gives them.
	Secrets []string `json:"secrets,omitempty"`
}

const manifestVersion = 2

// History returns what is remembered of the runs in a home, the newest first. It only reads. With an error come the runs that could be
// read all the same.
func History(dir string) ([]*Run, error) {
	h, err := openHome(dir, &system{})
	if err != nil {
		return nil, stateProblem(err)
	}
	defer h.close()
	runs, err := h.runs()
	return runs, stateProblem(err)
}

// newRun numbers a run, and names it by its time, told apart from others of the same second by chance.
func (h *home) newRun(meta Meta) *Run {
	now := time.Now().UTC()
	r := &Run{Version: manifestVersion, ID: newID(now), Time: now, Meta: meta}
	for ids, _ := h.backups(); slices.Contains(ids, r.ID); {
		r.ID = newID(now)
	}
	runs, _ := h.runs() // a damaged one is for people to look at
	if len(runs) > 0 {
		r.Sequence = runs[0].Sequence
	}
	r.Sequence++
	return r
}

func newID(now time.Time) string {
	var random [2]byte
	rand.Read(random[:]) // never fails
	return now.Format(idTime) + "-" + hex.EncodeToString(random[:])
}

// record is the record of r while it is at work.
func (r *Run) record(keep bool) *record {
	return &record{Version: recordVersion, ID: r.ID, Time: r.Time, Verb: r.Verb, User: r.User, Keep: keep, Undoes: r.Undid}
}

const idTime = "20060102T150405Z"

func isID(name string) bool {
	when, random, found := strings.Cut(name, "-")
	_, err := time.Parse(idTime, when)
	_, hexErr := hex.DecodeString(random)
	return found && err == nil && hexErr == nil && len(random) == 4
}
