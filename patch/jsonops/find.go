package jsonops

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tailscale/hujson"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// place is a value and how it is reached.
type place struct {
	value     *hujson.Value
	name      string // of the member; "" for the document itself
	line      int    // of the member
	sensitive bool
}

// findError says why there is nothing at a pointer.
type findError struct {
	xmlops.Error
	missing bool // it is just not there
}

var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// find follows a pointer, step by step.
func (d *document) find(pointer string) (place, *findError) {
	at := place{value: &d.root, line: 1}
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		next, err := d.step(at, unescape.Replace(step))
		if err != nil {
			return at, err
		}
		at = next
	}
	return at, nil
}

func (d *document) step(at place, name string) (place, *findError) {
	switch v := at.value.Value.(type) {
	case *hujson.Object:
		return d.member(at, v, name)
	case *hujson.Array:
		return d.element(at, v, name)
	}
	return at, missing("%s is a single value, which has no %q", at.title(), name)
}

func missing(format string, args ...any) *findError {
	return &findError{Error: xmlops.Error{Msg: fmt.Sprintf(format, args...)}, missing: true}
}

// member finds the one member of that name.
func (d *document) member(at place, o *hujson.Object, name string) (place, *findError) {
	var found []int
	names := make([]string, len(o.Members))
	for i := range o.Members {
		if names[i] = memberName(&o.Members[i]); names[i] == name {
			found = append(found, i)
		}
	}
	line := func(i int) int { return d.Position(o.Members[i].Name.StartOffset).Line }
	switch len(found) {
	case 1:
		m := &o.Members[found[0]]
		return place{&m.Value, name, line(found[0]), at.sensitive || secretMember(o, name)}, nil
	case 0:
		if i := xmlops.Nearest(name, names); i >= 0 {
			return at, missing("no member %q; did you mean %q (line %d)?", name, names[i], line(i))
		}
		return at, missing("%s holds no %q", at.title(), name)
	}
	return at, &findError{Error: xmlops.Error{
		Position: d.Position(o.Members[found[1]].Name.StartOffset),
		Msg:      fmt.Sprintf("two members are named %q (lines %d and %d), want 1", name, line(found[0]), line(found[1])),
		Hint:     "take one of them out; which of them counts depends on who reads the file",
	}}
}

func memberName(m *hujson.ObjectMember) string {
	name, _ := m.Name.Value.(hujson.Literal)
	return name.String()
}

func (d *document) element(at place, a *hujson.Array, name string) (place, *findError) {
	i, err := strconv.ParseUint(name, 10, 31)
	if err != nil || strconv.FormatUint(i, 10) != name || int(i) >= len(a.Elements) {
		return at, missing("%s is a list of %d, which has no %q", at.title(), len(a.Elements), name)
	}
	v := &a.Elements[i]
	return place{v, name, d.Position(v.StartOffset).Line, at.sensitive}, nil
}

// title is what people know the place by.
func (p place) title() string {
	if p.name == "" {
		return "the document"
	}
	return fmt.Sprintf("%q (line %d)", p.name, p.line)
}
