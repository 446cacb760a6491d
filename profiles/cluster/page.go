package cluster

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/source"
)

// pageWidth is the column at which comments break.
const pageWidth = 100

// page is a cluster file that is being written.
type page struct{ strings.Builder }

// line writes one line.
func (p *page) line(indent, format string, args ...any) {
	p.WriteString(strings.TrimRight(indent+fmt.Sprintf(format, args...), " ") + "\n")
}

// comment writes text behind "# ", broken between words. What is not to be printed is replaced.
func (p *page) comment(indent, text string) {
	line := indent + "#"
	for _, word := range strings.Fields(printable(text)) {
		if len(line)+1+len(word) > pageWidth && line != indent+"#" {
			p.line("", "%s", line)
			line = indent + "#"
		}
		line += " " + word
	}
	p.line("", "%s", line)
}

// printable is text without what a terminal would obey. Blanks of all kinds stay.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// item is what one item of a list holds: the texts of its fields in their order.
type item []fieldText

// fieldText is a field as a cluster file has it: its text is quoted where needed.
type fieldText struct {
	name, text string
	leftOut    bool // commented out; never the first field of an item
}

// list writes a list setting. Mark stands before the text of each line: it is "" or comments it out.
func (p *page) list(indent, mark, name string, t profiles.Type, items []item) {
	if flow := flowText(t, items); flow != "" && len(indent)+len(mark)+len(name)+2+len(flow) <= pageWidth {
		p.line(indent, "%s%s: %s", mark, name, flow)
		return
	}
	p.line(indent, "%s%s:", mark, name)
	for _, it := range items {
		p.item(indent, mark, t, it)
	}
}

// item writes one item of a list, in one line where that is short.
func (p *page) item(indent, mark string, t profiles.Type, it item) {
	if flow := flowItem(t, it); t.Bare || flow != "" && len(indent)+len(mark)+4+len(flow) <= pageWidth {
		p.line(indent, "  %s- %s", mark, flow)
		return
	}
	for i, f := range it {
		lead := "    " + mark
		if i == 0 {
			lead = "  " + mark + "- "
		}
		if f.leftOut {
			lead += "#"
		}
		p.line(indent, "%s%s: %s", lead, f.name, f.text)
	}
}

// flowText is a list in one line, or "" where something of it is commented out.
func flowText(t profiles.Type, items []item) string {
	texts := make([]string, len(items))
	for i, it := range items {
		if texts[i] = flowItem(t, it); texts[i] == "" {
			return ""
		}
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// flowItem is an item in one line, or "" where something of it is commented out.
func flowItem(t profiles.Type, it item) string {
	if t.Bare {
		return it[0].text
	}
	fields := make([]string, len(it))
	for i, f := range it {
		if f.leftOut {
			return ""
		}
		fields[i] = f.name + ": " + f.text
	}
	return "{" + strings.Join(fields, ", ") + "}"
}

// unquoted are texts that need no quotes, wherever they stand, but for null.
var unquoted = regexp.MustCompile(`^[A-Za-z0-9_/$.][A-Za-z0-9_/$.@%+;~()-]*(:[A-Za-z0-9_/$.@%+;~()-]+)*$`)

// quoted is the text as a cluster file has it, so that it is read as that text and nothing else.
func quoted(text string) string {
	if unquoted.MatchString(text) && !strings.EqualFold(text, "null") {
		return text
	}
	out, err := yaml.Marshal(&yaml.Node{Kind: yaml.ScalarNode, Style: yaml.DoubleQuotedStyle, Value: text})
	if err != nil {
		panic(err) // a scalar can always be written
	}
	return strings.TrimSuffix(string(out), "\n")
}

// literalText is the text of a value as a cluster file must have it, so that it is not taken for a source or for none.
func literalText(text string) string {
	if kind, value := source.Split(text); kind != source.Literal || value != text || text == profiles.None {
		text = "literal:" + text
	}
	return quoted(text)
}

var (
	wordEnd = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	noWord  = regexp.MustCompile(`[^A-Za-z0-9]+`)
)

// secretSource is where a cluster file may take a secret setting from.
func secretSource(s *profiles.Setting) string {
	if s.Env != "" {
		return "env:" + s.Env
	}
	return sourceName(s.Name)
}

// sourceName is where a cluster file may take a secret from by its name: env:GROUP_PASSWORD.
func sourceName(parts ...string) string {
	name := wordEnd.ReplaceAllString(strings.Join(parts, "_"), "${1}_$2")
	return "env:" + strings.ToUpper(strings.Trim(noWord.ReplaceAllString(name, "_"), "_"))
}
