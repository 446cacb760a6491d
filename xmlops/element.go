package xmlops

import (
	"github.com/beevik/etree"
)

// Element is a live element of a [Document], to be read. It is good until the next edit. The zero Element is none: nothing is in it.
type Element struct {
	d *Document
	e *etree.Element
}

// Text is a piece of a document with its bytes in the source, [Lo, Hi).
type Text struct {
	Name      string // of an attribute, without its prefix
	Namespace string // of an attribute with a prefix: what that is bound to
	Text      string // decoded
	Lo, Hi    int
}

// Root returns the outermost element.
func (d *Document) Root() Element {
	for _, t := range d.root.Child {
		if e, ok := t.(*etree.Element); ok {
			return Element{d, e}
		}
	}
	return Element{}
}

// Exists reports whether there is such an element.
func (e Element) Exists() bool { return e.e != nil }

// Name is the local name.
func (e Element) Name() string {
	if e.e == nil {
		return ""
	}
	return e.e.Tag
}

// Namespace is what the prefix of e, or none, is bound to; "" is no namespace.
func (e Element) Namespace() string {
	if e.e == nil {
		return ""
	}
	return e.e.NamespaceURI()
}

// Declares reports whether e itself declares a prefix for a namespace.
func (e Element) Declares(namespace string) bool {
	if e.e == nil {
		return false
	}
	for _, a := range e.e.Attr {
		if (a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns") && a.Value == namespace {
			return true
		}
	}
	return false
}

// Children returns the live child elements, in document order.
func (e Element) Children() []Element {
	if e.e == nil {
		return nil
	}
	var children []Element
	for _, t := range e.e.Child {
		if child, ok := t.(*etree.Element); ok {
			children = append(children, Element{e.d, child})
		}
	}
	return children
}

// Attributes returns the attributes of e, declarations of namespaces aside, in the order of the source.
func (e Element) Attributes() []Text {
	if e.e == nil || len(e.e.Attr) == 0 {
		return nil
	}
	lo := e.d.node(e.e).span().lo
	_, tag := e.d.startTag(e.e)
	var all []Text
	for i, a := range e.e.Attr {
		if a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns" {
			continue
		}
		value := tag.attrs[i].value
		text := Text{Name: a.Key, Text: a.Value, Lo: lo + value.lo, Hi: lo + value.hi}
		if a.Space != "" {
			text.Namespace, _ = boundTo(e.d.bindings(e.e), a.Space)
		}
		all = append(all, text)
	}
	return all
}

// Tag is the start tag.
func (e Element) Tag() Text {
	if e.e == nil {
		return Text{}
	}
	sp := e.d.node(e.e).span()
	return Text{Text: e.e.FullTag(), Lo: sp.lo, Hi: sp.hi}
}

// Content is the whole text of e, that of its descendants too, with the bytes between its tags; of an empty-element tag those of that.
func (e Element) Content() Text {
	if e.e == nil {
		return Text{}
	}
	n := e.d.node(e.e)
	if n.empty() {
		return Text{Lo: n.span().lo, Hi: n.span().hi}
	}
	return Text{Text: text(e.e), Lo: n.span().hi, Hi: n.end().lo}
}

// Selector matches e alone.
func (e Element) Selector() string { return e.d.place(e.e) }

// Strings returns the character data that stands directly in e, each run between two tags or comments for itself.
func (e Element) Strings() []Text {
	if e.e == nil {
		return nil
	}
	var all []Text
	for _, t := range e.e.Child {
		if c, ok := t.(*etree.CharData); ok {
			sp := e.d.node(c).span()
			all = append(all, Text{Text: c.Data, Lo: sp.lo, Hi: sp.hi})
		}
	}
	return all
}
