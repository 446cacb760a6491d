// Package splice changes a text by replacing ranges of its bytes. What lies outside of them stays as it is. It is what edits of
// JSON files and of start scripts have in common.
package splice

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// BOM is the byte order mark of UTF-8, which has no column.
const BOM = "\uFEFF"

// Text is a text together with what operations, which are known by an index, do to it.
type Text struct {
	src     []byte
	result  Result
	errs    xmlops.OpErrors
	claimed map[string]claim
}

// claim is what the first operation at a place wants of it.
type claim struct {
	op    int
	value string
}

// Result is a text that was changed.
type Result struct {
	Bytes   []byte          // the source itself where nothing changed
	Edits   []xmlops.Edit   // in source order, not overlapping
	Changes []xmlops.Change // in the order of the operations
	Right   int             // operations that were true already
}

// New returns a Text of src, which it keeps and does not change.
func New(src []byte) *Text { return &Text{src: src, claimed: map[string]claim{}} }

// Position is the place of the byte at an offset.
func (t *Text) Position(offset int) xmlops.Position {
	before := t.src[:offset]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	if len(line) == len(before) {
		line = bytes.TrimPrefix(line, []byte(BOM))
	}
	return xmlops.Position{Line: 1 + bytes.Count(before, []byte{'\n'}), Column: 1 + utf8.RuneCount(line)}
}

// Claim reports whether op is the first that wants something of a place. Where an earlier one wants another value there, op
// fails; where it wants the same, there is nothing left to do.
func (t *Text) Claim(op int, place, value string) bool {
	first, taken := t.claimed[place]
	switch {
	case !taken:
		t.claimed[place] = claim{op, value}
	case first.value != value:
		t.Fail(op, xmlops.Error{Msg: "operation " + strconv.Itoa(first.op+1) + " sets the same place to another value"})
	}
	return !taken
}

// Replace makes text of the half-open byte range [lo, hi), which is the change c. What several operations insert at one place
// stands there in their order.
func (t *Text) Replace(lo, hi int, text string, c xmlops.Change) {
	t.result.Edits = append(t.result.Edits, xmlops.Edit{Lo: lo, Hi: hi, Text: []byte(text)})
	t.result.Changes = append(t.result.Changes, c)
}

// Right counts an operation that was true already.
func (t *Text) Right() { t.result.Right++ }

// Fail says why op can't be made true.
func (t *Text) Fail(op int, err xmlops.Error) {
	t.errs = append(t.errs, &xmlops.OpError{Op: op, Error: err})
}

// Result returns the changed text. The error is [xmlops.OpErrors], all there are, or an [*xmlops.Error] about operations that are
// in each other's way; nothing is returned with it.
func (t *Text) Result() (*Result, error) {
	if t.errs != nil {
		return nil, t.errs
	}
	r := &t.result
	if err := t.sortEdits(); err != nil {
		return nil, err
	}
	done := 0
	for _, e := range r.Edits {
		r.Bytes = append(append(r.Bytes, t.src[done:e.Lo]...), e.Text...)
		done = e.Hi
	}
	r.Bytes = append(r.Bytes, t.src[done:]...)
	return r, nil
}

// sortEdits puts the edits in source order, and makes one of those that take away the same bytes.
func (t *Text) sortEdits() error {
	edits := t.result.Edits
	slices.SortStableFunc(edits, func(a, b xmlops.Edit) int { return cmp.Or(a.Lo-b.Lo, a.Hi-b.Hi) })
	var sorted []xmlops.Edit
	for _, e := range edits {
		last := len(sorted) - 1
		switch {
		case last < 0 || e.Lo >= sorted[last].Hi:
			sorted = append(sorted, e)
		case len(e.Text)+len(sorted[last].Text) > 0:
			return &xmlops.Error{Position: t.Position(e.Lo), Msg: "two operations change the same bytes"}
		default:
			sorted[last].Hi = max(sorted[last].Hi, e.Hi)
		}
	}
	t.result.Edits = sorted
	return nil
}
