package xmlops

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// encoding is how the characters of a document stand in its bytes. All of them agree with ASCII below 0x80.
type encoding struct {
	name    string
	charmap *charmap.Charmap // nil for UTF-8 and US-ASCII
	ascii   bool
}

var (
	encodingUTF8   = &encoding{name: "UTF-8"}
	encodingASCII  = &encoding{name: "US-ASCII", ascii: true}
	encodingLatin1 = &encoding{name: "ISO-8859-1", charmap: charmap.ISO8859_1}
	encoding1252   = &encoding{name: "windows-1252", charmap: charmap.Windows1252}
)

// encodingNamed finds the encoding of a declaration. The names are those that every Java parser of the field takes, UTF8
// without the hyphen among them.
func encodingNamed(name string) *encoding {
	switch strings.ToUpper(name) {
	case "UTF-8", "UTF8":
		return encodingUTF8
	case "US-ASCII":
		return encodingASCII
	case "ISO-8859-1":
		return encodingLatin1
	case "WINDOWS-1252":
		return encoding1252
	}
	return nil
}

// invalid finds the first byte of s that is not a character of the encoding, or that is a character which XML 1.0
// excludes above ASCII. It returns -1 where there is none, else the offset and what is wrong.
func (e *encoding) invalid(s string) (int, string) {
	switch {
	case e.charmap == charmap.Windows1252:
		return e.undefined1252(s)
	case e.charmap != nil:
		return -1, ""
	case e.ascii:
		for i := 0; i < len(s); i++ {
			if s[i] >= utf8.RuneSelf {
				return i, fmt.Sprintf("byte 0x%02X is not US-ASCII, which is the declared encoding", s[i])
			}
		}
		return -1, ""
	}
	if !utf8.ValidString(s) {
		for i, r := range s {
			if r == utf8.RuneError {
				if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
					return i, fmt.Sprintf("byte 0x%02X is not UTF-8", s[i])
				}
			}
		}
	}
	for _, r := range [...]string{"\uFFFE", "\uFFFF"} {
		if i := strings.Index(s, r); i >= 0 {
			return i, fmt.Sprintf("character %U is not allowed in XML", []rune(r)[0])
		}
	}
	return -1, ""
}

// undefined1252 finds the five bytes to which windows-1252 assigns no character.
func (e *encoding) undefined1252(s string) (int, string) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case 0x81, 0x8D, 0x8F, 0x90, 0x9D:
			return i, fmt.Sprintf("byte 0x%02X is not windows-1252, which is the declared encoding", s[i])
		}
	}
	return -1, ""
}

// rune decodes the character at the beginning of s, which is not empty and valid.
func (e *encoding) rune(s string) (r rune, size int) {
	if s[0] < utf8.RuneSelf {
		return rune(s[0]), 1
	}
	if e.charmap != nil {
		return e.charmap.DecodeByte(s[0]), 1
	}
	return utf8.DecodeRuneInString(s)
}

// decode gives s as UTF-8. It is s itself where that is the same.
func (e *encoding) decode(s string) string {
	if e.charmap == nil || isASCII(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteRune(e.charmap.DecodeByte(s[i]))
	}
	return b.String()
}

// encodes reports whether r can be written, and appends it to b if so.
func (e *encoding) appendRune(b []byte, r rune) ([]byte, bool) {
	switch {
	case r < utf8.RuneSelf:
		return append(b, byte(r)), true
	case e.ascii:
		return b, false
	case e.charmap == nil:
		return utf8.AppendRune(b, r), true
	}
	c, ok := e.charmap.EncodeRune(r)
	if !ok {
		return b, false
	}
	return append(b, c), true
}

// columns counts the characters of s.
func (e *encoding) columns(s string) int {
	if e.charmap != nil || e.ascii {
		return len(s)
	}
	return utf8.RuneCountInString(s)
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
