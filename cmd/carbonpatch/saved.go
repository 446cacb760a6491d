package main

import (
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
)

func outFlag() cli.Flag {
	return &cli.StringFlag{Name: "out", Usage: "save the plan to `FILE` as well, for apply --plan; it holds no secrets", EnvVars: environment("out")}
}

func planFlag() cli.Flag {
	return &cli.StringFlag{Name: "plan", Usage: "make the changes of the saved plan `FILE` and no others: if files or changes differ, nothing is written", EnvVars: environment("plan")}
}

// checkOut refuses a file below the home for --out: what is there is configuration, or may be read as such.
func checkOut(name, home string) error {
	homeInfo, err := os.Stat(home)
	if err != nil {
		return nil // which is told elsewhere
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(absolute(name)))
	if err != nil {
		return patch.Problems{{File: name, Message: "cannot write: " + patch.Reason(err)}}
	}
	for ; ; folder = filepath.Dir(folder) {
		if info, err := os.Stat(folder); err == nil && os.SameFile(info, homeInfo) {
			return patch.Problems{{File: name, Message: "cannot write: a plan is not saved in the home that it is for", Hint: "name a file elsewhere"}}
		}
		if folder == filepath.Dir(folder) {
			return nil
		}
	}
}

// savedPlan is a plan that was read from the file name.
type savedPlan struct {
	name string
	plan *patch.SavedPlan
}

// readSaved reads what --plan names; there is none where that is "".
func readSaved(name string) (*savedPlan, error) {
	if name == "" {
		return nil, nil
	}
	plan, err := patch.ReadSavedPlan(name)
	return &savedPlan{name, plan}, err
}

// checkSaved refuses a plan that is not the saved one.
func (con *console) checkSaved(t *target, plan *patch.Plan) error {
	if t.saved == nil {
		return nil
	}
	return t.saved.plan.Check(t.saved.name, con.savedPlan(t, plan))
}

// savedPlan is plan as it can be saved: without secrets.
func (con *console) savedPlan(t *target, plan *patch.Plan) *patch.SavedPlan {
	s := plan.Saved(t.node.Secrets)
	s.Tool, s.Home, s.Product = version(), t.home.Dir, productReport(t.home)
	s.Cluster, s.Node, s.Role, s.Image = t.node.Cluster, t.node.Name, t.node.Role, t.node.Image
	for _, file := range t.clusters {
		s.Sources = append(s.Sources, absolute(file.Name))
	}
	return con.out.secrets.RedactReport(s).(*patch.SavedPlan)
}

// absolute is the full path of a cluster file; - is standard input.
func absolute(name string) string {
	if name == "-" {
		return name
	}
	if path, err := filepath.Abs(name); err == nil {
		return path
	}
	return name
}
