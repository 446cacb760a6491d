package xmlops

import (
	"fmt"
	"slices"

	"github.com/beevik/etree"
)

// missed explains why sel matches nothing: what is nearest to the first step that fails, at its place, or else at that of what
// should hold it.
func (d *Document) missed(sel Selector) *Error {
	err := d.missedAt(sel)
	err.Cause, err.Msg = NoMatch, "no element matches"+err.Msg
	return err
}

// missedAt is missed, with the rest of the message only.
func (d *Document) missedAt(sel Selector) *Error {
	parents := []*etree.Element{&d.root.Element}
	for i := range sel.steps {
		found := d.elements(Selector{deep: sel.deep, steps: sel.steps[:i+1]})
		if len(found) == 0 {
			if sel.deep && i == 0 {
				parents = d.parents(Selector{deep: true, steps: sel.steps[:1]})
			}
			if err := d.missedComment(sel, i); err != nil {
				return err
			}
			return d.missedStep(parents, &sel.steps[i])
		}
		parents = found
	}
	return &Error{}
}

// missedComment tells of a commented element that step i of sel would match if it did not ask for a position, or else returns nil.
func (d *Document) missedComment(sel Selector, i int) *Error {
	step := Step{name: sel.steps[i].name}
	for _, p := range sel.steps[i].predicates {
		if p.position == 0 {
			step.predicates = append(step.predicates, p)
		}
	}
	found := d.commentedElements(Selector{deep: sel.deep, steps: append(slices.Clone(sel.steps[:i]), step)})
	if len(found) == 0 || !sel.steps[i].positional() {
		return nil
	}
	return &Error{
		Position: d.commentedPosition(found[0]),
		Msg:      "; this <" + found[0].element.FullTag() + "> is commented out, and stays so",
		Hint:     "take it out of the comment by hand if it is wanted",
	}
}

// missedStep explains why step matches no child of parents.
func (d *Document) missedStep(parents []*etree.Element, step *Step) *Error {
	var named, others []*etree.Element
	for _, parent := range parents {
		for _, t := range parent.Child {
			if e, ok := t.(*etree.Element); ok {
				if step.name.matchesElement(e) {
					named = append(named, e)
				} else {
					others = append(others, e)
				}
			}
		}
	}
	if e, literal := nearestPredicate(named, step); e != nil {
		return &Error{Position: d.position(e), Msg: "; did you mean " + quoteLiteral(literal) + "?"}
	}
	switch len(named) {
	case 0:
	case 1:
		return &Error{Position: d.position(named[0]), Msg: "; this <" + named[0].FullTag() + "> is there, but its predicates do not hold"}
	default:
		return &Error{Position: d.position(named[0]), Msg: fmt.Sprintf("; there are %d <%s>, but the predicates hold of none", len(named), named[0].FullTag())}
	}
	names := make([]string, len(others))
	for i, e := range others {
		names[i] = e.Tag
	}
	if i := Nearest(step.name.local, names); i >= 0 {
		return &Error{Position: d.position(others[i]), Msg: fmt.Sprintf("; did you mean %q?", names[i])}
	}
	if parent := parents[0]; len(parents) == 1 && !d.document(parent) {
		return &Error{Position: d.position(parent), Msg: fmt.Sprintf("; this <%s> has no <%s>", parent.FullTag(), step.name)}
	}
	return &Error{Msg: fmt.Sprintf("; there is no <%s>", step.name)}
}

// nearestPredicate finds the element whose attribute is nearest to what a predicate of step asks for.
func nearestPredicate(named []*etree.Element, step *Step) (*etree.Element, string) {
	for _, p := range step.predicates {
		if p.attr.local == "" || !p.compares || p.not {
			continue
		}
		var values []string
		var carriers []*etree.Element
		for _, e := range named {
			if a := attribute(e, p.attr); a != nil && !sensitiveAttribute(e, p.attr) {
				values, carriers = append(values, a.Value), append(carriers, e)
			}
		}
		if i := Nearest(p.literal, values); i >= 0 && values[i] != p.literal {
			return carriers[i], values[i]
		}
	}
	return nil, ""
}
