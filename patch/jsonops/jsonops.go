// Package jsonops sets single values of a JSON file without touching a byte around them: comments, blanks, escapes, the order of
// members, trailing commas, line ends and a byte order mark stay. It reads what Jaggery reads, to which the file is an expression of
// JavaScript: JSON with // and /* */ comments and with a comma behind the last member.
package jsonops

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/tailscale/hujson"

	"github.com/carbonpatch/carbonpatch/patch/splice"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Op sets the value at a place.
type Op struct {
	Pointer string // RFC 6901; the place must exist
	// Value is the decoded value. It becomes a string, unless a number, true or false stands there and it is one, too.
	Value    string
	Optional bool // no such place is no error
}

// Value is a single value of a document.
type Value struct {
	Text string // decoded
	xmlops.Position
	Lo, Hi    int  // where it stands, without the quotes of a string
	String    bool // it is one, no number, true, false or null
	Sensitive bool // a name on the way to it says password, secret or the like
}

// Apply makes ops true in src. The error is an [*xmlops.Error] about the document, which never quotes it, or [xmlops.OpErrors], all
// that there are.
func Apply(src []byte, ops ...Op) (*splice.Result, error) {
	d, err := parse(src)
	if err != nil {
		return nil, err
	}
	for i := range ops {
		if d.Claim(i, ops[i].Pointer, ops[i].Value) {
			d.set(i, &ops[i])
		}
	}
	r, err := d.Result()
	if err != nil {
		return nil, err
	}
	return r, d.check(r.Bytes)
}

// Find returns the single value at a place, and whether there is one. The error is an [*xmlops.Error] about the document.
func Find(src []byte, pointer string) (Value, bool, error) {
	found, err := FindAll(src, pointer)
	v, ok := found[pointer]
	return v, ok, err
}

// FindAll returns the single values at pointers, as far as there are any. The error is an [*xmlops.Error] about the document.
func FindAll(src []byte, pointers ...string) (map[string]Value, error) {
	d, err := parse(src)
	if err != nil {
		return nil, err
	}
	found := map[string]Value{}
	for _, pointer := range pointers {
		p, wrong := d.find(pointer)
		if wrong != nil {
			continue
		}
		literal, single := p.value.Value.(hujson.Literal)
		if !single {
			continue
		}
		span := inQuotes(src, [2]int{p.value.StartOffset, p.value.EndOffset})
		found[pointer] = Value{
			Text: literal.String(), Position: d.Position(p.value.StartOffset), Lo: span[0], Hi: span[1], String: literal.Kind() == '"', Sensitive: p.sensitive,
		}
	}
	return found, nil
}

// document is a JSON file that was read.
type document struct {
	*splice.Text
	root hujson.Value // its offsets are those of the file
}

// maxDepth is how deep objects and arrays may lie in each other.
const maxDepth = 250

func parse(src []byte) (*document, error) {
	d := &document{Text: splice.New(src)}
	if i := invalidUTF8(src); i >= 0 {
		return nil, &xmlops.Error{Position: d.Position(i), Msg: "not UTF-8, as JSON must be"}
	}
	if i := tooDeep(src); i >= 0 {
		return nil, &xmlops.Error{Position: d.Position(i), Msg: fmt.Sprintf("nested deeper than %d", maxDepth)}
	}
	root, err := hujson.Parse(padded(src))
	if err != nil {
		return nil, notWellFormed(d.Position(offsetOf(err, src)), err, src)
	}
	d.root = root
	return d, nil
}

// mistakes are what is wrong with JSON, by what the parser says of it. That may quote the document itself, after the first of these.
var mistakes = []struct{ said, msg, hint string }{
	{"invalid literal", "this is neither a text in double quotes nor a number, true, false or null", "put it in double quotes; line ends and \\ need escapes in them"},
	{"expecting ','", "a comma is missing before this", "write a comma behind the value before it, or close what is open"},
	{"after object name", "a colon is missing before this", "write a colon between the name and its value"},
	{"after top-level value", "something stands behind the end of the document", "look for a } or ] too many"},
	{"at start of value", "a value is missing here", "look for a comma too many, or for a value without double quotes"},
	{"parsing comment", "a comment is not closed", "write */ behind it"},
	{"parsing string", "a quote is not closed", `write " behind the text`},
	{"unexpected EOF", "the document ends too early", "look for a } or ] that is missing"},
}

