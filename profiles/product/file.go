package product

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// File is a file of a node as it was read. It must not be asked by two goroutines at once, since it notes what it was asked before.
type File struct {
	secret.Sealed // for what it holds

	Path   string // slash-separated, relative to the home
	Source []byte

	secrets [][2]int // see Secrets; nil where nobody has asked yet
	kept    [][2]int // what has a secretAlias
	lines   []int    // where they begin; nil where nobody has asked yet
	counted counted
}

// counted is how many characters stand before an offset in its line: of a long line with many places none is counted from its beginning.
type counted struct{ start, offset, characters int }

// Secrets returns the half-open byte ranges of what is secret in the file, in order: what is named so, and what has a secretAlias, since
// whoever has written that means it to be.
func (f *File) Secrets() [][2]int {
	if f.secrets == nil {
		f.secrets = append(make([][2]int, 0, 1), patch.Union(slices.Concat(patch.SensitiveSpans(f.Path, f.Source), f.kept))...)
	}
	return f.secrets
}

// NewFile is a file of which it is known what is secret, in half-open ranges of bytes, in order.
func NewFile(path string, source []byte, secrets [][2]int) *File {
	return &File{Path: path, Source: source, secrets: append(make([][2]int, 0, 1), secrets...)}
}

// SecretsIn returns those of [File.Secrets] that overlap [lo, hi), or that lo stands in.
func (f *File) SecretsIn(lo, hi int) [][2]int {
	all := f.Secrets()
	first, _ := slices.BinarySearchFunc(all, lo, func(span [2]int, lo int) int { return cmp.Compare(span[1], lo+1) })
	end := first
	for end < len(all) && all[end][0] < hi {
		end++
	}
	return all[first:end]
}

// hide makes a place secret, too.
func (f *File) hide(p Place) {
	if p.Lo < p.Hi && !p.Secret() {
		f.secrets = append(f.secrets, [2]int{p.Lo, p.Hi})
		slices.SortFunc(f.secrets, func(a, b [2]int) int { return cmp.Compare(a[0], b[0]) })
	}
}

// Place is where something stands, [Lo, Hi) in a file. The zero Place is nowhere.
type Place struct {
	File   *File
	Lo, Hi int
}

// Value is a text of a configuration file: of an element, an attribute, an option of a start script, a member of a JSON file.
type Value struct {
	Place        // of a value that is not given, where it is missing
	Text  string // decoded, with all its blanks: some readers of Carbon trim it, others don't
	Given bool
	Alias string // of secure vault, which keeps the value then
}

// Trim is the text without the blanks around it.
func (v Value) Trim() string { return strings.TrimSpace(v.Text) }

// Trimmed is the value with such a text.
func (v Value) Trimmed() Value {
	v.Text = v.Trim()
	return v
}

// Empty reports whether there is no value, or one of blanks.
func (v Value) Empty() bool { return v.Trim() == "" }

// Literal reports whether the value is given and its text is what counts: secure vault does not keep it, and no property is put into it.
func (v Value) Literal() bool { return v.Given && v.Alias == "" && !HoldsReference(v.Text) }

// Is reports whether the value is given and, blanks around it and case aside, the text.
func (v Value) Is(text string) bool { return v.Given && strings.EqualFold(v.Trim(), text) }

// Secret reports whether any byte of the place is part of a secret.
func (p Place) Secret() bool {
	return p.File != nil && len(p.File.SecretsIn(p.Lo, p.Hi)) > 0
}

// Compare orders places by their files, then by where they begin.
func (p Place) Compare(q Place) int {
	return cmp.Or(cmp.Compare(p.path(), q.path()), cmp.Compare(p.Lo, q.Lo), cmp.Compare(p.Hi, q.Hi))
}

func (p Place) path() string {
	if p.File == nil {
		return ""
	}
	return p.File.Path
}

