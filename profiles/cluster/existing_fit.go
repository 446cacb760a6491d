package cluster

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
)

// What a home has is written down only where the profile would do something else by itself: for the role that comes nearest, what
// the profile says too is left out, and what it would add is refused by none.

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
	e.distant = math.MaxInt
	for _, role := range e.Profile.RoleNames() {
		n := math.MaxInt
		if changes, err := e.changes(role, profiles.Values{}); err == nil {
			n = len(changes)
		}
		if n < e.distant {
			e.roles, e.distant = nil, n
		}
		if n == e.distant {
			e.roles = append(e.roles, role)
		}
		for name, own := range e.complete(role, profiles.Values{}) {
			if v, ok := e.values[name]; ok && v.Text == own.Text {
				alike[role]++
			}
		}
	}
	slices.SortStableFunc(e.roles, func(a, b string) int { return cmp.Compare(alike[b], alike[a]) })
	e.alike = alike[e.Role()]
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
		if _, ok := complete[s.Name]; !ok || !s.MayBeNone() || e.has(s) || len(changes) == 0 {
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

// addMissing gives an example for what must be given. Members come from the nodes then, and secrets that the home has stay.
func (e *Existing) addMissing() {
	for _, s := range e.Profile.Missing(e.Role(), e.complete(e.Role(), e.values)) {
		if s.Name == membersSetting || keepsSecret(e.found, s) {
			continue
		}
		v := profiles.Value{Text: secret.New(exampleText(s.Name, s.Type)), Origin: e.origin(s)}
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
		return cmp.Or(cmp.Compare(a.distant, b.distant), cmp.Compare(b.alike, a.alike))
	})
}
