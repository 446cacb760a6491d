package script

import (
	"regexp"
	"strings"
	"sync"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// shellValue is what stands behind the name of an option: pieces with and without quotes. Behind a quote that is not closed, or closes
// one before the name, it is the rest of the line.
const shellValue = `(?:"(?:[^"\\]|\\.)*"|'[^']*')?(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|["'][^\n]+|\\[^\n]|[^\s"'\\;|&()<>])*`

var (
	assignedName = regexp.MustCompile(`^["']?([A-Za-z0-9_.-]+)\+?=`)
	spacedOption = regexp.MustCompile(`(?:^|[\s"'(=])(-[A-Za-z0-9_.-]+)[ \t]+(?:\\\n[ \t]*)?`)
	value        = regexp.MustCompile("^" + shellValue)
)

// programs are those that take a password behind an option with another name. Few runs have a script.
var programs = sync.OnceValue(func() []program {
	return []program{
		{
			regexp.MustCompile(`\b(?:curl|wget)` + arguments),
			regexp.MustCompile(`\s(?:-u|-U|--user|--proxy-user)[ \t=]*(?:"[^":]*:([^"]*)|'[^':]*:([^']*)|[^\s:"']+:(` + shellValue + `))`),
		},
		{regexp.MustCompile(`\b(?:mysql|mariadb|sshpass)\w*` + arguments), regexp.MustCompile(`\s-p[ \t]*(` + shellValue + `)`)},
	}
})

type program struct{ command, password *regexp.Regexp }

// arguments are what stands behind the name of a program.
const arguments = `\b(?:[^\n;|&"'\\]|\\\n|\\.|"[^"]*"|'[^']*')*`

// SensitiveSpans returns the half-open byte ranges of what is secret in src: the values whose names say password, secret or the like, in
// comments, too, what [xmlops.SensitiveText] finds, passwords of a few programs, and the values of options, which are named without the =
// behind them. They are in no order and may overlap.
func SensitiveSpans(src []byte, options []string) [][2]int {
	spans := xmlops.SensitiveText(string(src))
	spans = append(spans, wordSpans(string(src))...)
	for done := 0; ; {
		m := spacedOption.FindSubmatchIndex(src[done:])
		if m == nil {
			break
		}
		name := src[done+m[2] : done+m[3]]
		done += m[1]
		if xmlops.Sensitive(string(name)) {
			spans = append(spans, [2]int{done, done + len(value.Find(src[done:]))})
		}
	}
	for _, p := range programs() {
		for _, command := range p.command.FindAllIndex(src, -1) {
			spans = appendGroups(spans, p.password, src, command[0], command[1])
		}
	}
	for _, option := range options {
		spans = appendGroups(spans, regexp.MustCompile(regexp.QuoteMeta(option)+`=?(`+shellValue+`)`), src, 0, len(src))
	}
	return spans
}

// appendGroups appends where the groups of a pattern match in a range of src.
func appendGroups(spans [][2]int, pattern *regexp.Regexp, src []byte, lo, hi int) [][2]int {
	for _, m := range pattern.FindAllSubmatchIndex(src[lo:hi], -1) {
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 {
				spans = append(spans, [2]int{lo + m[i], lo + m[i+1]})
			}
		}
	}
	return spans
}

// wordSpans returns where words of src name a secret and what they say behind it, to their end: "-Dpassword=a b", PASSWORD=$(cat file).
func wordSpans(src string) [][2]int {
	commands, wrong := scan(src)
	if wrong != nil {
		return nil
	}
	var spans [][2]int
	for _, c := range commands {
		for _, w := range c {
			m := assignedName.FindStringSubmatchIndex(src[w.lo:w.hi])
			if m == nil || !xmlops.Sensitive(src[w.lo+m[2]:w.lo+m[3]]) {
				continue
			}
			span := [2]int{w.lo + m[1], w.hi}
			if first := src[w.lo]; first == src[w.hi-1] && strings.IndexByte(`"'`, first) >= 0 && span[0] < span[1] {
				span[1]--
			}
			spans = append(spans, span)
		}
	}
	return spans
}
