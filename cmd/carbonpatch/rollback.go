package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/txn"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

func rollbackVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:        "rollback",
		Usage:       "put back what apply changed, the newest run or the one named",
		ArgsUsage:   "[HOME] [ID]",
		Description: "A single argument is HOME where such a folder exists, else ID, which apply and history print.",
		Flags: slices.Concat([]cli.Flag{
			yes(),
			lockTimeout(),
			rootFlag(),
			&cli.BoolFlag{Name: "force", Usage: "also over files that were edited since"},
			&cli.BoolFlag{Name: "purge", Usage: "put nothing back; drop all that is kept of earlier runs, as an image needs it", EnvVars: environment("purge")},
		}, everywhere("text|diff|json")),
		Action: func(c *cli.Context) error { return rollback(c, con) },
	}
}

func rollback(c *cli.Context, con *console) error {
	if !c.Bool("yes") {
		if err := con.mayAsk(); err != nil {
			return err
		}
	}
	if err := con.enterRoot(c); err != nil {
		return err
	}
	args, id := con.root.splitID(c.Args().Slice())
	dir, err := con.homeInRoot(args)
	if err != nil {
		return err
	}
	if c.Bool("purge") {
		return purge(c, con, dir, id)
	}
	recovery, err := con.recoverHome(c, dir)
	if err != nil {
		return err
	}
	if recovery != nil && id == "" && recovery.Finished && recovery.Undoes == "" {
		if id = recovery.ID; !recovery.Kept { // then no older run is meant
			return patch.Problems{{
				Message: "the run that was interrupted and is finished now keeps no backup: it can't be rolled back",
				Hint:    "apply what the home had before; carbonpatch history lists older runs, which can be rolled back by their ids",
			}}
		}
	}
	if undone := undoneBy(recovery); undone != "" && (id == "" || id == undone) {
		con.printUndone(dir, undone, recovery)
		return nil
	}
	return con.putBack(c, dir, id)
}

// putBack rolls back the run with the id, or the newest one.
func (con *console) putBack(c *cli.Context, dir, id string) error {
	plan, run, err := con.askForRollback(c, dir, id)
	if err != nil {
		return err
	}
	lock, err := con.lock(c, dir)
	if err != nil {
		return err
	}
	defer lock.Release()
	if c.Bool("yes") { // what was shown must not be planned anew
		if plan, run, err = txn.PlanRollback(dir, run.ID, c.Bool("force")); err != nil {
			return err
		}
	}
	start := time.Now()
	if _, err := lock.Rollback(c.Context, run.ID, c.Bool("force"), plan, txn.Meta{User: runUser()}); err != nil {
		return err
	}
	con.wrote(c.Context, lock.Found())
	con.logWritten(plan)
	con.log.Info("rolled back", zap.String("run", run.ID), since(start))
	con.printRollback(c, dir, plan, run)
	return nil
}

// askForRollback finds out what would be put back, and asks unless that is not wanted.
func (con *console) askForRollback(c *cli.Context, dir, id string) (*patch.Plan, *txn.Run, error) {
	start := time.Now()
	plan, run, err := txn.PlanRollback(dir, id, c.Bool("force"))
	if err != nil {
		return nil, nil, err
	}
	con.logPlan(plan, start)
	if c.Bool("yes") {
		return plan, run, nil
	}
	con.out.print(con.out.diffText(plan, patch.Masked) + "\n")
	return plan, run, con.confirm(c.Context, fmt.Sprintf("Put back %s of %s?", these(len(plan.Files), "file"), dir))
}

// undoneBy is the id of the run that a recovery has undone, or whose rollback it has finished; "" for none.
func undoneBy(r *txn.Recovery) string {
	switch {
	case r == nil:
		return ""
	case r.Finished:
		return r.Undoes
	case r.Undoes == "":
		return r.ID
	}
	return ""
}

// splitID splits the arguments into those for HOME and the id of a run. What there is and can't be looked at is no id.
func (r root) splitID(args []string) (home []string, id string) {
	if len(args) == 0 {
		return nil, ""
	}
	last := args[len(args)-1]
	info, err := r.stat(last)
	if missing := errors.Is(err, fs.ErrNotExist); len(args) == 1 && !missing && (err != nil || info.IsDir()) {
		return args, ""
	}
	return args[:len(args)-1], last
}

// detectRolledBack is the home, or nil where it is too broken to say what it is.
func (con *console) detectRolledBack(dir string) *product.Home {
	home, err := product.DetectBelow(string(con.root), dir)
	if err != nil {
		return nil
	}
	return home
}

// printRollback prints what was put back.
func (con *console) printRollback(c *cli.Context, dir string, plan *patch.Plan, run *txn.Run) {
	home := con.detectRolledBack(dir)
	switch {
	case con.format == "json":
		report := plan.Report()
		report.Cluster, report.Node, report.Role = run.Cluster, run.Node, run.Role
		con.printRollbackJSON(home, report, run.ID)
	case con.format == "diff":
		con.printDiff(plan, nil, patch.Masked)
	case con.quiet:
	case c.Bool("yes"):
		con.out.print(con.out.diffText(plan, patch.Masked) + "\n" + rollbackText(plan, run) + restartText(home))
	default: // the diff has been shown
		con.out.print("\n" + rollbackText(plan, run) + restartText(home))
	}
}

// printUndone prints that a recovery has put back the run with the id already.
func (con *console) printUndone(dir, id string, r *txn.Recovery) {
	home := con.detectRolledBack(dir)
	switch {
	case con.format == "json":
		report := (&patch.Plan{Home: dir}).Report()
		report.Changed = true
		for _, path := range r.Files {
			report.Files = append(report.Files, patch.FileReport{Path: path, Changed: !slices.Contains(r.Conflicts, path), Changes: []patch.ChangeReport{}})
		}
		con.printRollbackJSON(home, report, id)
	case con.format == "text" && !con.quiet:
		con.out.print(fmt.Sprintf("The run %s is undone with that: there is nothing more to put back.\n", id) + restartText(home))
	}
}

// printRollbackJSON prints report, which lacks what is known only when a rollback is done.
func (con *console) printRollbackJSON(home *product.Home, report *patch.PlanReport, id string) {
	report.Backup = &id
	if home != nil {
		report.Product = productReport(home)
		report.Restart = report.Changed && home.PID != 0
	}
	con.addNotes(report)
	con.printJSON(report)
}

func rollbackText(plan *patch.Plan, run *txn.Run) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s as before the run %s:\n", countAre(len(plan.Files), "file"), run.ID)
	for _, file := range plan.Files {
		fmt.Fprintf(&b, "  %s\n", inLine(file.Path))
	}
	return b.String()
}
