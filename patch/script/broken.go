package script

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// HostList is an option with a list of hosts that the shell does not read as one word.
type HostList struct {
	Option
	At int // the | without quotes, or the quote that its line does not close
}

// hostList is an option with a list of hosts as people write it: without blanks, up to the \ at the end of its line.
var hostList = regexp.MustCompile(`(-D\w+\.(?i:nonProxyHosts))=([^\s\\]*)`)

// SplitHostLists returns the lists of hosts that no proxy is for at which the shell ends a command of src: one with a | without quotes,
// or with a quote that is open at the end of its line.
func SplitHostLists(src []byte) []HostList {
	if !hostList.Match(src) {
		return nil
	}
	s := &script{src: string(src)}
	commands, wrong := scan(s.src)
	var all []HostList
	end := 0
	for line := range strings.Lines(s.src) {
		begin := end
		end += len(line)
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), "#") {
			continue
		}
		var open []int
		if wrong != nil {
			open = openQuotes(line)
		}
		for _, m := range hostList.FindAllStringSubmatchIndex(line, -1) {
			lo, hi := begin+m[0], begin+m[1]
			at := -1
			if i := slices.IndexFunc(open, func(at int) bool { return at < m[1] }); i >= 0 {
				at = begin + open[i]
			} else if wrong == nil {
				at = s.pipeBehind(commands, lo)
			}
			if at >= 0 {
				value := strings.NewReplacer(`"`, "", "'", "").Replace(line[m[4]:m[5]])
				all = append(all, HostList{Option{Name: line[m[2]:m[3]], Value: value, HasValue: true, Lo: lo, Hi: hi}, at})
			}
		}
	}
	return all
}

// pipeBehind is where the | right behind the command is whose last word an offset lies in, or -1.
func (s *script) pipeBehind(commands []command, offset int) int {
	i, _ := slices.BinarySearchFunc(commands, offset, func(c command, offset int) int { return cmp.Compare(c[len(c)-1].hi, offset+1) })
	if i == len(commands) {
		return -1
	}
	last := commands[i][len(commands[i])-1]
	if offset < last.lo || !strings.HasPrefix(s.src[last.hi:], "|") || s.prints(commands[i]) {
		return -1
	}
	return last.hi
}

// openQuotes are where quotes are that a line does not close.
func openQuotes(line string) []int {
	var open []int
	for _, q := range []string{`"`, "'"} {
		if strings.Count(line, q)%2 == 1 {
			open = append(open, strings.LastIndex(line, q))
		}
	}
	return open
}

// Break is a place where a line ends the java command that should go on.
type Break struct {
	Lo, Hi int // of the line, or of its \ with what stands behind it
	Behind Behind
}

// Behind is what stands between the \ of a line and its end, where nothing should.
type Behind int

const (
	Nothing Behind = iota // or there is no \
	Blanks
	CarriageReturn
)

// Breaks returns where lines end the java command of src before its class. Of a script that [Options] can read, there are none; of one
// with CR LF at the ends of its lines there is the first, as all are alike.
func Breaks(src []byte) []Break {
	if bytes.Contains(src, []byte("\r\n")) {
		return carriageReturn(src)
	}
	s := &script{src: string(src)}
	commands, wrong := scan(s.src)
	if wrong != nil {
		return nil
	}
	class := slices.IndexFunc(commands, s.startsWithoutJava)
	var all []Break
	for i := class - 1; i >= 0; i-- {
		b, ok := s.breakBehind(commands[i])
		if !ok {
			return nil
		}
		all = append(all, b)
		if slices.ContainsFunc(commands[i], s.isJava) {
			slices.Reverse(all)
			return all
		}
		if !s.isPiece(commands[i]) {
			return nil
		}
	}
	return nil
}

// carriageReturn finds the first line of the java command that ends with \ and CR LF, in a script that only lacks other line ends.
func carriageReturn(src []byte) []Break {
	s, err := parse(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")))
	if err != nil {
		return nil
	}
	begin, end := s.launch.words[s.launch.java].lo, s.launch.words[s.launch.class].lo
	at := 0 // the same place in src
	for i := 0; i < end; i++ {
		if src[at] == '\r' && s.src[i] == '\n' {
			at++
			if i > begin && s.src[i-1] == '\\' {
				return []Break{{at - len("\\\r"), at, CarriageReturn}}
			}
		}
		at++
	}
	return nil
}

// startsWithoutJava reports whether a command names the class of the server, and no program that runs it.
func (s *script) startsWithoutJava(c command) bool {
	class := slices.IndexFunc(c, func(w word) bool { text, _ := unquote(s.text(w)); return text == mainClass })
	return class >= 0 && !s.prints(c) && !slices.ContainsFunc(c[:class], s.isJava) && (class == 0 || s.isPiece(c))
}

// isPiece reports whether a command looks like a piece of another one: it begins with an option, or with a variable that may hold some.
func (s *script) isPiece(c command) bool {
	return s.isOption(c[0]) || strings.HasPrefix(strings.TrimLeft(s.text(c[0]), `"`), "$")
}

// breakBehind is how the line end behind a command ends it, and reports whether one does.
func (s *script) breakBehind(c command) (Break, bool) {
	last := c[len(c)-1]
	end := last.hi
	for {
		end += len(s.src[end:]) - len(strings.TrimLeft(s.src[end:], " \t"))
		if !strings.HasPrefix(s.src[end:], "\\\n") {
			break
		}
		end += len("\\\n")
	}
	if strings.HasPrefix(s.src[end:], "#") {
		end += strings.IndexByte(s.src[end:]+"\n", '\n')
	}
	if !strings.HasPrefix(s.src[end:], "\n") {
		return Break{}, false
	}
	if text := s.text(last); strings.HasSuffix(text, `\ `) || strings.HasSuffix(text, "\\\t") {
		return Break{last.hi - len(`\ `), end, Blanks}, true
	}
	line := s.src[strings.LastIndexByte(s.src[:end], '\n')+1 : end]
	lo := end - len(strings.TrimLeft(line, " \t"))
	return Break{Lo: lo, Hi: lo + len(strings.TrimSpace(line))}, true
}
