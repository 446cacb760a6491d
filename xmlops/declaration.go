package xmlops

import (
	"strings"
)

const bom = "\uFEFF"

// maxEncodingName is how long the registered names of encodings may be.
const maxEncodingName = 40

// detect finds the encoding by byte order mark and XML declaration.
func (s *scanner) detect() (*encoding, *Error) {
	for _, m := range [...]struct{ prefix, name string }{
		{"\x00\x00\xFE\xFF", "UTF-32"},
		{"\xFF\xFE\x00\x00", "UTF-32"},
		{"\x00\x00\x00<", "UTF-32"},
		{"<\x00\x00\x00", "UTF-32"},
		{"\xFE\xFF", "UTF-16"},
		{"\xFF\xFE", "UTF-16"},
		{"\x00<\x00", "UTF-16"},
		{"<\x00", "UTF-16"},
		{"\x4C\x6F\xA7\x94", "EBCDIC"},
	} {
		if strings.HasPrefix(s.src, m.prefix) {
			return nil, unsupported(&Error{Position: Position{1, 1}}, m.name)
		}
	}
	lo := 0
	marked := strings.HasPrefix(s.src, bom)
	if marked {
		lo = len(bom)
	}
	if !strings.HasPrefix(s.src[lo:], "<?xml") || !is(s.at(lo+5), classSpace) {
		return encodingUTF8, nil
	}
	_, name, err := s.declaration(lo)
	if err != nil {
		return nil, err
	}
	if name == (span{}) {
		return encodingUTF8, nil
	}
	enc := encodingNamed(s.src[name.lo:name.hi])
	switch {
	case enc == nil && isUTF16(s.src[name.lo:name.hi]):
		return nil, s.fail(name.lo, "the declared encoding is UTF-16, but the bytes are not")
	case enc == nil:
		return nil, unsupported(s.fail(name.lo, ""), s.src[name.lo:name.hi])
	case marked && enc != encodingUTF8:
		return nil, s.fail(name.lo, "the declared encoding is %s, but the byte order mark says UTF-8", enc.name)
	}
	return enc, nil
}

func isUTF16(name string) bool {
	switch strings.ToUpper(name) {
	case "UTF-16", "UTF-16LE", "UTF-16BE", "ISO-10646-UCS-2":
		return true
	}
	return false
}

func unsupported(err *Error, name string) *Error {
	err.Msg = "encoding " + name + " is not supported"
	err.Hint = "convert the file to UTF-8 first; UTF-8, US-ASCII, ISO-8859-1 and windows-1252 are understood"
	return err
}

// declaration checks the XML declaration at lo, returns the offset behind it and where the name of the encoding stands.
// Its parts come in a fixed order: version, encoding, standalone.
func (s *scanner) declaration(lo int) (hi int, encodingName span, err *Error) {
	i := lo + len("<?xml")
	for part := 0; ; {
		gap := i
		i = s.skipSpace(i)
		if strings.HasPrefix(s.src[i:], "?>") {
			if part == 0 {
				return 0, span{}, s.fail(i, "the XML declaration has no version")
			}
			return i + 2, encodingName, nil
		}
		n := 0
		for is(s.at(i+n), className) {
			n++
		}
		name, next := s.src[i:i+n], 0
		switch {
		case name == "version" && part == 0:
			next = 1
		case name == "encoding" && part == 1:
			next = 2
		case name == "standalone" && (part == 1 || part == 2):
			next = 3
		}
		if next == 0 || gap == i {
			return 0, span{}, s.fail(i, "malformed XML declaration")
		}
		value, behind := s.declarationValue(i + n)
		if behind == 0 || !declares(name, s.src[value.lo:value.hi]) {
			return 0, span{}, s.badDeclaration(name, value, i+n)
		}
		if next == 2 {
			encodingName = value
		}
		part, i = next, behind
	}
}

// declarationValue reads `= "value"` at i and returns the offset behind it, 0 if it is malformed.
func (s *scanner) declarationValue(i int) (value span, behind int) {
	i = s.skipSpace(i)
	if s.at(i) != '=' {
		return span{}, 0
	}
	i = s.skipSpace(i + 1)
	quote := s.at(i)
	if quote != '"' && quote != '\'' {
		return span{}, 0
	}
	n := strings.IndexByte(s.src[i+1:], quote)
	if n < 0 {
		return span{}, 0
	}
	return span{i + 1, i + 1 + n}, i + 2 + n
}

