package profiles

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
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

// manual reads the steps by hand. One with the name of a step of the base replaces it, the others come after those of the base.
func (l *loader) manual(n *yaml.Node) {
	if n == nil {
		return
	}
	names := map[string]bool{}
	for _, item := range l.List(n, "manual") {
		step := l.manualStep(item)
		if step.name != "" && names[step.name] {
			l.Errorf(item, "", "two manual steps are named %q", step.name)
		}
		names[step.name] = true
		i := slices.IndexFunc(l.profile.manual, func(s *manualStep) bool { return s.name != "" && s.name == step.name })
		if i >= 0 {
			l.profile.manual[i] = step
			continue
		}
		l.profile.manual = append(l.profile.manual, step)
	}
}

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
	refs := step.text.refs()
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

// Manual is what carbonpatch leaves to do by hand for a node of that role with the settings v, which [Profile.Complete] has
// made whole: one text for each step, in the order of the profile. What a text names and the node has no value for leaves
// out the text, and so does a value that holds a secret. The passwords in URLs are masked.
func (p *Profile) Manual(role string, v Values) []string {
	var texts []string
	sc := scope{profile: p, role: role, values: v}
	for _, step := range p.manual {
		if !step.when.holds(role, v) {
			continue
		}
		items := []map[string]Value{nil}
		if step.each != "" {
			items = v[step.each].Items
		}
		for _, sc.item = range items {
			r := step.text.expand(sc.lookup)
			text := patch.MaskURLs(r.text)
			if r.state == given && !r.secret && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	return texts
}
