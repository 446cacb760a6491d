package cluster

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// Existing is what a home has now, as far as a profile can say it.
type Existing struct {
	Profile *profiles.Profile
	Roles   []string // that the home may have been configured for, the likeliest first
	Distant int      // how many changes the profile would make by itself for that role: few where it was used before
	Alike   int      // how many values the home has as the profile by itself would give them

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
	if len(e.Roles) == 0 {
		return ""
	}
	return e.Roles[0]
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
	if wrong := s.Type.Check(v.Text); wrong != "" {
		e.drop(f, "%v; left out", &profiles.ValueError{Name: s.Name, Text: v.Text, Wrong: wrong})
		return
	}
	e.values[s.Name] = profiles.Value{Text: v.Text, Origin: e.origin(s)}
}

// isSecret reports whether v must not be written. A URL may hold a password.
func isSecret(v profiles.Value) bool {
	return v.Secret || patch.MaskURLs(v.Text) != v.Text
}

// origin is the part of the file where a setting stands: in the node if it is different for each, or comes with the role.
func (e *Existing) origin(s *profiles.Setting) profiles.Origin {
	if s.Phase == "node" && !s.Optional() || s.Name == portSetting || e.comesWithRole(s) {
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
		if s.Type.Name == "map" && (isSecret(found["value"]) || s.Entry(found["key"].Text).Secret) {
			e.hidden[s.Name] = append(e.hidden[s.Name], found["key"].Text)
			continue
		}
		kept, wrong := e.keepItem(f, found)
		mark := fmt.Sprint(kept)
		if key := itemKey(s); key != "" {
			mark = kept[key].Text
		}
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

// keepItem keeps the fields of an item. Wrong says why there can't be such an item.
func (e *Existing) keepItem(f profiles.Found, found map[string]profiles.Value) (kept map[string]profiles.Value, wrong string) {
	s := f.Setting
	if s.Type.Name == "map" {
		return found, cmp.Or(checkKey(found["key"].Text), s.Entry("").Type.Check(found["value"].Text))
	}
	kept = map[string]profiles.Value{}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		v := found[name]
		field := s.Type.Field(name)
		if field == nil {
			continue
		}
		bad := field.Type.Check(v.Text)
		switch {
		case isSecret(v) || field.Secret && name != itemKey(s):
			e.hidden[s.Name+"/"+found[itemKey(s)].Text] = append(e.hidden[s.Name+"/"+found[itemKey(s)].Text], name)
		case bad == "":
			kept[name] = profiles.Value{Text: v.Text}
		default:
			bad := &profiles.ValueError{Name: s.Part(name), Text: v.Text, Wrong: bad}
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

// complete are the values with what the profile adds for a role, and what it takes from the home.
func (e *Existing) complete(role string, given profiles.Values) profiles.Values {
	values, _ := e.Profile.Complete(role, given)
	return e.Profile.Derive(role, values, e.home)
}

// changes are what the values would change in the home, or an error.
func (e *Existing) changes(role string, given profiles.Values) ([]patch.Change, error) {
	want, err := e.Profile.Patch(role, e.complete(role, given), e.home)
	if err != nil {
		return nil, err
	}
	plan, err := patch.Make(e.home.Dir, want)
	if err != nil {
		return nil, err
	}
	var all []patch.Change
	for _, f := range plan.Files {
		all = append(all, f.Changes...)
	}
	return all, nil
}

// guessRole finds the roles for which the profile by itself comes nearest to the home.
func (e *Existing) guessRole() {
	alike := map[string]int{}
	e.Distant = math.MaxInt
	for _, role := range e.Profile.RoleNames() {
		n := math.MaxInt
		if changes, err := e.changes(role, profiles.Values{}); err == nil {
			n = len(changes)
		}
		if n < e.Distant {
			e.Roles, e.Distant = nil, n
		}
		if n == e.Distant {
			e.Roles = append(e.Roles, role)
		}
		for name, own := range e.complete(role, profiles.Values{}) {
			if v, ok := e.values[name]; ok && v.Text == own.Text {
				alike[role]++
			}
		}
	}
	slices.SortStableFunc(e.Roles, func(a, b string) int { return cmp.Compare(alike[b], alike[a]) })
	e.Alike = alike[e.Role()]
}

// dropMembers leaves out members where the membership scheme doesn't need them: shipped files have some.
func (e *Existing) dropMembers() {
	members := e.Profile.Setting(membersSetting)
	without := maps.Clone(e.values)
	delete(without, membersSetting)
	if !slices.Contains(e.Profile.Missing(e.Role(), e.complete(e.Role(), without)), members) {
		e.values = without
	}
}

// dropDefaults leaves out what the profile says itself.
func (e *Existing) dropDefaults() {
	for _, s := range e.Profile.Settings {
		v, ok := e.values[s.Name]
		if !ok || !s.Type.Single() {
			continue
		}
		delete(e.values, s.Name)
		if own, ok := e.complete(e.Role(), e.values)[s.Name]; !ok || own.None || own.Text != v.Text {
			e.values[s.Name] = v
		}
	}
}

// addNone says none of what the profile would add, and the home doesn't have.
func (e *Existing) addNone() {
	changes, err := e.changes(e.Role(), e.values)
	if err != nil {
		return // what is wrong with the home is told by plan
	}
	complete := e.complete(e.Role(), e.values)
	for _, s := range e.Profile.Settings {
		if _, ok := complete[s.Name]; !ok || !s.Optional() || e.has(s) || len(changes) == 0 {
			continue
		}
		without := maps.Clone(e.values)
		without[s.Name] = profiles.Value{None: true, Origin: e.origin(s)}
		if fewer, err := e.changes(e.Role(), without); err == nil && len(fewer) < len(changes) {
			e.values, changes = without, fewer
		}
	}
}

// has reports whether the home has the setting in any form.
func (e *Existing) has(s *profiles.Setting) bool {
	return slices.ContainsFunc(e.found, func(f profiles.Found) bool { return f.Setting == s })
}

// addMissing gives an example for what must be given. Members come from the nodes then.
func (e *Existing) addMissing() {
	for _, s := range e.Profile.Missing(e.Role(), e.complete(e.Role(), e.values)) {
		if s.Name == membersSetting {
			continue
		}
		v := profiles.Value{Text: exampleText(s.Name, s.Type), Origin: e.origin(s)}
		if !s.Type.Single() {
			v = profiles.Value{Items: []map[string]profiles.Value{{}}, Origin: e.origin(s)}
		}
		e.values[s.Name] = v
		if e.secret[s.Name] {
			continue // it is taken from the environment
		}
		if e.dropped[s.Name] {
			e.say(s.Name, "An example, mend it.")
			continue
		}
		e.say(s.Name, "The home doesn't have it. An example, mend it.")
	}
}

// Nearest is the one that comes nearest to its home, of at least one.
func Nearest(all []*Existing) *Existing {
	return slices.MinFunc(all, func(a, b *Existing) int {
		return cmp.Or(cmp.Compare(a.Distant, b.Distant), cmp.Compare(b.Alike, a.Alike))
	})
}
