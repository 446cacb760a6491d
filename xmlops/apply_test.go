package xmlops

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustSelector(t testing.TB, s string) Selector {
	t.Helper()
	sel, err := ParseSelector(s)
	if err != nil {
		t.Fatalf("selector %s: %v", s, err)
	}
	return sel
}

func mustStep(t testing.TB, s string) *Step {
	t.Helper()
	step, err := ParseStep(s)
	if err != nil {
		t.Fatalf("step %s: %v", s, err)
	}
	return step
}

func mustFragment(t testing.TB, s string) *Fragment {
	t.Helper()
	f, err := ParseFragment(s)
	if err != nil {
		t.Fatalf("fragment %s: %v", s, err)
	}
	return f
}

func mustParse(t testing.TB, src string) *Document {
	t.Helper()
	d, err := Parse([]byte(src))
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	return d
}

// applied applies ops to src and checks what holds for every operation: the edits alone turn the source into the result, and
// a second time changes nothing.
func applied(t testing.TB, src string, ops ...Op) (string, []Change) {
	t.Helper()
	d := mustParse(t, src)
	changes, err := d.Apply(ops...)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	r, err := d.Result()
	if err != nil {
		t.Fatalf("result: %v\n%s", err, d.render())
	}
	if got := spliced(src, r.Edits); got != string(r.Bytes) {
		t.Fatalf("the edits give\n%s\nthe result is\n%s", got, r.Bytes)
	}
	again := mustParse(t, string(r.Bytes))
	second, err := again.Apply(ops...)
	if err != nil {
		t.Fatalf("second apply: %v", err)
	}
	for _, c := range second {
		if c.Kind != Kept {
			t.Errorf("the second apply changes %+v", c)
		}
	}
	if out, err := again.Result(); err != nil || string(out.Bytes) != string(r.Bytes) {
		t.Errorf("the second apply gives (%v)\n%s", err, out.Bytes)
	}
	return string(r.Bytes), changes
}

// spliced applies edits to src.
func spliced(src string, edits []Edit) string {
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(src[at:e.Lo])
		b.Write(e.Text)
		at = e.Hi
	}
	return b.String() + src[at:]
}

const connector = `<Server>
    <Connector  protocol="HTTP/1.1"
                port="9763"
                redirectPort="9443" 
                URIEncoding="UTF-8"/>
    <Connector  protocol="HTTP/1.1"
				port='9443'
				scheme='https'
    />
</Server>
`

const properties = `<p>
 	    <!-- Manager -->
	    <!--property name="a" value="1"/>
            <property name="b" value="2"/>
            <property name="sub" value="mgt"/-->

	    <!-- Worker -->
	    <!--property name="sub" value="worker"/-->
</p>
`

