package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// leftToTheOperator are the errors that lint finds in the homes that the acceptance cases configure, by case: the databases where the
// case sets no datasources.
var leftToTheOperator = map[string][]string{
	"000-aws":           {"h2-in-cluster"},
	"001-as":            {"h2-in-cluster"},
	"004-esb":           {"h2-in-cluster"},
	"004-esb-on-4.9":    {"h2-in-cluster"},
	"005-start-scripts": {"h2-in-cluster"},
}

// What carbonpatch has configured has no finding of severity error but those that are left to the operator.
func TestLintAcceptance(t *testing.T) {
	eachAcceptance(t, func(t *testing.T, c *acceptance) {
		for name, value := range c.Env {
			t.Setenv(name, value)
		}
		at := c.newHome(t)
		carbonpatch(t, 0, "apply", at, "-f", filepath.Join(c.dir, "cluster.yaml"), "--node", c.node, "--yes", "-q")
		errors := errorsOf(t, at)
		if want := leftToTheOperator[filepath.Base(c.dir)]; !slices.Equal(errors, want) {
			t.Errorf("got the errors %q, want %q", errors, want)
		}
	})
}

// acceptance is an acceptance case for one of its homes and nodes.
type acceptance struct {
	dir, corpus, home, node string
	Homes, Nodes, Secrets   []string
	Env                     map[string]string
}

// eachAcceptance tests all acceptance cases, which are beside the corpus.
func eachAcceptance(t *testing.T, test func(*testing.T, *acceptance)) {
	corpus := os.Getenv("CARBONPATCH_CORPUS")
	cases, err := filepath.Glob(filepath.Join(corpus, "..", "acceptance", "*", "case.json"))
	if corpus == "" || err != nil || len(cases) == 0 {
		t.Skip("CARBONPATCH_CORPUS does not name a folder beside the acceptance cases")
	}
	for _, file := range cases {
		c := &acceptance{dir: filepath.Dir(file), corpus: corpus}
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, c)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, c.home = range c.Homes {
			for _, c.node = range c.Nodes {
				t.Run(filepath.Base(c.dir)+" "+c.home+" "+c.node, func(t *testing.T) { test(t, c) })
			}
		}
	}
}

// newHome is a copy of the home, with what the case has of its own.
func (c *acceptance) newHome(t *testing.T) string {
	at := filepath.Join(t.TempDir(), c.home)
	lay(t, filepath.Join(c.corpus, c.home), at)
	if own := filepath.Join(c.dir, "homes", c.home); exists(own) {
		lay(t, own, at)
	}
	return at
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// lay copies the files of a folder over another one.
func lay(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, src, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// carbonpatch runs the program and returns what it prints on standard output.
func carbonpatch(t *testing.T, code int, args ...string) []byte {
	t.Helper()
	out, _ := streams(t, code, args...)
	return []byte(out)
}

// errorsOf are the rules that find an error in a home, each once, in order.
func errorsOf(t *testing.T, home string) []string {
	t.Helper()
	var report struct {
		Findings []struct{ Rule, Severity string }
		Errors   int
	}
	var out, stderr bytes.Buffer
	run(context.Background(), []string{"lint", home, "--format", "json"}, strings.NewReader(""), &out, &stderr)
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%v: %s", err, stderr.Bytes())
	}
	var rules []string
	for _, f := range report.Findings {
		if f.Severity == "error" {
			rules = append(rules, f.Rule)
		}
	}
	if (report.Errors > 0) != (len(rules) > 0) {
		t.Errorf("it counts %d errors where there are %d", report.Errors, len(rules))
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}
