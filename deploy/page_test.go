package deploy

import (
	"path"
	"strconv"
	"strings"

	docpage "github.com/carbonpatch/carbonpatch/docs/page"
)

// pageRun is a page while its blocks are run.
type pageRun struct {
	m    *machine
	last result
}

func (p *pageRun) block(language, info, body string) string {
	p.m.t.Helper()
	name, isFile := strings.CutPrefix(info, "file=")
	switch {
	case isFile:
		p.m.put(path.Join("/root", name), body)
	case language == "sh":
		p.shell(strings.TrimPrefix(info, "exit="), body)
	case info == "output" && !docpage.SameOutput(p.last.out, body):
		p.m.t.Errorf("the page says\n%s\nbut the output is\n%s%s", body, p.last.out, p.last.problems)
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