func TestSet(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, sel, value string
		op                   Op
		want                 string
	}{
		{
			name: "an attribute in the middle of a tag of many lines",
			in:   connector, sel: "/Server/Connector[@port='9763']/@redirectPort", value: "443",
			want: strings.Replace(connector, `redirectPort="9443"`, `redirectPort="443"`, 1),
		},
		{
			name: "a new attribute is one new line behind the one it belongs to",
			in:   connector, sel: "/Server/Connector[@port='9763']/@proxyPort", value: "80", op: Op{After: mustStep(t, "port")},
			want: strings.Replace(connector, `port="9763"`, "port=\"9763\"\n                proxyPort=\"80\"", 1),
		},
		{
			name: "with the quotes and tabs of its tag, the bracket stays on its own line",
			in:   connector, sel: "/Server/Connector[@port='9443']/@proxyPort", value: "443",
			want: strings.Replace(connector, "scheme='https'", "scheme='https'\n\t\t\t\tproxyPort='443'", 1),
		},
		{
			name: "a new attribute on one line",
			in:   "<a b='1' c='2' />", sel: "/a/@d", value: `it's "d" & <e>`,
			want: "<a b='1' c='2' d='it&apos;s \"d\" &amp; &lt;e>' />",
		},
		{name: "the first attribute", in: "<a/>", sel: "/a/@b", value: "1", want: `<a b="1"/>`},
		{name: "spaces around =", in: "<a b = '1'/>", sel: "/a/@c", value: "2", want: "<a b = '1' c = '2'/>"},
		{name: "text", in: "<a>1</a>", sel: "/a", value: "2 & <3> ]]>", want: "<a>2 &amp; &lt;3&gt; ]]&gt;</a>"},
		{name: "text of an empty tag", in: "<a b='1' />", sel: "/a", value: "2", want: "<a b='1'>2</a>"},
		{name: "text of an empty pair", in: "<a></a>", sel: "/a", value: "2", want: "<a>2</a>"},
		{name: "no text", in: "<a>1</a>", sel: "/a", value: "", want: "<a></a>"},
		{name: "text keeps its comment", in: "<a>1<!-- c -->2</a>", sel: "/a", value: "3", want: "<a>3<!-- c --></a>"},
		{name: "text in a CDATA section", in: "<a><![CDATA[1 & 2]]></a>", sel: "/a", value: "<3>", want: "<a><![CDATA[<3>]]></a>"},
		{name: "text that a CDATA section cannot hold", in: "<a><![CDATA[1]]></a>", sel: "/a", value: "]]>", want: "<a>]]&gt;</a>"},
		{name: "another spelling of the same value is no change", in: `<a b='&#x26;"'>&quot;</a>`, sel: "/a", value: `"`, want: `<a b='&#x26;"'>&quot;</a>`},
		{name: "another spelling in an attribute", in: `<a b='&#x26;"'/>`, sel: "/a/@b", value: `&"`, want: `<a b='&#x26;"'/>`},
		{name: "line breaks in a value", in: "<a b=''/>", sel: "/a/@b", value: "1\n2\r\t3", want: "<a b='1&#10;2&#13;&#9;3'/>"},
		{
			name: "a character that the encoding cannot hold",
			in:   "<?xml version='1.0' encoding='ISO-8859-1'?><a b='\xe9'>\xe9</a>", sel: "/a", value: "é€",
			want: "<?xml version='1.0' encoding='ISO-8859-1'?><a b='\xe9'>\xe9&#8364;</a>",
		},
		{
			name: "windows-1252 holds the euro sign",
			in:   "<?xml version='1.0' encoding='windows-1252'?><a/>", sel: "/a/@b", value: "€",
			want: "<?xml version='1.0' encoding='windows-1252'?><a b=\"\x80\"/>",
		},
		{name: "a name in any namespace", in: `<s xmlns="urn:x"><a>1</a></s>`, sel: "/s/a", value: "2", want: `<s xmlns="urn:x"><a>2</a></s>`},
		{name: "every match", in: "<s><a>1</a><a>2</a></s>", sel: "//a", value: "3", op: Op{All: true}, want: "<s><a>3</a><a>3</a></s>"},
		{name: "a value that may be replaced", in: "<a>1</a>", sel: "/a", value: "2", op: Op{From: []string{"0", "1"}}, want: "<a>2</a>"},
		{name: "optional", in: "<a/>", sel: "/a/b", value: "2", op: Op{Optional: true}, want: "<a/>"},
		{name: "unless", in: "<a><b/><c>1</c></a>", sel: "/a/c", value: "2", op: Op{Unless: mustSelector(t, "/a/b")}, want: "<a><b/><c>1</c></a>"},
		{
			name: "the third of three commented elements",
			in:   properties, sel: "/p/property[@name='sub']/@value", value: "mgt",
			want: strings.Replace(properties, "value=\"2\"/>\n            <property name=\"sub\" value=\"mgt\"/-->",
				"value=\"2\"/-->\n            <property name=\"sub\" value=\"mgt\"/>", 1),
		},
		{
			name: "the commented element that holds the value already",
			in:   properties, sel: "/p/property[@name='sub']/@value", value: "worker",
			want: strings.Replace(properties, `<!--property name="sub" value="worker"/-->`, `<property name="sub" value="worker"/>`, 1),
		},
		{
			name: "else the first one",
			in:   properties, sel: "/p/property[@name='sub']/@value", value: "x",
			want: strings.Replace(properties, "value=\"2\"/>\n            <property name=\"sub\" value=\"mgt\"/-->",
				"value=\"2\"/-->\n            <property name=\"sub\" value=\"x\"/>", 1),
		},
		{
			name: "a commented element, text",
			in:   "<s>\n  <!--a x=\"1\">v</a-->\n</s>", sel: "/s/a", value: "w", want: "<s>\n  <a x=\"1\">w</a>\n</s>",
		},
		{
			name: "create an element behind the last of its name",
			in:   "<s>\n\t<p name=\"a\">1</p>\n\n\t<q/>\n</s>", sel: "/s/p[@name='b']", value: "2", op: Op{Create: true},
			want: "<s>\n\t<p name=\"a\">1</p>\n\t<p name=\"b\">2</p>\n\n\t<q/>\n</s>",
		},
		{
			name: "create in the style of its sibling",
			in:   "<s>\r\n   <p  name='a' >1</p >\r\n</s>", sel: "/s/p[@name='b']", value: "2", op: Op{Create: true},
			want: "<s>\r\n   <p  name='a' >1</p >\r\n   <p  name='b' >2</p >\r\n</s>",
		},
		{
			name: "create what leads there",
			in:   "<s>\n  <a>\n  </a>\n</s>", sel: "/s/a/b[@k='v']/c/@d", value: "2", op: Op{Create: true},
			want: "<s>\n  <a>\n    <b k=\"v\">\n      <c d=\"2\"/>\n    </b>\n  </a>\n</s>",
		},
		{
			name: "create with a child that the selector names",
			in:   "<s>\n  <a/>\n</s>", sel: "/s/m[id='x']/@d", value: "2", op: Op{Create: true},
			want: "<s>\n  <a/>\n  <m d=\"2\">\n    <id>x</id>\n  </m>\n</s>",
		},
		{
			name: "create before",
			in:   "<s>\n  <a/>\n\n  <b/>\n</s>", sel: "/s/m", value: "2", op: Op{Create: true, Before: mustStep(t, "b")},
			want: "<s>\n  <a/>\n\n  <m>2</m>\n  <b/>\n</s>",
		},
		{
			name: "create after, behind the remark on that line",
			in:   "<s>\n  <a/> <!-- of a -->\n  <b/>\n</s>", sel: "/s/m", value: "2", op: Op{Create: true, After: mustStep(t, "a")},
			want: "<s>\n  <a/> <!-- of a -->\n  <m>2</m>\n  <b/>\n</s>",
		},
		{
			name: "create behind the last one and its remark",
			in:   "<s>\n  <a/> <!-- of a -->\n</s>", sel: "/s/m", value: "2", op: Op{Create: true},
			want: "<s>\n  <a/> <!-- of a -->\n  <m>2</m>\n</s>",
		},
		{name: "create on one line", in: "<s><a/><b/></s>", sel: "/s/m", value: "2", op: Op{Create: true}, want: "<s><a/><b/><m>2</m></s>"},
		{name: "create in an empty root", in: "<s/>", sel: "/s/m", value: "2", op: Op{Create: true}, want: "<s>\n    <m>2</m>\n</s>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op := tt.op
			op.Verb, op.Select, op.Value = Set, mustSelector(t, tt.sel), tt.value
			if got, _ := applied(t, tt.in, op); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

const members = `<c>
    <members>
        <!-- the first -->
        <member>
            <hostName>127.0.0.1</hostName>
            <port>4000</port>
        </member>
    </members>
</c>
`

func memberItems(t testing.TB, hosts ...string) []*Fragment {
	t.Helper()
	var items []*Fragment
	for _, h := range hosts {
		items = append(items, mustFragment(t, "<member><hostName>"+h+"</hostName><port>4100</port></member>"))
	}
	return items
}

func TestList(t *testing.T) {
	t.Parallel()
	member := func(host string) string {
		return "        <member>\n            <hostName>" + host + "</hostName>\n            <port>4100</port>\n        </member>\n"
	}
	with := func(list string) string {
		return "<c>\n    <members>\n        <!-- the first -->\n" + list + "    </members>\n</c>\n"
	}
	tests := []struct {
		name, in string
		hosts    []string
		want     string
	}{
		{"the shipped one becomes the first, the second looks like it", members, []string{"a", "b"}, with(member("a") + member("b"))},
		{"one less takes only its lines", with(member("a") + member("b") + member("c")), []string{"a", "c"}, with(member("a") + member("c"))},
		{"one more adds only its lines", with(member("a") + member("c")), []string{"a", "b", "c"}, with(member("a") + member("b") + member("c"))},
		{"one more in front", with(member("b")), []string{"a", "b"}, with(member("a") + member("b"))},
		{"order", with(member("a") + member("b")), []string{"b", "a"}, with(member("b") + member("a"))},
		{"none", members, nil, with("")},
		{"from none", "<c>\n    <members>\n    </members>\n</c>\n", []string{"a"}, "<c>\n    <members>\n" + member("a") + "    </members>\n</c>\n"},
		{"from an empty tag", "<c>\n    <members/>\n</c>\n", []string{"a"}, "<c>\n    <members>\n" + member("a") + "    </members>\n</c>\n"},
		{
			"with its parent", "<c>\n    <x/>\n</c>\n",
			[]string{"a", "b"},
			"<c>\n    <x/>\n    <members>\n" + member("a") + member("b") + "    </members>\n</c>\n",
		},
		{
			"a sample in a comment is not revived", "<c>\n    <members>\n        <!--member><hostName>a</hostName><port>4100</port></member-->\n    </members>\n</c>\n",
			[]string{"a"},
			"<c>\n    <members>\n        <!--member><hostName>a</hostName><port>4100</port></member-->\n" + member("a") + "    </members>\n</c>\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op := Op{Verb: List, Select: mustSelector(t, "/c/members/member"), Items: memberItems(t, tt.hosts...)}
			if got, _ := applied(t, tt.in, op); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

const datasource = `<ds>
  <datasource>
    <name>A</name>
    <definition type="RDBMS">
      <url>u</url>
      <maxWait>1</maxWait>
    </definition>
  </datasource>
</ds>
`

func TestEnsure(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, sel, xml, want string }{
		{
			"values are set in place, what is not mentioned stays", datasource, "/ds/datasource[name='A']",
			`<datasource><name>A</name><definition type="X"><url>v</url></definition></datasource>`,
			strings.NewReplacer("RDBMS", "X", "<url>u", "<url>v").Replace(datasource),
		},
		{
			"what is missing comes behind what precedes it", datasource, "/ds/datasource[name='A']",
			`<datasource><name>A</name><definition><url>u</url><user>me</user></definition></datasource>`,
			strings.Replace(datasource, "<url>u</url>", "<url>u</url>\n      <user>me</user>", 1),
		},
		{
			"or before what follows it", datasource, "/ds/datasource[name='A']",
			`<datasource><name>A</name><definition><driver>d</driver><url>u</url></definition></datasource>`,
			strings.Replace(datasource, "<url>u</url>", "<driver>d</driver>\n      <url>u</url>", 1),
		},
		{
			"a new one behind its sibling, indented as it is", datasource, "/ds/datasource[name='B']",
			`<datasource><name>B</name><definition type="RDBMS"><url>v</url></definition></datasource>`,
			strings.Replace(datasource, "</ds>",
				"  <datasource>\n    <name>B</name>\n    <definition type=\"RDBMS\">\n      <url>v</url>\n    </definition>\n  </datasource>\n</ds>", 1),
		},
		{
			"children of one name are told apart by @name", "<p><q name='a'>1</q><q name='b'>2</q></p>", "/p",
			"<p><q name='b'>3</q><q name='c'>4</q></p>", "<p><q name='a'>1</q><q name='b'>3</q><q name='c'>4</q></p>",
		},
		{
			"a new one is like a sibling whose prefix is declared further out", "<r xmlns:p='urn:p'><s><p:x  p:k='1'/></s></r>", "/r/s/p:x[@p:k='2']",
			`<p:x p:k="2"/>`, "<r xmlns:p='urn:p'><s><p:x  p:k='1'/><p:x  p:k='2'/></s></r>",
		},
		{
			"a sample in a comment is not revived", "<s>\n  <!--m id=\"1\"/-->\n</s>", "/s/m[@id='1']", `<m id="1"/>`,
			"<s>\n  <!--m id=\"1\"/-->\n  <m id=\"1\"/>\n</s>",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op := Op{Verb: Ensure, Select: mustSelector(t, tt.sel), Items: []*Fragment{mustFragment(t, tt.xml)}}
			if got, _ := applied(t, tt.in, op); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestUncomment(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, sel, want string }{
		{"fused", `<s><!--a x="1">v</a--></s>`, "/s/a", `<s><a x="1">v</a></s>`},
		{"fused, empty", `<s><!--a/--></s>`, "/s/a", `<s><a/></s>`},
		{"whole", "<s><!--<a>v</a>--></s>", "/s/a", "<s><a>v</a></s>"},
		{"wrapped on one line", "<s>\n  <!-- <a/> -->\n</s>", "/s/a", "<s>\n  <a/>\n</s>"},
		{"wrapped on lines of its own", "<s>\n  <!--\n      <a/>\n  -->\n  <b/>\n</s>", "/s/a", "<s>\n      <a/>\n  <b/>\n</s>"},
		{"with CRLF", "<s>\r\n  <!--\r\n  <a/>\r\n  -->\r\n</s>", "/s/a", "<s>\r\n  <a/>\r\n</s>"},
		{"behind prose", "<s>\n  <!-- for b: <a/> -->\n</s>", "/s/a", "<s>\n  <!-- for b: --> <a/>\n</s>"},
		{"behind prose of its own line", "<s>\n  <!-- for b\n  <a/>\n  -->\n</s>", "/s/a", "<s>\n  <!-- for b\n  -->\n  <a/>\n</s>"},
		{"before prose", "<s>\n  <!--<a/> is for b-->\n</s>", "/s/a", "<s>\n  <a/> <!--is for b-->\n</s>"},
		{"before prose of its own line", "<s>\n  <!--<a/>\n    is for b -->\n</s>", "/s/a", "<s>\n  <a/>\n    <!--is for b -->\n</s>"},
		{"the first of several", "<s><!--a/> <b/> <c/--></s>", "/s/a", "<s><a/> <!--b/> <c/--></s>"},
		{"the second of several", "<s><!--a/> <b/> <c/--></s>", "/s/b", "<s><!--a/--> <b/> <!--c/--></s>"},
		{"the last of several", "<s><!--a/> <b/> <c/--></s>", "/s/c", "<s><!--a/> <b/--> <c/></s>"},
		{
			"the second of several on lines of their own", "<s>\n  <!--\n  <a/>\n  <b/>\n  -->\n</s>", "/s/b",
			"<s>\n  <!--\n  <a/>\n  -->\n  <b/>\n</s>",
		},
		{
			"the first of several on lines of their own", "<s>\n  <!--\n  <a/>\n  <b/>\n  -->\n</s>", "/s/a",
			"<s>\n  <a/>\n  <!--\n  <b/>\n  -->\n</s>",
		},
		{"prose that ends with a dash", "<s><!--see - <a/>--></s>", "/s/a", "<s><!--see - --> <a/></s>"},
		{"live already", "<s><a/><!--a/--></s>", "/s/a", "<s><a/><!--a/--></s>"},
		{"one of two, by a predicate", `<s><!--a x="1"/--><!--a x="2"/--></s>`, "/s/a[@x='2']", `<s><!--a x="1"/--><a x="2"/></s>`},
		{"with a prefix that is declared", `<s xmlns:p="urn:p"><!--p:a/--></s>`, "/s/a", `<s xmlns:p="urn:p"><p:a/></s>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, _ := applied(t, tt.in, Op{Verb: Uncomment, Select: mustSelector(t, tt.sel)}); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestUncommentAll(t *testing.T) {
	t.Parallel()
	op := Op{Verb: Uncomment, Select: mustSelector(t, "/s/a"), All: true}
	got, changes := applied(t, "<s><!--a>1</a> <b/> <a>2</a--><!--a>3</a--></s>", op)
	if want := "<s><a>1</a> <!--b/--> <a>2</a><a>3</a></s>"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if len(changes) != 3 || changes[0].After != "1" || changes[2].After != "3" {
		t.Errorf("changes %+v", changes)
	}
}

// What lies in another match goes with it.
func TestCommentAndRemoveAll(t *testing.T) {
	t.Parallel()
	src := "<s><a><b><a>1</a></b></a><b><a x='2'/></b><a x='2'>3</a></s>"
	tests := []struct {
		name string
		verb Verb
		sel  string
		want string
		at   []string
	}{
		{"comment", Comment, "//a", "<s><!--a><b><a>1</a></b></a--><b><!--a x='2'/--></b><!--a x='2'>3</a--></s>", []string{"/s/a[1]", "/s/b/a", "/s/a[@x='2']"}},
		{"remove", Remove, "//a", "<s><b></b></s>", []string{"/s/a[1]", "/s/b/a", "/s/a[@x='2']"}},
		{"attributes", Remove, "//a/@x", "<s><a><b><a>1</a></b></a><b><a/></b><a>3</a></s>", []string{"/s/b/a/@x", "/s/a[@x='2']/@x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, changes := applied(t, src, Op{Verb: tt.verb, Select: mustSelector(t, tt.sel), All: true})
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			var at []string
			for _, c := range changes {
				at = append(at, c.At)
			}
			if diff := cmp.Diff(tt.at, at); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What an element with children holds is told by its leaves: of more than two each by its name, and never a secret.
func TestSummary(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"a text", "<a>1</a>", "1"},
		{"two leaves", "<a><host>h</host><b><port>1</port></b></a>", "h:1"},
		{"more", "<a><host>h</host><empty/><b><port> 1 </port></b><password>hush</password></a>", "host=h; port=1; password=********"},
		{"by their own names", `<a><p name="x">1</p><p name="y" value="2"/><p name="password" value="hush"/><z value="3"/></a>`, "x=1; y=2; z=3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, changes := applied(t, "<s>"+tt.in+"</s>", Op{Verb: Remove, Select: mustSelector(t, "/s/a")})
			if got := changes[0].Before; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCommentAndRemove(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		verb Verb
		in   string
		sel  string
		want string
	}{
		{"comment", Comment, "<s>\n  <a x='1'>v</a>\n</s>", "/s/a", "<s>\n  <!--a x='1'>v</a-->\n</s>"},
		{"comment what is not there", Comment, "<s/>", "/s/a", "<s/>"},
		{"remove a line", Remove, "<s>\n  <a/>\n  <b/>\n</s>", "/s/a", "<s>\n  <b/>\n</s>"},
		{"remove lines with CRLF", Remove, "<s>\r\n  <a>\r\n  </a>  \r\n  <b/>\r\n</s>", "/s/a", "<s>\r\n  <b/>\r\n</s>"},
		{"remove from a line", Remove, "<s> <a/> <b/> </s>", "/s/b", "<s> <a/> </s>"},
		{"remove out of text", Remove, "<s>one <a/> two</s>", "/s/a", "<s>one two</s>"},
		{"remove what stands alone between blank lines", Remove, "<s>\n  <a/>\n\n  <b/>\n\n  <c/>\n</s>", "/s/b", "<s>\n  <a/>\n\n  <c/>\n</s>"},
		{"remove the first of its group", Remove, "<s>\n  <a/>\n\n  <b/>\n  <c/>\n</s>", "/s/b", "<s>\n  <a/>\n\n  <c/>\n</s>"},
		{"remove the first group", Remove, "<s>\n  <a/>\n\n  <b/>\n</s>", "/s/a", "<s>\n  <b/>\n</s>"},
		{"remove the last group", Remove, "<s>\n  <a/>\n\n  <b/>\n</s>", "/s/b", "<s>\n  <a/>\n</s>"},
		{"remove the only one", Remove, "<s>\n  <a/>\n</s>", "/s/a", "<s>\n</s>"},
		{"remove keeps the remark behind", Remove, "<s>\n  <a/> <!-- of a -->\n</s>", "/s/a", "<s>\n  <!-- of a -->\n</s>"},
		{
			"remove an attribute with its line", Remove, connector, "/Server/Connector[@port='9763']/@redirectPort",
			strings.Replace(connector, "\n                redirectPort=\"9443\"", "", 1),
		},
		{"remove an attribute that is not there", Remove, "<a/>", "/a/@b", "<a/>"},
		{"remove an attribute that no element of several has", Remove, "<s><a/><a/></s>", "/s/a/@b", "<s><a/><a/></s>"},
		{"remove an attribute that one element of several has", Remove, "<s><a/><a b='1'/></s>", "/s/a/@b", "<s><a/><a/></s>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got, _ := applied(t, tt.in, Op{Verb: tt.verb, Select: mustSelector(t, tt.sel)}); got != tt.want {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
		})
	}
}

// What is created goes behind the element of the nearest earlier operation, so that a run in two parts gives the same bytes.
func TestOrderRule(t *testing.T) {
	t.Parallel()
	src := "<c>\n  <p name=\"a\">1</p>\n  <x/>\n  <p name=\"z\">1</p>\n</c>\n"
	ops := []Op{
		{Verb: Set, Select: mustSelector(t, "/c/p[@name='a']"), Value: "1"},
		{Verb: Set, Select: mustSelector(t, "/c/p[@name='b']"), Value: "2", Create: true},
		{Verb: Set, Select: mustSelector(t, "/c/p[@name='c']"), Value: "3", Create: true},
	}
	want := strings.Replace(src, "1</p>\n", "1</p>\n  <p name=\"b\">2</p>\n  <p name=\"c\">3</p>\n", 1)
	whole, _ := applied(t, src, ops...)
	if whole != want {
		t.Errorf("got\n%s\nwant\n%s", whole, want)
	}
	half, _ := applied(t, src, ops[:2]...)
	if rest, _ := applied(t, half, ops...); rest != whole {
		t.Errorf("in two parts\n%s\nin one\n%s", rest, whole)
	}
}

func TestKeptByVault(t *testing.T) {
	t.Parallel()
	src := `<s xmlns:svns="http://org.wso2.securevault/configuration"><p svns:secretAlias="A.b">password</p>` +
		`<c svns:secretAlias="Server.c.pass" pass="password" port="1"/></s>`
	got, changes := applied(t, src,
		Op{Verb: Set, Select: mustSelector(t, "/s/p"), Value: "x"},
		Op{Verb: Set, Select: mustSelector(t, "/s/c/@pass"), Value: "x"},
		Op{Verb: Set, Select: mustSelector(t, "/s/c/@port"), Value: "2"},
	)
	if want := strings.Replace(src, `port="1"`, `port="2"`, 1); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if changes[0].Kind != Kept || changes[1].Kind != Kept || changes[2].Kind != Changed {
		t.Errorf("changes %+v", changes)
	}
	bare := strings.Replace(src, "http://org.wso2.securevault/configuration", "urn:other", 1)
	if got, _ := applied(t, bare, Op{Verb: Set, Select: mustSelector(t, "/s/p"), Value: "x"}); !strings.Contains(got, ">x</p>") {
		t.Errorf("an alias in another namespace is kept: %s", got)
	}
	revived := `<s xmlns:svns="http://org.wso2.securevault/configuration"><!--p svns:secretAlias="A.b">password</p--></s>`
	_, changes = applied(t, revived, Op{Verb: Set, Select: mustSelector(t, "/s/p"), Value: "x"})
	if len(changes) != 2 || changes[0].Kind != Uncommented || changes[0].After != "password" || changes[1].Kind != Kept {
		t.Errorf("changes %+v", changes)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	src := "<Server>\n  <a name='x'>1</a>\n  <a name='y'\n     v='1'/>\n  <!-- b: <b>2</b> -->\n  <password>old</password>\n  <d/>\n</Server>"
	_, got := applied(t, src,
		Op{Verb: Set, Select: mustSelector(t, "/Server/a[@name='x']"), Value: "2"},
		Op{Verb: Set, Select: mustSelector(t, "//a[@name='y']/@v"), Value: "2"},
		Op{Verb: Set, Select: mustSelector(t, "//a[@name='y']/@w"), Value: "3"},
		Op{Verb: Set, Select: mustSelector(t, "/Server/b"), Value: "3"},
		Op{Verb: Set, Select: mustSelector(t, "/Server/password"), Value: "new"},
		Op{Verb: Comment, Select: mustSelector(t, "/Server/d")},
		Op{Verb: Ensure, Select: mustSelector(t, "/Server/m"), Items: []*Fragment{mustFragment(t, "<m><h>1</h><secret>2</secret></m>")}},
	)
	want := []Change{
		{0, Changed, "/Server/a[@name='x']", Position{2, 3}, "", "1", "2", false},
		{1, Changed, "/Server/a[@name='y']/@v", Position{4, 6}, "", "1", "2", false},
		{2, Added, "/Server/a[@name='y']/@w", Position{4, 6}, "", "", "3", false},
		{3, Uncommented, "/Server/b", Position{5, 11}, "", "", "3", false},
		{4, Changed, "/Server/password", Position{6, 3}, "", "old", "new", true},
		{5, CommentedOut, "/Server/d", Position{7, 3}, "", "", "", false},
		{6, Added, "/Server/m", Position{6, 27}, "", "", "1:********", false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What a fragment writes is told by the way to it, as its leaves are.
func TestWays(t *testing.T) {
	t.Parallel()
	f := mustFragment(t, "<a k='2' q='9'>\n<b>2</b><p name='x'>2</p><p name='y'><c d='2'>2</c></p><n>2</n></a>")
	_, changes := applied(t, "<r><a k='1' q='9'><b>1</b><p name='y'><c d='1'>1</c></p><p name='x'>1</p></a></r>",
		Op{Verb: Ensure, Select: mustSelector(t, "/r/a"), Items: []*Fragment{f}},
		Op{Verb: Set, Select: mustSelector(t, "/r/a/@z"), Value: "8"},
	)
	var ways []string
	for _, c := range changes {
		ways = append(ways, c.Way)
	}
	want := []string{"/@k", "/b", "/p[@name='x']", "/p[@name='y']/c/@d", "/p[@name='y']/c", "/n", ""}
	if diff := cmp.Diff(want, ways); diff != "" {
		t.Errorf("changes: -want +got\n%s", diff)
	}
	var leaves []string
	for _, leaf := range f.Leaves() {
		leaves = append(leaves, leaf.Way+" "+leaf.Text)
	}
	want = []string{
		"/@k 2", "/@q 9", "/b 2", "/p[@name='x']/@name x", "/p[@name='x'] 2", "/p[@name='y']/@name y", "/p[@name='y']/c/@d 2", "/p[@name='y']/c 2", "/n 2",
	}
	if diff := cmp.Diff(want, leaves); diff != "" {
		t.Errorf("leaves: -want +got\n%s", diff)
	}
}

// A discreet operation tells places by nothing of the file but what its own selector has.
func TestDiscreetPlaces(t *testing.T) {
	t.Parallel()
	src := "<r><a name='x' k='1'><b v='hush'/><b v='2'/></a><a name='y' k='2'><b v='hush'/><b v='2'/></a></r>"
	op := Op{Verb: Set, Select: mustSelector(t, "/r/a[@name='y']/b/@v"), Value: "3", All: true, Discreet: true}
	_, changes := applied(t, src, op, Op{Verb: Set, Select: mustSelector(t, "/r/a[@k='1']/b[@v='2']/@w"), Value: "3", Discreet: true})
	var at []string
	for _, c := range changes {
		at = append(at, c.At)
		if found := len(mustParse(t, src).Find(mustSelector(t, strings.TrimSuffix(c.At, "/@w")))); found != 1 {
			t.Errorf("%s is found %d times", c.At, found)
		}
	}
	_, beside := applied(t, "<r><b v='1'>1</b><!--b v='hush' k='x'>1</b--></r>", Op{Verb: Set, Select: mustSelector(t, "/r/b[@k='x']"), Value: "2", Discreet: true})
	at = append(at, beside[0].At)
	want := []string{"/r/a[@name='y']/b[1]/@v", "/r/a[@name='y']/b[2]/@v", "/r/a[@k='1']/b[@v='2']/@w", "/r/b[@k='x']"}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// The value of an attribute that may be a URL with a password tells no place.
func TestPlacesTellNoURLSecrets(t *testing.T) {
	t.Parallel()
	_, changes := applied(t, "<r><a u='https://joe:hush@h'>1</a><a u='jdbc:x;password=hush'>1</a><a u='https://h'>1</a></r>",
		Op{Verb: Set, Select: mustSelector(t, "/r/a"), Value: "2", All: true})
	var at []string
	for _, c := range changes {
		at = append(at, c.At)
	}
	if diff := cmp.Diff([]string{"/r/a[1]", "/r/a[2]", "/r/a[@u='https://h']"}, at); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// What was added first is told by its name alone, until one like it comes beside it.
func TestPlacesInTheResult(t *testing.T) {
	t.Parallel()
	out, changes := applied(t, "<r>\n  <!--c><k>1</k></c-->\n  <m p='0'/>\n</r>",
		Op{Verb: Ensure, Select: mustSelector(t, "/r/a[@p='1']"), Items: []*Fragment{mustFragment(t, "<a p='1'><b/></a>")}},
		Op{Verb: Set, Select: mustSelector(t, "/r/a[@p='1']/b/@v"), Value: "x"},
		Op{Verb: Uncomment, Select: mustSelector(t, "/r/c[k='1']")},
		Op{Verb: Ensure, Select: mustSelector(t, "/r/a[@p='2']"), Items: []*Fragment{mustFragment(t, "<a p='2'/>")}},
		Op{Verb: Ensure, Select: mustSelector(t, "/r/c[k='2']"), Items: []*Fragment{mustFragment(t, "<c><k>2</k></c>")}},
	)
	d := mustParse(t, out)
	var at []string
	for _, c := range changes {
		at = append(at, c.At)
		if found := len(d.Find(mustSelector(t, c.At))); found != 1 {
			t.Errorf("%s is found %d times", c.At, found)
		}
	}
	want := []string{"/r/a[@p='1']", "/r/a[@p='1']/b/@v", "/r/c[1]", "/r/a[@p='2']", "/r/c[2]"}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	changes, err := mustParse(t, "<r/>").Apply( // what goes again has the place that it had
		Op{Verb: Ensure, Select: mustSelector(t, "/r/e"), Items: []*Fragment{mustFragment(t, "<e/>")}},
		Op{Verb: Remove, Select: mustSelector(t, "/r/e")},
	)
	if err != nil || len(changes) != 2 || changes[0].At != "/r/e" {
		t.Errorf("got %+v, %v", changes, err)
	}
}

func TestApplyErrors(t *testing.T) {
	t.Parallel()
	const src = "<axisconfig>\n  <clustering enable='false'>\n    <parameter name='domain'>d</parameter>\n    <parameter name='domain2'/>\n" +
		"    <p><!-- c --></p>\n    <!--q/--><!--q/-->\n  </clustering>\n  <password>s3cret-value</password>\n</axisconfig>\n"
	sel := func(s string) Selector { return mustSelector(t, s) }
	tests := []struct {
		name string
		op   Op
		want string
	}{
		{"a name that is nearly right", Op{Verb: Set, Select: sel("/axisconfig/clusterng/@enable")}, `2:3: no element matches; did you mean "clustering"?`},
		{"another case", Op{Verb: Set, Select: sel("/axisConfig")}, `1:1: no element matches; did you mean "axisconfig"?`},
		{"a value that is nearly right", Op{Verb: Set, Select: sel("//parameter[@name='domian']")}, `3:5: no element matches; did you mean 'domain'?`},
		{"nothing like it", Op{Verb: Set, Select: sel("/axisconfig/clustering/x[@y='z']")}, `2:3: no element matches; this <clustering> has no <x>`},
		{"anywhere", Op{Verb: Set, Select: sel("//clusterng")}, `2:3: no element matches; did you mean "clustering"?`},
		{"predicates", Op{Verb: Set, Select: sel("/axisconfig/clustering[@enable='maybe']/@x")}, `2:3: no element matches; this <clustering> is there, but its predicates do not hold`},
		{"predicates of several", Op{Verb: Set, Select: sel("/axisconfig/clustering/parameter[@id]")}, `3:5: no element matches; there are 2 <parameter>, but the predicates hold of none`},
		{"several", Op{Verb: Set, Select: sel("//parameter"), Value: "x"}, "4:5: matches 2 elements (lines 3, 4), want 1"},
		{"several to remove", Op{Verb: Remove, Select: sel("//parameter")}, "4:5: matches 2 elements (lines 3, 4), want 1"},
		{"several in comments", Op{Verb: Uncomment, Select: sel("//q")}, "6:14: matches 2 commented elements (lines 6, 6), want 1"},
		{"text of an element with elements", Op{Verb: Set, Select: sel("/axisconfig"), Value: "x"}, "1:1: the element holds other elements, so it has no text to set"},
		{"conflict", Op{Verb: Set, Select: sel("//parameter[@name='domain']"), Value: "x", From: []string{"y"}}, `3:5: conflict: the value is "d", which is not one that may be replaced`},
		{"conflict of a secret", Op{Verb: Set, Select: sel("//password"), Value: "x", From: []string{"y"}}, `8:3: conflict: the value is "********", which is not one that may be replaced`},
		{"a value that XML cannot hold", Op{Verb: Set, Select: sel("//password"), Value: "x\x00"}, "8:3: the value holds the character U+0000, which XML cannot hold"},
		{"a value that is not UTF-8", Op{Verb: Set, Select: sel("//password"), Value: "x\xff"}, "8:3: the value is not UTF-8"},
		{"comment out a comment", Op{Verb: Comment, Select: sel("//p")}, `5:5: the element holds a comment or "--", so it cannot be commented out`},
		{"comment out the root", Op{Verb: Comment, Select: sel("/axisconfig")}, "1:1: the root element cannot be commented out"},
		{"remove the root", Op{Verb: Remove, Select: sel("/axisconfig")}, "1:1: the root element cannot be removed"},
		{"comment an attribute", Op{Verb: Comment, Select: sel("/a/@b")}, "comment takes a selector of elements, not of an attribute"},
		{"create without saying what", Op{Verb: Set, Select: sel("/axisconfig/x[@y]"), Create: true}, "no element matches, and one cannot be created: [@y] does not say how it looks"},
		{"create a root", Op{Verb: Set, Select: sel("/x"), Create: true}, "no element matches; there is no <x>"},
		{"a fragment that its selector does not match", Op{Verb: Ensure, Select: sel("/axisconfig/m[@id='1']"), Items: []*Fragment{{Name: "m"}}}, "what is written does not match the selector, so it would be written again and again"},
		{"an item that its selector does not match", Op{Verb: List, Select: sel("/axisconfig/m[@id='1']"), Items: []*Fragment{{Name: "m"}}}, "what is written does not match the selector, so it would be written again and again"},
		{"an item that makes a match none", Op{Verb: List, Select: sel("//parameter[@name='domain']"), Items: []*Fragment{mustFragment(t, "<parameter name='x'/>")}}, "what is written does not match the selector, so it would be written again and again"},
		{"a fragment that makes a match none", Op{Verb: Ensure, Select: sel("//parameter[@name='domain']"), Items: []*Fragment{mustFragment(t, "<parameter name='x'/>")}}, "what is written does not match the selector, so it would be written again and again"},
		{"create against its own predicate", Op{Verb: Set, Select: sel("/axisconfig/m[@id='1']/@id"), Value: "2", Create: true}, "what is written does not match the selector, so it would be written again and again"},
		{"a list anywhere", Op{Verb: List, Select: sel("//m"), Items: []*Fragment{{Name: "m"}}}, "no element matches; there is no <m>"},
		{"an item with an undeclared prefix", Op{Verb: List, Select: sel("//parameter"), Items: []*Fragment{mustFragment(t, "<parameter name='domain'/>"), mustFragment(t, "<parameter name='domain2'/>"), {Name: "x:parameter"}}}, `2:3: the edit would not be well-formed: namespace prefix "x" is not declared`},
		{"an undeclared prefix", Op{Verb: Ensure, Select: sel("/axisconfig/m"), Items: []*Fragment{{Name: "x:m"}}}, `1:1: the edit would not be well-formed: namespace prefix "x" is not declared`},
		{"a list with a position", Op{Verb: List, Select: sel("/axisconfig/p[1]")}, "a list takes a selector without a position in its last step"},
		{"a list of the root", Op{Verb: List, Select: sel("/axisconfig")}, "1:1: the root element is not one of a list"},
		{"change a namespace", Op{Verb: Set, Select: sel("/axisconfig/@xmlns"), Value: "urn:x"}, "1:1: a namespace declaration cannot be changed: names depend on it"},
		{"ensure a root", Op{Verb: Ensure, Select: sel("/x"), Items: []*Fragment{{Name: "x"}}}, "no element matches; there is no <x>"},
		{"uncomment by position", Op{Verb: Uncomment, Select: sel("/axisconfig/clustering/q[2]")}, "a commented element has no position"},
		{"create in text", Op{Verb: Set, Select: sel("/axisconfig/password/x"), Value: "1", Create: true}, "8:3: the element holds text, so no element can be put into it"},
		{"no selector", Op{Verb: Set}, "the selector is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := mustParse(t, src)
			good := Op{Verb: Set, Select: sel("/axisconfig/clustering/@enable"), Value: "true"}
			_, err := d.Apply(good, tt.op, good)
			var errs OpErrors
			if !errors.As(err, &errs) || len(errs) != 1 || errs[0].Op != 1 {
				t.Fatalf("error %v", err)
			}
			if err.Error() != tt.want {
				t.Errorf("got  %s\nwant %s", err, tt.want)
			}
			if got := d.render(); got != src {
				t.Errorf("the document changed:\n%s", got)
			}
			if _, err := d.Result(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCommentsBesideTheRoot(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "<!--a/--><b xmlns:p='urn:p'/>")
	_, err := d.Apply(
		Op{Verb: Uncomment, Select: mustSelector(t, "/a")},
		Op{Verb: Set, Select: mustSelector(t, "/a"), Value: "1"},
		Op{Verb: Remove, Select: mustSelector(t, "/b/@xmlns:p")},
	)
	want := "no element matches; there is no <a>\nno element matches; there is no <a>\n1:10: a namespace declaration cannot be removed: names depend on it"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// An operation can take a document beyond the limits. That is no defect, so the error is one of the document.
func TestResultBeyondLimits(t *testing.T) {
	t.Parallel()
	d := mustParse(t, strings.Repeat("<a>", maxDepth)+strings.Repeat("</a>", maxDepth))
	op := Op{Verb: Set, Select: mustSelector(t, strings.Repeat("/a", maxDepth)+"/b/c"), Value: "1", Create: true}
	if _, err := d.Apply(op); err != nil {
		t.Fatal(err)
	}
	_, err := d.Result()
	var e *Error
	if !errors.As(err, &e) || e.Error() != "the result would be refused: elements are nested deeper than 250 levels" {
		t.Errorf("got %v", err)
	}
}

func TestApplyReportsAllErrors(t *testing.T) {
	t.Parallel()
	d := mustParse(t, "<s/>")
	_, err := d.Apply(
		Op{Verb: Set, Select: mustSelector(t, "/s/a")},
		Op{Verb: Ensure, Select: mustSelector(t, "/s/x"), Items: []*Fragment{{Name: "x"}}},
		Op{Verb: Set, Select: mustSelector(t, "/s/b")},
	)
	want := "1:1: no element matches; this <s> has no <a>\n1:1: no element matches; this <s> has no <b>"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	if d.render() != "<s/>" {
		t.Errorf("the document changed: %s", d.render())
	}
}
