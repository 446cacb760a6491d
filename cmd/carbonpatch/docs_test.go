package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	docpage "github.com/carbonpatch/carbonpatch/docs/page"
)

// The pages in docs/ and README.md are run here, so that they stay true. What stands in a page:
//
//	```xml file=NAME              the file NAME, for what follows in the page
//	```sh                         commands; every line that begins with carbonpatch must be one that exists
//	```yaml op                    operations of a profile, on the file sample.xml of the page
//	```text output, diff output   what the block before it prints; a line ... stands for any number of lines
//	<!-- generated: ... -->       what is made from the program, up to <!-- end -->: see docs_generated_test.go
//
// Commands say /opt, which is a folder of the test with sample homes in it. With UPDATE=1 in the environment output and
// generated parts are written anew. Pages in docs/deploy are run by the tests in deploy, which have a machine for them; here only
// their links and commands are checked.

func TestDocs(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	for _, path := range docPages(t, root) {
		name, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkPage(t, root, path)
		})
	}
}

// docPages are all pages that people read.
func docPages(t *testing.T, root string) []string {
	t.Helper()
	pages := []string{filepath.Join(root, "README.md")}
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	return pages
}

func checkPage(t *testing.T, root, path string) {
	t.Helper()
	text := readText(t, path)
	p := page{t: t, root: root, opt: shortDir(t), isElsewhere: filepath.Base(filepath.Dir(path)) == "deploy"}
	p.copySamples()
	got := p.text(text)
	p.checkLinks(filepath.Dir(path), got)
	if p.documented != nil {
		p.checkDocumented()
	}
	switch {
	case got == text:
	case os.Getenv("UPDATE") != "":
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is out of date: run make docs, and read what it changed", path)
	}
}

// shortDir is a folder whose name is about as long as that of /opt.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "opt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// page is a page while it is checked.
type page struct {
	t    *testing.T
	root string        // of the repository
	opt  string        // the folder that commands know as /opt, and in which they run
	run  func() string // gives the output of the block before

	isElsewhere bool // the blocks are run elsewhere

	documented []string // settings, where the page is the reference of them
}

// text returns the page as it should be.
func (p *page) text(text string) string {
	got, err := docpage.Parts{Block: p.block, Generated: p.generate}.Rewrite(text)
	p.check(err)
	return got
}

// block checks a fenced block and returns what it should hold.
func (p *page) block(language, info, body string) string {
	switch name, isFile := strings.CutPrefix(info, "file="); {
	case isFile && !p.isElsewhere:
		p.write(name, body)
	case language == "sh":
		p.checkCommands(body)
		p.run = func() string { return p.shell(body) }
	case language == "yaml" && info == "op":
		p.run = func() string { return p.plan(body) }
	case info == "output" && !p.isElsewhere:
		return p.output(body)
	}
	return body
}

// output compares what the block before prints with what the page says.
func (p *page) output(want string) string {
	if p.run == nil {
		p.t.Errorf("there is nothing before the output %q", want)
		return want
	}
	got := p.run()
	p.run = nil
	if docpage.SameOutput(got, want) {
		return want
	}
	if strings.Contains(want, "...\n") || os.Getenv("UPDATE") == "" {
		p.t.Errorf("the page says\n%s\nbut the output is\n%s", want, got)
		return want
	}
	return got
}

// checkCommands runs each command line of carbonpatch for its help, which fails where a verb or flag doesn't exist.
func (p *page) checkCommands(script string) {
	for line := range strings.Lines(strings.ReplaceAll(script, "\\\n", " ")) {
		if strings.HasPrefix(line, "carbonpatch ") {
			if out := p.shell(`carbonpatch() { command carbonpatch "$@" --help >/dev/null || echo failed; }; ` + line); out != "" {
				p.t.Errorf("%s%s", line, out)
			}
		}
	}
}

