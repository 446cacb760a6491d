package xmlops

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Document is a parsed XML document that can be edited. It is not safe for concurrent use.
//
// The tree is etree's; beside it nodes holds the bytes of every token. What is decoded in the tree is
// always derived from those bytes (see [Document.derive]), so the two can't disagree.
type Document struct {
	src     string
	enc     *encoding
	added   strings.Builder // bytes of edits; a span that begins at or behind len(src) lies here
	root    *etree.Document
	nodes   map[etree.Token]node
	touched []span   // ranges of the source that edits may have changed
	undo    []func() // newest last
	index   index
	lines   []int // offsets where the lines of the source begin; made when first needed
}

// node says where the bytes of a token are: in the source, or behind it in Document.added.
type node struct {
	span          // of an element its start tag
	end      span // of an element its end tag; zero where it closes itself
	src      int  // offset in the source where the token stands, or beside which it was inserted
	sourceHi int  // offset in the source behind what the bytes replace, where they are not from the source
}

// Parse scans src strictly. The error of a document that is not well-formed, or that is outside the limits and
// encodings that xmlops takes, is an [*Error].
func Parse(src []byte) (*Document, error) {
	d, err := parse(string(src))
	if err != nil {
		return nil, err
	}
	return d, nil
}

func parse(src string) (*Document, *Error) {
	s, err := newScanner(src)
	if err != nil {
		return nil, err
	}
	tokens := 2 * strings.Count(src, "<")
	d := &Document{src: src, enc: s.enc, root: etree.NewDocument(), nodes: make(map[etree.Token]node, tokens)}
	b := builder{d: d, s: s}
	if err := b.build(&d.root.Element); err != nil {
		return nil, err
	}
	return d, nil
}

// raw returns the bytes of sp.
func (d *Document) raw(sp span) string {
	if n := len(d.src); sp.lo >= n && sp.hi > sp.lo {
		return d.added.String()[sp.lo-n : sp.hi-n]
	}
	return d.src[sp.lo:sp.hi]
}

// keep stores the bytes of an edit and returns where they are.
func (d *Document) keep(text string) span {
	lo := len(d.src) + d.added.Len()
	d.added.WriteString(text)
	return span{lo, lo + len(text)}
}

// builder turns the tokens of a scanner into nodes of a tree.
type builder struct {
	d      *Document
	s      *scanner
	offset int // added to the offsets of the scanner: where its source lies in the document
	at     int // offset in the source for what does not come from it

	elements []etree.Element // nodes are cut from these, a block at a time
	texts    []etree.CharData
	attrs    []etree.Attr
}

const blockSize = 64

// build reads all tokens into parent.
func (b *builder) build(parent *etree.Element) *Error {
	var t token
	for {
		ok, err := b.s.next(&t)
		if !ok {
			return err
		}
		switch t.kind {
		case tokenStart:
			e := b.element(&t)
			parent.AddChild(e)
			b.record(e, t.span)
			if !t.closed {
				parent = e
			}
		case tokenEnd:
			n := b.d.nodes[parent]
			n.end = b.shift(t.span)
			b.d.nodes[parent] = n
			parent = parent.Parent()
		case tokenBOM:
		default:
			leaf := b.leaf(&t)
			parent.AddChild(leaf)
			b.record(leaf, t.span)
		}
	}
}

func (b *builder) shift(sp span) span { return span{sp.lo + b.offset, sp.hi + b.offset} }

func (b *builder) record(t etree.Token, sp span) {
	sp = b.shift(sp)
	at := b.at
	if b.offset == 0 {
		at = sp.lo
	}
	b.d.nodes[t] = node{span: sp, src: at, sourceHi: at}
}

func (b *builder) element(t *token) *etree.Element {
	if len(b.elements) == 0 {
		b.elements = make([]etree.Element, blockSize)
	}
	e := &b.elements[0]
	b.elements = b.elements[1:]
	b.derive(e, t)
	return e
}

