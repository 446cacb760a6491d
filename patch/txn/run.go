package txn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// ErrUnfinished is the error of a run that could be neither finished nor undone, as where the disk fails. Its record is kept; the next
// one that takes the lock goes on.
var ErrUnfinished = errors.New("the run could be neither finished nor undone")

// run is a run at work, or one that was interrupted.
type run struct {
	home   *home
	record *record
	state  string // the name of the record
	files  []*file
}

// edit is the new content and metadata of a target.
type edit struct {
	*target
	data     []byte
	metadata metadata
}

// needed reports whether the target is not yet as e wants it.
func (e edit) needed() bool {
	return string(e.old) != string(e.data) || e.metadata.difference(e.target.metadata) != ""
}

// before is what the target was when it was read.
func (e edit) before() Fingerprint { return e.target.metadata.fingerprint(hashOf(e.old)) }

// after is what it is to be.
func (e edit) after() Fingerprint { return e.metadata.fingerprint(hashOf(e.data)) }

func (e edit) file() *file {
	return &file{
		recordFile: recordFile{
			Path: e.path, Folder: e.folder.path, Base: e.base, Temp: tempName(e.base), Old: e.before(), New: e.after(),
		},
		folder: e.folder, inode: e.inode,
	}
}

func filesOf(edits []edit) []*file {
	files := make([]*file, len(edits))
	for i, e := range edits {
		files[i] = e.file()
	}
	return files
}

func closeEdits(edits []edit) {
	for _, e := range edits {
		e.close()
	}
}

// transact replaces all files of edits, or none. ctx can end it up to the first exchange. What is remembered of the run stays if it is kept.
func (h *home) transact(ctx context.Context, remembered *Run, edits []edit, keep bool) error {
	h.found = nil
	backups, err := h.makeBackups()
	if err != nil {
		return stateProblem(err)
	}
	defer backups.close()
	r := remembered.record(keep)
	run := &run{home: h, record: r, state: recordStaging, files: filesOf(edits)}
	for _, f := range run.files {
		r.Files = append(r.Files, f.recordFile)
	}
	if err := h.begin(r); err != nil {
		return stateProblem(err)
	}
	err = errors.Join(h.state.sync(), h.top.sync()) // also of a run that was killed before it could do that
	if err == nil {
		err = h.backUp(backups, remembered, edits)
	}
	if err != nil {
		return run.abandon(stateProblem(err))
	}
	if err := run.prepare(ctx, edits); err != nil {
		return run.abandon(err)
	}
	if err := run.become(recordCommit); err != nil {
		return run.undoBecause(stateProblem(err))
	}
	return run.finish()
}

// finish makes all files new, or undoes the run where that can't be.
func (r *run) finish() error {
	err := r.swapIn()
	if err == nil {
		err = r.inPlace()
	}
	switch recovering := r.files[0].inode == 0; {
	case err == nil:
		return r.settle()
	case recovering && errors.As(err, new(*readError)): // nothing is known; the next one may know more
		return unfinished(err, "some files may be new and some as before")
	}
	return r.undoBecause(err)
}

// inPlace checks that the paths still lead to the files: what is held open may have been moved away since.
func (r *run) inPlace() error {
	for _, f := range r.files {
		folder, base, err := place(r.home.root, f.Path)
		same := base == f.Base
		if err == nil && same {
			same, err = f.folder.isAt(r.home.root, folder)
		}
		switch {
		case err != nil && !leadsElsewhere(err):
			return f.unreadable(err)
		case !same:
			return f.conflict()
		}
	}
	return nil
}

// prepare makes all that is needed to replace the files, durably.
func (r *run) prepare(ctx context.Context, edits []edit) error {
	for i, e := range edits {
		if err := stage(e.folder, r.files[i].Temp, e.data, e.metadata); err != nil {
			return r.files[i].failed("cannot write", err)
		}
	}
	if err := r.syncFolders(); err != nil {
		return err
	}
	for _, f := range r.files {
		target, beside, err := f.both()
		switch {
		case err != nil:
			return f.unreadable(err)
		case target != isOld || beside != isNew:
			return f.conflict()
		}
	}
	if err := r.inPlace(); err != nil {
		return err
	}
	return ctx.Err()
}

// swapIn gives all files their new content.
func (r *run) swapIn() error {
	for _, f := range r.files {
		if err := f.swapIn(); err != nil {
			return err
		}
	}
	return nil
}

// settle makes what was exchanged durable, and removes what came out if that is what was read.
func (r *run) settle() error {
	const state = "all files are new"
	if err := r.syncFolders(); err != nil {
		return unfinished(err, state+", but whether that lasts is not known")
	}
	for _, f := range r.files {
		switch err := f.swapped(); {
		case errors.As(err, new(*conflict)):
			return r.undoBecause(err)
		case err != nil:
			return unfinished(err, state)
		}
	}
	if err := r.become(recordDone); err != nil {
		return unfinished(stateProblem(err), state)
	}
	return r.cleanUp()
}

// cleanUp removes what is not needed any more after a run whose files are all new, and forgets the run.
func (r *run) cleanUp() error {
	err := r.clear(isOld)
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return unfinished(stateProblem(err), "all files are new")
	}
	return nil
}

