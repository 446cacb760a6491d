package txn

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

const (
	backupsName   = "backups"
	conflictsName = "conflicts"
	manifestName  = "manifest.json"
	maxManifest   = 1 << 20 // bytes
	maxManifests  = 8 << 20 // bytes, of all that are read

	keptBackups = 10 // that can be rolled back to
	keptRuns    = 50 // that are only remembered
	maxRuns     = 4 * keptRuns
)

// openBackups opens the folder of all backups. What else is of that name is not ours.
func (h *home) openBackups() (*folder, error) {
	all, err := h.state.folder(backupsName)
	if errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ELOOP) {
		return nil, patch.Problems{{File: path.Join(stateName, backupsName), Message: "not a folder", Hint: "find out how that came, and remove it"}}
	}
	return all, err
}

// openBackup opens the folder of a run.
func (h *home) openBackup(id string) (*folder, error) {
	all, err := h.openBackups()
	if err != nil {
		return nil, err
	}
	defer all.close()
	return all.folder(id)
}

// makeBackups opens the folder of all backups, which it makes where there is none.
func (h *home) makeBackups() (*folder, error) {
	all, err := h.openBackups()
	if !errors.Is(err, fs.ErrNotExist) {
		return all, err
	}
	if err := h.owner.mkdir(h.state, backupsName); err != nil {
		return nil, err
	}
	return h.openBackups()
}

// backUp keeps in the folder of all backups what the run needs to be undone, durably: the files with all their metadata, and the manifest.
func (h *home) backUp(all *folder, r *Run, edits []edit) error {
	if err := h.owner.mkdir(all, r.ID); err != nil {
		return err
	}
	folder, err := all.folder(r.ID)
	if err != nil {
		return err
	}
	defer folder.close()
	for i, e := range edits {
		if err := stage(folder, strconv.Itoa(i), e.old, e.target.metadata); err != nil {
			return err
		}
	}
	manifest, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	// a run without a record may be killed before all of it is written
	if err := h.owner.create(folder, manifestName+".new", append(manifest, '\n')); err != nil {
		return err
	}
	if err := folder.rename(manifestName+".new", manifestName); err != nil {
		return err
	}
	return folder.sync()
}

// readContent returns the nth file of a backup and its metadata. It must be what was backed up, but for its extended attributes: labels
// are given anew by the system's rules.
func (h *home) readContent(id string, n int, want Fingerprint) ([]byte, metadata, error) {
	folder, err := h.openBackup(id)
	if err != nil {
		return nil, metadata{}, err
	}
	defer folder.close()
	f, err := folder.open(strconv.Itoa(n))
	if err != nil {
		return nil, metadata{}, err
	}
	defer f.Close()
	if err := plainFile(f); err != nil {
		return nil, metadata{}, err
	}
	data, err := readAll(f, maxFileSize)
	if err != nil {
		return nil, metadata{}, err
	}
	m, err := readMetadata(f)
	have := m.fingerprint(hashOf(data))
	have.Attributes = want.Attributes
	if err == nil && have != want {
		err = errors.New("not what was backed up")
	}
	return data, m, err
}

// backups returns the ids of what lies in the folder of backups.
func (h *home) backups() ([]string, error) {
	if h.state == nil {
		return nil, nil
	}
	all, err := h.openBackups()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer all.close()
	names, err := all.names()
	names = slices.DeleteFunc(names, func(name string) bool { return !isID(name) })
	return names[max(0, len(names)-maxRuns):], err
}

// readRun returns what is kept of a run, from a manifest of at most limit bytes, and how many those are; nil where the run was killed before
// it wrote that.
func (h *home) readRun(id string, limit int64) (*Run, int64, error) {
	folder, err := h.openBackup(id)
	if err != nil {
		return nil, 0, err
	}
	defer folder.close()
	data, err := folder.read(manifestName, limit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, nil
	}
	r := &Run{}
	if err == nil {
		err = json.Unmarshal(data, r)
	}
	if err != nil || r.Version != manifestVersion || r.ID != id {
		return nil, 0, patch.Problems{damaged(id)}
	}
	r.kept, err = folder.has("0")
	return r, int64(len(data)), err
}

