package profiles

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// scope is what the references of an op are looked up in.
type scope struct {
	profile *Profile
	role    string
	values  Values
	item    map[string]Value // what an op with each is at, or nil
	// datasources are those of the home, read when they are first asked for; nil outside of a home.
	datasources func() ([]product.Datasource, error)
}

// scopeIn is the scope of a node with these values in a home.
func (p *Profile) scopeIn(home *product.Home, role string, v Values) scope {
	return scope{profile: p, role: role, values: v, datasources: sync.OnceValues(home.Datasources)}
}

func (sc scope) lookup(ref part) result {
	if ref.field {
		v, ok := sc.item[ref.name]
		return v.result(ok)
	}
	v, ok := sc.values[ref.name]
	return v.result(ok)
}

// writes reports whether the role writes the setting: it may, or the value was meant for it.
func (sc scope) writes(s *Setting) bool {
	v, ok := sc.values[s.Name]
	return s.WrittenBy(sc.role) || ok && v.Origin.explicit()
}

// value expands what is written to one place. The first setting that it names is the one that is written, the others
// are only read; it has no value where the role doesn't write it.
func (sc scope) value(t template) result {
	if refs := t.refs(); len(refs) > 0 && !refs[0].field && !sc.writes(sc.profile.Setting(refs[0].name)) {
		return result{state: unset}
	}
	return t.expand(sc.lookup)
}

// expansion is what becomes of an op for a node.
type expansion struct {
	ops       []patch.Op
	json      []patch.JSONOp
	unmanaged []patch.Op // what the role must not have, though it doesn't remove it
}

// expand puts the values of a node into op. Nothing is left of an op whose conditions don't hold, or that writes settings
// of which none has a value. The secrets and the name of what is written are those of the first that has one. An op whose
// conditions or values are open waits.
func (op *Op) expand(sc scope) (expansion, error) {
	switch {
	case len(op.when.unmet(sc.role, sc.values)) > 0:
		return expansion{}, nil
	case !op.when.holds(sc.role, sc.values):
		return op.wait(sc, true)
	}
	written := op.writes(sc.profile)
	if len(written) == 0 {
		return op.apply(sc, patch.About{})
	}
	mine := slices.DeleteFunc(slices.Clone(written), func(s *Setting) bool { return !sc.writes(s) })
	if len(mine) == 0 {
		return op.forbidden(sc, sc.about(written[0]))
	}
	for _, s := range mine {
		if v, ok := sc.values[s.Name]; ok && (!v.Unread || v.Kept) {
			return op.repeat(sc, sc.about(s))
		}
	}
	return expansion{}, nil
}

// about is what reports say about an op that writes s.
func (sc scope) about(s *Setting) patch.About {
	v := sc.values[s.Name]
	return patch.About{Setting: s.Name, Secret: s.Secret || v.Secret, Explicit: v.Origin == FromFlag}
}

// otherwise is what can be done where there is no place to write the setting to, or "".
func (sc scope) otherwise(name string) string {
	s := sc.profile.Setting(name)
	if s == nil || !s.Type.Single() || !s.MayBeNone() || sc.profile.inJSON(s) {
		return ""
	}
	return name + ": none leaves it out"
}

// inJSON reports whether s is written to a JSON file, where none is refused.
func (p *Profile) inJSON(s *Setting) bool {
	for _, f := range p.Files {
		for _, op := range f.Ops {
			if op.pointer != "" && slices.Contains(op.writes(p), s) {
				return true
			}
		}
	}
	return false
}

// repeat applies op once, or once for each item.
func (op *Op) repeat(sc scope, about patch.About) (expansion, error) {
	if op.each == "" || op.verb == xmlops.List {
		return op.apply(sc, about)
	}
	if sc.values[op.each].Open {
		return op.wait(sc, true)
	}
	var all expansion
	for _, sc.item = range sc.values[op.each].Items {
		about.Explicit = isExplicit(sc.item)
		one, err := op.apply(sc, about)
		if err != nil {
			return all, err
		}
		all.ops = append(all.ops, one.ops...)
	}
	return all, nil
}

// isExplicit reports whether a part of an item was given on the command line.
func isExplicit(item map[string]Value) bool {
	for _, v := range item {
		if v.Origin == FromFlag {
			return true
		}
	}
	return false
}

