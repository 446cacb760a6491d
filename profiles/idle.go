package profiles

import (
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
)

// IdleNotes tell of values that were given and have no effect: the role writes their settings, but the conditions of all operations
// that name them say otherwise; or no role of the profile writes them, since they are for roles of the profile that it extends.
// Where open is true, settings of the node phase may get their values later, so that nothing is said of conditions that name them.
func (p *Profile) IdleNotes(role string, v Values, open bool) []string {
	sc := scope{profile: p, role: role, values: v}
	var notes []string
	for _, s := range p.Settings {
		value, ok := v[s.Name]
		isGiven := value.Origin == FromSettings || value.Origin == FromRole || value.Origin == FromNode || value.Origin == FromFlag
		switch {
		case !ok || value.None || !isGiven:
		case sc.writes(s):
			if unmet := p.unmet(sc, s); len(unmet) > 0 && !unmet.expected(sc, value.Origin, open) {
				notes = append(notes, fmt.Sprintf("%s has no effect: it is written when %s", s.Name, unmet))
			}
		case !slices.ContainsFunc(p.RoleNames(), s.WrittenBy):
			notes = append(notes, fmt.Sprintf("%s is written by no role of the profile %s, only by %s", s.Name, p.Name, strings.Join(s.Roles, " and ")))
		}
	}
	return notes
}

// unusedNotes tell of values that are written nowhere and decide nothing, for the profile names their settings nowhere.
func (p *Profile) unusedNotes(v Values) []patch.Note {
	var notes []patch.Note
	for _, s := range p.Settings {
		if _, ok := v[s.Name]; ok && !s.used && !p.inFeature(s) {
			notes = append(notes, patch.Note{Text: fmt.Sprintf("%s has a value, but nothing in the profile uses it", s.Name)})
		}
	}
	return notes
}

// unmet is what keeps the first operation that would write s from it. It is empty where s is written or read by another one, by a
// feature, or by the value of another setting.
func (p *Profile) unmet(sc scope, s *Setting) condition {
	if p.inFeature(s) || p.feeds(s) {
		return nil
	}
	var first condition
	for _, f := range p.Files {
		for _, op := range f.Ops {
			writes := slices.Contains(op.writes(p), s)
			if !writes && !slices.ContainsFunc(op.refs(), func(ref part) bool { return ref.name == s.Name }) {
				continue
			}
			unmet := op.when.unmet(sc.role, sc.values)
			if len(unmet) == 0 {
				return nil
			}
			if writes && first == nil {
				first = unmet
			}
		}
	}
	return first
}

// inFeature reports whether a feature of the profile writes s.
func (p *Profile) inFeature(s *Setting) bool {
	return slices.ContainsFunc(p.features(), func(f feature) bool { _, ok := f.places[s.Name]; return ok })
}

// feeds reports whether the default of another setting holds s.
func (p *Profile) feeds(s *Setting) bool {
	return slices.ContainsFunc(p.Settings, func(other *Setting) bool {
		return other.fallback != nil && slices.ContainsFunc(other.fallback.refs(), func(ref part) bool { return ref.name == s.Name })
	})
}

// refs are the references to settings in the selectors and values of op.
func (op *Op) refs() []part {
	var refs []part
	for _, sel := range []*selector{op.sel, op.unless} {
		if sel != nil {
			refs = append(refs, sel.refs()...)
		}
	}
	if op.to != nil {
		refs = append(refs, op.to.refs()...)
	}
	for _, leaf := range op.leaves {
		refs = append(refs, leaf.value.refs()...)
	}
	return slices.DeleteFunc(refs, func(ref part) bool { return ref.field })
}

// expected reports whether whoever described the node knows that c does not hold: a setting is none, a value for all roles is not for
// this one, or a setting is still to come.
func (c condition) expected(sc scope, origin Origin, open bool) bool {
	return slices.ContainsFunc(c, func(cl clause) bool {
		s := sc.profile.Setting(cl.name)
		return sc.values[cl.name].None || cl.name == roleWord && origin == FromSettings || open && s != nil && s.Phase == NodePhase
	})
}
