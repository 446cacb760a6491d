package xmlops

import (
	"fmt"

	"github.com/beevik/etree"
)

// list makes the matches exactly the items, in their order. Those that are right already stay as they are; of the others as
// many as possible are edited in place.
func (r *run) list() *Error {
	live, items := r.d.elements(r.op.Select), r.op.Items
	if steps := r.op.Select.steps; steps[len(steps)-1].positional() {
		return &Error{Msg: "a list takes a selector without a position in its last step"}
	}
	if len(live) == 0 {
		if err := r.createList(); err != nil {
			return err
		}
		return r.settled(len(items))
	}
	parent := live[0].Parent()
	if r.d.document(parent) {
		return r.placed(&Error{Msg: "the root element is not one of a list"}, live[0])
	}
	for _, e := range live {
		if e.Parent() != parent {
			return r.twoParents(parent, e.Parent())
		}
	}
	var last *etree.Element // what the next item goes after
	i, j := 0, 0
	for _, k := range append(r.d.align(live, items), pair{len(live), len(items)}) {
		next := append(live, nil)[k.live]
		var err *Error
		if last, err = r.reconcile(live[i:k.live], items[j:k.item], last, next); err != nil {
			return err
		}
		if next != nil {
			last = next
		}
		i, j = k.live+1, k.item+1
	}
	return r.settled(len(items))
}

func (r *run) twoParents(a, b *etree.Element) *Error {
	return r.placed(&Error{Msg: fmt.Sprintf("matches below two parents (lines %d, %d), want one",
		r.d.position(a).Line, r.d.position(b).Line)}, b)
}

// reconcile turns live, which lie between last and next (either may be nil), into items, and returns the last element then.
func (r *run) reconcile(live []*etree.Element, items []*Fragment, last, next *etree.Element) (*etree.Element, *Error) {
	n := min(len(live), len(items))
	for i, e := range live[:n] {
		if err := r.merge(e, items[i]); err != nil {
			return nil, err
		}
		last = e
	}
	for _, e := range live[n:] { // before any of them goes, which changes the places of the others
		r.report(Removed, e, summary(e), "")
	}
	for _, e := range live[n:] {
		if err := r.d.cut(e); err != nil {
			return nil, r.placed(err, e)
		}
	}
	for _, f := range items[n:] {
		beside, insert := last, r.d.insertAfter
		if last == nil {
			beside, insert = next, r.d.insertBefore
		}
		e, err := insert(beside.Parent(), beside.Index(), f)
		if err != nil {
			return nil, r.placed(err, beside.Parent())
		}
		r.added(e)
		last = e
	}
	return last, nil
}

// pair is an element that holds an item already.
type pair struct{ live, item int }

// align finds the longest sequence of elements that hold items in the order of both.
func (d *Document) align(live []*etree.Element, items []*Fragment) []pair {
	length := make([][]int, len(live)+1) // of the longest sequence from live[i:] and items[j:]
	equal := make([][]bool, len(live))
	for i := range length {
		length[i] = make([]int, len(items)+1)
	}
	for i := len(live) - 1; i >= 0; i-- {
		equal[i] = make([]bool, len(items))
		for j := len(items) - 1; j >= 0; j-- {
			if equal[i][j] = d.holds(live[i], items[j]); equal[i][j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var pairs []pair
	for i, j := 0, 0; i < len(live) && j < len(items); {
		switch {
		case equal[i][j]:
			pairs = append(pairs, pair{i, j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// createList writes all items where none is live, with parents that are missing and have plain names.
func (r *run) createList() *Error {
	if len(r.op.Items) == 0 {
		return nil
	}
	steps := r.op.Select.steps
	n := len(steps) - 1
	parents := r.d.parents(r.op.Select)
	for ; len(parents) == 0 && n > 1; n-- {
		if s := steps[n-1]; len(s.predicates) > 0 || s.name.local == "*" {
			break
		}
		parents = r.d.elements(Selector{deep: r.op.Select.deep, steps: steps[:n-1]})
	}
	parent, err := r.onlyParent(parents)
	if parent == nil {
		return err
	}
	items := r.op.Items
	for i := len(steps) - 2; i >= n; i-- { // into the parents that are missing, from the inside out
		items = []*Fragment{{Name: steps[i].name.String(), Children: items}}
	}
	e, err := r.insert(parent, items[0])
	if err != nil {
		return err
	}
	_, err = r.reconcile(nil, items[1:], e, nil)
	return err
}
