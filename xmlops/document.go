package xmlops

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Document is a parsed XML document that can be edited. It is not safe for concurrent use.
//
// The tree is etree's; beside it a tree of nodes holds where the bytes of every token are. What is decoded in the
// one is always derived from the bytes of the other, and both are changed by the two functions of edit.go alone.
type Document struct {
	src     string
	enc     *encoding
	root    *etree.Document
	outer   []binding       // of a fragment: the namespaces in scope around it
	nodes   []node          // the first is of root; the children of a node lie side by side, wherever there was room
	added   strings.Builder // bytes of edits; a span that begins at or behind len(src) lies here
	origins []origin        // of the bytes in added, in their order
	touched []span          // ranges of the source that edits may have changed
	undo    []func()        // newest last
	index   index
	lines   []int // offsets where the lines of the source begin; made when first needed
}

// node says where the bytes of a token are: in the source, or behind it in Document.added. Offsets fit 32 bits: see [MaxSize].
type node struct {
	lo, hi       int32 // of an element its start tag
	endLo, endHi int32 // of an element its end tag; 0 where it closes itself
	first, count int32 // its children are Document.nodes[first : first+count]
	room         int32 // how many children there is room for at first
}

func (n *node) span() span { return span{int(n.lo), int(n.hi)} }
func (n *node) end() span  { return span{int(n.endLo), int(n.endHi)} }

// empty reports whether the node is an empty-element tag, or no element.
func (n *node) empty() bool { return n.endHi == 0 }

// origin says which range of the source the bytes that begin at lo stand for.
type origin struct {
	lo int
	span
}

