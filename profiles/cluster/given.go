package cluster

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/source"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// text is a single text as it is written, with its place.
type text struct {
	doc  *strictyaml.Document
	node *yaml.Node
}

// String is the text without white space around it, or "" where there is none.
func (t text) String() string {
	if t.node == nil {
		return ""
	}
	return strings.TrimSpace(t.node.Value)
}

func (t text) place() strictyaml.Place { return strictyaml.Place{Document: t.doc, Node: t.node} }

func (t text) errorf(hint, format string, args ...any) {
	t.doc.Errorf(t.node, hint, format, args...)
}

// literal is the value of t where it stands there itself, and reports whether it does.
func (t text) literal() (string, bool) {
	kind, value := source.Split(t.String())
	return strings.TrimSpace(value), kind == source.Literal
}

// given is a value as it is written, before sources are read.
type given struct {
	setting *profiles.Setting
	origin  profiles.Origin
	lower   map[*yaml.Node]profiles.Origin // of the texts in items that come from layers below; origin is that of the others
	name    text
	single  text              // of a setting that takes a single value
	items   []map[string]text // of a list, or of a map, whose items have a key and a value
	keys    map[string]bool   // of the items
	none    bool              // of a list or map
	broken  bool              // a problem with it is reported
	lost    bool              // items of it are not known, which is reported
}

// layer is what one part of a description says, by the names of settings.
type layer map[string]*given

// under returns what holds where l says something and top, which wins, does too. Lists with a key and maps are merged item by item.
func (l layer) under(top layer) layer {
	merged := make(layer, len(l)+len(top))
	for name, g := range l {
		merged[name] = g
	}
	for name, g := range top {
		if below := merged[name]; below != nil {
			g = below.under(g)
		}
		merged[name] = g
	}
	return merged
}

func (g *given) under(top *given) *given {
	key := itemKey(g.setting)
	if key == "" || top.none || g.none {
		return top
	}
	merged := *top
	merged.broken, merged.lost = top.broken || g.broken, top.lost || g.lost
	merged.items = slices.Clone(g.items)
	merged.lower = map[*yaml.Node]profiles.Origin{}
	maps.Copy(merged.lower, top.lower)
	at := map[string]int{}
	for i, item := range g.items {
		at[item[key].String()] = i
		for _, t := range item {
			merged.lower[t.node] = g.originOf(t)
		}
	}
	for _, item := range top.items {
		i, ok := at[item[key].String()]
		if !ok {
			merged.items = append(merged.items, item)
			continue
		}
		fields := map[string]text{}
		for _, from := range []map[string]text{merged.items[i], item} {
			for name, value := range from {
				fields[name] = value
			}
		}
		merged.items[i] = fields
	}
	return &merged
}

// originOf is the layer that t, which is in an item, comes from.
func (g *given) originOf(t text) profiles.Origin {
	if origin, ok := g.lower[t.node]; ok {
		return origin
	}
	return g.origin
}

// field is what the text of that name in item is for. The keys of a map are for nothing: it is nil.
func (g *given) field(item map[string]text, name string) *profiles.Field {
	return fieldOf(g.setting, name, item[profiles.MapKey].String())
}

// fieldOf is what the field of that name is for in an item of s, which in a map has a key.
func fieldOf(s *profiles.Setting, name, key string) *profiles.Field {
	if s.Type.Name == "map" && name == profiles.MapValue {
		return s.Entry(key)
	}
	return s.Type.Field(name)
}

// textPart is a value that is a single text, or a part that is.
type textPart struct {
	text
	what   string // the setting, or a part of it
	secret bool
}

// openSecrets are the secrets in g that are written out, in no particular order.
func (g *given) openSecrets() []textPart {
	return slices.DeleteFunc(g.texts(), func(t textPart) bool {
		_, literal := t.literal()
		return !t.secret || !literal || t.String() == profiles.None
	})
}

// texts are the single texts in g but for the keys of maps, in no particular order.
func (g *given) texts() []textPart {
	var all []textPart
	add := func(t text, what string, secret bool) {
		if t.node.Kind == yaml.ScalarNode {
			all = append(all, textPart{t, what, secret})
		}
	}
	if g.single.node != nil {
		add(g.single, g.setting.Name, g.setting.Secret)
	}
	for _, item := range g.items {
		for name, t := range item {
			if field := g.field(item, name); field != nil {
				add(t, g.setting.Part(field.Name), field.Secret || g.setting.Secret)
			}
		}
	}
	return all
}

// isNew reports whether no item had this key before.
func (g *given) isNew(key string) bool {
	if g.keys == nil {
		g.keys = map[string]bool{}
	}
	known := g.keys[key]
	g.keys[key] = true
	return !known
}

// itemKey is the field that tells the items of s apart, or "".
func itemKey(s *profiles.Setting) string {
	if s.Type.Name == "map" {
		return profiles.MapKey
	}
	return s.Type.Key
}
