package main

import (
	"regexp"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
)

// ansibleResult is what Ansible is told of a run that worked. It never has a key rc: Ansible takes another than 0 for a failure.
type ansibleResult struct {
	Changed   bool                 `json:"changed"`
	Message   string               `json:"msg"`
	Home      string               `json:"home" redact:"never"`
	Product   *patch.ProductReport `json:"product"`
	Cluster   string               `json:"cluster" redact:"never"`
	Node      string               `json:"node" redact:"never"`
	Role      string               `json:"role" redact:"never"`
	Restart   bool                 `json:"restart"`
	Changes   []ansibleChange      `json:"changes"`
	Unchanged int                  `json:"unchanged"`
	Open      []string             `json:"open"`
	Notes     []patch.NoteReport   `json:"notes"`
	Manual    []string             `json:"manual"`
	Findings  []any                `json:"findings"`
	Backup    *string              `json:"backup" redact:"never"`
	Warnings  []string             `json:"warnings,omitempty"` // Ansible prints them
	Diff      []ansibleDiff        `json:"diff,omitempty"`     // Ansible prints it
}

// ansibleChange is a change with its file.
type ansibleChange struct {
	File string `json:"file" redact:"never"`
	patch.ChangeReport
}

// ansibleDiff is a diff that is printed as it is.
type ansibleDiff struct {
	Prepared string `json:"prepared"`
}

func (con *console) ansibleResult(a *applied, options *ansibleOptions) *ansibleResult {
	report := con.appliedReport(a)
	result := &ansibleResult{
		Changed: report.Changed || con.recovered, Message: strings.TrimSpace(summaryText(a.plan, options.changed(), "setting")),
		Home: report.Home, Product: report.Product, Cluster: report.Cluster, Node: report.Node, Role: report.Role, Restart: report.Restart,
		Changes: []ansibleChange{}, Unchanged: report.Unchanged, Open: report.Open, Notes: report.Notes, Manual: report.Manual,
		Findings: report.Findings, Backup: report.Backup, Warnings: con.warnings,
	}
	for i := range result.Notes {
		result.Notes[i].Message = optionText(result.Notes[i].Message)
	}
	for _, file := range report.Files {
		for _, change := range file.Changes {
			result.Changes = append(result.Changes, ansibleChange{file.Path, change})
		}
	}
	if serious := con.out.linesText(a.found.serious()); serious != "" {
		result.Warnings = append(result.Warnings, strings.Split(strings.TrimSuffix(serious, "\n"), "\n")...)
	}
	if options.diff && report.Changed {
		result.Diff = []ansibleDiff{{con.out.diffText(a.plan, patch.Masked)}}
	}
	return result
}

// ansibleFailure is what Ansible is told of a run that failed.
type ansibleFailure struct {
	Failed   bool                `json:"failed"`
	Changed  bool                `json:"changed"` // files were written all the same
	Message  string              `json:"msg"`
	Errors   []patch.ErrorReport `json:"errors"`
	Warnings []string            `json:"warnings,omitempty"`
}

func (con *console) ansibleFailure(err error, problems patch.Problems) *ansibleFailure {
	var lines []string
	for _, p := range problems {
		optionProblem(p)
		lines = append(lines, problemLine(p))
	}
	if untouched := con.untouched(err, problems); untouched != "" {
		lines = append(lines, untouched)
	}
	return &ansibleFailure{
		Failed: true, Changed: con.written || con.recovered, Message: strings.Join(lines, "\n"), Errors: problems.Report().Errors, Warnings: con.warnings,
	}
}

// problemLine is p in one line.
func problemLine(p *patch.Problem) string {
	text := placeOf(p) + ": " + p.Message
	if p.Hint != "" {
		text += " (" + p.Hint + ")"
	}
	return inLine(text)
}

// optionProblem has p speak of options where it speaks of flags, and of the content that was given instead of standard input.
func optionProblem(p *patch.Problem) {
	p.File, p.Message, p.Hint = optionText(p.File), optionText(p.Message), optionText(p.Hint)
	if p.File == "-" {
		p.File = contentOption
	}
}

// dashedFlag is a flag as it is typed. No word that only holds it is meant.
var dashedFlag = regexp.MustCompile(`(?:^|[ (])--[a-z]+(?:-[a-z]+)*`)

// optionText names options where text names the flags of apply.
func optionText(text string) string {
	return dashedFlag.ReplaceAllStringFunc(text, func(match string) string {
		before, name, _ := strings.Cut(match, "--")
		for _, f := range ansibleFlags() {
			switch {
			case f.Names()[0] != name:
			case f.TakesValue():
				return before + optionName(name)
			default:
				return before + optionName(name) + ": true"
			}
		}
		return match
	})
}

func optionName(flag string) string { return strings.ReplaceAll(flag, "-", "_") }
