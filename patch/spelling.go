package patch

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// spelling is a text character by character. It is found in whatever way each of them is written: as it is, escaped for XML, for
// strings of JSON and Go, for a shell, or for URLs.
type spelling []character

type character struct {
	r        rune
	raw      []string // in each of the encodings that hold it
	optional bool
}

// padding is what base64 may end in.
var padding = character{r: '=', raw: []string{"="}, optional: true}

// spellings are a secret, its bytes in hexadecimal digits, and what of its base64 it alone decides, wherever it stands in what is
// encoded.
func spellings(secret string) []spelling {
	all := []spelling{spell(secret)}
	for _, encoded := range encodings(secret) {
		digits := hex.EncodeToString([]byte(encoded))
		all = append(all, spell(digits), spell(strings.ToUpper(digits)))
		for _, form := range base64Forms(encoded) {
			if len(form) >= minSecret {
				all = append(all, append(spell(form), padding, padding))
			}
		}
	}
	return all
}

func spell(s string) spelling {
	var all spelling
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		c := character{r: r, raw: encodings(s[:size])}
		if r == '\n' {
			c.raw = append(c.raw, "\r\n", "\r")
		}
		if r == utf8.RuneError || !unicode.IsPrint(r) { // what is made of bytes that are no UTF-8, and for a line of text
			c.raw = append(c.raw, string(unicode.ReplacementChar), " ")
		}
		all, s = append(all, c), s[size:]
	}
	return all
}

