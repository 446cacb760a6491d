package xmlops

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseSelectorErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"", "1:1: a selector begins with /"},
		{"a/b", "1:1: a selector begins with /"},
		{"/", "1:2: a name is expected, not the end of the selector"},
		{"//", "1:3: a name is expected, not the end of the selector"},
		{"/a//b", "1:4: a name is expected, not '/'"},
		{"/a/", "1:4: a name is expected, not the end of the selector"},
		{"/@a", "1:2: a name is expected, not '@'"},
		{"/a/@", "1:5: a name is expected, not the end of the selector"},
		{"/a/@b/c", "1:6: '/' is not understood here"},
		{"/a b", "1:3: a blank is not understood here"},
		{"/a[@b = 'c']", "1:6: \"]\" is expected, not a blank"},
		{"/a[ @b]", "1:4: a name is expected, not a blank"},
		{"/a[@b='c' and @d]", "1:10: \"]\" is expected, not a blank"},
		{"/a[contains(@b,'c')]", "1:12: \"]\" is expected, not '('"},
		{"/a[@b=9]", "1:7: a value in quotes is expected, not '9'"},
		{"/a[@b='c]", "1:7: the quote is not closed"},
		{"/a[@b!='c']", "1:6: \"]\" is expected, not '!'"},
		{"/a[not(@b]", "1:10: \")\" is expected, not ']'"},
		{"/a[0]", "1:4: a position counts from 1"},
		{"/a[99999999999999999999]", "1:4: a position counts from 1"},
		{"/a[text()='c']", "1:8: \"]\" is expected, not '('"},
		{"/a[.='c']", "1:4: a name is expected, not '.'"},
		{"/a|/b", "1:3: '|' is not understood here"},
		{"/a[1", "1:5: \"]\" is expected, not the end of the selector"},
		{"/é/è:", "1:6: a name is expected, not the end of the selector"},
		{"/a:b:c", "1:5: ':' is not understood here"},
		{"/\xff", "1:1: the selector is not UTF-8"},
	}
	for _, tt := range tests {
		if _, err := ParseSelector(tt.in); err == nil || err.Error() != tt.want {
			t.Errorf("ParseSelector(%q)\n got %v\nwant %s", tt.in, err, tt.want)
		}
	}
}

func TestSelectorString(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"/a/b/@c", ""},
		{"//p:a/*/@q:c", ""},
		{`/a[@b="c"][d/e='f'][not(@g)][not(h='i')][2]`, "/a[@b='c'][d/e='f'][not(@g)][not(h='i')][2]"},
		{`/a[@b="it's"]`, ""},
		{"/a[b]", ""},
	}
	for _, tt := range tests {
		want := tt.want
		if want == "" {
			want = tt.in
		}
		if got := mustSelector(t, tt.in).String(); got != want {
			t.Errorf("%s: got %s, want %s", tt.in, got, want)
		}
	}
}

const library = `<lib xmlns="urn:lib" xmlns:x="urn:x">
  <shelf n="1"><book id="a"><t>One</t></book><book id="b" x:id="c"><t>Two</t></book><x:book id="c"/></shelf>
  <shelf n="2"><book id="c"><t><![CDATA[O]]>ne</t><book id="d"/></book></shelf>
</lib>`

func TestFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		sel  string
		want []string // where the matches are
	}{
		{"/lib/shelf/book", []string{"a", "b", "x:c", "c"}},
		{"/lib/shelf/x:book", []string{"x:c"}},
		{"//book", []string{"a", "b", "x:c", "c", "d"}},
		{"//shelf/*[1]", []string{"a", "c"}},
		{"/lib/*/book[2]", []string{"b"}},
		{"//book[@id='c']", []string{"x:c", "c"}},
		{"//book[@x:id='c']", []string{"b"}},
		{"//book[@x:id]", []string{"b"}},
		{"//book[not(@x:id)]", []string{"a", "x:c", "c", "d"}},
		{"//book[t='One']", []string{"a", "c"}},
		{"//book[t]", []string{"a", "b", "c"}},
		{"//book[not(t='One')]", []string{"b", "x:c", "d"}},
		{"/lib/shelf[book/t='Two']/book[1]", []string{"a"}},
		{"/lib/shelf/book[t][2]", []string{"b"}},
		{"/lib/shelf/book[2][t]", []string{"b"}},
		{"/lib/shelf/book[3][t]", nil},
		{"/book", nil},
		{"/lib/book", nil},
		{"//book/book", []string{"d"}},
		{"//*[@id='d']", []string{"d"}},
		{"//*/lib[@xmlns='urn:lib']", nil},
	}
	d := mustParse(t, library)
	for range 2 * searchesBeforeIndex { // with and without the index
		for _, tt := range tests {
			var got []string
			for _, e := range d.find(mustSelector(t, tt.sel)) {
				id := attribute(e, qname{local: "id"}).Value
				if e.Space != "" {
					id = e.Space + ":" + id
				}
				got = append(got, id)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Fatalf("%s: %s", tt.sel, diff)
			}
		}
	}
}

