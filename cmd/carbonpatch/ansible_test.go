package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
	"go.yaml.in/yaml/v3"
)

// Whatever happens, Ansible reads one object.
func TestAnsibleFailures(t *testing.T) {
	t.Parallel()
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		run     func(stdout, stderr *bytes.Buffer) int
		code    int
		message string
	}{
		{"a bug", func(stdout, stderr *bytes.Buffer) int {
			return recovered(newConsole([]string{ansibleName}, nil, stdout, stderr), func() error { panic("canary") })
		}, exitBug, "carbonpatch: this is a bug in carbonpatch (string)"},
		{"interrupted", func(stdout, stderr *bytes.Buffer) int {
			return run(interrupted, []string{ansibleName, empty}, nil, stdout, stderr)
		}, exitInterrupted, "carbonpatch: interrupted\n1 error; nothing was written"},
		{"an empty file", func(stdout, stderr *bytes.Buffer) int {
			return run(t.Context(), []string{ansibleName, empty}, nil, stdout, stderr)
		}, exitFailed, "carbonpatch: the options are no JSON object (this verb is run by Ansible)\n1 error; nothing was written"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			if code := tt.run(&stdout, &stderr); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			var got ansibleFailure
			if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
				t.Fatalf("%v in %s", err, stdout.String())
			}
			if !got.Failed || got.Changed || !bytes.HasPrefix([]byte(got.Message), []byte(tt.message)) {
				t.Errorf("got %+v", got)
			}
			if stderr.Len() > 0 || bytes.Contains(stdout.Bytes(), []byte("canary")) {
				t.Errorf("got %s%s", stdout.String(), stderr.String())
			}
		})
	}
}

// The page that ansible-doc shows has the options that there are, with their types and defaults, and all that is returned.
func TestAnsibleDocumentation(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../deploy/ansible/plugins/modules/carbonpatch.yml")
	if err != nil {
		t.Fatal(err)
	}
	var page struct {
		Documentation struct {
			Options map[string]struct {
				Type, Elements, Default string
				Choices                 []string
				Required                bool
			}
		} `yaml:"DOCUMENTATION"`
		Return map[string]struct{ Returned string } `yaml:"RETURN"`
	}
	if err := yaml.Unmarshal(text, &page); err != nil {
		t.Fatal(err)
	}
	type option struct {
		Type, Elements, Default string
		Choices                 []string
		Required                bool
	}
	got, want := map[string]option{}, map[string]option{
		homeOption:    {Type: "path", Required: true},
		contentOption: {Type: "raw"},
	}
	for name, o := range page.Documentation.Options {
		got[name] = option(o)
	}
	for _, f := range ansibleFlags() {
		o := option{Type: "str"}
		o.Choices = choices(placeholder(f))
		switch f := f.(type) {
		case *cli.BoolFlag:
			o = option{Type: "bool", Default: "false"}
		case *cli.DurationFlag:
			o.Default = f.GetDefaultText()
		case *cli.StringSliceFlag:
			o = option{Type: "list", Elements: "str"}
		}
		want[optionName(f.Names()[0])] = o
	}
	want["cluster"] = option{Type: "list", Elements: "path"}
	want["set"] = option{Type: "dict"}
	want["root"] = option{Type: "path"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("options (-are +documented):\n%s", diff)
	}
	returned := map[string]string{}
	for name := range jsonKeys(t, ansibleResult{}) {
		returned[name] = "success"
	}
	for name := range jsonKeys(t, ansibleFailure{}) {
		if returned[name] == "" {
			returned[name] = "failure"
		} else {
			returned[name] = "always"
		}
	}
	delete(returned, "failed") // which Ansible documents itself
	documented := map[string]string{}
	for name, r := range page.Return {
		documented[name] = r.Returned
	}
	if diff := cmp.Diff(returned, documented); diff != "" {
		t.Errorf("returned (-are +documented):\n%s", diff)
	}
}

// What apply takes is an option of the module, unless it is up to Ansible.
func TestAnsibleOptions(t *testing.T) {
	t.Parallel()
	left := []string{"yes", "dry-run", "detailed-exitcode", "plan"}
	for _, f := range everywhere("text") {
		left = append(left, f.Names()[0])
	}
	for _, f := range applyVerb(newConsole(nil, nil, nil, nil)).Flags {
		name := f.Names()[0]
		if isOption := slices.Contains(ansibleOptionNames(), optionName(name)); isOption == slices.Contains(left, name) {
			t.Errorf("--%s is an option: %v", name, isOption)
		}
	}
}

// jsonKeys are the keys that v always has in JSON.
func jsonKeys(t *testing.T, v any) map[string]any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(text, &keys); err != nil {
		t.Fatal(err)
	}
	return keys
}

// A mapping keeps the order of its keys, and its texts stay texts.
func TestYAMLText(t *testing.T) {
	t.Parallel()
	got := yamlText([]byte(`{"version": 1, "b": {"z": "yes", "a": ["0123", 1.50, null, true, "ü\ud83d\ude00", "two\nlines", "# no comment"]}, "a": {}}`))
	want := "version: 1\nb:\n  z: yes\n  a:\n    - \"0123\"\n    - 1.50\n    - null\n    - true\n    - \"ü\\U0001F600\"\n    - |-\n      two\n      lines\n    - '# no comment'\na: {}\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Words that only look like flags are left alone.
func TestOptionText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"--no-lint":                       "no_lint: true",
		"give --profile, or --set a=b":    "give profile, or set a=b",
		"--set domain":                    "set domain",
		"a--node b, --nodes, --no--lint":  "a--node b, --nodes, --no--lint",
		"-DworkerNode, <!--node--> --yes": "-DworkerNode, <!--node--> --yes",
	} {
		if got := optionText(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
