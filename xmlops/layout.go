package xmlops

import (
	"cmp"
	"strings"

	"github.com/beevik/etree"
)

// New elements look as if the author of the file had written them: on a line of their own with the indentation and
// line end of their siblings where those have one, and like a sibling of the same name down to its quotes.

// indentation is how lines begin at some place of a document. The zero value is: on one line.
type indentation struct {
	eol    string // "\n" or "\r\n", "" where elements follow each other on one line
	indent string // before the element
	unit   string // what each deeper level adds
}

const defaultUnit = "    "

func (in indentation) String() string { return in.eol + in.indent }

func (in indentation) deeper() indentation {
	if in.eol == "" {
		return in
	}
	return indentation{in.eol, in.indent + in.unit, in.unit}
}

// lineStart returns the offset in text of the last line end if only blanks follow it, else -1.
func lineStart(text string) int {
	i := strings.LastIndexByte(text, '\n')
	if i < 0 || strings.Trim(text[i+1:], " \t") != "" {
		return -1
	}
	if i > 0 && text[i-1] == '\r' {
		i--
	}
	return i
}

// lineOf returns the line end before the line on which child i of parent begins, and the blanks at its beginning.
func (d *Document) lineOf(parent *etree.Element, i int) (eol, indent string, ok bool) {
	for i--; i >= 0; i-- {
		text, plain := d.plainText(parent, i)
		if !plain || !strings.Contains(text, "\n") {
			continue
		}
		line := lineBreak(text)
		eol = line[:strings.IndexByte(line, '\n')+1]
		indent = line[len(eol):]
		return eol, indent[:len(indent)-len(strings.TrimLeft(indent, " \t"))], true
	}
	return "", "", false
}

// indentationOf finds how child i of parent is indented.
func (d *Document) indentationOf(parent *etree.Element, i int) indentation {
	eol, indent, ok := d.lineOf(parent, i)
	if !ok {
		return indentation{}
	}
	return indentation{eol, indent, d.unit(parent, indent)}
}

// unit is what a level of elements adds to the indentation at parent, whose children are indented by indent.
func (d *Document) unit(parent *etree.Element, indent string) string {
	if !d.document(parent) {
		if _, outer, ok := d.lineOf(parent.Parent(), parent.Index()); ok || d.document(parent.Parent()) {
			if unit, ok := strings.CutPrefix(indent, outer); ok && unit != "" {
				return unit
			}
		}
	}
	return defaultUnit
}

// childIndentation is how the first child of parent would be indented.
func (d *Document) childIndentation(parent *etree.Element) indentation {
	in := d.indentationOf(parent.Parent(), parent.Index())
	if in.eol == "" && d.document(parent.Parent()) {
		in = indentation{eol: d.lineEnd(), unit: defaultUnit}
	}
	return in.deeper()
}