// declares reports whether value is one that the part of the declaration can have.
func declares(name, value string) bool {
	switch name {
	case "version":
		return value == "1.0"
	case "standalone":
		return value == "yes" || value == "no"
	}
	for i := 0; i < len(value); i++ {
		c := value[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || !is(c, className)) {
			return false
		}
	}
	return value != "" && len(value) <= maxEncodingName
}

func (s *scanner) badDeclaration(name string, value span, at int) *Error {
	if value == (span{}) {
		return s.fail(at, "malformed XML declaration")
	}
	switch name {
	case "version":
		return s.fail(value.lo, "the XML version is not 1.0")
	case "standalone":
		return s.fail(value.lo, "standalone is neither \"yes\" nor \"no\"")
	}
	return s.fail(value.lo, "malformed name of an encoding")
}

// scanDoctype reads a DOCTYPE without internal subset: it may name external identifiers, which are never fetched.
func (s *scanner) scanDoctype(t *token) *Error {
	t.kind = tokenDoctype
	switch {
	case s.doctype:
		return s.fail(t.lo, "a second DOCTYPE")
	case s.rooted || !s.outside():
		return s.fail(t.lo, "DOCTYPE that is not before the root element")
	}
	s.doctype = true
	i := s.skipSpace(t.lo + len("<!DOCTYPE"))
	if i == t.lo+len("<!DOCTYPE") {
		return s.fail(i, "white space is missing after <!DOCTYPE")
	}
	i, _, err := s.scanName(i)
	if err != nil {
		return err
	}
	if i, err = s.externalID(i); err != nil {
		return err
	}
	i = s.skipSpace(i)
	if s.at(i) == '[' {
		return s.failHint(i, "remove it: what it declares can change what the file means",
			"DOCTYPE with an internal subset is not supported")
	}
	if s.at(i) != '>' {
		return s.fail(i, "malformed DOCTYPE")
	}
	t.hi = i + 1
	return nil
}

// externalID reads `SYSTEM "…"` or `PUBLIC "…" "…"` at i, if there is one, and returns the offset behind it.
func (s *scanner) externalID(i int) (int, *Error) {
	lo := s.skipSpace(i)
	literals := 0
	switch rest := s.src[lo:]; {
	case strings.HasPrefix(rest, "SYSTEM"):
		literals = 1
	case strings.HasPrefix(rest, "PUBLIC"):
		literals = 2
	default:
		return i, nil
	}
	if lo == i {
		return 0, s.fail(lo, "malformed DOCTYPE")
	}
	i = lo + len("SYSTEM")
	for ; literals > 0; literals-- {
		q := s.skipSpace(i)
		quote := s.at(q)
		if q == i || quote != '"' && quote != '\'' {
			return 0, s.fail(q, "malformed DOCTYPE")
		}
		n := strings.IndexByte(s.src[q+1:], quote)
		if n < 0 {
			return 0, s.fail(q, "identifier in a DOCTYPE is not closed")
		}
		if err := s.checkIdentifier(span{q + 1, q + 1 + n}, literals == 2); err != nil {
			return 0, err
		}
		i = q + n + 2
	}
	return i, nil
}

func (s *scanner) checkIdentifier(sp span, public bool) *Error {
	for i := sp.lo; i < sp.hi; i++ {
		c := s.src[i]
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			return s.badCharacter(i)
		}
		if public && !isPublicIDByte(c) {
			return s.fail(i, "character that a public identifier cannot hold")
		}
		// the JDK takes these everywhere else
		if r, _ := s.enc.rune(s.src[i:]); r > 0xFFFF {
			return s.fail(i, "character beyond U+FFFF in a system identifier")
		}
	}
	return nil
}

// isPublicIDByte is production [13] PubidChar of XML 1.0.
func isPublicIDByte(c byte) bool {
	return c == ' ' || c == '\r' || c == '\n' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' ||
		strings.IndexByte("-'()+,./:=?;!*#@$_%", c) >= 0
}
