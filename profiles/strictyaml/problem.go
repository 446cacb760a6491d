package strictyaml

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// span is a part of a line: 1-based line and column, and a width, all in characters.
type span struct {
	line, column, width int
}

// Errorf adds a problem about the text of n, or about the start of n where it is not a text on one line. What no document may
// hold gets no other problem.
func (d *Document) Errorf(n *yaml.Node, hint, format string, args ...any) {
	if !d.refused[n] {
		d.add(d.extent(n), hint, format, args...)
	}
}

// ErrorAt adds a problem about a part of the text of n, which is a scalar: width characters from offset, counted
// from 0; the offset may be the end of the text. Where the part can't be found in the source, as after an escape, the
// problem is about all of n.
func (d *Document) ErrorAt(n *yaml.Node, offset, width int, hint, format string, args ...any) {
	if d.refused[n] {
		return
	}
	where := d.extent(n)
	value := []rune(n.Value)
	start := n.Column
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		start++
	}
	if offset <= len(value) && where.width > 0 && hasPrefix(d.from(n.Line, start), value[:min(offset+width, len(value))]) {
		where = span{n.Line, start + offset, width}
	}
	d.add(where, hint, format, args...)
}

// ErrorIn adds a problem about the first place of part in the text of n, which is a scalar.
func (d *Document) ErrorIn(n *yaml.Node, part, hint, format string, args ...any) {
	before, _, found := strings.Cut(n.Value, part)
	if !found {
		d.Errorf(n, hint, format, args...)
		return
	}
	d.ErrorAt(n, utf8.RuneCountInString(before), utf8.RuneCountInString(part), hint, format, args...)
}

// Place is where something stands in a document. The zero Place is nowhere.
type Place struct {
	secret.Sealed // for what stands there

	Document *Document
	Node     *yaml.Node
}

// Problem returns a problem about what stands there with its source line, without adding it to the document.
func (p Place) Problem(hint, format string, args ...any) *patch.Problem {
	if p.Document == nil {
		return &patch.Problem{Message: fmt.Sprintf(format, args...), Hint: hint}
	}
	return p.Document.Problem(p.Node, hint, format, args...)
}

// Problem returns a problem about n with its source line, without adding it to the document.
func (d *Document) Problem(n *yaml.Node, hint, format string, args ...any) *patch.Problem {
	p := d.problem(d.extent(n), hint, format, args...)
	d.quote(p)
	return p
}

func (d *Document) add(where span, hint, format string, args ...any) {
	if len(d.problems) > maxFound {
		return
	}
	if len(d.problems) == maxFound {
		where, hint, format, args = span{}, "", "there are more than %d problems; the others are not shown", []any{maxFound}
	}
	p := d.problem(where, hint, format, args...)
	if !slices.ContainsFunc(d.problems, func(other *patch.Problem) bool { return *other == *p }) {
		d.problems = append(d.problems, p)
	}
}

func (d *Document) problem(where span, hint, format string, args ...any) *patch.Problem {
	return &patch.Problem{
		File: d.Name, Line: where.line, Column: where.column, Width: where.width,
		Message: fmt.Sprintf(format, args...), Hint: hint,
	}
}

