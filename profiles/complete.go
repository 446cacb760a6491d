package profiles

import "github.com/carbonpatch/carbonpatch/patch/secret"

// Complete adds to the values given for a node what the profile says itself: the values of its role, then the
// defaults. A default of which a part has no value is left out, and one of which a part is open is open. The errors are values
// of the profile that don't fit their type, as a default that is put together from others may do.
func (p *Profile) Complete(role string, given Values) (Values, []*ValueError) {
	c := completion{profile: p, role: map[string]*template{}, values: make(Values, len(p.Settings))}
	if r := p.Role(role); r != nil {
		for _, v := range r.Values {
			c.role[v.Setting] = v.value
		}
	}
	for name, v := range given {
		c.values[name] = v
	}
	for _, s := range p.Settings {
		c.value(s)
	}
	return c.values, c.errs
}

type completion struct {
	profile *Profile
	role    map[string]*template
	values  Values
	errs    []*ValueError
}

// value finds the value of s and keeps it. References can't go in circles: loading has checked that.
func (c *completion) value(s *Setting) (Value, bool) {
	if v, ok := c.values[s.Name]; ok {
		return v, true
	}
	text, origin := c.role[s.Name], FromProfile
	if text == nil {
		text, origin = s.fallback, FromDefault
	}
	if text == nil {
		return Value{}, false
	}
	r := text.expand(func(ref part) result {
		v, ok := c.value(c.profile.Setting(ref.name))
		return v.result(ok)
	})
	if r.state != given && r.state != open {
		return Value{}, false
	}
	v := Value{Text: r.text, Secret: s.Secret || r.secret, Assumed: r.assumed, Open: r.state == open, Unsure: r.unsure, Origin: origin}
	if text.String() == None {
		v.Text, v.None = secret.Text{}, true
	}
	if wrong := s.Type.Check(v.Text.Reveal()); wrong != "" && v.hasText() {
		c.errs = append(c.errs, &ValueError{Name: s.Name, Text: v.Text, Secret: v.Secret, Wrong: wrong})
	}
	c.values[s.Name] = v
	return v, true
}

// result is v as a part of a template.
func (v Value) result(ok bool) result {
	switch {
	case !ok, v.Unread:
		return result{state: unset, kept: v.Kept}
	case v.Open:
		return result{state: open, secret: v.Secret, unsure: v.Unsure}
	case v.None:
		return result{state: none, secret: v.Secret}
	}
	return result{text: v.Text, secret: v.Secret, assumed: v.Assumed}
}

// Missing are the settings that must have a value with these, and have none or an empty list, in the order of the profile. One whose
// need depends on what is open is none of them.
func (p *Profile) Missing(role string, v Values) []*Setting {
	var missing []*Setting
	for _, s := range p.Settings {
		value, ok := v[s.Name]
		isEmpty := !s.Type.Single() && len(value.Items) == 0
		if (!ok || value.None || isEmpty) && !value.Unread && !value.Open && s.requiredWith(role, v) {
			missing = append(missing, s)
		}
	}
	return missing
}

// requiredWith reports whether s must have a value when the others are v.
func (s *Setting) requiredWith(role string, v Values) bool {
	return s.required || len(s.requiredIf) > 0 && s.requiredIf.holds(role, v)
}
