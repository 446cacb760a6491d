package profiles

import (
	"fmt"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Explanation is what a profile says about one setting.
type Explanation struct {
	Setting *Setting
	Roles   []string // that write it
	Values  []RoleText
	Places  []Place
}

// RoleText is the value that a role brings with it.
type RoleText struct {
	Role, Text string
}

// Place is where a setting is written.
type Place struct {
	File     string // as the profile names it: below the conf directory, or home:
	Selector string // in a JSON file, a pointer
	When     string // under which conditions, in words; "" is always
}

// Explain says what the profile knows about a setting. The error for an unknown one is [patch.Problems].
func (p *Profile) Explain(name string) (*Explanation, error) {
	s := p.Setting(name)
	if s == nil {
		hint := strictyaml.Suggest(name, p.SettingNames(), "known are ")
		return nil, patch.Problems{{Message: fmt.Sprintf("the profile %s has no setting %q", p.Name, name), Hint: hint}}
	}
	e := &Explanation{Setting: s}
	for _, role := range p.Roles {
		if s.WrittenBy(role.Name) {
			e.Roles = append(e.Roles, role.Name)
		}
		for _, v := range role.Values {
			if v.Setting == name {
				e.Values = append(e.Values, RoleText{role.Name, v.value.String()})
			}
		}
	}
	for _, f := range p.Files {
		for _, op := range f.Ops {
			for _, at := range op.at(p, s) {
				e.add(Place{File: f.Path, Selector: at, When: op.when.String()})
			}
		}
	}
	for _, f := range p.features() {
		if place, ok := f.places[name]; ok {
			e.add(place)
		}
	}
	return e, nil
}

// add adds a place that is not yet there.
func (e *Explanation) add(place Place) {
	if !slices.Contains(e.Places, place) {
		e.Places = append(e.Places, place)
	}
}

// at are the places where op writes s: selectors, or in a JSON file a pointer.
func (op *Op) at(p *Profile, s *Setting) []string {
	switch {
	case !slices.Contains(op.writes(p), s):
		return nil
	case op.sel == nil:
		return []string{op.pointer}
	case op.verb != xmlops.Ensure || op.each == s.Name:
		return []string{op.sel.String()}
	}
	var places []string
	for _, leaf := range op.leaves {
		if firstSetting(p, leaf.value) == s {
			places = append(places, op.sel.String()+leaf.way)
		}
	}
	return places
}

// writes are the settings that op writes: of each value the first that it names, and what it is repeated for.
func (op *Op) writes(p *Profile) []*Setting {
	var found []*Setting
	add := func(s *Setting) {
		if s != nil && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	if op.each != "" {
		add(p.Setting(op.each))
	}
	if op.to != nil {
		add(firstSetting(p, *op.to))
	}
	for _, leaf := range op.leaves {
		add(firstSetting(p, leaf.value))
	}
	return found
}

func firstSetting(p *Profile, t template) *Setting {
	if refs := t.refs(); len(refs) > 0 && !refs[0].field {
		return p.Setting(refs[0].name)
	}
	return nil
}

// Required says in words when the setting must have a value: "always", "when membershipScheme is wka", or "".
func (s *Setting) Required() string {
	switch {
	case s.required:
		return "always"
	case len(s.requiredIf) > 0:
		return "when " + s.requiredIf.String()
	}
	return ""
}
