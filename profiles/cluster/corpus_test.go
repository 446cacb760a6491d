package cluster

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// TestCorpus configures real homes: what is written is what is found afterwards, and a second time changes nothing.
func TestCorpus(t *testing.T) {
	corpus := os.Getenv("CARBONPATCH_CORPUS")
	if corpus == "" {
		t.Skip("CARBONPATCH_CORPUS is not set; it names a folder with real homes")
	}
	t.Setenv("CARBONPATCH_TEST_SVN_PASSWORD", "Geheim & <1>")
	esb, err := os.ReadFile("testdata/esb.yaml")
	if err != nil {
		t.Fatal(err)
	}
	carbon := []byte(strings.Replace(string(esb), "profile: esb", "profile: carbon", 1))
	for _, tt := range []struct {
		home string
		file []byte
	}{
		{"ei-6.1.1", esb},
		{"ei-6.4.0", esb},
		{"esb-4.9.0", esb},
		{"deployed-ei-6.2.0-k8s-helm-integrator", esb},
		{"as-5.3.0", carbon},
		{"bps-3.5.0", carbon},
		{"das-3.0.1", carbon},
		{"es-2.0.0", carbon},
		{"greg-5.0.0", carbon},
		{"is-5.1.0", carbon},
		{"mb-3.0.0", carbon},
		{"ei-6.1.1/wso2/broker", carbon},
		{"ei-6.1.1/wso2/business-process", carbon},
	} {
		for _, name := range []string{"boss", "left", "right"} {
			t.Run(tt.home+"/"+name, func(t *testing.T) {
				home := copyHome(t, filepath.Join(corpus, tt.home))
				node := resolve(t, Request{Files: []Source{{Name: "testdata/esb.yaml", Data: tt.file}}, Node: name})
				if err := node.Profile.Fits(home); err != nil {
					t.Error(problemtest.Report(err))
				}
				if !apply(t, node, home) {
					t.Error("nothing was changed")
				}
				checkFound(t, node, home)
				if apply(t, node, home) {
					t.Error("a second time changes something")
				}
			})
		}
	}
}

// copyHome copies the files that the profiles patch; where one of them isn't in the corpus, that of the whole EI stands in.
func copyHome(t *testing.T, from string) *product.Home {
	t.Helper()
	source, err := product.Detect(from)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	dir := t.TempDir()
	for _, name := range []string{"bin/version.txt", source.ConfDir + "/carbon.xml", source.ConfDir + "/axis2/axis2.xml", source.ConfDir + "/tomcat/catalina-server.xml"} {
		data, err := os.ReadFile(filepath.Join(from, name))
		if os.IsNotExist(err) && strings.HasSuffix(name, "catalina-server.xml") {
			data, err = os.ReadFile(filepath.Join(os.Getenv("CARBONPATCH_CORPUS"), "ei-6.1.1/conf/tomcat/catalina-server.xml"))
		} else if os.IsNotExist(err) && strings.HasSuffix(name, "version.txt") {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	home, err := product.Detect(dir)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	return home
}

// apply writes the patch of a node to a home and reports whether that changed it.
func apply(t *testing.T, node *Node, home *product.Home) bool {
	t.Helper()
	p, err := node.Profile.Patch(node.Role, node.Values, home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	plan, err := patch.Make(home.Dir, p)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	for _, f := range plan.Files {
		if err := os.WriteFile(filepath.Join(home.Dir, f.Path), f.After, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return plan.Changed()
}

// checkFound compares what a home has with the settings that the node writes.
func checkFound(t *testing.T, node *Node, home *product.Home) {
	t.Helper()
	found, err := node.Profile.Inspect(home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	have := map[string]string{}
	for _, f := range found {
		have[f.Setting.Name] = plain(f.Value)
	}
	made, err := node.Profile.Patch(node.Role, node.Values, home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	for _, s := range node.Profile.Settings {
		v, ok := node.Values[s.Name]
		if ok && writes(made, s.Name) && have[s.Name] != plain(v) {
			t.Errorf("%s is %q, want %q", s.Name, have[s.Name], plain(v))
		}
	}
}

// writes reports whether an operation of the patch writes the setting.
func writes(made patch.Patch, setting string) bool {
	for _, f := range made.Files {
		if slices.ContainsFunc(f.Ops, func(op patch.Op) bool { return op.Setting == setting && op.Verb != xmlops.Remove }) {
			return true
		}
	}
	return false
}

// plain is a value as text, secrets included.
func plain(v profiles.Value) string {
	s := v.Text.Reveal()
	for _, item := range v.Items {
		s += fmt.Sprintf("[%s:%s]", item["host"].Text.Reveal(), item["port"].Text.Reveal())
	}
	return s
}