// Position is where the place begins. A column counts characters; a byte order mark is none.
func (p Place) Position() xmlops.Position {
	if p.File == nil {
		return xmlops.Position{}
	}
	line, start := p.File.lineOf(p.Lo)
	return xmlops.Position{Line: line, Column: p.File.charactersTo(start, p.Lo) + 1}
}

// lineOf is the number of the line that an offset lies in, and where that line begins.
func (f *File) lineOf(offset int) (number, start int) {
	if f.lines == nil {
		f.lines = []int{0}
		for i, b := range f.Source {
			if b == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	}
	number, _ = slices.BinarySearch(f.lines, offset+1)
	return number, f.lines[number-1]
}

// charactersTo counts those of a line, which begins at start, before an offset.
func (f *File) charactersTo(start, offset int) int {
	if c := f.counted; c.start == start && start < c.offset && c.offset <= offset {
		f.counted.characters += utf8.RuneCount(f.Source[c.offset:offset])
		f.counted.offset = offset
	} else {
		f.counted = counted{start, offset, characters(f.Source[start:offset])}
	}
	return f.counted.characters
}

var byteOrderMark = []byte("\uFEFF")

// characters counts those of a line; bytes that are no UTF-8 are one each, as in the encodings of one byte.
func characters(line []byte) int { return utf8.RuneCount(bytes.TrimPrefix(line, byteOrderMark)) }

// Line returns the line that the place begins in, and where in the file that line begins.
func (p Place) Line() (line []byte, start int) {
	_, start = p.File.lineOf(p.Lo)
	line, _, _ = bytes.Cut(p.File.Source[start:], []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), start
}

// Within is the part of the place that a part of its text has, where it stands there as it is; else the whole place.
func (v Value) Within(part string) Place {
	i := bytes.Index(v.File.Source[v.Lo:v.Hi], []byte(part))
	if part == "" || i < 0 {
		return v.Place
	}
	return Place{v.File, v.Lo + i, v.Lo + i + len(part)}
}

// trimmed is the place without the blanks around it, for a caret below it.
func trimmed(p Place) Place {
	text := p.File.Source[p.Lo:p.Hi]
	inner := bytes.TrimSpace(text)
	if len(inner) == 0 {
		return p
	}
	p.Lo += bytes.Index(text, inner)
	p.Hi = p.Lo + len(inner)
	return p
}

// tag is the place of the start tag of e.
func (f *File) tag(e xmlops.Element) Place {
	t := e.Tag()
	return Place{f, t.Lo, t.Hi}
}

// text is the content of e; where there is no e, it is missing at the place.
func (f *File) text(e xmlops.Element, missing Place) Value {
	if !e.Exists() {
		return Value{Place: missing}
	}
	c := e.Content()
	return Value{Place: trimmed(Place{f, c.Lo, c.Hi}), Text: c.Text, Given: true, Alias: alias(e)}
}

// child is the content of the first child of e with that name in no namespace.
func (f *File) child(e xmlops.Element, name string) Value {
	return f.text(child(e, name), f.tag(e))
}

// attribute is the one of e with that name, without prefix.
func (f *File) attribute(e xmlops.Element, name string) Value {
	for _, a := range e.Attributes() {
		if a.Name == name && a.Namespace == "" {
			return Value{Place: Place{f, a.Lo, a.Hi}, Text: a.Text, Given: true}
		}
	}
	return Value{Place: f.tag(e)}
}

// child is the first child of e with that name in no namespace.
func child(e xmlops.Element, name string) xmlops.Element {
	for _, c := range e.Children() {
		if c.Name() == name && c.Namespace() == "" {
			return c
		}
	}
	return xmlops.Element{}
}

// children are those of e with that name in no namespace.
func children(e xmlops.Element, name string) []xmlops.Element {
	return slices.DeleteFunc(e.Children(), func(c xmlops.Element) bool { return c.Name() != name || c.Namespace() != "" })
}

// descend follows the first children of those names in no namespace.
func descend(e xmlops.Element, path ...string) xmlops.Element {
	for _, name := range path {
		e = child(e, name)
	}
	return e
}
