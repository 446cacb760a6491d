package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

func lintVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:      "lint",
		Usage:     "say what will go wrong with a home, or with the homes of a cluster, before the server starts",
		ArgsUsage: "[HOME...]",
		Description: "Several homes are taken for the nodes of one cluster; the files in question, collected from the nodes, are enough. " +
			"With -f and --node, or the other flags of plan, a home is checked as it would be after apply; with -f alone, all nodes of the description " +
			"without any home, and no source in it is read. " +
			"Exits 2 where a finding is an error. docs/lint.md lists all rules.",
		Flags: slices.Concat([]cli.Flag{
			&cli.BoolFlag{Name: "strict", Usage: "exit 2 where a finding is a warning, too", EnvVars: environment("strict")},
			&cli.StringSliceFlag{Name: "disable", Usage: "leave out what this `RULE` finds; repeatable", EnvVars: environment("disable")},
			&cli.StringFlag{Name: "explain", Usage: "say why a `RULE` is one, and show a wrong and a right example"},
			rootFlag(),
		}, wanted(), inLines(everywhere("text|json|sarif"))),
		Action: func(c *cli.Context) error { return lintAction(c, con) },
	}
}

// inLines has -q of those flags say what it does here: what lint finds is printed all the same.
func inLines(flags []cli.Flag) []cli.Flag {
	for _, flag := range flags {
		if quiet, ok := flag.(*cli.BoolFlag); ok && quiet.Name == "quiet" {
			quiet.Usage = "print errors, what --format asks for, and of the text a line for each finding"
		}
	}
	return flags
}

func lintAction(c *cli.Context, con *console) error {
	disabled := c.StringSlice("disable")
	for _, id := range disabled {
		if err := checkRule("--disable", id); err != nil {
			return err
		}
	}
	if id := c.String("explain"); id != "" {
		return con.explainRule(c, id)
	}
	start := time.Now()
	l, err := con.lint(c)
	if err != nil {
		return err
	}
	l.silence(disabled, "--disable")
	con.logLinted(l, start)
	return con.printLinted(c, l)
}

// lint runs the rules on homes as they are, or on one as it would be after apply.
func (con *console) lint(c *cli.Context) (*linted, error) {
	described := len(c.StringSlice("cluster")) > 0 || c.String("profile") != ""
	switch {
	case described && c.NArg() > 1:
		return nil, wrongUsage("several homes do not go with a description: which of its nodes each of them is, nobody says", "lint each with its --node, or all as they are, without -f")
	case len(c.StringSlice("cluster")) > 0 && c.NArg() == 0 && c.String("node") == "" && c.String("role") == "":
		return con.lintDescribed(c)
	case described:
		return con.lintAfter(c)
	}
	if name := givenWithout(c); name != "" {
		return nil, wrongUsage("--"+name+" needs a description: -f or --profile", "without one, homes are linted as they are")
	}
	nodes, err := con.readNodes(c)
	if err != nil {
		return nil, err
	}
	return &linted{nodes: nodes, findings: lint.Check(nodes)}, nil
}

// givenWithout is the name of a flag of [wanted] that says nothing without a description, or "".
func givenWithout(c *cli.Context) string {
	for _, flag := range wanted() {
		if name := flag.Names()[0]; c.IsSet(name) && len(flag.(cli.DocGenerationFlag).GetEnvVars()) == 0 {
			return name
		}
	}
	return ""
}

// checkRule refuses the value of a flag that is the id of no rule.
func checkRule(flag, id string) error {
	if lint.Find(lint.Rules(), id) != nil {
		return nil
	}
	hint := "docs/lint.md lists the rules"
	if nearest := strictyaml.Nearest(id, ruleIDs()); nearest != "" {
		hint = fmt.Sprintf("did you mean %q?", nearest)
	}
	return wrongUsage(fmt.Sprintf("%s: there is no rule %q", flag, id), hint)
}

func ruleIDs() []string {
	var ids []string
	for _, r := range lint.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// printLinted prints what was found. The error says whether there is something to look at.
func (con *console) printLinted(c *cli.Context, l *linted) error {
	switch {
	case con.format == "json":
		con.printJSON(lintReport(l))
	case con.format == "sarif":
		con.printJSON(sarifReport(l, con.out.secrets))
	case con.quiet:
		con.out.print(con.out.linesText(l))
	default:
		con.out.print(con.out.headerText("lint", l.title()...) + con.out.findingsText(l) + findingsSummary(l))
	}
	if l.count(lint.Error) > 0 || c.Bool("strict") && l.count(lint.Warning) > 0 {
		return lookError{}
	}
	return nil
}
