package cluster

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// layerReader reads the settings in a part of a document.
type layerReader struct {
	doc     *strictyaml.Document
	profile *profiles.Profile
	origin  profiles.Origin
	layer   layer
	meant   []*given // what a misspelled name probably meant
}

// readLayer reads the settings in n, whose other keys are left alone. What stands in the messages for n.
func readLayer(doc *strictyaml.Document, n *yaml.Node, what string, p *profiles.Profile, origin profiles.Origin, others ...string) layer {
	r := layerReader{doc: doc, profile: p, origin: origin, layer: layer{}}
	for _, e := range doc.Entries(n, what) {
		if !slices.Contains(others, e.Key.Value) {
			r.entry("", e, others)
		}
	}
	for _, g := range r.meant { // so that it doesn't count as missing, too
		if r.layer[g.setting.Name] == nil {
			r.layer[g.setting.Name] = g
		}
	}
	return r.layer
}

// entry reads a setting, or a group of settings whose names go on after a dot.
func (r *layerReader) entry(prefix string, e strictyaml.Entry, others []string) {
	name := prefix + e.Key.Value
	switch {
	case r.profile.Setting(name) != nil:
		r.setting(r.profile.Setting(name), e)
	case r.mapEntry(name, e):
	case r.isGroup(name) && e.Value.Kind == yaml.MappingNode:
		for _, inner := range r.doc.Entries(e.Value, name) {
			r.entry(name+".", inner, nil)
		}
	case r.isGroup(name):
		if r.holdsSecrets(name) && len(e.Value.Value) >= minRedacted { // it may be meant for one of them
			hideSecret(r.doc, e.Value)
		}
		r.hideUnknown(name, e.Value)
		r.doc.Errorf(e.Key, "its settings are "+strings.Join(r.group(name), ", "), "%s is a group of settings and has no value itself", name)
	default:
		r.hideUnknown(name, e.Value)
		known := append(r.profile.SettingNames(), others...)
		if near := r.profile.Setting(strictyaml.Nearest(name, known)); near != nil {
			r.meant = append(r.meant, &given{setting: near, origin: r.origin, name: text{r.doc, e.Key}, broken: true, lost: true})
		}
		r.doc.Errorf(e.Key, r.doc.Suggest(name, known, "known are "), "unknown setting %q", name)
	}
}

func (r *layerReader) isGroup(name string) bool { return len(r.group(name)) > 0 }

// holdsSecrets reports whether a group has a setting that is secret.
func (r *layerReader) holdsSecrets(group string) bool {
	return slices.ContainsFunc(r.group(group), func(name string) bool { return r.profile.Setting(name).Secret })
}

// group are the settings whose names start with name and a dot.
func (r *layerReader) group(name string) []string {
	var names []string
	for _, s := range r.profile.Settings {
		if strings.HasPrefix(s.Name, name+".") {
			names = append(names, s.Name)
		}
	}
	return names
}

// mapEntry reads an entry of a map that is written with dots: parameters.connTimeout.
func (r *layerReader) mapEntry(name string, e strictyaml.Entry) bool {
	for _, s := range r.profile.Settings {
		if key, ok := strings.CutPrefix(name, s.Name+"."); ok && s.Type.Name == "map" {
			g := r.layer[s.Name]
			if g == nil {
				g = &given{setting: s, origin: r.origin, name: text{r.doc, e.Key}}
				r.layer[s.Name] = g
			}
			r.addToMap(g, key, e)
			return true
		}
	}
	return false
}

func (r *layerReader) setting(s *profiles.Setting, e strictyaml.Entry) {
	g := &given{setting: s, origin: r.origin, name: text{r.doc, e.Key}}
	if before := r.layer[s.Name]; before != nil {
		if s.Type.Name != "map" {
			r.doc.Errorf(e.Key, "", "%s is given twice, first in line %d", s.Name, before.name.node.Line)
			return
		}
		g = before
	}
	r.layer[s.Name] = g
	switch {
	case s.Type.Single():
		g.single = text{r.doc, e.Value}
		g.broken = !r.text(g.single, s, nil)
	case e.Value.Kind == yaml.ScalarNode && e.Value.Value == profiles.None:
		g.none = true
		g.broken = !r.mayBeNone(s, e.Value)
	case s.Type.Name == "map":
		g.broken = e.Value.Kind == yaml.ScalarNode && e.Value.Tag != "!!null" || g.broken
		g.lost = g.broken
		for _, inner := range r.doc.Entries(e.Value, s.Name) {
			r.addToMap(g, inner.Key.Value, inner)
		}
	default:
		r.list(g, e.Value)
	}
}

func (r *layerReader) addToMap(g *given, key string, e strictyaml.Entry) {
	key = strings.TrimSpace(key)
	if !g.isNew(key) {
		r.doc.Errorf(e.Key, "", "%s.%s is given twice", g.setting.Name, key)
		return
	}
	if wrong := checkKey(key); wrong != "" {
		r.doc.Errorf(e.Key, "", "a key of %s %s", g.setting.Name, wrong)
		g.broken = true
	}
	if own := r.profile.OwnSetting(g.setting, key); own != nil {
		r.doc.Errorf(e.Key, "use the setting "+own.Name, "%s.%s has a setting of its own", g.setting.Name, key)
		g.broken = true
	}
	value := text{r.doc, e.Value}
	if !r.text(value, g.setting, g.setting.Entry(key)) {
		g.broken = true
		return
	}
	name := *e.Key
	name.Value = key
	g.items = append(g.items, map[string]text{profiles.MapKey: {r.doc, &name}, profiles.MapValue: value})
}

