package lint

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

const examplesDir = "../../testdata/lint"

// home is a home of the examples: another one, changed.
type home struct {
	Home   string
	Change map[string][][2]string // by file: what stands there exactly once, and what takes its place
	Write  map[string]string      // by file: all that it holds
	Remove []string               // files
}

// example is homes with what a rule finds in them.
type example struct {
	Name  string
	home  `yaml:",inline"` // of one node
	Role  string
	Nodes []struct { // of several
		Name, Role string
		home       `yaml:",inline"`
	}
	Finds string   // one line for each finding of the rule: file:line:col: severity: message; of several nodes with the name before it
	Also  []string // further rules that find something, each once
	Fix   string   // what to do about the first finding, where the example is about that
}

// homes are those of its nodes.
func (e example) homes() []home {
	if e.Nodes == nil {
		return []home{e.home}
	}
	var all []home
	for _, n := range e.Nodes {
		all = append(all, n.home)
	}
	return all
}

// examples are those of one rule.
type examples struct{ Wrong, Right []example }

// library reads homes by their names.
type library struct {
	t     testing.TB
	homes map[string]home
}

func newLibrary(t testing.TB) *library {
	t.Helper()
	l := &library{t: t}
	decode(t, filepath.Join(examplesDir, "homes.yaml"), &l.homes)
	return l
}

func decode(t testing.TB, file string, to any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(to); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// files are those of a home, by their paths.
func (l *library) files(h home) map[string][]byte {
	l.t.Helper()
	base, isDerived := l.homes[h.Home]
	var files map[string][]byte
	if isDerived {
		files = l.files(base)
	} else {
		files = l.folder(h.Home)
	}
	for name, changes := range h.Change {
		for _, change := range changes {
			text := string(files[name])
			if strings.Count(text, change[0]) != 1 {
				l.t.Fatalf("%s of %s does not hold once: %s", name, h.Home, change[0])
			}
			files[name] = []byte(strings.Replace(text, change[0], change[1], 1))
		}
	}
	for name, text := range h.Write {
		files[name] = []byte(text)
	}
	for _, name := range h.Remove {
		if _, ok := files[name]; !ok {
			l.t.Fatalf("there is no %s in %s to remove", name, h.Home)
		}
		delete(files, name)
	}
	return files
}

func (l *library) folder(name string) map[string][]byte {
	l.t.Helper()
	files, err := readFolder(filepath.Join(examplesDir, "homes", name))
	if err != nil {
		l.t.Fatal(err)
	}
	return files
}

// readFolder reads all files of a folder, by their paths in it.
func readFolder(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[path], err = fs.ReadFile(root, path)
		return err
	})
	return files, err
}

func (l *library) node(name, role string, h home) *Node {
	l.t.Helper()
	at, err := product.InMemory(l.files(h))
	if err != nil {
		l.t.Fatal(problemtest.Report(err))
	}
	n, err := product.ReadNode(at)
	if err != nil {
		l.t.Fatal(problemtest.Report(err))
	}
	return &Node{Node: n, Name: name, Role: role}
}

func (l *library) nodes(e example) []*Node {
	l.t.Helper()
	if e.Nodes == nil {
		return []*Node{l.node("", e.Role, e.home)}
	}
	var nodes []*Node
	for _, n := range e.Nodes {
		nodes = append(nodes, l.node(n.Name, n.Role, n.home))
	}
	return nodes
}

// line is a finding in one line.
func line(f *Finding) string {
	text := ""
	if f.Node.Name != "" {
		text = f.Node.Name + ": "
	}
	text += f.Place.File.Path
	if p := f.Place.Position(); f.Place.Hi > 0 {
		text += fmt.Sprintf(":%d:%d", p.Line, p.Column)
	}
	return text + fmt.Sprintf(": %s: %s", f.Severity, f.Message)
}

// found are the findings of a rule, a line for each, and the other rules that found something.
func found(nodes []*Node, rule string) (lines string, others []string) {
	var b strings.Builder
	for _, f := range Check(nodes) {
		if f.Rule.ID == rule {
			fmt.Fprintln(&b, line(f))
			continue
		}
		others = append(others, f.Rule.ID)
	}
	slices.Sort(others)
	return b.String(), slices.Compact(others)
}

