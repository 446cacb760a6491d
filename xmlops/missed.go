package xmlops

import (
	"fmt"

	"github.com/beevik/etree"
)

// missed explains why sel matches nothing: what is nearest to the first step that fails.
func (d *Document) missed(sel Selector) *Error {
	parents := []*etree.Element{&d.root.Element}
	for i := range sel.steps {
		found := d.elements(Selector{deep: sel.deep, steps: sel.steps[:i+1]})
		if len(found) == 0 {
			if sel.deep && i == 0 {
				parents = d.parents(Selector{deep: true, steps: sel.steps[:1]})
			}
			return d.missedStep(parents, &sel.steps[i])
		}
		parents = found
	}
	return &Error{Msg: "no element matches"}
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
		return &Error{Msg: fmt.Sprintf("no element matches; did you mean %s (line %d)?", quoteLiteral(literal), d.position(e).Line)}
	}
	if len(named) > 0 {
		return &Error{Msg: fmt.Sprintf("no element matches; <%s> is there (line %d), but its predicates do not hold",
			named[0].FullTag(), d.position(named[0]).Line)}
	}
	names := make([]string, len(others))
	for i, e := range others {
		names[i] = e.Tag
	}
	if i := Nearest(step.name.local, names); i >= 0 {
		return &Error{Msg: fmt.Sprintf("no element matches; did you mean %q (line %d)?", names[i], d.position(others[i]).Line)}
	}
	if parent := parents[0]; len(parents) == 1 && !d.document(parent) {
		return &Error{Msg: fmt.Sprintf("no element matches; <%s> (line %d) holds no %s", parent.FullTag(), d.position(parent).Line, step.name)}
	}
	return &Error{Msg: "no element matches; there is no " + step.name.String()}
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
			if a := attribute(e, p.attr); a != nil && !Sensitive(a.Key) {
				values, carriers = append(values, a.Value), append(carriers, e)
			}
		}
		if i := Nearest(p.literal, values); i >= 0 && values[i] != p.literal {
			return carriers[i], values[i]
		}
	}
	return nil, ""
}
