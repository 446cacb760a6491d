// Package secret keeps values out of all that is printed, logged or marshalled.
package secret

import (
	"fmt"
	"io"
	"unique"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Text is a value that is a secret, or may be one. It prints, logs and marshals as [xmlops.Mask], whatever it holds. The zero Text
// is empty. Texts with the same value are equal, also by ==.
type Text struct {
	Sealed
	// a pointer, which is all that fmt shows of fields that are not exported: it asks these for no methods
	value unique.Handle[string]
}

// New returns value as a Text.
func New(value string) Text {
	if value == "" {
		return Text{}
	}
	return Text{value: unique.Make(value)}
}

// Reveal returns the value: to compare and to check it, to look for it in what is printed, and to write it where it belongs. What it
// returns must go nowhere else.
func (t Text) Reveal() string {
	if t == (Text{}) {
		return ""
	}
	return t.value.Value()
}

// Equal reports whether both are the same.
func (t Text) Equal(other Text) bool { return t == other }

// Sealed makes a struct that embeds it print, log and marshal as [xmlops.Mask]: one that holds secrets, or contents of files, which
// are full of them, in fields of other types. As all methods, those of Sealed are not asked where fmt prints a field that is not
// exported; there such a struct must stand behind a pointer.
type Sealed struct{}

// String is for zap.
func (Sealed) String() string { return xmlops.Mask }

// Format writes the mask for every verb.
func (Sealed) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, xmlops.Mask) // as in all of fmt, what can't be written is for the writer to know
}

// MarshalText is for all encoders, and slog.
func (Sealed) MarshalText() ([]byte, error) { return []byte(xmlops.Mask), nil }
