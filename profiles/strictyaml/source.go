package strictyaml

import (
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Source is the text of the document, in lines that end in \n and without a byte order mark, and the half-open ranges of bytes in it
// that must not be shown, in order.
func (d *Document) Source() (text []byte, hidden [][2]int) {
	var b strings.Builder
	for i, line := range d.lines {
		start := b.Len()
		for _, r := range line {
			b.WriteRune(r)
		}
		if i >= d.shown {
			hidden = append(hidden, [2]int{start, b.Len()})
		} else {
			for _, s := range slices.Backward(d.hiddenIn(i + 1)) {
				lo := start + size(line[:s.column-1])
				hidden = append(hidden, [2]int{lo, lo + size(line[s.column-1:s.column-1+s.width])})
			}
		}
		b.WriteByte('\n')
	}
	return []byte(b.String()), hidden
}

// Span is the half-open range of bytes that n has in [Document.Source]. It is empty where n is not a text on one line; of the command line both
// are 0.
func (d *Document) Span(n *yaml.Node) (lo, hi int) {
	at := d.extent(n)
	if at.line < 1 || at.line > len(d.lines) {
		return 0, 0
	}
	for _, line := range d.lines[:at.line-1] {
		lo += size(line) + len("\n")
	}
	line := d.lines[at.line-1]
	lo += size(line[:min(at.column-1, len(line))])
	return lo, lo + size(d.from(at.line, at.column)[:at.width])
}

// size is the length of a text in bytes.
func size(text []rune) int {
	n := 0
	for _, r := range text {
		n += utf8.RuneLen(r)
	}
	return n
}
