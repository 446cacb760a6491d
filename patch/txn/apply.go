package txn

import (
	"bytes"
	"context"
	"os"

	"github.com/carbonpatch/carbonpatch/patch"
)

// Apply writes the files that change, all or none, and keeps them as they were under the id that it returns. Where nothing changes it
// touches nothing, and the id is "".
//
// A file that is not as it was when it was planned is a [patch.Problem], as is all that keeps a file from being replaced with
// owner, mode and extended attributes as they are. Cancelling ctx ends the run up to the moment when the first file is replaced; later
// it is too late, and the run goes to its end.
func (l *Lock) Apply(ctx context.Context, files []*patch.FilePlan, meta Meta) (id string, err error) {
	return l.home.apply(ctx, files, meta, true)
}

// ApplyWithoutBackup is [Lock.Apply] for images: it keeps nothing, and what it does can't be rolled back. Meta is for those who find the
// run interrupted.
func (l *Lock) ApplyWithoutBackup(ctx context.Context, files []*patch.FilePlan, meta Meta) error {
	_, err := l.home.apply(ctx, files, meta, false)
	return err
}

func (h *home) apply(ctx context.Context, files []*patch.FilePlan, meta Meta, keep bool) (id string, err error) {
	files = changed(files)
	if len(files) == 0 {
		return "", nil
	}
	edits, err := openEdits(h.root, files, h.sys)
	defer closeEdits(edits)
	if err != nil {
		return "", err
	}
	run := h.newRun(meta)
	for i, e := range edits {
		run.Files = append(run.Files, e.remember(files[i].SecretPlaces(meta.Secrets)))
	}
	if err := h.transact(ctx, run, edits, keep); err != nil {
		return "", err
	}
	h.prune() // a backup too many does no harm
	if !keep {
		return "", nil
	}
	return run.ID, nil
}

// remember is what a manifest says of e.
func (e edit) remember(secrets []string) File {
	return File{Path: e.path, Before: e.before(), After: e.after(), Secrets: secrets}
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
func openEdits(root *os.Root, files []*patch.FilePlan, sys *system) (edits []edit, err error) {
	var problems patch.Problems
	for _, f := range files {
		t, problem := openTarget(root, f.Path, sys)
		if problem == nil {
			edits = append(edits, edit{t, f.After, t.metadata})
			if !bytes.Equal(t.old, f.Before) {
				problem = changedSince(t)
			}
		}
		if problem != nil {
			problems = append(problems, problem)
		}
	}
	return edits, append(problems, sameFiles(edits)...).Err()
}

func changedSince(t *target) *patch.Problem {
	p := t.problem("changed by somebody else since it was read")
	p.Hint = "run the command again"
	return p
}
