package patch

import (
	"bytes"
	"regexp"
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

// What a URL holds in secret is the user-info (of Oracle's thin driver, too, which writes it without slashes), and a
// password or the like among the parameters, which some drivers part by semicolons alone.
var (
	// in a file, where quotes and brackets end a value, and people write passwords into comments
	rawURLSecrets = []*regexp.Regexp{
		regexp.MustCompile(`://([^/?#\s"'<>]+)@`),
		regexp.MustCompile(`(?i)\bjdbc:oracle:\w+:([^@\s"'<>]+)@`),
		regexp.MustCompile(`(?i)\bjdbc:[^\s?"'<>]*;(?:password|pwd)=((?:\{[^}"'<>]*\}|[^&;\s"'<>]|&#?\w+;)+)`),
		regexp.MustCompile(`(?i)(?:password|passwd|pwd)[ \t]*[=:][ \t]*["']?((?:[^&;\s"'<>]|&(?:lt|gt|quot|apos|#\w+);)+)`),
		regexp.MustCompile(`(?i)(?:passphrase|secret|token|access_?key|api_?key)=((?:[^&;\s"'<>]|&(?:lt|gt|quot|apos|#\w+);)+)`),
	}
	// in a value that was decoded
	urlSecrets = []*regexp.Regexp{
		regexp.MustCompile(`://([^/?#\s]+)@`),
		regexp.MustCompile(`(?i)\bjdbc:oracle:\w+:([^@\s]+)@`),
		regexp.MustCompile(`(?i)\bjdbc:[^\s?]*;(?:password|pwd)=(\{[^}]*\}|[^;\s]+)`),
		regexp.MustCompile(`(?i)(?:password|passwd|pwd|passphrase|secret|token|access_?key|api_?key)=("[^"]*"|'[^']*'|[^&;\s]+)`),
	}
)

// spansOf returns the half-open ranges of the secrets in a line.
func spansOf(secrets []*regexp.Regexp, line []byte) [][2]int {
	var spans [][2]int
	for _, secret := range secrets {
		for _, match := range secret.FindAllSubmatchIndex(line, -1) {
			spans = append(spans, [2]int{match[2], match[3]})
		}
	}
	return spans
}

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
	spans := xmlops.SensitiveSpans(text)
	if len(f.secrets) == 0 && f.document != nil {
		return spans
	}
	d, err := xmlops.Parse(text)
	if err != nil { // as it may be before a rollback: nobody knows what stands where
		return [][2]int{{0, len(text)}}
	}
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

// URLSecrets returns the half-open byte ranges in s, which is not XML, of what its URLs hold in secret.
func URLSecrets(s string) [][2]int { return spansOf(urlSecrets, []byte(s)) }

// MaskURLs returns s, which is not XML, with the secrets of its URLs masked.
func MaskURLs(s string) string { return string(maskSpans([]byte(s), URLSecrets(s))) }

// maskSpans returns line with a [Mask] for each of spans, which may overlap and reach beyond the line. Blanks at the ends of
// what is masked stay, so that a value on several lines keeps its line ends and indentation.
func maskSpans(line []byte, spans [][2]int) []byte {
	var out []byte
	done := 0
	for _, span := range union(spans) {
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

// union sorts spans and joins those that overlap or touch.
func union(spans [][2]int) [][2]int {
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
