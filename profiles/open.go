package profiles

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

//go:embed *.yaml
var embedded embed.FS

// Names are the embedded profiles, sorted.
func Names() []string {
	files, _ := fs.Glob(embedded, "*.yaml")
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".yaml")
	}
	return files
}

// IsFile reports whether Open takes name for the path of a file, not for an embedded profile.
func IsFile(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// Open reads an embedded profile by its name, or a profile file by its path, and merges it into what it extends.
// The error is [patch.Problems].
func Open(name string) (*Profile, error) {
	return newOpener().open(name, nil)
}

// OpenAll is [Open] for several profiles, in their order. It stops at the first that can't be read.
func OpenAll(names []string) ([]*Profile, error) {
	o := newOpener()
	all := make([]*Profile, len(names))
	for i, name := range names {
		var err error
		if all[i], err = o.open(name, nil); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// opener opens profiles, none of them twice: most extend the same one.
type opener struct {
	opened map[string]*Profile
}

func newOpener() *opener { return &opener{opened: map[string]*Profile{}} }

// Source is the text of a profile as it is embedded or as it stands in its file. The error is [patch.Problems].
func Source(name string) ([]byte, error) {
	if !IsFile(name) {
		data, err := embedded.ReadFile(name + ".yaml")
		if err != nil {
			return nil, unknownProfile(name)
		}
		return data, nil
	}
	data, _, err := patch.ReadRegular(patch.AnyFile{}, name, strictyaml.MaxSize)
	if err != nil {
		return nil, patch.Problems{{File: name, Message: "can't read the profile: " + patch.Reason(err)}}
	}
	return data, nil
}

func unknownProfile(name string) error {
	hint := strictyaml.Suggest(name, Names(), "embedded are ")
	if !strings.HasSuffix(hint, "?") {
		hint += "."
	}
	hint += " A file of your own is named by its path, such as ./mine.yaml"
	return patch.Problems{{Message: fmt.Sprintf("unknown profile %q", name), Hint: hint}}
}

// open opens a profile that the ones of chain extend, each the next.
func (o *opener) open(name string, chain []string) (*Profile, error) {
	if p := o.opened[name]; p != nil {
		return p, nil
	}
	data, err := Source(name)
	if err != nil {
		return nil, err
	}
	file := name
	if !IsFile(name) {
		file = "profiles/" + name + ".yaml"
	}
	doc, err := strictyaml.Parse(file, data)
	if err != nil {
		return nil, err
	}
	p, err := o.load(doc, append(slices.Clip(chain), name))
	if err == nil {
		o.opened[name] = p
	}
	return p, err
}

// relativeTo is the name of a profile as it stands in a file: a path is relative to that file.
func relativeTo(file, name string) string {
	if !IsFile(name) || path.IsAbs(name) || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(file), name)
}
