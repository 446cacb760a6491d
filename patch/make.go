package patch

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Make finds out what p changes in a home. It only reads. The error is [Problems]: all that can be found in all files.
func Make(home string, p Patch) (*Plan, error) {
	root, err := os.OpenRoot(home)
	if err != nil {
		return nil, Problems{{File: home, Message: "cannot open the home: " + Reason(err)}}
	}
	defer root.Close()
	m := planner{plan: &Plan{Home: home, Notes: slices.Clone(p.Notes)}}
	reader := reader{root: root}
	for i := range p.Files {
		f := &p.Files[i]
		path, src, problem := reader.read(f.Paths)
		switch {
		case problem != nil:
			m.problems = append(m.problems, problem)
		case path != "":
			m.file(path, src, f)
			m.noteLinks(path, reader.seen[len(reader.seen)-1].info)
		case !f.optional():
			m.problems = append(m.problems, missing(f.Paths))
		}
	}
	return m.done()
}

// MakeIn is what p changes in these files, by their paths, that stand for those of a home. What can't be made true in them is left out.
func MakeIn(files map[string][]byte, p Patch) *Plan {
	m := planner{plan: &Plan{Notes: slices.Clone(p.Notes)}, lenient: true}
	for i := range p.Files {
		f := &p.Files[i]
		if at := slices.IndexFunc(f.Paths, func(path string) bool { return files[path] != nil }); at >= 0 {
			m.file(f.Paths[at], files[f.Paths[at]], f)
		}
	}
	for _, f := range m.plan.Files {
		f.document = nil // there may be many plans, and nobody asks for a diff
	}
	return m.plan
}

// MakeFile is [Make] for a single XML file, anywhere. Path is as the user knows it and stands so in what is reported;
// symbolic links are followed.
func MakeFile(path string, ops []Op) (*Plan, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, Problems{{File: path, Message: "cannot read: " + Reason(err)}}
	}
	root, err := os.OpenRoot(filepath.Dir(real))
	if err != nil {
		return nil, Problems{{File: path, Message: "cannot read: " + Reason(err)}}
	}
	defer root.Close()
	src, _, problem := readFile(root, filepath.Base(real))
	if problem != nil {
		problem.File = path
		return nil, Problems{problem}
	}
	m := planner{plan: &Plan{}, typed: true}
	m.xml(&FilePlan{Path: path, Before: src, After: src, wanted: &File{Ops: ops}})
	return m.done()
}

// noteLinks notes that a file that is to change can't be replaced.
func (m *planner) noteLinks(path string, info fs.FileInfo) {
	i := slices.IndexFunc(m.plan.Files, func(f *FilePlan) bool { return f.Path == path && f.Changed() })
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && i >= 0 && stat.Nlink > 1 {
		m.note(path, 0, "has %d hard links, so apply will refuse to replace it", stat.Nlink)
	}
}

// optional reports whether the file may be missing.
func (f *File) optional() bool {
	return len(f.Script) == 0 && !slices.ContainsFunc(f.Ops, func(op Op) bool { return !op.Optional && !op.Waits }) &&
		!slices.ContainsFunc(f.JSON, func(op JSONOp) bool { return !op.Optional })
}

// wrongHome is the hint where a home lacks what all homes should have.
const wrongHome = "is this home whole, and of a product and version that the profile is for?"

func missing(paths []string) *Problem {
	hint := wrongHome
	if len(paths) > 1 {
		hint = "nor is there " + strings.Join(paths[1:], " or ") + "; " + hint
	}
	return &Problem{File: paths[0], Message: "no such file", Hint: hint}
}

// planner collects what comes of the files of a patch.
type planner struct {
	plan     *Plan
	problems Problems
	typed    bool // the operations are the user's own, who can change them
	lenient  bool // what fails is left out
}

func (m *planner) done() (*Plan, error) {
	if err := m.problems.Err(); err != nil {
		return nil, err
	}
	return m.plan, nil
}

// maxPlainSize is the most that JSON files and start scripts may have, in bytes; they have a few thousand.
const maxPlainSize = 256 << 10

