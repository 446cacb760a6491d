package xmlops

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The scanner is the judge of well-formedness: XML 1.0 (names of the fourth edition, as Java's parsers have them)
// with namespaces, non-validating. It is no laxer than the parsers that read the files in production, and below
// their limits. Its tokens tile the source.

// Limits stay below those of the readers: libxml2 takes 256 levels, Woodstox 1,000 attributes and values of
// 524,288 bytes, the JDK names of 1,000 characters.
const (
	MaxSize       = 16 << 20 // bytes of a document
	maxDepth      = 250      // nested elements
	maxAttributes = 500      // attributes of one element
	maxValue      = 500_000  // bytes of an attribute value
	maxName       = 900      // bytes of a name
	maxBindings   = 100      // namespace declarations in scope
)

// maxNodes is how many elements, attributes, texts, comments and the like a document may have. Real ones have some thousands; each takes time
// and memory in all that is done with a document.
const maxNodes = 600_000

type tokenKind uint8

const (
	tokenBOM tokenKind = iota + 1
	tokenDeclaration
	tokenDoctype
	tokenInstruction
	tokenComment
	tokenText
	tokenCData
	tokenStart
	tokenEnd
)

// span is a half-open range of byte offsets.
type span struct{ lo, hi int }

// token is one piece of a document. The next call of scanner.next overwrites attrs.
type token struct {
	span
	kind   tokenKind
	name   span       // of a start tag, end tag or instruction
	colon  int        // offset of the colon in name, or -1
	inner  span       // of a comment, CDATA section or instruction: what is between the delimiters
	attrs  []attrSpan // of a start tag
	closed bool       // the start tag is an empty-element tag
	coded  bool       // the text holds references or carriage returns
}

// attrSpan is one attribute of a start tag, with the white space before it.
type attrSpan struct {
	gap   int // offset where the white space before the name begins
	name  span
	colon int  // offset of the colon in name, or -1
	value span // without the quotes
	coded bool // value holds references, or white space that is normalized
}

// binding is a namespace declaration in scope.
type binding struct{ prefix, uri string }

type openElement struct {
	name     span
	bindings int // how many bindings were in scope before it
}

type scanner struct {
	src       string
	enc       *encoding
	pos       int
	open      []openElement
	bindings  []binding
	attrs     []attrSpan
	seen      map[string]int // names of the attributes of a tag that has many
	fragment  bool           // src is the content of an element, not a document
	anyPrefix bool           // prefixes need not be declared
	silent    bool           // errors need no position, which takes reading the source from its beginning
	rooted    bool           // the root element has begun
	nodes     int            // read so far
	doctype   bool
}

// byte classes: what a byte below 0x80 may be. Bytes above are checked by encoding.invalid beforehand.
const (
	classText  = 1 << iota // needs no attention in text
	classValue             // needs no attention in an attribute value
	classInner             // needs no attention in a comment, instruction or CDATA section
	className
	classStart
	classSpace
)

var classes = makeClasses()

func makeClasses() (c [256]uint8) {
	for i := range c {
		b := byte(i)
		if b >= 0x20 || b == '\t' || b == '\n' || b == '\r' {
			c[i] |= classText | classValue | classInner
		}
		letter := b|0x20 >= 'a' && b|0x20 <= 'z' || b == '_'
		if letter {
			c[i] |= classStart
		}
		if letter || b >= '0' && b <= '9' || b == '-' || b == '.' {
			c[i] |= className
		}
	}
	for _, b := range "<&]\r" {
		c[b] &^= classText
	}
	for _, b := range "<&\"'\t\n\r" {
		c[b] &^= classValue
	}
	for _, b := range "-?]" {
		c[b] &^= classInner
	}
	for _, b := range " \t\n\r" {
		c[b] |= classSpace
	}
	return c
}

func is(b byte, class uint8) bool { return classes[b]&class != 0 }

// newScanner finds out the encoding of a document and checks that its bytes are characters of it.
func newScanner(src string) (*scanner, *Error) {
	s := &scanner{src: src, enc: encodingUTF8}
	if len(src) > MaxSize {
		return nil, s.fail(MaxSize, "the document is larger than %d MB", MaxSize>>20)
	}
	enc, err := s.detect()
	if err != nil {
		return nil, err
	}
	s.enc = enc
	if i, what := enc.invalid(src); i >= 0 {
		return nil, s.failHint(i, "the first line must declare the encoding that the file is in; without that it is UTF-8", "%s", what)
	}
	return s, nil
}

// newFragmentScanner scans what could stand between the tags of an element whose namespaces in scope are bindings.
func newFragmentScanner(src string, enc *encoding, bindings []binding) *scanner {
	return &scanner{src: src, enc: enc, fragment: true, bindings: bindings[:len(bindings):len(bindings)]}
}

// fail makes the error for the byte at offset.
func (s *scanner) fail(offset int, format string, args ...any) *Error {
	return &Error{Position: s.position(offset), Msg: fmt.Sprintf(format, args...)}
}

// unclosed makes the error for what begins at offset and has been searched for its end in vain.
func (s *scanner) unclosed(offset int, what string) *Error {
	s.pos = len(s.src)
	return s.fail(offset, "%s is not closed", what)
}

func (s *scanner) position(offset int) Position {
	if s.silent {
		return Position{}
	}
	return position(s.src, s.enc, offset)
}

func (s *scanner) failHint(offset int, hint, format string, args ...any) *Error {
	err := s.fail(offset, format, args...)
	err.Hint = hint
	return err
}

// position counts lines by LF alone, as editors and diffs do.
func position(src string, enc *encoding, offset int) Position {
	before := src[:min(offset, len(src))]
	line := 1 + strings.Count(before, "\n")
	start := strings.LastIndexByte(before, '\n') + 1
	if start == 0 && strings.HasPrefix(before, bom) {
		start = len(bom)
	}
	return Position{Line: line, Column: 1 + enc.columns(before[start:])}
}

// at returns the byte at i, or 0 at the end.
func (s *scanner) at(i int) byte {
	if i < len(s.src) {
		return s.src[i]
	}
	return 0
}

func (s *scanner) skipSpace(i int) int {
	for i < len(s.src) && is(s.src[i], classSpace) {
		i++
	}
	return i
}

// next reads the token at s.pos into t and reports whether there was one.
func (s *scanner) next(t *token) (bool, *Error) {
	if s.pos == len(s.src) {
		return false, s.end()
	}
	*t = token{span: span{lo: s.pos}, colon: -1}
	err := s.scan(t)
	if err != nil {
		return false, err
	}
	s.pos = t.hi
	if t.kind != tokenEnd {
		s.nodes += 1 + len(t.attrs)
	}
	if s.nodes > maxNodes {
		return false, s.fail(t.lo, "more than %d elements, attributes, texts and comments", maxNodes)
	}
	return true, nil
}

// end checks what must hold at the end of the source.
func (s *scanner) end() *Error {
	if n := len(s.open); n > 0 {
		o := s.open[n-1]
		return s.failHint(len(s.src), "is the file cut off?", "the document ends inside element <%s> of line %d",
			s.text(o.name), s.position(o.name.lo).Line)
	}
	if !s.rooted && !s.fragment {
		return s.failHint(len(s.src), "is the file empty, or cut off?", "the document has no root element")
	}
	return nil
}

func (s *scanner) text(sp span) string { return s.enc.decode(s.src[sp.lo:sp.hi]) }

func (s *scanner) scan(t *token) *Error {
	rest := s.src[t.lo:]
	switch {
	case t.lo == 0 && !s.fragment && strings.HasPrefix(rest, bom):
		t.kind, t.hi = tokenBOM, len(bom)
		return nil
	case rest[0] != '<':
		return s.scanText(t)
	case len(rest) == 1:
		return s.fail(t.lo, "the document ends inside a tag")
	case rest[1] == '/':
		return s.scanEnd(t)
	case rest[1] == '!':
		return s.scanMarkup(t, rest)
	case rest[1] == '?':
		return s.scanInstruction(t)
	}
	return s.scanStart(t)
}

func (s *scanner) scanMarkup(t *token, rest string) *Error {
	switch {
	case strings.HasPrefix(rest, "<!--"):
		return s.scanComment(t)
	case strings.HasPrefix(rest, "<![CDATA["):
		return s.scanCData(t)
	case strings.HasPrefix(rest, "<!DOCTYPE"):
		return s.scanDoctype(t)
	}
	return s.fail(t.lo, "markup that is neither a comment nor a CDATA section nor a DOCTYPE")
}

// outside reports whether the scanner stands before or after the root element.
func (s *scanner) outside() bool { return len(s.open) == 0 && !s.fragment }

func (s *scanner) scanText(t *token) *Error {
	t.kind = tokenText
	if s.outside() {
		return s.scanOutside(t)
	}
	src, i := s.src, t.lo
	for i < len(src) {
		c := src[i]
		if is(c, classText) {
			i++
			continue
		}
		switch c {
		case '<':
			t.hi = i
			return nil
		case ']':
			if strings.HasPrefix(src[i:], "]]>") {
				return s.fail(i, "\"]]>\" in text")
			}
			i++
		case '\r':
			t.coded = true
			i++
		case '&':
			t.coded = true
			hi, err := s.reference(i)
			if err != nil {
				return err
			}
			i = hi
		default:
			return s.badCharacter(i)
		}
	}
	t.hi = i
	return nil
}

// scanOutside scans the white space that alone may stand around the root element.
func (s *scanner) scanOutside(t *token) *Error {
	t.hi = s.skipSpace(t.lo)
	if t.hi == len(s.src) || s.src[t.hi] == '<' {
		return nil
	}
	if c := s.src[t.hi]; c < 0x20 {
		return s.badCharacter(t.hi)
	}
	if s.rooted {
		return s.fail(t.hi, "text after the root element")
	}
	return s.fail(t.hi, "text before the root element")
}

func (s *scanner) badCharacter(i int) *Error {
	return s.fail(i, "character U+%04X is not allowed in XML", s.src[i])
}

// reference checks the reference at i and returns the offset behind it.
func (s *scanner) reference(i int) (int, *Error) {
	if s.at(i+1) == '#' {
		return s.characterReference(i)
	}
	hi := i + 1
	for hi < len(s.src) && hi-i <= maxName && (is(s.src[hi], className) || s.src[hi] >= utf8.RuneSelf || s.src[hi] == ':') {
		hi++
	}
	if hi == i+1 || s.at(hi) != ';' {
		return 0, s.failHint(i, "write &amp; for an ampersand", "\"&\" that begins no reference")
	}
	if _, ok := entities[s.src[i+1:hi]]; !ok {
		return 0, s.failHint(i, "write &amp; for an ampersand", "reference to an entity that is not declared")
	}
	return hi + 1, nil
}

// entities are the names that XML predefines.
var entities = map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}

