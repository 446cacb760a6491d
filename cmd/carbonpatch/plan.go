package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
)

func planVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:      "plan",
		Aliases:   []string{"diff"},
		Usage:     "show what apply would do; writes nothing",
		ArgsUsage: "[HOME]",
		Description: "What is wanted comes from -f with --node, as in carbonpatch plan /opt/wso2ei-6.1.1 -f cluster.yaml --node worker1; or, for one node without a file, " +
			"from --profile with --role and --set. --format md is for pull requests and change tickets; the output for several nodes may be put together.",
		Flags: slices.Concat(wanted(), []cli.Flag{
			detailedExitcode(),
			rootFlag(),
			outFlag(),
			noLint(),
			&cli.BoolFlag{Name: "show-secrets", Usage: "show secrets in text and diff; --format diff applies with patch -p1 then"},
		}, everywhere("text|diff|json|md")),
		Action: func(c *cli.Context) error { return planHome(c, con) },
	}
}

func planHome(c *cli.Context, con *console) error {
	show := patch.Masked
	if c.Bool("show-secrets") {
		show = patch.Shown
	}
	if show == patch.Shown && (con.format == "json" || con.format == "md") {
		return wrongUsage("--show-secrets does not go with --format "+con.format+", which never holds them", "--format diff")
	}
	if c.String("out") == "-" {
		return wrongUsage("--out needs a FILE: standard output has the plan as --format says", "--out plan.json")
	}
	t, err := con.readTarget(c)
	if err != nil {
		return err
	}
	plan, err := con.plan(c, t)
	if err != nil {
		return err
	}
	if out := c.String("out"); out != "" {
		if err := checkOut(out, t.home.Dir); err != nil {
			return err
		}
		if err := con.savedPlan(t, plan).WriteFile(out); err != nil {
			return err
		}
	}
	found := con.lintPlan(c, t, plan)
	if show == patch.Shown {
		con.out.secrets = patch.NewRedactor()
	}
	con.printPlan(c, t, plan, found, show)
	if plan.Changed() && c.Bool("detailed-exitcode") {
		return lookError{}
	}
	return nil
}

// plan finds out what would change in the home of t. That must be what was saved, if it was.
func (con *console) plan(c *cli.Context, t *target) (*patch.Plan, error) {
	if err := c.Context.Err(); err != nil {
		return nil, err
	}
	start := time.Now()
	plan, err := patch.Make(t.home.Dir, t.want)
	if err != nil {
		return nil, err
	}
	for _, file := range plan.Files {
		con.keep(file.Path)
	}
	con.logPlan(plan, start)
	return plan, con.checkSaved(t, plan)
}

// printPlan prints what would change, and how to make it so.
func (con *console) printPlan(c *cli.Context, t *target, plan *patch.Plan, found *lintedPlan, show patch.Visibility) {
	switch {
	case con.format == "json":
		report := t.report(plan, found)
		if refused := found.refusedText(); refused != "" {
			report.Notes = append(report.Notes, patch.NoteReport{Message: refused})
		}
		con.printJSON(report)
	case con.format == "diff":
		con.printDiff(plan, t.openNotes(), show)
		con.printFindings(plan, found)
	case con.format == "md":
		con.out.print(con.out.planMarkdown(t, plan, found))
	case !con.quiet:
		text := con.planText("plan", t, plan, found, show)
		con.out.print(text + con.nextText(c, plan, found))
	}
}

// nextText says what to do with the plan.
func (con *console) nextText(c *cli.Context, plan *patch.Plan, found *lintedPlan) string {
	out, saved := c.String("out"), c.String("plan")
	if refused := found.refusedText(); refused != "" {
		text := "Nothing was written, and " + refused + ".\n"
		if out != "" {
			text = fmt.Sprintf("Plan saved to %s.\n", inLine(out)) + text
		}
		return text
	}
	switch {
	case out != "" && !plan.Changed():
		return fmt.Sprintf("Plan saved to %s.\n", inLine(out))
	case out != "":
		return fmt.Sprintf("Plan saved to %s. To make exactly these changes: %s --plan %s\n", inLine(out), con.commandText(c, "apply", plan), quote(out))
	case saved != "" && plan.Changed():
		return fmt.Sprintf("Nothing was written. To make these changes: %s --plan %s\n", con.commandText(c, "apply", plan), quote(saved))
	case plan.Changed():
		return fmt.Sprintf("Nothing was written. To make these changes: %s\n", con.commandText(c, "apply", plan))
	}
	return ""
}

// printDiff prints a patch that can be applied, in the bytes of the files.
func (con *console) printDiff(plan *patch.Plan, notes []string, show patch.Visibility) {
	con.out.print(string(plan.Diff(show)))
	if !con.quiet {
		con.err.print(notesText(plan, notes))
	}
}

// planText is the plan for people; one that changes nothing is one line, notes and findings aside.
func (con *console) planText(verb string, t *target, plan *patch.Plan, found *lintedPlan, show patch.Visibility) string {
	text := ""
	if plan.Changed() {
		text = con.out.headerText(verb, t.nodeText(), t.home.String()) + con.out.changesText(plan, show) + "\n" +
			con.out.diffText(plan, show) + "\n"
	}
	return text + notesText(plan, t.node.Notes) + con.out.plannedFindings(plan, &found.linted) + con.out.openList(t) + summaryText(plan, "would change", "setting")
}
