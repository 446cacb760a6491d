package xmlops

import (
	"strings"

	"github.com/beevik/etree"
)

// Mask is what is shown in the place of a secret. Its length says nothing.
const Mask = "********"

// Sensitive reports whether the name of an element, attribute or parameter says that its value is a secret.
func Sensitive(name string) bool {
	if name == "secretAlias" {
		return false
	}
	lower := strings.ToLower(name)
	for _, word := range [...]string{"password", "passwd", "passphrase", "secret", "accesskey", "keypass", "storepass"} {
		if strings.Contains(lower, word) {
			return true
		}
	}
	for _, end := range [...]string{"pwd", "token", "apikey", "privatekey"} { // TokenStoreClassName is none
		if strings.HasSuffix(lower, end) {
			return true
		}
	}
	return lower == "pass" || strings.HasSuffix(name, "Pass")
}

// sensitiveElement reports whether the name of e or of what it lies in, or the name or key attribute, says that it holds a secret.
func sensitiveElement(e *etree.Element) bool {
	for ; e != nil; e = e.Parent() {
		if namedSecret(e) {
			return true
		}
	}
	return false
}

func namedSecret(e *etree.Element) bool {
	if Sensitive(e.Tag) {
		return true
	}
	for _, key := range keyAttributes {
		if a := attribute(e, qname{local: key}); a != nil && Sensitive(a.Value) {
			return true
		}
	}
	return false
}

// sensitiveAttribute reports whether an attribute of e holds a secret: by its own name, or as the value of what e names.
func sensitiveAttribute(e *etree.Element, name qname) bool {
	return Sensitive(name.local) || name.local == "value" && sensitiveElement(e)
}

// SensitiveSpans returns the byte ranges of values in src that belong to elements or attributes whose name says
// password, secret or the like, in comments too, in source order. It reads tags leniently, so that it also finds what stands
// in bytes that are not well-formed.
func SensitiveSpans(src []byte) [][2]int {
	s := sensitiveScan{src: string(src)}
	s.run()
	return s.found
}

type sensitiveScan struct {
	src   string
	found [][2]int
	owner string // the sensitive element whose content is being read
}

func (s *sensitiveScan) run() {
	for i := 0; i < len(s.src); {
		lt := strings.IndexByte(s.src[i:], '<')
		if lt < 0 {
			s.text(i, len(s.src))
			return
		}
		s.text(i, i+lt)
		i = s.markup(i + lt)
	}
}

// text notes the text of a sensitive element, and that of comments in it.
func (s *sensitiveScan) text(lo, hi int) {
	for s.owner != "" && lo < hi {
		end, behind := hi, hi
		if i := strings.Index(s.src[lo:hi], "-->"); i >= 0 {
			end, behind = lo+i, lo+i+len("-->")
		}
		kept := strings.TrimLeft(s.src[lo:end], blanks)
		s.note([2]int{end - len(kept), end - len(kept) + len(strings.TrimRight(kept, blanks))})
		lo = behind
	}
}

// markup reads what begins with the "<" at i and returns the offset behind it.
func (s *sensitiveScan) markup(i int) int {
	rest := s.src[i:]
	switch {
	case strings.HasPrefix(rest, "<!--"):
		if i+4 < len(s.src) && is(s.src[i+4], classStart) {
			return s.tag(i + 4) // the fused shape
		}
		return i + 4
	case strings.HasPrefix(rest, "<![CDATA["):
		hi := strings.Index(rest, "]]>")
		if hi < 0 {
			hi = len(rest)
		}
		s.text(i+9, max(i+9, i+hi))
		return min(i+hi+3, len(s.src))
	case strings.HasPrefix(rest, "</"):
		// the end tag of the fused shape runs into the "-->" of its comment
		name := strings.TrimRight(s.name(i+2), "-")
		if name == s.owner {
			s.owner = ""
		}
		i += 2 + len(name)
		if i < len(s.src) && s.src[i] == '>' {
			i++
		}
		return i
	case len(rest) > 1 && (is(rest[1], classStart) || rest[1] >= 0x80):
		return s.tag(i + 1)
	}
	return i + 1
}

func (s *sensitiveScan) name(i int) string {
	hi := i
	for hi < len(s.src) && (is(s.src[hi], className) || s.src[hi] == ':' || s.src[hi] >= 0x80) {
		hi++
	}
	return s.src[i:hi]
}

// tag reads a start tag whose name begins at i and returns the offset behind it.
func (s *sensitiveScan) tag(i int) int {
	element := s.name(i)
	i += len(element)
	sensitive := Sensitive(localPart(element))
	var value [2]int
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
		text := s.src[span[0]:span[1]]
		switch {
		case Sensitive(localPart(name)):
			s.note(span)
		case name == "value":
			value = span
		case (name == "name" || name == "key") && Sensitive(text):
			sensitive = true
		}
	}
	if sensitive || s.owner != "" {
		s.note(value)
	}
	if i < len(s.src) && s.src[i] == '>' {
		i++
		if sensitive && s.owner == "" && s.src[i-2] != '/' {
			s.owner = element
		}
	}
	return i
}

func (s *sensitiveScan) note(span [2]int) {
	if span[0] < span[1] {
		s.found = append(s.found, span)
	}
}

// value reads `="…"` at i and returns the offset behind it, 0 if there is none.
func (s *sensitiveScan) value(i int) (span [2]int, behind int) {
	for i < len(s.src) && is(s.src[i], classSpace) {
		i++
	}
	if i >= len(s.src) || s.src[i] != '=' {
		return span, 0
	}
	i++
	for i < len(s.src) && is(s.src[i], classSpace) {
		i++
	}
	if i >= len(s.src) || s.src[i] != '"' && s.src[i] != '\'' {
		return span, 0
	}
	n := strings.IndexByte(s.src[i+1:], s.src[i])
	if n < 0 {
		return span, 0
	}
	return [2]int{i + 1, i + 1 + n}, i + n + 2
}

func localPart(name string) string { return name[strings.IndexByte(name, ':')+1:] }
