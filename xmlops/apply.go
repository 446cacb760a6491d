package xmlops

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Apply makes every op true, in order, each seeing what those before it did. On an error the document is as it was before
// the call; the error is an [OpErrors] that holds all that could be found: an op that fails does not keep the later ones
// from being tried.
func (d *Document) Apply(ops ...Op) ([]Change, error) {
	mark := len(d.undo)
	var made []reported
	var errs OpErrors
	waiting := make([]bool, len(ops))
	for i := range ops {
		before := len(d.undo)
		r := run{d: d, ops: ops, op: &ops[i], index: i, waiting: waiting}
		err := r.do()
		if waiting[i] = err == waits; waiting[i] {
			d.rollback(before)
			continue
		}
		if err != nil {
			d.rollback(before)
			errs = append(errs, &OpError{Op: i, Error: *err})
			continue
		}
		made = append(made, r.changes...)
	}
	if errs != nil {
		d.rollback(mark)
		return nil, errs
	}
	d.undo = d.undo[:mark]
	var changes []Change
	for _, c := range made {
		changes = append(changes, c.inResult(d, &ops[c.Op]))
	}
	return changes, nil
}

// reported is a change of an element, or of its attribute where that has a name.
type reported struct {
	Change
	element   *etree.Element
	attribute qname
}

// inResult is the change with the place that what was added or revived has in the end: siblings that came later may be like it.
func (c reported) inResult(d *Document, op *Op) Change {
	if c.Kind != Added && c.Kind != Uncommented || !d.holdsElement(c.element) {
		return c.Change
	}
	c.At = d.placeFor(op, c.element)
	if c.attribute.local != "" {
		c.At += "/@" + c.attribute.String()
	}
	return c.Change
}

// holdsElement reports whether e is still there.
func (d *Document) holdsElement(e *etree.Element) bool {
	for ; e != nil; e = e.Parent() {
		if d.document(e) {
			return true
		}
	}
	return false
}

// OpErrors are the errors of the operations that could not be made true, in their order.
type OpErrors []*OpError

func (e OpErrors) Error() string {
	lines := make([]string, len(e))
	for i, err := range e {
		lines[i] = err.Error.Error()
	}
	return strings.Join(lines, "\n")
}

// OpError says which operation failed, and why.
type OpError struct {
	Op int // index in the list given to Apply
	Error
}

// run is one operation being applied.
type run struct {
	d       *Document
	ops     []Op // all of the call: what is created goes after what earlier ones made
	op      *Op
	index   int
	waiting []bool // by index, of the ops before this one, those that wait
	way     string // in the fragment that is being written
	changes []reported
}

func (r *run) do() *Error {
	if r.op.Waits {
		return waits
	}
	if !r.op.Unless.IsZero() && len(r.d.find(r.op.Unless)) > 0 {
		return nil
	}
	if r.op.Select.IsZero() {
		return &Error{Msg: "the selector is missing"}
	}
	if r.op.Select.attr.local != "" && r.op.Verb != Set && r.op.Verb != Remove {
		return &Error{Msg: r.op.Verb.String() + " takes a selector of elements, not of an attribute"}
	}
	switch r.op.Verb {
	case Set:
		return r.set()
	case Ensure:
		return r.ensure()
	case List:
		return r.list()
	case Uncomment:
		return r.uncomment()
	case Comment:
		return r.each(CommentedOut, r.d.commentOut)
	case Remove:
		if r.op.Select.attr.local != "" {
			return r.removeAttributes()
		}
		return r.each(Removed, r.d.remove)
	}
	return &Error{Msg: "the operation has no verb"}
}

// report notes a change of e.
func (r *run) report(kind ChangeKind, e *etree.Element, before, after string) {
	r.changes = append(r.changes, reported{Change{
		Op: r.index, Kind: kind, At: r.d.placeFor(r.op, e), Way: r.way, Position: r.d.position(e), Before: before, After: after,
		Sensitive: sensitiveElement(e),
	}, e, qname{}})
}

