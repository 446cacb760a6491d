package main

import (
	"context"
	"errors"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/txn"
)

// The exit codes of every verb.
const (
	exitDone        = 0
	exitFailed      = 1
	exitLook        = 2
	exitUsage       = 64
	exitBug         = 70
	exitUnfinished  = 74
	exitLocked      = 75
	exitInterrupted = 130
)

type exitMeaning struct {
	code    int
	meaning string
}

// exitCodes are the exit codes as help and the manual page list them.
func exitCodes() []exitMeaning {
	return []exitMeaning{
		{exitDone, "done, or nothing to do; plan with changes pending too"},
		{exitFailed, "failed; the files are as they were"},
		{exitLook, "worked, and there is something to look at: plan and apply --detailed-exitcode with changes, verify with drift or open settings, lint with an error (--strict: or a warning)"},
		{exitUsage, "wrong command line"},
		{exitBug, "a bug in carbonpatch"},
		{exitUnfinished, "the run could be neither finished nor undone, as on a failing disk, and the next apply or rollback goes on with it; or files were written, but that could not be printed"},
		{exitLocked, "another run holds the lock"},
		{exitInterrupted, "interrupted; nothing is half-written"},
	}
}

// usageError is a command line that can't be meant.
type usageError struct{ patch.Problems }

func (e *usageError) Unwrap() error { return e.Problems }

func wrongUsage(message, hint string) error {
	return &usageError{patch.Problems{{Message: message, Hint: hint}}}
}

// lookError says that all worked and that there is something to look at, which has been printed.
type lookError struct{}

func (lookError) Error() string { return "there is something to look at" }

// afterError is what was found wrong after all was written.
type afterError struct{ patch.Problems }

func (e *afterError) Unwrap() error { return e.Problems }

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, new(lookError)):
		return exitLook
	case errors.As(err, new(*usageError)):
		return exitUsage
	case errors.As(err, new(*bugError)):
		return exitBug
	case errors.Is(err, txn.ErrUnfinished), errors.As(err, new(*afterError)):
		return exitUnfinished
	case errors.Is(err, txn.ErrLocked):
		return exitLocked
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitFailed
}
