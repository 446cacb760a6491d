// Package page reads pages of documentation for the tests that run what stands in them, so that they stay true.
package page

import (
	"fmt"
	"regexp"
	"strings"
)

// Parts says what the parts of a page should hold that are not mere text; each returns its body as it should be.
type Parts struct {
	Block     func(language, info, body string) string // a fenced block; info is what stands after the language
	Generated func(what, body string) string           // between <!-- generated: what --> and <!-- end -->
}

var (
	fence     = regexp.MustCompile("^```(\\w+)(?: (.*))?\n$")
	generated = regexp.MustCompile(`^<!-- generated: (.*) -->\n$`)
)

// Rewrite returns text with its parts as they should be, which are asked for in the order of the page.
func (p Parts) Rewrite(text string) (string, error) {
	var b strings.Builder
	lines := strings.SplitAfter(text, "\n")
	for len(lines) > 0 {
		line := lines[0]
		b.WriteString(line)
		lines = lines[1:]
		var err error
		var body string
		if m := fence.FindStringSubmatch(line); m != nil {
			body, lines, err = until(lines, "```\n")
			b.WriteString(p.Block(m[1], m[2], body))
		} else if m := generated.FindStringSubmatch(line); m != nil {
			body, lines, err = until(lines, "<!-- end -->\n")
			b.WriteString(p.Generated(m[1], body))
		}
		if err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// until splits lines before the line end.
func until(lines []string, end string) (string, []string, error) {
	for i, line := range lines {
		if line == end {
			return strings.Join(lines[:i], ""), lines[i:], nil
		}
	}
	return "", nil, fmt.Errorf("a block has no %q", end)
}

// SameOutput reports whether got is want, where a line ... of want stands for any lines. Blanks and line breaks may differ, since
// the folders of a test make lines longer.
func SameOutput(got, want string) bool {
	got = strings.Join(strings.Fields(got), " ")
	parts := strings.Split("\n"+want, "\n...\n")
	for i, part := range parts {
		part = strings.Join(strings.Fields(part), " ")
		at := strings.Index(got, part)
		if at < 0 || i == 0 && at > 0 {
			return false
		}
		got = got[at+len(part):]
	}
	return got == "" || len(parts) > 1 && strings.HasSuffix(want, "...\n")
}