// damaged tells of a manifest.
func damaged(id string) *patch.Problem {
	return &patch.Problem{
		File:    path.Join(stateName, backupsName, id, manifestName),
		Message: "damaged, or written by another version", Hint: "move this backup away if it is of no use",
	}
}

// drop removes a backup durably, and what is remembered of its run.
func (h *home) drop(id string) error {
	all, err := h.openBackups()
	if errors.Is(err, fs.ErrNotExist) || errors.As(err, new(patch.Problems)) {
		return nil // then there is none
	}
	if err != nil {
		return err
	}
	defer all.close()
	if err := all.removeAll(id); err != nil {
		return err
	}
	return all.sync()
}

// dropContent removes a backup durably, but not what is remembered of its run.
func (h *home) dropContent(id string) error {
	folder, err := h.openBackup(id)
	if errors.Is(err, fs.ErrNotExist) || errors.As(err, new(patch.Problems)) {
		return nil // then there is none
	}
	if err != nil {
		return err
	}
	defer folder.close()
	names, err := folder.names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if name == manifestName {
			continue
		}
		if err := folder.removeAll(name); err != nil {
			return err
		}
	}
	return folder.sync()
}

// prune removes the backups that are too many. One that stays does no harm.
func (h *home) prune() error {
	ids, err := h.backups()
	if err != nil || len(ids) <= keptBackups {
		return err
	}
	runs, _ := h.runs() // damaged ones are for people to look at
	kept := 0
	for i, r := range runs {
		if r.Kept() {
			kept++
		}
		switch {
		case i >= keptRuns:
			err = errors.Join(err, h.drop(r.ID))
		case r.kept && kept > keptBackups:
			err = errors.Join(err, h.dropContent(r.ID))
		}
	}
	return err
}

// runs returns what is kept of all runs, the newest first, and the problems of those that can't be read.
func (h *home) runs() ([]*Run, error) {
	ids, err := h.backups()
	if err != nil {
		return nil, err
	}
	var runs []*Run
	var problems patch.Problems
	left := int64(maxManifests)
	for _, id := range slices.Backward(ids) {
		r, size, err := h.readRun(id, min(left, maxManifest))
		switch {
		case err != nil:
			problems = append(problems, problemsOf(stateProblem(err))...)
		case r != nil:
			runs = append(runs, r)
		}
		left -= size
	}
	slices.SortFunc(runs, func(a, b *Run) int { return cmp.Or(b.Sequence-a.Sequence, cmp.Compare(b.ID, a.ID)) })
	undone := map[string]bool{}
	for _, r := range runs {
		undone[r.Undid] = true
	}
	for _, r := range runs {
		r.Undone = undone[r.ID]
	}
	return runs, problems.Err()
}

// keepConflict moves away what somebody has put beside a file, where no run will take it for its own, and says where it is.
func (h *home) keepConflict(id string, f *file) (string, error) {
	if err := h.owner.mkdir(h.state, conflictsName); err != nil {
		return "", err
	}
	all, err := h.state.folder(conflictsName)
	if err != nil {
		return "", err
	}
	defer all.close()
	if err := h.owner.mkdir(all, id); err != nil {
		return "", err
	}
	folder, err := all.folder(id)
	if err != nil {
		return "", err
	}
	defer folder.close()
	err = f.folder.renameInto(f.Temp, folder, f.Temp)
	if errors.Is(err, unix.EXDEV) { // nor will it where it is, once the record is gone
		all.removeFolder(id) // if it is empty
		return path.Join(f.Folder, f.Temp), nil
	}
	if err != nil {
		return "", fmt.Errorf("cannot keep %s: %w", path.Join(f.Folder, f.Temp), err)
	}
	// the folders, too, may be those of a run that was killed before it could do that
	return path.Join(stateName, conflictsName, id, f.Temp), errors.Join(folder.sync(), all.sync(), h.state.sync())
}
