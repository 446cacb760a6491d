package xmlops

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// SensitiveText returns the half-open byte ranges in a text, which is no XML document, of what is secret: the user-info of URLs, what
// stands behind a name that says password, secret or the like, as in name=value, name: value and "name": "value", and what is so in
// markup. All of that is also found where it is escaped, as XML, JSON or a shell do, several times if need be. The ranges are in no
// order and may overlap. Where it can't be told where a secret ends, more is taken for it.
func SensitiveText(text string) [][2]int { return sensitiveText(text, 0) }

// maxNesting is how often a text may be escaped in another.
const maxNesting = 3

func sensitiveText(text string, depth int) [][2]int {
	s := textScan{text: text}
	s.pairs()
	s.urls()
	if depth == maxNesting {
		return s.found
	}
	if strings.IndexByte(text, '<') >= 0 {
		markup := sensitiveScan{src: text, depth: depth + 1}
		markup.read(0)
		s.found = append(s.found, markup.found...)
	}
	if plain, offsets := unescape(text, true); offsets != nil {
		for _, span := range sensitiveText(plain, depth+1) {
			s.found = append(s.found, [2]int{offsets[span[0]], offsets[span[1]]})
		}
	}
	return s.found
}

// unescape resolves the references of XML in raw, and what is behind backslashes. It returns where each byte of the text stands in raw,
// and its end; nil if nothing was escaped.
func unescape(raw string, backslashes bool) (text string, offsets []int) {
	if strings.IndexByte(raw, '&') < 0 && (!backslashes || strings.IndexByte(raw, '\\') < 0) {
		return raw, nil
	}
	b := make([]byte, 0, len(raw))
	offsets = make([]int, 0, len(raw)+1)
	escaped := false
	for i := 0; i < len(raw); {
		r, n := rune(0), 0
		switch {
		case raw[i] == '&':
			r, n = readReference(raw[i:])
		case raw[i] == '\\' && backslashes:
			r, n = readBackslash(raw[i:])
		}
		at := len(b)
		if n == 0 {
			b, n = append(b, raw[i]), 1
		} else {
			b, escaped = utf8.AppendRune(b, r), true
		}
		for range len(b) - at {
			offsets = append(offsets, i)
		}
		i += n
	}
	if !escaped {
		return raw, nil
	}
	return string(b), append(offsets, len(raw))
}

// readReference reads a reference of XML at the beginning of text; the length is 0 if there is none.
func readReference(text string) (r rune, length int) {
	if strings.HasPrefix(text, "&#") {
		return parseCharacterReference(text)
	}
	end := strings.IndexByte(text[:min(len(text), len("&quot;"))], ';')
	if end < 0 {
		return 0, 0
	}
	if r, ok := entities[text[1:end]]; ok {
		return r, end + 1
	}
	return 0, 0
}

// readBackslash reads what a backslash at the beginning of text escapes; the length is 0 where that is a letter that means more.
func readBackslash(text string) (r rune, length int) {
	const length4 = len(`\u0040`)
	switch {
	case len(text) >= length4 && text[1] == 'u':
		for _, c := range []byte(text[2:length4]) {
			d := digit(c)
			if d >= 16 {
				return 0, 0
			}
			r = r*16 + d
		}
		return r, length4
	case len(text) > 1 && text[1] > ' ' && text[1] < 0x80 && !is(text[1], classStart) && digit(text[1]) >= 10:
		return rune(text[1]), 2
	}
	return 0, 0
}

// textScan reads a text.
type textScan struct {
	text  string
	found [][2]int
}

func (s *textScan) note(lo, hi int) {
	if lo < hi {
		s.found = append(s.found, [2]int{lo, hi})
	}
}

// pairs notes the values behind names that say so, and those that another pair names: name=password, value=x.
func (s *textScan) pairs() {
	var beside namedPairs
	for i := 0; i < len(s.text); i++ {
		if c := s.text[i]; c != '=' && c != ':' {
			continue
		}
		lo, hi := s.nameBefore(i)
		name := s.text[lo:hi]
		switch {
		case name == "":
		case s.secretName(lo, hi, i):
			i = max(i, s.noteBehind(i)-1)
		case IsNaming(name), IsValue(name):
			beside.add(s, lo, i, IsValue(name))
		}
	}
}

