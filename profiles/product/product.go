// Package product tells what a home is: which product, which version, where its configuration lies.
package product

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
)

// Home is an unpacked product.
type Home struct {
	Dir       string // as given
	Root      string // the real path of a folder that is / to the home, as that of another machine; or ""
	Name      string // WSO2 and the server key: WSO2 EI
	Title     string // as carbon.xml names the product: WSO2 Enterprise Integrator
	ServerKey string // as in carbon.xml: AS, ESB, EI, ES, AM, IS, Greg ...
	Version   string // 6.1.1
	Layout    Layout
	ConfDir   string // below Dir: conf or repository/conf
	PID       int    // of the running server, or 0; below a Root none can run here
	// Files are what files hold, by slash-separated paths relative to the home, in the place of what is on the disk: what they would hold
	// after a run. Where Dir is "", there are no others.
	Files map[string][]byte
}

// String says for people what the home is, as far as that is known, and where.
func (h *Home) String() string {
	what := strings.TrimSpace(h.Name + " " + h.Version)
	return cmp.Or(what, "a home") + " at " + h.Dir
}

// DirInRoot is the path of the home as it is below its Root.
func (h *Home) DirInRoot() string { return tree(h.Root).shown(h.Dir) }

// Layout is how a home is laid out.
type Layout string

const (
	// Classic homes have repository/conf and repository/components.
	Classic Layout = "classic"
	// EI homes have conf and wso2/components.
	EI Layout = "ei"
)

var layouts = []struct {
	layout  Layout
	confDir string
}{
	{Classic, "repository/conf"},
	{EI, "conf"},
}

// Detect reads what dir is. It writes nothing. The error is [patch.Problems]: dir is no home, or one that can't be patched. With an
// error about carbon.xml comes the home, without what that file says.
func Detect(dir string) (*Home, error) { return DetectBelow("", dir) }

// DetectBelow is [Detect] for a home with that Root: dir is a real path below it, and nothing outside of it is looked at.
func DetectBelow(root, dir string) (*Home, error) {
	if info, err := os.Stat(dir); err != nil {
		return nil, refuse(dir, "", "can't open the home: %s", patch.Reason(err))
	} else if !info.IsDir() {
		return nil, refuse(dir, "", "not a Carbon home: it is a file")
	}
	where := tree(root)
	home := where.find(dir)
	if home == nil {
		return nil, refuse(dir, where.nearbyHome(dir), "not a Carbon home: it has neither repository/conf/carbon.xml nor conf/carbon.xml")
	}
	if home.lies(home.ConfDir + "/deployment.toml") {
		return nil, refuse(home.ConfDir+"/deployment.toml", "put the settings into that file; carbonpatch is for products without it",
			"this product generates its XML configuration from deployment.toml at every start, so patching it has no effect")
	}
	return home, home.read()
}

// InMemory is the home that consists of these files alone, as in [Home.Files]. The error is [patch.Problems].
func InMemory(files map[string][]byte) (*Home, error) {
	for _, l := range layouts {
		if _, ok := files[l.confDir+"/carbon.xml"]; ok {
			h := &Home{Layout: l.layout, ConfDir: l.confDir, Files: files}
			return h, h.read()
		}
	}
	return nil, refuse("", "", "not a Carbon home: it has neither repository/conf/carbon.xml nor conf/carbon.xml")
}

// With is the home as it would be with other files in it, as in [Home.Files].
func (h *Home) With(files map[string][]byte) *Home {
	changed := *h
	changed.Files = files
	return &changed
}

// find returns the home that dir is, or nil.
func (t tree) find(dir string) *Home {
	for _, l := range layouts {
		conf := filepath.Join(dir, l.confDir)
		if (t.lies(filepath.Join(conf, "carbon.xml")) || t.lies(filepath.Join(conf, "deployment.toml"))) && !t.isInside(dir) {
			return &Home{Dir: dir, Root: string(t), Layout: l.layout, ConfDir: l.confDir}
		}
	}
	return nil
}

// isInside reports whether dir is the folder repository of a classic home: it has a conf, as the homes of EI have.
func (t tree) isInside(dir string) bool {
	abs, err := filepath.Abs(dir)
	return err == nil && filepath.Base(abs) == "repository" && !t.isDir(filepath.Join(abs, "bin")) && t.isDir(filepath.Join(abs, "..", "bin"))
}

// nearbyHome is the hint for a folder that is no home but lies above or within one.
func (t tree) nearbyHome(dir string) string {
	inside, _ := filepath.Glob(filepath.Join(globQuote(dir), "*"))
	parent := filepath.Join(dir, "..")
	above := []string{parent, filepath.Join(parent, "..")}
	for _, candidate := range append(inside, above...) {
		if t.find(candidate) != nil {
			return fmt.Sprintf("did you mean %s?", t.shown(candidate))
		}
	}
	return "a home is the folder that the product was unpacked to, with bin and repository in it"
}

// globQuote makes a path stand for itself in a pattern.
func globQuote(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// read fills in what the files of the home say.
func (h *Home) read() error {
	if h.Dir != "" && h.Root == "" {
		h.PID = runningPID(filepath.Join(h.Dir, "wso2carbon.pid"))
	}
	doc, err := h.Document(h.ConfDir + "/carbon.xml")
	if err != nil {
		return err
	}
	h.Title = FirstText(doc, "/Server/Name")
	h.ServerKey = FirstText(doc, "/Server/ServerKey")
	h.Name = strings.TrimSpace("WSO2 " + h.ServerKey)
	h.Version = h.version(FirstText(doc, "/Server/Version"))
	return nil
}

// maxNote is more than the files of one line hold that say what a home is, in bytes.
const maxNote = 4 << 10

// versionText is what bin/version.txt holds: WSO2 Enterprise Integrator v6.1.1.
var versionText = regexp.MustCompile(`(?m) v(\d+(?:\.\d+)*\S*)\s*$`)

// version is that of bin/version.txt, since carbon.xml has an old one in the profiles of EI. Where that file is missing
// or was never filled in, it is the one given.
func (h *Home) version(inCarbonXML string) string {
	return cmp.Or(h.note("bin/version.txt"), inCarbonXML)
}

// note is the version that a file of one line tells, or "".
func (h *Home) note(path string) string {
	data, err := h.readFile(path, maxNote)
	if err != nil {
		return ""
	}
	if m := versionText.FindSubmatch(data); m != nil {
		return string(m[1])
	}
	return ""
}

func refuse(file, hint, format string, args ...any) error {
	return patch.Problems{{File: file, Message: fmt.Sprintf(format, args...), Hint: hint}}
}
