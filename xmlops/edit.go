package xmlops

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// All edits go through two functions, replaceChildren and replaceStart. Each puts new bytes in the place of old ones and
// derives the nodes from them, notes which range of the source may now differ, and how to undo it.

// replaceChildren replaces children [i, j) of parent by what content holds.
func (d *Document) replaceChildren(parent *etree.Element, i, j int, content string) *Error {
	source := d.sourceOfChildren(parent, i, j)
	sp := d.keep(content, source)
	b, err := newBuilder(newFragmentScanner(content, d.enc, d.bindings(parent)), sp.lo)
	if err != nil {
		return &Error{Msg: "the edit would not be well-formed: " + err.Msg}
	}
	d.touch(source)
	if content != "" && !d.document(parent) {
		d.openTag(parent)
	}
	oldTokens, oldNodes := d.take(parent, i, j)
	tokens, nodes := d.attach(b)
	d.put(parent, i, tokens, nodes)
	d.undo = append(d.undo, func() {
		d.take(parent, i, i+len(tokens))
		d.put(parent, i, oldTokens, oldNodes)
	})
	return nil
}

// attach builds what b reads and returns what has no parent, with its nodes; those of its children are in d.nodes.
func (d *Document) attach(b *builder) ([]etree.Token, []node) {
	var holder etree.Element
	base := int32(len(d.nodes))
	built := b.build(&holder, []node{{}})
	d.nodes = append(d.nodes, built...)
	for i := base; i < int32(len(d.nodes)); i++ {
		d.nodes[i].first += base
	}
	return slices.Clone(holder.Child), slices.Clone(d.children(&d.nodes[base]))
}

// take removes children [i, j) of parent and returns them.
func (d *Document) take(parent *etree.Element, i, j int) ([]etree.Token, []node) {
	n := d.node(parent)
	children := d.children(n)
	tokens, nodes := slices.Clone(parent.Child[i:j]), slices.Clone(children[i:j])
	for range tokens {
		if e, ok := parent.RemoveChildAt(i).(*etree.Element); ok {
			d.index.remove(e)
		}
	}
	copy(children[i:], children[j:])
	n.count -= int32(j - i)
	return tokens, nodes
}

// put inserts tokens before child i of parent.
func (d *Document) put(parent *etree.Element, i int, tokens []etree.Token, nodes []node) {
	for k, t := range tokens {
		parent.InsertChildAt(i+k, t)
		if e, ok := t.(*etree.Element); ok {
			d.index.add(e)
		}
	}
	n := d.node(parent)
	if n.count+int32(len(nodes)) > n.room {
		d.move(n, len(nodes))
		n = d.node(parent)
	}
	n.count += int32(len(nodes))
	children := d.children(n)
	copy(children[i+len(nodes):], children[i:])
	copy(children[i:], nodes)
}

// move copies the children of n to where there is room for more.
func (d *Document) move(n *node, more int) {
	old := d.children(n)
	n.first, n.room = int32(len(d.nodes)), n.count+n.count/2+int32(more)
	d.nodes = append(d.nodes, old...)
	d.nodes = append(d.nodes, make([]node, n.room-n.count)...)
}

// sourceOfChildren is the range of the source that children [i, j) of parent stand for; for none, where they would stand.
func (d *Document) sourceOfChildren(parent *etree.Element, i, j int) span {
	n := d.node(parent)
	lo := d.source(n.span()).hi
	if i > 0 {
		lo = d.sourceEnd(&d.children(n)[i-1])
	}
	hi := lo
	for k := i; k < j; k++ {
		hi = max(hi, d.sourceEnd(&d.children(n)[k]))
	}
	return span{lo, hi}
}

// sourceEnd is the offset in the source behind n.
func (d *Document) sourceEnd(n *node) int {
	if n.empty() {
		return d.source(n.span()).hi
	}
	return d.source(n.end()).hi
}

// openTag turns an empty-element tag into a start tag and an end tag.
func (d *Document) openTag(e *etree.Element) {
	n := d.node(e)
	if !n.empty() {
		return
	}
	raw, source := d.raw(n.span()), d.source(n.span())
	start := strings.TrimRight(strings.TrimSuffix(raw, "/>"), blanks) + ">"
	name := raw[1 : 1+strings.IndexAny(raw[1:], blanks+"/>")]
	d.setTags(e, d.keep(start, source), d.keep("</"+name+">", source))
}

