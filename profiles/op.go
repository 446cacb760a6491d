package profiles

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// verbs are the keys of which an op has one, in the order of the documentation. The value is what makes up the
// operation, json aside.
var verbs = []struct {
	key  string
	verb xmlops.Verb
	keys []string // that go with it, besides those that go with any
}{
	{"set", xmlops.Set, []string{"to", "each", "create", "after", "before", "from", "count", "none"}},
	{"ensure", xmlops.Ensure, []string{"xml", "each", "after", "before", "count", "none"}},
	{"list", xmlops.List, []string{"xml", "each", "after", "before", "none"}},
	{"uncomment", xmlops.Uncomment, []string{"count"}},
	{"comment", xmlops.Comment, []string{"count"}},
	{"remove", xmlops.Remove, []string{"each", "count"}},
	{"json", 0, []string{"to"}},
}

// needs are keys that a verb can't do without.
var needs = map[string][]string{"set": {"to"}, "ensure": {"xml"}, "list": {"each", "xml"}, "json": {"to"}}

// op reads an op. What is wrong with it is reported; the result then is good for nothing but its name.
func (l *loader) op(n *yaml.Node) *Op {
	op := &Op{place: strictyaml.Place{Document: l.Document, Node: n}}
	if n.Kind != yaml.MappingNode {
		l.Errorf(n, "", "an op must be a mapping, lines of the form key: value")
		return op
	}
	fields := map[string]strictyaml.Entry{}
	known := map[string]func(strictyaml.Entry){}
	keep := func(e strictyaml.Entry) { fields[e.Key.Value] = e }
	for _, key := range []string{"name", "guide", "to", "xml", "each", "create", "after", "before", "from", "count", "optional", "none", "when", "unless"} {
		known[key] = keep
	}
	for _, v := range verbs {
		known[v.key] = keep
	}
	l.Fields(n, "the op", known)
	if verb, ok := l.verb(n, fields); ok {
		l.opKeys(op, verb, fields)
	}
	l.later = append(l.later, func() { l.checkOp(op, fields) })
	return op
}

// verb finds the one verb of an op and reports keys that don't go with it, and those that it lacks.
func (l *loader) verb(n *yaml.Node, fields map[string]strictyaml.Entry) (string, bool) {
	verb := ""
	var allowed []string
	for _, v := range verbs {
		e, ok := fields[v.key]
		switch {
		case ok && verb != "":
			l.Errorf(e.Key, "", "an op has either %s or %s", verb, v.key)
			return "", false
		case ok:
			verb, allowed = v.key, v.keys
		}
	}
	if verb == "" {
		l.Errorf(n, "an op has one of set, ensure, list, uncomment, comment, remove, json", "the op does nothing")
		return "", false
	}
	common := []string{verb, "name", "guide", "when", "unless", "optional"}
	if verb == "json" {
		common = slices.DeleteFunc(common, func(key string) bool { return key == "unless" }) // which is a selector
	}
	for _, key := range sortedKeys(fields) {
		if !slices.Contains(common, key) && !slices.Contains(allowed, key) {
			l.Errorf(fields[key].Key, "with it go "+strings.Join(append(slices.Clone(allowed), common[1:]...), ", "), "%s doesn't go with %s", key, verb)
		}
	}
	for _, key := range needs[verb] {
		if _, ok := fields[key]; !ok {
			l.Errorf(fields[verb].Key, "", "%s needs %s", verb, key)
		}
	}
	return verb, true
}

func (l *loader) opKeys(op *Op, verb string, fields map[string]strictyaml.Entry) {
	text := func(key string) string {
		if e, ok := fields[key]; ok {
			s, _ := l.Text(e.Value, key)
			return s
		}
		return ""
	}
	op.Name, op.Guide = text("name"), text("guide")
	for _, v := range verbs {
		if v.key == verb {
			op.verb = v.verb
		}
	}
	if verb == "json" {
		op.pointer = l.pointer(fields[verb].Value)
	} else {
		op.sel = l.selector(fields[verb], verb)
		if op.sel != nil && op.sel.element() != op.sel && op.verb != xmlops.Set && op.verb != xmlops.Remove {
			l.Errorf(fields[verb].Value, "", "%s takes a selector of elements, not of an attribute", verb)
		}
	}
	if e, ok := fields["unless"]; ok {
		op.unless = l.selector(e, "unless")
	}
	if e, ok := fields["to"]; ok {
		if s, ok := l.Text(e.Value, "to"); ok {
			op.to = l.template(e.Value, s)
		}
	}
	if e, ok := fields["xml"]; ok {
		op.xml, op.leaves = l.fragment(e.Value)
	}
	if e, ok := fields["each"]; ok {
		op.each = l.each(e.Value)
	}
	if e, ok := fields["from"]; ok {
		op.from = l.texts(e.Value, "from")
	}
	if e, ok := fields["when"]; ok {
		op.when = l.condition(e.Value, "when")
	}
	op.after, op.before = l.step(fields["after"]), l.step(fields["before"])
	op.create = l.flag(fields["create"])
	op.optional, op.instead = l.optional(fields["optional"], verb)
	op.all = l.count(fields["count"])
	op.none = l.none(fields["none"])
}