// shell returns what a script prints on both streams.
func (p *page) shell(script string) string {
	cmd := exec.Command("sh", "-c", strings.ReplaceAll(script, "/opt/", p.opt+"/"))
	cmd.Dir = p.opt
	cmd.Env = append(os.Environ(), "CARBONPATCH_YES=1", "SVN_PASSWORD=s3cret-svn", "DB_PASSWORD=s3cret-db",
		"AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=s3cret-aws")
	out, _ := cmd.CombinedOutput() // commands that fail are shown, too
	return strings.ReplaceAll(string(out), p.opt, "/opt")
}

// plan shows what operations change in sample.xml, as part of the profile in profile.yaml.
func (p *page) plan(ops string) string {
	head := readText(p.t, filepath.Join(p.opt, "profile.yaml"))
	for line := range strings.Lines(ops) {
		head += "    " + line
	}
	p.write("run.yaml", head)
	p.write("home/bin/version.txt", "Sample v1.0.0\n")
	p.write("home/conf/carbon.xml", "<Server><Name>Sample</Name><ServerKey>S</ServerKey><Version>1.0.0</Version></Server>\n")
	p.write("home/conf/sample.xml", readText(p.t, filepath.Join(p.opt, "sample.xml")))
	out := p.shell("carbonpatch plan home -f cluster.yaml --profile run.yaml --role node --format diff -q")
	if out == "" {
		return "(no change)\n"
	}
	return out
}

// copySamples puts sample homes into /opt: the conf directory of the demo, and what testdata/homes has instead or besides.
func (p *page) copySamples() {
	sample, err := fs.Sub(demoFiles, "demo/home")
	p.check(err)
	samples, err := os.ReadDir("testdata/homes")
	p.check(err)
	for _, dir := range samples {
		home := filepath.Join(p.opt, dir.Name())
		over := filepath.Join("testdata", "homes", dir.Name())
		if _, err := os.Stat(filepath.Join(over, "repository")); err != nil {
			p.check(os.CopyFS(home, sample))
		} else {
			conf, err := fs.Sub(sample, "conf")
			p.check(err)
			p.check(os.CopyFS(filepath.Join(home, "repository", "conf"), conf))
			p.check(os.RemoveAll(filepath.Join(home, "repository", "conf", "carbon.xml")))
		}
		p.check(os.CopyFS(home, os.DirFS(over)))
	}
}

// check ends the test of the page where err is one.
func (p *page) check(err error) {
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *page) write(name, text string) {
	path := filepath.Join(p.opt, name)
	p.check(os.MkdirAll(filepath.Dir(path), 0o755))
	p.check(os.WriteFile(path, []byte(text), 0o600))
}

func readText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fenced  = regexp.MustCompile("(?s)```.*?\n```")
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notSlug = regexp.MustCompile(`[^\w\- ]`)
)

// checkLinks reports links to files and headings that don't exist, and headings that a link can't tell apart.
func (p *page) checkLinks(dir, text string) {
	for anchor, n := range anchors(text) {
		if n > 1 {
			p.t.Errorf("%d headings have the anchor %s", n, anchor)
		}
	}
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		target, anchor, hasAnchor := strings.Cut(m[1], "#")
		if strings.Contains(target, "://") {
			continue
		}
		other := text
		if target != "" {
			if _, err := os.Stat(filepath.Join(dir, target)); err != nil {
				p.t.Errorf("the link %s leads nowhere", m[1])
				continue
			}
		}
		if target != "" && hasAnchor {
			other = readText(p.t, filepath.Join(dir, target))
		}
		if hasAnchor && anchors(other)[anchor] == 0 {
			p.t.Errorf("the link %s leads to no heading", m[1])
		}
	}
}

// anchors counts the headings of a page by their anchors, as code hosts make them.
func anchors(text string) map[string]int {
	found := map[string]int{}
	for _, m := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		found[slug(m[1])]++
	}
	return found
}

func slug(heading string) string {
	return strings.ReplaceAll(notSlug.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}
