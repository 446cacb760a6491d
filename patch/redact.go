package patch

import (
	"reflect"
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

// Redact returns s with every known secret masked.
func (r *Redactor) Redact(s string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		length := r.match(s[i:])
		if length == 0 {
			i++
			continue
		}
		b.WriteString(s[done:i] + Mask)
		i += length
		done = i
	}
	b.WriteString(s[done:])
	return b.String()
}

// match returns the length of the longest secret that text begins with, 0 for none.
func (r *Redactor) match(text string) int {
	longest := 0
	for _, s := range r.spellings[text[0]] {
		longest = max(longest, s.match(text))
	}
	return longest
}

// RedactReport returns a copy of a report with every known secret masked in its strings. In JSON made of it that would come too late:
// a secret can look like a part of the notation.
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
			c.Field(i).Set(r.redacted(v.Field(i)))
		}
	}
	return c
}
