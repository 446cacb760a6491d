package profiles

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// Values are the settings of one node by name. A setting without a value is not in it.
type Values map[string]Value

// Value is the value of a setting. Text is that of a single value; Items are those of a list, or of a map, whose items have the
// fields [MapKey] and [MapValue]. Any text may hold a secret: a URL has a password, and what a source holds nobody knows.
type Value struct {
	Text  secret.Text
	Items []map[string]Value
	None  bool // the value none: what the setting writes must not exist
	// Assumed says that the text only stands for one that nobody knows here.
	Assumed bool
	Unread  bool // given, but not known: it could not be read, which is reported or else Kept says why. Of a list, some items are not known
	Open    bool // known on the node only, and this is an image: what depends on it waits
	Unsure  bool // open, and there may be none on the node
	Secret  bool // never shown
	Kept    bool // by secure vault: what a home has as the text is not the value
	Origin  Origin
	Place   strictyaml.Place // where it is given; nowhere for what the profile says itself
}

// The fields of the items of a map. Those of a list of single values have only the second.
const (
	MapKey   = "key"
	MapValue = "value"
)

// Shown is a single value as it may be shown.
func (v Value) Shown() string {
	if v.Secret {
		return patch.Mask
	}
	return patch.MaskURLs(v.Text.Reveal())
}

// hasText reports whether v is there to be written, even as an empty text.
func (v Value) hasText() bool { return !v.None && !v.Unread && !v.Open }

// distinct is the length in bytes from which on a text that is assumed is found nowhere by chance.
const distinct = 8

// Assume reports whether a message holds a text that is assumed in v.
func (v Values) Assume(message string) bool {
	isIn := func(v Value) bool {
		text := v.Text.Reveal()
		return v.Assumed && len(text) >= distinct && strings.Contains(message, text)
	}
	for _, value := range v {
		if isIn(value) {
			return true
		}
		for _, item := range value.Items {
			for _, field := range item {
				if isIn(field) {
					return true
				}
			}
		}
	}
	return false
}

// holdsOpen reports whether v or a part of it is open.
func (v Value) holdsOpen() bool {
	return v.Open || slices.ContainsFunc(v.Items, func(item map[string]Value) bool {
		for _, field := range item {
			if field.Open {
				return true
			}
		}
		return false
	})
}

// Origin says which layer of the description a value comes from.
type Origin string

// The layers, each of which wins over those before it.
const (
	FromDefault  Origin = "default"
	FromProfile  Origin = "profile role"
	FromMembers  Origin = "well-known nodes"
	FromSettings Origin = "settings"
	FromRole     Origin = "roles"
	FromNode     Origin = "node"
	FromFlag     Origin = "--set"
)

// explicit reports whether the value was meant for this node or its role, so that it is written whatever the roles
// of its setting say.
func (o Origin) explicit() bool {
	return o == FromProfile || o == FromRole || o == FromNode || o == FromFlag
}

// None is how a description spells the value none.
const None = "none"

// ValueError is a value that isn't what its setting takes.
type ValueError struct {
	Name   string // of the setting, and of the field of an item after a dot
	Text   secret.Text
	Secret bool   // the text may not be shown
	Wrong  string // as [Type.Check] says it
}

// shown is the length in characters up to which a wrong value is quoted.
const shown = 60

func (e *ValueError) Error() string {
	what := e.Name + " " + e.Wrong
	text := patch.MaskURLs(e.Text.Reveal())
	switch {
	case e.Secret || checkText(e.Text.Reveal()) != "" || utf8.RuneCountInString(text) > shown:
		return what
	case number.MatchString(text):
		return what + ", not " + text
	}
	return what + ", not " + strconv.Quote(text)
}