// Parse scans src strictly. The error of a document that is not well-formed, or that is outside the limits and
// encodings that xmlops takes, is an [*Error].
func Parse(src []byte) (*Document, error) {
	s, err := newScanner(string(src))
	if err != nil {
		return nil, err
	}
	d, err := parse(s)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// Check scans src as [Parse] does, without building anything from it: it is what Parse can say about src, in a fraction of the time.
func Check(src []byte) error {
	s, err := newScanner(string(src))
	if err != nil {
		return err
	}
	var t token
	for {
		ok, err := s.next(&t)
		if err != nil {
			return err
		}
		if !ok {
			return nil
		}
	}
}

// parse builds the document that s scans, which may be a fragment.
func parse(s *scanner) (*Document, *Error) {
	d := &Document{src: s.src, enc: s.enc, root: etree.NewDocument(), outer: s.bindings}
	b, err := newBuilder(s, 0)
	if err != nil {
		return nil, err
	}
	d.nodes = b.build(&d.root.Element, []node{{}})
	return d, nil
}

// node returns where the bytes of t are. The pointer is good until the next edit.
func (d *Document) node(t etree.Token) *node {
	parent := t.Parent()
	if parent == nil {
		return &d.nodes[0]
	}
	return &d.nodes[int(d.node(parent).first)+t.Index()]
}

// children returns the nodes of the children of n. The slice is good until the next edit.
func (d *Document) children(n *node) []node { return d.nodes[n.first : n.first+n.count] }

// raw returns the bytes of sp.
func (d *Document) raw(sp span) string {
	if n := len(d.src); sp.lo >= n && sp.hi > sp.lo {
		return d.added.String()[sp.lo-n : sp.hi-n]
	}
	return d.src[sp.lo:sp.hi]
}

// keep stores the bytes of an edit, which stand for a range of the source, and returns where they are.
func (d *Document) keep(text string, source span) span {
	lo := len(d.src) + d.added.Len()
	if text != "" { // else the next bytes would have two origins
		d.added.WriteString(text)
		d.origins = append(d.origins, origin{lo, source})
	}
	return span{lo, lo + len(text)}
}

// source is the range of the source that the bytes of sp are, or stand for.
func (d *Document) source(sp span) span {
	if sp.lo < len(d.src) {
		return sp
	}
	i, exact := slices.BinarySearchFunc(d.origins, sp.lo, func(o origin, lo int) int { return o.lo - lo })
	if !exact {
		i--
	}
	return d.origins[i].span
}

// builder turns the tokens of a scanner into nodes of a tree. It scans twice: counting first makes room for all nodes
// in a few allocations, which is what takes the time otherwise.
type builder struct {
	s        *scanner
	offset   int     // added to the offsets of the scanner: where its source lies in the document
	children []int32 // of the whole and then of every element in document order, how many it has

	elements []etree.Element
	texts    []etree.CharData
	attrs    []etree.Attr
	tokens   []etree.Token
}

// newBuilder scans what s scans once, to make room. Its error is that the source is not well-formed.
func newBuilder(s *scanner, offset int) (*builder, *Error) {
	rest := s.src[s.pos:]
	most := min(strings.Count(rest, "<"), len(rest)/len("<a/>")) // elements
	b := &builder{s: s, offset: offset, children: make([]int32, 1, 1+most)}
	first := *s
	var elements, texts, attrs, tokens int
	open := []int{0} // indexes into b.children
	for t := new(token); ; {
		ok, err := first.next(t)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		switch t.kind {
		case tokenBOM:
			continue
		case tokenEnd:
			open = open[:len(open)-1]
			continue
		}
		tokens++
		b.children[open[len(open)-1]]++
		switch t.kind {
		case tokenText:
			texts++
		case tokenStart:
			elements++
			attrs += len(t.attrs)
			if !t.closed {
				open = append(open, len(b.children))
			}
			b.children = append(b.children, 0)
		}
	}
	b.elements, b.texts = make([]etree.Element, elements), make([]etree.CharData, texts)
	b.attrs, b.tokens = make([]etree.Attr, attrs), make([]etree.Token, tokens)
	return b, nil
}

// cut takes n values off room.
func cut[T any](room *[]T, n int) []T {
	part := (*room)[:n:n]
	*room = (*room)[n:]
	return part
}

// openNode is an element whose end tag is still to come. next is where the node of its next child goes.
type openNode struct {
	element    *etree.Element
	node, next int
}

// build makes what the scanner reads the children of parent, whose node is the first of nodes, appends theirs and returns
// nodes then.
func (b *builder) build(parent *etree.Element, nodes []node) []node {
	nodes = slices.Grow(nodes, len(b.tokens))
	index := 0 // into b.children
	enter := func(e *etree.Element, at int) openNode {
		n := int(b.children[index])
		index++
		e.Child = cut(&b.tokens, n)[:0]
		nodes[at].first, nodes[at].count, nodes[at].room = int32(len(nodes)), int32(n), int32(n)
		nodes = nodes[:len(nodes)+n]
		return openNode{e, at, len(nodes) - n}
	}
	open := []openNode{enter(parent, 0)}
	for t := new(token); ; {
		ok, err := b.s.next(t)
		switch {
		case err != nil:
			panic("xmlops: what was scanned before: " + err.Error())
		case !ok:
			return nodes
		case t.kind == tokenBOM:
			continue
		}
		o := &open[len(open)-1]
		lo, hi := int32(t.lo+b.offset), int32(t.hi+b.offset)
		if t.kind == tokenEnd {
			nodes[o.node].endLo, nodes[o.node].endHi = lo, hi
			open = open[:len(open)-1]
			continue
		}
		at := o.next
		o.next++
		nodes[at] = node{lo: lo, hi: hi}
		if t.kind != tokenStart {
			o.element.AddChild(b.leaf(t))
			continue
		}
		e := &cut(&b.elements, 1)[0]
		b.derive(e, t)
		o.element.AddChild(e)
		if t.closed {
			index++
		} else {
			open = append(open, enter(e, at))
		}
	}
}

// derive sets name and attributes of e from its start tag t.
func (b *builder) derive(e *etree.Element, t *token) {
	e.Space, e.Tag = b.s.split(t.name, t.colon)
	e.Attr = cut(&b.attrs, len(t.attrs))
	for i := range t.attrs {
		e.Attr[i].Space, e.Attr[i].Key = b.s.split(t.attrs[i].name, t.attrs[i].colon)
		e.Attr[i].Value = b.s.value(&t.attrs[i])
	}
}

// split gives the prefix and the local part of a name.
func (s *scanner) split(name span, colon int) (space, local string) {
	if colon < 0 {
		return "", s.text(name)
	}
	return s.text(span{name.lo, colon}), s.text(span{colon + 1, name.hi})
}

// value gives the decoded value of an attribute.
func (s *scanner) value(a *attrSpan) string {
	if a.coded {
		return decodeValue(s.src[a.value.lo:a.value.hi], s.enc)
	}
	return s.text(a.value)
}

// textOf gives the decoded text of a text token.
func (s *scanner) textOf(t *token) string {
	if t.coded {
		return decodeText(s.src[t.lo:t.hi], s.enc)
	}
	return s.text(t.span)
}

func (b *builder) leaf(t *token) etree.Token {
	switch t.kind {
	case tokenComment:
		return etree.NewComment(b.s.text(t.inner))
	case tokenCData:
		return etree.NewCData(normalizeLineEnds(b.s.text(t.inner)))
	case tokenText:
		c := &cut(&b.texts, 1)[0]
		c.Data = b.s.textOf(t)
		return c
	case tokenInstruction, tokenDeclaration:
		return etree.NewProcInst(b.s.text(t.name), strings.TrimLeft(b.s.text(t.inner), blanks))
	}
	return etree.NewDirective(b.s.text(t.span))
}

// pieces calls yield with where the bytes of every token below n are, in document order.
func (d *Document) pieces(n *node, yield func(span)) {
	for i := n.first; i < n.first+n.count; i++ {
		c := &d.nodes[i]
		yield(c.span())
		if !c.empty() {
			d.pieces(c, yield)
			yield(c.end())
		}
	}
}

// position is the place in the source for a token.
func (d *Document) position(t etree.Token) Position {
	return d.positionAt(d.source(d.node(t).span()).lo)
}

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
		return d.outer
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
