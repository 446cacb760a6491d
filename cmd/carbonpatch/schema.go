package main

import (
	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
)

func schemaVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:  "schema",
		Usage: "print the JSON Schema of cluster files, for editors",
		Description: "With the YAML extension of an editor, a cluster file that begins with " +
			"\"# yaml-language-server: $schema=cluster.schema.json\" is checked while it is written.",
		Flags:  append([]cli.Flag{profileFlag("for this profile, a name or a `FILE`; left out, for all that are embedded")}, everywhere("text")...),
		Action: func(c *cli.Context) error { return printSchema(c, con) },
	}
}

func printSchema(c *cli.Context, con *console) error {
	names := profiles.Names()
	if name := c.String("profile"); name != "" {
		names = []string{name}
	}
	all, err := profiles.OpenAll(names)
	if err != nil {
		return err
	}
	con.out.print(string(cluster.Schema(all)))
	return nil
}
