package profiles

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Type is what the value of a setting may be.
type Type struct {
	// Name is text, word, ip, host, hosts, port, int, bool, url, enum, size, list or map.
	Name     string
	Min, Max *int     // int: the range, nil where it has no such end
	Words    []string // enum
	Fields   []Field  // list: what an item holds
	Key      string   // list: the field that tells the items apart, or ""
	Bare     bool     // list: an item is a single value, which has the one field value
}

// Field is one field of the items of a list.
type Field struct {
	Name     string
	Type     Type
	Required bool
	Secret   bool
}

// Phase is when the value of f becomes known: a secret on the node only. That of other fields is that of their setting.
func (f *Field) Phase() string {
	if f.Secret {
		return NodePhase
	}
	return ImagePhase
}

// Single reports whether a value of type t is one text, not a list or map.
func (t Type) Single() bool {
	return t.Name != "list" && t.Name != "map"
}

// Field returns the field of that name, or nil.
func (t Type) Field(name string) *Field {
	for i := range t.Fields {
		if t.Fields[i].Name == name {
			return &t.Fields[i]
		}
	}
	return nil
}

// String is t as a profile writes it.
func (t Type) String() string {
	switch {
	case t.Name == "int" && (t.Min != nil || t.Max != nil):
		return "int " + bound(t.Min) + ".." + bound(t.Max)
	case t.Name == "enum":
		return "enum [" + strings.Join(t.Words, ", ") + "]"
	case t.Bare:
		return "list of " + t.Fields[0].Type.String()
	case t.Name == "list":
		fields := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = f.String()
		}
		keyed := ""
		if t.Key != "" {
			keyed = "keyed by " + t.Key + " "
		}
		return "list " + keyed + "of {" + strings.Join(fields, ", ") + "}"
	}
	return t.Name
}

func (f Field) String() string {
	s := f.Name + " " + f.Type.String()
	if f.Required {
		s += " required"
	}
	if f.Secret {
		s += " secret"
	}
	return s
}

func bound(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

var typeNames = []string{"text", "word", "ip", "host", "hosts", "port", "int", "bool", "url", "enum", "size", "list", "map"}

var (
	intRange = regexp.MustCompile(`^(-?\d+)?\.\.(-?\d+)?$`)
	listType = regexp.MustCompile(`^(?:keyed by (\S+) )?of \{(.*)\}$`)
	bareList = regexp.MustCompile(`^of (\w+)$`)
)

// parseType reads a type as a profile writes it: port, int 0..56000, enum [svn, git], list of word, list of {host hosts
// required, port port required}, list keyed by jndi of {jndi word required, password text secret}.
func parseType(s string) (Type, error) {
	name, rest, _ := strings.Cut(s, " ")
	t := Type{Name: name}
	switch {
	case !slices.Contains(typeNames, name):
		return t, fmt.Errorf("unknown type %q", name)
	case name == "int" && rest != "":
		return parseIntRange(t, rest)
	case name == "enum":
		return parseEnum(t, rest)
	case name == "list":
		return parseList(t, rest)
	case rest != "":
		return t, fmt.Errorf("nothing may follow the type %s", name)
	}
	return t, nil
}

func parseIntRange(t Type, s string) (Type, error) {
	m := intRange.FindStringSubmatch(s)
	if m == nil {
		return t, fmt.Errorf("the range of an int is written as 0..100")
	}
	for i, end := range []**int{&t.Min, &t.Max} {
		if m[i+1] == "" {
			continue
		}
		n, err := strconv.Atoi(m[i+1])
		if err != nil {
			return t, fmt.Errorf("the range of the int is too large")
		}
		*end = &n
	}
	if t.Min != nil && t.Max != nil && *t.Min > *t.Max {
		return t, fmt.Errorf("the range of an int goes up, as in 0..100")
	}
	return t, nil
}

func parseEnum(t Type, s string) (Type, error) {
	inner, ok := strings.CutPrefix(s, "[")
	inner, ok2 := strings.CutSuffix(inner, "]")
	for word := range strings.SplitSeq(inner, ",") {
		t.Words = append(t.Words, strings.TrimSpace(word))
	}
	if !ok || !ok2 || slices.Contains(t.Words, "") {
		return t, fmt.Errorf("an enum is written as enum [one, two]")
	}
	return t, nil
}

func parseList(t Type, s string) (Type, error) {
	if m := bareList.FindStringSubmatch(s); m != nil {
		f, err := parseField([]string{MapValue, m[1]})
		t.Bare, t.Fields = true, []Field{f}
		return t, err
	}
	m := listType.FindStringSubmatch(s)
	if m == nil {
		return t, fmt.Errorf("a list is written as list of word, list of {host host, port port}, or list keyed by FIELD of {...}")
	}
	t.Key = m[1]
	for field := range strings.SplitSeq(m[2], ",") {
		f, err := parseField(strings.Fields(field))
		if err != nil {
			return t, err
		}
		if t.Field(f.Name) != nil {
			return t, fmt.Errorf("the field %s is given twice", f.Name)
		}
		t.Fields = append(t.Fields, f)
	}
	if t.Key != "" && t.Field(t.Key) == nil {
		return t, fmt.Errorf("the key %s is not among the fields", t.Key)
	}
	return t, nil
}

// parseField reads the words of a field: its name, its type unless that is text, and what else holds of it.
func parseField(words []string) (Field, error) {
	if len(words) == 0 {
		return Field{}, fmt.Errorf("a field has no name")
	}
	f := Field{Name: words[0], Type: Type{Name: "text"}}
	for i, word := range words[1:] {
		switch {
		case word == "required":
			f.Required = true
		case word == "secret":
			f.Secret = true
		case i == 0:
			t, err := parseType(word)
			if !t.Single() || t.Name == "enum" {
				return f, fmt.Errorf("a field can't be of type %s", t.Name)
			}
			if err != nil {
				return f, err
			}
			f.Type = t
		default:
			return f, fmt.Errorf("unknown word %q after the field %s", word, f.Name)
		}
	}
	return f, nil
}
