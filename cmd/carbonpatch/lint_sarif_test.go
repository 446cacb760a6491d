package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// sarifIsValid fails t where text is not SARIF as its schema has it.
func sarifIsValid(t *testing.T, text []byte) {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("testdata/sarif/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	log, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := schema.Validate(log); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// within is the place of part, which stands once in the file.
func within(f *product.File, part string) product.Place {
	lo := strings.Index(string(f.Source), part)
	return product.Place{File: f, Lo: lo, Hi: lo + len(part)}
}

// TestSarif prints findings of all kinds: about values, elements of several lines, whole files and a whole home, of nodes with a home
// and one without, with further places, twice in one file, silenced.
func TestSarif(t *testing.T) {
	t.Parallel()
	broken := &lint.Rule{
		ID: "broken", Severity: lint.Warning, Scope: lint.InNode, Message: `"{value}" is broken`, Then: "It stops.", Fix: "Mend it.",
		Source: "Broken.java:1", Wrong: "<a>{x}</a>", Right: "<a>y</a>",
	}
	unlike := &lint.Rule{ID: "unlike", Severity: lint.Error, Scope: lint.InCluster, Message: "nodes differ", Then: "They part.", Fix: "Say the same.", Source: "guide 003, line 41"}
	file := &product.File{Path: "conf/ü %41#?.xml", Source: []byte("\uFEFF<r é='𝄞'><a>x</a>\n<b\n  c='[x](1)'/><password>canary</password><a>x</a>\n<d>x</d></r>\n")}
	one := &lint.Node{Node: &product.Node{Home: &product.Home{Dir: "/opt/a b"}}, Name: "a b"}
	two := &lint.Node{Node: &product.Node{Home: &product.Home{Dir: "/opt/c"}}, Name: "c"}
	three := &lint.Node{Node: &product.Node{Home: &product.Home{}}, Name: "d:e"}
	finding := func(r *lint.Rule, n *lint.Node, place product.Place, message string, others ...lint.Other) *lint.Finding {
		return &lint.Finding{Rule: r, Severity: r.Severity, Node: n, Place: place, Message: message, Then: r.Then, Hint: r.Fix, Others: others}
	}
	info := finding(broken, two, product.Place{File: file}, "a file as a whole")
	info.Severity = lint.Info
	l := &linted{
		nodes: []*lint.Node{one, two, three},
		findings: []*lint.Finding{
			finding(broken, one, within(file, "x</a>\n<b"), `"${x}" and [x](1) are broken`),
			finding(broken, one, within(file, "<b\n  c='[x](1)'/>"), "more than a line"),
			finding(unlike, two, within(file, "canary"), "nodes differ", lint.Other{Node: three, Place: within(file, "<d>")}, lint.Other{Node: one}),
			info,
			finding(unlike, three, product.Place{}, "a node as a whole"),
		},
		silenced: []silenced{{finding(broken, one, within(file, "x</a>\n<d"), `"${x}" and [x](1) are broken`), "we know\n\x1b"}},
	}
	var out bytes.Buffer
	con := newConsole(nil, nil, &out, &out)
	con.printJSON(sarifReport(l, con.out.secrets))
	sarifIsValid(t, out.Bytes())
	got := strings.ReplaceAll(out.String(), `"version": "`+version()+`"`, `"version": "VERSION"`)
	const golden = "testdata/sarif/findings.sarif"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(readText(t, golden), got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestSarifOfHomes checks what the verb prints: of a home in which nothing is found, of one, and of several, with all rules silenced.
func TestSarifOfHomes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	right, wrong := filepath.Join(dir, "right"), filepath.Join(dir, "wrong")
	for _, home := range []string{right, wrong} {
		if err := os.CopyFS(home, os.DirFS("../../testdata/lint/homes/ei")); err != nil {
			t.Fatal(err)
		}
	}
	replaceIn(t, filepath.Join(wrong, "conf/axis2/axis2.xml"), `"AvoidInitiation">true`, `"AvoidInitiation">false`)
	all := []string{right, wrong}
	for _, id := range ruleIDs() {
		all = append(all, "--disable", id)
	}
	for _, tt := range []struct {
		args []string
		code int
	}{
		{[]string{right}, exitDone},
		{[]string{wrong}, exitLook},
		{[]string{right, wrong}, exitLook},
		{all, exitDone},
	} {
		var out, err bytes.Buffer
		code := run(context.Background(), append([]string{"lint", "--format", "sarif"}, tt.args...), nil, &out, &err)
		if code != tt.code || err.Len() > 0 {
			t.Errorf("%v: exit code %d, want %d; %s", tt.args, code, tt.code, err.String())
		}
		sarifIsValid(t, out.Bytes())
	}
}

// TestInParallel makes sure that all is done, and that a panic comes through as one.
func TestInParallel(t *testing.T) {
	t.Parallel()
	done := make([]int, 100)
	inParallel(len(done), func(i int) { done[i]++ })
	for i, n := range done {
		if n != 1 {
			t.Errorf("%d was done %d times", i, n)
		}
	}
	defer func() {
		if err, ok := recover().(error); !ok || !errors.As(err, new(*bugError)) {
			t.Errorf("got %v", err)
		}
	}()
	inParallel(3, func(int) { panic("broken") })
}
