package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/profiles"
)

func profilesVerb(con *console) *cli.Command {
	list := func(c *cli.Context) error { return listProfiles(con) }
	return &cli.Command{
		Name:   "profiles",
		Usage:  "list the profiles, show one, or explain a setting",
		Flags:  everywhere("text|json"),
		Action: list,
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "list the embedded profiles", Flags: everywhere("text|json"), Action: list},
			{
				Name: "show", Usage: "print a profile, embedded or in a file, to read or to begin one's own with", ArgsUsage: "NAME", Flags: everywhere("text|json"),
				Action: func(c *cli.Context) error { return showProfile(c, con) },
			},
			{
				Name: "explain", Usage: "say what a setting means", ArgsUsage: "SETTING",
				Flags:  append([]cli.Flag{&cli.StringFlag{Name: "profile", Usage: "as this profile has it, a name or a `FILE`; left out, as any embedded one has it", EnvVars: environment("profile")}}, everywhere("text|json")...),
				Action: func(c *cli.Context) error { return explainSetting(c, con) },
			},
		},
	}
}

func listProfiles(con *console) error {
	var all []*profiles.Profile
	for _, name := range profiles.Names() {
		profile, err := profiles.Open(name)
		if err != nil {
			return err
		}
		all = append(all, profile)
	}
	if con.format == "json" {
		con.printJSON(listReport(all))
		return nil
	}
	var b strings.Builder
	for _, p := range all {
		fmt.Fprintf(&b, "%-8s %s\n         roles: %s\n         products: %s\n", p.Name, p.Title, strings.Join(p.RoleNames(), ", "), productsText(p))
	}
	con.out.print(b.String())
	return nil
}

func productsText(profile *profiles.Profile) string {
	if len(profile.Products) == 0 {
		return "any"
	}
	var names []string
	for _, p := range profile.Products {
		names = append(names, p.ServerKey+" "+p.Versions.String())
	}
	return strings.Join(names, ", ")
}

func showProfile(c *cli.Context, con *console) error {
	if c.NArg() != 1 {
		return wrongUsage("which profile?", "carbonpatch profiles list")
	}
	text, err := profiles.Source(c.Args().First())
	if err != nil {
		return err
	}
	if con.format == "json" {
		con.printJSON(sourceJSON{Schema: 1, Profile: c.Args().First(), Source: string(text)})
		return nil
	}
	con.out.print(string(text))
	return nil
}

// explainSetting prints what the profiles say of a setting; what another one has said in the same words is left out.
func explainSetting(c *cli.Context, con *console) error {
	if c.NArg() != 1 {
		return wrongUsage("which setting?", "carbonpatch profiles explain hostName")
	}
	setting, names := c.Args().First(), profiles.Names()
	if c.IsSet("profile") {
		names = []string{c.String("profile")}
	}
	var found []explained
	var unknown error
	for _, name := range names {
		profile, err := profiles.Open(name)
		if err != nil {
			return err
		}
		explanation, err := profile.Explain(setting)
		if err != nil {
			unknown = err
			continue
		}
		e := explained{profile.Name, explanation}
		if !slices.ContainsFunc(found, func(other explained) bool { return explanationText(other.Explanation) == explanationText(explanation) }) {
			found = append(found, e)
		}
	}
	switch {
	case found == nil:
		return unknown
	case con.format == "json":
		con.printJSON(explainReport(setting, found))
		return nil
	}
	texts := make([]string, len(found))
	for i, e := range found {
		texts[i] = fmt.Sprintf("%s  profile %s\n%s", con.out.paint(bold, setting), inLine(e.profile), explanationText(e.Explanation))
	}
	con.out.print(strings.Join(texts, "\n"))
	return nil
}

// explained is what a profile says of a setting.
type explained struct {
	profile string
	*profiles.Explanation
}

func explanationText(e *profiles.Explanation) string {
	var b strings.Builder
	say := func(what, text string) {
		for i, line := range wrap(inLine(text), helpWidth-15) {
			if i > 0 {
				what = ""
			}
			fmt.Fprintf(&b, "  %-11s  %s\n", what, line)
		}
	}
	s := e.Setting
	say("meaning", s.Doc)
	say("type", s.Type.String())
	if s.Secret {
		say("secret", "given as env:NAME or file:PATH, never shown")
	}
	say("required", s.Required())
	say("default", s.Default())
	for _, v := range e.Values {
		say("for "+v.Role, v.Text)
	}
	say("written by", strings.Join(e.Roles, ", "))
	for _, place := range e.Places {
		say("written to", place.File)
		say("", place.Selector)
		if place.When != "" {
			say("", "when "+place.When)
		}
	}
	say("phase", s.Phase)
	say("guide", s.Guide)
	return b.String()
}
