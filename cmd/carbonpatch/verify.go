package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

func verifyVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:        "verify",
		Usage:       "is the home as described? exits 2 where it isn't",
		ArgsUsage:   "[HOME]",
		Description: "Looks at settings, not at files: an edit of anything else is no drift.",
		Flags: slices.Concat(wanted(), []cli.Flag{
			rootFlag(),
			&cli.BoolFlag{Name: "skip-secrets", Usage: "leave secret settings unchecked", EnvVars: environment("skip-secrets")},
		}, everywhere("text|diff|json")),
		Action: func(c *cli.Context) error { return verify(c, con) },
	}
}

func verify(c *cli.Context, con *console) error {
	t, err := con.readTarget(c)
	if err != nil {
		return err
	}
	if c.Bool("skip-secrets") {
		t.want.DropSecrets()
	}
	plan, err := con.plan(c, t)
	if err != nil {
		return err
	}
	con.log.Info("verified", zap.Int("drift", countChanges(plan)), zap.Int("open", len(t.node.Open)))
	con.printVerify(c, t, plan)
	if plan.Changed() || len(t.node.Open) > 0 {
		return lookError{}
	}
	return nil
}

func (con *console) printVerify(c *cli.Context, t *target, plan *patch.Plan) {
	switch {
	case con.format == "json":
		con.printJSON(plan.Verify(t.node.Open))
	case con.format == "diff":
		con.printDiff(plan, t.openNotes(), patch.Masked)
	case !con.quiet:
		text := con.out.headerText("verify", t.nodeText(), t.home.String()) + con.out.driftText(plan) + notesText(plan, t.node.Notes)
		if c.Bool("skip-secrets") {
			text += "note: secret settings were not checked\n"
		}
		text += driftSummary(plan, len(t.node.Open))
		if plan.Changed() {
			text += "To put it right: " + con.commandText(c, "apply", plan) + "\n"
		}
		text += con.out.openText(t) + con.completeText(c, t, plan)
		con.out.print(text)
	}
}

// driftText lists by setting what is not as described.
func (s *stream) driftText(plan *patch.Plan) string {
	var b strings.Builder
	for _, file := range plan.Files {
		var rows []row
		for _, change := range file.Changes {
			rows = append(rows, driftRow(s.hidden(change)))
		}
		if rows != nil {
			fmt.Fprintf(&b, "%s\n%s", s.paint(bold, inLine(file.Path)), layout(rows, s.width))
		}
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// driftSummary counts what is as described and what is not, and the settings that can't be told yet.
func driftSummary(plan *patch.Plan, open int) string {
	switch {
	case !plan.Changed() && open > 0:
		return fmt.Sprintf("As described so far: %s in %s; %s open.\n", count(plan.Right(), "setting"), count(len(plan.Files), "file"), countAre(open, "setting"))
	case !plan.Changed():
		return fmt.Sprintf("In sync: all %s in %s are as described.\n", count(plan.Right(), "setting"), count(len(plan.Files), "file"))
	}
	text := fmt.Sprintf("Drift: %s not as described; %d right", countAre(len(plan.Drift()), "setting"), plan.Right())
	if open > 0 {
		text += fmt.Sprintf("; %d open", open)
	}
	return text + ".\n"
}

// driftRow says what a setting is and what it should be.
func driftRow(c patch.Change) row {
	have, want := valuesText(c, patch.Masked)
	r := rowOf(c, patch.Masked)
	r.label = inLine(cmp.Or(c.Where, c.Setting, c.Name, c.Label()))
	switch {
	case c.Kind == xmlops.Added:
		r.value = "missing, should be " + cmp.Or(want, "there")
	case c.Kind == xmlops.Removed:
		r.value = cmp.Or(have, "there") + ", should be missing"
	case c.Kind == xmlops.Uncommented:
		r.value = "commented out, should be " + cmp.Or(want, "live")
	case c.Kind == xmlops.CommentedOut:
		r.value = cmp.Or(have, "live") + ", should be commented out"
	case c.Secret:
		r.value = "another secret than it should be"
	default:
		r.value = cmp.Or(have, "empty") + ", should be " + cmp.Or(want, "empty")
	}
	return r
}
