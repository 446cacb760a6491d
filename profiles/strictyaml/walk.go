package strictyaml

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Entry is one key of a mapping with its value.
type Entry struct {
	Key, Value *yaml.Node
}

// Entries returns the keys of the mapping n in the order of the source. Nothing at all (n is nil or null) is an empty
// mapping; anything else is a problem, which calls n what.
func (d *Document) Entries(n *yaml.Node, what string) []Entry {
	if n == nil || isNull(n) {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		d.Errorf(n, "", "%s must be a mapping, lines of the form key: value", what)
		return nil
	}
	entries := make([]Entry, 0, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		if key := n.Content[i]; key.Kind != yaml.ScalarNode || isNull(key) {
			continue // that is reported
		}
		entries = append(entries, Entry{n.Content[i], n.Content[i+1]})
	}
	return entries
}

// Fields hands the value of each key of the mapping n to the function known by that name. An unknown key is a
// problem, with the nearest known one as its hint.
func (d *Document) Fields(n *yaml.Node, what string, known map[string]func(Entry)) {
	for _, e := range d.Entries(n, what) {
		if read, ok := known[e.Key.Value]; ok {
			read(e)
			continue
		}
		names := slices.Sorted(maps.Keys(known))
		d.Errorf(e.Key, d.Suggest(e.Key.Value, names, "known are "), "unknown key %q in %s", e.Key.Value, what)
	}
}

// Text returns the text of the scalar n as it is written there, so 0123 stays 0123. A problem calls n what.
func (d *Document) Text(n *yaml.Node, what string) (string, bool) {
	switch {
	case isNull(n):
		d.Errorf(n, "", "%s has no value", what)
	case n.Kind != yaml.ScalarNode:
		d.Errorf(n, "", "%s must be a single value", what)
	default:
		return n.Value, true
	}
	return "", false
}

// List returns the items of the list n. A problem calls n what.
func (d *Document) List(n *yaml.Node, what string) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		d.Errorf(n, "", "%s must be a list", what)
		return nil
	}
	return n.Content
}

// Suggest is the hint for a name in the document that is not among the known ones. It is "" where there are so many
// problems already that no more are kept.
func (d *Document) Suggest(name string, known []string, otherwise string) string {
	if len(d.problems) > maxFound {
		return ""
	}
	return Suggest(name, known, otherwise)
}

// Suggest is the hint for a name that is not among the known ones: the nearest, or all of them after the words of
// otherwise where none is near.
func Suggest(name string, known []string, otherwise string) string {
	if near := Nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) == 0 || len(known) > 20 {
		return ""
	}
	return otherwise + strings.Join(known, ", ")
}