func (s *scanner) characterReference(i int) (int, *Error) {
	r, hi := parseCharacterReference(s.src[i:])
	switch {
	case hi == 0:
		return 0, s.fail(i, "malformed character reference")
	case !isCharacter(r):
		return 0, s.fail(i, "character reference to a character that is not allowed in XML")
	}
	return i + hi, nil
}

// parseCharacterReference reads "&#…;" at the beginning of s and returns its length, 0 if it is malformed.
func parseCharacterReference(s string) (r rune, length int) {
	base, i := rune(10), 2
	if strings.HasPrefix(s, "&#x") {
		base, i = 16, 3
	}
	first := i
	for ; i < len(s) && i <= maxName; i++ {
		d := digit(s[i])
		if d >= base {
			break
		}
		r = min(r*base+d, utf8.MaxRune+1)
	}
	if i == first || i == len(s) || s[i] != ';' {
		return 0, 0
	}
	return r, i + 1
}

func digit(c byte) rune {
	switch {
	case c >= '0' && c <= '9':
		return rune(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10
	}
	return 16
}

// isCharacter is production [2] Char of XML 1.0.
func isCharacter(r rune) bool {
	switch {
	case r < 0x20:
		return r == '\t' || r == '\n' || r == '\r'
	case r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD:
		return true
	}
	return r >= 0x10000 && r <= utf8.MaxRune
}

func (s *scanner) scanComment(t *token) *Error {
	t.kind = tokenComment
	for i := t.lo + 4; ; i++ {
		i = s.skipInner(i)
		switch {
		case i >= len(s.src):
			return s.unclosed(t.lo, "comment")
		case s.src[i] == '-' && s.at(i+1) == '-':
			if s.at(i+2) != '>' {
				if i+2 >= len(s.src) {
					return s.unclosed(t.lo, "comment")
				}
				return s.fail(i, "\"--\" in a comment")
			}
			t.inner, t.hi = span{t.lo + 4, i}, i+3
			return nil
		case s.src[i] < 0x20:
			return s.badCharacter(i)
		}
	}
}

// skipInner returns the offset from i of the next byte that may end a comment, instruction or CDATA section, or is not allowed.
func (s *scanner) skipInner(i int) int {
	for i < len(s.src) && is(s.src[i], classInner) {
		i++
	}
	return i
}

func (s *scanner) scanCData(t *token) *Error {
	t.kind = tokenCData
	if s.outside() {
		return s.fail(t.lo, "CDATA section outside the root element")
	}
	for i := t.lo + 9; ; i++ {
		i = s.skipInner(i)
		switch {
		case i >= len(s.src):
			return s.unclosed(t.lo, "CDATA section")
		case strings.HasPrefix(s.src[i:], "]]>"):
			t.inner, t.hi = span{t.lo + 9, i}, i+3
			t.coded = strings.IndexByte(s.src[t.lo:t.hi], '\r') >= 0
			return nil
		case s.src[i] < 0x20:
			return s.badCharacter(i)
		}
	}
}

func (s *scanner) scanInstruction(t *token) *Error {
	t.kind = tokenInstruction
	hi, colon, err := s.scanName(t.lo + 2)
	if err != nil {
		return err
	}
	t.name = span{t.lo + 2, hi}
	target := s.src[t.name.lo:hi]
	switch {
	case colon >= 0:
		return s.fail(colon, "colon in the target of a processing instruction")
	case target == "xml" && s.startsDocument(t.lo):
		return s.scanDeclaration(t)
	case target == "xml":
		return s.fail(t.lo, "XML declaration that is not at the very beginning of the document")
	case strings.EqualFold(target, "xml"):
		return s.fail(t.name.lo, "the target %q of a processing instruction is reserved", target)
	case !is(s.at(hi), classSpace) && !strings.HasPrefix(s.src[hi:], "?>"):
		return s.fail(hi, "white space is missing after the target of a processing instruction")
	}
	for i := hi; ; i++ {
		i = s.skipInner(i)
		switch {
		case i >= len(s.src):
			return s.unclosed(t.lo, "processing instruction")
		case s.src[i] == '?' && s.at(i+1) == '>':
			t.inner, t.hi = span{hi, i}, i+2
			return nil
		case s.src[i] < 0x20:
			return s.badCharacter(i)
		}
	}
}

func (s *scanner) startsDocument(lo int) bool {
	return !s.fragment && (lo == 0 || lo == len(bom) && strings.HasPrefix(s.src, bom))
}

func (s *scanner) scanDeclaration(t *token) *Error {
	t.kind = tokenDeclaration
	hi, _, err := s.declaration(t.lo)
	t.hi = hi
	return err
}

// scanName reads a QName at lo. colon is the offset of its colon, or -1.
func (s *scanner) scanName(lo int) (hi, colon int, err *Error) {
	src, colon, i := s.src, -1, lo
	if size := s.nameStart(i); size == 0 {
		return 0, 0, s.fail(i, "a name is expected")
	} else {
		i += size
	}
	for i < len(src) && i-lo <= maxName {
		c := src[i]
		switch {
		case is(c, className):
			i++
		case c == ':':
			size := s.nameStart(i + 1)
			if colon >= 0 || size == 0 {
				return 0, 0, s.fail(i, "misplaced colon in a name")
			}
			colon = i
			i += 1 + size
		case c >= utf8.RuneSelf:
			r, size := s.enc.rune(src[i:])
			if !isNameChar(r) {
				return i, colon, s.checkName(lo, i)
			}
			i += size
		default:
			return i, colon, s.checkName(lo, i)
		}
	}
	return i, colon, s.checkName(lo, i)
}

func (s *scanner) checkName(lo, hi int) *Error {
	if hi-lo > maxName {
		return s.fail(lo, "a name is longer than %d bytes", maxName)
	}
	return nil
}

// nameStart returns the size of the character at i if a name can begin with it, else 0.
func (s *scanner) nameStart(i int) int {
	c := s.at(i)
	if c < utf8.RuneSelf {
		if is(c, classStart) {
			return 1
		}
		return 0
	}
	if r, size := s.enc.rune(s.src[i:]); isNameStart(r) {
		return size
	}
	return 0
}

func (s *scanner) scanEnd(t *token) *Error {
	t.kind = tokenEnd
	hi, colon, err := s.scanName(t.lo + 2)
	if err != nil {
		return err
	}
	t.name, t.colon = span{t.lo + 2, hi}, colon
	t.hi = s.skipSpace(hi) + 1
	if s.at(t.hi-1) != '>' {
		return s.fail(t.hi-1, "end tag that does not end with \">\"")
	}
	n := len(s.open)
	if n == 0 {
		return s.fail(t.lo, "end tag </%s> without a start tag", s.text(t.name))
	}
	open := s.open[n-1]
	if s.src[open.name.lo:open.name.hi] != s.src[t.name.lo:t.name.hi] {
		return s.fail(t.lo, "end tag </%s> where <%s> of line %d is to be closed",
			s.text(t.name), s.text(open.name), s.position(open.name.lo).Line)
	}
	s.close()
	return nil
}

// close leaves the innermost open element.
func (s *scanner) close() {
	n := len(s.open) - 1
	s.bindings = s.bindings[:s.open[n].bindings]
	s.open = s.open[:n]
}

func (s *scanner) scanStart(t *token) *Error {
	t.kind = tokenStart
	if s.outside() && s.rooted {
		return s.fail(t.lo, "a second root element")
	}
	if len(s.open) == maxDepth {
		return s.fail(t.lo, "elements are nested deeper than %d levels", maxDepth)
	}
	if s.nameStart(t.lo+1) == 0 {
		return s.failHint(t.lo, "a \"<\" in text is written &lt;", "\"<\" that begins no tag")
	}
	hi, colon, err := s.scanName(t.lo + 1)
	if err != nil {
		return err
	}
	t.name, t.colon = span{t.lo + 1, hi}, colon
	if err := s.scanAttributes(t); err != nil {
		return err
	}
	s.rooted = true
	s.open = append(s.open, openElement{name: t.name, bindings: len(s.bindings)})
	if err := s.checkNamespaces(t); err != nil {
		return err
	}
	if t.closed {
		s.close()
	}
	return nil
}

// scanAttributes reads the rest of a start tag.
func (s *scanner) scanAttributes(t *token) *Error {
	s.attrs = s.attrs[:0]
	for i := t.name.hi; ; {
		gap := i
		i = s.skipSpace(i)
		switch c := s.at(i); {
		case i >= len(s.src):
			return s.fail(t.lo, "start tag is not closed")
		case c == '>':
			t.attrs, t.hi = s.attrs, i+1
			return s.checkDuplicates()
		case c == '/' && s.at(i+1) == '>':
			t.attrs, t.hi, t.closed = s.attrs, i+2, true
			return s.checkDuplicates()
		case c == '/':
			return s.fail(i, "\"/\" in a start tag that is not followed by \">\"")
		case gap == i:
			return s.fail(i, "white space or \">\" is missing in a start tag")
		}
		if len(s.attrs) == maxAttributes {
			return s.fail(i, "more than %d attributes", maxAttributes)
		}
		hi, err := s.scanAttribute(gap, i)
		if err != nil {
			return err
		}
		i = hi
	}
}

// scanAttribute reads the attribute whose name begins at lo, appends it to s.attrs and returns the offset behind it.
func (s *scanner) scanAttribute(gap, lo int) (int, *Error) {
	hi, colon, err := s.scanName(lo)
	if err != nil {
		return 0, err
	}
	a := attrSpan{gap: gap, name: span{lo, hi}, colon: colon}
	i := s.skipSpace(hi)
	if s.at(i) != '=' {
		return 0, s.fail(i, "\"=\" is missing after the name of an attribute")
	}
	i = s.skipSpace(i + 1)
	quote := s.at(i)
	if quote != '"' && quote != '\'' {
		return 0, s.fail(i, "the value of an attribute is not in quotes")
	}
	i, err = s.scanValue(&a, i+1, quote)
	if err != nil {
		return 0, err
	}
	s.attrs = append(s.attrs, a)
	return i + 1, nil
}

// scanValue reads the value at lo and returns the offset of the closing quote.
func (s *scanner) scanValue(a *attrSpan, lo int, quote byte) (int, *Error) {
	src, i := s.src, lo
	for i < len(src) && i-lo <= maxValue {
		c := src[i]
		if is(c, classValue) {
			i++
			continue
		}
		switch c {
		case quote:
			a.value = span{lo, i}
			return i, nil
		case '"', '\'':
			i++
		case '\t', '\n', '\r':
			a.coded = true
			i++
		case '&':
			a.coded = true
			hi, err := s.reference(i)
			if err != nil {
				return 0, err
			}
			i = hi
		case '<':
			return 0, s.failHint(i, "is a quote missing before it? a \"<\" in a value is written &lt;", "\"<\" in the value of an attribute")
		default:
			return 0, s.badCharacter(i)
		}
	}
	if i < len(src) {
		return 0, s.failHint(lo, "is a quote missing?", "the value of an attribute is longer than %d bytes", maxValue)
	}
	return 0, s.fail(lo-1, "the value of an attribute is not closed")
}

// fewAttributes is up to where comparing each with each is cheaper than a map.
const fewAttributes = 12

func (s *scanner) checkDuplicates() *Error {
	if len(s.attrs) <= fewAttributes {
		for i := 1; i < len(s.attrs); i++ {
			for j := range i {
				if s.src[s.attrs[i].name.lo:s.attrs[i].name.hi] == s.src[s.attrs[j].name.lo:s.attrs[j].name.hi] {
					return s.duplicate(i)
				}
			}
		}
		return nil
	}
	if s.seen == nil {
		s.seen = make(map[string]int, 2*len(s.attrs))
	}
	clear(s.seen)
	for i, a := range s.attrs {
		s.seen[s.src[a.name.lo:a.name.hi]] = i
		if len(s.seen) != i+1 {
			return s.duplicate(i)
		}
	}
	return nil
}

func (s *scanner) duplicate(i int) *Error {
	a := s.attrs[i]
	return s.fail(a.name.lo, "attribute %q appears twice in one tag", s.text(a.name))
}
