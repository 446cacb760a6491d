package patch

import "github.com/carbonpatch/carbonpatch/xmlops"

// EditedPlan is a plan of a file that knows its edits, as Make makes it.
func EditedPlan(path string, before, after []byte, edits []xmlops.Edit) *FilePlan {
	return &FilePlan{Path: path, Before: before, After: after, edits: edits}
}
