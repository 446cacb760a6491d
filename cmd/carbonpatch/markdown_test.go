package main

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	markup "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// markdownPage is a page of Markdown as a renderer of CommonMark and GitHub's extensions reads it.
type markdownPage struct {
	t        testing.TB
	source   []byte
	root     ast.Node
	renderer renderer.Renderer
}

func readMarkdown(t testing.TB, page string) *markdownPage {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(markup.WithUnsafe()))
	r := &markdownPage{t: t, source: []byte(page), renderer: md.Renderer()}
	r.root = md.Parser().Parse(text.NewReader(r.source))
	return r
}

// all are the nodes of a kind, in the order of the page.
func (r *markdownPage) all(kind ast.NodeKind) []ast.Node {
	var found []ast.Node
	_ = ast.Walk(r.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Kind() == kind {
			found = append(found, n)
		}
		return ast.WalkContinue, nil
	})
	return found
}

var tag = regexp.MustCompile(`<[^>]*>`)

// seen is what people see of a node.
func (r *markdownPage) seen(n ast.Node) string {
	var b bytes.Buffer
	if err := r.renderer.Render(&b, r.source, n); err != nil {
		r.t.Fatal(err)
	}
	return strings.TrimSpace(html.UnescapeString(tag.ReplaceAllString(b.String(), "")))
}

// lines are the lines of a block as they are written.
func (r *markdownPage) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		b.Write(segment.Value(r.source))
	}
	return b.String()
}

// rows are the cells of all tables but for their headers.
func (r *markdownPage) rows() [][]string {
	var rows [][]string
	for _, row := range r.all(tables.KindTableRow) {
		var cells []string
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, r.seen(cell))
		}
		rows = append(rows, cells)
	}
	return rows
}

// kinds are the kinds of nodes that there are.
func (r *markdownPage) kinds() map[string]int {
	kinds := map[string]int{}
	_ = ast.Walk(r.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			kinds[n.Kind().String()]++
		}
		return ast.WalkContinue, nil
	})
	return kinds
}

// hostileTexts try to get out of where they stand.
var hostileTexts = []string{
	"a|b", `a\|b`, `a\`, `\`, "|", "||", "`", "``", "```", "` `", "a`b", "`a`", "`|`", "\\`|", "***", "**x**", "_x_", "~~x~~", "<b>x</b>", "<script>alert(1)</script>", "</details>", "</code>", "<!--", "-->", "&lt;", "&#124;", "&",
	"[x](http://example.com)", "![x](y)", "[x]: y", "http://example.com", "www.example.com", "me@example.com", "@user", "#1", "!1", ":smile:", "$x$", "a\nb", "\n\n# x", "\r\n---\r\n", "- x", "1. x", "1)", "> x", "===", "# x",
	"| a | b |", "|---|", "\t x", " x ", "\x00", "\x1b[2J", "\u202e", "\u2028", "ü", "", " ", "***\n```\n</details>\n\n# x\n", "a\\\\|b", "```\n```diff", "~~~", "\ufeff", "&amp;#124;", `"x"`, "(x)", "....", "-", "+", "x.", "1.", "12)",
}

var openCarbon = sync.OnceValues(func() (*profiles.Profile, error) { return profiles.Open("carbon") })

// hostilePlan is a plan that has texts wherever a plan has any.
func hostilePlan(t testing.TB, texts ...string) (*target, *patch.Plan, *lintedPlan) {
	t.Helper()
	profile, err := openCarbon()
	if err != nil {
		t.Fatal(err)
	}
	plan := &patch.Plan{Home: "/opt/x"}
	for i, kind := range []xmlops.ChangeKind{xmlops.Changed, xmlops.Added, xmlops.Removed, xmlops.Uncommented, xmlops.CommentedOut} {
		file := &patch.FilePlan{Path: fmt.Sprintf("bin/%d.sh", i), Before: []byte(strings.Join(texts, "\n") + "\nbefore\n"), After: []byte(strings.Join(texts, "\n") + "\n" + strings.Join(texts, "\n"))}
		for j, text := range texts {
			file.Changes = append(file.Changes, patch.Change{Kind: kind, Where: "where " + text, Line: j, Before: secret.New(text), After: secret.New(texts[(j+1)%len(texts)])})
		}
		plan.Files = append(plan.Files, file)
	}
	node := &cluster.Node{Name: "n1", Role: "node", Cluster: strings.Join(texts, " "), Profile: profile}
	found := &lintedPlan{}
	lintNode := &lint.Node{Node: &product.Node{Home: &product.Home{Dir: "/opt/x"}}}
	found.nodes = []*lint.Node{lintNode}
	for _, text := range texts {
		plan.Notes = append(plan.Notes, patch.Note{File: "conf/" + text, Line: 1, Text: text})
		node.Notes = append(node.Notes, text)
		node.Open = append(node.Open, "open."+text)
		rule := &lint.Rule{ID: "some-rule", Severity: lint.Error}
		found.findings = append(found.findings, &lint.Finding{Rule: rule, Severity: lint.Error, Node: lintNode, Place: product.Place{File: &product.File{Path: "conf/" + text}}, Message: text, Hint: text})
	}
	return &target{home: &product.Home{Name: "WSO2 " + texts[0], Version: "1.0", Dir: "/opt/x" + texts[0]}, node: node}, plan, found
}

