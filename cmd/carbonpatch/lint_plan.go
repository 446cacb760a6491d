package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

func noLint() cli.Flag {
	return &cli.BoolFlag{Name: "no-lint", Usage: "do not look for what will go wrong with the result", EnvVars: environment("no-lint")}
}

// lint is what the rules find in the home of t where files hold what is given here. With the error, [patch.Problems] about files that can't be
// read, comes what they find in the others.
func (t *target) lint(files map[string][]byte) (*linted, error) {
	read, err := product.ReadNode(t.home.With(files))
	node := &lint.Node{Node: read, Name: t.node.Name, Role: t.node.Role, Peers: t.node.Peers}
	l := &linted{nodes: []*lint.Node{node}, findings: lint.Check([]*lint.Node{node})}
	l.silenceAll(t.node.Silenced)
	return l, err
}

// lintResult is what the rules find in the result of a plan. In an image they do not find what will be right once the node has its own
// values.
func (t *target) lintResult(plan *patch.Plan) (*linted, error) {
	l, err := t.lint(plan.After())
	if len(t.node.Open) == 0 || len(l.findings) == 0 {
		return l, err
	}
	values := t.node.Assumed()
	want, unknown := t.node.Profile.Patch(t.node.Role, values, t.home)
	if unknown != nil {
		return l, err
	}
	complete, unknown := patch.Make(t.home.Dir, want)
	if unknown != nil {
		return l, err
	}
	later, _ := t.lint(complete.After())
	l.findings = slices.DeleteFunc(l.findings, func(f *lint.Finding) bool {
		return !slices.ContainsFunc(later.findings, func(g *lint.Finding) bool {
			return g.Rule == f.Rule && later.path(g.Node, g.Place) == l.path(f.Node, f.Place) && !values.Assume(g.Message)
		})
	})
	return l, err
}

// silenceAll takes out what the cluster file silences.
func (l *linted) silenceAll(all []cluster.Silence) {
	for _, s := range all {
		l.silence([]string{s.Rule}, s.Reason)
	}
}

// lintAfter is what the rules find in a home as apply would leave it.
func (con *console) lintAfter(c *cli.Context) (*linted, error) {
	t, err := con.readTarget(c)
	if err != nil {
		return nil, err
	}
	plan, err := con.plan(c, t)
	if err != nil {
		return nil, err
	}
	l, err := t.lintResult(plan)
	l.about = []string{t.nodeText(), t.home.String(), "as apply would leave it, with the lines of then"}
	return l, err
}

// lintedPlan is what the rules find in the result of a plan.
type lintedPlan struct {
	linted
	brought []*lint.Finding // errors that come with what the plan writes
}

// lintPlan runs the rules on the result of a plan, or none of them with --no-lint. What can't be read for that is noted: the plan needs no such
// file.
func (con *console) lintPlan(c *cli.Context, t *target, plan *patch.Plan) *lintedPlan {
	if c.Bool("no-lint") {
		return &lintedPlan{}
	}
	start := time.Now()
	l, err := t.lintResult(plan)
	var unread patch.Problems
	errors.As(err, &unread)
	for _, p := range unread {
		plan.Notes = append(plan.Notes, patch.Note{File: p.File, Line: p.Line, Text: "not linted: " + p.Message})
	}
	found := &lintedPlan{linted: *l}
	found.brought = slices.DeleteFunc(slices.Clone(l.findings), func(f *lint.Finding) bool { return f.Severity != lint.Error || !writes(plan, f) })
	if len(found.brought) > 0 {
		had, _ := t.lint(plan.Before())
		found.brought = slices.DeleteFunc(found.brought, func(f *lint.Finding) bool {
			return slices.ContainsFunc(had.findings, func(g *lint.Finding) bool {
				return g.Rule == f.Rule && g.Message == f.Message && l.path(g.Node, g.Place) == l.path(f.Node, f.Place)
			})
		})
	}
	con.logLinted(l, start)
	return found
}

// writes reports whether the plan writes where f is.
func writes(plan *patch.Plan, f *lint.Finding) bool {
	wrote := func(at product.Place) bool {
		return slices.ContainsFunc(plan.Files, func(file *patch.FilePlan) bool {
			return at.File != nil && file.Path == at.File.Path && file.Wrote(at.Lo, at.Hi)
		})
	}
	return wrote(f.Place) || slices.ContainsFunc(f.Others, func(other lint.Other) bool { return wrote(other.Place) })
}

// refusal is the error of an apply that would bring errors.
func (con *console) refusal(l *lintedPlan) error {
	var problems patch.Problems
	for _, f := range l.brought {
		p := &patch.Problem{File: l.path(f.Node, f.Place), Message: fmt.Sprintf("%s [%s]", f.Message, f.Rule.ID), Hint: f.Hint + " To apply all the same: --no-lint"}
		if !isWhole(f.Place) {
			at := f.Place.Position()
			p.Line, p.Column = at.Line, at.Column
			sourceLine(p, f.Place, con.err.width-len("12345 | "), con.err.secrets)
		}
		problems = append(problems, p)
	}
	return problems.Err()
}

// refusedText says that apply would refuse the plan, and why; "" where it would not.
func (l *lintedPlan) refusedText() string {
	if len(l.brought) == 0 {
		return ""
	}
	var rules []string
	for _, f := range l.brought {
		rules = append(rules, f.Rule.ID)
	}
	slices.Sort(rules)
	return fmt.Sprintf("apply would refuse this plan without --no-lint: it brings %s (%s)", count(len(l.brought), "error"), strings.Join(slices.Compact(rules), ", "))
}

// serious are the findings without those that are merely worth knowing.
func (l linted) serious() *linted {
	l.findings = slices.DeleteFunc(slices.Clone(l.findings), func(f *lint.Finding) bool { return f.Severity == lint.Info })
	return &l
}

// printFindings tells beside a result what is serious of what the rules find in what the plan makes.
func (con *console) printFindings(plan *patch.Plan, l *lintedPlan) {
	if !con.quiet {
		con.err.print(con.err.plannedFindings(plan, l.serious()))
	}
}

// plannedFindings tells in a line each what the rules find in the result of a plan, if they find anything. What is merely worth knowing is
// counted, and of a plan that changes nothing only where there is something else to tell.
func (s *stream) plannedFindings(plan *patch.Plan, l *linted) string {
	text := s.linesText(l.serious())
	text += countedText(plan, l, text != "")
	switch {
	case text == "":
		return ""
	case plan.Changed():
		return "Lint, with the lines of the files as they would be:\n" + text + "\n"
	}
	return "Lint:\n" + text + "\n"
}

// countedText counts what is silenced, and what is merely worth knowing. That is told of a plan that changes nothing only besides something else.
func countedText(plan *patch.Plan, l *linted, besides bool) string {
	text := ""
	if n := len(l.silenced); n > 0 {
		text = fmt.Sprintf("%s silenced: %s.\n", countAre(n, "finding"), strings.Join(silencedText(l.silenced), ", "))
	}
	if infos := l.count(lint.Info); infos > 0 && (besides || text != "" || plan.Changed()) {
		text += fmt.Sprintf("%s more; carbonpatch lint tells.\n", count(infos, "info"))
	}
	return text
}
