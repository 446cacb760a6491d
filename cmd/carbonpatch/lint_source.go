package main

import (
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// sourceLine fills in the source line of p, which is about a place, with its secrets masked. A line of more than width characters is cut
// around what it is about.
func sourceLine(p *patch.Problem, place product.Place, width int) {
	line, start := place.Line()
	lo, hi := place.Lo, max(place.Lo, min(place.Hi, start+len(line)))
	for _, span := range place.File.Secrets() { // a part of a secret is not told from the rest
		if span[0] < lo && lo < span[1] {
			lo = max(span[0], start)
		}
		if span[0] < hi && hi < span[1] {
			hi = min(span[1], start+len(line))
		}
	}
	before, about, after := maskedPart(place.File, start, lo), maskedPart(place.File, lo, hi), maskedPart(place.File, hi, start+len(line))
	before, about, after = cut(before, about, after, width)
	p.Source = before + about + after
	p.Caret, p.Width = 1+length(before), length(about)
}

// maskedPart is a part of a line of a file, as a terminal may show it.
func maskedPart(f *product.File, lo, hi int) string {
	var spans [][2]int
	for _, span := range f.Secrets() {
		spans = append(spans, [2]int{span[0] - lo, span[1] - lo})
	}
	text := strings.TrimPrefix(string(patch.MaskSpans(f.Source[lo:hi], spans)), "\uFEFF")
	return strings.Map(visible, text)
}

const ellipsis = "..."

// cut shortens the parts of a line to width characters in all: first what is far from about, then the end of about.
func cut(before, about, after string, width int) (string, string, string) {
	b, a, f := []rune(before), []rune(about), []rune(after)
	if len(b)+len(a)+len(f) <= width {
		return before, about, after
	}
	if longest := max(width/2, width-len(b)-len(ellipsis)); len(a) > longest {
		a, f = a[:longest], []rune(ellipsis)
		about = string(a)
	}
	room := width - len(a)
	left := min(len(b), max(room/2, room-len(f)))
	if left < len(b) {
		before = ellipsis + string(b[len(b)-max(0, left-len(ellipsis)):])
	}
	if right := room - left; right < len(f) {
		after = string(f[:max(0, right-len(ellipsis))]) + ellipsis
	} else {
		after = string(f)
	}
	return before, about, after
}