// end keeps of the run what is to be kept, and then forgets it.
func (r *run) end() error {
	err := error(nil)
	switch {
	case !r.record.Keep:
		err = r.home.drop(r.record.ID)
	case r.record.Undoes != "": // neither can be rolled back to
		err = errors.Join(r.home.dropContent(r.record.ID), r.home.dropContent(r.record.Undoes))
	}
	if err != nil {
		return err
	}
	return r.forget()
}

// forget removes the record. What it says is done, so that it does no harm where a power cut brings it back: a failure to make that
// durable is none of the run.
func (r *run) forget() error {
	if err := r.home.state.remove(r.state); err != nil {
		return err
	}
	r.home.state.sync()
	return nil
}

// abandon ends a run that has not touched any file, because of err, which it returns and which may be nil.
func (r *run) abandon(err error) error {
	failure := r.discard()
	if failure == nil {
		return err
	}
	return unfinished(errors.Join(err, stateProblem(failure)), "no file was changed, but what the run has made could not be removed")
}

func (r *run) discard() error {
	for _, f := range r.files {
		stat, err := f.folder.stat(f.Temp)
		if err == nil && stat.Mode&unix.S_IFMT != unix.S_IFREG {
			continue // not ours
		}
		if err := f.folder.remove(f.Temp); err != nil {
			return f.failed("cannot remove what was put beside it", err)
		}
	}
	if err := r.syncFolders(); err != nil {
		return err
	}
	if err := r.home.drop(r.record.ID); err != nil {
		return err
	}
	return r.forget()
}

// undoBecause undoes the run because of err, which it returns and which may be nil.
func (r *run) undoBecause(err error) error {
	if failure := r.undo(); failure != nil {
		return unfinished(errors.Join(err, stateProblem(failure)), "some files may be new and some as before")
	}
	var problems patch.Problems
	if errors.As(err, &problems) && len(r.home.found) > 0 {
		problems[0].Hint = strings.Trim(problems[0].Hint+"; "+strings.Join(r.home.found, "; "), "; ")
	}
	return err
}

// undo gives the files back what they were, and forgets the run.
func (r *run) undo() error {
	if r.state != recordUndo {
		if err := r.become(recordUndo); err != nil {
			return err
		}
	}
	for i, f := range r.files {
		if err := f.swapOut(func() error { return r.restore(i) }); err != nil {
			return err
		}
	}
	if err := r.syncFolders(); err != nil {
		return err
	}
	if err := r.clear(isNew); err != nil {
		return err
	}
	if err := r.home.drop(r.record.ID); err != nil {
		return err
	}
	return r.forget()
}

// restore puts the nth file as it was beside it, from the backup.
func (r *run) restore(n int) error {
	f := r.files[n]
	data, m, err := r.home.readContent(r.record.ID, n, f.Old)
	if err != nil {
		return err
	}
	half := restoreName(f.Temp)
	if err := f.folder.remove(half); err != nil {
		return err
	}
	if err := stage(f.folder, half, data, m); err != nil {
		return err
	}
	if err := f.folder.remove(f.Temp); err != nil {
		return err
	}
	if err := f.folder.rename(half, f.Temp); err != nil {
		return err
	}
	return f.folder.sync()
}

// clear removes what is beside the files if it is what the run has left there, and keeps it elsewhere if not.
func (r *run) clear(ours version) error {
	for _, f := range r.files {
		if err := f.folder.remove(restoreName(f.Temp)); err != nil {
			return f.failed("cannot remove what was put beside it", err)
		}
		beside, err := f.beside()
		switch {
		case err != nil:
			return f.unreadable(err)
		case beside == ours || beside == absent:
			err = f.folder.remove(f.Temp)
		default:
			err = r.keep(f)
		}
		if err != nil {
			return f.failed("cannot remove what was put beside it", err)
		}
	}
	return r.syncFolders()
}

// keep keeps what somebody else has put beside a file.
func (r *run) keep(f *file) error {
	place, err := r.home.keepConflict(r.record.ID, f)
	if err == nil {
		r.home.found = append(r.home.found, fmt.Sprintf("what was beside %s is kept as %s", f.Path, place))
	}
	return err
}

// become renames the record durably.
func (r *run) become(state string) error {
	if err := r.home.state.rename(r.state, state); err != nil {
		return err
	}
	r.state = state
	return r.home.state.sync()
}

// syncFolders makes the names in all folders of the files durable.
func (r *run) syncFolders() error {
	var done []string
	for _, f := range r.files {
		if slices.Contains(done, f.Folder) {
			continue
		}
		done = append(done, f.Folder)
		if err := f.folder.sync(); err != nil {
			return patch.Problems{{File: f.Folder, Message: "cannot be written to disk: " + patch.Reason(err)}}
		}
	}
	return nil
}

// unfinishedError is [ErrUnfinished] with all that is to be known.
type unfinishedError struct{ patch.Problems }

func (e *unfinishedError) Unwrap() error        { return e.Problems }
func (e *unfinishedError) Is(target error) bool { return target == ErrUnfinished }

func unfinished(err error, state string) error {
	var all patch.Problems
	for _, err := range split(err) {
		var problems patch.Problems
		if !errors.As(err, &problems) {
			problems = patch.Problems{{Message: err.Error()}}
		}
		all = append(all, problems...)
	}
	return &unfinishedError{append(all, &patch.Problem{
		File: stateName, Message: ErrUnfinished.Error() + ": " + state,
		Hint: "see what the kernel says of the disk (dmesg); the record is kept, and the next apply or rollback goes on",
	})}
}

// split are the errors that err joins.
func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}