// setTags changes where the bytes of the tags of e are.
func (d *Document) setTags(e *etree.Element, start, end span) {
	n := d.node(e)
	oldStart, oldEnd := n.span(), n.end()
	d.touch(d.source(oldStart))
	d.point(e, start, end)
	d.undo = append(d.undo, func() { d.point(e, oldStart, oldEnd) })
}

func (d *Document) point(e *etree.Element, start, end span) {
	n := d.node(e)
	n.lo, n.hi, n.endLo, n.endHi = int32(start.lo), int32(start.hi), int32(end.lo), int32(end.hi)
}

// replaceStart replaces the start tag of e by tag, which is one of the same kind (empty or not).
func (d *Document) replaceStart(e *etree.Element, tag string) *Error {
	t, err := d.scanTag(e, tag)
	if err != nil {
		return &Error{Msg: "the edit would not be well-formed: " + err.Msg}
	}
	old := *e
	d.index.remove(e)
	b := builder{s: newFragmentScanner(tag, d.enc, nil), attrs: make([]etree.Attr, len(t.attrs))}
	b.derive(e, t)
	d.index.add(e)
	n := d.node(e)
	d.setTags(e, d.keep(tag, d.source(n.span())), n.end())
	d.undo = append(d.undo, func() {
		d.index.remove(e)
		e.Space, e.Tag, e.Attr = old.Space, old.Tag, old.Attr
		d.index.add(e)
	})
	return nil
}

// scanTag scans tag as a start tag that stands in the place of e.
func (d *Document) scanTag(e *etree.Element, tag string) (*token, *Error) {
	s := newFragmentScanner(tag, d.enc, d.bindings(e.Parent()))
	var t token
	if _, err := s.next(&t); err != nil {
		return nil, err
	}
	return &t, nil
}

// touch notes a range of the source that an edit may have changed.
func (d *Document) touch(sp span) {
	d.touched = append(d.touched, sp)
	n := len(d.touched) - 1
	d.undo = append(d.undo, func() { d.touched = d.touched[:n] })
}

// rollback undoes all edits but the first n.
func (d *Document) rollback(n int) {
	for len(d.undo) > n {
		last := len(d.undo) - 1
		undo := d.undo[last]
		d.undo = d.undo[:last]
		undo()
	}
}

// startTag returns the bytes of the start tag of e and where its attributes stand in them.
func (d *Document) startTag(e *etree.Element) (string, *token) {
	tag := d.raw(d.node(e).span())
	t, err := d.scanTag(e, tag)
	if err != nil {
		panic("xmlops: a start tag that was scanned before: " + err.Error())
	}
	return tag, t
}

// setValue replaces the value of an attribute that e has, and keeps its quotes.
func (d *Document) setValue(e *etree.Element, name qname, value string) *Error {
	tag, t := d.startTag(e)
	sp := t.attrs[attributeIndex(e, name)].value
	escaped, err := escapeValue(value, tag[sp.lo-1], d.enc)
	if err != nil {
		return err
	}
	return d.replaceStart(e, tag[:sp.lo]+escaped+tag[sp.hi:])
}

func attributeIndex(e *etree.Element, name qname) int {
	for i := range e.Attr {
		if e.Attr[i].Key == name.local && e.Attr[i].Space == name.prefix {
			return i
		}
	}
	return -1
}

// anchor is the index of the attribute of e that a new one follows: the one that after names, if e has it, else the last.
func anchor(e *etree.Element, after *Step) int {
	if after != nil {
		if i := attributeIndex(e, after.name); i >= 0 {
			return i
		}
	}
	return len(e.Attr) - 1
}

