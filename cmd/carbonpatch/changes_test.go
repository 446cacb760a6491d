package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

func someRows() []row {
	return []row{
		{"#", "transportReceiver[http]/WSDLEPRPrefix", "(commented out) -> http://esb.wso2.com:80", ":247"},
		{"~", "clustering/@enable", "false -> true", ":493"},
		{"~", "clustering/domain", "wso2.carbon.domain -> wso2.esb.domain", ":527"},
		{"+", "members/member[2]", "10.0.0.3:4200", ":598"},
	}
}

func TestLayout(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		width int
		want  string
	}{
		{"wide", 160, `
  # transportReceiver[http]/WSDLEPRPrefix  (commented out) -> http://esb.wso2.com:80  :247
  ~ clustering/@enable                     false -> true                              :493
  ~ clustering/domain                      wso2.carbon.domain -> wso2.esb.domain      :527
  + members/member[2]                      10.0.0.3:4200                              :598
`},
		{"what does not fit has two lines", 80, `
  # transportReceiver[http]/WSDLEPRPrefix                      :247
      (commented out) -> http://esb.wso2.com:80
  ~ clustering/@enable  false -> true                          :493
  ~ clustering/domain   wso2.carbon.domain -> wso2.esb.domain  :527
  + members/member[2]   10.0.0.3:4200                          :598
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := "\n" + layout(someRows(), tt.width)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			for line := range strings.Lines(got) {
				if length(line) > tt.width {
					t.Errorf("%d characters: %s", length(line), line)
				}
			}
		})
	}
}

// A long value is broken between words, and no blank of it is lost.
func TestLayoutWraps(t *testing.T) {
	t.Parallel()
	got := layout([]row{{"+", "datasource[jdbc/A]", "name=A, description=the  first one, url=jdbc:mysql://db.example.com/a", ":29"}}, 40)
	want := `  + datasource[jdbc/A]    :29
      name=A, description=the  first
      one,
      url=jdbc:mysql://db.example.com/a
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRowOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change patch.Change
		want   row
	}{
		{"set", patch.Change{Kind: xmlops.Changed, Before: secret.New("a"), After: secret.New("b"), Line: 7}, row{"~", "", "a -> b", ":7"}},
		{"set what was empty", patch.Change{Kind: xmlops.Changed, After: secret.New("b")}, row{"~", "", `"" -> b`, ""}},
		{"added", patch.Change{Kind: xmlops.Added, After: secret.New("b")}, row{"+", "", "b", ""}},
		{"removed", patch.Change{Kind: xmlops.Removed, Before: secret.New("a")}, row{"-", "", "a", ""}},
		{"uncommented", patch.Change{Kind: xmlops.Uncommented, Before: secret.New("a"), After: secret.New("b")}, row{"#", "", "(commented out) -> b", ""}},
		{"commented out", patch.Change{Kind: xmlops.CommentedOut, Before: secret.New("a")}, row{"!", "", "a -> (commented out)", ""}},
		{"uncommented without a value", patch.Change{Kind: xmlops.Uncommented}, row{"#", "", "(commented out) -> (live)", ""}},
		{"removed without a value", patch.Change{Kind: xmlops.Removed}, row{"-", "", "", ""}},
		{"secret", patch.Change{Kind: xmlops.Changed, Before: secret.New("a"), After: secret.New("b"), Secret: true}, row{"~", "", "******** -> ********", ""}},
		{"blanks at the ends", patch.Change{Kind: xmlops.Changed, Before: secret.New(" a "), After: secret.New("b")}, row{"~", "", `" a " -> b`, ""}},
		{"only blanks differ", patch.Change{Kind: xmlops.Changed, Before: secret.New("a  b"), After: secret.New("a b")}, row{"~", "", `"a  b" -> "a b"`, ""}},
		{"several lines and an escape", patch.Change{Kind: xmlops.Added, After: secret.New("a\n\tb\x1b[2J")}, row{"+", "", "a b\uFFFD[2J", ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, rowOf(tt.change, patch.Masked), cmp.AllowUnexported(row{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is to be done by hand is broken at the width of the terminal, and a terminal obeys nothing of it.
func TestManualText(t *testing.T) {
	t.Parallel()
	s := stream{width: 24, secrets: patch.NewRedactor()}
	got := s.manualText([]string{"Names: a.example.com must lead there.", "Subversion: create \u202ehttp://h/."})
	want := `
Still to do by hand
  - Names: a.example.com
    must lead there.
  - Subversion: create
    ` + "\uFFFD" + `http://h/.
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
