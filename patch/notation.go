package patch

import (
	"errors"
	"path"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/patch/script"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/patch/splice"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// notation is how a file is written.
type notation int

const (
	inXML notation = iota
	inJSON
	inScript
)

// notationOf goes by the name of a file, which is all that is known of one that is rolled back.
func notationOf(name string) notation {
	switch path.Ext(name) {
	case ".json":
		return inJSON
	case ".sh":
		return inScript
	}
	return inXML
}

// notation is that of the file, which was read as XML or else has the name of another.
func (f *FilePlan) notation() notation {
	if f.document != nil {
		return inXML
	}
	return notationOf(f.Path)
}

// writtenIn reports whether all operations are for a file in that notation.
func (f *File) writtenIn(n notation) bool {
	return (n == inXML || len(f.Ops)+len(f.Unmanaged) == 0) && (n == inJSON || len(f.JSON) == 0) && (n == inScript || len(f.Script) == 0)
}

// json plans the operations on a JSON file.
func (m *planner) json(plan *FilePlan) {
	wanted := plan.wanted.JSON
	ops := make([]jsonops.Op, len(wanted))
	for i := range wanted {
		ops[i] = wanted[i].Op
	}
	result, err := jsonops.Apply(plan.Before, ops...)
	m.spliced(plan, result, err, func(i int) (About, string) { return wanted[i].About, "set " + wanted[i].Pointer })
}

// script plans the operations on a start script.
func (m *planner) script(plan *FilePlan) {
	wanted := plan.wanted.Script
	ops := make([]script.Op, len(wanted))
	for i := range wanted {
		ops[i] = wanted[i].Op
	}
	result, err := script.Apply(plan.Before, ops...)
	m.spliced(plan, result, err, func(i int) (About, string) {
		verb := xmlops.Set
		if wanted[i].Remove {
			verb = xmlops.Remove
		}
		return wanted[i].About, verb.String() + " " + wanted[i].Label()
	})
}

// spliced adds to the plan what came of operations; of each of them op tells what reports say and what it does.
func (m *planner) spliced(plan *FilePlan, result *splice.Result, err error, op func(i int) (About, string)) {
	if err == nil {
		err = plan.HidePlaces(plan.SecretPlaces(nil))
	}
	if err != nil {
		m.unspliced(plan.Path, err, op)
		return
	}
	plan.After, plan.edits, plan.Right = result.Bytes, result.Edits, result.Right
	for _, c := range result.Changes {
		about, _ := op(c.Op)
		plan.Changes = append(plan.Changes, about.change(c))
	}
	m.add(plan)
}

// unspliced adds the problems of err.
func (m *planner) unspliced(file string, err error, op func(i int) (About, string)) {
	var all xmlops.OpErrors
	if !errors.As(err, &all) {
		m.problems = append(m.problems, problem(file, "", err))
		return
	}
	slices.SortStableFunc(all, func(a, b *xmlops.OpError) int { return a.Line - b.Line })
	for _, e := range all {
		_, what := op(e.Op)
		m.problems = append(m.problems, problem(file, what+": ", &e.Error))
	}
}

// change is what an operation did at a place.
func (a About) change(c xmlops.Change) Change {
	return Change{
		Kind: c.Kind, Name: a.Name, Setting: a.Setting, Where: a.Where, At: c.At, Line: c.Line, Column: c.Column,
		Before: secret.New(c.Before), After: secret.New(c.After), Secret: a.Secret || c.Sensitive,
	}
}
