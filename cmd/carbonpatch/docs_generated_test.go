package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// generate returns what stands in a generated part of a page:
//
//	lines FILE           the second column of a table: the lines of the file that the selectors in the first one match
//	settings NAME...     what the profiles say of these settings; NAME.* is a group
//	places PROFILE       the third column of a table: where the settings in the second one are written
//	file FILE            a file of the repository, which stands in /opt for what follows in the page
//	rules                all rules of lint; with the words left out, those that are left out
//	schema               the objects that are printed as JSON, with their keys
//	manual FILE HOME NODE...  what is left to do by hand on these nodes of a cluster file, with that home of /opt
func (p *page) generate(what, body string) string {
	words := strings.Fields(what)
	switch words[0] {
	case "lines":
		return p.lines(words[1], body)
	case "settings":
		return p.settings(words[1:])
	case "places":
		return p.places(words[1], body)
	case "file":
		return p.file(words[1])
	case "rules":
		if len(words) > 1 {
			return leftOut()
		}
		return catalogue()
	case "schema":
		return outputReference(p.t)
	case "manual":
		return p.manual(words[1], words[2], words[3:])
	}
	p.t.Errorf("nothing generates %q", what)
	return body
}

// column gives rows of a table another text in the cell n, from 0, where f has one for the row.
func column(table string, n int, f func(cells []string) (string, bool)) string {
	var b strings.Builder
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(line, "|\n"), "|")
		if text, ok := f(cells); ok && len(cells) > n && strings.HasPrefix(line, "|") {
			cells[n] = " " + text + " "
			line = "|" + strings.Join(cells, "|") + "|\n"
		}
		b.WriteString(line)
	}
	return b.String()
}

var code = regexp.MustCompile("`([^`]+)`")

func (p *page) lines(file, table string) string {
	doc, err := xmlops.Parse([]byte(readText(p.t, filepath.Join(p.opt, file))))
	p.check(err)
	return column(table, 1, func(cells []string) (string, bool) {
		m := code.FindStringSubmatch(cells[0])
		if m == nil {
			return "", false
		}
		sel, err := xmlops.ParseSelector(m[1])
		if err != nil {
			p.t.Errorf("%s: %v", m[1], err)
		}
		var lines []string
		for _, value := range doc.Find(sel) {
			lines = append(lines, fmt.Sprint(value.Line))
		}
		return strings.Join(slices.Compact(lines), ", "), true
	})
}

// settings is the reference of settings: a table to find one in, then what the profiles say of each.
func (p *page) settings(patterns []string) string {
	all := openAll(p.t)
	var names []string
	for _, profile := range all {
		for _, name := range profile.SettingNames() {
			if !slices.Contains(names, name) && slices.ContainsFunc(patterns, func(pattern string) bool { return covers(pattern, name) }) {
				names = append(names, name)
			}
		}
	}
	if names == nil {
		p.t.Errorf("there are no settings %v", patterns)
	}
	p.documented = append(p.documented, names...)
	table := "\n| Setting | Type | Default | Means |\n| --- | --- | --- | --- |\n"
	details := ""
	for _, name := range names {
		r := p.reference(all, name)
		table += r.row()
		details += r.details()
	}
	return table + details + "\n"
}

func covers(pattern, name string) bool {
	group, isGroup := strings.CutSuffix(pattern, "*")
	return pattern == name || isGroup && strings.HasPrefix(name, group)
}

// checkDocumented reports settings that a reference of settings leaves out.
func (p *page) checkDocumented() {
	for _, profile := range openAll(p.t) {
		for _, name := range profile.SettingNames() {
			if !slices.Contains(p.documented, name) {
				p.t.Errorf("the setting %s is not in the reference", name)
				p.documented = append(p.documented, name) // it is reported once
			}
		}
	}
}

