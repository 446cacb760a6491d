// Package strictyaml reads YAML that people write, without forgiving anything: what is not known, given twice or of
// the wrong kind is a problem with its line, column and a hint, and one run finds all of them.
//
// Aliases, tags and further documents are refused, and size and depth are bounded, so that a hostile document costs
// no more than an honest one.
package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// MaxSize is the size in bytes of the largest file that is read.
const MaxSize = 512 << 10

const (
	maxDepth   = 32       // nested mappings and lists
	maxNodes   = 20_000   // keys, values, mappings and lists
	maxEntries = 2_000    // of one mapping or list
	maxKey     = 1_000    // bytes
	maxText    = 64 << 10 // bytes
	maxShown   = 500      // characters of a source line
	maxFound   = 100      // problems; nobody reads more
)

// Document is a parsed YAML document that collects the problems found in it.
type Document struct {
	secret.Sealed // for what it says

	Name string     // of the file, as problems name it
	Root *yaml.Node // nil for a document that says nothing

	lines    [][]rune            // without their line ends
	nodes    int                 // how many there are
	refused  map[*yaml.Node]bool // what no document may hold; it has its problem
	secret   []*yaml.Node        // what is hidden
	hidden   map[int][]span      // what is masked, by line
	shown    int                 // the last line that may be shown; later ones may hold a part of a hidden text
	problems patch.Problems
}

// Parse reads one document. When it can't be read at all, or breaks a limit, the error is [patch.Problems], which come
// without their source lines, since nothing is known of what those hold. What else no document may hold is among the
// problems of the document.
func Parse(name string, data []byte) (*Document, error) {
	d := &Document{Name: name, hidden: map[int][]span{}, refused: map[*yaml.Node]bool{}}
	if len(data) > MaxSize {
		return nil, d.refuse(0, "", "the file is larger than %d KiB", MaxSize>>10)
	}
	if err := d.checkCharacters(string(data)); err != nil {
		return nil, err
	}
	d.lines = splitLines(string(data))
	d.shown = len(d.lines)
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
		return d, nil
	} else if err != nil {
		return nil, d.syntaxError(err)
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, d.refuse(second.Line, "", "a second YAML document starts here; a file holds one")
	} else if !errors.Is(err, io.EOF) {
		return nil, d.syntaxError(err)
	}
	if root := doc.Content[0]; !isNull(root) {
		d.Root = root
		if err := d.check(root, 1); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Argument is a value from the command line as a document: a problem with it has no line. A single text is taken as it
// is; anything else is parsed.
func Argument(name, text string, single bool) (*Document, error) {
	if single {
		n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
		return &Document{Name: name, Root: n}, nil
	}
	d, err := Parse(name, []byte(text))
	if err != nil {
		var problems patch.Problems
		errors.As(err, &problems)
		for _, p := range problems {
			p.Line, p.Column = 0, 0
			p.Message = strings.Replace(p.Message, " at or after this line", "", 1)
		}
		return nil, problems
	}
	for _, p := range d.problems {
		p.Line, p.Column, p.Width = 0, 0, 0
		p.Message = firstLine.ReplaceAllString(p.Message, "")
	}
	forgetPlaces(d.Root)
	return d, nil
}

func forgetPlaces(n *yaml.Node) {
	if n == nil {
		return
	}
	n.Line, n.Column = 0, 0
	for _, child := range n.Content {
		forgetPlaces(child)
	}
}

// check walks the nodes below n in document order and reports what no document may hold. The error is a limit that
// is broken.
func (d *Document) check(n *yaml.Node, depth int) error {
	d.nodes++
	switch {
	case d.nodes > maxNodes:
		return d.refuse(n.Line, "", "the file holds more than %d keys and values", maxNodes)
	case depth > maxDepth:
		return d.refuse(n.Line, "", "nested more than %d levels deep", maxDepth)
	case n.Kind == yaml.SequenceNode && len(n.Content) > maxEntries, n.Kind == yaml.MappingNode && len(n.Content) > 2*maxEntries:
		return d.refuse(n.Line, "", "a mapping or list has more than %d entries", maxEntries)
	case len(n.Value) > maxText:
		return d.refuse(n.Line, "", "a text is longer than %d KiB", maxText>>10)
	}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		d.refuseNode(n, "write the value out; a text that starts with & or * needs quotes", "anchors and aliases are not supported")
	case n.Style&yaml.TaggedStyle != 0:
		d.refuseNode(n, "a text that starts with ! needs quotes", "tags are not supported")
	}
	if n.Kind == yaml.MappingNode {
		d.checkKeys(n)
	}
	for _, child := range n.Content {
		if err := d.check(child, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// refuseNode reports n, which then gets no other problem.
func (d *Document) refuseNode(n *yaml.Node, hint, format string, args ...any) {
	d.Errorf(n, hint, format, args...)
	d.refused[n] = true
}

func (d *Document) checkKeys(n *yaml.Node) {
	lines := map[string]int{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || isNull(key) {
			d.refuseNode(key, "", "a key must be text")
			continue
		}
		if len(key.Value) > maxKey {
			d.refuseNode(key, "", "a key is longer than %d bytes", maxKey)
			continue
		}
		if line, ok := lines[key.Value]; ok {
			d.refuseNode(key, "", "%q is given twice, first in line %d", key.Value, line)
			continue
		}
		lines[key.Value] = key.Line
	}
}

// firstLine is where checkKeys says that a key stands already.
var firstLine = regexp.MustCompile(`, first in line \d+$`)

// yamlLine is the line in an error of the YAML parser. The place of the mistake may be further down.
var yamlLine = regexp.MustCompile(`^line (\d+): `)

func (d *Document) syntaxError(err error) error {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 0
	if m := yamlLine.FindStringSubmatch(msg); m != nil {
		line, _ = strconv.Atoi(m[1])
		msg = strings.TrimPrefix(msg, m[0])
	}
	line = min(line, len(d.lines))
	hint := ""
	switch {
	case strings.Contains(msg, "unknown anchor"):
		return d.refuse(line, "a text that starts with * needs quotes", "anchors and aliases are not supported")
	case strings.Contains(msg, "cannot start any token"):
		hint = "a tab can't indent, and a text that starts with % @ or ` needs quotes"
	case strings.ContainsAny(msg, "'\"`") && !strings.Contains(msg, "find expected"):
		msg = "the text can't be read" // it may quote the file
	}
	if line == 0 {
		return d.refuse(0, hint, "not valid YAML: %s", msg)
	}
	return d.refuse(line, hint, "not valid YAML at or after this line: %s", msg)
}

// refuse is an error about the document as a whole, or about one of its lines.
func (d *Document) refuse(line int, hint, format string, args ...any) error {
	p := &patch.Problem{File: d.Name, Line: line, Message: fmt.Sprintf(format, args...), Hint: hint}
	if line > 0 {
		p.Column = 1
	}
	return patch.Problems{p}
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

// lineEnds turns what YAML takes for a line end into one character.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// splitLines splits where YAML sees a line end. A byte order mark is no part of the first line.
func splitLines(s string) [][]rune {
	var lines [][]rune
	for line := range strings.SplitSeq(lineEnds.Replace(strings.TrimPrefix(s, byteOrderMark)), "\n") {
		lines = append(lines, []rune(line))
	}
	return lines
}