func TestFindValues(t *testing.T) {
	t.Parallel()
	src := "<a>\n  <b name='x' v='1&amp;2'>t&lt;</b>\n  <!--c v='3'>4</c-->\n</a>"
	d := mustParse(t, src)
	want := []Value{{Position: Position{2, 18}, At: "/a/b/@v", Text: "1&2", Lo: 21, Hi: 28}}
	if diff := cmp.Diff(want, d.Find(mustSelector(t, "//b/@v"))); diff != "" {
		t.Error(diff)
	}
	if got := src[want[0].Lo:want[0].Hi]; got != "1&amp;2" {
		t.Errorf("the range holds %s", got)
	}
	want = []Value{{Position: Position{2, 3}, At: "/a/b", Text: "t<", Lo: 30, Hi: 35}}
	if diff := cmp.Diff(want, d.Find(mustSelector(t, "/a/b"))); diff != "" {
		t.Error(diff)
	}
	want = []Value{{Position: Position{3, 3}, At: "/a/c/@v", Text: "3", Lo: 51, Hi: 52}}
	if diff := cmp.Diff(want, d.FindCommented(mustSelector(t, "/a/c/@v"))); diff != "" {
		t.Error(diff)
	}
	want = []Value{{Position: Position{3, 3}, At: "/a/c", Text: "4", Lo: 54, Hi: 55}}
	if diff := cmp.Diff(want, d.FindCommented(mustSelector(t, "/a/c"))); diff != "" {
		t.Error(diff)
	}
	if got := src[51:52] + src[54:55]; got != "34" {
		t.Errorf("the ranges hold %s", got)
	}
	if got := d.Find(mustSelector(t, "/a/c")); got != nil {
		t.Errorf("found %v", got)
	}
}

func TestFindCommentedAnywhere(t *testing.T) {
	t.Parallel()
	var got []string
	for _, v := range mustParse(t, "<r><i><!--a>1</a--></i><!--a>2</a--></r>").FindCommented(mustSelector(t, "//a")) {
		got = append(got, v.Text)
	}
	if diff := cmp.Diff([]string{"1", "2"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestFindCommentedWithPrefix(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "<a xmlns:p='urn:p'><!--p:c p:v='3'/--></a>")
	want := []Value{{Position: Position{1, 20}, At: "/a/p:c/@p:v", Text: "3", Lo: 32, Hi: 33}}
	if diff := cmp.Diff(want, d.FindCommented(mustSelector(t, "/a/p:c/@p:v"))); diff != "" {
		t.Error(diff)
	}
}

// Every element of a document has a selector that matches it alone.
func TestPlaceIsUnique(t *testing.T) {
	t.Parallel()
	src := `<s><a/><b n="1"/><b n="2"/><b n="2" m="'"/><p name="x"/><p name="y"/><d><name>A</name></d><d><name>B</name></d>` +
		`<q k="'&quot;"/><q/><e password="1"/><e password="2"/></s>`
	d := mustParse(t, src)
	var got []string
	for _, e := range d.find(mustSelector(t, "/s/*")) {
		place := d.place(e)
		if found := d.find(mustSelector(t, place)); len(found) != 1 || found[0] != e {
			t.Errorf("%s matches %d elements", place, len(found))
		}
		got = append(got, strings.TrimPrefix(place, "/s/"))
	}
	want := []string{
		"a", "b[@n='1']", "b[2]", `b[@m="'"]`, "p[@name='x']", "p[@name='y']", "d[name='A']", "d[name='B']", "q[1]", "q[2]", "e[1]", "e[2]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEnclosing(t *testing.T) {
	t.Parallel()
	src := `<a> <b name="n"> <c/> x </b> </a>`
	d := mustParse(t, src)
	for offset, want := range map[int]string{0: "", 3: "<a>", 16: `<b name="n">`, 22: `<b name="n">`, 28: "<a>", len(src): ""} {
		if got := d.Enclosing(offset); got != want {
			t.Errorf("at %d: %s, want %s", offset, got, want)
		}
	}
}

func TestEnclosingInLatin1(t *testing.T) {
	t.Parallel()
	src := "<?xml version='1.0' encoding='ISO-8859-1'?><r><b\xe4>x</b\xe4></r>"
	if got := mustParse(t, src).Enclosing(strings.Index(src, ">x")); got != "<bä>" {
		t.Errorf("got %s", got)
	}
}

// What has been revived or inserted encloses nothing of the source.
func TestEnclosingAfterEdits(t *testing.T) {
	t.Parallel()
	src := "<a>\n  <p>\n    <!--x/>\n    <y/-->\n  </p>\n  <q n='1'\n     m='2'/>\n</a>"
	d := mustParse(t, src)
	_, err := d.Apply(
		Op{Verb: Uncomment, Select: mustSelector(t, "/a/p/y")},
		Op{Verb: Set, Select: mustSelector(t, "/a/q/@m"), Value: "3"},
		Op{Verb: Set, Select: mustSelector(t, "/a/q/@o"), Value: "4"},
	)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"y/": "<p>", "m=": "<q>", "  <q": "<a>"} {
		if got := d.Enclosing(strings.Index(src, text)); got != want {
			t.Errorf("at %s: %s, want %s", text, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	tests := []struct {
		word string
		want string
	}{
		{"clusterng", "clustering"},
		{"CLUSTERING", "clustering"},
		{"dmain", "domain"},
		{"x", ""},
		{"something", ""},
	}
	candidates := []string{"p", "domain", "clustering"}
	for _, tt := range tests {
		got := ""
		if i := Nearest(tt.word, candidates); i >= 0 {
			got = candidates[i]
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.word, got, tt.want)
		}
	}
}
