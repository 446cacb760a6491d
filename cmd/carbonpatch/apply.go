package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/txn"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

func applyVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:        "apply",
		Usage:       "back up, write, check again",
		ArgsUsage:   "[HOME]",
		Description: "Takes the same flags as plan. Asks before it writes; without a terminal it needs --yes. Says at the end how to undo it, and what is still to do by hand.",
		Flags: slices.Concat(wanted(), []cli.Flag{
			yes(),
			dryRun("only plan"),
			detailedExitcode(),
			lockTimeout(),
			rootFlag(),
			planFlag(),
			noLint(),
			noBackup(),
		}, everywhere("text|diff|json")),
		Action: func(c *cli.Context) error { return apply(c, con) },
	}
}

func noBackup() cli.Flag {
	return &cli.BoolFlag{Name: "no-backup", Usage: "keep nothing to roll back to, for image builds", EnvVars: environment("no-backup")}
}

func apply(c *cli.Context, con *console) error {
	if c.Bool("dry-run") {
		return planHome(c, con)
	}
	if !c.Bool("yes") {
		if err := con.mayAsk(); err != nil {
			return err
		}
	}
	a, err := con.applyHome(c)
	if err != nil {
		return err
	}
	con.printApplied(c, a)
	if a.plan.Changed() && c.Bool("detailed-exitcode") {
		return lookError{}
	}
	return nil
}

// applied is what apply makes of a home, or would.
type applied struct {
	*target
	plan  *patch.Plan
	found *lintedPlan
	id    string // of the backup; "" as long as nothing is written
}

// applyHome makes the home so that all is as wanted. It asks before, but where that is not wanted.
func (con *console) applyHome(c *cli.Context) (*applied, error) {
	dir, err := con.homeDir(c, c.Args().Slice())
	if err != nil {
		return nil, err
	}
	if err := con.checkWanted(c); err != nil { // before anything is written
		return nil, err
	}
	if _, err := con.recoverHome(c, dir); err != nil {
		return nil, err
	}
	t, err := con.findTarget(c, dir)
	if err != nil {
		return nil, err
	}
	a, err := con.planToApply(c, t)
	if err == nil && !a.plan.Changed() && c.Bool("no-backup") {
		err = con.dropIdle(c, dir)
	}
	if err != nil || !a.plan.Changed() {
		return a, err
	}
	if !c.Bool("yes") {
		if err := con.askForApply(c.Context, a); err != nil {
			return nil, err
		}
	}
	lock, err := con.lock(c, t.home.Dir)
	if err != nil {
		return nil, err
	}
	defer lock.Release()
	if c.Bool("yes") { // what was shown must not be planned anew
		if a, err = con.planToApply(c, t); err != nil {
			return nil, err
		}
	}
	a.id, err = con.write(c, lock, t, a.plan)
	return a, err
}

// planToApply finds out what would change, and what the rules find then. That it would bring errors is an error.
func (con *console) planToApply(c *cli.Context, t *target) (*applied, error) {
	plan, err := con.plan(c, t)
	if err != nil {
		return nil, err
	}
	found := con.lintPlan(c, t, plan)
	return &applied{target: t, plan: plan, found: found}, con.refusal(found)
}

// askForApply shows the plan and asks whether to make it so.
func (con *console) askForApply(ctx context.Context, a *applied) error {
	con.out.print(con.planText("apply", a.target, a.plan, a.found, patch.Masked) + "\n")
	return con.confirm(ctx, fmt.Sprintf("Apply %s to %s?", these(countChanges(a.plan), "change"), a.home.Dir))
}

// write makes plan so, and looks whether the home is as wanted then. It returns the id of the backup, or "".
func (con *console) write(c *cli.Context, lock *txn.Lock, t *target, plan *patch.Plan) (id string, err error) {
	start := time.Now()
	meta := txn.Meta{
		Verb: "apply", User: runUser(), Cluster: t.node.Cluster, Node: t.node.Name, Role: t.node.Role, Sources: sourcesOf(t.clusters), Changes: countChanges(plan), Secrets: t.node.Secrets,
	}
	if c.Bool("no-backup") {
		err = lock.ApplyWithoutBackup(c.Context, plan.Files, meta)
	} else {
		id, err = lock.Apply(c.Context, plan.Files, meta)
	}
	if err != nil {
		return "", err
	}
	con.wrote(c.Context, lock.Found())
	if c.Bool("no-backup") {
		con.note(earlierBackups(t.home.Dir)...)
	}
	if id != "" {
		con.undo = "to undo: " + undoText(t.home, id)
	}
	con.logWritten(plan)
	con.log.Info("written", zap.String("backup", id), since(start))
	start = time.Now()
	after, err := patch.Make(t.home.Dir, t.want)
	if err != nil {
		written := &patch.Problem{File: t.home.Dir, Message: "was written, but can't be checked again", Hint: con.undo}
		return id, &afterError{append(patch.Problems{written}, problemsOf(err)...)}
	}
	if after.Changed() {
		return id, &afterError{patch.Problems{{File: t.home.Dir, Message: "was written, but is not as described; something else has changed it"}}}
	}
	con.log.Info("checked again", since(start))
	return id, nil
}

