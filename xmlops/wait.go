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

// mustWait reports whether the place of f as a new child of parent depends on an earlier op that waits, or the other way round.
func (r *run) mustWait(parent *etree.Element, f *Fragment) bool {
	if _, i := r.earlier(parent, r.index); i >= 0 && r.ops[i].Unsure {
		return true
	}
	return r.isNamed(parent, f.qname()) || slices.ContainsFunc(r.creators(parent), func(i int) bool {
		return r.op.isBeside(r.ops[i].Select.lastName()) || r.meets(parent, i)
	})
}

// isNamed reports whether an earlier op that waits is to create something beside the child of parent of that name, once there is one.
func (r *run) isNamed(parent *etree.Element, name qname) bool {
	return slices.ContainsFunc(r.creators(parent), func(i int) bool { return r.ops[i].isBeside(name) })
}

// creators are the indexes of the earlier ops that wait and may create a child of parent.
func (r *run) creators(parent *etree.Element) []int {
	var found []int
	for i, isWaiting := range r.waiting {
		if isWaiting && r.childOf(parent, i) == nil && slices.Contains(r.d.parents(r.ops[i].Select), parent) {
			found = append(found, i)
		}
	}
	return found
}

// isBeside reports whether op is to create something beside an element of that name.
func (op *Op) isBeside(name qname) bool {
	return op.After != nil && op.After.name.local == name.local || op.Before != nil && op.Before.name.local == name.local
}

func (sel Selector) lastName() qname { return sel.steps[len(sel.steps)-1].name }

// meets reports whether the place of a child of parent depends on whether the earlier op with that index has created one before or
// does so afterwards.
func (r *run) meets(parent *etree.Element, index int) bool {
	other := &r.ops[index]
	before, at := r.earlier(parent, index)
	if at >= 0 && r.ops[at].Unsure {
		return true
	}
	isBeside := other.After != nil || other.Before != nil
	if e := other.follows(parent); e != nil {
		before, isBeside = e, false
	}
	if isBeside || before == nil {
		return true
	}
	if e := r.op.follows(parent); e != nil {
		return before == e
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