// encodings returns s as it is, and in the encodings other than UTF-8 that hold it.
func encodings(s string) []string {
	all := []string{s}
	if isASCII(s) {
		return all // as they all have it
	}
	for _, charset := range []*charmap.Charmap{charmap.ISO8859_1, charmap.Windows1252} {
		if encoded, err := charset.NewEncoder().String(s); err == nil && !slices.Contains(all, encoded) {
			all = append(all, encoded)
		}
	}
	return all
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

func base64Forms(s string) []string {
	var all []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		all = append(all, encoding.EncodeToString([]byte(s)))
		for before := range 3 {
			encoded := encoding.EncodeToString(append(make([]byte, before), s...))
			lo, hi := (before*8+5)/6, (before+len(s))*8/6
			all = append(all, encoded[lo:hi], encoded[lo:])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// begins returns the bytes that a text can begin with where it begins with s.
func (s spelling) begins() []byte {
	all := []byte(`&\%`)
	if s[0].r == ' ' {
		all = append(all, '+')
	}
	for _, raw := range s[0].raw {
		all = append(all, raw[0])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// match returns the length of s at the beginning of text, 0 where it does not begin so. Where the text can be read in several ways,
// such as &amp; or ]]> which may be so many characters, it follows all of them.
func (s spelling) match(text string) int {
	var room [2][8]int // most often enough
	ends, next := append(room[0][:0], 0), room[1][:0]
	for i := range s {
		next = next[:0]
		for _, end := range ends {
			next = s[i].appendEnds(next, text, end)
			for behind := end; i > 0 && skipMarkup(text, behind) > behind; {
				behind = skipMarkup(text, behind)
				next = s[i].appendEnds(next, text, behind)
			}
		}
		if s[i].optional {
			next = append(next, ends...)
		}
		if len(next) == 0 {
			return 0
		}
		slices.Sort(next)
		ends, next = slices.Compact(next), ends
	}
	return slices.Max(ends)
}

// maxComment is the length in bytes of the longest comment that a value may go on behind.
const maxComment = 1000

// skipMarkup returns the offset behind a comment, or the delimiter of a CDATA section, at the offset, or the offset: a value can go on
// there, or the markup be a part of it.
func skipMarkup(text string, at int) int {
	if strings.HasPrefix(text[at:], "]]") {
		if r, n := readEscaped(text[at+2:]); r == '>' {
			return at + 2 + n
		}
	}
	r, n := readEscaped(text[at:])
	if r != '<' {
		return at
	}
	rest := text[at+n:]
	if strings.HasPrefix(rest, "![CDATA[") {
		return at + n + len("![CDATA[")
	}
	if !strings.HasPrefix(rest, "!--") {
		return at
	}
	for i := len("!--"); i < min(len(rest), maxComment); i++ {
		if !strings.HasPrefix(rest[i:], "--") {
			continue
		}
		if r, length := readEscaped(rest[i+2:]); r == '>' {
			return at + n + i + 2 + length
		}
	}
	return at
}

// readEscaped reads an angle bracket, however it is escaped.
func readEscaped(text string) (r rune, n int) {
	if text == "" {
		return 0, 0
	}
	switch text[0] {
	case '<', '>':
		return rune(text[0]), 1
	case '&':
		for _, reference := range nestedReferences(text) {
			r, n = reference.r, reference.n
		}
		return r, n
	case '\\':
		return readBackslash(text)
	}
	return 0, 0
}

// appendEnds appends to ends where c ends if it begins at the offset from of text, for all the ways to write it.
func (c *character) appendEnds(ends []int, text string, from int) []int {
	rest := text[from:]
	for _, raw := range c.raw {
		if strings.HasPrefix(rest, raw) {
			ends = append(ends, from+len(raw))
		}
	}
	if rest == "" {
		return ends
	}
	switch rest[0] {
	case '&', '%', '\\':
		for _, reference := range nestedReferences(rest) {
			if reference.r == c.r {
				ends = append(ends, from+reference.n)
			}
		}
		for _, raw := range c.raw {
			if n := matchBytes(rest, raw); n > 0 {
				ends = append(ends, from+n)
			}
		}
		if r, n := readBackslash(rest); n > 0 && r == c.r {
			ends = append(ends, from+n)
		}
	case '+':
		if c.r == ' ' {
			ends = append(ends, from+1)
		}
	case '\'':
		for _, requoted := range [...]string{`'\''`, `'"'"'`} { // as a shell has it between apostrophes
			if c.r == '\'' && strings.HasPrefix(rest, requoted) {
				ends = append(ends, from+len(requoted))
			}
		}
	}
	return ends
}

// matchBytes returns the length of raw at the beginning of text, each byte as %XX, \xXX or \OOO; 0 where it does not begin so.
func matchBytes(text, raw string) int {
	n := 0
	for i := range len(raw) {
		code, length := readByte(text[n:])
		if length == 0 || code != rune(raw[i]) {
			return 0
		}
		n += length
	}
	return n
}

func readByte(text string) (code rune, n int) {
	for _, form := range []struct {
		prefix       string
		digits, base int
	}{{"%", 2, 16}, {`\x`, 2, 16}, {`\`, 3, 8}} {
		if digits, ok := strings.CutPrefix(text, form.prefix); ok {
			if code, n = readDigits(digits, form.digits, form.base); n > 0 {
				return code, len(form.prefix) + n
			}
		}
	}
	return 0, 0
}

// readDigits reads a number of exactly that many digits.
func readDigits(text string, digits, base int) (code rune, n int) {
	if len(text) < digits {
		return 0, 0
	}
	value, err := strconv.ParseUint(text[:digits], base, 31)
	if err != nil {
		return 0, 0
	}
	return rune(value), digits
}

// readBackslash reads an escape in a string of JSON or Go, other than that of a byte, or what a shell or a file of properties escapes,
// which is any mark.
func readBackslash(text string) (r rune, n int) {
	if len(text) < 2 || text[0] != '\\' {
		return 0, 0
	}
	switch text[1] {
	case 'u':
		return readUTF16(text)
	case 'U':
		r, n := readDigits(text[2:], 8, 16)
		return r, 2 + n
	}
	if c := text[1]; c >= ' ' && c <= '~' && !isWord(c) {
		return rune(c), 2
	}
	if i := strings.IndexByte("abtnvfr", text[1]); i >= 0 {
		return '\a' + rune(i), 2
	}
	return 0, 0
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// readUTF16 reads \uXXXX, and a pair of them that is one character.
func readUTF16(text string) (r rune, n int) {
	const length = len(`\u0026`)
	r, n = readDigits(text[2:], 4, 16)
	if n == 0 {
		return 0, 0
	}
	if low, ok := strings.CutPrefix(text[length:], `\u`); ok && utf16.IsSurrogate(r) {
		if second, n := readDigits(low, 4, 16); n > 0 {
			return utf16.DecodeRune(r, second), 2 * length
		}
	}
	return r, length
}

// reference is a character that a text begins with and the length of what it is written as.
type reference struct {
	r rune
	n int
}

// nestedReferences reads a reference of XML, and what it is in XML that is escaped once more, as &amp;lt; is.
func nestedReferences(text string) []reference {
	var all []reference
	skipped := 0
	for range maxEscaped {
		r, n := readReference(text)
		if n == 0 {
			break
		}
		all = append(all, reference{r, skipped + n})
		if r != '&' {
			break
		}
		skipped += n - 1
		text = "&" + text[n:min(len(text), n+maxReference)]
	}
	return all
}

const (
	maxEscaped   = 4  // times
	maxReference = 40 // bytes
)

// readReference reads a reference of XML, the & of which may be escaped as JSON has it.
func readReference(text string) (r rune, n int) {
	name, ok := strings.CutPrefix(text, "&")
	if !ok {
		name, ok = strings.CutPrefix(text, `\u0026`)
	}
	if !ok {
		return 0, 0
	}
	begin := len(text) - len(name)
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		r, n = readNumber(digits)
		if n == 0 {
			return 0, 0
		}
		return r, begin + 1 + n
	}
	for i, entity := range []string{"amp;", "lt;", "gt;", "quot;", "apos;"} {
		if strings.HasPrefix(name, entity) {
			return rune(`&<>"'`[i]), begin + len(entity)
		}
	}
	return 0, 0
}

// readNumber reads what follows the &# of a reference: 38; or x26; with any number of zeros before it.
func readNumber(text string) (r rune, n int) {
	end := len(text) - len(strings.TrimLeft(text, "0123456789abcdefABCDEFxX"))
	if !strings.HasPrefix(text[end:], ";") {
		return 0, 0
	}
	digits, base := text[:end], 10
	if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
		digits, base = digits[1:], 16
	}
	code, err := strconv.ParseUint(digits, base, 31)
	if err != nil {
		return 0, 0
	}
	return rune(code), end + 1
}
