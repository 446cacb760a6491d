package patch

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// Problem is one mistake in a file, told so that the reader can mend it.
type Problem struct {
	File         string // as the user knows it: relative to the home, or as given on the command line
	Line, Column int    // 1-based; 0 where the problem has no place
	Message      string // lower case, no full stop, no content of a file that could not be read
	Hint         string // what to do, or ""
	Source       string // the line it is about, secrets masked; "" where it must not be shown
	Caret        int    // 1-based column in Source, to which masks have moved what stands at Column; 0 is Column
	Width        int    // characters of Source to underline from Caret on; 0 is 1
}

func (p *Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File + ":")
	}
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", p.Line, p.Column)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	return b.String() + p.Message
}

// Problems are all the mistakes of a run, in the order of files and lines.
type Problems []*Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Err is ps as an error, or nil when there are none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// JoinProblems puts the problems of several errors one after the other, and returns nil when there are none. Each error is
// nil or [Problems].
func JoinProblems(errs ...error) error {
	var all Problems
	for _, err := range errs {
		var problems Problems
		if errors.As(err, &problems) {
			all = append(all, problems...)
		}
	}
	return all.Err()
}

// ErrLeadsOut is the error of a path that leaves the home, by a symbolic link too. An absolute one counts as such.
var ErrLeadsOut = errors.New("it leads out of the home")

// Reason is why an operation on a file failed, without the name of the file, which a [Problem] has already.
func Reason(err error) string {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		err = e.Err
	}
	if err.Error() == "path escapes from parent" { // os.Root has no error to compare with
		err = ErrLeadsOut
	}
	return err.Error()
}

// CannotRead tells why a file of a home can't be read, and what to do.
func CannotRead(name string, err error) *Problem {
	refuse := func(message, hint string) *Problem { return &Problem{File: name, Message: message, Hint: hint} }
	reason := "cannot read: " + Reason(err)
	switch {
	case errors.Is(err, errFolder):
		return refuse("a directory, not a file", "put the file there")
	case errors.Is(err, errNotRegular):
		return refuse("not a regular file", "put a file there")
	case errors.As(err, new(tooLargeError)):
		return refuse(strings.TrimPrefix(err.Error(), "it is "), "see what it holds: no configuration is as large as that")
	case Reason(err) == ErrLeadsOut.Error():
		return refuse(reason, "put the file itself there, or a relative link to one in the home")
	case errors.Is(err, fs.ErrNotExist):
		return refuse(reason, "put the file back")
	case errors.Is(err, syscall.ELOOP):
		return refuse(reason, "mend the links, which lead to each other")
	case errors.Is(err, fs.ErrPermission):
		return refuse(reason, "run as the owner of the home, or as root")
	}
	return refuse(reason, "")
}
