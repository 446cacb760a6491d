package patch

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// lineEdits turns edits of bytes into edits of whole lines. They show what was done to the file, which a comparison of before and
// after can only guess: a second <member> beside one that changes is one block.
func lineEdits(before string, edits []xmlops.Edit) []udiff.Edit {
	var lines []udiff.Edit
	for len(edits) > 0 {
		n := shareLines(before, edits)
		lo, hi := lineStart(before, edits[0].Lo), lineEnd(before, edits[n-1].Hi)
		after := edited(before, lo, hi, edits[:n])
		for line := range strings.Lines(after) { // what an edit begins behind stays where it is
			if !strings.HasSuffix(line, "\n") || !strings.HasPrefix(before[lo:hi], line) {
				break
			}
			lo, after = lo+len(line), after[len(line):]
		}
		for _, e := range udiff.Lines(before[lo:hi], after) {
			lines = appendTouching(lines, udiff.Edit{Start: lo + e.Start, End: lo + e.End, New: e.New})
		}
		edits = edits[n:]
	}
	return lines
}

// shareLines is the number of edits, of those that the list begins with, each of which has a line in common with the one
// before it.
func shareLines(text string, edits []xmlops.Edit) int {
	n := 1
	for n < len(edits) && lineStart(text, edits[n].Lo) < lineEnd(text, edits[n-1].Hi) {
		n++
	}
	return n
}

// edited is text from lo to hi with edits, which lie there.
func edited(text string, lo, hi int, edits []xmlops.Edit) string {
	var b strings.Builder
	for _, e := range edits {
		b.WriteString(text[lo:e.Lo])
		b.Write(e.Text)
		lo = e.Hi
	}
	b.WriteString(text[lo:hi])
	return b.String()
}

// appendTouching appends e to lines, as one with the last of them if there is no line in between.
func appendTouching(lines []udiff.Edit, e udiff.Edit) []udiff.Edit {
	if n := len(lines); n > 0 && lines[n-1].End == e.Start {
		lines[n-1].End = e.End
		lines[n-1].New += e.New
		return lines
	}
	return append(lines, e)
}

func lineStart(text string, offset int) int { return strings.LastIndexByte(text[:offset], '\n') + 1 }

func lineEnd(text string, offset int) int {
	if n := strings.IndexByte(text[offset:], '\n'); n >= 0 {
		return offset + n + 1
	}
	return len(text)
}
