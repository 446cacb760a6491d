package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// planMarkdown is the plan for people who read it in a pull request or in a ticket; one that changes nothing is one line, as in [console.planText]. It
// ends with a blank line, so that those of several nodes can stand one after the other.
func (s *stream) planMarkdown(t *target, plan *patch.Plan, found *lintedPlan) string {
	where, summary := s.hiddenText(t.nodeText()), summaryText(plan, "would change", "setting")
	notes, open, findings := s.mdNotes(t, plan, found), s.hiddenCodes(t.node.Open), s.mdFindings(plan, &found.linted)
	if !plan.Changed() {
		return fmt.Sprintf("**carbonpatch plan**: %s, %s. %s\n", where, s.mdHome(t), summary) +
			mdList("Open settings", open) + mdList("Notes", notes) + mdList("Lint", findings)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "### carbonpatch plan: %s\n\n%s. %s\n", where, s.mdHome(t), summary)
	diff := ""
	for _, file := range plan.Files {
		if file.Changed() {
			fmt.Fprintf(&b, "#### %s, %s\n\n%s\n", s.hiddenCode(file.Path), count(len(file.Changes), "change"), s.mdChanges(file.Changes))
			diff += s.plainDiff(file, patch.Masked)
		}
	}
	b.WriteString(mdList("Open settings", open) + mdList("Notes", notes) + mdList("Lint, with the lines of the files as they would be", findings))
	b.WriteString(mdList("Still to do by hand", s.hiddenTexts(t.manual())))
	fmt.Fprintf(&b, "<details>\n<summary>Diff</summary>\n\n%s\n</details>\n\n", mdFenced("diff", diff))
	return b.String()
}

// hiddenText and hiddenCode hide the secrets that are known, before these are written otherwise.
func (s *stream) hiddenText(text string) string { return mdText(s.secrets.Redact(text)) }
func (s *stream) hiddenCode(text string) string { return mdCode(s.secrets.Redact(text)) }

func (s *stream) hiddenTexts(all []string) []string { return mapped(all, s.hiddenText) }
func (s *stream) hiddenCodes(all []string) []string { return mapped(all, s.hiddenCode) }

func mapped(all []string, f func(string) string) []string {
	texts := make([]string, len(all))
	for i, text := range all {
		texts[i] = f(text)
	}
	return texts
}

func (s *stream) mdHome(t *target) string {
	return strings.TrimSpace(mdText(t.home.Name+" "+t.home.Version)) + " at " + s.hiddenCode(t.home.Dir)
}

// mdChanges is a table of the changes in a file.
func (s *stream) mdChanges(changes []patch.Change) string {
	table := mdRow("", "Setting", "Before", "After", "Line") + mdRow("---", "---", "---", "---", "---:")
	for _, c := range changes {
		c = s.hidden(c)
		before, after := mdValues(c)
		line := ""
		if c.Line > 0 {
			line = fmt.Sprint(c.Line)
		}
		table += mdRow(mdCode(sign(c.Kind)), s.hiddenCode(c.Label()), before, after, line)
	}
	return table
}

// mdValues are the values before and after; what there is not is an empty cell.
func mdValues(c patch.Change) (before, after string) {
	before, after = valuesText(c, patch.Masked)
	before, after = mdCode(before), mdCode(after)
	switch c.Kind {
	case xmlops.Uncommented:
		return "(commented out)", cmp.Or(after, "(live)")
	case xmlops.CommentedOut:
		return cmp.Or(before, "(live)"), "(commented out)"
	case xmlops.Changed:
		return cmp.Or(before, "(empty)"), cmp.Or(after, "(empty)")
	}
	return before, after
}

// mdNotes are the notes of the text, and that apply would refuse the plan.
func (s *stream) mdNotes(t *target, plan *patch.Plan, found *lintedPlan) []string {
	notes := s.hiddenTexts(linesOf(notesText(plan, t.node.Notes)))
	for i, note := range notes {
		notes[i] = strings.TrimPrefix(note, "note: ")
	}
	if refused := found.refusedText(); refused != "" {
		notes = append(notes, s.hiddenText(refused))
	}
	return notes
}

// mdFindings are the findings of the text.
func (s *stream) mdFindings(plan *patch.Plan, l *linted) []string {
	serious := l.serious()
	var items []string
	for _, f := range serious.findings {
		items = append(items, fmt.Sprintf("**%s** %s: %s [%s]. %s", f.Severity, s.hiddenCode(l.placeText(f.Node, f.Place)), s.hiddenText(f.Message), mdCode(f.Rule.ID), s.hiddenText(f.Hint)))
	}
	return append(items, s.hiddenTexts(linesOf(countedText(plan, l, len(items) > 0)))...)
}

// linesOf are the lines of a text; there are none of "".
func linesOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