func openAll(t *testing.T) []*profiles.Profile {
	t.Helper()
	var all []*profiles.Profile
	for _, name := range profiles.Names() {
		profile, err := profiles.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, profile)
	}
	slices.SortStableFunc(all, func(a, b *profiles.Profile) int { // the base first, as far as there is one
		return strings.Compare(strings.Replace(a.Name, "carbon", "", 1), strings.Replace(b.Name, "carbon", "", 1))
	})
	return all
}

// reference is what the profiles say of one setting.
type reference struct {
	of       []string // names of the profiles that have it
	profiles int      // how many there are
	said     []*profiles.Explanation
}

func (p *page) reference(all []*profiles.Profile, name string) reference {
	r := reference{profiles: len(all)}
	for _, profile := range all {
		if profile.Setting(name) == nil {
			continue
		}
		e, err := profile.Explain(name)
		p.check(err)
		r.of, r.said = append(r.of, profile.Name), append(r.said, e)
	}
	return r
}

// merged is what f says of the setting, with the profiles where they differ.
func (r reference) merged(f func(*profiles.Explanation) string) string {
	var texts []string
	of := map[string][]string{}
	for i, e := range r.said {
		text := f(e)
		if of[text] == nil && text != "" {
			texts = append(texts, text)
		}
		of[text] = append(of[text], r.of[i])
	}
	if len(texts) == 1 && len(of) == 1 {
		return texts[0]
	}
	for i, text := range texts {
		texts[i] += " (" + strings.Join(of[text], ", ") + ")"
	}
	return strings.Join(texts, "; ")
}

var nextSentence = regexp.MustCompile(`\. [A-Z]`)

// required says when the setting must be given, which it needn't where it has a default.
func required(e *profiles.Explanation) string {
	if e.Setting.Default() != "" {
		return ""
	}
	return e.Setting.Required()
}

func (r reference) row() string {
	s := r.said[0].Setting
	doc := s.Doc
	if at := nextSentence.FindStringIndex(doc); at != nil {
		doc = doc[:at[0]]
	}
	fallback := r.merged(func(e *profiles.Explanation) string {
		if required(e) == "always" {
			return "required"
		}
		return inCode(e.Setting.Default())
	})
	return fmt.Sprintf("| [`%s`](#%s) | %s | %s | %s |\n", s.Name, slug(s.Name), s.Type.Name, fallback, strings.TrimSuffix(doc, "."))
}

func (r reference) details() string {
	var b strings.Builder
	s := r.said[0].Setting
	fmt.Fprintf(&b, "\n#### %s\n\n%s\n\n", s.Name, s.Doc)
	say := func(what, text string) {
		if text != "" {
			fmt.Fprintf(&b, "- %s: %s\n", what, text)
		}
	}
	if len(r.of) < r.profiles {
		say("Profiles", strings.Join(r.of, ", "))
	}
	say("Type", typeText(s.Type))
	say("Required", r.merged(required))
	say("Default", r.merged(func(e *profiles.Explanation) string { return inCode(e.Setting.Default()) }))
	say("Value that a role brings", r.merged(func(e *profiles.Explanation) string {
		var values []string
		for _, v := range e.Values {
			values = append(values, v.Role+" "+inCode(v.Text))
		}
		return strings.Join(values, ", ")
	}))
	say("Written by", r.merged(func(e *profiles.Explanation) string {
		if len(e.Setting.Roles) == 0 {
			return ""
		}
		return strings.Join(e.Roles, ", ")
	}))
	if s.Secret {
		say("Secret", "give it as `env:NAME` or `file:/path`")
	}
	switch phases := s.Phases(); {
	case s.Secret, phases == profiles.ImagePhase:
	case phases == profiles.NodePhase:
		say("Phase", "node: it is known on the node only, not when an image is built")
	default:
		say("Phase", phases)
	}
	for i, e := range r.said {
		for _, place := range e.Places {
			if i == 0 || !slices.Contains(r.said[0].Places, place) {
				say("Written to", placeText(place))
			}
		}
	}
	say("Guides", s.Guide)
	say("What Carbon does", s.Carbon)
	return b.String()
}