// lineEnd is the first line end of the document.
func (d *Document) lineEnd() string {
	i := strings.IndexByte(d.src, '\n')
	if i > 0 && d.src[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// insertAfter writes f behind child i of parent: on the next line where that one has lines of its own, else on the same.
func (d *Document) insertAfter(parent *etree.Element, i int, f *Fragment) (*etree.Element, *Error) {
	text, in, err := d.writeBeside(parent, i, f)
	if err != nil {
		return nil, err
	}
	at := d.behindRemark(parent, i) + 1
	if in.eol == "" {
		return d.insert(parent, at, cmp.Or(d.blankAt(parent, i-1), d.blankAt(parent, i+1))+text)
	}
	rest, ok := d.plainText(parent, at)
	trail := rest[:len(rest)-len(strings.TrimLeft(rest, " \t"))]
	if !ok || trail == "" {
		return d.insert(parent, at, in.String()+text)
	}
	return d.insertIn(parent, at, at+1, trail+in.String()+text+rest[len(trail):])
}

// insertBefore writes f before child i of parent, on a line of its own where that one has lines of its own.
func (d *Document) insertBefore(parent *etree.Element, i int, f *Fragment) (*etree.Element, *Error) {
	text, in, err := d.writeBeside(parent, i, f)
	if err != nil {
		return nil, err
	}
	if in.eol == "" {
		return d.insert(parent, i, text+d.blankAt(parent, i-1))
	}
	return d.insert(parent, i, text+in.String())
}

// writeBeside gives the bytes of f as a sibling of child i of parent, and how that one is indented: not at all where it
// shares its line with others.
func (d *Document) writeBeside(parent *etree.Element, i int, f *Fragment) (string, indentation, *Error) {
	var in indentation
	if d.startsLine(parent, i) && d.endsLine(parent, d.behindRemark(parent, i)+1) {
		in = d.indentationOf(parent, i)
	}
	text, err := d.write(f, in, d.model(parent, f, i))
	return text, in, err
}

// startsLine reports whether only blanks stand before child i of parent on its line.
func (d *Document) startsLine(parent *etree.Element, i int) bool {
	text, ok := d.plainText(parent, i-1)
	return ok && lineStart(text) >= 0
}

// endsLine reports whether only blanks stand from child i of parent to the end of the line, or nothing to that of parent.
func (d *Document) endsLine(parent *etree.Element, i int) bool {
	text, ok := d.plainText(parent, i)
	return i == len(parent.Child) || ok && startsWithLineEnd(strings.TrimLeft(text, " \t"))
}

// blankAt is child i of parent if that is white space within a line.
func (d *Document) blankAt(parent *etree.Element, i int) string {
	text, _ := d.plainText(parent, i)
	if strings.Trim(text, " \t") != "" {
		return ""
	}
	return text
}

// behindRemark is the index of the comment that follows child i of parent on its line and ends it: it speaks of that child.
// Without one it is i.
func (d *Document) behindRemark(parent *etree.Element, i int) int {
	at := i + 1
	if text, ok := d.plainText(parent, at); ok && strings.Trim(text, " \t") == "" {
		at++
	}
	if at >= len(parent.Child) {
		return i
	}
	c, ok := parent.Child[at].(*etree.Comment)
	if !ok || strings.Contains(c.Data, "\n") || at+1 == len(parent.Child) || !d.endsLine(parent, at+1) {
		return i
	}
	return at
}

// insertFirst writes f into parent, which has neither elements nor comments.
func (d *Document) insertFirst(parent *etree.Element, f *Fragment) (*etree.Element, *Error) {
	if strings.Trim(text(parent), blanks) != "" {
		return nil, &Error{Msg: "the element holds text, so no element can be put into it"}
	}
	in := d.childIndentation(parent)
	text, err := d.write(f, in, nil)
	if err != nil {
		return nil, err
	}
	if in.eol == "" {
		return d.insert(parent, len(parent.Child), text)
	}
	if last, ok := d.plainText(parent, len(parent.Child)-1); ok && lineStart(last) >= 0 {
		n := len(parent.Child) - 1
		cut := lineStart(last)
		return d.insertIn(parent, n, n+1, last[:cut]+in.String()+text+last[cut:])
	}
	outer := d.indentationOf(parent.Parent(), parent.Index())
	return d.insert(parent, len(parent.Child), in.String()+text+in.eol+outer.indent)
}

func (d *Document) insert(parent *etree.Element, i int, text string) (*etree.Element, *Error) {
	return d.insertIn(parent, i, i, text)
}

// insertIn replaces children [i, j) by text, which holds one element, and returns that.
func (d *Document) insertIn(parent *etree.Element, i, j int, text string) (*etree.Element, *Error) {
	if err := d.replaceChildren(parent, i, j, text); err != nil {
		return nil, err
	}
	for _, t := range parent.Child[i:] {
		if e, ok := t.(*etree.Element); ok {
			return e, nil
		}
	}
	panic("xmlops: an inserted element is not where it was put")
}

// model is the sibling that f should look like: the nearest one of its name before child i, else the first.
func (d *Document) model(parent *etree.Element, f *Fragment, i int) *etree.Element {
	step := Step{name: f.qname()}
	for k := min(i, len(parent.Child)-1); k >= 0; k-- {
		if e, ok := parent.Child[k].(*etree.Element); ok && step.matches(e) {
			return e
		}
	}
	if found := step.children(nil, parent); len(found) > 0 {
		return found[0]
	}
	return nil
}

// write gives the bytes of f, with in before the lines of its children. Where model has the parts of f it is copied.
func (d *Document) write(f *Fragment, in indentation, model *etree.Element) (string, *Error) {
	if model != nil && fits(f, model) {
		return d.copyOf(model, f)
	}
	var b strings.Builder
	if err := d.writeFragment(&b, f, in); err != nil {
		return "", err
	}
	return b.String(), nil
}

func (d *Document) writeFragment(b *strings.Builder, f *Fragment, in indentation) *Error {
	name, ok := d.encodeName(f.qname())
	if !ok {
		return &Error{Msg: "the encoding of the document, " + d.enc.name + ", cannot hold the name " + f.Name}
	}
	b.WriteString("<" + name)
	for _, a := range f.Attrs {
		value, err := escapeValue(a.Value, '"', d.enc)
		if err != nil {
			return err
		}
		key, ok := d.encodeName(splitName(a.Name))
		if !ok {
			return &Error{Msg: "the encoding of the document, " + d.enc.name + ", cannot hold the name " + a.Name}
		}
		b.WriteString(" " + key + `="` + value + `"`)
	}
	if f.leaf() && f.Text == "" {
		b.WriteString("/>")
		return nil
	}
	text, err := escapeText(f.Text, d.enc)
	if err != nil {
		return err
	}
	b.WriteString(">" + text)
	for _, c := range f.Children {
		b.WriteString(in.deeper().String())
		if err := d.writeFragment(b, c, in.deeper()); err != nil {
			return err
		}
	}
	if !f.leaf() {
		b.WriteString(in.String())
	}
	b.WriteString("</" + name + ">")
	return nil
}

// fits reports whether a copy of model needs only other values to be f.
func fits(f *Fragment, model *etree.Element) bool {
	if f.Name != model.FullTag() || len(f.Attrs) != len(model.Attr) {
		return false
	}
	for _, a := range f.Attrs {
		if attribute(model, splitName(a.Name)) == nil {
			return false
		}
	}
	var children []*etree.Element
	for _, t := range model.Child {
		switch t := t.(type) {
		case *etree.Element:
			children = append(children, t)
		case *etree.CharData:
			if !f.leaf() && strings.Trim(t.Data, blanks) != "" {
				return false
			}
		default:
			return false
		}
	}
	if len(children) != len(f.Children) {
		return false
	}
	for i, c := range f.Children {
		if !fits(c, children[i]) {
			return false
		}
	}
	return true
}

// copyOf gives the bytes of model with the values of f, which fits.
func (d *Document) copyOf(model *etree.Element, f *Fragment) (string, *Error) {
	var raw strings.Builder
	d.appendElement(&raw, model)
	c, err := parse(newFragmentScanner(raw.String(), d.enc, d.bindings(model.Parent())))
	if err != nil {
		return "", err
	}
	if err := c.fill(c.root.Root(), f); err != nil {
		return "", err
	}
	return c.render(), nil
}

// fill sets the values of e to those of f, which fits.
func (d *Document) fill(e *etree.Element, f *Fragment) *Error {
	for _, a := range f.Attrs {
		if attribute(e, splitName(a.Name)).Value == a.Value {
			continue
		}
		if err := d.setValue(e, splitName(a.Name), a.Value); err != nil {
			return err
		}
	}
	if f.leaf() {
		if text(e) == f.Text {
			return nil
		}
		return d.setText(e, f.Text)
	}
	i := 0
	for _, t := range e.Child {
		if child, ok := t.(*etree.Element); ok {
			if err := d.fill(child, f.Children[i]); err != nil {
				return err
			}
			i++
		}
	}
	return nil
}

// appendElement writes the bytes of e and all that it holds.
func (d *Document) appendElement(b *strings.Builder, e *etree.Element) {
	n := d.node(e)
	b.WriteString(d.raw(n.span()))
	d.pieces(n, func(sp span) { b.WriteString(d.raw(sp)) })
	b.WriteString(d.raw(n.end()))
}

// render gives the bytes of the document.
func (d *Document) render() string {
	var b strings.Builder
	if strings.HasPrefix(d.src, bom) {
		b.WriteString(bom)
	}
	d.pieces(&d.nodes[0], func(sp span) { b.WriteString(d.raw(sp)) })
	return b.String()
}
