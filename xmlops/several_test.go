package xmlops

import (
	"strings"
	"testing"
)

// With All an operation wants a match below each parent that its selector names, without it one match below all of them.
func TestBelowSeveralParents(t *testing.T) {
	t.Parallel()
	const src = `<s>
  <t k="1"><!--p n="x">0</p--></t>
  <t k="1"><p n="x">0</p></t>
  <t k="1"/>
  <t k="2"><!--p n="x">0</p--></t>
</s>`
	const two = `<s>
  <t><!--p>0</p--></t>
  <t><!--<p>0</p><p>1</p>--></t>
</s>`
	fragment := mustFragment(t, `<p n="x" locked="no">1</p>`)
	tests := []struct {
		name, in, sel string
		op            Op
		want          string // the document, or the error
	}{
		{
			name: "set revives where nothing is live", in: src, sel: "/s/t[@k='1']/p[@n='x']", op: Op{Verb: Set, Value: "1", All: true},
			want: strings.NewReplacer(`1"><!--p n="x">0</p-->`, `1"><p n="x">1</p>`, `<p n="x">0</p>`, `<p n="x">1</p>`).Replace(src),
		},
		{
			name: "and creates where nothing is", in: src, sel: "/s/t[@k='1']/p[@n='x']", op: Op{Verb: Set, Value: "1", All: true, Create: true},
			want: strings.NewReplacer(
				`1"><!--p n="x">0</p-->`, `1"><p n="x">1</p>`, `<p n="x">0</p>`, `<p n="x">1</p>`,
				`<t k="1"/>`, "<t k=\"1\">\n    <p n=\"x\">1</p>\n  </t>",
			).Replace(src),
		},
		{
			name: "ensure adds where nothing is live", in: src, sel: "/s/t[@k='1']/p[@n='x']", op: Op{Verb: Ensure, Items: []*Fragment{fragment}, All: true},
			want: strings.NewReplacer(
				`1"><!--p n="x">0</p-->`, `1"><!--p n="x">0</p--><p n="x" locked="no">1</p>`, `<p n="x">0</p>`, `<p n="x" locked="no">1</p>`,
				`<t k="1"/>`, "<t k=\"1\">\n    <p n=\"x\" locked=\"no\">1</p>\n  </t>",
			).Replace(src),
		},
		{
			name: "one live match is one place", in: src, sel: "/s/t[@k='1']/p[@n='x']", op: Op{Verb: Set, Value: "1"},
			want: strings.Replace(src, `<p n="x">0</p>`, `<p n="x">1</p>`, 1),
		},
		{
			name: "commented ones below two parents", in: two, sel: "/s/t/p", op: Op{Verb: Set, Value: "1"},
			want: "3:18: matches commented elements below 2 elements (lines 2, 3), want 1",
		},
		{
			name: "one of them by the value that it has", in: two, sel: "/s/t/p", op: Op{Verb: Set, Value: "1", All: true},
			want: "<s>\n  <t><p>1</p></t>\n  <t><!--<p>0</p>--><p>1</p></t>\n</s>",
		},
		{
			name: "ensure below two parents", in: two, sel: "/s/t/p", op: Op{Verb: Ensure, Items: []*Fragment{{Name: "p"}}},
			want: "3:3: matches 2 elements (lines 2, 3), want 1",
		},
		{
			name: "no parent", in: two, sel: "/s/u/p", op: Op{Verb: Set, Value: "1", All: true},
			want: "1:1: no element matches; this <s> has no <u>",
		},
		{
			name: "what stands anywhere is not created", in: src, sel: "//q", op: Op{Verb: Set, Value: "1", All: true, Create: true},
			want: "no element matches; there is no <q>",
		},
		{
			name: "instead of nothing", in: src, sel: "/s/u/p", op: Op{Verb: Set, Value: "1", Instead: []Selector{mustSelector(t, "/s/v"), mustSelector(t, "/s/t")}},
			want: src,
		},
		{
			name: "nothing instead", in: two, sel: "/s/u/p", op: Op{Verb: Ensure, Items: []*Fragment{{Name: "p"}}, Instead: []Selector{mustSelector(t, "/s/v")}},
			want: "1:1: no element matches; this <s> has no <u>",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := mustParse(t, tt.in)
			tt.op.Select = mustSelector(t, tt.sel)
			_, err := d.Apply(tt.op)
			got := d.render()
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Fatalf("got\n%s\nwant\n%s", got, tt.want)
			}
			if changes, again := d.Apply(tt.op); err == nil && (again != nil || len(changes) > 0) {
				t.Errorf("again: %v, %v", changes, again)
			}
		})
	}
}

// A position counts live elements, so what is commented out has none and is never revived or created by one.
func TestNothingIsRevivedByPosition(t *testing.T) {
	t.Parallel()
	const src = "<s>\n  <!--c k='1' v='0'/-->\n  <c v='2'/>\n</s>"
	tests := []struct{ sel, want string }{
		{"/s/c[not(@k='2')][1]/@v", "<s>\n  <!--c k='1' v='0'/-->\n  <c v='9'/>\n</s>"},
		{"/s/c[2]/@v", "2:3: no element matches; this <c> is commented out, and stays so"},
		{"/s/c[@k='1'][1]/@v", "2:3: no element matches; this <c> is commented out, and stays so"},
		{"/s/c[@k='3'][1]/@v", "3:3: no element matches; this <c> is there, but its predicates do not hold"},
	}
	for _, tt := range tests {
		d := mustParse(t, src)
		got := ""
		if _, err := d.Apply(Op{Verb: Set, Select: mustSelector(t, tt.sel), Value: "9"}); err != nil {
			got = err.Error()
		} else {
			got = d.render()
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.sel, got, tt.want)
		}
		_, err := mustParse(t, "<s/>").Apply(Op{Verb: Set, Select: mustSelector(t, tt.sel), Value: "9", Create: true})
		if err == nil {
			t.Errorf("%s is created", tt.sel)
		}
	}
}
