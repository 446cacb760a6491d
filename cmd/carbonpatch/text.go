package main

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// headerText names the verb and what it is about; parts stay together where a line is too narrow for all.
func (s *stream) headerText(verb string, parts ...string) string {
	line := s.paint(bold, "carbonpatch "+verb)
	columns := length("carbonpatch " + verb)
	for _, part := range parts {
		if part == "" {
			continue
		}
		part = inLine(part)
		if columns+2+length(part) > s.width {
			line += "\n"
			columns = 0
		}
		line += "  " + part
		columns += 2 + length(part)
	}
	return line + "\n\n"
}

// changesText lists what changes in each file.
func (s *stream) changesText(plan *patch.Plan, show patch.Visibility) string {
	var b strings.Builder
	for _, file := range plan.Files {
		if !file.Changed() {
			continue
		}
		rows := make([]row, len(file.Changes))
		for i, c := range file.Changes {
			rows[i] = rowOf(s.hidden(c), show)
		}
		fmt.Fprintf(&b, "%s  %s\n%s", s.paint(bold, inLine(file.Path)), count(len(rows), "change"), layout(rows, s.width))
	}
	return b.String()
}

// hidden is a change without the secrets that are known, before its values are made to fit a line.
func (s *stream) hidden(c patch.Change) patch.Change {
	c.Before, c.After = s.hiddenIn(c.Before), s.hiddenIn(c.After)
	return c
}

func (s *stream) hiddenIn(t secret.Text) secret.Text { return secret.New(s.secrets.Redact(t.Reveal())) }

// diffText is the diff of all files for people to read.
func (s *stream) diffText(plan *patch.Plan, show patch.Visibility) string {
	var b strings.Builder
	for _, file := range plan.Files {
		diff := s.plainDiff(file, show)
		if s.color {
			diff = colorDiff(diff)
		}
		b.WriteString(diff)
	}
	return b.String()
}

// plainDiff is the diff of a file without the secrets that are known, before anything cuts these up.
func (s *stream) plainDiff(file *patch.FilePlan, show patch.Visibility) string {
	return s.secrets.Redact(strings.Map(visible, patch.Readable(file.Diff(show))))
}

// inLine is text fit to stand in a line: what a terminal would obey, line breaks and tabs too, is replaced.
func inLine(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && r != ' ' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// visible drops the carriage returns of a file and replaces what else a terminal would obey.
func visible(r rune) rune {
	switch {
	case r == '\r':
		return -1
	case r == '\n', r == '\t':
		return r
	case r < ' ', r >= 0x7f && r < 0xa0, unicode.Is(unicode.Bidi_Control, r):
		return '\uFFFD'
	}
	return r
}

// notesText tells what is neither a change nor a mistake.
func notesText(plan *patch.Plan, more []string) string {
	var b strings.Builder
	for _, note := range plan.Notes {
		place := note.File
		if note.Line > 0 {
			place += fmt.Sprintf(":%d", note.Line)
		}
		if place != "" {
			place += ": "
		}
		fmt.Fprintf(&b, "note: %s%s\n", inLine(place), inLine(note.Text))
	}
	for _, note := range more {
		fmt.Fprintf(&b, "note: %s\n", inLine(note))
	}
	return b.String()
}

// summaryText counts: verb is "would change" or "changed", noun what was asked for, setting or operation.
func summaryText(plan *patch.Plan, verb, noun string) string {
	right := plan.Right()
	if !plan.Changed() {
		if right == 1 {
			return fmt.Sprintf("No changes: the %s is already right.\n", noun)
		}
		return fmt.Sprintf("No changes: all %s in %s are already right.\n", count(right, noun), count(len(plan.Files), "file"))
	}
	files, changes := 0, []patch.Change(nil)
	for _, file := range plan.Files {
		if file.Changed() {
			files++
		}
		changes = append(changes, file.Changes...)
	}
	text := fmt.Sprintf("%s %s: %s", count(files, "file"), verb, kindsText(changes))
	if right > 0 {
		text += fmt.Sprintf("; %s already right", count(right, noun))
	}
	return text + ".\n"
}

// kindsText is "9 set, 1 added, 3 uncommented".
func kindsText(changes []patch.Change) string {
	kinds := []struct {
		kind xmlops.ChangeKind
		word string
	}{
		{xmlops.Changed, "set"},
		{xmlops.Added, "added"},
		{xmlops.Removed, "removed"},
		{xmlops.Uncommented, "uncommented"},
		{xmlops.CommentedOut, "commented out"},
	}
	var parts []string
	for _, k := range kinds {
		n := 0
		for _, c := range changes {
			if c.Kind == k.kind {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, k.word))
		}
	}
	return strings.Join(parts, ", ")
}

// count is "1 file" or "2 files".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// countAre is "1 file is" or "2 files are".
func countAre(n int, noun string) string {
	if n == 1 {
		return "1 " + noun + " is"
	}
	return count(n, noun) + " are"
}

// these is "this file" or "these 2 files".
func these(n int, noun string) string {
	if n == 1 {
		return "this " + noun
	}
	return "these " + count(n, noun)
}
