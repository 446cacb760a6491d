package main

import (
	"path/filepath"
	"slices"

	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// linted is what the rules found in nodes.
type linted struct {
	nodes    []*lint.Node
	findings []*lint.Finding
	silenced []silenced
	// described says that findings are in the files of a description, and nodes have no homes.
	described bool
	about     []string // says what was looked at; nil where the nodes say it
}

// silenced is a finding that somebody does not want to see.
type silenced struct {
	*lint.Finding
	reason string
}

// silence takes the findings of rules out of those that count.
func (l *linted) silence(rules []string, reason string) {
	unwanted := func(f *lint.Finding) bool { return slices.Contains(rules, f.Rule.ID) }
	for _, f := range l.findings {
		if unwanted(f) {
			l.silenced = append(l.silenced, silenced{f, reason})
		}
	}
	l.findings = slices.DeleteFunc(l.findings, unwanted)
}

// count counts the findings of a severity.
func (l *linted) count(severity lint.Severity) int {
	n := 0
	for _, f := range l.findings {
		if f.Severity == severity {
			n++
		}
	}
	return n
}

// path is how people find the file of a place in a node: below the home where that is the only one, through the home as it was given
// where there are several, and below the name of a node that has none.
func (l *linted) path(n *lint.Node, place product.Place) string {
	file := ""
	if place.File != nil {
		file = place.File.Path
	}
	switch {
	case l.described, len(l.nodes) == 1 && file != "":
		return file
	case n.Dir == "":
		return filepath.Join(n.Name, file)
	}
	return filepath.Join(n.Dir, file)
}

// isWhole reports whether a place is that of a file, or of a home, as a whole.
func isWhole(place product.Place) bool { return place.File == nil || place.Hi == 0 }

// title says what was looked at.
func (l *linted) title() []string {
	if l.about != nil {
		return l.about
	}
	if len(l.nodes) == 1 && l.nodes[0].Dir != "" {
		return []string{l.nodes[0].Home.String()}
	}
	return []string{count(len(l.nodes), "node") + " of one cluster"}
}
