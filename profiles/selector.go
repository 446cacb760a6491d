package profiles

import (
	"errors"
	"fmt"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// selector is a selector whose literals may name settings: parameter[@name='$(.key)'].
type selector struct {
	pieces []piece
}

// piece is a part of a selector: plain text, or a literal between quotes.
type piece struct {
	text    string // of what is no literal
	literal *template
}

// parseSelector reads a selector of a profile. The error is an [*xmlops.Error] or a [*textError].
func parseSelector(s string) (*selector, error) {
	if _, err := xmlops.ParseSelector(s); err != nil {
		return nil, err
	}
	sel := &selector{}
	for s != "" {
		plain, quoted := s, ""
		if i := strings.IndexAny(s, `'"`); i >= 0 {
			plain = s[:i]
			end := strings.IndexByte(s[i+1:], s[i]) // there is one, or it would not have parsed
			quoted = s[i : i+end+2]
		}
		s = s[len(plain)+len(quoted):]
		sel.pieces = append(sel.pieces, piece{text: plain})
		if quoted == "" {
			break
		}
		literal, err := parseTemplate(quoted[1 : len(quoted)-1])
		if err != nil {
			return nil, err
		}
		sel.pieces = append(sel.pieces, piece{literal: &literal})
	}
	return sel, nil
}

// refs are the references in the literals.
func (s *selector) refs() []part {
	var refs []part
	for _, p := range s.pieces {
		if p.literal != nil {
			refs = append(refs, p.literal.refs()...)
		}
	}
	return refs
}

// errQuotes is the error of a value that can't stand in a selector.
var errQuotes = errors.New("a value that is used in a selector can't hold both kinds of quotes")

// expand puts values into the literals. Where one has no value, the result has no text.
func (s *selector) expand(lookup func(part) result) (xmlops.Selector, result, error) {
	var b strings.Builder
	var out result
	for _, p := range s.pieces {
		if p.literal == nil {
			b.WriteString(p.text)
			continue
		}
		r := p.literal.expand(lookup)
		out.secret = out.secret || r.secret
		switch {
		case r.state == open && out.state != unset:
			out.state = open
			continue
		case r.state != given:
			out.state = unset
			continue
		}
		quote := "'"
		if strings.Contains(r.text.Reveal(), "'") {
			quote = `"`
		}
		if strings.Contains(r.text.Reveal(), quote) {
			return xmlops.Selector{}, out, errQuotes
		}
		b.WriteString(quote + r.text.Reveal() + quote)
	}
	if out.state != given {
		return xmlops.Selector{}, out, nil
	}
	sel, err := xmlops.ParseSelector(b.String())
	if err != nil {
		return sel, out, fmt.Errorf("the selector %s: %w", b.String(), err)
	}
	out.text = secret.New(sel.String())
	return sel, out, nil
}

// selectorWith reads a selector of this package and puts text into its literals.
func selectorWith(s, text string) (xmlops.Selector, error) {
	sel, err := parseSelector(s)
	if err != nil {
		return xmlops.Selector{}, err
	}
	found, _, err := sel.expand(func(part) result { return result{text: secret.New(text)} })
	return found, err
}

// element is s without the attribute that it ends in.
func (s *selector) element() *selector {
	last := len(s.pieces) - 1
	text, _, ok := strings.Cut(s.pieces[last].text, "/@")
	if !ok || s.pieces[last].literal != nil {
		return s
	}
	cut := &selector{pieces: append([]piece(nil), s.pieces...)}
	cut.pieces[last].text = text
	return cut
}

// String is s as the profile writes it, with ' as the quote where that is possible.
func (s *selector) String() string {
	var b strings.Builder
	for _, p := range s.pieces {
		if p.literal == nil {
			b.WriteString(p.text)
			continue
		}
		quote := "'"
		if strings.Contains(p.literal.String(), quote) {
			quote = `"`
		}
		b.WriteString(quote + p.literal.String() + quote)
	}
	return b.String()
}
