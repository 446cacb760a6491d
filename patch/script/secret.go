package script

import (
	"regexp"
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// shellValue is what stands behind the name of an option or variable: pieces with and without quotes. Behind a quote that
// is not closed, or closes one before the name, it is the rest of the line.
const shellValue = `(?:"(?:[^"\\]|\\.)*"|'[^']*')?(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|["'][^\n]+|\\[^\n]|[^\s"'\\;|&()<>])*`

var (
	name  = regexp.MustCompile(`[A-Za-z0-9_.-]+(?:=|:[ \t]*)|-[A-Za-z0-9_.-]+[ \t]+`)
	value = regexp.MustCompile("^" + shellValue)
)

// SensitiveSpans returns the half-open byte ranges of the values in src whose names say password, secret or the like, in comments,
// too, and of those of options, which are named without the = behind them. They are in no order and may overlap.
func SensitiveSpans(src []byte, options []string) [][2]int {
	var spans [][2]int
	for done := 0; ; {
		m := name.FindIndex(src[done:])
		if m == nil {
			break
		}
		lo, hi := done+m[0], done+m[1]
		done = hi
		if sensitive(string(src[lo:hi])) {
			done += len(value.Find(src[hi:]))
			spans = append(spans, [2]int{hi, done})
		}
	}
	for _, option := range options {
		for _, m := range regexp.MustCompile(regexp.QuoteMeta(option)+`=?(`+shellValue+`)`).FindAllSubmatchIndex(src, -1) {
			spans = append(spans, [2]int{m[2], m[3]})
		}
	}
	return spans
}

// sensitive reports whether the name of an option or variable, with what parts it from its value, says that this is a secret.
func sensitive(name string) bool {
	name = strings.TrimRight(name, "=: \t")
	return xmlops.Sensitive(name) || strings.HasSuffix(strings.ToLower(name), "pass")
}
