package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/txn"
)

// readHome is the home of a verb that only reads. One in which a run was interrupted, or is at work, is an error: its files may be
// partly new.
func (con *console) readHome(c *cli.Context) (string, error) {
	dir, err := con.homeDir(c, c.Args().Slice())
	if err != nil {
		return "", err
	}
	return dir, con.checkPending(dir)
}

// checkPending looks for a run that is not done.
func (con *console) checkPending(dir string) error {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil // that is told with all else that is wrong
	}
	err := txn.CheckPending(dir)
	if errors.Is(err, fs.ErrPermission) {
		con.warn(patch.Problems{{File: dir, Message: "cannot see whether a run was interrupted here: " + patch.Reason(err)}})
		return nil
	}
	return err
}

// recoverHome finishes or undoes the run that was interrupted in a home, if there is one, and waits for one that is at work. It says
// what was done, and returns it or nil.
func (con *console) recoverHome(c *cli.Context, dir string) (*txn.Recovery, error) {
	err := con.checkPending(dir)
	if !errors.As(err, new(*txn.PendingError)) && !errors.Is(err, txn.ErrLocked) {
		return nil, err
	}
	lock, err := con.lock(c, dir)
	if err != nil {
		return nil, err
	}
	defer lock.Release()
	return lock.Recovered(), nil
}

// lock waits for its turn to write to a home.
func (con *console) lock(c *cli.Context, dir string) (*txn.Lock, error) {
	signal.Ignore(syscall.SIGPIPE) // who reads the result must not end a run by going away
	ctx, cancel := context.WithTimeout(c.Context, c.Duration("lock-timeout"))
	defer cancel()
	start := time.Now()
	lock, err := txn.Acquire(ctx, dir)
	if err != nil {
		return nil, err
	}
	con.log.Info("lock taken", since(start))
	if r := lock.Recovered(); r != nil {
		con.recovered = true
		con.log.Info("run recovered", zap.String("run", r.ID), zap.String("verb", r.Verb), zap.Bool("finished", r.Finished), zap.Int("files", len(r.Files)))
		con.note(recoveryNotes(r)...)
	}
	return lock, nil
}

// addNotes adds to a report what was told beside the result.
func (con *console) addNotes(report *patch.PlanReport) {
	for _, note := range con.notes {
		report.Notes = append(report.Notes, patch.NoteReport{Message: note})
	}
}

// recoveryNotes tell what was done about a run that had been interrupted.
func recoveryNotes(r *txn.Recovery) []string {
	notes := []string{fmt.Sprintf("%s was interrupted; it was %s", txn.Describe(r.Verb, r.Time, r.User), outcomeText(r))}
	for _, path := range r.Conflicts {
		notes = append(notes, path+" was changed by somebody else meanwhile, and stays so")
	}
	return slices.Concat(notes, r.Found)
}

func outcomeText(r *txn.Recovery) string {
	files := countAre(len(r.Files)-len(r.Conflicts), "file")
	switch {
	case !r.Finished:
		return fmt.Sprintf("undone: %s as before", files)
	case r.Undoes != "":
		return fmt.Sprintf("finished: %s as before the run %s", files, r.Undoes)
	}
	return fmt.Sprintf("finished: %s new", files)
}
