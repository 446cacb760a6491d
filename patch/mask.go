package patch

import (
	"bytes"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/patch/script"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Mask stands for a secret. Its length says nothing about the secret's.
const Mask = xmlops.Mask

// Visibility says whether secrets are shown.
type Visibility int

const (
	Masked Visibility = iota
	Shown
)

// secretSpans returns the half-open ranges of the secrets in the file as text has it: the values of what is named like a secret,
// and those at places that are.
func (f *FilePlan) secretSpans(text []byte) [][2]int {
	switch f.notation() {
	case inJSON:
		if _, err := jsonops.Apply(text); err != nil {
			return [][2]int{{0, len(text)}}
		}
		return jsonops.SensitiveSpans(text, f.secrets)
	case inScript:
		return script.SensitiveSpans(text, f.secrets)
	}
	if len(f.secrets) == 0 && f.document != nil {
		return xmlops.SensitiveSpans(text)
	}
	d, err := xmlops.Parse(text)
	if err != nil { // as it may be before a rollback: nobody knows what stands where
		return [][2]int{{0, len(text)}}
	}
	spans := xmlops.SensitiveSpans(text)
	for _, place := range f.secrets {
		selector, err := xmlops.ParseSelector(place)
		if err != nil {
			continue // HidePlaces has checked it
		}
		for _, value := range slices.Concat(d.Find(selector), d.FindCommented(selector)) {
			spans = append(spans, [2]int{value.Lo, value.Hi})
		}
	}
	return spans
}

// URLSecrets returns the half-open byte ranges in s, which is no XML document, of what it holds in secret: the user-info of URLs, and
// what stands behind names that say password or the like.
func URLSecrets(s string) [][2]int { return Union(xmlops.SensitiveText(s)) }

// MaskURLs returns s with what [URLSecrets] finds masked.
func MaskURLs(s string) string { return string(MaskSpans([]byte(s), xmlops.SensitiveText(s))) }

// MaskSpans returns line with a [Mask] for each of spans, which may overlap and reach beyond the line. Blanks at the ends of
// what is masked stay, so that a value on several lines keeps its line ends and indentation.
func MaskSpans(line []byte, spans [][2]int) []byte {
	var out []byte
	done := 0
	for _, span := range Union(spans) {
		lo, hi := max(span[0], 0), min(span[1], len(line))
		if lo >= hi {
			continue
		}
		secret := bytes.TrimSpace(line[lo:hi])
		if len(secret) == 0 {
			continue
		}
		lo += bytes.Index(line[lo:hi], secret)
		out = append(append(out, line[done:lo]...), Mask...)
		done = lo + len(secret)
	}
	return append(out, line[done:]...)
}

// Union sorts spans and joins those that overlap or touch.
func Union(spans [][2]int) [][2]int {
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	var joined [][2]int
	for _, span := range spans {
		if last := len(joined) - 1; last >= 0 && span[0] <= joined[last][1] {
			joined[last][1] = max(joined[last][1], span[1])
			continue
		}
		joined = append(joined, span)
	}
	return joined
}

// SensitiveSpans returns the half-open byte ranges of the secrets in a file of that name: the values of what is named like a secret.
// They are in order and do not overlap.
func SensitiveSpans(name string, src []byte) [][2]int {
	f := FilePlan{Path: name}
	if f.notation() == inXML {
		return Union(xmlops.SensitiveSpans(src))
	}
	return Union(f.secretSpans(src))
}
