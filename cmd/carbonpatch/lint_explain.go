package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/profiles/lint"
)

type ruleJSON struct {
	Schema      int    `json:"schema"`
	Rule        string `json:"rule"`
	Severity    string `json:"severity"` // of most of its findings
	Scope       string `json:"scope"`
	Message     string `json:"message"`
	Consequence string `json:"consequence"`
	Fix         string `json:"fix"`
	Source      string `json:"source"`
	Wrong       string `json:"wrong"` // a piece of a file
	Right       string `json:"right"`
}

// explainRule prints what a rule is about.
func (con *console) explainRule(c *cli.Context, id string) error {
	if err := checkRule("--explain", id); err != nil {
		return err
	}
	if c.NArg() > 0 {
		return wrongUsage("--explain does not go with a HOME", "carbonpatch lint --explain "+id)
	}
	r := lint.Find(lint.Rules(), id)
	switch con.format {
	case "sarif":
		return wrongUsage("--explain prints text or json, no sarif", "--format json")
	case "json":
		con.printJSON(ruleJSON{
			Schema: 1, Rule: r.ID, Severity: r.Severity.String(), Scope: r.Scope.String(), Message: r.Message,
			Consequence: r.Then, Fix: r.Fix, Source: r.Source, Wrong: r.Wrong, Right: r.Right,
		})
	default:
		con.out.print(con.out.ruleText(r))
	}
	return nil
}

func (s *stream) ruleText(r *lint.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s, looks at %s\n", s.paint(bold, r.ID), s.paint(severityStyles[r.Severity], r.Severity.String()), scopeText(r.Scope))
	writeAspects(&b, []aspect{{"message", []string{r.Message}}, {"consequence", []string{r.Then}}, {"fix", []string{r.Fix}}, {"source", []string{r.Source}}})
	for _, example := range []struct{ name, text string }{{"wrong", r.Wrong}, {"right", r.Right}} {
		fmt.Fprintf(&b, "\n  %s\n    %s\n", example.name, strings.ReplaceAll(example.text, "\n", "\n    "))
	}
	return b.String()
}

// scopeText says what rules of a scope look at.
func scopeText(s lint.Scope) string {
	return map[lint.Scope]string{lint.InFile: "one file", lint.InNode: "the files of one node", lint.InCluster: "all nodes of a cluster"}[s]
}
