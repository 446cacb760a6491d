package xmlops

import (
	"strings"
	"unicode/utf8"
)

// SensitiveSpans returns the half-open byte ranges in src of what is secret: what belongs to elements or attributes whose name says
// password, secret or the like, and what the other texts and values have as [SensitiveText] finds it. Comments are read as what they
// comment out. It reads tags leniently, so that it also finds what stands in bytes that are not well-formed. The ranges are in no
// order and may overlap.
func SensitiveSpans(src []byte) [][2]int {
	s := sensitiveScan{src: string(src)}
	s.read(0)
	return s.found
}

// sensitiveScan reads markup.
type sensitiveScan struct {
	src    string
	depth  int // of texts in texts, as sensitiveText counts it
	found  [][2]int
	open   []pendingElement
	inside int // how many of open, from the outermost on, what is secret begins with; 0 for none
}

// pendingElement is an element that is being read.
type pendingElement struct {
	name    string
	content int      // where it begins
	prose   bool     // it is secret if its text is none
	leaf    bool     // no element in it so far
	named   bool     // an element in it says that a secret stands beside it
	next    bool     // that one comes next, whatever it is called
	values  [][2]int // the contents of the values in it so far
}

// How far out an end tag is matched: a well-formed document is no deeper, and a text that holds markup hardly ever.
const (
	maxOpen       = 260
	maxOpenInText = 30
)

// read reads from an offset to the end.
func (s *sensitiveScan) read(i int) {
	for i < len(s.src) {
		lt := strings.IndexByte(s.src[i:], '<')
		if lt < 0 {
			s.text(i, len(s.src))
			return
		}
		s.text(i, i+lt)
		i = s.markup(i + lt)
	}
}

// text notes the text of a secret element, or what of another text is secret.
func (s *sensitiveScan) text(lo, hi int) {
	raw := s.src[lo:hi]
	kept := strings.TrimLeft(raw, blanks)
	if kept == "" {
		return
	}
	lo, hi = hi-len(kept), hi-len(kept)+len(strings.TrimRight(kept, blanks))
	top := len(s.open) - 1
	if s.inside > 0 || top >= 0 && s.open[top].prose && !isProse(s.src[lo:hi]) {
		s.note([2]int{lo, hi})
		return
	}
	s.decoded(lo, hi)
}

// decoded notes what is secret in a text or value that may hold references.
func (s *sensitiveScan) decoded(lo, hi int) {
	text, offsets := unescape(s.src[lo:hi], false)
	s.noteAll(sensitiveText(text, s.depth), offsets, lo)
}

// noteAll notes ranges of a text that begins at lo; offsets are those of its bytes where they are not all one after the other.
func (s *sensitiveScan) noteAll(spans [][2]int, offsets []int, lo int) {
	for _, span := range spans {
		if offsets != nil {
			span = [2]int{offsets[span[0]], offsets[span[1]]}
		}
		s.note([2]int{lo + span[0], lo + span[1]})
	}
}

func (s *sensitiveScan) note(span [2]int) {
	if span[0] < span[1] {
		s.found = append(s.found, span)
	}
}

// markup reads what begins with the "<" at i and returns the offset behind it.
func (s *sensitiveScan) markup(i int) int {
	rest := s.src[i:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		lo, hi, behind := s.delimited(i, "<!--", "-->")
		s.comment(lo, hi)
		return behind
	case strings.HasPrefix(rest, "<![CDATA["):
		lo, hi, behind := s.delimited(i, "<![CDATA[", "]]>")
		if s.inside > 0 {
			s.note([2]int{lo, hi})
		} else {
			s.noteAll(sensitiveText(s.src[lo:hi], s.depth), nil, lo)
		}
		return behind
	case strings.HasPrefix(rest, "<?"):
		lo, hi, behind := s.delimited(i, "<?", "?>")
		s.noteAll(sensitiveText(s.src[lo:hi], s.depth), nil, lo)
		return behind
	case strings.HasPrefix(rest, "</"):
		return s.endTag(i)
	case len(rest) > 1 && (is(rest[1], classStart) || rest[1] >= 0x80):
		return s.tag(i + 1)
	}
	return i + 1
}

// delimited returns the range between two delimiters, of which the first is at i, and the offset behind them.
func (s *sensitiveScan) delimited(i int, begin, end string) (lo, hi, behind int) {
	lo = i + len(begin)
	if n := strings.Index(s.src[lo:], end); n >= 0 {
		return lo, lo + n, lo + n + len(end)
	}
	return lo, len(s.src), len(s.src)
}

// comment notes what is secret in a comment, which may be elements that are commented out, the first and the last of which may run
// into its delimiters.
func (s *sensitiveScan) comment(lo, hi int) {
	if s.inside > 0 || len(s.open) > 0 && s.open[len(s.open)-1].prose && !isProse(s.src[lo:hi]) {
		s.note([2]int{lo, hi})
		return
	}
	text := s.src[lo:hi]
	if text != "" && s.depth < maxNesting && is(text[0], classStart) && strings.ContainsAny(text, "=>") {
		fused := sensitiveScan{src: text, depth: s.depth + 1}
		fused.read(fused.tag(0))
		s.noteAll(fused.found, nil, lo)
	}
	s.noteAll(sensitiveText(text, s.depth), nil, lo)
}

