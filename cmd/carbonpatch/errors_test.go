package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/txn"
)

func TestProblemText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   *patch.Problem
		want string
	}{
		{"no place", &patch.Problem{Message: "what"}, "carbonpatch: error: what\n"},
		{"a file", &patch.Problem{File: "a.xml", Message: "what", Hint: "do"}, "a.xml: error: what\nhint: do\n"},
		{"a line", &patch.Problem{File: "a.xml", Line: 7, Column: 2, Message: "what"}, "a.xml:7:2: error: what\n"},
		{
			"the source line, with a tab before what is wrong",
			&patch.Problem{File: "a", Line: 7, Column: 4, Message: "what", Source: "\tä: bad", Width: 3},
			"a:7:4: error: what\n    7 | \tä: bad\n      | \t  ^^^\n",
		},
		{"what a terminal would obey", &patch.Problem{File: "a\x1b[2J", Message: "wh\x9bat", Hint: "\x07"}, "a\uFFFD[2J: error: wh\uFFFDat\nhint: \uFFFD\n"},
		{
			"at the end of the line",
			&patch.Problem{File: "a", Line: 7, Column: 4, Message: "what", Source: "abc"},
			"a:7:4: error: what\n    7 | abc\n      |    ^\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			con := newConsole(nil, nil, &bytes.Buffer{}, &bytes.Buffer{})
			if diff := cmp.Diff(tt.want, con.problemText("error", tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFinish(t *testing.T) {
	t.Parallel()
	problem := patch.Problems{{File: "a.xml", Message: "what"}}
	other := patch.Problems{{File: "b.xml", Message: "what"}}
	tests := []struct {
		name string
		err  error
		code int
		want string
	}{
		{"done", nil, 0, ""},
		{"something to look at", lookError{}, 2, ""},
		{"a problem", problem, 1, "a.xml: error: what\n\n1 error; nothing was written\n"},
		{"several", errors.Join(problem, other), 1, "a.xml: error: what\n\nb.xml: error: what\n\n2 errors; nothing was written\n"},
		{"one that two found", errors.Join(problem, problem), 1, "a.xml: error: what\n\n1 error; nothing was written\n"},
		{"anything else", errors.New("what"), 1, "carbonpatch: error: what\n\n1 error; nothing was written\n"},
		{"a wrong command line", wrongUsage("what", "do"), 64, "carbonpatch: error: what\nhint: do\n"},
		{"locked", fmt.Errorf("x: %w", txn.ErrLocked), 75, "carbonpatch: error: x: another run is at work in this home\nhint: wait until it is done; --lock-timeout says how long apply and rollback wait\n\n1 error; nothing was written\n"},
		{"unfinished", fmt.Errorf("%w: %w", txn.ErrUnfinished, problem), 74, "carbonpatch: error: the run could be neither finished nor undone\n\na.xml: error: what\n"},
		{"wrong after it was written", &afterError{problem}, 74, "a.xml: error: what\n"},
		{"interrupted", fmt.Errorf("x: %w", context.Canceled), 130, "carbonpatch: error: interrupted\n\n1 error; nothing was written\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			code := newConsole(nil, nil, &stdout, &stderr).finish(tt.err)
			if code != tt.code || stdout.Len() > 0 {
				t.Errorf("exit code %d, want %d; stdout %q", code, tt.code, stdout.String())
			}
			if diff := cmp.Diff(tt.want, stderr.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// All problems of a cluster file stand together, whoever found them.
func TestProblemsInOrder(t *testing.T) {
	t.Parallel()
	at := func(file string, line, column int) *patch.Problem {
		return &patch.Problem{File: file, Line: line, Column: column, Message: "what"}
	}
	var stderr bytes.Buffer
	con := newConsole(nil, nil, &bytes.Buffer{}, &stderr)
	con.clusters = []string{"b.yaml", "a.yaml"}
	con.finish(errors.Join(
		patch.Problems{at("a.yaml", 2, 1), at("a.yaml", 5, 1), at("a.yaml", 0, 0), at("--set x", 0, 0), at("", 0, 0)},
		patch.Problems{at("conf/z.xml", 9, 1), at("conf/a.xml", 3, 1)},
		patch.Problems{at("a.yaml", 2, 7), at("b.yaml", 4, 2), at("a.yaml", 3, 1), at("conf/z.xml", 8, 1)},
	))
	var places []string
	for place := range strings.SplitSeq(stderr.String(), ": error: what\n") {
		places = append(places, strings.TrimSpace(place))
	}
	want := []string{"b.yaml:4:2", "a.yaml:2:1", "a.yaml:2:7", "a.yaml:3:1", "a.yaml:5:1", "a.yaml", "--set x", "carbonpatch", "conf/z.xml:8:1", "conf/z.xml:9:1", "conf/a.xml:3:1", "11 errors; nothing was written"}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Error(diff)
	}
}

// A full disk must not pass for a result.
func TestFinishWhenTheResultCouldNotBePrinted(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	con := newConsole(nil, nil, failingWriter{}, &stderr)
	con.out.print("result")
	if code := con.finish(nil); code != 1 || stderr.String() != "carbonpatch: error: the result could not be printed: no space left\n" {
		t.Errorf("exit code %d, stderr %q", code, stderr.String())
	}
}

// Nor must it pass for a failure after which the files are as they were.
func TestFinishWhenWhatWasWrittenCouldNotBePrinted(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	con := newConsole(nil, nil, failingWriter{}, &stderr)
	con.written, con.undo = true, "undo it"
	con.out.print("result")
	want := "carbonpatch: error: all was written, but the result could not be printed: no space left\nhint: undo it\n"
	if code := con.finish(nil); code != 74 || stderr.String() != want {
		t.Errorf("exit code %d, stderr %q", code, stderr.String())
	}
}

// An error that can't be printed as JSON is printed as text.
func TestFinishWhenTheErrorCouldNotBePrinted(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	con := newConsole([]string{"--format=json"}, nil, failingWriter{}, &stderr)
	if code := con.finish(wrongUsage("what", "")); code != 64 || stderr.String() != "carbonpatch: error: what\n" {
		t.Errorf("exit code %d, stderr %q", code, stderr.String())
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestBugReport(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		f    func() error
	}{
		{"in the main goroutine", func() error { panic("a value that is secret") }},
		{"in another one", func() error {
			_, _ = interruptible(t.Context(), func() (int, error) { panic("a value that is secret") })
			return nil
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			code := recovered(newConsole(nil, nil, &stdout, &stderr), tt.f)
			if code != 70 || stdout.Len() > 0 {
				t.Errorf("exit code %d, want 70; stdout %q", code, stdout.String())
			}
			got := stderr.String()
			if strings.Contains(got, "secret") {
				t.Errorf("the report quotes the value: %s", got)
			}
			for _, want := range []string{
				"carbonpatch: error: this is a bug in carbonpatch (string)\n  ",
				"carbonpatch.TestBugReport",
				"hint: please report these lines and what you did at https://github.com/carbonpatch/carbonpatch/issues, with the output of \"carbonpatch version\"\n",
			} {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not in %q", want, got)
				}
			}
		})
	}
}