// forbidden is what becomes of an op whose setting is for other roles.
func (op *Op) forbidden(sc scope, about patch.About) (expansion, error) {
	if op.verb == 0 || op.each != "" && op.verb != xmlops.List {
		return expansion{}, nil
	}
	sel, r, err := op.sel.expand(sc.lookup)
	if err != nil || r.state != given {
		return expansion{}, err
	}
	about.Name = op.label(about)
	made := patch.Op{Op: xmlops.Op{Verb: xmlops.Remove, Select: sel, All: true}, About: about}
	return expansion{unmanaged: []patch.Op{made}}, nil
}

// apply makes the operation, of which reports say what about says.
func (op *Op) apply(sc scope, about patch.About) (expansion, error) {
	if op.pointer != "" {
		return op.setJSON(sc, about)
	}
	sel, key, err := op.sel.expand(sc.lookup)
	switch {
	case key.state == open:
		return op.wait(sc, true)
	case err != nil || key.state != given:
		return expansion{}, err
	}
	about.Otherwise = sc.otherwise(about.Setting)
	made := patch.Op{About: about}
	made.Name = op.label(about)
	made.Secret = made.Secret || key.secret
	made.Op = xmlops.Op{
		Verb: op.verb, Select: sel, Create: op.create, After: op.after, Before: op.before,
		From: op.from, All: op.all, Optional: op.optional,
	}
	switch isKnown, err := op.except(sc, &made); {
	case err != nil:
		return expansion{}, err
	case !isKnown:
		return op.wait(sc, true)
	}
	about, state, unsure, kept := made.About, given, false, false
	switch op.verb {
	case xmlops.Set:
		r := sc.value(*op.to)
		made.Value, made.Secret, state, unsure, kept = r.text.Reveal(), made.Secret || r.secret, r.state, r.unsure, r.kept
	case xmlops.Ensure:
		state = op.fill(sc, about, &made)
		unsure = slices.ContainsFunc(op.leaves, func(at leaf) bool { return sc.value(at.value).unsure })
	case xmlops.List:
		switch v := sc.values[op.each]; {
		case v.None:
			state = none
		case v.holdsOpen():
			state, unsure = open, v.Unsure
		}
		for _, sc.item = range sc.values[op.each].Items {
			op.fill(sc, about, &made)
		}
	}
	switch {
	case state == none:
		return op.absent(sc, made)
	case state == open:
		return op.wait(sc, unsure)
	case kept: // it stays, and what is created later goes behind it, as where its value is read
		return expansion{ops: []patch.Op{{Op: xmlops.Op{Verb: xmlops.Remove, Select: sel, Unless: sel, Optional: true}}}}, nil
	case state == unset:
		return expansion{}, nil
	}
	return expansion{ops: []patch.Op{made}}, nil
}

// wait is what becomes of op where it depends on what is open: nothing is done, but what it would create keeps its place before
// what comes later. Unsure says that there may be no such op on the node.
func (op *Op) wait(sc scope, unsure bool) (expansion, error) {
	if op.verb != xmlops.Set && op.verb != xmlops.Ensure && op.verb != xmlops.List {
		return expansion{}, nil
	}
	sel, _, err := op.sel.expand(func(ref part) result {
		r := sc.lookup(ref)
		r.state = given // what an open key leaves out, the place does not need
		return r
	})
	if err != nil {
		return expansion{}, err
	}
	waits := patch.Op{Op: xmlops.Op{Verb: op.verb, Select: sel, After: op.after, Before: op.before, Waits: true, Unsure: unsure}}
	return expansion{ops: []patch.Op{waits}}, nil
}

// except says where what is made does nothing, and where it may miss, and reports whether that is known.
func (op *Op) except(sc scope, made *patch.Op) (bool, error) {
	isKnown := true
	expand := func(sel *selector) (xmlops.Selector, error) {
		expanded, r, err := sel.expand(sc.lookup)
		isKnown = isKnown && r.state != open
		return expanded, err
	}
	var err error
	if op.unless != nil {
		if made.Unless, err = expand(op.unless); err != nil {
			return false, err
		}
	}
	for _, sel := range op.instead {
		expanded, err := expand(sel)
		if err != nil {
			return false, err
		}
		made.Instead = append(made.Instead, expanded)
	}
	return isKnown, nil
}

