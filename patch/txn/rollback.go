package txn

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/carbonpatch/carbonpatch/patch"
)

// PlanRollback finds out what rolling back the run with the id ("" is the newest) would change. It only reads. Without force a file
// that is not as the run left it is a [patch.Problem].
func PlanRollback(dir, id string, force bool) (*patch.Plan, Backup, error) {
	h, err := openHome(dir)
	if err != nil {
		return nil, Backup{}, err
	}
	defer h.close()
	b, edits, err := h.rollbackEdits(id, force)
	defer closeEdits(edits)
	if err != nil {
		return nil, b, err
	}
	plan := &patch.Plan{Home: dir}
	for i, e := range edits {
		file := &patch.FilePlan{Path: e.path, Before: e.old, After: e.data}
		if err := file.HidePlaces(b.Files[i].Secrets); err != nil {
			return nil, b, patch.Problems{damaged(b.ID)}
		}
		plan.Files = append(plan.Files, file)
	}
	return plan, b, nil
}

// Rollback gives the files of the run with the id ("" is the newest) the content, mode and owner that they had before, all or none,
// and forgets the run. For ctx and force see [Lock.Apply] and [PlanRollback].
func (l *Lock) Rollback(ctx context.Context, id string, force bool) (Backup, error) {
	b, edits, err := l.home.rollbackEdits(id, force)
	defer closeEdits(edits)
	if err != nil {
		return b, err
	}
	if err := replace(ctx, newID(time.Now().UTC()), edits); err != nil {
		return b, err
	}
	if err := l.home.drop(b.ID); err != nil {
		return b, stateProblem(err)
	}
	return b, nil
}

// rollbackEdits opens what is to be replaced to undo a run. The error is all the problems of all files.
func (h *home) rollbackEdits(id string, force bool) (Backup, []edit, error) {
	backups, err := h.backups()
	if err != nil {
		return Backup{}, nil, stateProblem(err)
	}
	i, err := findBackup(backups, id)
	if err != nil {
		return Backup{}, nil, err
	}
	b := backups[i]
	var edits []edit
	var problems patch.Problems
	for n, f := range b.Files {
		e, problem := h.rollbackEdit(b.ID, n, f)
		if problem != nil {
			problems = append(problems, problem)
			continue
		}
		edits = append(edits, e)
		if have := hash(e.old); !force && have != f.After && have != f.Before {
			problems = append(problems, editedSince(e.target, backups[:i]))
		}
	}
	return b, edits, problems.Err()
}

func findBackup(backups []Backup, id string) (int, error) {
	if len(backups) == 0 {
		return 0, patch.Problems{{Message: "there is nothing to roll back: no run is recorded in this home"}}
	}
	if id == "" {
		return 0, nil
	}
	var ids []string
	for i, b := range backups {
		if b.ID == id {
			return i, nil
		}
		ids = append(ids, b.ID)
	}
	return 0, patch.Problems{{Message: fmt.Sprintf("no run %q is recorded in this home", id), Hint: "recorded are " + strings.Join(ids, ", ")}}
}

// rollbackEdit opens the nth file of a backup, and reads what it was.
func (h *home) rollbackEdit(id string, n int, f BackupFile) (edit, *patch.Problem) {
	name := backupsName + "/" + id + "/" + strconv.Itoa(n)
	data, err := h.state.ReadFile(name)
	mode, badMode := strconv.ParseUint(f.Mode, 8, 12)
	switch {
	case err == nil && hash(data) != f.Before:
		err = errors.New("not what was backed up")
	case err == nil && badMode != nil:
		err = fmt.Errorf("its mode is %q", f.Mode)
	}
	if err != nil {
		return edit{}, &patch.Problem{File: stateName + "/" + name, Message: patch.Reason(err)}
	}
	t, problem := openTarget(h.root, f.Path)
	if problem != nil {
		return edit{}, problem
	}
	t.metadata = metadata{uint32(mode), f.UID, f.GID}
	return edit{t, data}, nil
}

// editedSince tells of a target that is not as a run left it; later are the runs since then.
func editedSince(t *target, later []Backup) *patch.Problem {
	p := t.problem("changed since that run")
	p.Hint = "look at what was changed; --force puts the old file back over it"
	for _, b := range later {
		for _, f := range b.Files {
			if f.Path == t.path {
				p.Hint = "roll back " + b.ID + " first, which changed it, too"
			}
		}
	}
	return p
}
