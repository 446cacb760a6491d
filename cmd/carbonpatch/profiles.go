package main

import (
	"fmt"
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
	all, err := profiles.OpenAll(profiles.Names())
	if err != nil {
		return err
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
