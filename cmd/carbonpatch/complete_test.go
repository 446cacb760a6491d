package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitLine(t *testing.T) {
	t.Parallel()
	tests := []struct {
		line string
		want []string
	}{
		{"", []string{""}},
		{"a", []string{"a"}},
		{"a ", []string{"a", ""}},
		{"a  b\tc", []string{"a", "b", "c"}},
		{`a 'b c' "d 'e" f`, []string{"a", "b c", "d 'e", "f"}},
		{`a\ b "c\"d" 'e\' f`, []string{"a b", `c"d`, `e\`, "f"}},
		{`--x="a b"c`, []string{"--x=a bc"}},
		{`'' "" `, []string{"", "", ""}},
		{"a 'b c", []string{"a", "b c"}},
		{`a "b c`, []string{"a", "b c"}},
		{`a b\`, []string{"a", "b"}},
		{"ü 'é ö'", []string{"ü", "é ö"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, splitLine(tt.line)); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.line, diff)
		}
	}
}

// answerTo is what the program answers to one who asks what a line may become.
func answerTo(t testing.TB, args ...string) string {
	t.Helper()
	var out, err bytes.Buffer
	if code := run(context.Background(), append([]string{completeVerb}, args...), nil, &out, &err); code != exitDone || err.Len() > 0 {
		t.Errorf("%q: exit code %d, %s", args, code, err.String())
	}
	return out.String()
}

func TestComplete(t *testing.T) {
	t.Parallel()
	tests := []struct {
		line  string
		kind  string
		words string // without what they mean
	}{
		{"carbonpatch ver", "words", "verify version"},
		{"carbonpatch h", "words", "help history"},
		{"TZ=UTC /usr/bin/carbonpatch -q ver", "words", "verify version"},
		{"carbonpatch diff --det", "words", "--detailed-exitcode"},
		{"carbonpatch plan /opt/x --no", "words", "--node --no-lint"},
		{"carbonpatch plan -", "words", "all"},
		{"carbonpatch plan --color ", "words", "auto always never"},
		{"carbonpatch plan --color=a", "words", "--color=auto --color=always"},
		{"carbonpatch lint --format ", "words", "text json sarif"},
		{"carbonpatch plan -vf ", "files", ""},
		{"carbonpatch plan --out x", "files", ""},
		{"carbonpatch plan --detailed-exitcode=", "words", ""},
		{"carbonpatch apply --lock-timeout ", "words", ""},
		{"carbonpatch profiles ", "words", "help list show explain"},
		{"carbonpatch profiles show ", "files", "as carbon ei es esb"},
		{"carbonpatch profiles show es ", "words", ""},
		{"carbonpatch profiles explain --profile esb subD", "words", "subDomain"},
		{"carbonpatch profiles explain --profile es aws.t", "words", "aws.tagKey aws.tagValue"},
		{"carbonpatch plan --profile e", "files", "ei es esb"},
		{"carbonpatch plan --role ", "words", "manager worker node publisher store"},
		{"carbonpatch plan --profile=ei --role ", "words", "node"},
		{"carbonpatch plan --set aws.t", "words", "aws.tagKey= aws.tagValue="},
		{"carbonpatch plan --set param", "words", "parameters= parameters."},
		{"carbonpatch plan --set=workerNode=", "words", "--set=workerNode=true --set=workerNode=false"},
		{"carbonpatch plan --set groupPassword=", "words", "groupPassword=env: groupPassword=file:/"},
		{"carbonpatch plan --set nosuch=", "words", ""},
		{"carbonpatch edit --set ", "words", ""},
		{"carbonpatch edit ", "files", ""},
		{"carbonpatch edit a ", "words", ""},
		{"carbonpatch lint a b ", "folders", ""},
		{"carbonpatch verify ", "folders", ""},
		{"carbonpatch verify -- --fo", "folders", ""},
		{"carbonpatch verify a ", "words", ""},
		{"carbonpatch lint --explain avoid", "words", "avoid-initiation-not-true"},
		{"carbonpatch completion ", "words", "bash zsh fish"},
		{"carbonpatch version ", "words", ""},
		{"carbonpatch nosuch --n", "words", ""},
		{"carbonpatch plan --nosuch x --nod", "words", "--node"},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			t.Parallel()
			lines := strings.Split(strings.TrimSuffix(answerTo(t, tt.line), "\n"), "\n")
			var words []string
			for _, line := range lines[1:] {
				word, _, _ := strings.Cut(line, "\t")
				words = append(words, word)
			}
			if tt.words == "all" {
				tt.words = strings.Join(words, " ")
				if len(words) < 2 {
					t.Errorf("got %q", words)
				}
			}
			if lines[0] != tt.kind || strings.Join(words, " ") != tt.words {
				t.Errorf("got %s: %q", lines[0], words)
			}
		})
	}
}

// TestCompleteEnd replaces only the end of a word, as bash wants it.
func TestCompleteEnd(t *testing.T) {
	t.Parallel()
	tests := []struct{ line, end, want string }{
		{"carbonpatch plan --color=al", "al", "always"},
		{"carbonpatch plan --color=", "", "auto,always,never"},
		{"carbonpatch plan --set=groupPassword=env", "env", "env:"},
		{"carbonpatch plan --color=al", "--color=al", "--color=always"},
		{"carbonpatch plan --color=al", "something else", "--color=always"},
	}
	for _, tt := range tests {
		var words []string
		for _, line := range strings.Split(answerTo(t, tt.line, tt.end), "\n")[1:] {
			if word, _, ok := strings.Cut(line, "\t"); ok {
				words = append(words, word)
			}
		}
		if got := strings.Join(words, ","); got != tt.want {
			t.Errorf("%s, %q: got %s", tt.line, tt.end, got)
		}
	}
}

func FuzzComplete(f *testing.F) {
	for _, line := range []string{"carbonpatch plan --set 'a b'=", "carbonpatch -vf x -- --\"", "a=b c=d e\\", "carbonpatch profiles explain \x00 ü"} {
		f.Add(line, "x")
	}
	f.Fuzz(func(t *testing.T, line, end string) {
		kinds := []string{"words", "files", "folders"}
		if kind, _, _ := strings.Cut(answerTo(t, line, end), "\n"); !slices.Contains(kinds, kind) {
			t.Errorf("got %q", kind)
		}
	})
}
