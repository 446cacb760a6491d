package profiles

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/carbonpatch/carbonpatch/patch"
)

// Type is what the value of a setting may be.
type Type struct {
	// Name is text, word, ip, host, hosts, port, int, bool, url, enum, size, list or map.
	Name     string
	Min, Max *int     // int: the range, nil where it has no such end
	Words    []string // enum
	Fields   []Field  // list: what an item holds
	Key      string   // list: the field that tells the items apart, or ""
}

// Field is one field of the items of a list.
type Field struct {
	Name     string
	Type     Type
	Required bool
	Secret   bool
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
)

// parseType reads a type as a profile writes it: port, int 0..56000, enum [svn, git], list of {host hosts required, port
// port required}, list keyed by jndi of {jndi word required, password text secret}.
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
	m := listType.FindStringSubmatch(s)
	if m == nil {
		return t, fmt.Errorf("a list is written as list of {host host, port port}, or list keyed by FIELD of {...}")
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
			if err != nil {
				return f, err
			}
			if !t.Single() || t.Name == "enum" {
				return f, fmt.Errorf("a field can't be of type %s", t.Name)
			}
			f.Type = t
		default:
			return f, fmt.Errorf("unknown word %q after the field %s", word, f.Name)
		}
	}
	return f, nil
}

var (
	hostName    = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$`)
	dottedDigit = regexp.MustCompile(`^[0-9.-]+$`)
	octetRange  = regexp.MustCompile(`^(\d+\.\d+\.\d+)\.(\d+)-(\d+)$`)
	number      = regexp.MustCompile(`^(0|-?[1-9]\d*)$`)
	heapSize    = regexp.MustCompile(`^[1-9]\d*[kKmMgG]?$`)
	reference   = regexp.MustCompile(`\$\{[^{}]+\}`)
)

// maxText is the size in bytes of the longest value.
const maxText = 8 << 10

// Check says what a single value must be where s isn't that, in words that follow the name of the setting: "must be 1 to 65535".
// It says "" where s is right. What holds a ${reference}, which the product resolves when it starts, is not looked into.
func (t Type) Check(s string) string {
	switch {
	case len(s) > maxText:
		return fmt.Sprintf("must be at most %d bytes long", maxText)
	case !utf8.ValidString(s):
		return "must be UTF-8"
	case strings.ContainsFunc(s, isControl):
		return "must not hold line breaks or control characters"
	case s == patch.Mask:
		return "must be the value itself, not the mask that hides it"
	case t.Name != "enum" && t.Name != "bool" && reference.MatchString(s):
		return ""
	}
	switch t.Name {
	case "word":
		if s == "" || strings.ContainsAny(s, " \t") {
			return "must be one word without blanks"
		}
	case "ip":
		if !isIP(s) {
			return "must be an IP address"
		}
	case "host":
		if !isHost(s) {
			return "must be a host name or an IP address"
		}
	case "hosts":
		return checkHosts(s)
	case "port":
		return checkInt(s, 1, 65535)
	case "int":
		return t.checkInt(s)
	case "bool":
		if s != "true" && s != "false" {
			return "must be true or false"
		}
	case "url":
		if u, err := url.Parse(s); err != nil || u.Scheme == "" || u.Host == "" && u.Path == "" || strings.ContainsAny(s, " \t") {
			return "must be a URL such as https://host/path"
		}
	case "enum":
		if !slices.Contains(t.Words, s) {
			return "must be one of " + strings.Join(t.Words, ", ")
		}
	case "size":
		if !heapSize.MatchString(s) {
			return "must be a size such as 512m or 4g"
		}
	}
	return ""
}

func isControl(r rune) bool {
	return r < 0x20 && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff
}

func isIP(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Zone() == ""
}

// isHost takes host names, underscores included since containers have them. What has only digits and dots must be an address.
func isHost(s string) bool {
	return isIP(s) || len(s) <= 253 && hostName.MatchString(s) && !dottedDigit.MatchString(s)
}

// checkHosts takes what isHost takes, and a range in the last octet of an IPv4 address.
func checkHosts(s string) string {
	m := octetRange.FindStringSubmatch(s)
	if m == nil {
		if isHost(s) {
			return ""
		}
		return "must be a host name, an IP address, or a range in the last octet such as 10.0.0.2-10"
	}
	lo, errLo := strconv.Atoi(m[2])
	hi, errHi := strconv.Atoi(m[3])
	if errLo != nil || errHi != nil || hi > 255 || !isIP(m[1]+"."+m[2]) {
		return "must be a range of IP addresses such as 10.0.0.2-10"
	}
	if lo > hi {
		return "must be a range that goes up"
	}
	return ""
}

func (t Type) checkInt(s string) string {
	switch {
	case t.Min != nil && t.Max != nil:
		return checkInt(s, *t.Min, *t.Max)
	case !number.MatchString(s):
		return "must be a whole number"
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil:
		return "must be a smaller number"
	case t.Min != nil && n < *t.Min:
		return fmt.Sprintf("must be %d or more", *t.Min)
	case t.Max != nil && n > *t.Max:
		return fmt.Sprintf("must be %d or less", *t.Max)
	}
	return ""
}

func checkInt(s string, lo, hi int) string {
	n, err := strconv.Atoi(s)
	if err != nil || !number.MatchString(s) || n < lo || n > hi {
		return fmt.Sprintf("must be %d to %d", lo, hi)
	}
	return ""
}
