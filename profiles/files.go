package profiles

import (
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
)

// homePrefix starts the path of a file that is meant below the home, not below its conf directory.
const homePrefix = "home:"

// files reads the ops of each file.
func (l *loader) files(n *yaml.Node) {
	names := map[string]bool{}
	spelled := spellings{}
	for _, f := range l.profile.Files {
		spelled.add(f.Path)
	}
	for _, e := range l.Entries(n, "files") {
		l.checkPath(e.Key)
		if other, path := spelled.add(e.Key.Value); other != "" {
			l.Errorf(e.Key, "write it as "+path+", for the conf directory of every layout", "the same file as %s", other)
		}
		file := l.profile.file(e.Key.Value)
		if e.Value.Kind != yaml.SequenceNode {
			l.Errorf(e.Value, "", "a file must have a list of ops")
			continue
		}
		for _, item := range e.Value.Content {
			op := l.op(item)
			if op.Name != "" && names[op.Name] {
				l.Errorf(item, "", "two ops are named %q", op.Name)
			}
			names[op.Name] = true
			l.checkNotation(item, op, e.Key.Value)
			l.profile.put(file, op)
		}
	}
}

// spellings are the paths of files with home: or without it, by what stands below the conf directory.
type spellings map[string]string

// add adds the path of a file. Where another spelling of it is there, it returns that and the path below the conf directory.
func (s spellings) add(p string) (other, below string) {
	for _, alternative := range splitPath(p) {
		below, isHome := strings.CutPrefix(alternative, homePrefix)
		if isHome {
			inConf := strings.TrimPrefix(below, "repository/")
			if below, isHome = strings.CutPrefix(inConf, "conf/"); !isHome {
				continue
			}
		}
		if other := s[below]; other != "" && strings.HasPrefix(other, homePrefix) != isHome {
			return other, below
		}
		s[below] = alternative
	}
	return "", ""
}

// isJSON reports whether ops in the file of that path are json ops.
func isJSON(path string) bool { return strings.HasSuffix(path, ".json") }

// checkNotation reports an op in a file that is written in another way.
func (l *loader) checkNotation(n *yaml.Node, op *Op, path string) {
	hint, message := "", ""
	for _, alternative := range splitPath(path) {
		switch {
		case strings.HasSuffix(alternative, ".sh"):
			hint, message = "the feature start-script sets what it can", "there are no ops for scripts"
		case isJSON(alternative) && op.sel != nil:
			hint, message = "write json: /POINTER and to: VALUE", alternative+" needs json ops"
		case !isJSON(alternative) && op.pointer != "":
			message = "json is for files whose names end in .json, not for " + alternative
		}
	}
	if message != "" {
		l.Errorf(n, hint, "%s", message)
	}
}

// file returns the file of that path, which it adds if it is new.
func (p *Profile) file(path string) *File {
	for _, f := range p.Files {
		if f.Path == path {
			return f
		}
	}
	f := &File{Path: path}
	p.Files = append(p.Files, f)
	return f
}

// put adds op to a file, in the place of the op of the same name if that is there, and takes that away if it is elsewhere.
func (p *Profile) put(file *File, op *Op) {
	for _, f := range p.Files {
		i := slices.IndexFunc(f.Ops, func(o *Op) bool { return o.Name != "" && o.Name == op.Name })
		switch {
		case i >= 0 && f == file:
			f.Ops[i] = op
			return
		case i >= 0:
			f.Ops = slices.Delete(f.Ops, i, i+1)
		}
	}
	file.Ops = append(file.Ops, op)
}

// checkPath reports paths that are not below the home, or have a second spelling.
func (l *loader) checkPath(n *yaml.Node) {
	for _, alternative := range splitPath(n.Value) {
		p := strings.TrimPrefix(alternative, homePrefix)
		if patch.Reserved(p) {
			l.Errorf(n, "", "%q: carbonpatch keeps that for itself", alternative)
			continue
		}
		if p == "" || p != path.Clean(p) || path.IsAbs(p) || p == "." || strings.HasPrefix(p, "..") || strings.Contains(p, ":") || strings.ContainsFunc(p, patch.Unprintable) {
			l.Errorf(n, "a path is relative, with / between its parts; home: before it means the home instead of its conf directory", "%q is not a path below the home", alternative)
		}
	}
}

// splitPath splits the path of a file into its alternatives.
func splitPath(p string) []string {
	return strings.Split(p, " | ")
}