// notWellFormed says what the parser has found at a position of src.
func notWellFormed(at xmlops.Position, err error, src []byte) *xmlops.Error {
	wrong := &xmlops.Error{Position: at, Msg: "not well-formed JSON"}
	if len(bytes.TrimSpace(src)) == 0 {
		wrong.Msg, wrong.Hint = wrong.Msg+": the document is empty", "write at least {}"
		return wrong
	}
	for _, m := range mistakes {
		if strings.Contains(err.Error(), m.said) {
			wrong.Msg, wrong.Hint = wrong.Msg+": "+m.msg, m.hint
			break
		}
	}
	return wrong
}

// padded is src as the parser takes it, with all offsets kept: blanks for a byte order mark, and a last line that ends, since it
// may be a comment.
func padded(src []byte) []byte {
	text := append(bytes.Clone(src), '\n')
	if bytes.HasPrefix(src, []byte(splice.BOM)) {
		copy(text, bytes.Repeat([]byte{' '}, len(splice.BOM)))
	}
	return text
}

func invalidUTF8(src []byte) int {
	if utf8.Valid(src) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}

// bracket is one, or a string or comment, in which there are none.
var bracket = regexp.MustCompile(`(?s)[\[\]{}]|"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/`)

// tooDeep returns the offset of a bracket that opens one level too many, or -1. The parser has no such limit of its own.
func tooDeep(src []byte) int {
	depth := 0
	for _, m := range bracket.FindAllIndex(src, -1) {
		switch src[m[0]] {
		case '{', '[':
			if depth++; depth > maxDepth {
				return m[0]
			}
		case '}', ']':
			depth--
		}
	}
	return -1
}

// offsetOf is where the parser has found the mistake: its message alone says so, in lines and bytes.
func offsetOf(err error, src []byte) int {
	var line, column int
	if _, err := fmt.Sscanf(err.Error(), "hujson: line %d, column %d:", &line, &column); err != nil {
		return 0
	}
	offset := 0
	for range line - 1 {
		end := bytes.IndexByte(src[offset:], '\n')
		if end < 0 {
			return len(src) // behind the line end that src has been given
		}
		offset += end + 1
	}
	return min(offset+column-1, len(src))
}

// set carries out an op.
func (d *document) set(index int, op *Op) {
	if !utf8.ValidString(op.Value) {
		d.Fail(index, xmlops.Error{Msg: "the value is not UTF-8, as JSON must be"})
		return
	}
	p, wrong := d.find(op.Pointer)
	if wrong != nil {
		if !wrong.missing || !op.Optional {
			d.Fail(index, wrong.Error)
		}
		return
	}
	old, single := p.value.Value.(hujson.Literal)
	at := d.Position(p.value.StartOffset)
	if !single {
		d.Fail(index, xmlops.Error{Position: at, Msg: p.title() + " is no single value"})
		return
	}
	written := literal(old, op.Value)
	if written.Kind() == old.Kind() && written.String() == old.String() {
		d.Right()
		return
	}
	d.Replace(p.value.StartOffset, p.value.EndOffset, string(written), xmlops.Change{
		Op: index, Kind: xmlops.Changed, At: op.Pointer, Position: at, Before: old.String(), After: op.Value, Sensitive: p.sensitive,
	})
	p.value.Value = written
}

// literal writes a value where old stands.
func literal(old hujson.Literal, value string) hujson.Literal {
	fits := false
	switch old.Kind() {
	case '0':
		fits = hujson.Literal(value).Kind() == '0' && json.Valid([]byte(value))
	case 't', 'f':
		fits = value == "true" || value == "false"
	}
	if fits && hujson.Literal(value).IsValid() {
		return hujson.Literal(value)
	}
	return hujson.String(value)
}

// check makes sure that the bytes are well-formed, and what the tree says with the values set.
func (d *document) check(out []byte) error {
	after, err := hujson.Parse(padded(out))
	if err != nil || !bytes.Equal(after.Pack(), d.root.Pack()) {
		return errors.New("the JSON does not read as it was built")
	}
	return nil
}
