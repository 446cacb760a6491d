package main

import (
	"fmt"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/lint"
)

// catalogue is a table to find a rule in for each subject, then what there is to say of each rule.
func catalogue() string {
	var b strings.Builder
	subjects := lint.Subjects()
	for _, s := range subjects {
		if len(s.Rules) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n### %s\n\n| Rule | Severity | Looks at | Says |\n| --- | --- | --- | --- |\n", s.Title)
		for _, r := range s.Rules {
			fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s | %s |\n", r.ID, r.ID, r.Severity, scopeText(r.Scope), inProse(r.Message))
		}
		for _, r := range s.Rules {
			b.WriteString(ruleDetails(r))
		}
	}
	return b.String() + "\n"
}

func ruleDetails(r *lint.Rule) string {
	return fmt.Sprintf("\n#### %s\n\n%s: %s. %s\n\n- Fix: %s\n- Looks at: %s\n- Source: %s\n\nWrong:\n\n%s\nRight:\n\n%s",
		r.ID, strings.ToUpper(r.Severity.String()[:1])+r.Severity.String()[1:], inProse(r.Message), inProse(r.Then), inProse(r.Fix), scopeText(r.Scope),
		inProse(r.Source), inFence(r.Wrong), inFence(r.Right))
}

// inFence shows a piece of a file.
func inFence(text string) string {
	language := "text"
	if strings.HasPrefix(strings.TrimSpace(text), "<") {
		language = "xml"
	}
	return fmt.Sprintf("```%s\n%s\n```\n", language, text)
}

// inProse escapes what Markdown would read.
func inProse(text string) string {
	return strings.NewReplacer(`\`, `\\`, "<", `\<`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "|", `\|`).Replace(text)
}

// leftOut are the rules that were left out, with the reasons.
func leftOut() string {
	if len(lint.LeftOut) == 0 {
		return "\nNone.\n\n"
	}
	var b strings.Builder
	b.WriteString("\n| Rule | Reason |\n| --- | --- |\n")
	for _, o := range lint.LeftOut {
		fmt.Fprintf(&b, "| `%s` | %s |\n", o.ID, inProse(o.Reason))
	}
	return b.String() + "\n"
}
