package patch

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"
)

// maxSlide is the length in bytes of the blocks that are slid at most: sliding one costs the square of its length.
const maxSlide = 10_000

// slide moves the edits of a line diff that could as well stand some lines up or down: a second <member> is added from <member>
// to </member>, not from the first one's </member> on. Of the places where a block can stand it takes the one where the block
// begins with the least indent, and of those the last, much as git does.
func slide(text string, edits []udiff.Edit) {
	for i := range edits {
		lo, hi := 0, len(text)
		if i > 0 {
			lo = edits[i-1].End
		}
		if i+1 < len(edits) {
			hi = edits[i+1].Start
		}
		slideEdit(text, &edits[i], lo, hi)
	}
}

// slideEdit slides e between the offsets lo and hi. Only what is inserted or deleted can slide, not what replaces.
func slideEdit(text string, e *udiff.Edit, lo, hi int) {
	deleted := text[e.Start:e.End]
	if (e.New == "") == (deleted == "") {
		return
	}
	b := block{lines: e.New + deleted, at: e.Start, end: e.End}
	if len(b.lines) > maxSlide || !strings.HasSuffix(b.lines, "\n") {
		return
	}
	for n := strings.Count(b.lines, "\n"); n > 0 && b.up(text, lo); n-- {
	}
	best := b
	for n := strings.Count(b.lines, "\n"); n > 0 && b.down(text, hi); n-- {
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

// up moves b one line up, if the result of the edit stays the same.
func (b *block) up(text string, lo int) bool {
	rest := b.lines[:strings.LastIndexByte(b.lines[:len(b.lines)-1], '\n')+1]
	line := b.lines[len(rest):]
	above := text[lo:b.at]
	if !strings.HasSuffix(above, line) || len(above) > len(line) && above[len(above)-len(line)-1] != '\n' {
		return false
	}
	*b = block{line + rest, b.at - len(line), b.end - len(line)}
	return true
}

// down moves b one line down, if the result of the edit stays the same.
func (b *block) down(text string, hi int) bool {
	n := strings.IndexByte(b.lines, '\n') + 1
	line := b.lines[:n]
	if !strings.HasPrefix(text[b.end:hi], line) {
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