func (l *loader) selector(e strictyaml.Entry, what string) *selector {
	text, ok := l.Text(e.Value, what)
	if !ok {
		return nil
	}
	sel, err := parseSelector(text)
	var xmlError *xmlops.Error
	var wrong *textError
	switch {
	case errors.As(err, &xmlError):
		l.ErrorAt(e.Value, xmlError.Column-1, 1, xmlError.Hint, "%s", xmlError.Msg)
	case errors.As(err, &wrong):
		l.ErrorIn(e.Value, wrong.part, "", "%s", wrong.msg)
	}
	return sel
}

// pointer reads a JSON Pointer.
func (l *loader) pointer(n *yaml.Node) string {
	text, ok := l.Text(n, "json")
	if ok && !strings.HasPrefix(text, "/") {
		l.Errorf(n, "", "a JSON Pointer starts with /")
	}
	return text
}

// fragment reads XML whose values may name settings.
func (l *loader) fragment(n *yaml.Node) (*xmlops.Fragment, []leaf) {
	text, ok := l.Text(n, "xml")
	if !ok {
		return nil, nil
	}
	f, err := xmlops.ParseFragment(text)
	if err != nil {
		l.Errorf(n, "", "the xml can't be read: %v", err)
		return nil, nil
	}
	if err := f.Ambiguous(); err != nil {
		l.Errorf(n, "give each of them a name or key attribute of its own", "%v", err)
	}
	var leaves []leaf
	for _, at := range f.Leaves() {
		if value := l.template(n, at.Text); value != nil {
			leaves = append(leaves, leaf{at.Way, *value})
		}
	}
	return f, leaves
}

// each reads $(name), the setting that an op is repeated for.
func (l *loader) each(n *yaml.Node) string {
	text, ok := l.Text(n, "each")
	if !ok {
		return ""
	}
	t := l.template(n, text)
	if t == nil {
		return ""
	}
	if len(t.parts) != 1 || t.parts[0].name == "" || t.parts[0].field {
		l.Errorf(n, "", "each must be $(NAME), with the name of a list or map")
		return ""
	}
	return t.parts[0].name
}

func (l *loader) step(e strictyaml.Entry) *xmlops.Step {
	if e.Value == nil {
		return nil
	}
	text, ok := l.Text(e.Value, e.Key.Value)
	if !ok {
		return nil
	}
	step, err := xmlops.ParseStep(text)
	if e2 := (*xmlops.Error)(nil); errors.As(err, &e2) {
		l.ErrorAt(e.Value, e2.Column-1, 1, "", "%s", e2.Msg)
	}
	return step
}

func (l *loader) flag(e strictyaml.Entry) bool {
	return e.Value != nil && l.bool(e.Value, e.Key.Value)
}

func (l *loader) count(e strictyaml.Entry) bool {
	if e.Value == nil {
		return false
	}
	if text, ok := l.Text(e.Value, "count"); ok && text != "all" {
		l.Errorf(e.Value, "without it there must be exactly one match", "count can only be all")
	}
	return true
}

// optional reads whether it is no error that nothing matches: always, never, or where one of some selectors matches.
func (l *loader) optional(e strictyaml.Entry, verb string) (always bool, instead []*selector) {
	isFlag := e.Value != nil && e.Value.Kind == yaml.ScalarNode && !strings.HasPrefix(e.Value.Value, "/")
	if isFlag || e.Value == nil || verb == "json" {
		return l.flag(e), nil
	}
	for _, n := range items(e.Value) {
		if sel := l.selector(strictyaml.Entry{Key: e.Key, Value: n}, "optional"); sel != nil {
			instead = append(instead, sel)
		}
	}
	return false, instead
}

// items are those of a list, or n itself.
func items(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.SequenceNode {
		return n.Content
	}
	return []*yaml.Node{n}
}

// none reads what the value none does; 0 is what is usual.
func (l *loader) none(e strictyaml.Entry) xmlops.Verb {
	if e.Value == nil {
		return 0
	}
	text, _ := l.Text(e.Value, "none")
	switch text {
	case "comment":
		return xmlops.Comment
	case "remove":
		return xmlops.Remove
	}
	l.Errorf(e.Value, "", "none must be comment or remove")
	return xmlops.Comment
}

// checkOp reports names that an op uses and that don't exist.
func (l *loader) checkOp(op *Op, fields map[string]strictyaml.Entry) {
	var each *Setting
	if op.each != "" {
		if each = l.repeated(fields["each"].Value, op.each); each == nil {
			return
		}
	}
	selEach := each
	if op.verb == xmlops.List { // one selector for all items
		selEach = nil
	}
	if op.sel != nil {
		l.checkRefs(fields[op.verb.String()].Value, op.sel.refs(), selEach)
	}
	for _, sel := range op.instead {
		l.checkRefs(fields["optional"].Value, sel.refs(), selEach)
	}
	if op.unless != nil {
		l.checkRefs(fields["unless"].Value, op.unless.refs(), selEach)
	}
	if op.to != nil {
		l.checkRefs(fields["to"].Value, op.to.refs(), each)
	}
	for _, leaf := range op.leaves {
		l.checkRefs(fields["xml"].Value, leaf.value.refs(), each)
	}
}

// repeated returns the list or map of that name. Where there is none, that is a problem of n.
func (l *loader) repeated(n *yaml.Node, name string) *Setting {
	s := l.used(n, name)
	if s != nil && s.Type.Single() {
		l.Errorf(n, "", "%s is a single value, so nothing can be repeated for it", name)
		return nil
	}
	return s
}

func sortedKeys(fields map[string]strictyaml.Entry) []string {
	return slices.Sorted(maps.Keys(fields))
}