// noteBehind notes the value behind a sign, and returns the offset behind it.
func (s *textScan) noteBehind(sign int) int {
	lo, hi, behind := s.valueBehind(sign)
	s.note(lo, hi)
	return behind
}

// namedPairs are the last pairs of which one may name what the other is.
type namedPairs struct {
	behind int  // the offset behind both
	named  bool // one says that the value beside it is secret
	value  int  // the sign before the value; 0 for none
}

// add goes on with a pair, the name of which begins at lo.
func (p *namedPairs) add(s *textScan, lo, sign int, isValue bool) {
	if lo-p.behind > maxSecretName || lo > p.behind && strings.ContainsAny(s.text[p.behind:lo], "{}<>") {
		p.named, p.value = false, 0
	}
	if !isValue {
		name := s.nameBehind(sign)
		p.behind = sign
		p.named = Sensitive(name)
		if p.named && p.value > 0 {
			s.noteBehind(p.value)
		}
		return
	}
	near := textScan{text: s.text[:min(len(s.text), sign+maxSecretName)]} // to read long values over and over would take long
	_, _, p.behind = near.valueBehind(sign)
	p.value = sign
	if p.named {
		s.noteBehind(sign)
	}
}

// nameBehind returns the name that stands behind a sign, in quotes or not.
func (s *textScan) nameBehind(sign int) string {
	lo := skipBackslashes(s.text, skipBlanks(s.text, sign+1))
	if lo < len(s.text) && isQuote(s.text[lo]) {
		lo++
	}
	hi := lo
	for hi < len(s.text) && is(s.text[hi], className) {
		hi++
	}
	return s.text[lo:hi]
}

