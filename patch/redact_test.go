package patch_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	const known = `Top&Secret<1>"it's"`
	jsonString, _ := json.Marshal(known)
	xmlInJSON, _ := json.Marshal("<p>Top&amp;Secret&lt;1>\"it's\"</p>")
	tests := []struct{ name, known, in, want string }{
		{"raw", known, `a Top&Secret<1>"it's" b`, "a ******** b"},
		{"twice", "hunter22", "hunter22hunter22 hunter2", "**************** hunter2"},
		{"text of XML", known, `<p>Top&amp;Secret&lt;1>"it's"</p>`, "<p>********</p>"},
		{"text of XML with >", known, `<p>Top&amp;Secret&lt;1&gt;"it's"</p>`, "<p>********</p>"},
		{"attribute", known, `v="Top&amp;Secret&lt;1>&quot;it's&quot;"`, `v="********"`},
		{"attribute in apostrophes", known, `v='Top&amp;Secret&lt;1&gt;"it&apos;s"'`, `v='********'`},
		{"html.EscapeString", known, html.EscapeString(known), "********"},
		{"JSON", known, string(jsonString), `"********"`},
		{"JSON without HTML", known, `{"v":"Top&Secret<1>\"it's\""}`, `{"v":"********"}`},
		{"XML in JSON", known, string(xmlInJSON), `"\u003cp\u003e********\u003c/p\u003e"`},
		{"query", "a b/c+d?e", "p=" + url.QueryEscape("a b/c+d?e"), "p=********"},
		{"path", "a b/c+d?e", "p=" + url.PathEscape("a b/c+d?e"), "p=********"},
		{"lower-case hex", "a b/c+d?e", "p=a%20b%2fc%2bd%3fe", "p=********"},
		{"user-info", "a b/c@d?e", url.UserPassword("u", "a b/c@d?e").String(), "u:********"},
		{"base64", "hunter22", base64.StdEncoding.EncodeToString([]byte("hunter22")), "********"},
		{"base64 behind a name", "hunter22", base64.StdEncoding.EncodeToString([]byte("u:hunter22")) + "=", "dTp********="},
		{"XML in XML", known, "Top&amp;amp;Secret&amp;lt;1&amp;#x3E;&amp;quot;it's&quot;", "********"},
		{"XML in XML in XML", known, "Top&amp;amp;amp;Secret&amp;amp;lt;1>&amp;amp;#34;it's&amp;amp;quot;", "********"},
		{"a comment", "hunter22", "<p>hun<!-- - --><!---->ter22</p>", "<p>********</p>"},
		{"a comment in XML in XML", "hunter22", "hun&lt;!-- x --&gt;ter&amp;lt;!-- x -->22", "********"},
		{"a comment in JSON", "hunter22", `"hun\u003c!-- x --\u003eter22"`, `"********"`},
		{"CDATA in XML in XML", "hunter22", "&lt;![CDATA[hun]]&gt;&lt;![CDATA[ter22]]&gt;", "&lt;![CDATA[********]]&gt;"},
		{"line ends", "hun\nter22", "hun\r\nter22 hun&#10;ter22 hun&amp;#xA;ter22 hun\\nter22", "******** ******** ******** ********"},
		{"base64 of more", "hunter22", base64.StdEncoding.EncodeToString([]byte("u:hunter22!")), "dTp********iE="},
		{"%q", "tab\there", fmt.Sprintf("%q", "tab\there"), `"********"`},
		{"ISO-8859-1", "pässwörd", "<p>p\xe4ssw\xf6rd</p>", "<p>********</p>"},
		{"reference", "pa€ss", "<p>pa&#8364;ss</p>", "<p>********</p>"},
		{"ISO-8859-1 and reference", "pä€ssw", "<p>p\xe4&#x20AC;ssw</p>", "<p>********</p>"},
		{"JSON in ASCII", "pässwörd", `"p\u00e4ssw\u00f6rd"`, `"********"`},
		{"references of all sorts", known, "&#x54;op&#0038;&#83;ecret&#x003C;&#49;&#62;&#X22;it&#39;s&#x22;", "********"},
		{"upper-case hexadecimal", "pässwö", "p&#xE4;ssw&#x00F6;", "********"},
		{"not a reference to it", known, `Top&#39;Secret<1>"it's"`, `Top&#39;Secret<1>"it's"`},
		{"a reference without end", known, `Top&#38 Secret`, `Top&#38 Secret`},
		{"what looks escaped", "a&lt;b%20c", "a&lt;b%20c a&amp;lt;b%2520c", "******** ********"},
		{"escapes that nobody needs", "hunter22", `%68%75%6E%74%6e%65r22 %68%75%6E%74%65r22 \u0068unter22`, `%68%75%6E%74%6e%65r22 ******** ********`},
		{"one CDATA section", known, `<p><![CDATA[Top&Secret<1>"it's"]]></p>`, "<p><![CDATA[********]]></p>"},
		{"two CDATA sections", known, `<p><![CDATA[Top&Se]]><![CDATA[cret<1>"it's"]]></p>`, "<p><![CDATA[********]]></p>"},
		{"CDATA and text", known, `<p>T<![CDATA[op&Secret<1>]]>"it&apos;s"</p>`, "<p>********</p>"},
		{"a slash that JSON escapes", "ab/cd/ef", `"ab\/cd\/ef"`, `"********"`},
		{"a pair of JSON", "pa😀ssw", `"pa\ud83d\uDE00ssw"`, `"********"`},
		{"XML in JSON with references", known, `"Top\u0026#38;Secret\u0026lt;1\u003e\"it's\""`, `"********"`},
		{"base64 of ISO-8859-1", "pässwörd", base64.StdEncoding.EncodeToString([]byte("u:p\xe4ssw\xf6rd!")), "dTp********CE="},
		{"base64 in a URL", "hunter2?>?>", url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("hunter2?>?>"))), "********"},
		{"ISO-8859-1 in a URL", "pässwörd", "p%e4ssw%F6rd", "********"},
		{"what looks like CDATA", "a]]>b<![CDATA[c]]]]>", "<p>a]]>b<![CDATA[c]]]]></p>", "<p>********</p>"},
		{"hexadecimal", "hunter22", "x=68756e7465723232; 68756E7465723232", "x=********; ********"},
		{"hexadecimal of ISO-8859-1", "pässwörd", "70e4737377f67264", "********"},
		{"base64 without padding", "hunter22", "aHVudGVyMjI", "********"},
		{"base64 for URLs", "hunter2?>?>", base64.URLEncoding.EncodeToString([]byte("u:hunter2?>?>!")), "dTp********iE="},
		{"double quotes of a shell", "a$b`c\"d\\e", "x=\"a\\$b\\`c\\\"d\\\\e\"", `x="********"`},
		{"a backslash before every mark", "p@ss w(rd)", `p\@ss\ w\(rd\)`, "********"},
		{"apostrophes of a shell", "it's me", `'it'\''s me' 'it'"'"'s me'`, "'********' '********'"},
		{"properties", "a=b:c#d!", `k=a\=b\:c\#d\!`, "k=********"},
		{"octal", "pä ssw", `$'p\303\244\040ssw'`, "$'********'"},
		{"$'' of a shell", "tab\there's", quoteANSI("tab\there's"), "$'********'"},
		{"what does not print", "pa\u00a0ss\u202ew\td", "pa\ufffdss\ufffdw\ufffdd pa ss\ufffdw d", "******** ********"},
		{"short", "hunt2", "hunt2", "hunt2"},
		{"the longest of two", "secret", "secret secret-and-more secret-an", "******** ******** ********-an"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := patch.NewRedactor(secret.New(test.known), secret.New(test.known+"-and-more"))
			if got := r.Redact(test.in); got != test.want {
				t.Errorf("Redact(%q)\n got %q\nwant %q", test.in, got, test.want)
			}
		})
	}
}

