package xmlops

import (
	"fmt"

	"github.com/beevik/etree"
)

func (r *run) ensure() *Error {
	if len(r.op.Items) != 1 {
		return &Error{Msg: "ensure takes one fragment"}
	}
	f := r.op.Items[0]
	found, err := r.live()
	if err != nil {
		return err
	}
	for _, e := range found {
		if err := r.merge(e, f); err != nil {
			return err
		}
	}
	bare := r.bare(found)
	if len(found) == 0 && !(r.op.All && r.namesParent() && len(bare) > 0) {
		parent, err := r.onlyParent(bare)
		if parent == nil {
			return err
		}
		bare = []*etree.Element{parent}
	}
	for _, parent := range bare {
		if _, err := r.insert(parent, f); err != nil {
			return err
		}
	}
	return r.settled(len(found) + len(bare))
}

// onlyParent is the one element that what is missing can be written into. It is nil with an error, or without one where
// the op is optional.
func (r *run) onlyParent(parents []*etree.Element) (*etree.Element, *Error) {
	switch {
	case len(parents) == 0 && r.mayMiss():
		return nil, nil
	case len(parents) == 0 || r.d.document(parents[0]):
		return nil, r.missed()
	case len(parents) > 1:
		return nil, r.d.tooMany(parents)
	}
	return parents[0], nil
}

// settled makes sure that the next run finds what this one has written: want elements.
func (r *run) settled(want int) *Error {
	if len(r.changes) == 0 || len(r.d.elements(r.op.Select)) == want {
		return nil
	}
	return &Error{Msg: "what is written does not match the selector, so it would be written again and again"}
}

// merge makes e hold what f holds. What f does not mention stays.
func (r *run) merge(e *etree.Element, f *Fragment) *Error {
	way := r.way
	defer func() { r.way = way }()
	for _, a := range f.Attrs {
		r.way = way + a.step()
		if err := r.setAttribute(e, splitName(a.Name), a.Value, nil, nil); err != nil {
			return err
		}
	}
	r.way = way
	if f.leaf() {
		if f.Text == "" {
			return nil
		}
		return r.setText(e, f.Text, nil)
	}
	var previous *etree.Element
	for i, c := range f.Children {
		child, err := r.counterpart(e, c)
		if err != nil {
			return err
		}
		r.way = way + "/" + c.step().String()
		if child == nil {
			child, err = r.insertChild(e, f, i, previous)
		} else {
			err = r.merge(child, c)
		}
		if err != nil {
			return err
		}
		previous = child
	}
	return nil
}

// counterpart is the child of e that f speaks of: told by name, and by @name or @key where f has one.
func (r *run) counterpart(e *etree.Element, f *Fragment) (*etree.Element, *Error) {
	found := counterparts(e, f)
	if len(found) > 1 {
		return nil, r.d.tooMany(found)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return found[0], nil
}

func counterparts(e *etree.Element, f *Fragment) []*etree.Element { return f.step().children(nil, e) }

// step tells f apart from its siblings: by name, and by the first key attribute that it has.
func (f *Fragment) step() *Step {
	step := &Step{name: f.qname()}
	for _, key := range keyAttributes {
		if v, ok := f.attr(key); ok {
			step.predicates = []predicate{{attr: qname{local: key}, compares: true, literal: v}}
			break
		}
	}
	return step
}

// keyAttributes tell children of one name apart.
var keyAttributes = [...]string{"name", "key"}

// Ambiguous returns an error if f has children that [Ensure] could not tell apart: of one name, without a name or key attribute
// that differs.
func (f *Fragment) Ambiguous() error {
	seen := make(map[string]bool)
	for _, c := range f.Children {
		id := c.step().String()
		if seen[id] {
			return &Error{Msg: fmt.Sprintf("the fragment holds <%s> more than once, without a name or key that tells them apart", c.Name)}
		}
		seen[id] = true
		if err := c.Ambiguous(); err != nil {
			return err
		}
	}
	return nil
}

// insertChild writes child i of f into e: after the one before it, else before the next one that is there, else last.
func (r *run) insertChild(e *etree.Element, f *Fragment, i int, previous *etree.Element) (*etree.Element, *Error) {
	var child *etree.Element
	var err *Error
	next := nextCounterpart(e, f.Children[i+1:])
	switch {
	case previous != nil:
		child, err = r.d.insertAfter(e, previous.Index(), f.Children[i])
	case next != nil:
		child, err = r.d.insertBefore(e, next.Index(), f.Children[i])
	default:
		child, err = r.d.insertLast(e, f.Children[i])
	}
	if err != nil {
		return nil, r.placed(err, e)
	}
	r.added(child)
	return child, nil
}

func nextCounterpart(e *etree.Element, rest []*Fragment) *etree.Element {
	for _, f := range rest {
		if found := counterparts(e, f); len(found) > 0 {
			return found[0]
		}
	}
	return nil
}

// added reports that e was created.
func (r *run) added(e *etree.Element) {
	r.report(Added, e, "", summary(e))
}

// holds reports whether merging f into e would change nothing.
func (d *Document) holds(e *etree.Element, f *Fragment) bool {
	if !f.qname().matchesElement(e) {
		return false
	}
	for _, fa := range f.Attrs {
		name := splitName(fa.Name)
		a := attribute(e, name)
		if (a == nil || a.Value != fa.Value) && !d.inVault(e, name.local) {
			return false
		}
	}
	if f.leaf() {
		return f.Text == "" || d.inVault(e, "") || !hasElements(e) && text(e) == f.Text
	}
	for _, c := range f.Children {
		found := counterparts(e, c)
		if len(found) != 1 || !d.holds(found[0], c) {
			return false
		}
	}
	return true
}