// endTag reads the end tag at i and returns the offset behind it.
func (s *sensitiveScan) endTag(i int) int {
	name := s.name(i + 2)
	behind := i + 2 + len(name)
	if behind < len(s.src) && s.src[behind] == '>' {
		behind++
	}
	far := maxOpen
	if s.depth > 0 {
		far = maxOpenInText
	}
	for n := len(s.open) - 1; n >= max(0, len(s.open)-far); n-- {
		if s.open[n].name == strings.TrimRight(name, "-") { // that of a comment may run into its delimiter
			s.close(n, i)
			break
		}
	}
	return behind
}

// close ends an open element, the content of which ends at an offset, and those in it that were left open.
func (s *sensitiveScan) close(n, end int) {
	e := s.open[n]
	s.open = s.open[:n]
	if s.inside > n {
		s.inside = 0
		return
	}
	if n == 0 || s.inside > 0 {
		return
	}
	parent := &s.open[n-1]
	content := [2]int{e.content, end}
	switch name := localPart(e.name); {
	case e.leaf && IsNaming(name) && s.names(content):
		parent.named, parent.next = true, true
		for _, value := range parent.values {
			s.note(value)
		}
		parent.values = nil
	case IsValue(name):
		parent.values = append(parent.values, content)
	}
}

// names reports whether a text is the name of a secret.
func (s *sensitiveScan) names(span [2]int) bool {
	if span[1]-span[0] > maxSecretName {
		return false
	}
	name := s.src[span[0]:span[1]]
	if strings.IndexByte(name, '<') >= 0 {
		name = cdataMarks.Replace(name)
	}
	name, _ = unescape(strings.TrimSpace(name), false)
	return Sensitive(name) && !strings.ContainsFunc(name, isNoName)
}

// isNoName reports whether names never hold a character: those of places and in sentences do.
func isNoName(r rune) bool {
	return r < utf8.RuneSelf && !is(byte(r), className) && r != ':' && r != '$'
}

// cdataMarks takes out the delimiters of CDATA sections.
var cdataMarks = strings.NewReplacer("<![CDATA[", "", "]]>", "")

// maxSecretName is the length of the longest text that may be a name.
const maxSecretName = 100

func (s *sensitiveScan) name(i int) string {
	hi := i
	for hi < len(s.src) && (is(s.src[hi], className) || s.src[hi] == ':' || s.src[hi] >= 0x80) {
		hi++
	}
	return s.src[i:hi]
}

// tag reads a start tag whose name begins at i and returns the offset behind it.
func (s *sensitiveScan) tag(i int) int {
	e := pendingElement{name: s.name(i), leaf: true}
	i += len(e.name)
	local := localPart(e.name)
	e.prose = oftenProse(local)
	sensitive := s.startsSecret(local) || !e.prose && Sensitive(local)
	inside := s.inside > 0
	var values [][2]int
	for i < len(s.src) && s.src[i] != '>' && s.src[i] != '<' {
		name := s.name(i)
		if name == "" {
			i++
			continue
		}
		i += len(name)
		span, behind := s.value(i)
		if behind == 0 {
			continue
		}
		i = behind
		switch local := localPart(name); {
		case inside && !strings.HasPrefix(name, "xmlns"), Sensitive(local):
			s.note(span)
		case IsValue(local):
			values = append(values, span)
		case IsNaming(local) && s.names(span):
			sensitive = true
		default:
			s.decoded(span[0], span[1])
		}
	}
	for _, span := range values {
		if sensitive || e.prose && !isProse(s.src[span[0]:span[1]]) {
			s.note(span)
		} else {
			s.decoded(span[0], span[1])
		}
	}
	if strings.HasPrefix(s.src[i:], ">") {
		if i++; s.src[i-2] == '/' {
			return i
		}
	}
	e.content = i
	if sensitive && !inside && s.depth > 0 && !s.ends(e) {
		s.note([2]int{e.content, e.content + len(firstLine(s.src[e.content:]))})
		return i
	}
	s.open = append(s.open, e)
	if sensitive && !inside {
		s.inside = len(s.open)
	}
	return i
}

// ends reports whether an element that begins in a text has an end there; else it may be what the text speaks of.
func (s *sensitiveScan) ends(e pendingElement) bool {
	return strings.Contains(s.src[e.content:min(len(s.src), e.content+maxSecret)], "</"+e.name)
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// startsSecret reports whether an element of that name, which begins here, has been named as a secret by another beside it.
func (s *sensitiveScan) startsSecret(name string) bool {
	if len(s.open) == 0 {
		return false
	}
	parent := &s.open[len(s.open)-1]
	parent.leaf, parent.prose = false, false
	next := parent.next
	parent.next = false
	return next || parent.named && IsValue(name)
}

// value reads `="…"` at i and returns the offset behind it, 0 if there is none. In a text in a string of another notation, backslashes
// stand before the quotes.
func (s *sensitiveScan) value(i int) (span [2]int, behind int) {
	i = skipBlanks(s.src, i)
	if i >= len(s.src) || s.src[i] != '=' {
		return span, 0
	}
	i = skipBlanks(s.src, i+1)
	quote := skipBackslashes(s.src, i)
	if quote >= len(s.src) || s.src[quote] != '"' && s.src[quote] != '\'' {
		return span, 0
	}
	end := s.src[i : quote+1]
	n := strings.Index(s.src[quote+1:], end)
	if n < 0 {
		return span, 0
	}
	return [2]int{quote + 1, quote + 1 + n}, quote + 1 + n + len(end)
}

func localPart(name string) string { return name[strings.IndexByte(name, ':')+1:] }