// setJSON makes the operation on a JSON file. Nothing there can stand for the value none: a member that is missing is read as
// something else by every application.
func (op *Op) setJSON(sc scope, about patch.About) (expansion, error) {
	r := sc.value(*op.to)
	switch r.state {
	case none:
		return expansion{}, sc.values[about.Setting].Place.Problem("leave the setting out", "%s can't be none, for it is written to a JSON file", about.Setting)
	case unset, open:
		return expansion{}, nil
	}
	about.Name, about.Secret = cmp.Or(op.Name, about.Setting, op.pointer), about.Secret || r.secret
	made := patch.JSONOp{Op: jsonops.Op{Pointer: op.pointer, Value: r.text.Reveal(), Optional: op.optional}, About: about}
	return expansion{json: []patch.JSONOp{made}}, nil
}

// fill adds the fragment with its values to what is made. What has no value is left out; the state is that of the
// fragment itself where it is a single leaf. The items of op are told of by about.
func (op *Op) fill(sc scope, about patch.About, made *patch.Op) state {
	expand := func(text string) result {
		t, _ := parseTemplate(text) // loading has checked it
		return sc.value(t)
	}
	made.Items = append(made.Items, op.xml.Map(func(text string) (string, bool) {
		r := expand(text)
		return r.text.Reveal(), r.state == given
	}))
	if made.Leaves == nil {
		made.Leaves = map[string]patch.About{}
	}
	for _, leaf := range op.leaves {
		way := expand(leaf.way).text.Reveal()
		told := op.aboutLeaf(sc, leaf, about)
		told.Secret = told.Secret || sc.value(leaf.value).secret || made.Leaves[way].Secret
		made.Leaves[way] = told
		made.Secret = made.Secret || told.Secret
	}
	if len(op.xml.Children) == 0 && op.xml.Text != "" {
		return expand(op.xml.Text).state
	}
	if slices.ContainsFunc(op.leaves, func(at leaf) bool { return sc.value(at.value).state == open && !op.mayLack(sc, at) }) {
		return open
	}
	return given
}

// mayLack reports whether the fragment of op can be written without a leaf that is open: an attribute would come last when it comes
// later, and an element with nothing in it says something else.
func (op *Op) mayLack(sc scope, lacks leaf) bool {
	around := lacks.way[:max(0, strings.LastIndexByte(lacks.way, '/'))]
	return !strings.Contains(lacks.way, "/@") && slices.ContainsFunc(op.leaves, func(at leaf) bool {
		beside, isIn := strings.CutPrefix(at.way, around+"/")
		return isIn && !strings.Contains(beside, "@") && sc.value(at.value).state == given
	})
}

// aboutLeaf is what reports say about a value of the fragment: the setting that it writes, which for the fields of an item is that
// of about, or none for a constant.
func (op *Op) aboutLeaf(sc scope, at leaf, about patch.About) patch.About {
	refs := at.value.refs()
	switch {
	case len(refs) == 0:
		return patch.About{Name: cmp.Or(op.Name, op.sel.String()+at.way)}
	case refs[0].field:
		return about
	}
	about = sc.about(sc.profile.Setting(refs[0].name))
	about.Name = op.label(about)
	return about
}

// absent makes the operation that the value none stands for.
func (op *Op) absent(sc scope, made patch.Op) (expansion, error) {
	sel, verb := op.sel, op.none
	if verb == 0 && (made.Secret || sel.element() != sel) { // a secret would stay, in a comment
		verb = xmlops.Remove
	}
	if verb == 0 {
		verb = xmlops.Comment
	}
	if verb == xmlops.Comment {
		sel = sel.element()
	}
	selected, _, err := sel.expand(sc.lookup)
	if err != nil {
		return expansion{}, err
	}
	made.Op = xmlops.Op{Verb: verb, Select: selected, All: true}
	return expansion{ops: []patch.Op{made}}, nil
}

// label is what reports call op: its name, or else what it writes, or where.
func (op *Op) label(about patch.About) string {
	switch {
	case op.Name != "":
		return op.Name
	case about.Setting != "":
		return about.Setting
	}
	return op.sel.String()
}
