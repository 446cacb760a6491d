package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch/txn"
)

func historyVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:        "history",
		Usage:       "what was applied and rolled back: when, by whom, to which files",
		ArgsUsage:   "[HOME]",
		Description: "Lists the newest run first, with the id that rollback takes. It tells no values: of what a run has changed there is the number.",
		Flags:       append([]cli.Flag{rootFlag()}, everywhere("text|json")...),
		Action:      func(c *cli.Context) error { return history(c, con) },
	}
}

func history(c *cli.Context, con *console) error {
	dir, err := con.readHome(c)
	if err != nil {
		return err
	}
	start := time.Now()
	runs, err := txn.History(dir)
	con.log.Info("history read", zap.Int("runs", len(runs)), since(start))
	switch {
	case con.format == "json" && err != nil:
	case con.format == "json":
		con.printJSON(historyReport(runs))
	case con.quiet, len(runs) == 0 && err != nil:
	case len(runs) == 0:
		con.out.print(fmt.Sprintf("No runs are recorded in %s.\n", inLine(dir)))
	default:
		con.out.print(con.out.headerText("history", dir) + con.out.historyText(runs))
	}
	return err
}

const historyRow = "%-21s  %-25s  %-8s  %7s  %s"

// historyText is a table of runs: a line for each, and below it what is too long for a column.
func (s *stream) historyText(runs []*txn.Run) string {
	var b strings.Builder
	line := func(cells ...any) string { return strings.TrimRight(fmt.Sprintf(historyRow, cells...), " ") }
	b.WriteString(s.paint(bold, line("RUN", "TIME", "VERB", "CHANGES", "")) + "\n")
	for _, run := range runs {
		state := ""
		switch {
		case run.Undone:
			state = "undone"
		case run.Undid == "" && !run.Kept():
			state = "no backup"
		}
		b.WriteString(line(run.ID, run.Time.Local().Format(time.RFC3339), inLine(run.Verb), fmt.Sprint(run.Changes), state) + "\n")
		for _, detail := range runDetails(run) {
			b.WriteString("  " + strings.Join(wrap(inLine(detail), s.width-2), "\n    ") + "\n")
		}
	}
	return b.String()
}

// runDetails say who did what for which node, from which cluster files, and to which files.
func runDetails(run *txn.Run) []string {
	var who []string
	if run.User != "" {
		who = append(who, "by "+run.User)
	}
	if run.Undid != "" {
		who = append(who, "undid "+run.Undid)
	}
	if run.Node != "" {
		who = append(who, "node "+run.Node)
	}
	if run.Cluster != "" {
		who = append(who, "cluster "+run.Cluster)
	}
	details := []string{strings.Join(who, ", ")}
	for _, source := range run.Sources {
		name := source.Path
		if name == "-" {
			name = "standard input"
		}
		details = append(details, fmt.Sprintf("from %s (SHA-256 %.12s...)", name, source.SHA256))
	}
	var files []string
	for _, file := range run.Files {
		files = append(files, file.Path)
	}
	return append(details, strings.Join(files, ", "))
}

type historyJSON struct {
	Schema int       `json:"schema"`
	Runs   []runJSON `json:"runs"`
}

type runJSON struct {
	ID      string       `json:"id" redact:"never"`
	Time    string       `json:"time"` // UTC
	User    string       `json:"user" redact:"never"`
	Verb    string       `json:"verb"`
	Cluster string       `json:"cluster" redact:"never"`
	Node    string       `json:"node" redact:"never"`
	Sources []txn.Source `json:"sources" redact:"never"`
	Files   []string     `json:"files" redact:"never"`
	Changes int          `json:"changes"`
	Undone  bool         `json:"undone"`               // by a rollback
	Undid   string       `json:"undid" redact:"never"` // of a rollback: the run that it put back
}

func historyReport(runs []*txn.Run) historyJSON {
	report := historyJSON{Schema: 1, Runs: []runJSON{}}
	for _, run := range runs {
		files := []string{}
		for _, file := range run.Files {
			files = append(files, file.Path)
		}
		report.Runs = append(report.Runs, runJSON{
			ID: run.ID, Time: run.Time.UTC().Format(time.RFC3339), User: run.User, Verb: run.Verb, Cluster: run.Cluster, Node: run.Node,
			Sources: append([]txn.Source{}, run.Sources...), Files: files, Changes: run.Changes, Undone: run.Undone, Undid: run.Undid,
		})
	}
	return report
}
