package profiles

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// manualStep is something that an operator must do by hand.
type manualStep struct {
	name  string // unique in the profile, or ""
	text  *template
	each  string // the list or map setting that it is repeated for, or ""
	when  condition
	guide string
}

// manual reads the steps by hand. One with the name of a step of the base replaces it. Any other comes right before the step
// that follows it here, which may be one of the base, or last.
func (l *loader) manual(n *yaml.Node) {
	if n == nil {
		return
	}
	var steps []*manualStep
	for _, item := range l.List(n, "manual") {
		step := l.manualStep(item)
		if slices.ContainsFunc(steps, step.replaces) {
			l.Errorf(item, "", "two manual steps are named %q", step.name)
		}
		steps = append(steps, step)
	}
	all := l.profile.manual
	at := len(all)
	for _, step := range slices.Backward(steps) {
		if i := slices.IndexFunc(all, step.replaces); i >= 0 {
			all[i], at = step, i
			continue
		}
		all = slices.Insert(all, at, step)
	}
	l.profile.manual = all
}

func (s *manualStep) replaces(other *manualStep) bool { return s.name != "" && s.name == other.name }

func (l *loader) manualStep(n *yaml.Node) *manualStep {
	step := &manualStep{}
	fields := map[string]*yaml.Node{}
	keep := func(e strictyaml.Entry) { fields[e.Key.Value] = e.Value }
	l.Fields(n, "a manual step", map[string]func(strictyaml.Entry){
		"name": keep, "text": keep, "each": keep, "when": keep, "guide": keep,
	})
	if n := fields["name"]; n != nil {
		step.name, _ = l.Text(n, "name")
	}
	if n := fields["guide"]; n != nil {
		step.guide, _ = l.Text(n, "guide")
	}
	if n := fields["when"]; n != nil {
		step.when = l.condition(n, "when")
	}
	if n := fields["each"]; n != nil {
		step.each = l.each(n)
	}
	text := fields["text"]
	if text == nil {
		if n.Kind == yaml.MappingNode {
			l.Errorf(n, "", "a manual step has no text")
		}
		return step
	}
	if s, ok := l.Text(text, "text"); ok {
		step.text = l.template(text, s)
	}
	l.later = append(l.later, func() { l.checkManualStep(step, fields) })
	return step
}

// checkManualStep reports names that a step uses and that don't exist, and those of secrets, which would be shown.
func (l *loader) checkManualStep(step *manualStep, fields map[string]*yaml.Node) {
	var each *Setting
	if step.each != "" {
		if each = l.repeated(fields["each"], step.each); each == nil {
			return
		}
	}
	if step.text == nil {
		return
	}
	refs := slices.DeleteFunc(step.text.refs(), func(ref part) bool { return l.checkHomeRef(fields["text"], ref) })
	l.checkRefs(fields["text"], refs, each)
	for _, ref := range refs {
		s := l.profile.Setting(ref.name)
		isSecret := !ref.field && s != nil && s.Secret
		if ref.field && each != nil {
			field := each.Type.Field(ref.name)
			isSecret = each.Secret || field != nil && field.Secret
		}
		if isSecret {
			l.ErrorIn(fields["text"], ref.String(), "", "%s is secret, and this text is shown", ref)
		}
	}
}

// checkHomeRef reports whether ref speaks of the home, and what it names there if there is no such thing.
func (l *loader) checkHomeRef(n *yaml.Node, ref part) bool {
	if ref.field || !strings.HasPrefix(ref.name, homeWord+".") {
		return false
	}
	known := slices.Sorted(maps.Keys(homeTexts))
	if !slices.Contains(known, ref.name) {
		l.ErrorIn(n, ref.name, l.Suggest(ref.name, known, "known are "), "unknown %q", ref.name)
	}
	return true
}

// homeWord begins the names by which a step speaks of the home.
const homeWord = "home"

// homeTexts are what a step may say of the home: paths relative to it.
var homeTexts = map[string]func(*product.Home) string{
	homeWord + ".startScript": func(h *product.Home) string { return cmp.Or(h.StartScript(), scriptOutside(h), h.UsualScript()) },
	homeWord + ".components":  func(h *product.Home) string { return around(h) + h.Components() },
	homeWord + ".lib":         func(h *product.Home) string { return around(h) + h.Lib() },
	homeWord + ".dropins":     func(h *product.Home) string { return around(h) + h.Dropins() },
}

// around is the way to the home that one of its profiles, such as wso2/broker, lies in and shares folders with, or "".
func around(h *product.Home) string {
	way, _, _ := strings.Cut(scriptOutside(h), "bin/")
	return way
}

// Manual is what carbonpatch leaves to do by hand in home, for a node of that role with the settings v, which
// [Profile.Complete] has made whole: one text for each step, in the order of the profile. What a text names and the node has no
// value for leaves out the text, and so does a value that holds a secret. The passwords in URLs are masked.
func (p *Profile) Manual(role string, v Values, home *product.Home) []string {
	var texts []string
	sc := scope{profile: p, role: role, values: v}
	lookup := func(ref part) result {
		if of := homeTexts[ref.name]; of != nil && !ref.field {
			return result{text: secret.New(of(home))}
		}
		return sc.lookup(ref)
	}
	for _, step := range p.manual {
		if !step.when.holds(role, v) {
			continue
		}
		items := []map[string]Value{nil}
		if step.each != "" {
			items = v[step.each].Items
		}
		for _, sc.item = range items {
			r := step.text.expand(lookup)
			text := patch.MaskURLs(r.text.Reveal())
			if r.state == given && !r.secret && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	return texts
}
