package patch

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aymanbagabas/go-udiff"
	"golang.org/x/text/encoding/charmap"

	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Diff returns the unified diff of the file in the file's own bytes, nil where nothing changes. It applies with
// patch -p1 and git apply, masked places aside. What is masked changes no line count: a changed secret is a
// removed and an added line that look the same.
func (f *FilePlan) Diff(show Visibility) []byte {
	if !f.Changed() {
		return nil
	}
	before := string(f.Before)
	lines := lineEdits(before, f.edits)
	if f.edits == nil {
		lines = udiff.Lines(before, string(f.After))
	}
	diff, err := udiff.ToUnifiedDiff("a/"+f.Path, "b/"+f.Path, before, lines, udiff.DefaultContextLines)
	if err != nil {
		panic(err) // the edits overlap: a bug
	}
	p := diffPrinter{before: diffSide{text: f.Before}, after: diffSide{text: f.After}, show: show, enclosing: f.enclosing()}
	if show == Masked {
		p.before.secrets = f.secretSpans(f.Before)
		p.after.secrets = f.secretSpans(f.After)
	}
	p.print(diff)
	return p.out.Bytes()
}

// Readable returns a diff as UTF-8, for terminals and JSON. The bytes of a file that is not UTF-8 are read as
// windows-1252, which all characters of ISO-8859-1 are in.
func Readable(diff []byte) string {
	if utf8.Valid(diff) {
		return string(diff)
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(diff)
	if err != nil {
		panic(err) // it decodes every byte
	}
	return string(text)
}

// enclosing returns what names the element, or the object of a JSON file, at an offset of the file as it was.
func (f *FilePlan) enclosing() func(offset int) string {
	switch f.notation() {
	case inJSON:
		return func(offset int) string { return jsonops.Enclosing(f.Before, offset) }
	case inScript:
		return func(int) string { return "" }
	}
	d := f.document
	if d == nil {
		var err error
		if d, err = xmlops.Parse(f.Before); err != nil {
			return func(int) string { return "" }
		}
	}
	return d.Enclosing
}

// diffSide is the file before or after, read along with the hunks of a diff.
type diffSide struct {
	text    []byte
	secrets [][2]int // half-open ranges of text
	line    int      // lines before offset
	offset  int
}

// seek moves to the line with the 1-based number.
func (s *diffSide) seek(number int) {
	for ; s.line < number-1; s.line++ {
		s.offset += bytes.IndexByte(s.text[s.offset:], '\n') + 1
	}
}

// take moves past a line of the length and returns the secrets in it, as ranges of the line.
func (s *diffSide) take(length int) [][2]int {
	lo, hi := s.offset, s.offset+length
	s.offset = hi
	s.line++
	var spans [][2]int
	for _, span := range s.secrets {
		if span[0] < hi && span[1] > lo {
			spans = append(spans, [2]int{span[0] - lo, span[1] - lo})
		}
	}
	return spans
}

type diffPrinter struct {
	out           bytes.Buffer
	before, after diffSide
	show          Visibility
	enclosing     func(offset int) string
}

func (p *diffPrinter) print(diff udiff.UnifiedDiff) {
	fmt.Fprintf(&p.out, "--- %s\n+++ %s\n", diffName(diff.From), diffName(diff.To))
	longer := 0 // lines that the result has more so far
	for _, hunk := range diff.Hunks {
		hunk.ToLine = hunk.FromLine + longer // udiff forgets the lines between the edits of a hunk
		for _, line := range hunk.Lines {
			switch line.Kind {
			case udiff.Insert:
				longer++
			case udiff.Delete:
				longer--
			}
		}
		p.before.seek(hunk.FromLine)
		p.after.seek(hunk.ToLine)
		p.header(hunk)
		for _, line := range hunk.Lines {
			p.printLine(line)
		}
	}
}

// diffName writes a name as git does: in quotes what a terminal would obey, or what is not ASCII; and with a tab behind one that
// has a blank in it, so that the rest is not taken for a date.
func diffName(name string) string {
	quoted := []byte{'"'}
	for i := range len(name) {
		switch c := name[i]; {
		case c == '"' || c == '\\':
			quoted = append(quoted, '\\', c)
		case c >= '\a' && c <= '\r':
			quoted = append(quoted, '\\', "abtnvfr"[c-'\a'])
		case c < ' ' || c > '~':
			quoted = fmt.Appendf(quoted, `\%03o`, c)
		default:
			quoted = append(quoted, c)
		}
	}
	if len(quoted) > 1+len(name) {
		name = string(append(quoted, '"'))
	}
	if strings.Contains(name, " ") {
		return name + "\t"
	}
	return name
}

func (p *diffPrinter) header(hunk *udiff.Hunk) {
	from, to, first := 0, 0, -1
	offset := p.before.offset
	for _, line := range hunk.Lines {
		if line.Kind != udiff.Equal && first < 0 {
			first = offset
		}
		if line.Kind != udiff.Insert {
			from++
			offset += len(line.Content)
		}
		if line.Kind != udiff.Delete {
			to++
		}
	}
	fmt.Fprintf(&p.out, "@@ -%s +%s @@", hunkRange(hunk.FromLine, from), hunkRange(hunk.ToLine, to))
	if section := p.enclosing(first); section != "" {
		if p.show == Masked {
			section = MaskURLs(section)
		}
		p.out.WriteString(" " + strings.Map(blankControl, section))
	}
	p.out.WriteByte('\n')
}

func hunkRange(line, count int) string {
	switch count {
	case 0:
		return fmt.Sprintf("%d,0", line-1)
	case 1:
		return fmt.Sprint(line)
	}
	return fmt.Sprintf("%d,%d", line, count)
}

func blankControl(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

func (p *diffPrinter) printLine(line udiff.Line) {
	var secrets [][2]int
	sign := byte(' ')
	switch line.Kind {
	case udiff.Delete:
		sign = '-'
		secrets = p.before.take(len(line.Content))
	case udiff.Insert:
		sign = '+'
		secrets = p.after.take(len(line.Content))
	default:
		secrets = slices.Concat(p.before.take(len(line.Content)), p.after.take(len(line.Content)))
	}
	content := []byte(line.Content)
	if p.show == Masked {
		content = MaskSpans(content, secrets)
	}
	p.out.WriteByte(sign)
	p.out.Write(content)
	if !strings.HasSuffix(line.Content, "\n") {
		p.out.WriteString("\n\\ No newline at end of file\n")
	}
}
