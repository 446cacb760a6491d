package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		kind Kind
		name string
	}{
		{"x", Literal, "x"},
		{"", Literal, ""},
		{"env", Literal, "env"},
		{"env:X", Env, "X"},
		{"file:/a/b", File, "/a/b"},
		{"file:///a/b", Literal, "file:///a/b"},
		{"file:a", File, "a"},
		{"fact:ip:eth0", Fact, "ip:eth0"},
		{"imds:tags/Name", IMDS, "tags/Name"},
		{"imds", Literal, "imds"},
		{"literal:env:X", Literal, "env:X"},
		{"http://h:80", Literal, "http://h:80"},
		{"Env:X", Literal, "Env:X"},
	}
	for _, tt := range tests {
		if kind, name := Split(tt.text); kind != tt.kind || name != tt.name {
			t.Errorf("Split(%q) = %v, %q, want %v, %q", tt.text, kind, name, tt.kind, tt.name)
		}
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return "file:" + path
	}
	t.Setenv("CARBONPATCH_TEST_VALUE", "p@ss & word")
	t.Setenv("CARBONPATCH_TEST_EMPTY", "")
	hostname, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, text, want, wantErr string }{
		{"literal", "x=1,2", "x=1,2", ""},
		{"escaped", "literal:env:X", "env:X", ""},
		{"env", "env:CARBONPATCH_TEST_VALUE", "p@ss & word", ""},
		{"env not set", "env:CARBONPATCH_TEST_MISSING", "", "the environment variable CARBONPATCH_TEST_MISSING is not set"},
		{"env empty", "env:CARBONPATCH_TEST_EMPTY", "", "the environment variable CARBONPATCH_TEST_EMPTY is empty"},
		{"env without a name", "env:", "", "env: needs the name of an environment variable"},
		{"file", file("a", "secret\n"), "secret", ""},
		{"file with CRLF", file("b", "secret\r\n"), "secret", ""},
		{"file without a line end", file("c", " secret "), " secret ", ""},
		{"file of two lines", file("d", "secret\nsecret\n"), "", "file:DIR/d has more than one line"},
		{"file of blank lines", file("e", "secret\n\n"), "", "file:DIR/e has more than one line"},
		{"empty file", file("f", "\n"), "", "file:DIR/f is empty"},
		{"large file", file("g", strings.Repeat("x", maxSize+1)), "", "can't read file:DIR/g: it is larger than 64 KiB"},
		{"no file", "file:" + dir + "/none", "", "can't read file:DIR/none: no such file or directory"},
		{"folder", "file:" + dir, "", "can't read file:DIR: it is not a regular file"},
		{"relative file", "file:secret", "", "file:secret must be an absolute path"},
		{"hostname", "fact:hostname", hostname, ""},
		{"no such interface", "fact:ip:nosuch0", "", "fact:ip:nosuch0 is not known: there is no such network interface"},
		{"no such fact", "fact:uptime", "", "fact:uptime is not known; there are fact:ip, fact:ip:INTERFACE and fact:hostname"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := NewReader(t.Context()).Read(tt.text)
			gotErr := ""
			if err != nil {
				gotErr = strings.ReplaceAll(fmt.Sprint(err), dir, "DIR")
			}
			if got.Reveal() != tt.want || gotErr != tt.wantErr {
				t.Errorf("got %q, %q, want %q, %q", got, gotErr, tt.want, tt.wantErr)
			}
		})
	}
}

// The loopback interface is the one whose address is known everywhere.
func TestInterfaceIP(t *testing.T) {
	t.Parallel()
	got, err := NewReader(t.Context()).Read("fact:ip:lo")
	if err != nil {
		t.Skipf("no interface lo here: %v", err)
	}
	if got.Reveal() != "127.0.0.1" {
		t.Errorf("got %q", got)
	}
}
