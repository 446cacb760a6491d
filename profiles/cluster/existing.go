package cluster

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// Existing is what a home has now, as far as a profile can say it.
type Existing struct {
	Profile *profiles.Profile

	roles   []string // that the home may have been configured for, the likeliest first
	distant int      // how many changes the profile would make by itself for that role: few where it was used before
	alike   int      // how many values the home has as the profile by itself would give them
	home    *product.Home
	found   []profiles.Found
	values  profiles.Values     // what a cluster file must say so that applying it changes nothing
	why     map[string][]string // what is to be said of a setting, whether it has a value or not
	dropped map[string]bool     // settings that the home has and that must be left out
	secret  map[string]bool     // those of them that are secret
	hidden  map[string][]string // what is secret in items: the fields by setting/key, of a map the keys by its setting
}

// Inspect finds what a cluster file must say so that a home stays as it is. The error is [patch.Problems] about files that can't be
// read; what the others hold is returned all the same.
func Inspect(home *product.Home, p *profiles.Profile) (*Existing, error) {
	found, err := p.Inspect(home)
	e := &Existing{Profile: p, home: home, found: found, values: profiles.Values{}, why: map[string][]string{}, dropped: map[string]bool{}, secret: map[string]bool{}, hidden: map[string][]string{}}
	for _, f := range found {
		e.keep(f)
	}
	e.guessRole()
	e.dropMembers()
	e.dropDefaults()
	e.addNone()
	e.addMissing()
	return e, err
}

// Role is the likeliest role, or "".
func (e *Existing) Role() string {
	if len(e.roles) == 0 {
		return ""
	}
	return e.roles[0]
}

func (e *Existing) say(setting, format string, args ...any) {
	e.why[setting] = append(e.why[setting], fmt.Sprintf(format, args...))
}

// drop leaves a setting out.
func (e *Existing) drop(f profiles.Found, format string, args ...any) {
	e.dropped[f.Setting.Name] = true
	e.say(f.Setting.Name, "%s:%d: "+format, append([]any{f.File, f.Line}, args...)...)
}

// keep keeps what was found, unless it is secret or not what a cluster file takes.
func (e *Existing) keep(f profiles.Found) {
	s, v := f.Setting, f.Value
	if !s.Type.Single() {
		e.keepItems(f)
		return
	}
	if isSecret(v) {
		e.drop(f, "secret, so left out")
		e.secret[s.Name] = true
		return
	}
	if wrong := s.Type.Check(v.Text.Reveal()); wrong != "" {
		e.drop(f, "%v; left out", &profiles.ValueError{Name: s.Name, Text: v.Text, Secret: mayHoldPassword(s.Type, v.Text.Reveal()), Wrong: wrong})
		return
	}
	e.values[s.Name] = profiles.Value{Text: v.Text, Origin: e.origin(s)}
}

// isSecret reports whether v must not be written. A URL may hold a password.
func isSecret(v profiles.Value) bool {
	return v.Secret || patch.MaskURLs(v.Text.Reveal()) != v.Text.Reveal()
}

// keepsSecret reports whether a home in which that was found has a secret for s, or secure vault has it.
func keepsSecret(found []profiles.Found, s *profiles.Setting) bool {
	return slices.ContainsFunc(found, func(f profiles.Found) bool {
		return f.Setting == s && (f.Value.Kept || isSecret(f.Value) && f.Value.Text.Reveal() != "")
	})
}

// origin is the part of the file where a setting stands: in the node if it is different for each, or comes with the role.
func (e *Existing) origin(s *profiles.Setting) profiles.Origin {
	if s.Phase == profiles.NodePhase && !s.Optional() || s.Name == portSetting || e.comesWithRole(s) {
		return profiles.FromNode
	}
	return profiles.FromSettings
}

func (e *Existing) comesWithRole(s *profiles.Setting) bool {
	explained, err := e.Profile.Explain(s.Name)
	return err == nil && len(explained.Values) > 0
}

// keepItems keeps the items of a list or map that a cluster file takes.
func (e *Existing) keepItems(f profiles.Found) {
	s := f.Setting
	value := profiles.Value{Origin: e.origin(s)}
	known := map[string]bool{}
	for _, found := range f.Value.Items {
		if found[profiles.MapValue].Kept {
			continue
		}
		if s.Type.Name == "map" && (isSecret(found[profiles.MapValue]) || s.Entry(found[profiles.MapKey].Text.Reveal()).Secret) {
			e.hidden[s.Name] = append(e.hidden[s.Name], found[profiles.MapKey].Text.Reveal())
			continue
		}
		kept, wrong := e.keepItem(f, found)
		mark := markOf(s, kept)
		switch {
		case wrong != "":
			e.say(s.Name, "%s:%d: an item is left out: %s", f.File, f.Line, wrong)
		case !known[mark]:
			known[mark] = true
			value.Items = append(value.Items, kept)
		}
	}
	if len(value.Items) > 0 {
		e.values[s.Name] = value
		return
	}
	e.dropped[s.Name] = true
}

// markOf is the same for items of s that can't both stand in a file.
func markOf(s *profiles.Setting, item map[string]profiles.Value) string {
	if key := itemKey(s); key != "" {
		return item[key].Text.Reveal()
	}
	texts := map[string]string{}
	for name, v := range item {
		texts[name] = v.Text.Reveal()
	}
	return fmt.Sprintf("%q", texts)
}

// keepItem keeps the fields of an item. Wrong says why there can't be such an item.
func (e *Existing) keepItem(f profiles.Found, found map[string]profiles.Value) (kept map[string]profiles.Value, wrong string) {
	s := f.Setting
	if s.Type.Name == "map" {
		return found, cmp.Or(checkKey(found[profiles.MapKey].Text.Reveal()), s.Entry("").Type.Check(found[profiles.MapValue].Text.Reveal()))
	}
	kept = map[string]profiles.Value{}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		v := found[name]
		field := s.Type.Field(name)
		if field == nil {
			continue
		}
		bad := field.Type.Check(v.Text.Reveal())
		switch {
		case v.Kept: // it stays as it is
		case isSecret(v):
			of := s.Name + "/" + found[itemKey(s)].Text.Reveal()
			e.hidden[of] = append(e.hidden[of], name)
		case bad == "":
			kept[name] = profiles.Value{Text: v.Text}
		default:
			bad := &profiles.ValueError{Name: s.Part(name), Text: v.Text, Secret: mayHoldPassword(field.Type, v.Text.Reveal()), Wrong: bad}
			if name == itemKey(s) || itemKey(s) == "" {
				return nil, bad.Error()
			}
			e.say(s.Name, "%v; left out", bad)
		}
	}
	for _, field := range s.Type.Fields {
		if _, ok := kept[field.Name]; !ok && (field.Name == itemKey(s) || field.Required && itemKey(s) == "") {
			return nil, "it has no " + field.Name
		}
	}
	return kept, ""
}