// file plans the operations of f on src.
func (m *planner) file(path string, src []byte, f *File) {
	plan := &FilePlan{Path: path, Before: src, After: src, wanted: f}
	switch n := notationOf(path); {
	case n != inXML && len(src) > maxPlainSize:
		m.problems = append(m.problems, &Problem{File: path, Message: fmt.Sprintf("larger than %d KiB", maxPlainSize>>10)})
	case !f.writtenIn(n):
		m.problems = append(m.problems, &Problem{File: path, Message: "operations of another kind than its name says"})
	case n == inJSON:
		m.json(plan)
	case n == inScript:
		m.script(plan)
	default:
		m.xml(plan)
	}
}

// xml plans the operations on an XML file.
func (m *planner) xml(plan *FilePlan) {
	path, f := plan.Path, plan.wanted
	d, err := xmlops.Parse(plan.Before)
	if err != nil {
		m.problems = append(m.problems, problem(path, "", err))
		return
	}
	plan.document = d
	if err := plan.HidePlaces(plan.SecretPlaces(nil)); err != nil {
		m.problems = append(m.problems, problem(path, "", err))
		return
	}
	if !m.apply(plan, f.Ops) {
		return
	}
	m.unmanaged(plan, f.Unmanaged)
	result, err := d.Result()
	if err != nil {
		m.problems = append(m.problems, problem(path, "", err))
		return
	}
	if len(result.Edits) > 0 {
		plan.After, plan.edits = result.Bytes, result.Edits
		if !m.typed && !m.lenient && !m.settled(plan) {
			return
		}
	}
	m.add(plan)
}

// settled reports whether the next run would leave the file as this one writes it. What it would change or miss then is a problem.
func (m *planner) settled(plan *FilePlan) bool {
	ops := plan.wanted.Ops
	changes, err := plan.document.Apply(withoutAbout(ops)...)
	var missed xmlops.OpErrors
	if errors.As(err, &missed) {
		m.unsettled(plan, &ops[missed[0].Op])
		return false
	}
	changes = slices.DeleteFunc(changes, func(c xmlops.Change) bool { return c.Kind == xmlops.Kept })
	if len(changes) == 0 {
		return true
	}
	again, err := plan.document.Result() // operations may write over each other, each time with the same end
	if err != nil || !bytes.Equal(again.Bytes, plan.After) {
		m.unsettled(plan, &ops[changes[0].Op])
		return false
	}
	return true
}

func (m *planner) unsettled(plan *FilePlan, op *Op) {
	m.problems = append(m.problems, &Problem{
		File:    plan.Path,
		Message: fmt.Sprintf("%v %v: the next run would not find this done: it, or another operation, changes what its selector asks for", op.Verb, op.Select),
	})
}

// add adds a file that was planned.
func (m *planner) add(plan *FilePlan) {
	slices.SortStableFunc(plan.Changes, func(a, b Change) int { return a.Line - b.Line })
	m.plan.Files = append(m.plan.Files, plan)
	if plan.Changed() {
		m.plan.Notes = append(m.plan.Notes, plan.wanted.Notes...)
	}
}

// apply applies ops to the document of f and reports whether all could be made true.
func (m *planner) apply(f *FilePlan, ops []Op) bool {
	known := len(m.problems)
	edits := withoutAbout(ops)
	changes, err := f.document.Apply(edits...)
	if err != nil {
		changes = m.failed(f, ops, edits, err)
	}
	changed := make([]bool, len(ops))
	for _, c := range changes {
		op := &ops[c.Op]
		if c.Kind == xmlops.Kept {
			m.kept(f.Path, op, c)
			continue
		}
		changed[c.Op] = true
		f.Changes = append(f.Changes, op.aboutChange(c).change(c))
	}
	for i := range edits {
		if !changed[i] && ops[i].counts() && holds(f.document, &edits[i]) {
			f.Right++
		}
	}
	if m.lenient {
		return true
	}
	found := m.problems[known:]
	slices.SortStableFunc(found, func(a, b *Problem) int { return a.Line - b.Line })
	return len(found) == 0
}

// withoutAbout are the operations alone. Of the changes of secret ones no place may tell what the file holds.
func withoutAbout(ops []Op) []xmlops.Op {
	edits := make([]xmlops.Op, len(ops))
	for i := range ops {
		edits[i] = ops[i].Op
		edits[i].Discreet = ops[i].Secret
	}
	return edits
}

