package xmlops

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Value is a place that a selector found.
type Value struct {
	Position        // in the source
	At       string // a selector that matches this place alone
	Text     string // decoded: of an attribute its value, of an element its whole text
	Kept     bool   // by secure vault: the value is not Text
	// Lo and Hi are the byte range in the source of the element's content, or of the attribute's value between its quotes.
	// Both are 0 where an edit has replaced it.
	Lo, Hi int
}

// Find returns what sel matches among the live elements and attributes, in document order.
func (d *Document) Find(sel Selector) []Value {
	var values []Value
	for _, e := range d.find(sel) {
		v := d.value(e, sel.attr)
		v.Position, v.At, v.Kept = d.position(e), d.place(e), d.inVault(e, sel.attr.local)
		if name := sel.attr; name.local != "" {
			v.At += "/@" + name.String()
			if v.Hi > 0 {
				v.Position = d.positionAt(v.Lo)
			}
		}
		values = append(values, v)
	}
	return values
}

// value gives the text of e, or its attribute if name is not zero, and where it lies in the source.
func (d *Document) value(e *etree.Element, name qname) Value {
	n := d.node(e)
	start, end := n.span(), n.end()
	if name.local != "" {
		v := Value{Text: attribute(e, name).Value}
		if start.lo < len(d.src) {
			_, t := d.startTag(e)
			sp := t.attrs[attributeIndex(e, name)].value
			v.Lo, v.Hi = start.lo+sp.lo, start.lo+sp.hi
		}
		return v
	}
	v := Value{Text: text(e)}
	if !n.empty() && start.lo < len(d.src) && end.lo < len(d.src) {
		v.Lo, v.Hi = start.hi, end.lo
	}
	return v
}

// find returns the elements that sel matches, and that carry its attribute.
func (d *Document) find(sel Selector) []*etree.Element {
	found := d.elements(sel)
	if sel.attr.local == "" {
		return found
	}
	return slices.DeleteFunc(found, func(e *etree.Element) bool { return attribute(e, sel.attr) == nil })
}

// FindCommented returns what sel matches among the commented elements of live parents, in document order.
func (d *Document) FindCommented(sel Selector) []Value {
	var values []Value
	for _, c := range d.commentedElements(sel) {
		if sel.attr.local != "" && attribute(c.element, sel.attr) == nil {
			continue
		}
		v := c.document.value(c.element, sel.attr)
		v.Position, v.At = d.commentedPosition(c), sel.String()
		if comment := d.node(c.comment).span(); comment.lo < len(d.src) && v.Hi > 0 {
			shift := comment.lo + len("<!--") - 1 + c.lo // of the virtual text, in which the element begins at c.lo
			v.Lo, v.Hi = v.Lo+shift, v.Hi+shift
		} else {
			v.Lo, v.Hi = 0, 0
		}
		values = append(values, v)
	}
	return values
}

// Enclosing names the innermost element that holds the byte at offset in the source, with its @name if it has one:
// "<clustering>", `<transportReceiver name="http">`. It is "" outside the root.
func (d *Document) Enclosing(offset int) string {
	e := &d.root.Element
	for inner := e; inner != nil; {
		e, inner = inner, nil
		for _, t := range e.Child {
			child, ok := t.(*etree.Element)
			if !ok {
				continue
			}
			n := d.node(child)
			lo := d.source(n.span()).lo
			name, _ := d.encodeName(qname{child.Space, child.Tag})
			if lo < offset && offset < d.sourceEnd(n) && strings.HasPrefix(d.src[lo:], "<"+name) { // not one that was inserted there
				inner = child
				break
			}
		}
	}
	if d.document(e) {
		return ""
	}
	if a := attribute(e, qname{local: "name"}); a != nil {
		return "<" + e.FullTag() + ` name="` + a.Value + `">`
	}
	return "<" + e.FullTag() + ">"
}

// place is a selector that matches e alone.
func (d *Document) place(e *etree.Element) string {
	var steps []string
	for ; !d.document(e); e = e.Parent() {
		steps = append(steps, d.step(e))
	}
	slices.Reverse(steps)
	return "/" + strings.Join(steps, "/")
}

