package xmlops

import (
	"strings"

	"github.com/beevik/etree"
)

// Fragment is a piece of XML to be written: an element with attributes and either text or children.
// Its values are decoded and escaped only when they are written, so a value can't become markup.
type Fragment struct {
	Name     string // as written, with its prefix
	Attrs    []FragmentAttr
	Text     string
	Children []*Fragment
}

// FragmentAttr is one attribute of a [Fragment].
type FragmentAttr struct {
	Name, Value string
}

// ParseFragment reads one element in UTF-8. Blanks between child elements are dropped; comments, instructions and text
// beside child elements are refused. Prefixes need no declaration here; they are checked where the fragment is inserted.
func ParseFragment(s string) (*Fragment, error) {
	f, err := parseFragment(s)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func parseFragment(s string) (*Fragment, *Error) {
	scan := newFragmentScanner(s, encodingUTF8, nil)
	scan.anyPrefix = true
	if i, what := encodingUTF8.invalid(s); i >= 0 {
		return nil, scan.fail(i, "%s", what)
	}
	d, err := parse(scan)
	if err != nil {
		return nil, err
	}
	outer, err := d.fragment(&d.root.Element)
	if err != nil {
		return nil, err
	}
	if len(outer.Children) != 1 || outer.Text != "" {
		return nil, &Error{Position: Position{1, 1}, Msg: "exactly one element is expected"}
	}
	return outer.Children[0], nil
}

// fragment turns e into a Fragment.
func (d *Document) fragment(e *etree.Element) (*Fragment, *Error) {
	f := &Fragment{Name: e.FullTag()}
	for _, a := range e.Attr {
		f.Attrs = append(f.Attrs, FragmentAttr{Name: a.FullKey(), Value: a.Value})
	}
	leaf := !hasElements(e) && !d.document(e)
	for _, t := range e.Child {
		switch t := t.(type) {
		case *etree.Element:
			child, err := d.fragment(t)
			if err != nil {
				return nil, err
			}
			f.Children = append(f.Children, child)
		case *etree.CharData:
			switch {
			case leaf:
				f.Text += t.Data
			case strings.Trim(t.Data, blanks) != "":
				return nil, &Error{Position: d.position(t), Msg: "text beside elements"}
			}
		default:
			return nil, &Error{Position: d.position(t), Msg: "only elements and text can be written"}
		}
	}
	return f, nil
}

// Map returns a copy of f in which value replaced every attribute value and the text of every leaf. Where
// value returns false the attribute or leaf is left out.
func (f *Fragment) Map(value func(string) (string, bool)) *Fragment {
	m := &Fragment{Name: f.Name}
	for _, a := range f.Attrs {
		if v, ok := value(a.Value); ok {
			m.Attrs = append(m.Attrs, FragmentAttr{Name: a.Name, Value: v})
		}
	}
	if len(f.Children) == 0 {
		m.Text, _ = value(f.Text)
		return m
	}
	for _, c := range f.Children {
		if len(c.Children) == 0 && c.Text != "" {
			if _, ok := value(c.Text); !ok {
				continue
			}
		}
		m.Children = append(m.Children, c.Map(value))
	}
	return m
}

// Leaf is a value in a [Fragment]: that of an attribute, or the text of an element without children.
type Leaf struct {
	// Way leads to it from the element of the fragment: "" is that itself, else /child, /property[@name='x'] or /child/@attribute.
	// Behind the selector of that element it is one of the leaf.
	Way  string
	Text string
}

// Leaves are the values in f: of an element its attributes, then its text or those of its children.
func (f *Fragment) Leaves() []Leaf {
	var leaves []Leaf
	for _, a := range f.Attrs {
		leaves = append(leaves, Leaf{a.step(), a.Value})
	}
	if f.leaf() {
		leaves = append(leaves, Leaf{"", f.Text})
	}
	for _, c := range f.Children {
		for _, below := range c.Leaves() {
			leaves = append(leaves, Leaf{"/" + c.step().String() + below.Way, below.Text})
		}
	}
	return leaves
}

// step is how a selector goes on to a.
func (a FragmentAttr) step() string { return "/@" + a.Name }

// leaf reports whether f holds text, or nothing.
func (f *Fragment) leaf() bool { return len(f.Children) == 0 }

// attr returns the value of the attribute with that name.
func (f *Fragment) attr(name string) (string, bool) {
	for _, a := range f.Attrs {
		if a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}

// qname is the name of f as a selector has it.
func (f *Fragment) qname() qname { return splitName(f.Name) }

func splitName(name string) qname {
	if prefix, local, ok := strings.Cut(name, ":"); ok {
		return qname{prefix, local}
	}
	return qname{local: name}
}
