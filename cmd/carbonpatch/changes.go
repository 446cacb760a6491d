package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// row is a change as a line of text.
type row struct{ sign, label, value, line string }

func rowOf(c patch.Change, show patch.Visibility) row {
	before, after := valuesText(c, show)
	r := row{sign: sign(c.Kind), label: inLine(c.Label())}
	switch c.Kind {
	case xmlops.Added:
		r.value = after
	case xmlops.Removed:
		r.value = before
	case xmlops.Uncommented:
		r.value = "(commented out) -> " + cmp.Or(after, "(live)")
	case xmlops.CommentedOut:
		r.value = cmp.Or(before, "(live)") + " -> (commented out)"
	default:
		r.value = cmp.Or(before, `""`) + " -> " + cmp.Or(after, `""`)
	}
	if c.Line > 0 {
		r.line = fmt.Sprintf(":%d", c.Line)
	}
	return r
}

// valuesText are the values before and after in one line each.
func valuesText(c patch.Change, show patch.Visibility) (before, after string) {
	b, a := c.Values(show)
	before, after = valueText(b), valueText(a)
	if before == after && b != a {
		return strconv.Quote(b), strconv.Quote(a) // only blanks differ
	}
	return before, after
}

// valueText is a value in one line, quoted where blanks at its ends would go unseen.
func valueText(value string) string {
	if strings.TrimSpace(value) != value {
		return strconv.Quote(value)
	}
	return oneLine(value)
}

// sign is the mark of a kind of change: it says without color what happens.
func sign(kind xmlops.ChangeKind) string {
	switch kind {
	case xmlops.Changed:
		return "~"
	case xmlops.Added:
		return "+"
	case xmlops.Removed:
		return "-"
	case xmlops.Uncommented:
		return "#"
	case xmlops.CommentedOut:
		return "!"
	}
	return "="
}

// oneLine is a value fit to stand in a line: blanks are one space, what a terminal would obey is gone.
func oneLine(value string) string {
	value = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, value)
	return strings.Join(strings.Fields(value), " ")
}

// layout puts rows into columns that fit width. Where a row does not fit, its value has lines of its own.
func layout(rows []row, width int) string {
	labels := labelColumn(rows, width)
	values := 0
	for _, r := range rows {
		if fits(r, labels, width) {
			values = max(values, length(r.value))
		}
	}
	var b strings.Builder
	for _, r := range rows {
		if fits(r, labels, width) {
			line := fmt.Sprintf("  %s %s  %s  %s", r.sign, pad(r.label, labels), pad(r.value, values), r.line)
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			continue
		}
		line := fmt.Sprintf("  %s %s  %s", r.sign, pad(r.label, labels+2+values), r.line)
		fmt.Fprintf(&b, "%s\n      %s\n", strings.TrimRight(line, " "), strings.Join(wrap(r.value, width-6), "\n      "))
	}
	return b.String()
}

// labelColumn is the width of the first column with which most rows fit on one line.
func labelColumn(rows []row, width int) int {
	best, most := 0, -1
	for _, candidate := range rows {
		column, n := length(candidate.label), 0
		for _, r := range rows {
			if fits(r, column, width) {
				n++
			}
		}
		if n > most || n == most && column > best {
			best, most = column, n
		}
	}
	return best
}

// fits reports whether r has room on one line beside a first column of that width.
func fits(r row, labels, width int) bool {
	return length(r.label) <= labels && len("  ~ ")+labels+2+length(r.value)+2+len(":12345") <= width
}

func length(s string) int { return utf8.RuneCountInString(s) }

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-length(s)))
}
