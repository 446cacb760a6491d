package xmlops

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// A comment is viewed as the virtual text "<" + inner + ">": wherever a balanced, well-formed element starts in it,
// that is a commented element. The brackets that the fused shape <!--a x="1">v</a--> has lost are thus in place.

// commented is an element inside a comment.
type commented struct {
	comment  *etree.Comment
	span                    // in the virtual text
	document *Document      // parsed from that
	element  *etree.Element // its root
}

// scanBudget bounds how many bytes of a comment are read in search of elements, besides a few times its length: a
// comment of many start tags without end tags would else take quadratic time.
const scanBudget = 4 << 20

// commentedIn finds the commented elements of one comment, in order. Only the outermost ones count.
func (d *Document) commentedIn(c *etree.Comment) []commented {
	virtual := d.virtual(c)
	bindings := d.bindings(c.Parent())
	budget := scanBudget + 4*len(virtual)
	var found []commented
	for lo := 0; budget > 0; {
		s := newFragmentScanner(virtual, d.enc, bindings)
		s.pos, s.silent = lo, true
		hi := s.element()
		budget -= s.pos - lo + 1
		if hi > 0 {
			f, err := parse(newFragmentScanner(virtual[lo:hi], d.enc, bindings))
			if err != nil {
				panic("xmlops: an element that was scanned before: " + err.Error())
			}
			found = append(found, commented{comment: c, span: span{lo, hi}, document: f, element: f.root.Root()})
			lo = hi
		} else {
			lo++
		}
		next := strings.IndexByte(virtual[lo:], '<')
		if next < 0 {
			break
		}
		lo += next
	}
	return found
}

func (d *Document) virtual(c *etree.Comment) string {
	raw := d.raw(d.node(c).span())
	return "<" + raw[len("<!--"):len(raw)-len("-->")] + ">"
}

// element reads one balanced element and returns the offset behind it, 0 if there is none at s.pos.
func (s *scanner) element() int {
	var t token
	for {
		ok, err := s.next(&t)
		if !ok || err != nil || len(s.open) == 0 && t.kind != tokenStart && t.kind != tokenEnd {
			return 0
		}
		if len(s.open) == 0 {
			return t.hi
		}
	}
}

// commentedElements returns the commented elements that the steps of sel match: the last step in the comments that are
// children of the live elements which the other steps match, in document order. A position in the last step matches nothing.
func (d *Document) commentedElements(sel Selector) []commented {
	if len(sel.steps) == 0 {
		return nil
	}
	last := &sel.steps[len(sel.steps)-1]
	var found []commented
	for _, parent := range d.parents(sel) {
		found = append(found, d.commentedBelow(parent, last)...)
	}
	if sel.deep { // the parents may lie in each other
		slices.SortStableFunc(found, func(a, b commented) int { return slices.Compare(indexPath(a.comment), indexPath(b.comment)) })
	}
	return found
}

// commentedBelow returns the commented elements that step matches in the comments that are children of parent.
func (d *Document) commentedBelow(parent *etree.Element, step *Step) []commented {
	if d.document(parent) {
		return nil // what is revived beside the root element would be a second one
	}
	var found []commented
	for _, t := range parent.Child {
		c, ok := t.(*etree.Comment)
		if !ok {
			continue
		}
		for _, ce := range d.commentedIn(c) {
			if step.matches(ce.element) {
				found = append(found, ce)
			}
		}
	}
	return found
}

// parents returns the live elements below which the last step of sel looks.
func (d *Document) parents(sel Selector) []*etree.Element {
	n := len(sel.steps) - 1
	switch {
	case n > 0:
		return d.elements(Selector{deep: sel.deep, steps: sel.steps[:n]})
	case !sel.deep || d.root.Root() == nil:
		return []*etree.Element{&d.root.Element}
	}
	return append([]*etree.Element{&d.root.Element}, d.elements(Selector{deep: true, steps: []Step{{name: qname{local: "*"}}}})...)
}

