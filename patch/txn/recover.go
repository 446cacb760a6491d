package txn

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// Recovery is what was done about a run that had been interrupted.
type Recovery struct {
	ID, Verb, User string
	Time           time.Time
	Undoes         string   // of a rollback: the run that it rolls back
	Finished       bool     // all files are as the run wanted them; else all are as they were before it
	Kept           bool     // it is finished, and can be rolled back
	Files          []string // of the run
	Conflicts      []string // files that somebody else had changed meanwhile; they keep their version
	Found          []string // sentences on what else others had changed, and where it is now
}

// recover finishes or undoes what an interrupted run has left. It returns nil where there is nothing.
func (h *home) recover() (*Recovery, error) {
	record, state, err := h.readRecord()
	if err != nil {
		return nil, err
	}
	if err := h.state.remove(recordNew); err != nil || record == nil {
		return nil, err
	}
	r := &run{home: h, record: record, state: state}
	defer r.close()
	if err := r.open(); err != nil {
		return nil, err
	}
	recovery := &Recovery{ID: record.ID, Verb: record.Verb, User: record.User, Time: record.Time, Undoes: record.Undoes}
	for _, f := range r.files {
		recovery.Files = append(recovery.Files, f.Path)
	}
	switch err := r.goOn(); {
	case errors.As(err, new(*conflict)):
		for _, p := range problemsOf(err) {
			recovery.Conflicts = append(recovery.Conflicts, p.File)
		}
	case err != nil:
		return nil, err
	default:
		recovery.Finished = state == recordCommit || state == recordDone
		recovery.Kept = recovery.Finished && record.Keep && record.Undoes == ""
	}
	recovery.Found = h.found
	return recovery, nil
}

// open opens the folders of the files.
func (r *run) open() error {
	for _, f := range r.record.Files {
		folder, err := openRoot(r.home.root, f.Folder, r.home.sys)
		if err != nil {
			return r.cannotOpen(f.Folder, err)
		}
		r.files = append(r.files, &file{recordFile: f, folder: folder})
	}
	return nil
}

// cannotOpen tells of a folder of the record. One that is not there any more, or leads out of the home, is no failure that may pass.
func (r *run) cannotOpen(folder string, err error) error {
	var errno unix.Errno
	isErrno := errors.As(err, &errno)
	if !isErrno || errno == unix.ENOENT || errno == unix.ENOTDIR || errno == unix.ELOOP {
		return badRecord(r.state, fmt.Errorf("the folder %s cannot be opened: %s", folder, patch.Reason(err)))
	}
	problem := &patch.Problem{File: folder, Message: "cannot open: " + patch.Reason(err)}
	return unfinished(patch.Problems{problem}, "nothing was done about the run that was interrupted")
}

func (r *run) close() {
	for _, f := range r.files {
		f.folder.close()
	}
}

// goOn goes on from the state that the record names. The error is a [conflict] where the run was undone because of one.
func (r *run) goOn() error {
	switch r.state {
	case recordStaging:
		return r.abandon(nil)
	case recordUndo:
		return r.undoBecause(nil)
	case recordDone:
		return r.cleanUp()
	}
	return r.finish()
}

func problemsOf(err error) patch.Problems {
	var problems patch.Problems
	errors.As(err, &problems)
	return problems
}

// PendingError says that a run was interrupted, and that nobody has finished or undone it yet.
type PendingError struct {
	patch.Problems
	ID, Verb, User string
	Time           time.Time
}

func (e *PendingError) Unwrap() error { return e.Problems }

// CheckPending looks for an interrupted run, without writing anything: the error is a [PendingError] then, and [ErrLocked] if the run
// is still at work. Who may not look into the state folder gets an error that is [io/fs.ErrPermission].
func CheckPending(dir string) error {
	h, err := openHome(dir, &system{})
	if errors.Is(err, os.ErrPermission) {
		return err
	}
	if err != nil {
		return stateProblem(err)
	}
	defer h.close()
	for {
		record, _, err := h.readRecord()
		if err == nil && record == nil {
			return nil
		}
		if locked := h.isLocked(); locked != nil {
			return locked
		}
		if err != nil {
			return stateProblem(err)
		}
		again, _, err := h.readRecord() // it may have come to its end meanwhile
		if err == nil && again != nil && again.ID == record.ID {
			return pending(record)
		}
	}
}

// isLocked returns [ErrLocked] where a run is at work.
func (h *home) isLocked() error {
	f, err := h.state.open(lockName)
	if err != nil {
		return nil // then nobody holds it
	}
	defer f.Close()
	if errors.Is(unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB), unix.EWOULDBLOCK) {
		return ErrLocked
	}
	return nil
}

// Describe says which run is meant: "the apply of 2026-11-20T18:01:52Z by root".
func Describe(verb string, when time.Time, user string) string {
	text := "the " + verb + " of " + when.Local().Format(time.RFC3339)
	if user != "" {
		text += " by " + user
	}
	return text
}

func pending(r *record) error {
	return &PendingError{
		Problems: patch.Problems{{
			File:    stateName,
			Message: Describe(r.Verb, r.Time, r.User) + " was interrupted and is pending",
			Hint:    "carbonpatch apply, or carbonpatch rollback, finishes or undoes it first",
		}},
		ID: r.ID, Verb: r.Verb, User: r.User, Time: r.Time,
	}
}
