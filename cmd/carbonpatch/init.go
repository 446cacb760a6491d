package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
)

func initVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:        "init",
		Usage:       "print a commented cluster file to begin with",
		Description: "It goes to standard output: carbonpatch init --profile esb > cluster.yaml",
		Flags:       append([]cli.Flag{profileFlag("for this profile, a name or a `FILE`")}, everywhere("text")...),
		Action:      func(c *cli.Context) error { return printStarter(c, con) },
	}
}

// profileFlag is --profile of a verb that needs no cluster file.
func profileFlag(usage string) cli.Flag {
	return &cli.StringFlag{Name: "profile", Usage: usage, EnvVars: environment("profile")}
}

func printStarter(c *cli.Context, con *console) error {
	name := c.String("profile")
	if name == "" {
		return wrongUsage("for which profile?", "carbonpatch init --profile NAME; there are "+strings.Join(profiles.Names(), ", ")+", or the path of a file of your own")
	}
	profile, err := profiles.Open(name)
	if err != nil {
		return err
	}
	con.out.print(string(cluster.Starter(profile, name)))
	return nil
}
