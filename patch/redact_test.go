package patch_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	const secret = `Top&Secret<1>"it's"`
	jsonString, _ := json.Marshal(secret)
	xmlInJSON, _ := json.Marshal("<p>Top&amp;Secret&lt;1>\"it's\"</p>")
	tests := []struct{ name, secret, in, want string }{
		{"raw", secret, `a Top&Secret<1>"it's" b`, "a ******** b"},
		{"twice", "hunter22", "hunter22hunter22 hunter2", "**************** hunter2"},
		{"text of XML", secret, `<p>Top&amp;Secret&lt;1>"it's"</p>`, "<p>********</p>"},
		{"text of XML with >", secret, `<p>Top&amp;Secret&lt;1&gt;"it's"</p>`, "<p>********</p>"},
		{"attribute", secret, `v="Top&amp;Secret&lt;1>&quot;it's&quot;"`, `v="********"`},
		{"attribute in apostrophes", secret, `v='Top&amp;Secret&lt;1&gt;"it&apos;s"'`, `v='********'`},
		{"html.EscapeString", secret, html.EscapeString(secret), "********"},
		{"JSON", secret, string(jsonString), `"********"`},
		{"JSON without HTML", secret, `{"v":"Top&Secret<1>\"it's\""}`, `{"v":"********"}`},
		{"XML in JSON", secret, string(xmlInJSON), `"\u003cp\u003e********\u003c/p\u003e"`},
		{"query", "a b/c+d?e", "p=" + url.QueryEscape("a b/c+d?e"), "p=********"},
		{"path", "a b/c+d?e", "p=" + url.PathEscape("a b/c+d?e"), "p=********"},
		{"lower-case hex", "a b/c+d?e", "p=a%20b%2fc%2bd%3fe", "p=********"},
		{"user-info", "a b/c@d?e", url.UserPassword("u", "a b/c@d?e").String(), "u:********"},
		{"base64", "hunter22", base64.StdEncoding.EncodeToString([]byte("hunter22")), "********="},
		{"base64 of more", "hunter22", base64.StdEncoding.EncodeToString([]byte("u:hunter22!")), "dTp********iE="},
		{"%q", "tab\there", fmt.Sprintf("%q", "tab\there"), `"********"`},
		{"ISO-8859-1", "pässwörd", "<p>p\xe4ssw\xf6rd</p>", "<p>********</p>"},
		{"reference", "pa€ss", "<p>pa&#8364;ss</p>", "<p>********</p>"},
		{"ISO-8859-1 and reference", "pä€ssw", "<p>p\xe4&#x20AC;ssw</p>", "<p>********</p>"},
		{"JSON in ASCII", "pässwörd", `"p\u00e4ssw\u00f6rd"`, `"********"`},
		{"short", "hunt2", "hunt2", "hunt2"},
		{"the longest of two", "secret", "secret secret-and-more secret-an", "******** ******** ********-an"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := patch.NewRedactor([]string{test.secret, test.secret + "-and-more"})
			if got := r.Redact(test.in); got != test.want {
				t.Errorf("Redact(%q)\n got %q\nwant %q", test.in, got, test.want)
			}
		})
	}
}

func TestRedactingWriter(t *testing.T) {
	t.Parallel()
	const text = "user=admin password=Top&amp;Secret Top&Secre"
	const want = "user=admin password=******** Top&Secre"
	r := patch.NewRedactor([]string{"Top&Secret"})
	for size := 1; size <= len(text); size++ {
		var out bytes.Buffer
		w := r.Writer(&out)
		for rest := text; rest != ""; {
			n := min(size, len(rest))
			if wrote, err := w.Write([]byte(rest[:n])); wrote != n || err != nil {
				t.Fatalf("Write = %d, %v", wrote, err)
			}
			rest = rest[n:]
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("in pieces of %d: got %q, want %q", size, out.String(), want)
		}
	}
}

func TestRedactingWriterHoldsBackNoMoreThanItMust(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := patch.NewRedactor([]string{"hunter22"}).Writer(&out)
	fmt.Fprint(w, "Apply these changes? [y/N] ")
	if got := out.String(); got != "Apply these changes? [y/N] " {
		t.Errorf("before Flush: %q", got)
	}
	fmt.Fprint(w, "hunt")
	fmt.Fprint(w, "ing")
	if got := out.String(); got != "Apply these changes? [y/N] hunting" {
		t.Errorf("before Flush: %q", got)
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestRedactingWriterPassesErrorsOn(t *testing.T) {
	t.Parallel()
	w := patch.NewRedactor([]string{"hunter22"}).Writer(brokenWriter{})
	if _, err := w.Write([]byte("text")); !errors.Is(err, errBroken) {
		t.Errorf("Write: %v", err)
	}
	if err := w.Flush(); !errors.Is(err, errBroken) {
		t.Errorf("Flush: %v", err)
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("Top&Secret<1>", "other-secret", "a Top&Secret<1> b other-secret c", 7, 12)
	f.Add("pässwörd", "hunter22", "p\xe4ssw\xf6rdhunter22 Top", 3, 3)
	f.Add("aaaaaa", "aaaaaaab", "aaaaaaaaaaaaab", 1, 9)
	f.Fuzz(func(t *testing.T, a, b, text string, i, j int) {
		// a secret that holds asterisks can come about beside a mask
		if strings.Contains(a+b, "*") || len(a) < 6 || len(b) < 6 || len(a+b+text) > 300 {
			t.Skip()
		}
		jsonString, _ := json.Marshal(a)
		goString := fmt.Sprintf("%q", a)
		spelled := []string{
			a, b, html.EscapeString(a), html.EscapeString(b), string(jsonString[1 : len(jsonString)-1]),
			url.QueryEscape(b), url.PathEscape(a), base64.StdEncoding.EncodeToString([]byte(b)), goString[1 : len(goString)-1],
		}
		text += strings.Join(spelled, text)
		i, j = bound(i, len(text)), bound(j, len(text))
		i, j = min(i, j), max(i, j)
		r := patch.NewRedactor([]string{a, b})
		var out bytes.Buffer
		w := r.Writer(&out)
		for _, piece := range []string{text[:i], text[i:j], text[j:]} {
			fmt.Fprint(w, piece)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		for _, s := range spelled {
			if strings.Contains(out.String(), s) {
				t.Errorf("%q survives in %q", s, out.String())
			}
		}
		if whole := r.Redact(text); whole != out.String() {
			t.Errorf("in pieces %q, at once %q", out.String(), whole)
		}
	})
}

// bound returns i as an index from 0 to n.
func bound(i, n int) int { return int(uint(i) % uint(n+1)) }
