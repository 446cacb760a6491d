package patch

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// forms are the ways in which output can spell a secret.
type forms map[string]bool

// secretForms returns the secret as it is, escaped for XML in any encoding that we write, each of these as a string of JSON and
// Go, and the secret in a URL and in base64.
func secretForms(secret string) forms {
	all := forms{secret: true}
	all.add(xmlForms)
	all.add(referenceForms)
	all.add(stringForms)
	all.add(byteForms)
	for _, s := range slices.Concat(urlForms(secret), base64Forms(secret)) {
		all[s] = true
	}
	return all
}

// add adds what spell makes of all forms so far.
func (f forms) add(spell func(string) []string) {
	for s := range maps.Clone(f) {
		for _, form := range spell(s) {
			f[form] = true
		}
	}
}

// xmlForms escapes s as text and as the value of an attribute: only & and < are always escaped.
func xmlForms(s string) []string {
	var all []string
	for _, greater := range choices(s, ">", ">", "&gt;") {
		for _, quote := range choices(s, `"`, `"`, "&quot;", "&#34;", "&#x22;") {
			for _, apostrophe := range choices(s, "'", "'", "&apos;", "&#39;", "&#x27;") {
				for _, blank := range choices(s, "\t\n\r", "%c", "&#%d;", "&#x%X;") {
					escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", greater, `"`, quote, "'", apostrophe,
						"\t", fmt.Sprintf(blank, '\t'), "\n", fmt.Sprintf(blank, '\n'), "\r", fmt.Sprintf(blank, '\r'))
					all = append(all, escape.Replace(s))
				}
			}
		}
	}
	return all
}

// choices are the ways to write chars, the first of which will do where s has none of them.
func choices(s, chars string, all ...string) []string {
	if !strings.ContainsAny(s, chars) {
		return all[:1]
	}
	return all
}

// charsets are the encodings other than UTF-8 that hold more than ASCII.
var charsets = []*charmap.Charmap{charmap.ISO8859_1, charmap.Windows1252}

// referenceForms writes characters that an encoding can't hold as references.
func referenceForms(s string) []string {
	if isASCII(s) {
		return nil
	}
	held := []func(rune) bool{func(r rune) bool { return r < utf8.RuneSelf }}
	for _, charset := range charsets {
		held = append(held, func(r rune) bool {
			_, ok := charset.EncodeRune(r)
			return ok
		})
	}
	var all []string
	for _, holds := range held {
		for _, reference := range []string{"&#%d;", "&#x%x;", "&#x%X;"} {
			var b strings.Builder
			for _, r := range s {
				if holds(r) {
					b.WriteRune(r)
				} else {
					fmt.Fprintf(&b, reference, r)
				}
			}
			all = append(all, b.String())
		}
	}
	return all
}

// stringForms writes s as the inside of a string of JSON (with and without \u0026 for &, and all in ASCII) and of Go.
func stringForms(s string) []string {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	encoder.Encode(s) // a string has no error
	html, _ := json.Marshal(s)
	quoted := []string{strings.TrimSpace(plain.String()), string(html), strconv.Quote(s), strconv.QuoteToASCII(s)}
	var all []string
	for _, q := range quoted {
		inside := q[1 : len(q)-1]
		all = append(all, inside, jsonASCII(inside))
	}
	return all
}

func jsonASCII(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// byteForms writes s in the encodings other than UTF-8.
func byteForms(s string) []string {
	if isASCII(s) {
		return nil
	}
	var all []string
	for _, charset := range charsets {
		if encoded, err := charset.NewEncoder().String(s); err == nil {
			all = append(all, encoded)
		}
	}
	return all
}

// urlForms escapes s as Go, browsers and Java do.
func urlForms(s string) []string {
	query := url.QueryEscape(s)
	strict := strings.ReplaceAll(query, "+", "%20")
	browser := strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(strict)
	java := strings.NewReplacer("~", "%7E", "%2A", "*").Replace(query)
	user := strings.TrimPrefix(url.UserPassword("", s).String(), ":")
	all := []string{query, strict, browser, java, user, url.PathEscape(s)}
	for _, form := range all {
		all = append(all, lowerHex(form))
	}
	return all
}

// lowerHex writes %2F as %2f.
func lowerHex(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] == '%' {
			copy(b[i:], bytes.ToLower(b[i:i+3]))
		}
	}
	return string(b)
}

// base64Forms are the characters that s alone decides, wherever it stands in what is encoded, and s encoded alone.
func base64Forms(s string) []string {
	var all []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		all = append(all, encoding.EncodeToString([]byte(s)))
		for before := range 3 {
			encoded := encoding.EncodeToString(append(make([]byte, before), s...))
			lo, hi := (before*8+5)/6, (before+len(s))*8/6
			all = append(all, encoded[lo:hi])
		}
	}
	return all
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
