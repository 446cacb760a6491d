package xmlops

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Result is a checked document.
type Result struct {
	Bytes []byte
	Edits []Edit // in source order, not overlapping; none when nothing changed
}

// Edit replaces the half-open byte range [Lo, Hi) of the source by Text.
type Edit struct {
	Lo, Hi int
	Text   []byte
}

// Result checks the document and returns it: it is well-formed, the tree and the bytes agree, and all bytes outside the
// places that operations have touched equal the source. An [*Error] says that the result would be beyond the limits that a
// document has; any other error is a defect of this package. Either way nothing is returned.
func (d *Document) Result() (*Result, error) {
	edits, out, err := d.edits()
	if err != nil {
		return nil, err
	}
	if len(edits) == 0 {
		return &Result{Bytes: []byte(d.src)}, nil
	}
	if err := d.checkTouched(edits); err != nil {
		return nil, err
	}
	if err := d.checkTree(out); err != nil {
		return nil, err
	}
	return &Result{Bytes: []byte(out), Edits: edits}, nil
}

// edits finds how the bytes of the tree differ from the source.
func (d *Document) edits() (edits []Edit, out string, err error) {
	var b strings.Builder
	b.Grow(len(d.src) + d.added.Len())
	cursor, fresh := 0, 0 // offset in the source; offset in b where bytes begin that are not from the source
	if strings.HasPrefix(d.src, bom) {
		b.WriteString(bom)
		cursor, fresh = len(bom), len(bom)
	}
	meet := func(lo, hi int) {
		if lo < cursor {
			err = fmt.Errorf("the bytes of the source are out of order at %v", d.positionAt(lo))
		}
		if text := b.String()[fresh:]; lo > cursor || text != "" {
			if e := trim(d.src, Edit{cursor, max(lo, cursor), []byte(text)}); e.Hi > e.Lo || len(e.Text) > 0 {
				edits = append(edits, e)
			}
		}
		b.WriteString(d.src[lo:hi])
		cursor, fresh = hi, b.Len()
	}
	d.pieces(&d.nodes[0], func(sp span) {
		switch {
		case sp.lo == sp.hi:
		case sp.lo < len(d.src):
			meet(sp.lo, sp.hi)
		default:
			b.WriteString(d.raw(sp))
		}
	})
	meet(len(d.src), len(d.src))
	return edits, b.String(), err
}

// trim takes off what the edit writes as it was.
func trim(src string, e Edit) Edit {
	for e.Lo < e.Hi && len(e.Text) > 0 && src[e.Lo] == e.Text[0] {
		e.Lo, e.Text = e.Lo+1, e.Text[1:]
	}
	for e.Lo < e.Hi && len(e.Text) > 0 && src[e.Hi-1] == e.Text[len(e.Text)-1] {
		e.Hi, e.Text = e.Hi-1, e.Text[:len(e.Text)-1]
	}
	return e
}

// checkTouched makes sure that the edits lie where operations meant to edit.
func (d *Document) checkTouched(edits []Edit) error {
	touched := slices.Clone(d.touched)
	slices.SortFunc(touched, func(a, b span) int { return a.lo - b.lo })
	i := 0
	var reach span
	for _, e := range edits {
		for i < len(touched) && touched[i].lo <= e.Lo {
			if touched[i].lo > reach.hi {
				reach = touched[i]
			}
			reach.hi = max(reach.hi, touched[i].hi)
			i++
		}
		for i < len(touched) && touched[i].lo <= reach.hi {
			reach.hi = max(reach.hi, touched[i].hi)
			i++
		}
		if e.Lo < reach.lo || e.Hi > reach.hi {
			return fmt.Errorf("the bytes at %v changed though no operation touched them", d.positionAt(e.Lo))
		}
	}
	return nil
}

// checkTree scans out and compares it with the tree, token by token.
func (d *Document) checkTree(out string) error {
	s, bad := newScanner(out)
	if bad != nil {
		return beyond(bad)
	}
	c := checker{s: s}
	err := c.children(&d.root.Element)
	if err == nil {
		err = c.ends()
	}
	return err
}