// counts reports whether op is one of the settings that a report counts. What only takes away the traces of another
// setting is not, nor is what waits.
func (op *Op) counts() bool {
	return !op.Waits && (op.Setting != "" || op.Verb != xmlops.Comment && op.Verb != xmlops.Remove)
}

// holds reports whether op, which changed nothing, is true already: it may also have been skipped.
func holds(d *xmlops.Document, op *xmlops.Op) bool {
	if len(d.Find(op.Unless)) > 0 {
		return false
	}
	wantsNone := op.Verb == xmlops.Comment || op.Verb == xmlops.Remove || op.Verb == xmlops.List && len(op.Items) == 0
	return wantsNone || len(d.Find(op.Select)) > 0
}

// failed adds the problems of err, and returns what the operations that did not fail would change, for what is still
// to be found there.
func (m *planner) failed(f *FilePlan, ops []Op, edits []xmlops.Op, err error) []xmlops.Change {
	var all xmlops.OpErrors
	if !errors.As(err, &all) {
		m.problems = append(m.problems, problem(f.Path, "", err))
		return nil
	}
	bad := make([]bool, len(ops))
	for _, e := range all {
		op := &ops[e.Op]
		bad[e.Op] = true
		p := problem(f.Path, fmt.Sprintf("%v %v: ", op.Verb, op.Select), &e.Error)
		if op.Secret {
			p.Message = maskValues(p.Message, f.document.Find(op.Select))
		}
		p.Message = MaskURLs(p.Message)
		if !m.typed {
			p.Hint = op.hint(&e.Error)
		}
		m.problems = append(m.problems, p)
	}
	var changes []xmlops.Change
	for i := range ops {
		if bad[i] {
			continue
		}
		more, err := f.document.Apply(edits[i])
		if err != nil {
			continue // it needs what failed
		}
		for _, c := range more {
			c.Op = i
			changes = append(changes, c)
		}
	}
	return changes
}

// hint is what those can do about err who can't change the operation: to the file, or to the setting.
func (op *Op) hint(err *xmlops.Error) string {
	switch {
	case err.Cause == xmlops.ManyMatch:
		return "take away all but one"
	case err.Cause != xmlops.NoMatch:
		return err.Hint
	case err.Hint == "":
		return cmp.Or(op.Otherwise, wrongHome)
	case op.Otherwise == "":
		return err.Hint
	}
	return err.Hint + "; " + op.Otherwise
}

// maskValues masks the values that a message of xmlops quotes.
func maskValues(message string, values []xmlops.Value) string {
	for _, v := range values {
		message = strings.ReplaceAll(message, strconv.Quote(v.Text), strconv.Quote(Mask))
	}
	return message
}

// kept tells of an element that was left alone because secure vault keeps its value.
func (m *planner) kept(file string, op *Op, c xmlops.Change) {
	about := op.about(c.Way)
	if about.Explicit {
		m.problems = append(m.problems, &Problem{
			File: file, Line: c.Line, Column: c.Column,
			Message: fmt.Sprintf("%v %v: secure vault keeps this value", op.Verb, op.Select),
			Hint:    "change it with the product's cipher tool, or take svns:secretAlias off the element first",
		})
		return
	}
	m.note(file, c.Line, "%s is kept by secure vault and was left alone", cmp.Or(about.title(), op.Select.String()))
}

// unmanaged notes what is live though it should not be.
func (m *planner) unmanaged(f *FilePlan, ops []Op) {
	for i := range ops {
		for _, value := range f.document.Find(ops[i].Select) {
			m.note(f.Path, value.Line, "%s is set here but this role does not manage it", ops[i].title())
		}
	}
}

func (m *planner) note(file string, line int, format string, args ...any) {
	m.plan.Notes = append(m.plan.Notes, Note{file, line, fmt.Sprintf(format, args...)})
}

// title is what people know op by.
func (op *Op) title() string { return cmp.Or(op.About.title(), op.Select.String()) }

func (a About) title() string { return cmp.Or(a.Where, a.Setting, a.Name) }

// problem tells of err, which xmlops gave; what stands before its message.
func problem(file, what string, err error) *Problem {
	var e *xmlops.Error
	if !errors.As(err, &e) {
		return &Problem{File: file, Message: what + err.Error()}
	}
	return &Problem{File: file, Line: e.Line, Column: e.Column, Message: what + e.Msg, Hint: e.Hint}
}
