package main

import (
	_ "embed"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
)

// outputSchema is the JSON Schema of all that is printed as JSON.
//
//go:embed output.schema.json
var outputSchema string

func schemaVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:      "schema",
		Usage:     "print the JSON Schema of cluster files, for editors, or of the output as JSON",
		ArgsUsage: "[cluster|output]",
		Description: "With the YAML extension of an editor, a cluster file that begins with " +
			"\"# yaml-language-server: $schema=cluster.schema.json\" is checked while it is written. " +
			"The schema of the output is that of all that --format json prints.",
		Flags:  append([]cli.Flag{profileFlag("of cluster files for this profile, a name or a `FILE`; left out, for all that are embedded")}, everywhere("text")...),
		Action: func(c *cli.Context) error { return printSchema(c, con) },
	}
}

func printSchema(c *cli.Context, con *console) error {
	of := c.Args().First()
	switch {
	case c.NArg() > 1, of != "" && of != "cluster" && of != "output":
		return wrongUsage("the schema of what?", "carbonpatch schema cluster, or output")
	case of == "output" && c.IsSet("profile") && environment("profile") == nil:
		return wrongUsage("--profile does not go with the schema of the output, which is the same for all", "")
	case of == "output":
		con.out.print(outputSchema)
		return nil
	}
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
