package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch/txn"
)

// purge drops all that is kept of the runs in a home. It does not look at that: it may be damaged.
func purge(c *cli.Context, con *console, dir, id string) error {
	switch {
	case id != "":
		return wrongUsage(fmt.Sprintf("--purge drops all runs, and %q is no folder", id), "")
	case c.Bool("force"):
		return wrongUsage("--force does not go with --purge, which puts nothing back", "")
	case con.format == "diff":
		return wrongUsage("--format diff does not go with --purge, which changes no file", "")
	}
	if !hasState(dir) {
		con.printPurged(dir, []string{}, fmt.Sprintf("Nothing is kept in %s.\n", inLine(dir)))
		return nil
	}
	if !c.Bool("yes") {
		if err := con.confirm(c.Context, fmt.Sprintf("Drop all that is kept of earlier runs in %s? They can't be rolled back then.", dir)); err != nil {
			return err
		}
	}
	lock, err := con.lock(c, dir)
	if err != nil {
		return err
	}
	defer lock.Release()
	runs, err := txn.History(dir)
	if err := lock.Purge(); err != nil {
		return err
	}
	con.wrote(c.Context, nil)
	con.log.Info("purged", zap.Int("runs", len(runs)))
	text := fmt.Sprintf("Dropped %s in %s, and the files as they were before.\n", count(len(runs), "run"), inLine(dir))
	if err != nil || len(runs) == 0 {
		text = fmt.Sprintf("Dropped all that was kept in %s.\n", inLine(dir))
	}
	ids := []string{}
	for _, run := range runs {
		ids = append(ids, run.ID)
	}
	con.printPurged(dir, ids, text)
	return nil
}

// hasState reports whether there is a folder of earlier runs in a home, or whatever else has its name.
func hasState(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ".carbonpatch"))
	return !errors.Is(err, fs.ErrNotExist)
}

type purgeJSON struct {
	Schema  int      `json:"schema"`
	Home    string   `json:"home" redact:"never"`
	Dropped []string `json:"dropped" redact:"never"` // ids of runs, as far as they could be read
	Notes   []string `json:"notes"`
}

func (con *console) printPurged(dir string, ids []string, text string) {
	switch {
	case con.format == "json":
		con.printJSON(purgeJSON{Schema: 1, Home: dir, Dropped: ids, Notes: append([]string{}, con.notes...)})
	case !con.quiet:
		con.out.print(text)
	}
}
