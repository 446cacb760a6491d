package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// What follows is the part of SARIF 2.1.0 that a log of findings needs.
type (
	sarifLog struct {
		Schema  string     `json:"$schema" redact:"never"`
		Version string     `json:"version" redact:"never"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool                `json:"tool"`
		Invocations []sarifInvocation        `json:"invocations"`
		Bases       map[string]sarifArtifact `json:"originalUriBaseIds,omitempty" redact:"never"`
		ColumnKind  string                   `json:"columnKind" redact:"never"`
		Results     []sarifResult            `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name" redact:"never"`
		Version        string      `json:"version" redact:"never"`
		InformationURI string      `json:"informationUri" redact:"never"`
		Rules          []sarifRule `json:"rules" redact:"never"`
	}
	sarifRule struct {
		ID               string              `json:"id"`
		ShortDescription sarifMessage        `json:"shortDescription"`
		FullDescription  sarifMessage        `json:"fullDescription"`
		Help             sarifMessage        `json:"help"`
		HelpURI          string              `json:"helpUri"`
		Default          sarifConfiguration  `json:"defaultConfiguration"`
		Properties       sarifRuleProperties `json:"properties"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifRuleProperties struct {
		Tags   []string `json:"tags"`
		Source string   `json:"source"`
	}
	sarifInvocation struct {
		Successful bool `json:"executionSuccessful"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId" redact:"never"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level" redact:"never"`
		Message      sarifMessage       `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Related      []sarifLocation    `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints" redact:"never"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysicalLocation  `json:"physicalLocation"`
		Logical  []sarifLogicalLocation `json:"logicalLocations,omitempty"`
	}
	sarifPhysicalLocation struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifLogicalLocation struct {
		Name string `json:"name" redact:"never"`
		Kind string `json:"kind" redact:"never"`
	}
	sarifArtifact struct {
		URI  string `json:"uri" redact:"never"`
		Base string `json:"uriBaseId,omitempty" redact:"never"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind" redact:"never"`
		Justification string `json:"justification"`
	}
)

// sarifReport is what was found, with the rules that found it, as SARIF. Nothing is told of secrets, not even in a fingerprint.
func sarifReport(l *linted, secrets *patch.Redactor) sarifLog {
	w := &sarifWriter{nodes: l.nodes, described: l.described, secrets: secrets, times: map[string]int{}}
	results := []sarifResult{}
	for _, f := range l.findings {
		results = append(results, w.result(f))
	}
	for _, s := range l.silenced {
		result := w.result(s.Finding)
		result.Suppressions = []sarifSuppression{{Kind: "external", Justification: s.reason}}
		results = append(results, result)
	}
	driver := sarifDriver{Name: "carbonpatch", Version: version(), InformationURI: homepage, Rules: []sarifRule{}}
	for _, rule := range w.rules {
		driver.Rules = append(driver.Rules, sarifRuleOf(rule))
	}
	run := sarifRun{
		Tool: sarifTool{driver}, Invocations: []sarifInvocation{{Successful: true}}, Bases: w.bases(),
		ColumnKind: "unicodeCodePoints", Results: results,
	}
	return sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}}
}

type sarifWriter struct {
	nodes     []*lint.Node
	described bool            // as of linted
	rules     []*lint.Rule    // that found something
	secrets   *patch.Redactor // of which nothing may be told
	times     map[string]int  // that a fingerprint was given
}

// bases are the homes, by the ids that their files refer to.
func (w *sarifWriter) bases() map[string]sarifArtifact {
	bases := map[string]sarifArtifact{}
	for _, n := range w.nodes {
		if n.Dir != "" {
			bases[w.base(n)] = sarifArtifact{URI: (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute(n.Dir)) + "/"}).String()}
		}
	}
	return bases
}

// base is the id of a home: HOME, or the name of the node where there are several.
func (w *sarifWriter) base(n *lint.Node) string {
	if len(w.nodes) == 1 {
		return "HOME"
	}
	return n.Name
}

func (w *sarifWriter) result(f *lint.Finding) sarifResult {
	rule := slices.Index(w.rules, f.Rule)
	if rule < 0 {
		rule = len(w.rules)
		w.rules = append(w.rules, f.Rule)
	}
	result := sarifResult{
		RuleID: f.Rule.ID, RuleIndex: rule, Level: sarifLevels[f.Severity],
		Message:      sarifText(fmt.Sprintf("%s. %s Hint: %s", f.Message, f.Then, f.Hint)),
		Locations:    []sarifLocation{w.location(f.Node, f.Place)},
		Fingerprints: map[string]string{"finding/v1": w.fingerprint(f)},
	}
	for _, other := range f.Others {
		result.Related = append(result.Related, w.location(other.Node, other.Place))
	}
	return result
}

var sarifLevels = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Info: "note"}

// fingerprint tells a finding from others, wherever it moves in its file.
func (w *sarifWriter) fingerprint(f *lint.Finding) string {
	file, line := "", ""
	if f.Place.File != nil {
		file = f.Place.File.Path
	}
	if !isWhole(f.Place) {
		p := &patch.Problem{}
		sourceLine(p, f.Place, len(f.Place.File.Source), w.secrets)
		line = strings.TrimSpace(p.Source)
	}
	hash := sha256.Sum256([]byte(strings.Join([]string{f.Rule.ID, f.Node.Name, file, line, w.secrets.Redact(f.Message)}, "\x00")))
	text := fmt.Sprintf("%x", hash[:16])
	w.times[text]++
	return fmt.Sprintf("%s:%d", text, w.times[text])
}

func (w *sarifWriter) location(n *lint.Node, place product.Place) sarifLocation {
	location := sarifLocation{Physical: sarifPhysicalLocation{Artifact: w.artifact(n, place.File)}}
	if len(w.nodes) > 1 {
		location.Logical = []sarifLogicalLocation{{Name: n.Name, Kind: "resource"}}
	}
	if !isWhole(place) {
		start, end := place.Position(), product.Place{File: place.File, Lo: place.Hi, Hi: place.Hi}.Position()
		location.Physical.Region = &sarifRegion{StartLine: start.Line, StartColumn: start.Column, EndLine: end.Line, EndColumn: end.Column}
	}
	return location
}

// artifact is a file below the home of a node, or that home.
func (w *sarifWriter) artifact(n *lint.Node, f *product.File) sarifArtifact {
	path := ""
	if f != nil {
		path = f.Path
	}
	switch {
	case w.described:
		return sarifArtifact{URI: (&url.URL{Path: path}).String()}
	case n.Dir == "":
		return sarifArtifact{URI: (&url.URL{Path: n.Name + "/" + path}).String()}
	}
	return sarifArtifact{URI: cmp.Or((&url.URL{Path: path}).String(), "./"), Base: w.base(n)}
}

func sarifRuleOf(r *lint.Rule) sarifRule {
	return sarifRule{
		ID: r.ID, ShortDescription: sarifText(r.Message), FullDescription: sarifText(r.Then),
		Help:    sarifText(fmt.Sprintf("%s\n\nWrong:\n%s\n\nRight:\n%s\n", r.Fix, r.Wrong, r.Right)),
		HelpURI: homepage + "/blob/main/docs/lint.md#" + r.ID, Default: sarifConfiguration{sarifLevels[r.Severity]},
		Properties: sarifRuleProperties{Tags: []string{r.Scope.String()}, Source: r.Source},
	}
}

// sarifText is text as a message has it: braces stand for arguments there, and a quoted value could pass for a link.
func sarifText(text string) sarifMessage {
	return sarifMessage{strings.NewReplacer("{", "{{", "}", "}}", "](", "] (").Replace(text)}
}