// attributePosition is the place in the source of an attribute of e, or of what a new one follows.
func (d *Document) attributePosition(e *etree.Element, name qname, after *Step) Position {
	source := d.source(d.node(e).span())
	lo, hi := source.lo, source.hi
	i := attributeIndex(e, name)
	if i < 0 {
		i = anchor(e, after)
	}
	if i < 0 || lo == hi {
		return d.positionAt(lo)
	}
	if t, err := d.scanTag(e, d.src[lo:hi]); err == nil {
		for _, a := range t.attrs {
			if (qname{e.Attr[i].Space, e.Attr[i].Key}).String() == d.enc.decode(d.src[lo+a.name.lo:lo+a.name.hi]) {
				return d.positionAt(lo + a.name.lo)
			}
		}
	}
	return d.positionAt(lo)
}

// addAttribute adds an attribute in the style of the tag: after the attribute that is named, if e has it, else last.
func (d *Document) addAttribute(e *etree.Element, name qname, value string, after *Step) *Error {
	tag, t := d.startTag(e)
	gap, equals, quote, at := " ", "=", byte('"'), t.name.hi
	if i := anchor(e, after); i >= 0 {
		a := t.attrs[i]
		gap, at = attributeGap(tag, t.attrs, i), a.value.hi+1
		equals, quote = tag[a.name.hi:a.value.lo-1], tag[a.value.lo-1]
	}
	escaped, err := escapeValue(value, quote, d.enc)
	if err != nil {
		return err
	}
	encoded, ok := d.encodeName(name)
	if !ok {
		return &Error{Msg: "the encoding of the document, " + d.enc.name + ", cannot hold the name"}
	}
	return d.replaceStart(e, tag[:at]+gap+encoded+equals+string(quote)+escaped+string(quote)+tag[at:])
}

// attributeGap is the white space to put before an attribute that follows attrs[anchor]: a line break with indentation
// where the tag has one attribute per line, else a blank.
func attributeGap(tag string, attrs []attrSpan, anchor int) string {
	gap := func(i int) string { return tag[attrs[i].gap:attrs[i].name.lo] }
	for i := 1; i < len(attrs); i++ {
		if !strings.Contains(gap(i), "\n") {
			return " "
		}
	}
	near := min(anchor+1, len(attrs)-1)
	if near == 0 && !strings.Contains(gap(0), "\n") {
		return " "
	}
	return lineBreak(gap(near))
}

// lineBreak is the last line end of blank and what follows it.
func lineBreak(blank string) string {
	i := strings.LastIndexByte(blank, '\n')
	if i > 0 && blank[i-1] == '\r' {
		i--
	}
	return blank[max(i, 0):]
}

// encodeName writes name in the bytes of the document.
func (d *Document) encodeName(name qname) (string, bool) {
	var b []byte
	ok := true
	for _, r := range name.String() {
		if b, ok = d.enc.appendRune(b, r); !ok {
			return "", false
		}
	}
	return string(b), true
}

// removeAttribute removes an attribute and the white space before it.
func (d *Document) removeAttribute(e *etree.Element, name qname) *Error {
	tag, t := d.startTag(e)
	a := t.attrs[attributeIndex(e, name)]
	return d.replaceStart(e, tag[:a.gap]+tag[a.value.hi+1:])
}

// setText makes value the text of e, which has no child elements. Comments and instructions in it stay.
func (d *Document) setText(e *etree.Element, value string) *Error {
	escaped, err := escapeText(value, d.enc)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, t := range e.Child {
		switch t := t.(type) {
		case *etree.CharData:
			if len(e.Child) == 1 && t.IsCData() && d.fitsCData(value) {
				escaped = "<![CDATA[" + value + "]]>"
			}
			b.WriteString(escaped)
			escaped = ""
		default:
			b.WriteString(d.raw(d.node(t).span()))
		}
	}
	b.WriteString(escaped)
	return d.replaceChildren(e, 0, len(e.Child), b.String())
}

// fitsCData reports whether value can be written in a CDATA section, where there are no references.
func (d *Document) fitsCData(value string) bool {
	return isASCII(value) && !strings.Contains(value, "]]>") && !strings.Contains(value, "\r")
}

// plainText returns the bytes of child i of parent if that is text, not a CDATA section.
func (d *Document) plainText(parent *etree.Element, i int) (string, bool) {
	if i < 0 || i >= len(parent.Child) {
		return "", false
	}
	c, ok := parent.Child[i].(*etree.CharData)
	if !ok || c.IsCData() {
		return "", false
	}
	return d.raw(d.node(c).span()), true
}