// derive sets name and attributes of e from its start tag t.
func (b *builder) derive(e *etree.Element, t *token) {
	e.Space, e.Tag = b.split(t.name, t.colon)
	n := len(t.attrs)
	if len(b.attrs) < n {
		b.attrs = make([]etree.Attr, max(n, blockSize))
	}
	e.Attr, b.attrs = b.attrs[:n:n], b.attrs[n:]
	for i := range t.attrs {
		a := &t.attrs[i]
		e.Attr[i].Space, e.Attr[i].Key = b.split(a.name, a.colon)
		value := b.s.src[a.value.lo:a.value.hi]
		if a.coded {
			e.Attr[i].Value = decodeValue(value, b.s.enc)
		} else {
			e.Attr[i].Value = b.s.enc.decode(value)
		}
	}
}

func (b *builder) split(name span, colon int) (space, local string) {
	if colon < 0 {
		return "", b.s.text(name)
	}
	return b.s.text(span{name.lo, colon}), b.s.text(span{colon + 1, name.hi})
}

func (b *builder) leaf(t *token) etree.Token {
	switch t.kind {
	case tokenComment:
		return etree.NewComment(b.s.text(t.inner))
	case tokenCData:
		return etree.NewCData(normalizeLineEnds(b.s.text(t.inner)))
	case tokenText:
		return b.text(t)
	case tokenInstruction, tokenDeclaration:
		return etree.NewProcInst(b.s.text(t.name), strings.TrimLeft(b.s.text(t.inner), " \t\r\n"))
	}
	return etree.NewDirective(b.s.text(t.span))
}

func (b *builder) text(t *token) *etree.CharData {
	if len(b.texts) == 0 {
		b.texts = make([]etree.CharData, blockSize)
	}
	c := &b.texts[0]
	b.texts = b.texts[1:]
	if raw := b.s.src[t.lo:t.hi]; t.coded {
		c.Data = decodeText(raw, b.s.enc)
	} else {
		c.Data = b.s.enc.decode(raw)
	}
	return c
}

// pieces calls yield with the bytes of every token, in document order.
func (d *Document) pieces(e *etree.Element, yield func(span)) {
	for _, t := range e.Child {
		n := d.nodes[t]
		yield(n.span)
		if child, ok := t.(*etree.Element); ok {
			d.pieces(child, yield)
			yield(n.end)
		}
	}
}

// position is the place in the source for a token.
func (d *Document) position(t etree.Token) Position { return d.positionAt(d.nodes[t].src) }

// positionAt is position for many calls.
func (d *Document) positionAt(offset int) Position {
	if d.lines == nil {
		d.lines = append(make([]int, 0, 1+strings.Count(d.src, "\n")), 0)
		for i := 0; ; {
			n := strings.IndexByte(d.src[i:], '\n')
			if n < 0 {
				break
			}
			i += n + 1
			d.lines = append(d.lines, i)
		}
	}
	line, exact := slices.BinarySearch(d.lines, offset)
	if exact {
		line++
	}
	start := d.lines[line-1]
	p := position(d.src[start:], d.enc, offset-start)
	return Position{Line: line, Column: p.Column}
}

// text is the whole text of e, that of its descendants too, as XPath's string value.
func text(e *etree.Element) string {
	switch len(e.Child) {
	case 0:
		return ""
	case 1:
		if c, ok := e.Child[0].(*etree.CharData); ok {
			return c.Data
		}
	}
	var b strings.Builder
	appendText(&b, e)
	return b.String()
}

func appendText(b *strings.Builder, e *etree.Element) {
	for _, t := range e.Child {
		switch t := t.(type) {
		case *etree.CharData:
			b.WriteString(t.Data)
		case *etree.Element:
			appendText(b, t)
		}
	}
}

// hasElements reports whether e has child elements.
func hasElements(e *etree.Element) bool {
	for _, t := range e.Child {
		if _, ok := t.(*etree.Element); ok {
			return true
		}
	}
	return false
}

// document reports whether e is the document itself, not an element.
func (d *Document) document(e *etree.Element) bool { return e == &d.root.Element }

// bindings are the namespaces in scope at e.
func (d *Document) bindings(e *etree.Element) []binding {
	if e == nil || d.document(e) {
		return nil
	}
	b := d.bindings(e.Parent())
	for _, a := range e.Attr {
		switch {
		case a.Space == "xmlns":
			b = append(b, binding{a.Key, a.Value})
		case a.Space == "" && a.Key == "xmlns":
			b = append(b, binding{"", a.Value})
		}
	}
	return b
}
