package txn

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/carbonpatch/carbonpatch/patch"
)

// Backup is what is kept of a run: what it was, and of each file the metadata and what its content was and became. The
// content as it was lies beside it.
type Backup struct {
	Version int       `json:"version"`
	ID      string    `json:"id"`
	Time    time.Time `json:"time"` // UTC
	Meta
	Files []BackupFile `json:"files"`
}

// BackupFile is one file of a [Backup].
type BackupFile struct {
	Path   string `json:"path"`   // relative to the home
	Before string `json:"before"` // SHA-256 of the whole file
	After  string `json:"after"`
	Mode   string `json:"mode"` // octal
	UID    int    `json:"uid"`
	GID    int    `json:"gid"`
	// Secrets are the places of what must not be shown, as [patch.FilePlan.SecretPlaces] gives them.
	Secrets []string `json:"secrets,omitempty"`
}

const (
	backupsName   = "backups"
	manifestName  = "manifest.json"
	backupVersion = 1
	keptBackups   = 10
)

// Backups returns what is kept of the runs in a home, the newest first.
func Backups(dir string) ([]Backup, error) {
	h, err := openHome(dir)
	if err != nil {
		return nil, err
	}
	defer h.close()
	backups, err := h.backups()
	if err != nil {
		return nil, stateProblem(err)
	}
	return backups, nil
}

func (h *home) backups() ([]Backup, error) {
	ids, err := h.backupFolders()
	if err != nil {
		return nil, err
	}
	var backups []Backup
	for _, id := range ids {
		manifest, err := h.state.ReadFile(backupsName + "/" + id + "/" + manifestName)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a run that was killed before it wrote anything
		}
		if err != nil {
			return nil, err
		}
		var b Backup
		if err := json.Unmarshal(manifest, &b); err != nil || b.Version != backupVersion {
			return nil, patch.Problems{damaged(id)}
		}
		b.ID = id
		backups = append(backups, b)
	}
	slices.SortFunc(backups, func(a, b Backup) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.ID, a.ID)) })
	return backups, nil
}

// damaged tells of a manifest.
func damaged(id string) *patch.Problem {
	return &patch.Problem{
		File:    fmt.Sprintf("%s/%s/%s/%s", stateName, backupsName, id, manifestName),
		Message: "damaged, or written by another version", Hint: "move this backup away if it is of no use",
	}
}

// backupFolders returns the ids of the runs that have a folder.
func (h *home) backupFolders() ([]string, error) {
	if h.state == nil {
		return nil, nil
	}
	f, err := h.state.Open(backupsName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	return slices.DeleteFunc(names, func(name string) bool { return !isID(name) }), err
}

func backupFile(e edit, secrets []string) BackupFile {
	return BackupFile{
		Path: e.path, Before: hash(e.old), After: hash(e.data), Mode: fmt.Sprintf("%04o", e.mode), UID: e.uid, GID: e.gid, Secrets: secrets,
	}
}

// backUp keeps what the run needs to be undone, durably.
func (h *home) backUp(b Backup, edits []edit) error {
	if err := h.owner.mkdir(h.state, backupsName); err != nil {
		return err
	}
	folder := backupsName + "/" + b.ID
	if err := h.owner.mkdir(h.state, folder); err != nil {
		return err
	}
	if err := h.writeBackup(folder, b, edits); err != nil {
		h.state.RemoveAll(folder)
		return err
	}
	return nil
}

// writeBackup fills the folder. The manifest comes last: a folder without one is no backup.
func (h *home) writeBackup(folder string, b Backup, edits []edit) error {
	root, err := h.state.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	for i, e := range edits {
		if err := h.owner.create(root, strconv.Itoa(i), e.old); err != nil {
			return err
		}
	}
	manifest, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return err
	}
	if err := h.owner.create(root, manifestName+".new", append(manifest, '\n')); err != nil {
		return err
	}
	if err := root.Rename(manifestName+".new", manifestName); err != nil {
		return err
	}
	return errors.Join(syncFolder(root), h.syncBackups())
}

func (h *home) syncBackups() error {
	root, err := h.state.OpenRoot(backupsName)
	if err != nil {
		return err
	}
	defer root.Close()
	return syncFolder(root)
}

// drop removes a backup.
func (h *home) drop(id string) error {
	folder := backupsName + "/" + id
	// first what makes it one, so that no half of it is taken for a whole
	if err := h.state.Remove(folder + "/" + manifestName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := h.state.RemoveAll(folder); err != nil {
		return err
	}
	return h.syncBackups()
}

// prune removes all but the newest backups, and what is left of runs that were killed.
func (h *home) prune() error {
	backups, err := h.backups()
	if err != nil {
		return err
	}
	ids, err := h.backupFolders()
	if err != nil {
		return err
	}
	kept := backups[:min(len(backups), keptBackups)]
	for _, id := range ids {
		if slices.ContainsFunc(kept, func(b Backup) bool { return b.ID == id }) {
			continue
		}
		if err := h.drop(id); err != nil {
			return err
		}
	}
	return nil
}

// newID names a run by its time, told apart from others of the same second by chance.
func newID(now time.Time) string {
	var random [2]byte
	rand.Read(random[:]) // never fails
	return now.Format(idTime) + "-" + hex.EncodeToString(random[:])
}

const idTime = "20060102T150405Z"

func isID(name string) bool {
	when, _, found := strings.Cut(name, "-")
	_, err := time.Parse(idTime, when)
	return found && err == nil
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
