package xmlops

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func resultOf(t *testing.T, src string, ops []Op) string {
	t.Helper()
	d, err := Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Apply(ops...); err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	r, err := d.Result()
	if err != nil {
		t.Fatal(err)
	}
	return string(r.Bytes)
}

func setOp(t *testing.T, selector, value string) Op {
	t.Helper()
	sel, err := ParseSelector(selector)
	if err != nil {
		t.Fatal(err)
	}
	return Op{Verb: Set, Select: sel, Value: value, Create: true}
}

func waiting(op Op) Op {
	op.Waits = true
	return op
}

func TestWaits(t *testing.T) {
	t.Parallel()
	a, b, c := setOp(t, "/r/a", "1"), setOp(t, "/r/b", "2"), setOp(t, "/r/c", "3")
	unsure := waiting(a)
	unsure.Unsure = true
	inner, x, y := setOp(t, "/r/a/i", "4"), setOp(t, "/r/b/@x", "5"), setOp(t, "/r/b/@y", "6")
	late := setOp(t, "/r/a/i", "4")
	late.Create = false
	for _, tt := range []struct {
		name, src string
		ops       []Op
		want      string
	}{
		{"what it would create is missing", "<r><b/></r>", []Op{b, waiting(c)}, "<r><b>2</b></r>"},
		{"what it would set stays", "<r><a>0</a></r>", []Op{waiting(a)}, "<r><a>0</a></r>"},
		{"behind one that is there, others find their place", "<r><a>1</a></r>", []Op{a, waiting(b), c}, "<r><a>1</a><c>3</c></r>"},
		{"behind one that is not, they wait", "<r></r>", []Op{waiting(a), b, c}, "<r></r>"},
		{"but are set where they are", "<r><c/></r>", []Op{waiting(a), b, c}, "<r><c>3</c></r>"},
		{"one that is there is a place", "<r><a>0</a><z/></r>", []Op{waiting(a), b}, "<r><a>0</a><b>2</b><z/></r>"},
		{"unless it may be none", "<r><a>0</a><z/></r>", []Op{unsure, b}, "<r><a>0</a><z/></r>"},
		{"one that may be revived elsewhere is none", "<r><c>3</c><!--a>0</a--></r>", []Op{c, waiting(a), b}, "<r><c>3</c><!--a>0</a--></r>"},
		{"what is to be in it waits", "<r/>", []Op{waiting(a), inner}, "<r/>"},
		{"and does not miss it", "<r/>", []Op{waiting(a), late}, "<r/>"},
		{"attributes wait for those before them", "<r><b/></r>", []Op{waiting(x), y}, "<r><b/></r>"},
		{"other elements do not", "<r><b/><q/></r>", []Op{waiting(setOp(t, "/r/q/@x", "1")), y}, `<r><b y="6"/><q/></r>`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, resultOf(t, tt.src, tt.ops)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Nothing waits for ever: with all values known, a run after one in which some operations waited gives what one run alone gives.
func FuzzWaits(f *testing.F) {
	for seed := range uint64(500) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		g := rand.New(rand.NewPCG(seed, 0))
		src := waitSource(g)
		var all, first []Op // of the second, some wait
		for _, name := range strings.Split("abcdef", "")[:2+g.IntN(5)] {
			op := waitOp(t, g, name)
			early, isOp := op, true
			if g.IntN(3) == 0 {
				early.Waits = true
				if early.Unsure = g.IntN(3) == 0; early.Unsure {
					isOp = g.IntN(2) == 0
				}
			}
			first = append(first, early)
			if isOp {
				all = append(all, op)
			}
		}
		once := resultOf(t, src, all)
		early := resultOf(t, src, first)
		if again := resultOf(t, early, first); again != early {
			t.Errorf("what waited once does not wait again: %s", cmp.Diff(early, again))
		}
		if got := resultOf(t, early, all); got != once {
			t.Errorf("%s\n%s\nfirst\n%s\nthen -want +got\n%s", src, opsText(first), early, cmp.Diff(once, got))
		}
	})
}

// waitSource has some of the elements that operations are about, some of them commented out.
func waitSource(g *rand.Rand) string {
	eol := []string{"\n    ", "\n\t", "\r\n  ", " ", ""}[g.IntN(5)]
	var b strings.Builder
	b.WriteString("<r>")
	for range g.IntN(6) {
		name := string("abcdefzp"[g.IntN(8)])
		if strings.Contains(b.String(), "<"+name+">") || strings.Contains(b.String(), "<!--"+name) {
			continue
		}
		b.WriteString(eol)
		if g.IntN(5) == 0 {
			fmt.Fprintf(&b, "<!--%s>0</%s-->", name, name)
		} else {
			fmt.Fprintf(&b, "<%s>0</%s>", name, name)
		}
	}
	return b.String() + strings.TrimRight(eol, " \t") + "</r>"
}

func waitOp(t *testing.T, g *rand.Rand, name string) Op {
	op := setOp(t, "/r/"+name, "1")
	step := func() *Step {
		s, err := ParseStep(string("abcdefzp"[g.IntN(8)]))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	switch g.IntN(8) {
	case 0:
		op.After = step()
	case 1:
		op.Before = step()
	}
	return op
}

func opsText(ops []Op) string {
	lines := make([]string, len(ops))
	for i, op := range ops {
		lines[i] = fmt.Sprintf("%v after %v before %v waits %v unsure %v", op.Select, op.After, op.Before, op.Waits, op.Unsure)
	}
	return strings.Join(slices.Clone(lines), "\n")
}