// quoteANSI quotes a word as the command line to repeat a run is written.
func quoteANSI(word string) string {
	return "$'" + strings.ReplaceAll(strings.Trim(fmt.Sprintf("%q", word), `"`), "'", `\'`) + "'"
}

func TestRedactReport(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	report := func(s string) *patch.PlanReport {
		return &patch.PlanReport{
			Home: "schema/nhunter2", Files: []patch.FileReport{{Path: "schema", Changes: []patch.ChangeReport{{Before: text("<" + s + ">")}}}},
			Findings: []any{map[string]string{"schema": s}, 1}, Open: []string{s}, Diff: s,
		}
	}
	// as a part of the notation, and with what JSON escapes
	for _, known := range []string{`schema`, `nhunter2`, `ab"cd\ef/gh`} {
		original := report(known)
		got := patch.NewRedactor(secret.New(known)).RedactReport(original)
		if diff := cmp.Diff(any(report(patch.Mask)), got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", known, diff)
		}
		if diff := cmp.Diff(report(known), original); diff != "" {
			t.Errorf("the original changed: -want +got:\n%s", diff)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("Top&Secret<1>", "other-secret", "a Top&Secret<1> b other-secret c")
	f.Add("pässwörd", "hunter22", "p\xe4ssw\xf6rdhunter22 Top")
	f.Add("aaaaaa", "aaaaaaab", "aaaaaaaaaaaaab")
	f.Add("]]]]]]>", "<![CDATA[x]]>", "+")
	f.Fuzz(func(t *testing.T, a, b, text string) {
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
		redacted := patch.NewRedactor(secret.New(a), secret.New(b)).Redact(text)
		for _, s := range spelled {
			if strings.Contains(redacted, s) {
				t.Errorf("%q survives in %q", s, redacted)
			}
		}
	})
}

// What is kept stands, but no more of a secret than is a part of it.
func TestRedactorKeeps(t *testing.T) {
	t.Parallel()
	r := patch.NewRedactor(secret.New("wso2carbon"), secret.New("/opt/hunter22"), secret.New("carbon-home/x"))
	r.Keep("/opt/wso2carbon-home", "node wso2carbon", "wso2carbon", "", "/opt/hunter")
	tests := []struct{ in, want string }{
		{"/opt/wso2carbon-home", "/opt/wso2carbon-home"},
		{"a/opt/wso2carbon-home/b /opt/wso2carbon-home", "a/opt/wso2carbon-home/b /opt/wso2carbon-home"},
		{"/opt/wso2carbon-hom", "/opt/********-hom"},
		{"node wso2carbon (worker)", "node wso2carbon (worker)"},
		{"wso2carbon", "********"},
		{"/opt/hunter22", "********"},
		{"/opt/wso2carbon-home/x", "/opt/wso2********"},
	}
	for _, tt := range tests {
		if got := r.Redact(tt.in); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.in, got, tt.want)
		}
	}
	type report struct {
		Name  string `redact:"never"`
		Value string
	}
	if got := r.RedactReport(report{"wso2carbon", "wso2carbon"}); got != any(report{"wso2carbon", "********"}) {
		t.Errorf("got %v", got)
	}
}