// Err returns the problems found so far as [patch.Problems] in the order of their lines, each with its source line,
// in which what is hidden is masked. It returns nil when there are none.
func (d *Document) Err() error {
	slices.SortStableFunc(d.problems, func(a, b *patch.Problem) int {
		return cmp.Or(cmp.Compare(placed(a), placed(b)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	quoted := make(patch.Problems, len(d.problems))
	for i, p := range d.problems {
		clone := *p
		d.quote(&clone)
		quoted[i] = &clone
	}
	return quoted.Err()
}

// placed sorts problems without a place behind the others.
func placed(p *patch.Problem) int {
	if p.Line == 0 {
		return 1
	}
	return 0
}

// Hide masks the text of n, a scalar, in every source line that problems show.
func (d *Document) Hide(n *yaml.Node) {
	d.secret = append(d.secret, n)
	where := d.extent(n)
	switch {
	case n.Line == 0:
	case where.width > 0:
		d.hidden[n.Line] = append(d.hidden[n.Line], where)
	default: // it goes on for an unknown number of lines
		d.shown = min(d.shown, n.Line-1)
	}
}

// Hidden are the scalars whose texts are hidden.
func (d *Document) Hidden() []*yaml.Node { return d.secret }

// quote gives p its source line. The line of a problem that starts within something hidden is not shown.
func (d *Document) quote(p *patch.Problem) {
	if p.Line < 1 || p.Line > d.shown || len(d.lines[p.Line-1]) > maxShown {
		return
	}
	line := slices.Clone(d.lines[p.Line-1])
	caret, width := p.Column, p.Width
	for _, s := range d.hiddenIn(p.Line) {
		longer := len(patch.Mask) - s.width
		switch {
		case s.column+s.width <= p.Column:
			caret += longer
		case s.column < p.Column:
			return
		case s.column < p.Column+p.Width:
			width += longer
		}
		line = slices.Replace(line, s.column-1, s.column-1+s.width, []rune(patch.Mask)...)
	}
	p.Source, p.Caret, p.Width = string(line), caret, width
}

// hiddenIn returns the hidden parts of a line from right to left, none overlapping another. What [patch.URLSecrets] finds in a text or
// comment there is hidden, too.
func (d *Document) hiddenIn(line int) []span {
	found := slices.Clone(d.hidden[line])
	for _, part := range d.parts(line) {
		text := string(d.from(line, part.column)[:part.width])
		for _, m := range patch.URLSecrets(text) {
			found = append(found, span{line, part.column + utf8.RuneCountInString(text[:m[0]]), utf8.RuneCountInString(text[m[0]:m[1]])})
		}
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.column, b.column) })
	var joined []span
	for _, s := range found {
		if last := len(joined) - 1; last >= 0 && s.column < joined[last].column+joined[last].width {
			joined[last].width = max(joined[last].width, s.column+s.width-joined[last].column)
			continue
		}
		joined = append(joined, s)
	}
	slices.Reverse(joined)
	return joined
}

// parts are the scalars of a line, and what is before, between and behind them, which may be a comment or belong to a text that began in
// a line above.
func (d *Document) parts(line int) []span {
	end := 1 + len(d.lines[line-1])
	var all []span
	add := func(from, to int) {
		if from < to {
			all = append(all, span{line, from, to - from})
		}
	}
	behind := 1
	for _, n := range scalarsIn(d.Root, line, nil) {
		part := d.extent(n)
		add(behind, min(part.column, end))
		behind = end
		if part.width > 0 {
			behind = part.column + part.width
		}
		add(part.column, behind)
	}
	add(behind, end)
	return all
}

// scalarsIn appends the scalars in n that begin in a line.
func scalarsIn(n *yaml.Node, line int, all []*yaml.Node) []*yaml.Node {
	if n == nil {
		return all
	}
	if n.Kind == yaml.ScalarNode && n.Line == line {
		return append(all, n)
	}
	for _, child := range n.Content {
		all = scalarsIn(child, line, all)
	}
	return all
}

// extent is where n stands. The width is 0 unless n is a scalar that is written on one line.
func (d *Document) extent(n *yaml.Node) span {
	at := span{line: n.Line, column: n.Column}
	if last := len(d.lines); n.Line > last { // YAML puts a value that is missing at the end behind the last line
		return span{line: last, column: 1 + len(d.lines[last-1])}
	}
	if n.Kind != yaml.ScalarNode {
		return at
	}
	rest := d.from(n.Line, n.Column)
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		at.width = quotedWidth(rest, '"', '\\')
	case n.Style&yaml.SingleQuotedStyle != 0:
		at.width = quotedWidth(rest, '\'', '\'')
	case n.Style == 0 && hasPrefix(rest, []rune(n.Value)):
		at.width = utf8.RuneCountInString(n.Value)
	}
	return at
}

// quotedWidth is the width of the quoted text that line starts with, or 0 where it doesn't end there. After escape a
// quote is part of the text.
func quotedWidth(line []rune, quote, escape rune) int {
	if len(line) == 0 || line[0] != quote { // before a quoted text there may be a tag or an anchor
		return 0
	}
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] == escape && i+1 < len(line) && (escape != quote || line[i+1] == quote):
			i++
		case line[i] == quote:
			return i + 1
		}
	}
	return 0
}

// from is the rest of a line from a column on, empty where there is no such place.
func (d *Document) from(line, column int) []rune {
	if line < 1 || line > len(d.lines) || column < 1 || column > len(d.lines[line-1]) {
		return nil
	}
	return d.lines[line-1][column-1:]
}

func hasPrefix(line, prefix []rune) bool {
	return len(line) >= len(prefix) && slices.Equal(line[:len(prefix)], prefix)
}
