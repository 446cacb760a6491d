package main

import (
	"fmt"
	"os"
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
		Description: "A single argument is HOME where such a folder exists, else ID, which apply has printed.",
		Flags: slices.Concat([]cli.Flag{
			yes(),
			lockTimeout(),
			&cli.BoolFlag{Name: "force", Usage: "also over files that were edited since"},
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
	args, id := splitID(c.Args().Slice())
	dir, err := homeDir(args)
	if err != nil {
		return err
	}
	plan, backup, err := txn.PlanRollback(dir, id, c.Bool("force"))
	if err != nil {
		return err
	}
	if !c.Bool("yes") {
		con.out.print(con.out.diffText(plan, patch.Masked) + "\n")
		if err := con.confirm(c.Context, fmt.Sprintf("Put back %s of %s?", these(len(plan.Files), "file"), dir)); err != nil {
			return err
		}
	}
	lock, err := con.lock(c, dir)
	if err != nil {
		return err
	}
	defer lock.Release()
	if c.Bool("yes") { // what was shown must not be planned anew
		if plan, backup, err = txn.PlanRollback(dir, id, c.Bool("force")); err != nil {
			return err
		}
	}
	start := time.Now()
	if _, err := lock.Rollback(c.Context, backup.ID, c.Bool("force"), txn.Meta{User: userName(loginName(), os.Getenv("SUDO_USER"))}); err != nil {
		return err
	}
	con.written = true
	con.log.Info("rolled back", zap.String("backup", backup.ID), zap.Duration("took", time.Since(start)))
	con.printRollback(dir, plan, backup)
	return nil
}

// splitID splits the arguments into those for HOME and the id of a run.
func splitID(args []string) (home []string, id string) {
	if len(args) == 0 {
		return nil, ""
	}
	last := args[len(args)-1]
	if info, err := os.Stat(last); len(args) == 1 && err == nil && info.IsDir() {
		return args, ""
	}
	return args[:len(args)-1], last
}

// printRollback prints what was put back. It works on a home that is too broken to say what it is.
func (con *console) printRollback(dir string, plan *patch.Plan, backup *txn.Run) {
	home, err := product.Detect(dir)
	if err != nil {
		home = nil
	}
	switch {
	case con.format == "json":
		con.printJSON(rollbackReport(home, plan, backup))
	case con.format == "diff":
		con.printDiff(plan, nil, patch.Masked)
	case !con.quiet:
		con.out.print(rollbackText(plan, backup) + restartText(home))
	}
}

func rollbackReport(home *product.Home, plan *patch.Plan, backup *txn.Run) *patch.PlanReport {
	report := plan.Report()
	report.Cluster, report.Node, report.Backup = backup.Cluster, backup.Node, &backup.ID
	if home != nil {
		report.Product = productReport(home)
		report.Restart = plan.Changed() && home.PID != 0
	}
	return report
}

func rollbackText(plan *patch.Plan, backup *txn.Run) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s as before the run %s:\n", countAre(len(plan.Files), "file"), backup.ID)
	for _, file := range plan.Files {
		fmt.Fprintf(&b, "  %s\n", inLine(file.Path))
	}
	return b.String()
}