// dropIdle drops what a run without backup that was killed at its very end has left: a folder in which nothing is kept.
func (con *console) dropIdle(c *cli.Context, dir string) error {
	if runs, err := txn.History(dir); !hasState(dir) || err != nil || len(runs) > 0 {
		return nil
	}
	lock, err := con.lock(c, dir)
	if err != nil {
		return err
	}
	lock.Release()
	return nil
}

// earlierBackups notes what a run that keeps no backup leaves of earlier ones.
func earlierBackups(home string) []string {
	runs, _ := txn.History(home) // one that is damaged is told of by history
	runs = slices.DeleteFunc(runs, func(r *txn.Run) bool { return !r.Kept() })
	if len(runs) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s of earlier runs stay, with the secrets of then; carbonpatch rollback --purge drops them", count(len(runs), "backup"))}
}

// wrote takes note that files were written, and tells what others had put where the run kept its own. What interrupts the run came too
// late then.
func (con *console) wrote(ctx context.Context, found []string) {
	con.written = true
	con.note(found...)
	if ctx.Err() != nil {
		con.note("interrupted when all was written already")
	}
}

// sourcesOf are the cluster files as they were read.
func sourcesOf(files []cluster.Source) []txn.Source {
	var sources []txn.Source
	for _, file := range files {
		sources = append(sources, txn.Source{Path: absolute(file.Name), SHA256: fmt.Sprintf("%x", sha256.Sum256(file.Data))})
	}
	return sources
}

func countChanges(plan *patch.Plan) int {
	n := 0
	for _, file := range plan.Files {
		n += len(file.Changes)
	}
	return n
}

// printApplied prints what was written, if anything was.
func (con *console) printApplied(c *cli.Context, a *applied) {
	switch {
	case con.format == "json":
		con.printJSON(con.appliedReport(a))
	case con.format == "diff":
		con.printDiff(a.plan, a.openNotes(), patch.Masked)
		con.printFindings(a.plan, a.found)
	case con.quiet:
	case !a.plan.Changed():
		con.out.print(con.planText("apply", a.target, a.plan, a.found, patch.Masked) + con.completeText(c, a.target, a.plan))
	case c.Bool("yes"):
		con.out.print(con.out.headerText("apply", a.nodeText(), a.home.String()) + con.out.changesText(a.plan, patch.Masked) + "\n" +
			notesText(a.plan, a.node.Notes) + con.out.plannedFindings(a.plan, &a.found.linted) + con.appliedText(c, a))
	default: // the plan has been shown
		con.out.print("\n" + con.appliedText(c, a))
	}
}

// appliedReport is what apply did as JSON.
func (con *console) appliedReport(a *applied) *patch.PlanReport {
	report := a.report(a.plan, a.found)
	report.Restart = report.Restart || con.recovered && a.home.PID != 0
	if a.id != "" {
		report.Backup = &a.id
	}
	con.addNotes(report)
	return report
}

// appliedText sums up what was written, how to undo it, and what is left to do.
func (con *console) appliedText(c *cli.Context, a *applied) string {
	text := summaryText(a.plan, "changed", "setting")
	if a.id != "" {
		text += fmt.Sprintf("Backup %s.\nTo undo: %s\n", a.id, undoText(a.home, a.id))
	}
	text += restartText(a.home)
	if len(a.node.Open) > 0 {
		text += "\n" + con.out.openText(a.target) + con.completeText(c, a.target, a.plan)
	}
	return text + con.out.manualText(a.manual())
}

// manualText lists what is left to do by hand.
func (s *stream) manualText(steps []string) string {
	if len(steps) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n", s.paint(bold, "Still to do by hand"))
	for _, step := range steps {
		fmt.Fprintf(&b, "  - %s\n", strings.Join(wrap(inLine(s.secrets.Redact(step)), s.width-4), "\n    "))
	}
	return b.String()
}

// undoText is the command that undoes the run id.
func undoText(home *product.Home, id string) string {
	return fmt.Sprintf("carbonpatch rollback %s %s", homeArguments(home), id)
}

// restartText says that the running server does not know of the changes yet.
func restartText(home *product.Home) string {
	if home == nil || home.PID == 0 {
		return ""
	}
	return fmt.Sprintf("Carbon is running (pid %d) and reads these files at start-up: restart it.\n", home.PID)
}