// TestHomes makes sure that the homes which the examples start from are right: nothing is found in them, alone and in pairs.
func TestHomes(t *testing.T) {
	t.Parallel()
	l := newLibrary(t)
	for _, name := range []string{"ei", "esb", "as", "es", "aws", "multicast", "kubernetes"} {
		first, second := l.node(name, "", home{Home: name}), l.node(name+"-2", "", home{Home: name + "-2"})
		for _, nodes := range [][]*Node{{first}, {second}, {first, second}} {
			for _, f := range Check(nodes) {
				t.Errorf("%d nodes: %s [%s]", len(nodes), line(f), f.Rule.ID)
			}
		}
	}
}

// TestExamples runs the examples of every rule. Each must have one in which it finds exactly what it should, and one in which it
// finds nothing; no other rule may find anything that the example does not name.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, rule := range rules {
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			l := newLibrary(t)
			var all examples
			decode(t, filepath.Join(examplesDir, rule.ID+".yaml"), &all)
			if len(all.Wrong) == 0 || len(all.Right) == 0 {
				t.Fatalf("%d wrong and %d right examples", len(all.Wrong), len(all.Right))
			}
			severities := map[Severity]bool{}
			for _, e := range slices.Concat(all.Wrong, all.Right) {
				nodes := l.nodes(e)
				lines, others := found(nodes, rule.ID)
				if diff := cmp.Diff(strings.TrimSpace(e.Finds), strings.TrimSpace(lines)); diff != "" {
					t.Errorf("%s: -want +got\n%s", e.Name, diff)
				}
				slices.Sort(e.Also)
				if diff := cmp.Diff(strings.Join(e.Also, "\n"), strings.Join(others, "\n")); diff != "" {
					t.Errorf("%s: other rules: -want +got\n%s", e.Name, diff)
				}
				fix := ""
				for _, f := range Check(nodes) {
					if f.Rule == rule {
						severities[f.Severity] = true
						if fix == "" {
							fix = f.Hint
						}
					}
				}
				if e.Fix != "" && e.Fix != fix {
					t.Errorf("%s: to do is %q, should be %q", e.Name, fix, e.Fix)
				}
			}
			for _, e := range all.Wrong {
				if e.Finds == "" {
					t.Errorf("%s: a wrong example in which nothing is found", e.Name)
				}
			}
			for _, e := range all.Right {
				if e.Finds != "" {
					t.Errorf("%s: a right example in which something is found", e.Name)
				}
			}
			if !severities[rule.Severity] {
				t.Errorf("no example has the severity of the rule, %s", rule.Severity)
			}
			l.shown(rule, rule.Wrong, all.Wrong)
			l.shown(rule, rule.Right, all.Right)
		})
	}
}

// shown makes sure that what --explain shows stands in an example, its indentation aside.
func (l *library) shown(rule *Rule, text string, in []example) {
	l.t.Helper()
	for _, e := range in {
		for _, n := range l.nodes(e) {
			for _, path := range slices.Sorted(maps.Keys(n.Home.Files)) {
				if strings.Contains(unindented(string(n.Home.Files[path])), unindented(text)) {
					return
				}
			}
		}
	}
	l.t.Errorf("no example holds\n%s", text)
}

func unindented(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}

// TestRules makes sure that a rule says all that people need of it, and that every example belongs to a rule.
func TestRules(t *testing.T) {
	t.Parallel()
	for _, r := range rules {
		for what, text := range map[string]string{
			"Message": r.Message, "Then": r.Then, "Fix": r.Fix, "Source": r.Source, "Wrong": r.Wrong, "Right": r.Right,
		} {
			if text == "" {
				t.Errorf("%s has no %s", r.ID, what)
			}
		}
		if strings.HasSuffix(r.Message, ".") || !strings.HasSuffix(r.Then, ".") || !strings.HasSuffix(r.Fix, ".") {
			t.Errorf("%s: Then and Fix are sentences, Message is none", r.ID)
		}
		if (r.onNode == nil) == (r.onCluster == nil) || (r.Scope == InCluster) != (r.onCluster != nil) {
			t.Errorf("%s has not the one check that goes with its scope", r.ID)
		}
	}
	files, err := filepath.Glob(filepath.Join(examplesDir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if id := strings.TrimSuffix(filepath.Base(file), ".yaml"); id != "homes" && Find(rules, id) == nil {
			t.Errorf("%s is of no rule", file)
		}
	}
}
