package script

import "strings"

// command is a simple command: the words between two operators or line ends. It has at least one.
type command []word

// word is the half-open byte range of a word as it is written, quotes included.
type word struct{ lo, hi int }

// scanner reads a script as POSIX shells do (XCU 2.3, token recognition), without its grammar: where words, quotes, comments and here
// documents begin and end.
type scanner struct {
	src      string
	i        int
	commands []command
	current  command
	heredocs []heredoc // whose text begins behind the next line end
	depth    int       // of substitutions
}

// heredoc is text that a command reads, up to a line that is end.
type heredoc struct {
	end  string
	tabs bool // that line may be indented
}

// scanError says what is not closed, or where the shell could not read on.
type scanError struct {
	offset int
	msg    string
}

// maxDepth is how deep substitutions may lie in each other.
const maxDepth = 100

func scan(src string) (commands []command, wrong *scanError) {
	s := &scanner{src: src}
	for s.i < len(src) {
		if wrong := s.next(); wrong != nil {
			return nil, wrong
		}
	}
	s.endCommand()
	return s.commands, nil
}

func (s *scanner) next() *scanError {
	switch c := s.src[s.i]; c {
	case '\n':
		s.endCommand()
		s.i++
		s.skipHeredocs()
	case ' ', '\t':
		s.i++
	case '#':
		s.skipLine()
	case ';', '&', '|', '(', ')':
		s.endCommand()
		s.i++
	case '<', '>':
		return s.redirect()
	default:
		if s.continued() {
			s.i += len("\\\n")
			return nil
		}
		lo := s.i
		if wrong := s.word(); wrong != nil {
			return wrong
		}
		s.current = append(s.current, word{lo, s.wordEnd(lo)})
	}
	return nil
}

// wordEnd is where the word that begins at lo ends: a line end that is escaped behind it does not belong to it.
func (s *scanner) wordEnd(lo int) int {
	hi := s.i
	for hi-lo >= 2 && s.src[hi-2:hi] == "\\\n" {
		hi -= 2
	}
	return hi
}

func (s *scanner) continued() bool { return strings.HasPrefix(s.src[s.i:], "\\\n") }

func (s *scanner) endCommand() {
	if len(s.current) > 0 {
		s.commands = append(s.commands, s.current)
		s.current = nil
	}
}

// skipLine moves to the end of the line.
func (s *scanner) skipLine() {
	if n := strings.IndexByte(s.src[s.i:], '\n'); n >= 0 {
		s.i += n
		return
	}
	s.i = len(s.src)
}

// redirect reads the operator of a redirection; what it names is read as a word. The name of a here document is remembered.
func (s *scanner) redirect() *scanError {
	lo := s.i
	for s.i < len(s.src) && strings.IndexByte("<>&|", s.src[s.i]) >= 0 {
		s.i++
	}
	if s.src[lo:s.i] != "<<" {
		return nil
	}
	tabs := strings.HasPrefix(s.src[s.i:], "-")
	if tabs {
		s.i++
	}
	s.i += len(s.src[s.i:]) - len(strings.TrimLeft(s.src[s.i:], " \t"))
	begin := s.i
	if wrong := s.word(); wrong != nil {
		return wrong
	}
	end, _ := unquote(s.src[begin:s.i])
	s.heredocs = append(s.heredocs, heredoc{end, tabs})
	return nil
}

// skipHeredocs moves behind the here documents that begin here.
func (s *scanner) skipHeredocs() {
	for _, h := range s.heredocs {
		for s.i < len(s.src) {
			lo := s.i
			s.skipLine()
			line := s.src[lo:s.i]
			s.i = min(s.i+1, len(s.src))
			if h.tabs {
				line = strings.TrimLeft(line, "\t")
			}
			if line == h.end {
				break
			}
		}
	}
	s.heredocs = nil
}

// word moves behind the word that begins here.
func (s *scanner) word() *scanError {
	for s.i < len(s.src) && strings.IndexByte(" \t\n;&|()<>", s.src[s.i]) < 0 {
		if wrong := s.piece(true); wrong != nil {
			return wrong
		}
	}
	return nil
}

// piece moves behind a character, or what is quoted or substituted as one. Single quotes mean nothing within double ones.
func (s *scanner) piece(single bool) *scanError {
	rest := s.src[s.i:]
	switch {
	case rest[0] == '\\':
		s.i = min(s.i+2, len(s.src))
	case rest[0] == '\'' && single:
		n := strings.IndexByte(rest[1:], '\'')
		if n < 0 {
			return &scanError{s.i, "a quote is not closed"}
		}
		s.i += n + 2
	case rest[0] == '"':
		return s.nested(1, '"', "a quote is not closed", false)
	case rest[0] == '`':
		return s.backquoted()
	case strings.HasPrefix(rest, "$("):
		return s.nested(2, ')', "$( is not closed", true)
	case strings.HasPrefix(rest, "${"):
		return s.nested(2, '}', "${ is not closed", single)
	default:
		s.i++
	}
	return nil
}

// backquoted moves behind a command in back quotes.
func (s *scanner) backquoted() *scanError {
	for i := s.i + 1; i < len(s.src); i++ {
		switch s.src[i] {
		case '\\':
			i++
		case '`':
			s.i = i + 1
			return nil
		}
	}
	return &scanError{s.i, "a back quote is not closed"}
}

// nested moves behind what a delimiter of that length opens and end closes.
func (s *scanner) nested(length int, end byte, unclosed string, single bool) *scanError {
	begin := s.i
	if s.depth++; s.depth > maxDepth {
		return &scanError{begin, "substitutions lie too deep in each other"}
	}
	defer func() { s.depth-- }()
	s.i += length
	for parens := 0; s.i < len(s.src); {
		switch c := s.src[s.i]; {
		case c == end && parens == 0:
			s.i++
			return nil
		case c == ')' && end == ')':
			parens--
			s.i++
		case c == '(' && end == ')':
			parens++
			s.i++
		case c == '#' && end == ')' && strings.IndexByte(" \t\n;", s.src[s.i-1]) >= 0:
			s.skipLine()
		default:
			if wrong := s.piece(single); wrong != nil {
				return wrong
			}
		}
	}
	return &scanError{begin, unclosed}
}
