package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// explained is what some profiles say of a setting in the same words.
type explained struct {
	profiles []string
	*profiles.Explanation
	aspects []aspect
}

// aspect is what a profile says of a setting in one respect.
type aspect struct {
	name  string
	lines []string
}

func explainSetting(c *cli.Context, con *console) error {
	if c.NArg() != 1 {
		return wrongUsage("which setting?", "carbonpatch profiles explain hostName")
	}
	setting, names := c.Args().First(), profiles.Names()
	if c.IsSet("profile") {
		names = []string{c.String("profile")}
	}
	found, err := explain(setting, names)
	switch {
	case err != nil:
		return err
	case con.format == "json":
		con.printJSON(explainReport(setting, found))
		return nil
	}
	con.out.print(con.out.paint(bold, setting) + explanationText(found))
	return nil
}

// explain asks the profiles of those names. The error is that none of them has the setting, or one can't be read.
func explain(setting string, names []string) ([]explained, error) {
	all, err := profiles.OpenAll(names)
	if err != nil {
		return nil, err
	}
	var found []explained
	var known []string
	for _, profile := range all {
		explanation, err := profile.Explain(setting)
		if err != nil {
			known = append(known, profile.SettingNames()...)
			continue
		}
		aspects := aspectsOf(profile, explanation)
		i := slices.IndexFunc(found, func(e explained) bool { return slices.EqualFunc(e.aspects, aspects, aspect.equal) })
		if i >= 0 {
			found[i].profiles = append(found[i].profiles, profile.Name)
			continue
		}
		found = append(found, explained{[]string{profile.Name}, explanation, aspects})
	}
	if found == nil {
		return nil, unknownSetting(setting, names, known)
	}
	return found, nil
}

// unknownSetting says what there is instead: the settings of a group, or one of a name that is near.
func unknownSetting(name string, asked, known []string) error {
	slices.Sort(known)
	known = slices.Compact(known)
	group := slices.DeleteFunc(slices.Clone(known), func(s string) bool { return !strings.HasPrefix(s, name+".") })
	if len(group) > 0 {
		return patch.Problems{{Message: fmt.Sprintf("%q is a group of settings", name), Hint: "its settings are " + strings.Join(group, ", ")}}
	}
	message := fmt.Sprintf("no profile has a setting %q", name)
	if len(asked) == 1 {
		message = fmt.Sprintf("the profile %s has no setting %q", asked[0], name)
	}
	return patch.Problems{{Message: message, Hint: cmp.Or(strictyaml.Suggest(name, known, "known are "), "carbonpatch init shows the settings of a profile")}}
}

// aspectsOf is what the explanation says, in the order in which people read it. What it doesn't say is left out.
func aspectsOf(profile *profiles.Profile, e *profiles.Explanation) []aspect {
	s := e.Setting
	var aspects []aspect
	add := func(name string, lines ...string) {
		if len(lines) > 0 && lines[0] != "" {
			aspects = append(aspects, aspect{name, lines})
		}
	}
	add("meaning", s.Doc)
	add("type", s.Type.String())
	if s.Secret {
		add("secret", "given as env:NAME or file:PATH, never shown")
	}
	add("required", s.Required())
	add("default", s.Default())
	var values []string
	for _, v := range e.Values {
		values = append(values, v.Text+" for "+v.Role)
	}
	add("by role", values...)
	if len(e.Roles) == len(profile.Roles) {
		add("written by", "every role")
	} else {
		add("written by", strings.Join(e.Roles, ", "))
	}
	add("written to", placeLines(e.Places)...)
	add("phase", s.Phases())
	add("guide says", s.Guide)
	add("Carbon does", s.Carbon)
	add("restart", "needed: Carbon reads it when it starts")
	return aspects
}

// placeLines names each file once, and below it the places in it.
func placeLines(places []profiles.Place) []string {
	var lines []string
	for i, place := range places {
		if i == 0 || place.File != places[i-1].File {
			lines = append(lines, place.File)
		}
		lines = append(lines, indent+place.Selector)
		if place.When != "" {
			lines = append(lines, indent+"when "+place.When)
		}
	}
	return lines
}

func (a aspect) equal(b aspect) bool {
	return a.name == b.name && slices.Equal(a.lines, b.lines)
}

// explanationText is first what all profiles say, then what only some of them do.
func explanationText(found []explained) string {
	var all []string
	for _, e := range found {
		all = append(all, e.profiles...)
	}
	slices.Sort(all)
	var b strings.Builder
	fmt.Fprintf(&b, "  %s\n", profileNames(all))
	writeAspects(&b, slices.DeleteFunc(slices.Clone(found[0].aspects), func(a aspect) bool { return !saidByAll(found, a) }))
	for _, e := range found {
		own := slices.DeleteFunc(slices.Clone(e.aspects), func(a aspect) bool { return saidByAll(found, a) })
		if len(own) > 0 {
			fmt.Fprintf(&b, "\nonly in the %s\n", profileNames(e.profiles))
			writeAspects(&b, own)
		}
	}
	return b.String()
}

func saidByAll(found []explained, a aspect) bool {
	return !slices.ContainsFunc(found, func(e explained) bool { return !slices.ContainsFunc(e.aspects, a.equal) })
}

func profileNames(names []string) string {
	word := "profile "
	if len(names) > 1 {
		word = "profiles "
	}
	return word + inLine(strings.Join(names, ", "))
}

// indent begins a line that belongs to the one before.
const indent = "  "

func writeAspects(b *strings.Builder, aspects []aspect) {
	for _, a := range aspects {
		name := a.name
		for _, text := range a.lines {
			text, isIndented := strings.CutPrefix(text, indent)
			for _, line := range wrap(inLine(text), helpWidth-15-len(indent)) {
				if isIndented {
					line = indent + line
				}
				fmt.Fprintf(b, "  %-11s  %s\n", name, line)
				name = ""
			}
		}
	}
}