// checkKey says what the key of a map must be where this one isn't. A selector looks for it, in which a text stands in quotes.
func checkKey(key string) string {
	if strings.Contains(key, "'") && strings.Contains(key, `"`) {
		return "can't hold both kinds of quotes"
	}
	return profiles.Type{Name: "text"}.Check(key)
}

func (r *layerReader) list(g *given, n *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		g.broken, g.lost = true, true
	}
	s, key := g.setting, g.setting.Type.Key
	for _, itemNode := range r.doc.List(n, s.Name) {
		item := r.item(g, itemNode)
		switch {
		case key != "" && item[key].node == nil:
			g.lost = true // it is reported that it has no key
			continue
		case key != "" && !g.isNew(item[key].String()):
			r.doc.Errorf(itemNode, "", "two items of %s have the %s %s", s.Name, key, item[key])
			g.broken = true
			continue
		case key == "" && !g.isNew(fingerprint(item)):
			r.doc.Errorf(itemNode, "", "two items of %s are the same", s.Name)
			g.broken = true
		}
		g.items = append(g.items, item)
	}
}

// fingerprint is the same for items that are the same.
func fingerprint(item map[string]text) string {
	fields := make(map[string]string, len(item))
	for name, t := range item {
		fields[name] = t.String()
	}
	return fmt.Sprintf("%q", fields)
}

// item reads an item of a list. Where the items have a key, other layers may add what is missing.
func (r *layerReader) item(g *given, n *yaml.Node) map[string]text {
	s := g.setting
	item := map[string]text{}
	if s.Type.Bare {
		field := &s.Type.Fields[0]
		item[field.Name] = text{r.doc, n}
		g.broken = !r.text(item[field.Name], s, field) || g.broken
		return item
	}
	known := map[string]func(strictyaml.Entry){}
	for i := range s.Type.Fields {
		field := &s.Type.Fields[i]
		known[field.Name] = func(e strictyaml.Entry) {
			item[field.Name] = text{r.doc, e.Value}
			g.broken = !r.text(item[field.Name], s, field) || g.broken
		}
	}
	r.meantFields(s, n, item)
	r.doc.Fields(n, "an item of "+s.Name, known)
	for _, field := range s.Type.Fields {
		_, ok := item[field.Name]
		if !ok && n.Kind == yaml.MappingNode && (field.Name == s.Type.Key || field.Required && s.Type.Key == "") {
			r.doc.Errorf(n, "", "an item of %s has no %s", s.Name, field.Name)
			g.broken = true
		}
	}
	return item
}

// text checks a single text, of a setting, a field of its items or an entry of its map, and reports whether it may be used. A literal is checked
// at once, a source when it is read.
func (r *layerReader) text(t text, s *profiles.Setting, field *profiles.Field) bool {
	what, valueType, isSecret := s.Name, s.Type, s.Secret
	if field != nil {
		what, valueType, isSecret = s.Part(field.Name), field.Type, s.Secret || field.Secret
	}
	if isSecret {
		hideSecret(r.doc, t.node)
	}
	if _, ok := r.doc.Text(t.node, what); !ok {
		return false
	}
	if t.String() == profiles.None {
		if field == nil || s.Type.Name == "map" {
			return r.mayBeNone(s, t.node)
		}
		t.errorf("leave it out; literal:none is the word itself", "%s can't be none, for it is a part of an item", what)
		return false
	}
	value, isLiteral := t.literal()
	if !isLiteral {
		return true
	}
	if wrong := valueType.Check(value); wrong != "" {
		if mayHoldPassword(valueType, value) {
			isSecret = true
			r.doc.Hide(t.node)
		}
		t.errorf(s.Doc, "%v", &profiles.ValueError{Name: what, Text: secret.New(value), Secret: isSecret, Wrong: wrong})
		return false
	}
	return true
}

func (r *layerReader) mayBeNone(s *profiles.Setting, n *yaml.Node) bool {
	switch {
	case s.MayBeNone():
		return true
	case s.Optional():
		r.doc.Errorf(n, "left out, it stays as the home has it", "%s can't be none: the server does not start without it", s.Name)
	default:
		r.doc.Errorf(n, "", "%s is required, so it can't be none", s.Name)
	}
	return false
}

// hideUnknown hides the value of a setting that doesn't exist where the name is near to that of a secret.
func (r *layerReader) hideUnknown(name string, n *yaml.Node) {
	if near := r.profile.Setting(strictyaml.Nearest(name, r.profile.SettingNames())); near != nil && near.Secret {
		hideSecret(r.doc, n)
	}
	if n.Kind == yaml.MappingNode {
		for _, e := range r.doc.Entries(n, name) {
			r.hideUnknown(name+"."+e.Key.Value, e.Value)
		}
	}
}

// meantFields takes the fields that n misspells for those that were probably meant, so that these don't count as missing, too.
// The values of secrets are hidden.
func (r *layerReader) meantFields(s *profiles.Setting, n *yaml.Node, item map[string]text) {
	var names []string
	for _, field := range s.Type.Fields {
		names = append(names, field.Name)
	}
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		near := s.Type.Field(strictyaml.Nearest(n.Content[i].Value, names))
		if near == nil {
			continue
		}
		if near.Secret {
			hideSecret(r.doc, n.Content[i+1])
		}
		item[near.Name] = text{r.doc, n.Content[i+1]}
	}
}
