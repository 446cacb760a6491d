package main

import (
	"strings"
	"unicode"
)

// useColor follows --color, then what the environment asks for, then whether it is a terminal.
func useColor(mode string, getenv func(string) string, terminal bool) bool {
	asked := func(name string) bool { return getenv(name) != "" && getenv(name) != "0" }
	switch {
	case mode == "always":
		return true
	case mode == "never", getenv("NO_COLOR") != "":
		return false
	case asked("CLICOLOR_FORCE"), asked("FORCE_COLOR"):
		return true
	case getenv("TERM") == "dumb":
		return false
	}
	return terminal
}

// style is how a terminal shows text.
type style string

const (
	bold   style = "1"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
	cyan   style = "36"
)

func (s style) paint(text string) string { return "\x1b[" + string(s) + "m" + text + "\x1b[0m" }

// colorDiff colors the unified diff of one file.
func colorDiff(diff string) string {
	lines := strings.Split(diff, "\n")
	for i := 0; i < len(lines); {
		switch line := lines[i]; {
		case i < 2 && line != "":
			lines[i] = bold.paint(line)
		case strings.HasPrefix(line, "@@"):
			lines[i] = cyan.paint(line)
		case strings.HasPrefix(line, "-"), strings.HasPrefix(line, "+"):
			i += colorChange(lines[i:])
			continue
		}
		i++
	}
	return strings.Join(lines, "\n")
}

// colorChange colors the removed and added lines that lines begins with, and returns how many there are.
func colorChange(lines []string) int {
	removed := countPrefix(lines, "-")
	added := countPrefix(lines[removed:], "+")
	for i := range min(removed, added) {
		reverseChanged(&lines[i], &lines[removed+i])
	}
	for i := range removed + added {
		if i < removed {
			lines[i] = red.paint(lines[i])
		} else {
			lines[i] = green.paint(lines[i])
		}
	}
	return removed + added
}

func countPrefix(lines []string, prefix string) int {
	for i, line := range lines {
		if !strings.HasPrefix(line, prefix) {
			return i
		}
	}
	return len(lines)
}

// reverseChanged shows what differs between two lines, in whole tokens, in reverse video. Lines that share only their
// indent are left alone.
func reverseChanged(a, b *string) {
	x, y := tokens((*a)[1:]), tokens((*b)[1:])
	lo := 0
	for lo < min(len(x), len(y)) && x[lo] == y[lo] {
		lo++
	}
	hi := 0
	for hi < min(len(x), len(y))-lo && x[len(x)-1-hi] == y[len(y)-1-hi] {
		hi++
	}
	if strings.TrimSpace(strings.Join(x[:lo], "")+strings.Join(x[len(x)-hi:], "")) == "" {
		return
	}
	*a = (*a)[:1] + reverseMiddle(x, lo, hi)
	*b = (*b)[:1] + reverseMiddle(y, lo, hi)
}

func reverseMiddle(tokens []string, lo, hi int) string {
	end := len(tokens) - hi
	if lo == end {
		return strings.Join(tokens, "")
	}
	return strings.Join(tokens[:lo], "") + "\x1b[7m" + strings.Join(tokens[lo:end], "") + "\x1b[27m" + strings.Join(tokens[end:], "")
}

// tokens splits a line into words, such as 127.0.0.1 or http://esb.example.com, and single other characters.
func tokens(line string) []string {
	inWord := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._:/", r)
	}
	var all []string
	word := false
	for _, r := range line {
		if word && inWord(r) {
			all[len(all)-1] += string(r)
		} else {
			all = append(all, string(r))
		}
		word = inWord(r)
	}
	return all
}
