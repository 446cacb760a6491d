package xmlops

import (
	"path/filepath"
	"testing"

	"github.com/beevik/etree"
)

// inverse applies there and back to a document and reports where that does not give the same bytes.
func inverse(t *testing.T, d *Document, name string, e etree.Token, there, back func() *Error) {
	t.Helper()
	want, mark := d.render(), len(d.undo)
	place := d.position(e)
	if err := there(); err != nil {
		t.Errorf("%v: %s: %v", place, name, err)
	} else if d.render() == want {
		t.Errorf("%v: %s: nothing changed", place, name)
	} else if err := back(); err != nil {
		t.Errorf("%v: %s, back: %v", place, name, err)
	} else if got := d.render(); got != want {
		t.Errorf("%v: %s and back:\n%s", place, name, difference(want, got))
	} else if _, err := d.Result(); err != nil {
		t.Errorf("%v: %s: %v", place, name, err)
	}
	d.rollback(mark)
	if got := d.render(); got != want {
		t.Fatalf("%v: %s: undone:\n%s", place, name, difference(want, got))
	}
}

// difference shows where two texts part.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	lo := max(0, i-60)
	return "want …" + a[lo:min(len(a), i+60)] + "…\ngot  …" + b[lo:min(len(b), i+60)] + "…"
}

// inversePairs tries every pair of operations that undo each other at up to most places of a document, evenly spread.
// It returns how many pairs were tried.
func inversePairs(t *testing.T, src []byte, most int) int {
	t.Helper()
	d, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	var tokens []etree.Token
	var collect func(*etree.Element)
	collect = func(e *etree.Element) {
		for _, c := range e.Child {
			switch c := c.(type) {
			case *etree.Element:
				tokens = append(tokens, c)
				collect(c)
			case *etree.Comment:
				tokens = append(tokens, c)
			}
		}
	}
	collect(&d.root.Element)
	tried := 0
	step := max(1, len(tokens)/most)
	for i := 0; i < len(tokens); i += step {
		switch token := tokens[i].(type) {
		case *etree.Element:
			tried += inverseElement(t, d, token)
		case *etree.Comment:
			tried += inverseComment(t, d, token)
		}
	}
	return tried
}

func inverseElement(t *testing.T, d *Document, e *etree.Element) (tried int) {
	try := func(name string, there, back func() *Error) {
		t.Helper()
		tried++
		inverse(t, d, name, e, there, back)
	}
	for _, a := range e.Attr {
		name := qname{a.Space, a.Key}
		tag, tok := d.startTag(e)
		sp := tok.attrs[attributeIndex(e, name)].value
		raw := tag[sp.lo:sp.hi]
		if spelled, _ := escapeValue(a.Value, tag[sp.lo-1], d.enc); spelled != raw || a.Space == "xmlns" || a.Key == "xmlns" {
			continue
		}
		try("set @"+a.Key, func() *Error { return d.setValue(e, name, "carbonpatch") }, func() *Error { return d.setValue(e, name, a.Value) })
	}
	fresh := qname{local: "carbonpatch"}
	try("add an attribute", func() *Error { return d.addAttribute(e, fresh, "1", nil) }, func() *Error { return d.removeAttribute(e, fresh) })

	if raw, plain := d.plainText(e, 0); plain && len(e.Child) == 1 {
		value := text(e)
		if spelled, _ := escapeText(value, d.enc); spelled == raw {
			try("set text", func() *Error { return d.setText(e, "carbonpatch") }, func() *Error { return d.setText(e, value) })
		}
	}
	parent, i := e.Parent(), e.Index()
	if d.document(parent) {
		return tried
	}
	before := len(d.undo)
	if err := d.commentOut(e); err == nil {
		d.rollback(before)
		try("comment", func() *Error { return d.commentOut(e) }, func() *Error {
			_, err := d.revive(d.commentedIn(parent.Child[i].(*etree.Comment))[0])
			return err
		})
	}
	var added *etree.Element
	f := &Fragment{Name: "carbonpatch", Children: []*Fragment{{Name: "k", Text: "1"}}}
	insert := func(insert func(*etree.Element, int, *Fragment) (*etree.Element, *Error)) func() *Error {
		return func() (err *Error) { added, err = insert(parent, i, f); return err }
	}
	try("insert after", insert(d.insertAfter), func() *Error { return d.cut(added) })
	try("insert before", insert(d.insertBefore), func() *Error { return d.cut(added) })
	return tried
}

func inverseComment(t *testing.T, d *Document, c *etree.Comment) int {
	if d.document(c.Parent()) {
		return 0
	}
	found := d.commentedIn(c)
	if len(found) != 1 || found[0].lo != 0 || found[0].hi != len(d.virtual(c)) {
		return 0
	}
	before := len(d.undo)
	e, err := d.revive(found[0])
	if err != nil {
		t.Errorf("%v: revive: %v", d.position(c), err)
		return 0
	}
	commentable := d.commentOut(e) == nil
	d.rollback(before)
	if !commentable {
		return 0
	}
	inverse(t, d, "uncomment", c,
		func() (err *Error) { e, err = d.revive(d.commentedIn(c)[0]); return err },
		func() *Error { return d.commentOut(e) })
	return 1
}

// Operations that undo each other give back every byte, at every place of the odd documents.
func TestInverseOdd(t *testing.T) {
	t.Parallel()
	tried := 0
	for path, src := range odd(t) {
		t.Run(filepath.Base(path), func(t *testing.T) { tried += inversePairs(t, src, 1000) })
	}
	t.Logf("%d pairs of operations", tried)
}

func TestInverseCorpus(t *testing.T) {
	t.Parallel()
	tried := 0
	for path, src := range readAll(t, corpus(t)) {
		if _, err := Parse(src); err != nil {
			continue // TestCorpus lists these
		}
		t.Run(path, func(t *testing.T) { tried += inversePairs(t, src, 25) })
	}
	t.Logf("%d pairs of operations", tried)
}
