package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUseColor(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		mode     string
		env      map[string]string
		terminal bool
		want     bool
	}{
		{"a terminal has color", "auto", nil, true, true},
		{"a pipe has none", "auto", nil, false, false},
		{"always wins over NO_COLOR", "always", map[string]string{"NO_COLOR": "1"}, false, true},
		{"never wins over CLICOLOR_FORCE", "never", map[string]string{"CLICOLOR_FORCE": "1"}, true, false},
		{"NO_COLOR wins over CLICOLOR_FORCE", "auto", map[string]string{"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, true, false},
		{"an empty NO_COLOR says nothing", "auto", map[string]string{"NO_COLOR": ""}, true, true},
		{"CLICOLOR_FORCE colors a pipe", "auto", map[string]string{"CLICOLOR_FORCE": "1"}, false, true},
		{"CLICOLOR_FORCE=0 says nothing", "auto", map[string]string{"CLICOLOR_FORCE": "0"}, false, false},
		{"FORCE_COLOR colors a dumb terminal", "auto", map[string]string{"FORCE_COLOR": "1", "TERM": "dumb"}, true, true},
		{"a dumb terminal has none", "auto", map[string]string{"TERM": "dumb"}, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := useColor(tt.mode, func(name string) string { return tt.env[name] }, tt.terminal); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestColorDiff(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{
			"header, hunk, context",
			"--- a/x.xml\n+++ b/x.xml\n@@ -1,2 +1,1 @@ <a>\n <a>\n-<b/>\n",
			"\x1b[1m--- a/x.xml\x1b[0m\n\x1b[1m+++ b/x.xml\x1b[0m\n\x1b[36m@@ -1,2 +1,1 @@ <a>\x1b[0m\n <a>\n\x1b[31m-<b/>\x1b[0m\n",
		},
		{
			"whole tokens of a pair are reversed, a line left over is not",
			"\n\n-  <h>127.0.0.1</h>\n+  <h>10.0.0.1</h>\n+  <p>4100</p>\n",
			"\n\n\x1b[31m-  <h>\x1b[7m127.0.0.1\x1b[27m</h>\x1b[0m\n\x1b[32m+  <h>\x1b[7m10.0.0.1\x1b[27m</h>\x1b[0m\n\x1b[32m+  <p>4100</p>\x1b[0m\n",
		},
		{
			"only an indent in common",
			"\n\n-  one\n+  two\n",
			"\n\n\x1b[31m-  one\x1b[0m\n\x1b[32m+  two\x1b[0m\n",
		},
		{
			"an insertion reverses one side",
			"\n\n-a c\n+a b c\n",
			"\n\n\x1b[31m-a c\x1b[0m\n\x1b[32m+a \x1b[7mb \x1b[27mc\x1b[0m\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, colorDiff(tt.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