// checker walks the tree along the tokens of a scanner.
type checker struct {
	s    *scanner
	t    token
	text string // of text nodes that lie side by side, which the scanner sees as one token
}

// next reads a token and leaves the byte order mark out.
func (c *checker) next() error {
	c.t = token{}
	_, err := c.s.next(&c.t)
	if err == nil && c.t.kind == tokenBOM {
		_, err = c.s.next(&c.t)
	}
	if err != nil {
		return beyond(err)
	}
	return nil
}

// beyond tells of err, which is about the result, without the place: that is one in bytes that nobody has seen.
func beyond(err *Error) *Error { return &Error{Msg: "the result would be refused: " + err.Msg} }

// ends makes sure that the scanner has no more tokens.
func (c *checker) ends() error {
	if err := c.next(); err != nil {
		return err
	}
	if c.t.kind != 0 {
		return c.differs()
	}
	return nil
}

func (c *checker) children(e *etree.Element) error {
	for _, t := range e.Child {
		if text, ok := t.(*etree.CharData); ok && !text.IsCData() {
			c.text += text.Data
			continue
		}
		if err := c.flush(); err != nil {
			return err
		}
		if err := c.token(t); err != nil {
			return err
		}
	}
	return c.flush()
}

// flush compares the collected text with the next token.
func (c *checker) flush() error {
	if c.text == "" {
		return nil
	}
	want := c.text
	c.text = ""
	if err := c.next(); err != nil {
		return err
	}
	if c.t.kind != tokenText || c.s.textOf(&c.t) != want {
		return c.differs()
	}
	return nil
}

func (c *checker) differs() error {
	return fmt.Errorf("the result does not read as it was built, from %v on", position(c.s.src, c.s.enc, c.t.lo))
}

func (c *checker) token(t etree.Token) error {
	if err := c.next(); err != nil {
		return err
	}
	if c.t.kind == 0 {
		return c.differs()
	}
	e, ok := t.(*etree.Element)
	if !ok {
		if c.t.kind == tokenStart || c.t.kind == tokenEnd || !c.sameLeaf(t) {
			return c.differs()
		}
		return nil
	}
	if c.t.kind != tokenStart || !c.sameStart(e) {
		return c.differs()
	}
	if c.t.closed {
		if len(e.Child) > 0 {
			return c.differs()
		}
		return nil
	}
	if err := c.children(e); err != nil {
		return err
	}
	if err := c.next(); err != nil {
		return err
	}
	if c.t.kind != tokenEnd {
		return c.differs()
	}
	return nil
}

func (c *checker) sameStart(e *etree.Element) bool {
	if space, tag := c.s.split(c.t.name, c.t.colon); space != e.Space || tag != e.Tag || len(c.t.attrs) != len(e.Attr) {
		return false
	}
	for i := range e.Attr {
		a := &c.t.attrs[i]
		if space, key := c.s.split(a.name, a.colon); space != e.Attr[i].Space || key != e.Attr[i].Key || c.s.value(a) != e.Attr[i].Value {
			return false
		}
	}
	return true
}

func (c *checker) sameLeaf(want etree.Token) bool {
	b := builder{s: c.s}
	if c.t.kind == tokenText {
		return false // texts are compared by flush
	}
	switch got := b.leaf(&c.t).(type) {
	case *etree.CharData:
		want, ok := want.(*etree.CharData)
		return ok && want.IsCData() && want.Data == got.Data
	case *etree.Comment:
		want, ok := want.(*etree.Comment)
		return ok && want.Data == got.Data
	case *etree.ProcInst:
		want, ok := want.(*etree.ProcInst)
		return ok && want.Target == got.Target && want.Inst == got.Inst
	case *etree.Directive:
		want, ok := want.(*etree.Directive)
		return ok && want.Data == got.Data
	}
	return false
}
