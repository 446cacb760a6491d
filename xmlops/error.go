package xmlops

import "fmt"

// Position is a place in the source of a document as it was parsed. Line and Column are 1-based; a line
// ends with LF, a column counts characters (not bytes), a byte order mark has no column. The zero
// Position is unknown.
type Position struct {
	Line, Column int
}

// Error is one thing that is wrong with a document or that an [Op] could not do. Msg never quotes
// content of the document, names apart.
type Error struct {
	Position
	Msg   string
	Hint  string // what to do about it, or ""
	Cause Cause
}

// Cause tells apart what [Error]s of operations that are often met are about.
type Cause int

const (
	NoMatch   Cause = iota + 1 // the selector matches nothing
	ManyMatch                  // it matches more than one place, and the operation is for one
)

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Msg
	}
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Msg)
}
