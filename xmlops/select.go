package xmlops

import (
	"slices"

	"github.com/beevik/etree"
)

// elements returns the elements that the steps of sel match, in document order.
func (d *Document) elements(sel Selector) []*etree.Element {
	if found, ok := d.index.lookup(d, sel); ok {
		return found
	}
	if len(sel.steps) == 0 {
		return nil
	}
	root := &d.root.Element
	var found []*etree.Element
	if sel.deep {
		found = sel.steps[0].descendants(nil, root)
	} else {
		found = sel.steps[0].children(nil, root)
	}
	found = follow(found, sel.steps[1:])
	if sel.deep && len(sel.steps) > 1 {
		slices.SortFunc(found, documentOrder)
	}
	return found
}

// follow takes steps from each of the elements.
func follow(from []*etree.Element, steps []Step) []*etree.Element {
	for i := range steps {
		var found []*etree.Element
		for _, e := range from {
			found = steps[i].children(found, e)
		}
		from = found
	}
	return from
}

// children appends to found the children of parent that s matches.
func (s *Step) children(found []*etree.Element, parent *etree.Element) []*etree.Element {
	if !s.positional() {
		for _, t := range parent.Child {
			if e, ok := t.(*etree.Element); ok && s.matches(e) {
				found = append(found, e)
			}
		}
		return found
	}
	var list []*etree.Element
	for _, t := range parent.Child {
		if e, ok := t.(*etree.Element); ok && s.name.matchesElement(e) {
			list = append(list, e)
		}
	}
	for i := range s.predicates {
		list = s.predicates[i].filter(list)
	}
	return append(found, list...)
}

// filter keeps the elements of one parent that p holds for; a position counts within list.
func (p *predicate) filter(list []*etree.Element) []*etree.Element {
	if p.position > 0 {
		if p.position > len(list) {
			return nil
		}
		return list[p.position-1 : p.position]
	}
	var kept []*etree.Element
	for _, e := range list {
		if p.holds(e) {
			kept = append(kept, e)
		}
	}
	return kept
}

// descendants appends to found the elements below parent that s matches, in document order.
func (s *Step) descendants(found []*etree.Element, parent *etree.Element) []*etree.Element {
	matched := s.children(nil, parent)
	for _, t := range parent.Child {
		e, ok := t.(*etree.Element)
		if !ok {
			continue
		}
		if len(matched) > 0 && matched[0] == e {
			found = append(found, e)
			matched = matched[1:]
		}
		found = s.descendants(found, e)
	}
	return found
}

// matches reports whether e has the name of s and all its predicates hold. A position never holds: it needs the siblings.
func (s *Step) matches(e *etree.Element) bool {
	if !s.name.matchesElement(e) {
		return false
	}
	for i := range s.predicates {
		if !s.predicates[i].holds(e) {
			return false
		}
	}
	return true
}

func (n qname) matchesElement(e *etree.Element) bool {
	return (n.local == "*" || n.local == e.Tag) && (n.prefix == "" || n.prefix == e.Space)
}

func (p *predicate) holds(e *etree.Element) bool {
	switch {
	case p.position > 0:
		return false
	case len(p.path) > 0:
		return pathHolds(e, p.path, p) != p.not
	}
	a := attribute(e, p.attr)
	return (a != nil && (!p.compares || a.Value == p.literal)) != p.not
}

// pathHolds reports whether an element at path below e exists, with the text that p compares with.
func pathHolds(e *etree.Element, path []qname, p *predicate) bool {
	if len(path) == 0 {
		return !p.compares || text(e) == p.literal
	}
	for _, t := range e.Child {
		if child, ok := t.(*etree.Element); ok && path[0].matchesElement(child) && pathHolds(child, path[1:], p) {
			return true
		}
	}
	return false
}

// attribute returns the attribute of e, or nil.
func attribute(e *etree.Element, name qname) *etree.Attr {
	if i := attributeIndex(e, name); i >= 0 {
		return &e.Attr[i]
	}
	return nil
}

// documentOrder compares two elements of one tree by where they begin.
func documentOrder(a, b *etree.Element) int {
	if a == b {
		return 0
	}
	pathA, pathB := indexPath(a), indexPath(b)
	return slices.Compare(pathA, pathB)
}

func indexPath(t etree.Token) []int {
	var path []int
	for ; t.Parent() != nil; t = t.Parent() {
		path = append(path, t.Index())
	}
	slices.Reverse(path)
	return path
}