// typeText is a type, with the fields of long items apart.
func typeText(t profiles.Type) string {
	if len(t.Fields) <= 3 {
		return inCode(t.String())
	}
	fields := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		name, rest, _ := strings.Cut(f.String(), " ")
		fields[i] = inCode(name) + " " + rest
	}
	what, _, _ := strings.Cut(t.String(), " of {")
	return what + ", with the fields " + strings.Join(fields, ", ")
}

func placeText(place profiles.Place) string {
	text := fileText(place.File) + ": " + inCode(place.Selector)
	if place.When != "" {
		text += " when " + place.When
	}
	return text
}

// fileText is a file as a profile names it, which may have alternatives.
func fileText(file string) string { return strings.ReplaceAll(inCode(file), " | ", "` or `") }

func inCode(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

// places fills the third column of a table of the steps of a guide. Selectors of many exceptions are shortened; the reference of
// settings has them in full.
func (p *page) places(name, table string) string {
	profile, err := profiles.Open(name)
	p.check(err)
	return column(table, 2, func(cells []string) (string, bool) {
		var files []string
		selectors := map[string][]string{}
		for _, m := range code.FindAllStringSubmatch(cells[1], -1) {
			for _, place := range p.placesOf(profile, m[1]) {
				if !slices.Contains(files, place.File) {
					files = append(files, place.File)
				}
				if sel := inCode(exceptions.ReplaceAllString(place.Selector, "[not(...)]")); !slices.Contains(selectors[place.File], sel) {
					selectors[place.File] = append(selectors[place.File], sel)
				}
			}
		}
		for i, file := range files {
			files[i] = fileText(file) + ": " + strings.Join(selectors[file], ", ")
		}
		return strings.Join(files, "<br>"), files != nil
	})
}

// placesOf are where a setting is written, or what holds the settings of a group.
func (p *page) placesOf(profile *profiles.Profile, pattern string) []profiles.Place {
	var places []profiles.Place
	for _, s := range profile.Settings {
		if !covers(pattern, s.Name) {
			continue
		}
		e, err := profile.Explain(s.Name)
		p.check(err)
		for _, place := range e.Places {
			if pattern != s.Name {
				place.Selector = lastStep.ReplaceAllString(place.Selector, "/...")
			}
			places = append(places, place)
		}
	}
	return places
}

var exceptions = regexp.MustCompile(`(\[not\([^()]*\)\]){2,}`)

var lastStep = regexp.MustCompile(`/[^/\[\]]*(\[[^\]]*\])?$`)

func (p *page) file(name string) string {
	text := readText(p.t, filepath.Join(p.root, name))
	p.write(filepath.Base(name), text)
	return "```yaml\n" + text + "```\n"
}

// manual is what is left to do by hand, each step once, with the nodes that it is for where it isn't for all.
func (p *page) manual(name, dir string, nodes []string) string {
	home, err := product.Detect(filepath.Join(p.opt, dir))
	p.check(err)
	var steps []string
	of := map[string][]string{}
	for _, node := range nodes {
		n, err := cluster.Resolve(cluster.Request{
			Files: []cluster.Source{{Name: name, Data: []byte(readText(p.t, filepath.Join(p.root, name)))}}, Node: node, SkipSecrets: true,
		})
		p.check(err)
		for _, step := range n.Profile.Manual(n.Role, n.Values, home) {
			if of[step] == nil {
				steps = append(steps, step)
			}
			of[step] = append(of[step], node)
		}
	}
	var b strings.Builder
	for last := strings.Join(nodes, " and "); len(steps) > 0; { // those for all first, then those for each set of nodes
		var others []string
		for _, step := range steps {
			if strings.Join(of[step], " and ") == last {
				fmt.Fprintf(&b, "- %s\n", step)
			} else {
				others = append(others, step)
			}
		}
		if steps = others; len(steps) > 0 {
			last = strings.Join(of[steps[0]], " and ")
			fmt.Fprintf(&b, "\nOn %s:\n\n", last)
		}
	}
	return b.String()
}
