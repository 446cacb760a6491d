package deploy

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// readEvents has Woodstox read each document that is written: all is as before but for the places that the plan names. All other files
// are as they were.
func readEvents(t *testing.T, homes []configured) {
	p := compileEventProbe(t)
	var pairs []pair
	for _, h := range homes {
		h.checkOthers(t)
		pairs = append(pairs, h.pairs()...)
	}
	p.readPairs(t, pairs)
	for _, d := range pairs {
		for _, problem := range d.compare() {
			t.Errorf("%s: %s", d.name, problem)
		}
	}
	t.Logf("%d documents", len(pairs))
}

func compileEventProbe(t *testing.T) probe {
	t.Helper()
	return compile(t, "EventProbe", "woodstox-core", "stax2-api")
}

// checkOthers checks that no other files than those of the plan are changed.
func (h configured) checkOthers(t *testing.T) {
	t.Helper()
	changed := make(map[string]bool)
	for _, f := range h.plan.Files {
		changed[f.Path] = f.Changed
	}
	check(t, filepath.WalkDir(h.before, func(path string, entry fs.DirEntry, err error) error {
		name, relErr := filepath.Rel(h.before, path)
		if err != nil || relErr != nil || !entry.Type().IsRegular() {
			return err
		}
		before, err := os.ReadFile(path)
		check(t, err)
		after, err := os.ReadFile(filepath.Join(h.after, name))
		check(t, err)
		if same := bytes.Equal(before, after); same == changed[name] {
			t.Errorf("%s: %s: same bytes as before: %v, changed by the plan: %v", h.name, name, same, changed[name])
		}
		return nil
	}))
}

// pair is a document before and after, with what the plan says that it changes, what the case expects, and what is read in it.
type pair struct {
	name          string
	files         [2]string
	changes       []change
	expected      []expectation
	before, after []event
}

// event is a thing that EventProbe reads.
type event struct {
	line, kind, path, value string
	named                   []int // the changes that name it, then the expectations
}

// pairs are the XML documents that the plan changes.
func (h configured) pairs() (list []pair) {
	for _, f := range h.plan.Files {
		if !f.Changed || !strings.HasSuffix(f.Path, ".xml") {
			continue
		}
		d := pair{name: h.name + ": " + f.Path, files: [2]string{filepath.Join(h.before, f.Path), filepath.Join(h.after, f.Path)}, changes: f.Changes}
		for _, e := range h.expected {
			if filepath.Join(h.conf, e.file) == f.Path {
				d.expected = append(d.expected, e)
			}
		}
		list = append(list, d)
	}
	return list
}

func (p probe) readPairs(t *testing.T, pairs []pair) {
	t.Helper()
	var input strings.Builder
	for _, d := range pairs {
		for _, file := range d.files {
			input.WriteString("file " + file + "\n")
			for _, c := range d.changes {
				input.WriteString("at " + c.place() + "\n")
			}
			for _, e := range d.expected {
				input.WriteString("at /*/" + e.path + "\n")
			}
		}
	}
	var read [][]event // of each file
	for _, line := range p.run(t, input.String()) {
		if strings.HasPrefix(line, "file ") {
			read = append(read, nil)
			continue
		}
		f := strings.Split(line, "\t")
		e := event{line: f[0], kind: f[1], path: f[2], value: f[4]}
		for _, place := range strings.FieldsFunc(f[3], func(r rune) bool { return r == ',' }) {
			i, err := strconv.Atoi(place)
			check(t, err)
			e.named = append(e.named, i)
		}
		read[len(read)-1] = append(read[len(read)-1], e)
	}
	for i := range pairs {
		pairs[i].before, pairs[i].after = read[2*i], read[2*i+1]
	}
}

// place is what comes or goes: of a commented element the whole, though its selector may name the attribute that is set.
func (c change) place() string {
	if c.Op == "uncomment" || c.Op == "comment" {
		return attribute.ReplaceAllString(c.At, "")
	}
	return c.At
}

var (
	attribute = regexp.MustCompile(`/@[\w:.-]+$`)
	predicate = regexp.MustCompile(`\[(?:[^'"\]]|'[^']*'|"[^"]*")*\]`)
)

// pathOf is a selector without its predicates.
func pathOf(selector string) string { return predicate.ReplaceAllString(selector, "") }
