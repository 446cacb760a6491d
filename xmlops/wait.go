package xmlops

import (
	"slices"

	"github.com/beevik/etree"
)

// An op waits where its value is not known yet, and where it would create something whose place depends on an op that waits. Once all
// values are known, the bytes are those that one run would have given.

// waits is what an op that waits ends with. It is no error.
var waits = &Error{Msg: "waits"}

// needsWaiting reports whether the op is about what an earlier one that waits may create, or about something in it.
func (r *run) needsWaiting() bool {
	for i, isWaiting := range r.waiting[:r.index] {
		if isWaiting && r.ops[i].Select.begins(r.op.Select) {
			return true
		}
	}
	return false
}

// begins reports whether the steps of sel begin those of other.
func (sel Selector) begins(other Selector) bool {
	return sel.deep == other.deep && len(sel.steps) <= len(other.steps) &&
		slices.EqualFunc(sel.steps, other.steps[:len(sel.steps)], func(a, b Step) bool { return a.String() == b.String() })
}

// isAwaited reports whether an earlier op that waits selects e, and so may give it an attribute.
func (r *run) isAwaited(e *etree.Element) bool {
	for i, isWaiting := range r.waiting {
		if isWaiting && slices.Contains(r.d.elements(r.ops[i].Select), e) {
			return true
		}
	}
	return false
}

// mustWait reports whether the place of a new child of parent depends on an earlier op that waits.
func (r *run) mustWait(parent *etree.Element) bool {
	if _, i := r.earlier(parent, r.index); i >= 0 && r.ops[i].Unsure {
		return true
	}
	for i, isWaiting := range r.waiting[:r.index] {
		if isWaiting && r.childOf(parent, i) == nil && slices.Contains(r.d.parents(r.ops[i].Select), parent) && r.meets(parent, i) {
			return true
		}
	}
	return false
}

// meets reports whether the place of a child of parent depends on whether the earlier op with that index has created one before or
// does so afterwards.
func (r *run) meets(parent *etree.Element, index int) bool {
	other := &r.ops[index]
	before, at := r.earlier(parent, index)
	if at >= 0 && r.ops[at].Unsure {
		return true
	}
	if e := other.follows(parent); e != nil {
		before = e
	}
	if other.precedes(parent) != nil {
		return true
	}
	if e := r.op.follows(parent); e != nil {
		return before == nil || before == e
	}
	nearest, i := r.earlier(parent, r.index)
	if nearest == nil || r.op.precedes(parent) != nil {
		return true
	}
	steps := other.Select.steps
	if index > i && len(r.d.commentedBelow(parent, &steps[len(steps)-1])) > 0 {
		return true // it is revived where it is
	}
	return (index > i) != (before == nearest)
}
