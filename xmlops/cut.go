package xmlops

import (
	"strings"

	"github.com/beevik/etree"
)

// cut removes e, and the line that it leaves empty. Where it was a group of its own between blank lines, one of these goes too.
func (d *Document) cut(e *etree.Element) *Error {
	parent, i := e.Parent(), e.Index()
	before, plainBefore := d.plainText(parent, i-1)
	after, plainAfter := d.plainText(parent, i+1)
	lo, hi := i, i+1
	if plainBefore {
		lo--
	}
	if plainAfter {
		hi++
	}
	start := lineStart(before)
	rest := strings.TrimLeft(after, " \t")
	switch {
	case start >= 0 && startsWithLineEnd(rest):
		before, after = joinLines(before[:start], rest, lo > 0, hi < len(parent.Child))
	case start >= 0 && hi == len(parent.Child) && after == "":
		before = before[:start]
	case strings.Trim(before, " \t") == "" && i > 1:
		before = "" // on one line with its siblings: the blank that parted it from the one before
	case strings.Trim(before+after, " \t") == "":
		after = "" // or, of the first one, from the one behind
	case strings.HasSuffix(before, " ") && strings.HasPrefix(after, " "):
		after = after[1:]
	}
	return d.replaceChildren(parent, lo, hi, before+after)
}

func startsWithLineEnd(s string) bool { return strings.HasPrefix(strings.TrimPrefix(s, "\r"), "\n") }

// joinLines takes care that blank lines before and after a line that goes are not added up. first and last say whether the
// parent holds anything before and after.
func joinLines(before, after string, first, last bool) (string, string) {
	above := lineStart(before) >= 0 // a blank line, for before ends without its line end
	next := after[strings.IndexByte(after, '\n')+1:]
	below := startsWithLineEnd(strings.TrimLeft(next, " \t"))
	switch {
	case below && (above || !first && last && strings.Trim(before, blanks) == ""):
		return before, after[:strings.IndexByte(after, '\n')+1] + next[strings.IndexByte(next, '\n')+1:]
	case above && !last && first && strings.Trim(next, blanks) == "":
		return before[:lineStart(before)], after
	}
	return before, after
}