// step tells e apart from its siblings: by its name alone, by the attributes that usually name things, by another
// attribute, by a child called name, or by position. A value with @ or = does not tell it, for it may be a URL that holds a password.
func (d *Document) step(e *etree.Element) string {
	s := Step{name: qname{e.Space, e.Tag}}
	if d.alone(e, &s) {
		return s.String()
	}
	for _, p := range tellers(e) {
		s.predicates = []predicate{p}
		if quotable(p.literal) && !strings.ContainsAny(p.literal, "@=") && d.alone(e, &s) {
			return s.String()
		}
	}
	return d.numbered(e)
}

// numbered is the step to e that tells it by its position.
func (d *Document) numbered(e *etree.Element) string {
	s := Step{name: qname{e.Space, e.Tag}}
	position := 1
	for _, t := range e.Parent().Child[:e.Index()] {
		if other, ok := t.(*etree.Element); ok && s.name.matchesElement(other) {
			position++
		}
	}
	s.predicates = []predicate{{position: position}}
	return s.String()
}

// discreetPlace is a selector that matches e alone and has the predicates of sel where they tell e, else positions.
func (d *Document) discreetPlace(e *etree.Element, sel Selector) string {
	var path []*etree.Element
	for ; !d.document(e); e = e.Parent() {
		path = append(path, e)
	}
	slices.Reverse(path)
	var place strings.Builder
	for i, e := range path {
		s := Step{name: qname{e.Space, e.Tag}}
		if !d.alone(e, &s) && !sel.deep && i < len(sel.steps) && !sel.steps[i].positional() {
			s.predicates = sel.steps[i].predicates
		}
		if s.matches(e) && d.alone(e, &s) {
			place.WriteString("/" + s.String())
		} else {
			place.WriteString("/" + d.numbered(e))
		}
	}
	return place.String()
}

// alone reports whether s, which matches e, matches none of its siblings.
func (d *Document) alone(e *etree.Element, s *Step) bool {
	if len(s.predicates) > 0 && d.index.byValue != nil {
		if p := s.predicates[0]; p.attr.local != "" {
			return !slices.ContainsFunc(d.index.byValue[p.literal], func(other *etree.Element) bool {
				return other != e && other.Parent() == e.Parent() && s.matches(other)
			})
		}
	}
	for _, t := range e.Parent().Child {
		if other, ok := t.(*etree.Element); ok && other != e && s.matches(other) {
			return false
		}
	}
	return true
}

// tellers are the predicates that hold for e and may hold for it alone, the most telling first.
func tellers(e *etree.Element) []predicate {
	var first, rest []predicate
	for _, a := range e.Attr {
		p := predicate{attr: qname{a.Space, a.Key}, compares: true, literal: a.Value}
		switch {
		case a.Space == "" && (a.Key == "name" || a.Key == "key" || a.Key == "id"):
			first = append(first, p)
		case a.Space != "xmlns" && !Sensitive(a.Key) && !sensitiveElement(e):
			rest = append(rest, p)
		}
	}
	name := qname{local: "name"}
	for _, t := range e.Child {
		if child, ok := t.(*etree.Element); ok && name.matchesElement(child) && !hasElements(child) {
			rest = append(rest, predicate{path: []qname{name}, compares: true, literal: text(child)})
		}
	}
	return append(first, rest...)
}

// summary is the text of e, or the values of its leaves, secrets masked: two are joined with ":", more have their names.
func summary(e *etree.Element) string {
	if !hasElements(e) && text(e) != "" {
		return text(e)
	}
	var names, values []string
	add := func(leaf *etree.Element, value string) {
		names, values = append(names, leafName(leaf)), append(values, value)
	}
	var walk func(*etree.Element)
	walk = func(e *etree.Element) {
		switch t := strings.TrimSpace(text(e)); {
		case hasElements(e):
			for _, t := range e.Child {
				if child, ok := t.(*etree.Element); ok {
					walk(child)
				}
			}
		case t != "" && sensitiveElement(e):
			add(e, Mask)
		case t != "":
			add(e, t)
		default:
			if a := attribute(e, qname{local: "value"}); a != nil && !sensitiveElement(e) {
				add(e, a.Value)
			}
		}
	}
	walk(e)
	if len(values) <= 2 {
		return strings.Join(values, ":")
	}
	for i, name := range names {
		values[i] = name + "=" + values[i]
	}
	return strings.Join(values, "; ")
}

// leafName is what e is called by: its own name, or of a property or parameter the one that it gives.
func leafName(e *etree.Element) string {
	if a := attribute(e, qname{local: "name"}); a != nil {
		return a.Value
	}
	return e.Tag
}