// reportAttribute notes a change of an attribute of e, or of one that is about to be put after another.
func (r *run) reportAttribute(kind ChangeKind, e *etree.Element, name qname, after *Step, old, value string) {
	r.changes = append(r.changes, reported{Change{
		Op: r.index, Kind: kind, At: r.d.placeFor(r.op, e) + "/@" + name.String(), Way: r.way, Position: r.d.attributePosition(e, name, after),
		Before: old, After: value, Sensitive: sensitiveAttribute(e, name),
	}, e, name})
}

// placeFor is the place of e as the changes of op have it.
func (d *Document) placeFor(op *Op, e *etree.Element) string {
	if op.Discreet {
		return d.discreetPlace(e, op.Select)
	}
	return d.place(e)
}

// live returns the elements that the steps of the op select.
func (r *run) live() ([]*etree.Element, *Error) { return r.allowed(r.d.elements(r.op.Select)) }

// allowed returns found if that is as many as the op may have; none is no error.
func (r *run) allowed(found []*etree.Element) ([]*etree.Element, *Error) {
	if len(found) > 1 && !r.op.All {
		return nil, r.d.tooMany(found)
	}
	return found, nil
}

func (d *Document) tooMany(found []*etree.Element) *Error {
	var lines []string
	for _, e := range found {
		lines = append(lines, fmt.Sprint(d.position(e).Line))
	}
	if len(lines) > 5 {
		lines = append(lines[:5], "…")
	}
	return &Error{
		Position: d.position(found[1]),
		Msg:      fmt.Sprintf("matches %d elements (lines %s), want 1", len(found), strings.Join(lines, ", ")),
		Hint:     "take away all but one, or add a predicate that only one fulfils",
		Cause:    ManyMatch,
	}
}

// each does one to every live match that lies in no other one: it takes these with it. None is done already.
func (r *run) each(kind ChangeKind, one func(*etree.Element) *Error) *Error {
	found, err := r.live()
	if err != nil {
		return err
	}
	found = outermost(found)
	for _, e := range found { // before any of them goes, which changes the places of the others
		r.report(kind, e, summary(e), "")
	}
	for _, e := range found {
		if err := one(e); err != nil {
			return r.placed(err, e)
		}
	}
	return nil
}

// outermost leaves out the elements that lie in others. They are in document order.
func outermost(elements []*etree.Element) []*etree.Element {
	var outer *etree.Element
	return slices.DeleteFunc(elements, func(e *etree.Element) bool {
		for p := e.Parent(); p != nil; p = p.Parent() {
			if p == outer {
				return true
			}
		}
		outer = e
		return false
	})
}

func (r *run) set() *Error {
	found, err := r.live()
	if err != nil {
		return err
	}
	for _, e := range found {
		if err := r.setOne(e); err != nil {
			return err
		}
	}
	bare := r.bare(found)
	left, err := r.reviveBelow(bare)
	switch done := len(found) + len(bare) - len(left); {
	case err != nil:
		return err
	case r.op.Create && r.op.All && len(left) > 0 && r.namesParent():
		return r.insertBelow(left, done)
	case done > 0:
		return nil
	case r.op.Create:
		return r.create()
	case r.mayMiss():
		return nil
	}
	return r.missed()
}

// missed is the error of an op that matches nothing, unless what it needs waits.
func (r *run) missed() *Error {
	if r.needsWaiting() {
		return waits
	}
	return r.d.missed(r.op.Select)
}

// bare returns the elements below which the op wants a match that is not among those found: none where one is enough. Found are all matches.
func (r *run) bare(found []*etree.Element) []*etree.Element {
	parents := r.d.parents(r.op.Select)
	if len(found) == 0 {
		return parents
	}
	if !r.op.All || !r.namesParent() {
		return nil
	}
	full := make(map[*etree.Element]bool)
	for _, e := range found {
		full[e.Parent()] = true
	}
	return slices.DeleteFunc(parents, func(e *etree.Element) bool { return full[e] })
}

// namesParent reports whether the selector says more of the elements that it matches below than that they are somewhere.
func (r *run) namesParent() bool { return len(r.op.Select.steps) > 1 }

