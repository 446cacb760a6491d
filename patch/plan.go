package patch

import (
	"bytes"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Plan is what a [Patch] would change. Nothing of it is written.
type Plan struct {
	Home  string
	Files []*FilePlan // in the order of the patch; those that need no change, too
	Notes []Note
}

// FilePlan is what would change in one file.
type FilePlan struct {
	secret.Sealed // for what the file holds

	Path          string // slash-separated, relative to the home
	Before, After []byte // the same where nothing changes
	Changes       []Change
	Right         int // operations that were true already

	wanted   *File            // nil in what a rollback plans
	edits    []xmlops.Edit    // that make After of Before; nil where they are not known
	document *xmlops.Document // of Before, for the headings of the diff of an XML file; may be nil
	secrets  []string         // places of secrets, whatever their names say
}

// Note is something to know about a plan that is neither a change nor a mistake.
type Note struct {
	File string // "" where it is not about a file
	Line int    // 0 where it has no place
	Text string // without a full stop
}

// Changed reports whether any file would change.
func (p *Plan) Changed() bool {
	return slices.ContainsFunc(p.Files, (*FilePlan).Changed)
}

// Before is what the files hold, by their paths.
func (p *Plan) Before() map[string][]byte {
	return p.contents(func(f *FilePlan) []byte { return f.Before })
}

// After is what the files would hold, by their paths.
func (p *Plan) After() map[string][]byte {
	return p.contents(func(f *FilePlan) []byte { return f.After })
}

func (p *Plan) contents(of func(*FilePlan) []byte) map[string][]byte {
	files := map[string][]byte{}
	for _, f := range p.Files {
		files[f.Path] = of(f)
	}
	return files
}

// Right is the number of operations that were true already, in all files.
func (p *Plan) Right() int {
	n := 0
	for _, f := range p.Files {
		n += f.Right
	}
	return n
}

// Diff is the unified diff of all files; see [FilePlan.Diff].
func (p *Plan) Diff(show Visibility) []byte {
	var diff []byte
	for _, f := range p.Files {
		diff = append(diff, f.Diff(show)...)
	}
	return diff
}

// Changed reports whether the file would change.
func (f *FilePlan) Changed() bool { return !bytes.Equal(f.Before, f.After) }

// Wrote reports whether the plan writes any byte of [lo, hi) in After, takes away what stood there, or makes live what was in a comment.
func (f *FilePlan) Wrote(lo, hi int) bool {
	longer := 0
	for _, e := range f.edits {
		begin := e.Lo + longer
		end := begin + len(e.Text)
		if hi < begin {
			break
		}
		longer += len(e.Text) - (e.Hi - e.Lo)
		if begin < hi && lo < end || (begin == end || lo == hi) && lo <= end {
			return true
		}
	}
	return f.notation() == inXML && inComment(f.Before, lo-longer)
}

// inComment reports whether an offset of an XML file is in a comment.
func inComment(src []byte, offset int) bool {
	before := src[:offset]
	return bytes.LastIndex(before, []byte("<!--")) > bytes.LastIndex(before, []byte("-->"))
}
