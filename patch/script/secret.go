package script

import (
	"regexp"
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// shellValue is what stands behind the = of an option or an assignment: pieces with and without quotes. Quotes that are not closed
// end with the line.
const shellValue = `((?:"(?:[^"\\]|\\.)*"|'[^']*'|["'][^\n]*|\\[^\n]|[^\s"'\\;|&()<>])+)`

var named = regexp.MustCompile(`([A-Za-z0-9_.-]+)[=:]` + shellValue)

// SensitiveSpans returns the half-open byte ranges of the values in src whose names say password, secret or the like, in comments,
// too, and of those of options, which are named without the = behind them. They are in no order and may overlap.
func SensitiveSpans(src []byte, options []string) [][2]int {
	var spans [][2]int
	for _, m := range named.FindAllSubmatchIndex(src, -1) {
		if sensitive(string(src[m[2]:m[3]])) {
			spans = append(spans, [2]int{m[4], m[5]})
		}
	}
	for _, option := range options {
		for _, m := range regexp.MustCompile(regexp.QuoteMeta(option)+`=?`+shellValue).FindAllSubmatchIndex(src, -1) {
			spans = append(spans, [2]int{m[2], m[3]})
		}
	}
	return spans
}

// sensitive reports whether the name of an option or variable says that its value is a secret.
func sensitive(name string) bool {
	name = strings.TrimSuffix(name, "=")
	lower := strings.ToLower(name)
	return xmlops.Sensitive(name) || strings.HasSuffix(lower, "pass") || strings.HasSuffix(lower, "pwd")
}
