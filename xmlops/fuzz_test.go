package xmlops

import (
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// addOdd adds the odd documents as seeds.
func addOdd(f *testing.F, add func(src []byte)) {
	f.Helper()
	for _, src := range odd(f) {
		add(src)
	}
	for _, src := range []string{connector, properties, members, datasource, library} {
		add([]byte(src))
	}
}

// An operation either fails and leaves the document as it was, or gives a well-formed document that differs in the reported
// edits alone, and is true afterwards.
func FuzzApply(f *testing.F) {
	fragments := []string{"<m><h>1</h></m>", "<p:x name='a' k=\"&amp;\">v</p:x>", "<a/>", "<Connector port='1' protocol='2'/>"}
	i := 0
	addOdd(f, func(src []byte) {
		for verb := Set; verb <= Remove; verb++ {
			f.Add(src, int(verb), uint(i*7), "", "v&<\"'>é€", fragments[i%len(fragments)], i%2 == 0)
			i++
		}
	})
	f.Add([]byte("<a><b/><b/></a>"), 3, uint(0), "/a/b", "", "<b>1</b>", true)
	f.Fuzz(func(t *testing.T, src []byte, verb int, at uint, selector, value, fragment string, yes bool) {
		d, err := Parse(src)
		if err != nil {
			return
		}
		op := Op{Verb: Verb(1 + uint(verb)%6), Value: value, Create: yes, All: yes, Optional: !yes}
		if op.Select, err = ParseSelector(selector); err != nil {
			op.Select = anySelector(t, d, at, op.Verb)
		}
		if frag, err := ParseFragment(fragment); err == nil && frag.Ambiguous() == nil {
			op.Items = []*Fragment{frag}
		}
		checkApply(t, d, string(src), op)
	})
}

// anySelector selects an element of d, or an attribute where verb takes one.
func anySelector(t *testing.T, d *Document, at uint, verb Verb) Selector {
	t.Helper()
	all := d.elements(Selector{deep: true, steps: []Step{{name: qname{local: "*"}}}})
	e := all[at%uint(len(all))]
	place := d.place(e)
	if n := uint(len(e.Attr)); n > 0 && (verb == Set || verb == Remove) && at%2 == 0 {
		place += "/@" + e.Attr[at%n].FullKey()
	}
	return mustSelector(t, place)
}

func checkApply(t *testing.T, d *Document, src string, op Op) {
	t.Helper()
	changes, err := d.Apply(op)
	if err != nil {
		if got := d.render(); got != src {
			t.Fatalf("%v, but the document changed\n%s", err, difference(src, got))
		}
		return
	}
	r, err := d.Result()
	if err != nil {
		t.Fatalf("%s %s: %v", op.Verb, op.Select, err)
	}
	out := string(r.Bytes)
	if got := spliced(src, r.Edits); got != out {
		t.Fatalf("the edits give\n%s", difference(out, got))
	}
	if len(changes) == 0 && out != src {
		t.Fatalf("no change is reported, but\n%s", difference(src, out))
	}
	again, err := Parse(r.Bytes)
	if err != nil {
		t.Fatalf("the result: %v", err)
	}
	if live, read := len(d.find(op.Select)), len(again.find(op.Select)); live != read {
		t.Fatalf("%s matches %d, and %d when the result is read again", op.Select, live, read)
	}
	for i := range op.Select.steps {
		if op.Select.steps[i].positional() && (op.Verb == Comment || op.Verb == Remove) {
			return // the next one has taken the position
		}
	}
	if len(d.elements(op.Select)) == 0 && op.Verb != Comment && op.Verb != Remove {
		return // the operation has changed what its own predicates ask for
	}
	if _, err := again.Apply(op); err != nil {
		t.Fatalf("second apply of %s %s: %v\n%s", op.Verb, op.Select, err, out)
	}
	if got := again.render(); got != out {
		t.Fatalf("second apply of %s %s\n%s", op.Verb, op.Select, difference(out, got))
	}
}

// What is commented out and revived is the same; what is revived and can be commented out again is a comment of the same element.
func FuzzUncomment(f *testing.F) {
	addOdd(f, func(src []byte) { f.Add(src) })
	f.Fuzz(func(t *testing.T, src []byte) {
		if _, err := Parse(src); err == nil {
			inversePairs(t, src, 20)
		}
	})
}

// Reviving any commented element keeps all that the comment holds besides: no character is lost or added but the delimiters of comments.
func FuzzRevive(f *testing.F) {
	addOdd(f, func(src []byte) { f.Add(src, uint(1)) })
	f.Add([]byte("<a><!--b/> - <c>-</c> <d/--></a>"), uint(1))
	f.Fuzz(func(t *testing.T, src []byte, at uint) {
		d, err := Parse(src)
		if err != nil {
			return
		}
		var found []commented
		var collect func(*etree.Element)
		collect = func(e *etree.Element) {
			for _, c := range e.Child {
				switch c := c.(type) {
				case *etree.Element:
					collect(c)
				case *etree.Comment:
					found = append(found, d.commentedIn(c)...)
				}
			}
		}
		collect(d.root.Root())
		if len(found) == 0 {
			return
		}
		c := found[at%uint(len(found))]
		want := d.virtual(c.comment)[c.lo:c.hi]
		e, bad := d.revive(c)
		if bad != nil {
			t.Fatal(bad)
		}
		var got strings.Builder
		d.appendElement(&got, e)
		if got.String() != want {
			t.Fatalf("revived %q, want %q", got.String(), want)
		}
		r, err := d.Result()
		if err != nil {
			t.Fatal(err)
		}
		if a, b := bare(string(src)), bare(string(r.Bytes)); a != b {
			t.Fatalf("not only delimiters changed\n%s", difference(a, b))
		}
	})
}

// bare is src without white space and the characters that delimit comments and tags.
func bare(src string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n<>!-", r) {
			return -1
		}
		return r
	}, src)
}

// A selector either is refused with a place in it, or its canonical spelling means the same.
func FuzzSelector(f *testing.F) {
	for _, s := range []string{"/a/b[@c='d']/@e", "//p:a[b/c=\"d\"][not(@e)][2]", "/*[a]", "/a[@b='it''s']", "/a[not(b='\"')]"} {
		f.Add(s)
	}
	d, err := Parse([]byte(library))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		sel, err := ParseSelector(s)
		if err != nil {
			if bad := err.(*Error); bad.Line != 1 || bad.Column < 1 || bad.Column > len(s)+1 {
				t.Fatalf("%q: the error is at %v", s, bad.Position)
			}
			return
		}
		again, err := ParseSelector(sel.String())
		if err != nil || again.String() != sel.String() {
			t.Fatalf("%q is spelled %q, which parses to %q (%v)", s, sel, again, err)
		}
		if a, b := d.Find(sel), d.Find(again); len(a) != len(b) {
			t.Fatalf("%q finds %d, %q finds %d", s, len(a), sel, len(b))
		}
	})
}