// position of the commented element in the source.
func (d *Document) commentedPosition(c commented) Position {
	comment := d.node(c.comment).span()
	if comment.lo >= len(d.src) {
		return d.position(c.comment)
	}
	// virtual offset 0 stands for the "<!--" and every other one is 3 bytes further into the comment
	offset := 0
	if c.lo > 0 {
		offset = c.lo + len("<!--") - 1
	}
	return d.positionAt(comment.lo + offset)
}

// revive replaces the comment by the element and what is left of the comment before and after it, and returns the element.
func (d *Document) revive(c commented) (*etree.Element, *Error) {
	parent, i := c.comment.Parent(), c.comment.Index()
	k := d.keeper(c)
	before, lead := k.before()
	after, trail := k.after()
	lo, prev := i, ""
	if before == "" && strings.Contains(lead, "\n") {
		lead = ""
		if text, ok := d.plainText(parent, i-1); ok && lineStart(text) >= 0 {
			// the line of the "<!--" goes, the element keeps the indentation that it has in the comment
			lo, prev, lead = i-1, text[:strings.LastIndexByte(text, '\n')+1], k.lastLine(k.virtual[1:c.lo])
		}
	}
	element := k.virtual[c.lo:c.hi]
	if err := d.replaceChildren(parent, lo, i+1, prev+before+lead+element+trail+after); err != nil {
		return nil, err
	}
	for _, t := range parent.Child[lo:] {
		if e, ok := t.(*etree.Element); ok {
			return e, nil
		}
	}
	panic("xmlops: a revived element is not where it was put")
}

// keeper makes comments of what stands before and after a commented element, in the shape of the comment it comes from.
type keeper struct {
	virtual  string
	element  commented
	siblings []commented // all elements of the comment
	fused    bool        // one of them begins or ends with the comment
}

func (d *Document) keeper(c commented) keeper {
	k := keeper{virtual: d.virtual(c.comment), element: c, siblings: d.commentedIn(c.comment)}
	for _, s := range k.siblings {
		k.fused = k.fused || s.lo == 0 || s.hi == len(k.virtual)
	}
	return k
}

const blanks = " \t\r\n"

// before returns the comment that keeps what stands before the element, "" if that is nothing, and the white space that follows it.
func (k *keeper) before() (comment, blank string) {
	if k.element.lo == 0 {
		return "", ""
	}
	inner := k.virtual[1:k.element.lo]
	kept := strings.TrimRight(inner, blanks)
	blank = inner[len(kept):]
	if kept == "" {
		return "", blankLine(blank)
	}
	for _, s := range k.siblings {
		if k.fused && s.hi == 1+len(kept) {
			return "<!--" + kept[:len(kept)-1] + "-->", blank
		}
	}
	all := k.virtual[1 : len(k.virtual)-1]
	pad := all[len(strings.TrimRight(all, blanks)):]
	if pad == "" && strings.HasSuffix(kept, "-") {
		pad = " "
	}
	return "<!--" + kept + pad + "-->", blank
}

// after is before for what stands behind the element; the white space precedes the comment.
func (k *keeper) after() (comment, blank string) {
	if k.element.hi == len(k.virtual) {
		return "", ""
	}
	inner := k.virtual[k.element.hi : len(k.virtual)-1]
	kept := strings.TrimLeft(inner, blanks)
	blank = inner[:len(inner)-len(kept)]
	if kept == "" {
		return "", ""
	}
	for _, s := range k.siblings {
		if k.fused && s.lo == k.element.hi+len(blank) {
			return "<!--" + kept[1:] + "-->", blank
		}
	}
	all := k.virtual[1 : len(k.virtual)-1]
	pad := all[:len(all)-len(strings.TrimLeft(all, blanks))]
	return "<!--" + pad + kept + "-->", blank
}

// lastLine is what follows the last line end of s.
func (k *keeper) lastLine(s string) string { return s[strings.LastIndexByte(s, '\n')+1:] }

// blankLine is blank if it ends a line, else "": the blanks inside the delimiters of a comment on one line belong to it.
func blankLine(blank string) string {
	if strings.Contains(blank, "\n") {
		return blank
	}
	return ""
}
