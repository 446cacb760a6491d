package xmlops

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// decodeText gives the characters of text as a parser reports them: references resolved, line ends as LF.
func decodeText(raw string, enc *encoding) string {
	return decode(normalizeLineEnds(raw), enc)
}

// decodeValue gives an attribute value as a parser reports it (production 3.3.3, type CDATA).
func decodeValue(raw string, enc *encoding) string {
	raw = normalizeLineEnds(raw)
	if strings.ContainsAny(raw, "\t\n") {
		raw = strings.NewReplacer("\t", " ", "\n", " ").Replace(raw)
	}
	return decode(raw, enc)
}

// lineEnds turns CR LF and CR into LF. Making it costs more than most uses of it.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func normalizeLineEnds(raw string) string {
	if strings.IndexByte(raw, '\r') < 0 {
		return raw
	}
	return lineEnds.Replace(raw)
}

// decode resolves the references of raw, which the scanner has accepted.
func decode(raw string, enc *encoding) string {
	raw = enc.decode(raw)
	amp := strings.IndexByte(raw, '&')
	if amp < 0 {
		return raw
	}
	var b strings.Builder
	for amp >= 0 {
		b.WriteString(raw[:amp])
		raw = raw[amp:]
		if raw[1] == '#' {
			r, n := parseCharacterReference(raw)
			b.WriteRune(r)
			raw = raw[n:]
		} else {
			n := strings.IndexByte(raw, ';')
			b.WriteRune(entities[raw[1:n]])
			raw = raw[n+1:]
		}
		amp = strings.IndexByte(raw, '&')
	}
	b.WriteString(raw)
	return b.String()
}

// escapeText writes value as text of an element, in the bytes of enc.
func escapeText(value string, enc *encoding) (string, *Error) {
	return escape(value, enc, func(r rune) string {
		switch r {
		case '&':
			return "&amp;"
		case '<':
			return "&lt;"
		case '>':
			return "&gt;"
		case '\r':
			return "&#13;"
		}
		return ""
	})
}

// escapeValue writes value as it stands between two quotes of an attribute, in the bytes of enc.
func escapeValue(value string, quote byte, enc *encoding) (string, *Error) {
	return escape(value, enc, func(r rune) string {
		switch r {
		case '&':
			return "&amp;"
		case '<':
			return "&lt;"
		case '\t':
			return "&#9;"
		case '\n':
			return "&#10;"
		case '\r':
			return "&#13;"
		case '"':
			if quote == '"' {
				return "&quot;"
			}
		case '\'':
			if quote == '\'' {
				return "&apos;"
			}
		}
		return ""
	})
}

// escape writes value with the references that special asks for. A character that enc cannot hold becomes a character reference.
func escape(value string, enc *encoding, special func(rune) string) (string, *Error) {
	b := make([]byte, 0, len(value)+16)
	for i, r := range value {
		if r == utf8.RuneError && !strings.HasPrefix(value[i:], "\uFFFD") {
			return "", &Error{Msg: "the value is not UTF-8"}
		}
		if !isCharacter(r) {
			return "", &Error{Msg: fmt.Sprintf("the value holds the character %U, which XML cannot hold", r)}
		}
		if ref := special(r); ref != "" {
			b = append(b, ref...)
			continue
		}
		var ok bool
		if b, ok = enc.appendRune(b, r); !ok {
			b = fmt.Appendf(b, "&#%d;", r)
		}
	}
	return string(b), nil
}
