package xmlops

// Fragment is a piece of XML to be written: elements with attributes and either text or children.
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

// ParseFragment reads one element. Blanks between child elements are dropped, comments refused. Prefixes need no
// declaration here; they are checked where the fragment is inserted.
func ParseFragment(s string) (*Fragment, error) { panic("todo") }

// Map returns a copy of f in which value replaced every attribute value and the text of every leaf. Where
// value returns false the attribute or leaf is left out.
func (f *Fragment) Map(value func(string) (string, bool)) *Fragment { panic("todo") }
