package profiles

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/source"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// variableName is what the name of an environment variable looks like.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

var settingName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$`)

// reserved are names that a setting can't begin with, since a node, a condition or a step by hand uses them for something else.
var reserved = []string{roleWord, homeWord}

// settings reads settings. One that the base has already keeps what isn't named here.
func (l *loader) settings(n *yaml.Node) {
	for _, e := range l.Entries(n, "settings") {
		name := e.Key.Value
		s := l.profile.Setting(name)
		if s == nil {
			s = &Setting{Name: name, Phase: ImagePhase}
			l.profile.addSetting(s)
			group, _, _ := strings.Cut(name, ".")
			if !settingName.MatchString(name) || slices.Contains(reserved, group) {
				l.Errorf(e.Key, "a name has letters, digits, _ and -, in parts with dots between; role and home are taken", "%q can't be the name of a setting", name)
			}
		}
		s.place = strictyaml.Place{Document: l.Document, Node: e.Key}
		l.setting(s, e)
	}
	l.later = append(l.later, l.checkGroups, l.checkCircles)
}

// The phases in which a setting becomes known: when an image is built, or on the node itself.
const (
	ImagePhase = "image"
	NodePhase  = "node"
)

// Phases says in words when the value of s becomes known: image, node, or which parts of it on the node only.
func (s *Setting) Phases() string {
	if s.Phase == NodePhase {
		return NodePhase
	}
	if s.Type.Name == "map" {
		return ImagePhase + "; " + NodePhase + " for what has a name like a secret, as vaultPassword"
	}
	var late []string
	for _, f := range s.Type.Fields {
		if f.Phase() == NodePhase {
			late = append(late, f.Name)
		}
	}
	if late == nil {
		return ImagePhase
	}
	return ImagePhase + "; " + NodePhase + " for " + strings.Join(late, ", ")
}

func (l *loader) setting(s *Setting, e strictyaml.Entry) {
	what := "the setting " + s.Name
	fields := map[string]*yaml.Node{}
	keep := func(f strictyaml.Entry) { fields[f.Key.Value] = f.Value }
	text := func(to *string) func(strictyaml.Entry) {
		return func(f strictyaml.Entry) { *to, _ = l.Text(f.Value, f.Key.Value) }
	}
	l.Fields(e.Value, what, map[string]func(strictyaml.Entry){
		"type": keep, "default": keep, "required": keep, "secret": keep, "phase": keep, "roles": keep,
		"none": keep, "env": keep, "doc": text(&s.Doc), "guide": text(&s.Guide), "carbon": text(&s.Carbon),
	})
	if n := fields["type"]; n != nil {
		l.settingType(s, n)
	} else if s.Type.Name == "" {
		l.Errorf(e.Key, "types are "+strings.Join(typeNames, ", "), "%s has no type", what)
	}
	if n := fields["secret"]; n != nil {
		if s.Secret = l.bool(n, "secret"); s.Secret {
			s.Phase = NodePhase
		}
	}
	if n := fields["env"]; n != nil {
		text, ok := l.Text(n, "env")
		if s.Env = text; ok && (!s.Secret || !variableName.MatchString(text)) {
			l.Errorf(n, "", "env must be the name of an environment variable, for a setting that is secret")
		}
	}
	if n := fields["phase"]; n != nil {
		text, ok := l.Text(n, "phase")
		if s.Phase = text; ok && text != ImagePhase && text != NodePhase {
			l.Errorf(n, "", "phase must be image or node")
		}
	}
	if n := fields["roles"]; n != nil {
		l.settingRoles(s, n)
	}
	if n := fields["none"]; n != nil {
		s.needed = !l.bool(n, "none")
	}
	if n := fields["required"]; n != nil {
		l.required(s, n)
	}
	if n := fields["default"]; n != nil {
		s.fallback = l.preset(s, n)
	}
}

func (l *loader) settingType(s *Setting, n *yaml.Node) {
	text, ok := l.Text(n, "type")
	if !ok {
		return
	}
	t, err := parseType(text)
	if err != nil {
		l.Errorf(n, "types are "+strings.Join(typeNames, ", "), "%v", err)
		return
	}
	if s.Type.Name != "" && !t.replaces(s.Type) { // operations of the base would find nothing, and take away what is there
		l.Errorf(n, "it may add fields", "%s is %s in the profile that this one extends, and must stay so", s.Name, s.Type)
		return
	}
	s.Type = t
}

func (l *loader) settingRoles(s *Setting, n *yaml.Node) {
	s.Roles = l.texts(n, "a role")
	l.later = append(l.later, func() { l.checkRoleNames(n) })
}

// checkRoleNames reports the texts in n that are roles neither of the profile nor of its base.
func (l *loader) checkRoleNames(n *yaml.Node) {
	known := append(l.profile.RoleNames(), l.baseRoles...)
	for _, item := range items(n) {
		if name := strings.TrimPrefix(item.Value, "!"); item.Kind == yaml.ScalarNode && !slices.Contains(known, name) {
			l.ErrorIn(item, name, l.Suggest(name, known, "known are "), "unknown role %q", name)
		}
	}
}

// required reads true, false, or the condition under which a value is needed.
func (l *loader) required(s *Setting, n *yaml.Node) {
	s.required, s.requiredIf = false, nil
	if n.Kind == yaml.MappingNode {
		s.requiredIf = l.condition(n, "required")
		return
	}
	s.required = l.bool(n, "required")
}

// preset reads a value that the profile itself gives to s: a text that may name other settings.
func (l *loader) preset(s *Setting, n *yaml.Node) *template {
	text, ok := l.Text(n, "the value of "+s.Name)
	if !ok {
		return nil
	}
	if !s.Type.Single() {
		l.Errorf(n, "", "%s is a %s; only single values can be given here", s.Name, s.Type.Name)
		return nil
	}
	if s.Secret {
		l.Hide(n)
	}
	if kind, _ := source.Split(text); kind != source.Literal || strings.HasPrefix(text, "literal:") {
		l.Errorf(n, "name it in the cluster file, or with --set", "a profile can't take a value from a source")
		return nil
	}
	t := l.template(n, text)
	if t == nil {
		return nil
	}
	if len(t.refs()) == 0 && text != None {
		if wrong := s.Type.Check(t.String()); wrong != "" {
			l.Errorf(n, "", "%v", &ValueError{Name: s.Name, Text: secret.New(text), Secret: s.Secret, Wrong: wrong})
		}
	}
	l.later = append(l.later, func() {
		if s.Secret && len(t.refs()) == 0 && text != None {
			l.Errorf(n, "name it in the cluster file, or with --set", "%s is secret, so its value can't stand in a profile", s.Name)
		}
		if text == None && !s.MayBeNone() {
			l.Errorf(n, "", "%s is required, so it can't be none", s.Name)
		}
		l.checkRefs(n, t.refs(), nil)
	})
	return t
}

// checkGroups reports settings whose names are the groups of others, each once: a value would then be two things.
func (l *loader) checkGroups() {
	reported := map[*yaml.Node]bool{}
	for _, s := range l.profile.Settings {
		for i := strings.LastIndexByte(s.Name, '.'); i > 0; i = strings.LastIndexByte(s.Name[:i], '.') {
			group := l.profile.Setting(s.Name[:i])
			if group == nil {
				continue
			}
			at := s.place
			if at.Document != l.Document {
				at = group.place
			}
			if at.Document == l.Document && !reported[at.Node] {
				reported[at.Node] = true
				l.Errorf(at.Node, "", "%q is a setting, so there can't be %q", group.Name, s.Name)
			}
		}
	}
}

// checkCircles reports defaults that need themselves, for any role.
func (l *loader) checkCircles() {
	reported := map[string]bool{}
	for _, role := range append([]*Role{{}}, l.profile.Roles...) {
		needs := map[string]*template{}
		for _, s := range l.profile.Settings {
			needs[s.Name] = s.fallback
		}
		for _, v := range role.Values {
			needs[v.Setting] = v.value
		}
		search := circleSearch{needs: needs, clear: map[string]bool{}}
		for _, s := range l.profile.Settings {
			circle := search.from(s.Name, nil)
			if circle == nil || reported[circle[0]] {
				continue
			}
			l.Errorf(l.placeOf(circle), "", "the value of %s needs itself: %s", circle[0], strings.Join(circle, " needs "))
			for _, name := range circle {
				reported[name] = true
			}
		}
	}
}

// placeOf is where the first of some settings stands that is in this file, which may only give values to those of its base.
func (l *loader) placeOf(names []string) *yaml.Node {
	for _, name := range names {
		if s := l.profile.Setting(name); s.place.Document == l.Document {
			return s.place.Node
		}
	}
	return l.Root
}

// circleSearch looks for values that need themselves.
type circleSearch struct {
	needs map[string]*template
	clear map[string]bool // names that lead to no circle
}

// from follows the references from name, to which way has led, and returns a circle or nil.
func (c circleSearch) from(name string, way []string) []string {
	if i := slices.Index(way, name); i >= 0 {
		return append(way[i:], name)
	}
	if c.needs[name] == nil || c.clear[name] {
		return nil
	}
	for _, ref := range c.needs[name].refs() {
		if circle := c.from(ref.name, append(slices.Clip(way), name)); circle != nil {
			return circle
		}
	}
	c.clear[name] = true
	return nil
}

// checkRefs reports references in n to settings that don't exist or can't stand in a text, and to fields that the
// items of each don't have; each is nil outside of what is repeated.
func (l *loader) checkRefs(n *yaml.Node, refs []part, each *Setting) {
	for _, ref := range refs {
		if !ref.field {
			if s := l.used(n, ref.name); s != nil && !s.Type.Single() {
				l.ErrorIn(n, ref.String(), "use each, and $(.field)", "%s is a %s, not a single value", s.Name, s.Type.Name)
			}
			continue
		}
		if each == nil {
			l.ErrorIn(n, ref.String(), "", "%s is a field, but there is no each", ref)
			continue
		}
		if names := each.Type.fieldNames(); !slices.Contains(names, ref.name) {
			l.ErrorIn(n, ref.String(), l.Suggest(ref.name, names, "known are "), "the items of %s have no field %q", each.Name, ref.name)
		}
	}
}

// Part is what messages call the field of an item: members.port, or the setting itself where the items are single values.
func (s *Setting) Part(field string) string {
	if s.Type.Bare {
		return s.Name
	}
	return s.Name + "." + field
}

// Entry is what the value of a map setting with that key takes. It is secret where its key says so.
func (s *Setting) Entry(key string) *Field {
	return &Field{Name: key, Type: Type{Name: "text"}, Secret: s.Secret || xmlops.Sensitive(key)}
}

// fieldNames are the names that $(.field) may have in what is repeated for a value of type t.
func (t Type) fieldNames() []string {
	if t.Name == "map" {
		return []string{MapKey, MapValue}
	}
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name
	}
	return names
}

// replaces reports whether what is repeated for a value of type base can be repeated for one of type t.
func (t Type) replaces(base Type) bool {
	for _, name := range base.fieldNames() {
		if !slices.Contains(t.fieldNames(), name) {
			return false
		}
	}
	return t.Single() == base.Single() && t.Key == base.Key
}
