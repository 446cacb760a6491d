package txn

import (
	"bytes"
	"context"
	"errors"
	"os"
	"time"

	"github.com/carbonpatch/carbonpatch/patch"
)

// Meta is what is recorded of a run besides its files.
type Meta struct {
	Verb    string `json:"verb"`
	User    string `json:"user"`
	Cluster string `json:"cluster"`
	Node    string `json:"node"`
	Changes int    `json:"changes"`
	// Secrets are values that came from sources. They are not recorded, but the places that hold them are, so that a rollback hides
	// what was there.
	Secrets []string `json:"-"`
}

// Apply writes the files that change, all or none, and keeps them as they were under the id that it returns. Where nothing changes it
// touches nothing, and the id is "".
//
// A file that is not as it was when it was planned is a [patch.Problem], as is all that keeps a file from being replaced with
// owner, mode and extended attributes as they are. Cancelling ctx ends the run up to the moment when the first file is replaced.
func (l *Lock) Apply(ctx context.Context, files []*patch.FilePlan, meta Meta) (id string, err error) {
	now := time.Now().UTC()
	id = newID(now)
	done, err := l.apply(ctx, id, files, func(edits []edit) error {
		b := Backup{Version: backupVersion, ID: id, Time: now, Meta: meta}
		for i, f := range changed(files) {
			b.Files = append(b.Files, backupFile(edits[i], f.SecretPlaces(meta.Secrets)))
		}
		return l.home.backUp(b, edits)
	})
	if err != nil || !done {
		return "", err
	}
	return id, nil
}

// ApplyWithoutBackup is [Lock.Apply] for images: it keeps nothing, and what it does can't be rolled back.
func (l *Lock) ApplyWithoutBackup(ctx context.Context, files []*patch.FilePlan) error {
	_, err := l.apply(ctx, newID(time.Now().UTC()), files, func([]edit) error { return nil })
	return err
}

// apply reports whether there was anything to do.
func (l *Lock) apply(ctx context.Context, id string, files []*patch.FilePlan, backUp func([]edit) error) (bool, error) {
	files = changed(files)
	if len(files) == 0 {
		return false, nil
	}
	edits, err := openEdits(l.home.root, files)
	defer closeEdits(edits)
	if err != nil {
		return false, err
	}
	if err := backUp(edits); err != nil {
		return false, stateProblem(err)
	}
	if err := replace(ctx, id, edits); err != nil {
		if !errors.Is(err, ErrUnfinished) {
			l.home.drop(id)
		}
		return false, err
	}
	l.home.prune() // a backup too many does no harm
	return true, nil
}

func changed(files []*patch.FilePlan) []*patch.FilePlan {
	var some []*patch.FilePlan
	for _, f := range files {
		if f.Changed() {
			some = append(some, f)
		}
	}
	return some
}

// openEdits opens what is to be replaced. The error is all the problems of all files.
func openEdits(root *os.Root, files []*patch.FilePlan) (edits []edit, err error) {
	var problems patch.Problems
	for _, f := range files {
		t, problem := openTarget(root, f.Path)
		if problem == nil {
			edits = append(edits, edit{t, f.After})
			if !bytes.Equal(t.old, f.Before) {
				problem = changedSince(t)
			}
		}
		if problem != nil {
			problems = append(problems, problem)
		}
	}
	return edits, problems.Err()
}

func closeEdits(edits []edit) {
	for _, e := range edits {
		e.close()
	}
}
