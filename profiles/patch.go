package profiles

import (
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
	var problems patch.Problems
	if len(p.Features) > 0 {
		problems = append(problems, p.featurePlace.problem("the feature %s is not supported yet", p.Features[0]))
	}
	sc := scope{profile: p, role: role, values: v}
	for _, f := range p.Files {
		file := patch.File{Paths: f.paths(home)}
		for _, op := range f.Ops {
			x, err := op.expandSupported(sc)
			if err != nil {
				problems = append(problems, op.place.problem("%v", err))
			}
			file.Ops = append(file.Ops, x.ops...)
			for _, op := range x.unmanaged {
				if !slices.ContainsFunc(file.Unmanaged, func(o patch.Op) bool { return o.Select.String() == op.Select.String() }) {
					file.Unmanaged = append(file.Unmanaged, op)
				}
			}
		}
		problems = append(problems, contradictions(file)...)
		if len(file.Ops)+len(file.Unmanaged) > 0 {
			made.Files = append(made.Files, file)
		}
	}
	return made, problems.Err()
}

// expandSupported refuses ops that no part of the program carries out yet.
func (op *Op) expandSupported(sc scope) (expansion, error) {
	if op.pointer == "" {
		return op.expand(sc)
	}
	if !op.when.holds(sc.role, sc.values) || sc.value(*op.to).state == unset {
		return expansion{}, nil
	}
	return expansion{}, fmt.Errorf("json operations are not supported yet")
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
	first := map[string]patch.Op{}
	for _, op := range file.Ops {
		if op.Verb != xmlops.Set && op.Verb != xmlops.Remove {
			continue
		}
		at := op.Select.String()
		if other, ok := first[at]; ok && (other.Verb != op.Verb || other.Value != op.Value) {
			problems = append(problems, &patch.Problem{
				File: file.Paths[0], Message: fmt.Sprintf("%s and %s contradict each other at %s", other.Name, op.Name, at),
			})
		}
		first[at] = op
	}
	return problems
}

func (at place) problem(format string, args ...any) *patch.Problem {
	return at.doc.Problem(at.node, "", format, args...)
}
