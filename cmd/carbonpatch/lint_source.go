package main

import (
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// minSource is how much of a line is shown at least, in characters.
const minSource = 20

// sourceLine fills in the source line of p, which is about a place, with the secrets of the file and those that are known else masked. A
// line of more than width characters is cut around what it is about.
func sourceLine(p *patch.Problem, place product.Place, width int, known *patch.Redactor) {
	line, start := place.Line()
	secrets := known.Spans(string(line))
	for _, span := range place.File.SecretsIn(start, start+len(line)) {
		secrets = append(secrets, [2]int{max(span[0]-start, 0), min(span[1]-start, len(line))})
	}
	lo, hi := min(place.Lo-start, len(line)), min(place.Hi-start, len(line))
	for _, span := range secrets { // a part of a secret is not told from the rest
		if span[0] < lo && lo < span[1] {
			lo = span[0]
		}
		if span[0] < hi && hi < span[1] {
			hi = span[1]
		}
	}
	before, about, after := maskedPart(line, 0, lo, secrets), maskedPart(line, lo, hi, secrets), maskedPart(line, hi, len(line), secrets)
	before, about, after = cut(before, about, after, max(width, minSource))
	p.Source = before + about + after
	p.Caret, p.Width = 1+length(before), length(about)
}

// maskedPart is a part of a line, as a terminal may show it.
func maskedPart(line []byte, lo, hi int, secrets [][2]int) string {
	var spans [][2]int
	for _, span := range secrets {
		spans = append(spans, [2]int{span[0] - lo, span[1] - lo})
	}
	text := strings.TrimPrefix(string(patch.MaskSpans(line[lo:hi], spans)), "\uFEFF")
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