// checkPlanMarkdown makes sure that a page for texts has the parts that it should have and no others, with all that was to be seen in its place.
func checkPlanMarkdown(t testing.TB, texts ...string) {
	t.Helper()
	s := newStream(nil)
	target, plan, found := hostilePlan(t, texts...)
	page := s.planMarkdown(target, plan, found)
	r := readMarkdown(t, page+page) // as those of two nodes
	var want [][]string
	for range 2 {
		for _, file := range plan.Files {
			for _, c := range file.Changes {
				before, after := valuesText(c, patch.Masked)
				line := ""
				if c.Line > 0 {
					line = fmt.Sprint(c.Line)
				}
				switch c.Kind {
				case xmlops.Changed:
					before, after = or(before, "(empty)"), or(after, "(empty)")
				case xmlops.Uncommented:
					before, after = "(commented out)", or(after, "(live)")
				case xmlops.CommentedOut:
					before, after = or(before, "(live)"), "(commented out)"
				}
				want = append(want, []string{sign(c.Kind), strings.TrimSpace(inLine(c.Label())), inLine(before), inLine(after), line})
			}
		}
	}
	if diff := cmp.Diff(want, r.rows()); diff != "" {
		t.Fatalf("%q: -want +got\n%s\n%s", texts, diff, page)
	}
	n := len(texts)
	counts := r.kinds()
	for kind, want := range map[string]int{
		"Heading": 2 * 6, "Table": 2 * 5, "FencedCodeBlock": 2, "HTMLBlock": 2 * 2, "List": 2 * 4, "ListItem": 2 * (n + 2*n + n + len(target.manual())),
	} {
		if counts[kind] != want {
			t.Fatalf("%q: %d of %s, want %d\n%s", texts, counts[kind], kind, want, page)
		}
	}
	for _, kind := range []string{"Link", "Image", "AutoLink", "ThematicBreak", "Blockquote", "CodeBlock", "Strikethrough", "TaskCheckBox"} {
		if counts[kind] > 0 {
			t.Fatalf("%q: there is a %s\n%s", texts, kind, page)
		}
	}
	for _, n := range r.all(ast.KindEmphasis) {
		if seen := r.seen(n); !strings.Contains("Open settings,Notes,Lint, with the lines of the files as they would be,Still to do by hand,error", seen) {
			t.Fatalf("%q: %s is emphasized\n%s", texts, seen, page)
		}
	}
	for _, n := range r.all(ast.KindRawHTML) {
		segment := n.(*ast.RawHTML).Segments.At(0)
		if html := string(segment.Value(r.source)); html != "<code>" && html != "</code>" {
			t.Fatalf("%q: there is %s\n%s", texts, html, page)
		}
	}
	diff := ""
	for _, file := range plan.Files {
		diff += s.plainDiff(file, patch.Masked)
	}
	for _, block := range r.all(ast.KindFencedCodeBlock) {
		if got := r.lines(block); got != diff {
			t.Fatalf("%q: the diff is\n%s\nwant\n%s", texts, got, diff)
		}
	}
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func TestPlanMarkdownOfHostileTexts(t *testing.T) {
	t.Parallel()
	checkPlanMarkdown(t, hostileTexts...)
	for _, text := range hostileTexts {
		checkPlanMarkdown(t, text)
		checkPlanMarkdown(t, "x "+text+" y")
		checkPlanMarkdown(t, "("+text+").")
	}
}

func FuzzPlanMarkdown(f *testing.F) {
	for i, text := range hostileTexts {
		f.Add(text, hostileTexts[len(hostileTexts)-1-i])
	}
	f.Fuzz(func(t *testing.T, a, b string) { checkPlanMarkdown(t, a, b) })
}
