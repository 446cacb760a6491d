package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// linesText tells of each finding in one line.
func (s *stream) linesText(l *linted) string {
	var b strings.Builder
	for _, f := range l.findings {
		b.WriteString(s.findingLine(l, f))
	}
	return b.String()
}

// findingsText tells all of each finding, with the source line that it is about.
func (s *stream) findingsText(l *linted) string {
	var b strings.Builder
	for _, f := range l.findings {
		b.WriteString(s.findingLine(l, f))
		if !isWhole(f.Place) {
			p := &patch.Problem{Line: f.Place.Position().Line}
			sourceLine(p, f.Place, s.width-len("12345 | "), s.secrets)
			b.WriteString(s.sourceText(p))
		}
		b.WriteString(inLine(f.Then) + "\n")
		b.WriteString(s.paint(cyan, "hint:") + " " + inLine(f.Hint) + "\n")
		for _, other := range f.Others {
			b.WriteString("also: " + inLine(l.placeText(other.Node, other.Place)) + "\n")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (s *stream) findingLine(l *linted, f *lint.Finding) string {
	severity := s.paint(severityStyles[f.Severity], f.Severity.String()+":")
	return fmt.Sprintf("%s %s %s [%s]\n", s.paint(bold, inLine(l.placeText(f.Node, f.Place))+":"), severity, inLine(f.Message), f.Rule.ID)
}

var severityStyles = map[lint.Severity]style{lint.Error: red, lint.Warning: yellow, lint.Info: cyan}

// placeText is FILE:LINE:COLUMN, or FILE for a file as a whole.
func (l *linted) placeText(n *lint.Node, place product.Place) string {
	text := l.path(n, place)
	if !isWhole(place) {
		at := place.Position()
		text += fmt.Sprintf(":%d:%d", at.Line, at.Column)
	}
	return text
}

// findingsSummary counts what was found, and names what was silenced.
func findingsSummary(l *linted) string {
	files := 0
	for _, n := range l.nodes {
		files += len(n.Files)
	}
	where := count(files, "file")
	switch {
	case l.described:
		where = count(len(l.nodes), "node")
	case len(l.nodes) > 1:
		where += " of " + count(len(l.nodes), "node")
	}
	var parts []string
	for _, severity := range []lint.Severity{lint.Error, lint.Warning, lint.Info} {
		if n := l.count(severity); n > 0 {
			parts = append(parts, count(n, severity.String()))
		}
	}
	text := fmt.Sprintf("%s in %s", cmp.Or(strings.Join(parts, ", "), "No findings"), where)
	if len(l.silenced) > 0 {
		text += "; silenced: " + strings.Join(silencedText(l.silenced), ", ")
	}
	return text + ".\n"
}

// silencedText names each rule once, with the number of its findings and the reason.
func silencedText(all []silenced) []string {
	counts := map[string]int{}
	var order []string
	for _, s := range all {
		text := fmt.Sprintf("%s (%s)", s.Rule.ID, inLine(s.reason))
		if !slices.Contains(order, text) {
			order = append(order, text)
		}
		counts[text]++
	}
	for i, text := range order {
		order[i] = fmt.Sprintf("%d of %s", counts[text], text)
	}
	return order
}
