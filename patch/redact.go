package patch

import (
	"io"
	"slices"
	"strings"
)

// minSecret is the length in bytes of the shortest values that a [Redactor] looks for: shorter ones stand in too much
// that is no secret.
const minSecret = 6

// Redactor masks known secret values wherever they appear, raw or escaped: the last line of defence behind masking by
// position.
type Redactor struct {
	forms [256][]string // by their first byte, the longest first
}

// NewRedactor returns a Redactor of the secrets that have 6 bytes and more.
func NewRedactor(secrets []string) *Redactor {
	r := &Redactor{}
	for _, secret := range secrets {
		if len(secret) < minSecret {
			continue
		}
		for form := range secretForms(secret) {
			r.forms[form[0]] = append(r.forms[form[0]], form)
		}
	}
	for _, forms := range r.forms {
		slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	}
	return r
}

// Redact returns s with every known secret masked.
func (r *Redactor) Redact(s string) string {
	done, _ := r.mask([]byte(s), true)
	return string(done)
}

// Writer returns a writer that masks what it passes on to w. It keeps back the end of what was written as long as that
// may be the beginning of a secret: call Flush at the end.
func (r *Redactor) Writer(w io.Writer) *RedactingWriter {
	return &RedactingWriter{redactor: r, to: w}
}

// mask returns the masked text up to where a secret may begin that text does not hold to its end, and the rest. At the
// end of all text there is no rest.
func (r *Redactor) mask(text []byte, end bool) (done, rest []byte) {
	for i := 0; i < len(text); {
		length, partial := r.match(text[i:])
		switch {
		case partial && !end:
			return done, text[i:]
		case length > 0:
			done = append(done, Mask...)
			i += length
		default:
			done = append(done, text[i])
			i++
		}
	}
	return done, nil
}

// match returns the length of the longest secret that text begins with, 0 for none; partial says that all of text is the
// beginning of a longer one.
func (r *Redactor) match(text []byte) (length int, partial bool) {
	for _, form := range r.forms[text[0]] {
		switch {
		case len(form) <= len(text) && form == string(text[:len(form)]):
			return len(form), partial
		case len(form) > len(text) && strings.HasPrefix(form, string(text)):
			partial = true
		}
	}
	return 0, partial
}

// RedactingWriter masks secrets, also those that come in several pieces. It is not safe for concurrent use.
type RedactingWriter struct {
	redactor *Redactor
	to       io.Writer
	held     []byte
}

func (w *RedactingWriter) Write(p []byte) (int, error) {
	done, rest := w.redactor.mask(append(w.held, p...), false)
	w.held = slices.Clone(rest)
	if _, err := w.to.Write(done); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes what was kept back. What is written after it does not count as its continuation.
func (w *RedactingWriter) Flush() error {
	done, _ := w.redactor.mask(w.held, true)
	w.held = nil
	_, err := w.to.Write(done)
	return err
}
