package main

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/txn"
)

func TestRecoveryNotes(t *testing.T) {
	t.Parallel()
	when := time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local)
	said := "of " + when.Format(time.RFC3339)
	tests := []struct {
		name string
		in   txn.Recovery
		want []string
	}{
		{
			"an apply that is finished",
			txn.Recovery{Verb: "apply", User: "root", Time: when, Finished: true, Files: []string{"a", "b", "c"}},
			[]string{"the apply " + said + " by root was interrupted; it was finished: 3 files are new"},
		},
		{
			"an apply that is undone, by nobody knows whom",
			txn.Recovery{Verb: "apply", Time: when, Files: []string{"a"}},
			[]string{"the apply " + said + " was interrupted; it was undone: 1 file is as before"},
		},
		{
			"a rollback that is finished",
			txn.Recovery{Verb: "rollback", Time: when, Undoes: "ID", Finished: true, Files: []string{"a"}},
			[]string{"the rollback " + said + " was interrupted; it was finished: 1 file is as before the run ID"},
		},
		{
			"a rollback that is undone because of what others did",
			txn.Recovery{Verb: "rollback", Time: when, Undoes: "ID", Files: []string{"a", "b"}, Conflicts: []string{"b"}, Found: []string{"x is kept as y"}},
			[]string{
				"the rollback " + said + " was interrupted; it was undone: 1 file is as before",
				"b was changed by somebody else meanwhile, and stays so", "x is kept as y",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, recoveryNotes(&tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUndoneBy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   *txn.Recovery
		want string
	}{
		{"nothing was interrupted", nil, ""},
		{"an apply that is finished", &txn.Recovery{ID: "ID", Finished: true}, ""},
		{"an apply that is undone", &txn.Recovery{ID: "ID"}, "ID"},
		{"a rollback that is finished", &txn.Recovery{ID: "ID", Undoes: "OLD", Finished: true}, "OLD"},
		{"a rollback that is undone", &txn.Recovery{ID: "ID", Undoes: "OLD"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := undoneBy(tt.in); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// A signal that comes when all is written does not make a failure of the run.
func TestInterruptedTooLate(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, want := range []string{"", "note: interrupted when all was written already\n"} {
		var stderr bytes.Buffer
		con := newConsole(nil, nil, &bytes.Buffer{}, &stderr)
		con.wrote(ctx, nil)
		if !con.written || stderr.String() != want {
			t.Errorf("%v, %q, want %q", con.written, stderr.String(), want)
		}
		cancel()
	}
}
