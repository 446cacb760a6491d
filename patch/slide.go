package patch

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// maxSlide is the length in bytes of the blocks that are slid at most: sliding one costs the square of its length.
const maxSlide = 10_000

// slide moves the edits of a line diff that could as well stand some lines further down: a second <member> is added from <member>
// to </member>, not from the first one's </member> on. Of the places where a block can stand it takes the one where the block
// begins with the least indent, and of those the last, much as git does.
func slide(text string, edits []udiff.Edit) {
	for i := range edits {
		end := len(text)
		if i+1 < len(edits) {
			end = edits[i+1].Start
		}
		slideEdit(text[:end], &edits[i])
	}
}

// slideEdit slides e down within text. Only what is inserted or deleted can slide, not what replaces.
func slideEdit(text string, e *udiff.Edit) {
	deleted := text[e.Start:e.End]
	if (e.New == "") == (deleted == "") {
		return
	}
	b := block{lines: e.New + deleted, at: e.Start, end: e.End}
	if len(b.lines) > maxSlide || !strings.HasSuffix(b.lines, "\n") {
		return
	}
	best := b
	// after as many lines as it has, the block is the same again
	for n := strings.Count(b.lines, "\n"); n > 0 && b.down(text); n-- {
		if indent(b.lines) <= indent(best.lines) {
			best = b
		}
	}
	e.Start, e.End = best.at, best.end
	if e.New != "" {
		e.New = best.lines
	}
}

// block is whole lines that are inserted at, or that stand from at to end.
type block struct {
	lines   string
	at, end int
}

// down moves b one line down, if the result of the edit stays the same.
func (b *block) down(text string) bool {
	n := strings.IndexByte(b.lines, '\n') + 1
	line := b.lines[:n]
	if !strings.HasPrefix(text[b.end:], line) {
		return false
	}
	*b = block{b.lines[n:] + line, b.at + n, b.end + n}
	return true
}

// indent is the number of blanks that the first line begins with; a blank line counts as deeper than any other.
func indent(lines string) int {
	for i, r := range lines {
		switch r {
		case ' ', '\t':
		case '\r', '\n':
			return len(lines)
		default:
			return i
		}
	}
	return len(lines)
}
