package main

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/patch/txn"
	"github.com/carbonpatch/carbonpatch/profiles/source"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

func editVerb(con *console) *cli.Command {
	var ops []typedOp
	return &cli.Command{
		Name:      "edit",
		Usage:     "make operations on any XML file, in the order typed, without reformatting it",
		ArgsUsage: "FILE",
		Description: "Writes at once, as sed -i does, but all or nothing, and keeps mode and owner. A selector must match exactly one place. " +
			"The = that ends a selector is the first one outside of brackets and quotes; the value is all that follows.",
		Flags: append(append(opFlags(&ops),
			&cli.BoolFlag{Name: "create", Usage: "let --set create an element that is missing", EnvVars: environment("create")},
			dryRun("show the diff and write nothing"),
		), everywhere("text|diff|json")...),
		Action: func(c *cli.Context) error { return edit(c, con, ops) },
	}
}

func edit(c *cli.Context, con *console, typed []typedOp) error {
	switch {
	case c.NArg() != 1:
		return wrongUsage(fmt.Sprintf("edit takes one FILE, not %d", c.NArg()), "carbonpatch edit FILE --set 'SELECTOR=VALUE'")
	case len(typed) == 0:
		return wrongUsage("no operation given", "--set 'SELECTOR=VALUE', --uncomment, --comment or --remove SELECTOR")
	}
	file := c.Args().First()
	ops, err := con.parseOps(c.Context, typed, c.Bool("create"))
	if err := c.Context.Err(); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	start := time.Now()
	plan, err := patch.MakeFile(file, ops)
	if err != nil {
		return err
	}
	if err := refuseLiteralSecrets(plan, typed); err != nil {
		return err
	}
	con.logPlan(plan, start)
	if err := c.Context.Err(); err != nil {
		return err
	}
	write := plan.Changed() && !c.Bool("dry-run")
	if write {
		signal.Ignore(syscall.SIGPIPE)
		if err := txn.WriteFile(file, plan.Files[0].Before, plan.Files[0].After); err != nil {
			return err
		}
		con.written = true
		con.logWritten(plan)
	}
	con.printEdit(plan, write)
	return nil
}

// parseOps reads the operations and hides the values that come from sources.
func (con *console) parseOps(ctx context.Context, typed []typedOp, create bool) ([]patch.Op, error) {
	var ops []patch.Op
	var errs []error
	var secrets []secret.Text
	sources := source.NewReader(ctx)
	for _, t := range typed {
		op, err := t.parse(sources)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		op.Create = create && op.Verb == xmlops.Set
		ops = append(ops, op)
		if !t.literal() {
			secrets = append(secrets, secret.New(op.Value))
		}
	}
	con.hide(secrets...)
	return ops, errors.Join(errs...)
}

// refuseLiteralSecrets finds secrets that stand on the command line, where every user of the machine can read them.
func refuseLiteralSecrets(plan *patch.Plan, typed []typedOp) error {
	literal := map[string]bool{}
	for _, t := range typed {
		literal[t.name()] = t.literal()
	}
	var problems patch.Problems
	for _, c := range plan.Files[0].Changes {
		if c.Secret && literal[c.Name] {
			problems = append(problems, exposedProblem(c.Name))
		}
	}
	if len(problems) > 0 {
		return &usageError{problems}
	}
	return nil
}

func exposedProblem(name string) *patch.Problem {
	return &patch.Problem{Message: name + ": others can read a secret on the command line", Hint: "give it as env:NAME or file:/absolute/path"}
}

func (con *console) printEdit(plan *patch.Plan, written bool) {
	switch {
	case con.format == "json":
		con.printJSON(plan.Report())
	case con.format == "diff":
		con.printDiff(plan, nil, patch.Masked)
	case con.quiet:
	case written:
		con.out.print(con.out.changesText(plan, patch.Masked) + notesText(plan, nil) + summaryText(plan, "changed", "operation"))
	default:
		con.out.print(con.editText(plan))
	}
}

// editText is what edit would do, for people.
func (con *console) editText(plan *patch.Plan) string {
	text := ""
	if plan.Changed() {
		text = con.out.changesText(plan, patch.Masked) + "\n" + con.out.diffText(plan, patch.Masked) + "\n"
	}
	return text + notesText(plan, nil) + summaryText(plan, "would change", "operation")
}