// mayMiss reports whether it is no error that nothing matches.
func (r *run) mayMiss() bool {
	return r.op.Optional || slices.ContainsFunc(r.op.Instead, func(sel Selector) bool { return len(r.d.find(sel)) > 0 })
}

// reviveBelow revives and sets a commented element below each of the parents, and returns those that have none. Without All
// only one may have any.
func (r *run) reviveBelow(parents []*etree.Element) (left []*etree.Element, err *Error) {
	var found []commented
	for _, parent := range parents {
		if c := r.revivable(parent); c != nil {
			found = append(found, *c)
		} else {
			left = append(left, parent)
		}
	}
	if len(found) > 1 && !r.op.All {
		return nil, r.d.scattered(found)
	}
	for _, c := range found {
		if r.isNamed(c.comment.Parent(), r.op.Select.lastName()) {
			return nil, waits
		}
		if err := r.reviveAndSet(c); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// scattered is the error of commented elements below several parents.
func (d *Document) scattered(found []commented) *Error {
	a, b := d.commentedPosition(found[0]), d.commentedPosition(found[1])
	return &Error{
		Position: b,
		Msg:      fmt.Sprintf("matches commented elements below %d elements (lines %d, %d), want 1", len(found), a.Line, b.Line),
		Hint:     "take away all but one, or add a predicate that only one fulfils",
		Cause:    ManyMatch,
	}
}

// setOne sets the attribute or text of e.
func (r *run) setOne(e *etree.Element) *Error {
	name := r.op.Select.attr
	if name.local == "" {
		return r.setText(e, r.op.Value, r.op.From)
	}
	return r.setAttribute(e, name, r.op.Value, r.op.From, r.op.After)
}

func (r *run) setAttribute(e *etree.Element, name qname, value string, from []string, after *Step) *Error {
	a := attribute(e, name)
	switch {
	case r.d.inVault(e, name.local):
		r.reportAttribute(Kept, e, name, nil, "", "")
		return nil
	case a != nil && a.Value == value:
		return nil
	case name.declares():
		return r.placed(&Error{Msg: "a namespace declaration cannot be changed: names depend on it"}, e)
	case a == nil && r.isAwaited(e):
		return waits
	case a == nil:
		r.reportAttribute(Added, e, name, after, "", value)
		return r.placed(r.d.addAttribute(e, name, value, after), e)
	case !mayReplace(from, a.Value):
		return r.conflict(e, a.Value, sensitiveAttribute(e, name))
	}
	r.reportAttribute(Changed, e, name, nil, a.Value, value)
	return r.placed(r.d.setValue(e, name, value), e)
}

func (r *run) setText(e *etree.Element, value string, from []string) *Error {
	if hasElements(e) {
		return r.placed(&Error{Msg: "the element holds other elements, so it has no text to set"}, e)
	}
	have := text(e)
	switch {
	case r.d.inVault(e, ""):
		r.report(Kept, e, "", "")
		return nil
	case have == value:
		return nil
	case !mayReplace(from, have):
		return r.conflict(e, have, sensitiveElement(e))
	}
	r.report(Changed, e, have, value)
	return r.placed(r.d.setText(e, value), e)
}

func mayReplace(from []string, value string) bool { return from == nil || slices.Contains(from, value) }

func (r *run) conflict(e *etree.Element, have string, secret bool) *Error {
	if secret {
		have = Mask
	}
	return r.placed(&Error{
		Msg:  fmt.Sprintf("conflict: the value is %q, which is not one that may be replaced", have),
		Hint: "somebody has set it: put back the shipped value, or change the file by hand",
	}, e)
}

// placed gives err, which may be nil, the position of e.
func (r *run) placed(err *Error, e *etree.Element) *Error {
	if err != nil && err != waits {
		err.Position = r.d.position(e)
	}
	return err
}

// revivable is the commented element below parent to set: one that already holds the value first, then the first.
func (r *run) revivable(parent *etree.Element) *commented {
	steps := r.op.Select.steps
	found := r.d.commentedBelow(parent, &steps[len(steps)-1])
	for i := range found {
		if name := r.op.Select.attr; name.local != "" {
			if a := attribute(found[i].element, name); a != nil && a.Value == r.op.Value {
				return &found[i]
			}
		} else if text(found[i].element) == r.op.Value {
			return &found[i]
		}
	}
	if len(found) > 0 {
		return &found[0]
	}
	return nil
}

func (r *run) reviveAndSet(c commented) *Error {
	position := r.d.commentedPosition(c)
	e, err := r.d.revive(c)
	if err != nil {
		return err
	}
	made := run{d: r.d, index: r.index, op: &Op{Verb: Set, Select: r.op.Select, Value: r.op.Value, After: r.op.After}}
	if err := made.setOne(e); err != nil {
		return err
	}
	set, at := made.changes, len(r.changes)
	switch name := r.op.Select.attr; {
	case len(set) > 0 && set[0].Kind == Kept:
		r.report(Uncommented, e, "", summary(e))
		r.changes = append(r.changes, set...)
	case name.local != "":
		r.reportAttribute(Uncommented, e, name, nil, "", r.op.Value)
	default:
		r.report(Uncommented, e, "", r.op.Value)
	}
	r.changes[at].Position = position
	return nil
}

func (r *run) uncomment() *Error {
	if len(r.d.elements(r.op.Select)) > 0 {
		return nil
	}
	if steps := r.op.Select.steps; steps[len(steps)-1].positional() {
		// reviving one would move the others up, so that the next run would revive another one
		return &Error{Msg: "a commented element has no position", Hint: "tell it by an attribute or a child; set revives the one that has the text"}
	}
	found := r.d.commentedElements(r.op.Select)
	switch {
	case len(found) == 0 && r.mayMiss():
		return nil
	case len(found) == 0:
		return r.missed()
	case len(found) > 1 && !r.op.All:
		return &Error{
			Position: r.d.commentedPosition(found[1]),
			Msg: fmt.Sprintf("matches %d commented elements (lines %d, %d), want 1", len(found),
				r.d.commentedPosition(found[0]).Line, r.d.commentedPosition(found[1]).Line),
			Hint:  "add a predicate that only one of them fulfils; set revives the one that has the text",
			Cause: ManyMatch,
		}
	}
	for last := len(found) - 1; last >= 0; last = len(found) - 1 { // the last first keeps the order
		c := found[last]
		position := r.d.commentedPosition(c)
		e, err := r.d.revive(c)
		if err != nil {
			return err
		}
		r.report(Uncommented, e, "", summary(e))
		r.changes[len(r.changes)-1].Position = position
		if last > 0 && found[last-1].comment == c.comment {
			found = r.d.commentedElements(r.op.Select) // those that were in the same comment are in another one now
		} else {
			found = found[:last]
		}
	}
	slices.Reverse(r.changes)
	return nil
}

func (d *Document) commentOut(e *etree.Element) *Error {
	parent, i := e.Parent(), e.Index()
	var b strings.Builder
	d.appendElement(&b, e)
	raw := b.String()
	inner := raw[1 : len(raw)-1]
	switch {
	case d.document(parent):
		return &Error{Msg: "the root element cannot be commented out"}
	case strings.Contains(inner, "--") || strings.HasSuffix(inner, "-"):
		return &Error{Msg: "the element holds a comment or \"--\", so it cannot be commented out", Hint: "remove it instead"}
	}
	return d.replaceChildren(parent, i, i+1, "<!--"+inner+"-->")
}

func (d *Document) remove(e *etree.Element) *Error {
	if d.document(e.Parent()) {
		return &Error{Msg: "the root element cannot be removed"}
	}
	return d.cut(e)
}

func (r *run) removeAttributes() *Error {
	name := r.op.Select.attr
	found, err := r.allowed(r.d.find(r.op.Select))
	if err != nil {
		return err
	}
	for _, e := range found {
		if name.declares() {
			return r.placed(&Error{Msg: "a namespace declaration cannot be removed: names depend on it"}, e)
		}
		r.reportAttribute(Removed, e, name, nil, attribute(e, name).Value, "")
		if err := r.d.removeAttribute(e, name); err != nil {
			return r.placed(err, e)
		}
	}
	return nil
}
