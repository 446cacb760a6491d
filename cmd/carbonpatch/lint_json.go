package main

import (
	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

type lintJSON struct {
	Schema   int            `json:"schema"`
	Findings []findingJSON  `json:"findings"`
	Errors   int            `json:"errors"`
	Warnings int            `json:"warnings"`
	Infos    int            `json:"infos"`
	Silenced []silencedJSON `json:"silenced"`
}

type findingJSON struct {
	Rule        string         `json:"rule" redact:"never"`
	Severity    string         `json:"severity" redact:"never"`
	Scope       string         `json:"scope" redact:"never"`
	Home        string         `json:"home" redact:"never"` // "" of a node that has none
	Node        string         `json:"node" redact:"never"`
	File        string         `json:"file" redact:"never"` // below the home
	Line        int            `json:"line"`                // 0 where it is about the file as a whole
	Column      int            `json:"column"`
	Message     string         `json:"message"`
	Consequence string         `json:"consequence"`
	Hint        string         `json:"hint"`
	Source      string         `json:"source"` // of the rule
	Also        []locationJSON `json:"also"`   // further places that it is about
}

type locationJSON struct {
	Home   string `json:"home" redact:"never"`
	Node   string `json:"node" redact:"never"`
	File   string `json:"file" redact:"never"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// silencedJSON is a finding that does not count.
type silencedJSON struct {
	Finding findingJSON `json:"finding"`
	Reason  string      `json:"reason"`
}

func lintReport(l *linted) lintJSON {
	report := lintJSON{
		Schema: 1, Findings: findingsReport(l.findings), Silenced: []silencedJSON{},
		Errors: l.count(lint.Error), Warnings: l.count(lint.Warning), Infos: l.count(lint.Info),
	}
	for _, s := range l.silenced {
		report.Silenced = append(report.Silenced, silencedJSON{findingReport(s.Finding), s.reason})
	}
	return report
}

func findingsReport(findings []*lint.Finding) []findingJSON {
	all := []findingJSON{}
	for _, f := range findings {
		all = append(all, findingReport(f))
	}
	return all
}

func findingReport(f *lint.Finding) findingJSON {
	at := locationReport(f.Node, f.Place)
	report := findingJSON{
		Rule: f.Rule.ID, Severity: f.Severity.String(), Scope: f.Rule.Scope.String(),
		Home: at.Home, Node: at.Node, File: at.File, Line: at.Line, Column: at.Column,
		Message: f.Message, Consequence: f.Then, Hint: f.Hint, Source: f.Rule.Source, Also: []locationJSON{},
	}
	for _, other := range f.Others {
		report.Also = append(report.Also, locationReport(other.Node, other.Place))
	}
	return report
}

func locationReport(n *lint.Node, place product.Place) locationJSON {
	at := locationJSON{Node: n.Name}
	if n.Dir != "" {
		at.Home = absolute(n.Dir)
	}
	if place.File != nil {
		at.File = place.File.Path
	}
	if !isWhole(place) {
		position := place.Position()
		at.Line, at.Column = position.Line, position.Column
	}
	return at
}
