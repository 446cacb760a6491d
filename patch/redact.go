package patch

import (
	"reflect"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// minSecret is the length in bytes of the shortest values that a [Redactor] looks for: shorter ones stand in too much
// that is no secret.
const minSecret = 6

// Redactor masks known secret values wherever they appear, raw or escaped: the last line of defence behind masking by
// position.
type Redactor struct {
	secret.Sealed
	spellings [256][]spelling // by the bytes that they can begin with
	kept      []string
}

// NewRedactor returns a Redactor of the secrets that have 6 bytes and more.
func NewRedactor(secrets ...secret.Text) *Redactor {
	r := &Redactor{}
	r.Add(secrets...)
	return r
}

// Add lets r mask these secrets, too.
func (r *Redactor) Add(secrets ...secret.Text) {
	for _, s := range secrets {
		if len(s.Reveal()) < minSecret {
			continue
		}
		for _, s := range spellings(s.Reveal()) {
			for _, b := range s.begins() {
				r.spellings[b] = append(r.spellings[b], s)
			}
		}
	}
}

// Keep lets texts stand wherever they are, whole, though a secret is a part of them: paths, names and commands would be of no use
// with a mask in them. What is nothing but a secret is not kept.
func (r *Redactor) Keep(texts ...string) {
	for _, text := range texts {
		if len(text) > minSecret && !slices.Contains(r.kept, text) {
			r.kept = append(r.kept, text)
		}
	}
}

// isKept reports whether s[lo:hi] is a part of a text that is to be kept.
func (r *Redactor) isKept(s string, lo, hi int) bool {
	return slices.ContainsFunc(r.kept, func(text string) bool {
		return len(text) > hi-lo && strings.Contains(s[max(0, hi-len(text)):min(len(s), lo+len(text))], text)
	})
}

// Redact returns s with every known secret masked.
func (r *Redactor) Redact(s string) string {
	var b strings.Builder
	done := 0
	for _, span := range r.Spans(s) {
		b.WriteString(s[done:span[0]] + Mask)
		done = span[1]
	}
	b.WriteString(s[done:])
	return b.String()
}

// Spans returns the half-open byte ranges of the known secrets in s, in order.
func (r *Redactor) Spans(s string) [][2]int {
	var spans [][2]int
	for i := 0; i < len(s); {
		length := r.match(s[i:])
		if length == 0 || r.isKept(s, i, i+length) {
			i++
			continue
		}
		spans = append(spans, [2]int{i, i + length})
		i += length
	}
	return spans
}

// match returns the length of the longest secret that text begins with, 0 for none.
func (r *Redactor) match(text string) int {
	longest := 0
	for _, s := range r.spellings[text[0]] {
		longest = max(longest, s.match(text))
	}
	return longest
}

// RedactReport returns a copy of a report with every known secret masked in its strings, but for fields with the tag redact:"never".
// In JSON made of it that would come too late: a secret can look like a part of the notation.
func (r *Redactor) RedactReport(report any) any {
	return r.redacted(reflect.ValueOf(report)).Interface()
}

// redacted returns a copy of v, all fields of which are exported. Keys of maps stay.
func (r *Redactor) redacted(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		return reflect.ValueOf(r.Redact(v.String())).Convert(v.Type())
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		if v.IsNil() {
			return v
		}
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		c.Set(reflect.New(v.Type().Elem()))
		c.Elem().Set(r.redacted(v.Elem()))
	case reflect.Interface:
		c.Set(r.redacted(v.Elem()))
	case reflect.Slice:
		c.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			c.Index(i).Set(r.redacted(v.Index(i)))
		}
	case reflect.Map:
		c.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
		for key, value := range v.Seq2() {
			c.SetMapIndex(key, r.redacted(value))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Tag.Get("redact") == "never" { // a name or a path
				continue
			}
			c.Field(i).Set(r.redacted(v.Field(i)))
		}
	}
	return c
}
