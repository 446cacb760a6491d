package txn

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"slices"
	"strconv"

	"github.com/carbonpatch/carbonpatch/patch"
)

// PlanRollback finds out what rolling back the run with the id ("" is the newest) would change. It only reads. Without force a file
// that is not as the run left it is a [patch.Problem].
func PlanRollback(dir, id string, force bool) (*patch.Plan, *Run, error) {
	h, err := openHome(dir, &system{})
	if err != nil {
		return nil, nil, stateProblem(err)
	}
	defer h.close()
	undone, edits, err := h.rollbackEdits(id, force)
	defer closeEdits(edits)
	if err != nil {
		return nil, nil, err
	}
	plan := &patch.Plan{Home: dir}
	for i, e := range edits {
		file := &patch.FilePlan{Path: e.path, Before: e.old, After: e.data}
		if err := file.HidePlaces(undone.Files[i].Secrets); err != nil {
			return nil, nil, patch.Problems{damaged(undone.ID)}
		}
		plan.Files = append(plan.Files, file)
	}
	return plan, undone, nil
}

// Rollback makes what [PlanRollback] has planned: it gives the files of the run with the id the content and all metadata that they had
// before, all or none, and returns that run. It can't be rolled back itself. Of meta it needs the user. For ctx see [Lock.Apply].
func (l *Lock) Rollback(ctx context.Context, id string, force bool, plan *patch.Plan, meta Meta) (*Run, error) {
	h := l.home
	undone, edits, err := h.rollbackEdits(id, force)
	defer closeEdits(edits)
	if err == nil {
		err = asPlanned(edits, plan).Err()
	}
	if err != nil {
		return nil, err
	}
	meta.Verb, meta.Cluster, meta.Node, meta.Role, meta.Changes = "rollback", undone.Cluster, undone.Node, undone.Role, undone.Changes
	run := h.newRun(meta)
	run.Undid = undone.ID
	var needed []edit
	for i, e := range edits {
		run.Files = append(run.Files, e.remember(undone.Files[i].Secrets))
		if e.needed() {
			needed = append(needed, e)
		}
	}
	if err := h.rollback(ctx, run, needed); err != nil {
		return nil, err
	}
	h.prune()
	return undone, nil
}

// asPlanned tells of the files that somebody has changed since a plan was made.
func asPlanned(edits []edit, plan *patch.Plan) patch.Problems {
	var problems patch.Problems
	for i, e := range edits {
		if i >= len(plan.Files) || plan.Files[i].Path != e.path || !bytes.Equal(plan.Files[i].Before, e.old) {
			problems = append(problems, changedSince(e.target))
		}
	}
	return problems
}

func (h *home) rollback(ctx context.Context, run *Run, edits []edit) error {
	if len(edits) > 0 {
		return h.transact(ctx, run, edits, true)
	}
	backups, err := h.makeBackups()
	if err != nil {
		return stateProblem(err)
	}
	defer backups.close()
	if err := h.backUp(backups, run, nil); err != nil {
		return stateProblem(err)
	}
	return stateProblem(h.dropContent(run.Undid))
}

// rollbackEdits opens what is to be replaced to undo a run. The error is all the problems of all files.
func (h *home) rollbackEdits(id string, force bool) (*Run, []edit, error) {
	runs, damage := h.runs()
	if damage != nil && id == "" { // which one is the newest is not known
		return nil, nil, stateProblem(damage)
	}
	i, err := findRun(runs, id)
	if err != nil {
		return nil, nil, patch.JoinProblems(err, stateProblem(damage))
	}
	run := runs[i]
	var edits []edit
	var problems patch.Problems
	for n, f := range run.Files {
		e, problem := h.rollbackEdit(run.ID, n, f)
		if problem != nil {
			problems = append(problems, problem)
			continue
		}
		edits = append(edits, e)
		if have := e.before(); !force && have != f.After && have != f.Before {
			problems = append(problems, editedSince(e.target, have, f.After, runs[:i]))
		}
	}
	return run, edits, append(problems, sameFiles(edits)...).Err()
}

func findRun(runs []*Run, id string) (int, error) {
	hint := ""
	for i, r := range runs {
		if id == "" && r.Kept() {
			return i, nil
		}
		if r.ID == id {
			return i, notKept(r, runs[:i])
		}
		if r.Kept() {
			hint += ", " + r.ID
		}
	}
	switch {
	case id == "" && len(runs) == 0:
		return 0, patch.Problems{{Message: "there is nothing to roll back: no run is recorded in this home"}}
	case id == "" && !slices.ContainsFunc(runs, func(r *Run) bool { return r.Undid == "" && !r.Undone }):
		return 0, patch.Problems{{Message: "there is nothing to roll back: every run that is recorded in this home is rolled back already", Hint: "apply makes the changes again"}}
	case id == "":
		return 0, patch.Problems{{Message: "there is nothing to roll back: of the runs that are not rolled back yet, no backup is kept any more"}}
	}
	p := &patch.Problem{Message: fmt.Sprintf("no run %q is recorded in this home", id)}
	if hint != "" {
		p.Hint = "these can be rolled back: " + hint[2:]
	}
	return 0, patch.Problems{p}
}

// notKept says why a run can't be rolled back; later are the runs since then.
func notKept(r *Run, later []*Run) error {
	switch {
	case r.Kept():
		return nil
	case r.Undid != "":
		return patch.Problems{{Message: fmt.Sprintf("%s is a rollback, of the run %s", r.ID, r.Undid), Hint: "apply makes the changes again"}}
	}
	for _, other := range later {
		if other.Undid == r.ID {
			return patch.Problems{{Message: fmt.Sprintf("the run %s is rolled back already, by %s", r.ID, other.ID)}}
		}
	}
	return patch.Problems{{Message: fmt.Sprintf("the backup of the run %s is not kept any more", r.ID)}}
}

// rollbackEdit opens the nth file of a backup, and reads what it was.
func (h *home) rollbackEdit(id string, n int, f File) (edit, *patch.Problem) {
	data, m, err := h.readContent(id, n, f.Before)
	if err != nil {
		return edit{}, &patch.Problem{File: path.Join(stateName, backupsName, id, strconv.Itoa(n)), Message: patch.Reason(err)}
	}
	t, problem := openTarget(h.root, f.Path, h.sys)
	if problem == nil {
		if problem = ownerRefusal(m); problem != nil {
			t.close()
		}
	}
	if problem != nil {
		problem.File = f.Path
		return edit{}, problem
	}
	return edit{t, data, m}, nil
}

// editedSince tells of a target that is not as a run left it; later are the runs since then.
func editedSince(t *target, have, want Fingerprint, later []*Run) *patch.Problem {
	p := t.problem("changed since that run")
	p.Hint = "look at what was changed; --force puts the old file back over it"
	if have.Content == want.Content {
		p.Message = "its owner, mode or extended attributes were changed since that run"
	}
	for _, r := range later {
		for _, f := range r.Files {
			if f.Path == t.path && r.Kept() {
				p.Hint = "roll back " + r.ID + " first, which changed it, too"
			}
		}
	}
	return p
}
