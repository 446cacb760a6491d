package xmlops

import (
	"slices"

	"github.com/beevik/etree"
)

// index finds elements by the value of an attribute, so that many operations on a large document do not walk it each
// time. It is built when a document has been searched often enough to pay for it, and follows every edit.
type index struct {
	searches int
	byValue  map[string][]*etree.Element // of every attribute value, the elements that carry it
}

const searchesBeforeIndex = 32

// lookup answers sel from the index; false where it cannot.
func (x *index) lookup(d *Document, sel Selector) ([]*etree.Element, bool) {
	at, value := indexedStep(sel)
	if at < 0 {
		return nil, false
	}
	if x.searches++; x.searches < searchesBeforeIndex {
		return nil, false
	}
	if x.byValue == nil {
		x.byValue = make(map[string][]*etree.Element)
		x.add(&d.root.Element)
	}
	var found []*etree.Element
	for _, e := range x.byValue[value] {
		// an element with the value in two attributes stands twice, one behind the other
		if sel.leadsTo(e, at) && (len(found) == 0 || found[len(found)-1] != e) {
			found = append(found, e)
		}
	}
	found = follow(found, sel.steps[at+1:])
	slices.SortFunc(found, documentOrder)
	return found, true
}

// indexedStep is the last step of sel that asks for the value of an attribute, without a position up to there; else -1.
func indexedStep(sel Selector) (at int, value string) {
	at = -1
	for i := range sel.steps {
		if sel.steps[i].positional() {
			break
		}
		for _, p := range sel.steps[i].predicates {
			if p.attr.local != "" && p.compares && !p.not {
				at, value = i, p.literal
			}
		}
	}
	return at, value
}

// leadsTo reports whether the steps of s up to at match e and its ancestors.
func (s Selector) leadsTo(e *etree.Element, at int) bool {
	for i := at; i >= 0; i-- {
		if e.Parent() == nil || !s.steps[i].matches(e) { // the document itself matches no step
			return false
		}
		e = e.Parent()
	}
	return s.deep || e.Parent() == nil
}

// add enters e and all elements below it.
func (x *index) add(e *etree.Element) {
	if x.byValue == nil {
		return
	}
	for _, a := range e.Attr {
		x.byValue[a.Value] = append(x.byValue[a.Value], e)
	}
	for _, t := range e.Child {
		if child, ok := t.(*etree.Element); ok {
			x.add(child)
		}
	}
}

// remove takes out what add entered; e must be as it was then.
func (x *index) remove(e *etree.Element) {
	if x.byValue == nil {
		return
	}
	for _, a := range e.Attr {
		x.drop(a.Value, e)
	}
	for _, t := range e.Child {
		if child, ok := t.(*etree.Element); ok {
			x.remove(child)
		}
	}
}

func (x *index) drop(value string, e *etree.Element) {
	list := x.byValue[value]
	if i := slices.Index(list, e); i >= 0 {
		x.byValue[value] = slices.Delete(list, i, i+1)
	}
}
