package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/txn"
)

// finish reports err and returns the exit code.
func (con *console) finish(err error) int {
	code := exitCode(err)
	switch {
	case code != exitDone && code != exitLook:
		con.report(err)
	case con.out.failed != nil:
		p := &patch.Problem{Message: "the result could not be printed: " + patch.Reason(con.out.failed), Hint: con.undo}
		code = exitFailed
		if con.written {
			p.Message = "all was written, but " + p.Message
			code = exitUnfinished
		}
		con.err.print(con.problemText("error", p))
	}
	con.logFinished(code)
	return code
}

// report tells all that is wrong, and at the end that nothing was done about it.
func (con *console) report(err error) {
	problems := con.inOrder(problemsOf(err))
	if failure := con.failureReport(err, problems); failure != nil {
		if con.printJSON(failure); con.out.failed == nil {
			return
		}
	}
	parts := make([]string, len(problems))
	for i, p := range problems {
		con.keep(p.File + ":")
		parts[i] = con.problemText("error", p)
	}
	text := strings.Join(parts, "\n")
	if untouched := con.untouched(err, problems); untouched != "" {
		text += "\n" + untouched + "\n"
	}
	con.err.print(text)
}

// failureReport is what is printed of a failure as an object, or nil where that is text.
func (con *console) failureReport(err error, problems patch.Problems) any {
	switch con.format {
	case "json":
		return problems.Report()
	case ansibleFormat:
		return con.ansibleFailure(err, problems)
	}
	return nil
}

// untouched says that the files are as they were before a run that failed, or "" where they are not.
func (con *console) untouched(err error, problems patch.Problems) string {
	more := ""
	if con.recovered {
		more = "more "
	}
	switch exitCode(err) {
	case exitFailed, exitLocked, exitInterrupted:
		return fmt.Sprintf("%s; nothing %swas written", count(len(problems), "error"), more)
	}
	return ""
}

// inOrder sorts problems: the cluster files, then the command line, then other files, as they were first told of; in a file by place.
func (con *console) inOrder(problems patch.Problems) patch.Problems {
	files := slices.Clone(con.clusters)
	const commandLine = ""
	files = append(files, commandLine)
	file := func(p *patch.Problem) string {
		if strings.HasPrefix(p.File, "--") {
			return commandLine
		}
		return p.File
	}
	for _, p := range problems {
		if !slices.Contains(files, file(p)) {
			files = append(files, file(p))
		}
	}
	line := func(p *patch.Problem) int { // what is wrong with a file as a whole comes last
		if p.Line == 0 {
			return math.MaxInt
		}
		return p.Line
	}
	slices.SortStableFunc(problems, func(a, b *patch.Problem) int {
		return cmp.Or(cmp.Compare(slices.Index(files, file(a)), slices.Index(files, file(b))), cmp.Compare(line(a), line(b)), cmp.Compare(a.Column, b.Column))
	})
	return problems
}

// problemsOf are the mistakes that err consists of, each of them once: of a file that two look into, both find that it can't be read.
func problemsOf(err error) patch.Problems {
	var problems patch.Problems
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			for _, p := range problemsOf(err) {
				if !slices.ContainsFunc(problems, func(other *patch.Problem) bool { return *other == *p }) {
					problems = append(problems, p)
				}
			}
		}
		return problems
	}
	switch {
	case errors.As(err, &problems):
		return problems
	case errors.Is(err, context.Canceled):
		return patch.Problems{{Message: "interrupted"}}
	case errors.Is(err, txn.ErrLocked):
		return patch.Problems{{Message: err.Error(), Hint: "wait until it is done; --lock-timeout says how long apply and rollback wait"}}
	}
	return patch.Problems{{Message: err.Error()}}
}

// warn tells of err, which does not stop the run.
func (con *console) warn(err error) {
	for _, p := range problemsOf(err) {
		con.warnings = append(con.warnings, problemLine(p))
		con.aside(con.problemText("warning", p))
	}
}

// note tells of what is neither a result nor a mistake.
func (con *console) note(notes ...string) {
	con.notes = append(con.notes, notes...)
	con.aside(notesText(&patch.Plan{}, notes))
}

// aside prints beside the result, but for who reads one object and nothing else.
func (con *console) aside(text string) {
	if con.format != ansibleFormat {
		con.err.print(text)
	}
}

func (con *console) problemText(severity string, p *patch.Problem) string {
	clean := func(s string) string { return strings.Map(visible, s) }
	text := fmt.Sprintf("%s %s %s\n", con.err.paint(bold, inLine(placeOf(p))+":"), con.err.paint(red, severity+":"), clean(p.Message))
	if p.Source != "" {
		text += con.err.sourceText(p)
	}
	if p.Hint != "" {
		text += con.err.paint(cyan, "hint:") + " " + clean(p.Hint) + "\n"
	}
	return text
}

// placeOf is where p is: FILE:LINE:COLUMN, as far as that is known.
func placeOf(p *patch.Problem) string {
	switch {
	case p.File == "":
		return "carbonpatch"
	case p.Line > 0:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
	return p.File
}

// sourceText is the source line of p, with a caret below what it is about.
func (s *stream) sourceText(p *patch.Problem) string {
	return fmt.Sprintf("%5d | %s\n      | %s\n", p.Line, strings.Map(visible, p.Source), s.paint(red, caret(p)))
}

// caret underlines what p is about. Tabs of the source line are kept, so that it stands below that.
func caret(p *patch.Problem) string {
	var indent strings.Builder
	column := cmp.Or(p.Caret, p.Column)
	for i, r := range []rune(p.Source) {
		switch {
		case i >= column-1:
		case r == '\t':
			indent.WriteRune('\t')
		default:
			indent.WriteByte(' ')
		}
	}
	return indent.String() + strings.Repeat("^", max(p.Width, 1))
}

// bugError is a panic: it says where that happened, but not why, which may quote a value.
type bugError struct{ patch.Problems }

func (e *bugError) Unwrap() error { return e.Problems }

// newBug is the error for what was panicked with, here or in another goroutine.
func newBug(cause any) error {
	if bug, ok := cause.(*bugError); ok {
		return bug
	}
	message := fmt.Sprintf("this is a bug in carbonpatch (%T)", cause)
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	for frame, more := frames.Next(); more; frame, more = frames.Next() {
		if strings.HasPrefix(frame.Function, "main.") || strings.Contains(frame.Function, "/carbonpatch/") {
			message += fmt.Sprintf("\n  %s:%d", frame.Function, frame.Line)
		}
	}
	hint := fmt.Sprintf("please report these lines and what you did at %s/issues, with the output of %q", homepage, "carbonpatch version")
	return &bugError{patch.Problems{{Message: message, Hint: hint}}}
}
