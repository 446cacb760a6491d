package xmlops

import (
	"github.com/beevik/etree"
)

// create makes the element or attribute that the selector of the op describes, and the elements that lead to it.
func (r *run) create() *Error {
	sel := r.op.Select
	if r.needsWaiting() {
		return waits
	}
	for n := len(sel.steps) - 1; n > 0; n-- {
		parents := r.d.elements(Selector{deep: sel.deep, steps: sel.steps[:n]})
		switch len(parents) {
		case 0:
			continue
		case 1:
			f, err := fragmentOf(sel.steps[n:], sel.attr, r.op.Value)
			if err != nil {
				return err
			}
			if _, err := r.insert(parents[0], f); err != nil {
				return err
			}
			return r.settled(1)
		}
		return r.d.tooMany(parents)
	}
	return r.d.missed(sel)
}

// insertBelow creates what the last step of the selector describes below each of the parents; have is how many match already.
func (r *run) insertBelow(parents []*etree.Element, have int) *Error {
	sel := r.op.Select
	for _, parent := range parents {
		f, err := fragmentOf(sel.steps[len(sel.steps)-1:], sel.attr, r.op.Value)
		if err != nil {
			return err
		}
		if _, err := r.insert(parent, f); err != nil {
			return err
		}
	}
	return r.settled(have + len(parents))
}

// fragmentOf builds what steps describe, with value as the text or the attribute of the innermost element.
func fragmentOf(steps []Step, attr qname, value string) (*Fragment, *Error) {
	var outer, inner *Fragment
	for i := range steps {
		f, err := steps[i].fragment()
		if err != nil {
			return nil, err
		}
		if outer == nil {
			outer = f
		} else {
			inner.Children = append(inner.Children, f)
		}
		inner = f
	}
	switch {
	case attr.local == "" && !inner.leaf():
		return nil, &Error{Msg: "the element holds other elements, so it has no text to set"}
	case attr.local == "":
		inner.Text = value
	default:
		inner.setAttr(attr.String(), value)
	}
	return outer, nil
}

func (f *Fragment) setAttr(name, value string) {
	for i := range f.Attrs {
		if f.Attrs[i].Name == name {
			f.Attrs[i].Value = value
			return
		}
	}
	f.Attrs = append(f.Attrs, FragmentAttr{name, value})
}

// fragment builds the element that s describes: a name with only [@k='v'] and [child='v'].
func (s *Step) fragment() (*Fragment, *Error) {
	f := &Fragment{Name: s.name.String()}
	if s.name.local == "*" {
		return nil, &Error{Msg: "no element matches, and one cannot be created: the selector does not name it"}
	}
	for _, p := range s.predicates {
		switch {
		case p.not || !p.compares:
			return nil, &Error{
				Msg:  "no element matches, and one cannot be created: [" + p.String() + "] does not say how it looks",
				Hint: "only names with [@k='v'] and [child='v'] can be created",
			}
		case p.attr.local != "":
			f.setAttr(p.attr.String(), p.literal)
		default:
			f.Children = append(f.Children, leafAt(p.path, p.literal))
		}
	}
	return f, nil
}

func leafAt(path []qname, value string) *Fragment {
	f := &Fragment{Name: path[0].String()}
	if len(path) == 1 {
		f.Text = value
	} else {
		f.Children = []*Fragment{leafAt(path[1:], value)}
	}
	return f
}

// insert writes f as a child of parent, reports it and returns its element. The op says where; else it goes after the live
// element of the nearest earlier op with that parent, so that two partial runs give what one gives.
func (r *run) insert(parent *etree.Element, f *Fragment) (*etree.Element, *Error) {
	if r.mustWait(parent, f) {
		return nil, waits
	}
	e, err := r.insertAtPlace(parent, f)
	if err != nil {
		return nil, r.placed(err, parent)
	}
	r.added(e)
	return e, nil
}

func (r *run) insertAtPlace(parent *etree.Element, f *Fragment) (*etree.Element, *Error) {
	if e := r.op.follows(parent); e != nil {
		return r.d.insertAfter(parent, e.Index(), f)
	}
	if e := r.op.precedes(parent); e != nil {
		return r.d.insertBefore(parent, e.Index(), f)
	}
	if e, _ := r.earlier(parent, r.index); e != nil {
		return r.d.insertAfter(parent, e.Index(), f)
	}
	return r.d.insertLast(parent, f)
}

// follows is the child of parent that op names to be created after, or nil.
func (op *Op) follows(parent *etree.Element) *etree.Element {
	if op.After == nil {
		return nil
	}
	found := op.After.children(nil, parent)
	if len(found) == 0 {
		return nil
	}
	return found[len(found)-1]
}

// precedes is the child of parent that op names to be created before, or nil.
func (op *Op) precedes(parent *etree.Element) *etree.Element {
	if op.Before == nil {
		return nil
	}
	found := op.Before.children(nil, parent)
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// earlier is the child of parent that the nearest op before the one with that index selects, and the index of that op.
func (r *run) earlier(parent *etree.Element, index int) (*etree.Element, int) {
	for i := index - 1; i >= 0; i-- {
		if e := r.childOf(parent, i); e != nil {
			return e, i
		}
	}
	return nil, -1
}

// childOf is the last child of parent that the op with that index selects, or nil.
func (r *run) childOf(parent *etree.Element, index int) *etree.Element {
	steps := r.ops[index].Select.steps
	if n := len(steps); n > 1 && !steps[n-2].name.matchesElement(parent) {
		return nil // many operations would else search for many others
	}
	found := r.d.elements(r.ops[index].Select)
	for k := len(found) - 1; k >= 0; k-- {
		if found[k].Parent() == parent {
			return found[k]
		}
	}
	return nil
}

// insertLast writes f after the last sibling of its name, else as the last child.
func (d *Document) insertLast(parent *etree.Element, f *Fragment) (*etree.Element, *Error) {
	name := f.qname()
	last := -1
	for i, t := range parent.Child {
		if e, ok := t.(*etree.Element); ok && name.matchesElement(e) {
			last = i
		}
	}
	if last < 0 {
		for i, t := range parent.Child {
			if _, text := t.(*etree.CharData); !text && (last < 0 || d.behindRemark(parent, last) != i) {
				last = i
			}
		}
	}
	if last < 0 {
		return d.insertFirst(parent, f)
	}
	return d.insertAfter(parent, last, f)
}
