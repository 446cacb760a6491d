package profiles

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Patch is what must hold in home on a node of that role with the settings v, which [Profile.Complete] has made
// whole. The error is [patch.Problems].
func (p *Profile) Patch(role string, v Values, home *product.Home) (patch.Patch, error) {
	var made patch.Patch
	sc, problems := p.scopeIn(home, role, v).derive(home)
	for _, f := range p.Files {
		file := patch.File{Paths: f.paths(home)}
		for _, op := range f.Ops {
			x, err := op.expand(sc)
			if err != nil {
				problems = addOnce(problems, op.problem(err))
			}
			file.Ops, file.JSON = append(file.Ops, x.ops...), append(file.JSON, x.json...)
			for _, op := range x.unmanaged {
				if !slices.ContainsFunc(file.Unmanaged, func(o patch.Op) bool { return o.Select.String() == op.Select.String() }) {
					file.Unmanaged = append(file.Unmanaged, op)
				}
			}
		}
		made.Files = addFile(made.Files, file)
	}
	made.Notes = p.unusedNotes(sc.values)
	for _, f := range p.features() {
		if f.notes != nil {
			made.Notes = append(made.Notes, f.notes(sc, home)...)
		}
		if f.files == nil {
			continue
		}
		files, wrong := f.files(sc, home)
		for _, file := range files {
			made.Files = addFile(made.Files, file)
		}
		problems = append(problems, wrong...)
	}
	made.Files = slices.DeleteFunc(made.Files, rests)
	for _, file := range made.Files {
		problems = append(problems, contradictions(file)...)
	}
	return made, problems.Err()
}

// rests reports whether nothing is to be done in a file: its values are open, or secure vault keeps them.
func rests(file patch.File) bool {
	acts := func(op patch.Op) bool { return !op.Waits && op.Unless.String() != op.Select.String() }
	return len(file.JSON)+len(file.Script)+len(file.Unmanaged) == 0 && !slices.ContainsFunc(file.Ops, acts)
}

// Derive is v with what only the home can tell: Patch does the same. What can't be told is left out.
func (p *Profile) Derive(role string, v Values, home *product.Home) Values {
	sc, _ := p.scopeIn(home, role, v).derive(home)
	return sc.values
}

// derive is sc with the values that only the home can tell, too.
func (sc scope) derive(home *product.Home) (scope, patch.Problems) {
	var problems patch.Problems
	for _, f := range sc.profile.features() {
		if f.derive == nil {
			continue
		}
		values, wrong := f.derive(sc, home)
		sc.values = values
		problems = append(problems, wrong...)
	}
	return sc, problems
}

// problem tells of err, which expanding op gave: about a value, where that stands, or else about op.
func (op *Op) problem(err error) *patch.Problem {
	var p *patch.Problem
	if errors.As(err, &p) {
		return p
	}
	return op.place.Problem("", "%v", err)
}

// addOnce adds a problem that is not yet told of.
func addOnce(problems patch.Problems, p *patch.Problem) patch.Problems {
	if slices.ContainsFunc(problems, func(other *patch.Problem) bool { return *other == *p }) {
		return problems
	}
	return append(problems, p)
}

// addFile adds what must hold in a file, to what already must where that is the same file.
func addFile(files []patch.File, file patch.File) []patch.File {
	if len(file.Ops)+len(file.JSON)+len(file.Script)+len(file.Unmanaged) == 0 {
		return files
	}
	i := slices.IndexFunc(files, func(f patch.File) bool { return slices.Equal(f.Paths, file.Paths) })
	if i < 0 {
		return append(files, file)
	}
	files[i].Ops = append(files[i].Ops, file.Ops...)
	files[i].JSON = append(files[i].JSON, file.JSON...)
	files[i].Script = append(files[i].Script, file.Script...)
	files[i].Notes = append(files[i].Notes, file.Notes...)
	files[i].Unmanaged = append(files[i].Unmanaged, file.Unmanaged...)
	return files
}

// paths are the alternatives for the file, relative to the home.
func (f *File) paths(home *product.Home) []string {
	paths := splitPath(f.Path)
	for i, p := range paths {
		below, isHome := strings.CutPrefix(p, homePrefix)
		if !isHome {
			below = home.ConfDir + "/" + p
		}
		paths[i] = below
	}
	return paths
}

// contradictions are ops that want different things of one place, so that each run would undo the one before.
func contradictions(file patch.File) patch.Problems {
	var problems patch.Problems
	type wish struct{ name, value string }
	first := map[string]wish{}
	want := func(at, name, value string) {
		if other, ok := first[at]; ok && other.value != value {
			problems = append(problems, &patch.Problem{
				File: file.Paths[0], Message: fmt.Sprintf("%s and %s contradict each other at %s", other.name, name, at),
			})
		}
		first[at] = wish{name, value}
	}
	for _, op := range file.Ops {
		if !op.Waits && (op.Verb == xmlops.Set || op.Verb == xmlops.Remove) {
			want(op.Select.String(), op.Name, op.Verb.String()+op.Value)
		}
	}
	for _, op := range file.JSON {
		want(op.Pointer, op.Name, op.Value)
	}
	return problems
}