// nameBefore returns the range of the name that stands before the sign at an offset, in quotes or not; an empty one if there is none.
func (s *textScan) nameBefore(sign int) (lo, hi int) {
	hi = sign
	for hi > 0 && (is(s.text[hi-1], classSpace) || s.text[hi-1] == '+') {
		hi--
	}
	if hi > 0 && isQuote(s.text[hi-1]) {
		hi = len(strings.TrimRight(s.text[:hi-1], `\`))
	}
	lo = hi
	for lo > 0 && (is(s.text[lo-1], className) || s.text[lo-1] == '$') {
		lo--
	}
	return lo, hi
}

// secretName reports whether the name in that range, of one word or two as in "API key", is that of a secret, which the sign behind it
// goes before. Messages name a place so, as in "set /r/password: no element matches".
func (s *textScan) secretName(lo, hi, sign int) bool {
	if s.text[sign] == ':' && lo > 0 && (s.text[lo-1] == '@' || s.text[lo-1] == '/' && !s.comments(lo-2)) {
		return false
	}
	if Sensitive(s.text[lo:hi]) {
		return true
	}
	switch strings.ToLower(s.text[lo:hi]) {
	case "key", "keys", "word", "phrase", "code":
		first := lo - 1
		for first > 0 && is(s.text[first-1], className) {
			first--
		}
		return first >= 0 && s.text[lo-1] == ' ' && Sensitive(s.text[first:hi])
	}
	return false
}

// comments reports whether a slash at an offset begins a line and a comment, with the one behind it.
func (s *textScan) comments(i int) bool {
	if i < 0 || s.text[i] != '/' {
		return false
	}
	before := strings.TrimRight(s.text[:i], " \t")
	return before == "" || before[len(before)-1] == '\n'
}

// valueBehind returns the range of the value behind a sign, without quotes around it, and the offset behind it and them.
func (s *textScan) valueBehind(sign int) (lo, hi, behind int) {
	lo = sign + 1
	for lo < len(s.text) && strings.IndexByte("=:>", s.text[lo]) >= 0 {
		lo++
	}
	if next := skipBlanks(s.text, lo); next > lo {
		lines := strings.Count(s.text[lo:next], "\n")
		apart := lines > 0 || s.text[sign] == '=' && !is(s.text[sign-1], classSpace)
		if lines > 1 || apart && s.pairAt(next) {
			return lo, lo, lo // it has none
		}
		lo = s.behindScheme(next)
	}
	quote := skipBackslashes(s.text, lo)
	if quote == len(s.text) || !isQuote(s.text[quote]) {
		hi = s.unquotedEnd(lo, s.behindBracket(lo))
		return lo, hi, hi
	}
	hi, behind = s.closingQuote(lo, quote)
	if s.endsAt(behind) {
		return quote + 1, hi, behind
	}
	hi = s.unquotedEnd(lo, behind)
	return lo, hi, hi
}

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

func skipBackslashes(text string, i int) int {
	return len(text) - len(strings.TrimLeft(text[i:], `\`))
}

func skipBlanks(text string, i int) int {
	for i < len(text) && is(text[i], classSpace) {
		i++
	}
	return i
}

// behindScheme returns the offset of the credentials behind the name of the scheme that is at an offset, if one is there.
func (s *textScan) behindScheme(i int) int {
	for _, scheme := range [...]string{"Basic ", "Bearer ", "Digest "} {
		if len(s.text)-i > len(scheme) && strings.EqualFold(s.text[i:i+len(scheme)], scheme) {
			return skipBlanks(s.text, i+len(scheme))
		}
	}
	return i
}

// pairAt reports whether another name with a value stands at an offset. What ends in = may be base64.
func (s *textScan) pairAt(i int) bool {
	quoted := i < len(s.text) && isQuote(s.text[i])
	if quoted {
		i++
	}
	lo := i
	for i < len(s.text) && is(s.text[i], className) {
		i++
	}
	if quoted && i < len(s.text) && isQuote(s.text[i]) {
		i++
	}
	if i == lo || i+1 >= len(s.text) {
		return false
	}
	switch next := s.text[i+1]; s.text[i] {
	case '=':
		return next != '=' && (!s.endsAt(i+1) || isQuote(next))
	case ':':
		return quoted || is(next, classSpace)
	}
	return false
}

// endsAt reports whether what stands before an offset can end there.
func (s *textScan) endsAt(i int) bool {
	return i == len(s.text) || is(s.text[i], classSpace) || isQuote(s.text[i]) || strings.IndexByte(",;&)}]<>|/:+#\\", s.text[i]) >= 0
}

// maxSecret is the length in bytes in which a quote or bracket is closed; else all that follows is the secret.
const maxSecret = 4096

// closingQuote returns the end of what the quote at an offset begins, and the offset behind the quote that ends it. Backslashes from lo
// on stand before the first; as many or fewer stand before the other. A quote that is doubled belongs to what is quoted.
func (s *textScan) closingQuote(lo, quote int) (hi, behind int) {
	escapes := quote - lo
	for i := quote + 1; i < min(len(s.text), quote+maxSecret); i++ {
		if s.text[i] != s.text[quote] {
			continue
		}
		before := len(strings.TrimRight(s.text[quote+1:i], `\`)) + quote + 1
		switch n := i - before; {
		case escapes == 0 && n%2 == 1, escapes > 0 && n > escapes:
		case escapes == 0 && i > quote+1 && i+1 < len(s.text) && s.text[i+1] == s.text[i]:
			i++
		case escapes > 0:
			return before, i + 1
		default:
			return i, i + 1
		}
	}
	return len(s.text), len(s.text)
}

// behindBracket returns the offset behind what is in brackets at an offset, as in {a b}, $(a b) and (a b), or the offset.
func (s *textScan) behindBracket(lo int) int {
	i := lo
	if i < len(s.text) && s.text[i] == '$' {
		i++
	}
	if i == len(s.text) {
		return lo
	}
	bracket := strings.IndexByte("{([", s.text[i])
	if bracket < 0 {
		return lo
	}
	depth := 0
	for ; i < min(len(s.text), lo+maxSecret); i++ {
		switch s.text[i] {
		case "{(["[bracket]:
			depth++
		case "})]"[bracket]:
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return lo
}

// unquotedEnd returns where a value without quotes ends that begins at lo, and has been read up to an offset: before a blank, a tag, the
// quote that it lies in, or another pair.
func (s *textScan) unquotedEnd(lo, i int) int {
	for ; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case is(c, classSpace), isQuote(c) && s.endsAt(i+1), c == '<' && i > lo && s.tagAt(i):
			return i
		case c == '\\':
			behind := skipBackslashes(s.text, i)
			if behind < len(s.text) && isQuote(s.text[behind]) && s.endsAt(behind+1) {
				return i
			}
			if (behind-i)%2 == 1 {
				behind = s.behindEscape(behind - 1)
			}
			i = behind - 1
		case (c == ';' || c == '&') && i+1 == len(s.text), (c == ';' || c == '&' || c == ',') && s.pairAt(i+1):
			return i
		case c == ';' && (is(s.text[i+1], classSpace) || isQuote(s.text[i+1])):
			return i
		}
	}
	return i
}

// behindEscape returns the offset behind the backslash at an offset and what it escapes; if that is the end of a line, behind the blanks
// that the next begins with.
func (s *textScan) behindEscape(i int) int {
	if end := i + 1; strings.HasPrefix(s.text[end:], "\n") || strings.HasPrefix(s.text[end:], "\r\n") {
		return skipBlanks(s.text, end)
	}
	return min(i+2, len(s.text))
}

// tagAt reports whether the "<" at an offset begins a tag or comment.
func (s *textScan) tagAt(i int) bool {
	if strings.HasPrefix(s.text[i:], "<!--") {
		return true
	}
	lo := i + 1
	if lo < len(s.text) && s.text[lo] == '/' {
		lo++
	}
	hi := lo
	for hi < len(s.text) && is(s.text[hi], className) {
		hi++
	}
	return hi > lo && hi < len(s.text) && (is(s.text[hi], classSpace) || s.text[hi] == '>' || s.text[hi] == '/')
}

// urls notes the user-info of URLs, and that of Oracle's thin driver, which writes it without slashes.
func (s *textScan) urls() {
	if strings.IndexByte(s.text, '@') < 0 {
		return
	}
	attempts, word := 0, 0
	for i := 0; ; {
		n := strings.Index(s.text[i:], "//")
		if n < 0 {
			break
		}
		lo := i + n + len("//")
		if lo > word {
			attempts, word = 0, lo+wordLength(s.text[lo:])
		}
		hi := lo
		if attempts++; attempts > maxAttempts {
			hi += max(0, strings.LastIndexByte(s.text[lo:word], '@'))
		} else {
			hi = s.userInfo(lo, word)
		}
		s.note(lo, hi)
		i = max(lo, hi)
		if attempts > maxAttempts {
			i = word
		}
	}
	done := 0
	for _, m := range oracle.FindAllStringIndex(s.text, -1) {
		if m[0] < done {
			continue
		}
		done = s.urlEnd(m[0], m[1], m[1]+wordLength(s.text[m[1]:]))
		s.note(m[1], m[1]+strings.LastIndexByte(s.text[m[1]:done], '@'))
	}
}

// maxAttempts is in how many places of a word without blanks a URL is looked for that has user-info. What is left is taken for it, rather
// than that it takes long.
const maxAttempts = 16

func wordLength(text string) int {
	if n := strings.IndexAny(text, " \t\r\n"); n >= 0 {
		return n
	}
	return len(text)
}

var oracle = regexp.MustCompile(`(?i)\bjdbc:oracle:\w+:`)

// userInfo returns where the user-info ends that may begin at lo, behind the two slashes of a URL in a word, or lo. Characters that should
// have been escaped in it may stand there as they are.
func (s *textScan) userInfo(lo, word int) int {
	begin := lo - len("//")
	for begin > 0 && (is(s.text[begin-1], className) || s.text[begin-1] == ':' || s.text[begin-1] == '+') {
		begin--
	}
	url := s.text[lo:s.urlEnd(begin, lo, word)]
	at := strings.LastIndexByte(url, '@')
	if at <= 0 || url[0] == '[' {
		return lo
	}
	host := len(url)
	if n := strings.IndexAny(url, "/?#"); n >= 0 {
		host = n
	}
	colon := strings.IndexByte(url[:host], ':')
	switch {
	case colon < 0 && begin < lo-len("//"): // a name or token alone
		return lo + max(0, strings.LastIndexByte(url[:host], '@'))
	case colon < 0, at > host && isPort(url[colon+1:host]) && !strings.ContainsAny(url[at:], "/:"):
		return lo
	}
	return lo + at
}

// isPort reports whether a text is the number of a port, or none.
func isPort(text string) bool { return len(text) <= 5 && strings.Trim(text, "0123456789") == "" }

// urlEnd returns where a URL ends that begins at an offset and has been read up to another: with the word, or before a tag in it. A quote
// ends one that stands in quotes, or has no scheme.
func (s *textScan) urlEnd(begin, i, word int) int {
	bare := begin+len("//") == i
	for ; i < word; i++ {
		switch c := s.text[i]; {
		case c == '<' && s.tagAt(i), isQuote(c) && (bare || begin > 0 && s.text[begin-1] == c):
			return i
		}
	}
	return i
}
