// Package patch changes the configuration files of a home: a [Patch] says what must hold, [Make] finds
// out what that changes without writing, and the [Plan] it returns can be shown and applied.
package patch

import (
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/patch/script"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Patch is plain data: the files of a home and the operations that must hold in them.
type Patch struct {
	Files []File
	Notes []Note // which the plan takes over
}

// File is what must hold in one file. It has operations of one kind: Ops in XML, JSON in what is named .json, Script in what is
// named .sh.
type File struct {
	// Paths are slash-separated and relative to the home. The first one that exists is meant.
	Paths []string
	// Ops are applied in order; later ones see what earlier ones did.
	Ops    []Op
	JSON   []JSONOp
	Script []ScriptOp
	// Unmanaged are settings that this role does not write but which should not be live; a match is a note in the plan.
	Unmanaged []Op
	// Notes are for the plan, if the file changes.
	Notes []Note
}

// Op is an operation on XML with what reports say about it.
type Op struct {
	secret.Sealed // for the value and what its items hold
	xmlops.Op
	About
	// Leaves are what reports say about the values of a fragment, by their [xmlops.Leaf.Way]. About is for the others, for what is
	// written whole, and for the operation itself, so that it is secret where one of them is.
	Leaves map[string]About
}

// about is what reports say about what op writes on that way in its fragment.
func (op *Op) about(way string) About {
	if about, ok := op.Leaves[way]; ok {
		return about
	}
	return op.About
}

// aboutChange is what reports say about a change that op made.
func (op *Op) aboutChange(c xmlops.Change) About {
	about := op.about(c.Way)
	for way, leaf := range op.Leaves {
		if c.Kind != xmlops.Changed && strings.HasPrefix(way, c.Way+"/") { // it comes or goes with all that it holds
			about.Secret = about.Secret || leaf.Secret
		}
	}
	return about
}

// JSONOp is an operation on a JSON file with what reports say about it.
type JSONOp struct {
	secret.Sealed
	jsonops.Op
	About
}

// ScriptOp is an operation on a start script with what reports say about it.
type ScriptOp struct {
	secret.Sealed
	script.Op
	About
}

// About is what reports say about an operation.
type About struct {
	Name    string // what the profile calls it
	Setting string // the setting that it writes; "" for a constant
	Where   string // what people know the place by; "" where the end of its selector tells enough
	Secret  bool   // its values are never shown
	// Otherwise is what can be done where nothing matches; "" where all that helps is another home.
	Otherwise string
	// Explicit says that the value was given on the command line, so that an element
	// kept by secure vault is an error instead of information.
	Explicit bool
}
