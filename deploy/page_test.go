package deploy

import (
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	docpage "github.com/carbonpatch/carbonpatch/docs/page"
)

// runPage runs a page of docs/deploy on a machine, from top to bottom, in /root:
//
//	```yaml file=NAME    writes the file NAME
//	```sh                commands, which must work
//	```sh exit=N         a block that must exit with N
//	```text output       what the block before it prints on standard output, as [docpage.SameOutput] has it
func (m *machine) runPage(name string) {
	m.t.Helper()
	m.runBlocks(filepath.Join("../docs/deploy", name), "")
}

// runBlocks is [machine.runPage] for those blocks of a file whose info begins with on, which is not part of it then.
func (m *machine) runBlocks(file, on string) {
	m.t.Helper()
	m.eachBlock(file, (&pageRun{m: m, on: on}).block)
}

// writeFiles writes the files of a page, and runs nothing.
func (m *machine) writeFiles(name string) {
	m.t.Helper()
	m.eachBlock(filepath.Join("../docs/deploy", name), (&pageRun{m: m}).file)
}

// eachBlock hands the blocks of a file to do, which returns their bodies.
func (m *machine) eachBlock(file string, do func(language, info, body string) string) {
	m.t.Helper()
	text, err := os.ReadFile(file)
	check(m.t, err)
	_, err = docpage.Parts{Block: do, Generated: func(_, body string) string { return body }}.Rewrite(string(text))
	check(m.t, err)
}

// pageRun is a page while its blocks are run.
type pageRun struct {
	m    *machine
	on   string
	last result
}

func (p *pageRun) block(language, info, body string) string {
	p.m.t.Helper()
	info, ok := strings.CutPrefix(info, p.on)
	if !ok {
		return body
	}
	info = strings.TrimPrefix(info, " ")
	switch {
	case strings.HasPrefix(info, "file="):
		p.file(language, info, body)
	case language == "sh":
		p.shell(strings.TrimPrefix(info, "exit="), body)
	case info == "output" && !docpage.SameOutput(p.last.out, body):
		p.m.t.Errorf("the page says\n%s\nbut the output is\n%s%s", body, p.last.out, p.last.problems)
	}
	return body
}

func (p *pageRun) file(_, info, body string) string {
	p.m.t.Helper()
	if name, isFile := strings.CutPrefix(info, "file="); isFile {
		p.m.put(path.Join("/root", name), body)
	}
	return body
}

func (p *pageRun) shell(code, script string) {
	p.m.t.Helper()
	if code == "" {
		code = "0"
	}
	p.last = p.m.run(script)
	if strconv.Itoa(p.last.code) != code {
		p.m.t.Fatalf("exit code %d, want %s, of\n%s\n%s%s", p.last.code, code, script, p.last.out, p.last.problems)
	}
}
