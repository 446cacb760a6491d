//go:build !race

// The race detector would falsify what is measured here.

package xmlops

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// hostile are large documents that must be refused quickly and with little memory.
var hostile = []struct {
	name string
	in   func() string
	want string
}{
	{"251 levels", func() string { return nested(251) }, "1:751: elements are nested deeper than 250 levels"},
	{"1,000,000 levels", func() string { return nested(1_000_000) }, "1:751: elements are nested deeper than 250 levels"},
	{"levels never closed", func() string { return fill("", "<a>", "") }, "1:751: elements are nested deeper than 250 levels"},
	{"elements never closed", func() string { return fill("<r>", "<a/>", "") }, "1:2400000: more than 600000 elements, attributes, texts and comments"},
	{"501 attributes", func() string { return "<a" + attributes(501) + "/>" }, "1:3894: more than 500 attributes"},
	{"200,000 attributes", func() string { return "<a" + attributes(200_000) + "/>" }, "1:3894: more than 500 attributes"},
	{"500 attributes and one of them twice", func() string { return "<a" + attributes(499) + ` a0=""/>` }, `1:3886: attribute "a0" appears twice in one tag`},
	{"the same attribute everywhere", func() string { return fill("<a", ` x=""`, "/>") }, "1:2504: more than 500 attributes"},
	{"value of 500,001 bytes", func() string { return `<a x="` + strings.Repeat("v", 500_001) + `"/>` }, "1:7: the value of an attribute is longer than 500000 bytes"},
	{"value of 16 MB", func() string { return fill(`<a x="`, "v", `"/>`) }, "1:7: the value of an attribute is longer than 500000 bytes"},
	{"value never closed", func() string { return fill(`<a x="`, "v", "") }, "1:7: the value of an attribute is longer than 500000 bytes"},
	{"value of references", func() string { return fill(`<a x="`, "&amp;", `"/>`) }, "1:7: the value of an attribute is longer than 500000 bytes"},
	{"name of 901 bytes", func() string { return "<" + strings.Repeat("n", 901) + "/>" }, "1:2: a name is longer than 900 bytes"},
	{"name of 16 MB", func() string { return fill("<", "n", "/>") }, "1:2: a name is longer than 900 bytes"},
	{"name of 16 MB beyond ASCII", func() string { return fill("<", "é", "/>") }, "1:2: a name is longer than 900 bytes"},
	{"prefix of 16 MB", func() string { return fill("<", "n", ":a/>") }, "1:2: a name is longer than 900 bytes"},
	{"name of an attribute", func() string { return fill("<a ", "n", "=''/>") }, "1:4: a name is longer than 900 bytes"},
	{"name in an end tag", func() string { return fill("<a></", "n", ">") }, "1:6: a name is longer than 900 bytes"},
	{"name of an instruction", func() string { return fill("<?", "n", "?><a/>") }, "1:3: a name is longer than 900 bytes"},
	{"name of an entity", func() string { return fill("<a>&", "n", ";</a>") }, `1:4: "&" that begins no reference`},
	{"name of a doctype", func() string { return fill("<!DOCTYPE ", "n", "><a/>") }, "1:11: a name is longer than 900 bytes"},
	{"name of an encoding", func() string { return fill(`<?xml version="1.0" encoding="`, "n", `"?><a/>`) }, "1:31: malformed name of an encoding"},
	{"system identifier never closed", func() string { return fill(`<!DOCTYPE a SYSTEM "`, "n", "") }, "1:20: identifier in a DOCTYPE is not closed"},
	{"digits of a character reference", func() string { return fill("<a>&#", "9", ";</a>") }, "1:4: malformed character reference"},
	{"zeros of a character reference", func() string { return fill("<a>&#", "0", ";</a>") }, "1:4: malformed character reference"},
	{"101 namespaces in a tag", func() string { return "<a" + namespaces(101) + "/>" }, "1:1394: more than 100 namespace declarations in scope"},
	{"101 namespaces in scope", func() string { return "<a" + namespaces(60) + "><b" + namespaces(41) + "/></a>" }, "1:1387: more than 100 namespace declarations in scope"},
	{"more than 16 MB of text", func() string { return fill("<a>", "t", "</a>") + " " }, "1:16777217: the document is larger than 16 MB"},
	{"more than 16 MB of blanks", func() string { return fill("", " ", "") + " " }, "1:16777217: the document is larger than 16 MB"},
	{"more than 16 MB of NUL", func() string { return fill("", "\x00", "") + "\x00" }, "1:16777217: the document is larger than 16 MB"},
	{"16 MB of NUL", func() string { return fill("", "\x00", "") }, "1:1: character U+0000 is not allowed in XML"},
	{"16 MB of blanks", func() string { return fill("", " ", "") }, "1:16777217: the document has no root element"},
	{"16 MB of lines", func() string { return fill("<a>", "\n", "\x00") }, "16777213:1: character U+0000 is not allowed in XML"},
	{"16 MB of carriage returns", func() string { return fill("<a>", "\r", "\x00") }, "1:16777216: character U+0000 is not allowed in XML"},
	{"16 MB of ]", func() string { return fill("<a>", "]", "") }, "1:16777217: the document ends inside element <a> of line 1"},
	{"16 MB of ] in CDATA", func() string { return fill("<a><![CDATA[", "]", "") }, "1:4: CDATA section is not closed"},
	{"16 MB of ? in an instruction", func() string { return fill("<?p ", "?", "") }, "1:1: processing instruction is not closed"},
	{"16 MB of hyphens in a comment", func() string { return fill("<!-- ", "- ", "") }, "1:1: comment is not closed"},
	{"16 MB of <", func() string { return fill("", "<", "") }, `1:1: "<" that begins no tag`},
	{"16 MB of &", func() string { return fill("<a>", "&", "") }, `1:4: "&" that begins no reference`},
	{"16 MB of quotes", func() string { return fill("<a x='", `"`, "") }, "1:7: the value of an attribute is longer than 500000 bytes"},
	{"16 MB beyond ASCII and a bad byte", func() string { return fill("<a>", "é", "\xFF") }, "1:8388610: byte 0xFF is not UTF-8"},
	{"comments and no root", func() string { return fill("", "<!---->", "") }, "1:4200001: more than 600000 elements, attributes, texts and comments"},
	{"instructions and no root", func() string { return fill("", "<?p?>", "") }, "1:3000001: more than 600000 elements, attributes, texts and comments"},
	{"comments after the root, one open", func() string { return fill("<a/>", "<!---->", "<!--") }, "1:4199998: more than 600000 elements, attributes, texts and comments"},
	{"comment starts", func() string { return fill("<a>", "<!--", "") }, `1:10: "--" in a comment`},
	{"CDATA sections never closed", func() string { return fill("<a>", "<![CDATA[]]>", "") }, "1:7199992: more than 600000 elements, attributes, texts and comments"},
	{"attributes of elements never closed", func() string { return fill("<r>", `<a a="" b="" c="" d=""/>`, "") }, "1:2879980: more than 600000 elements, attributes, texts and comments"},
	{"blanks in a tag never closed", func() string { return fill("<a", " ", "") }, "1:1: start tag is not closed"},
	{"600,001 elements", func() string { return "<r>" + strings.Repeat("<z/>", 600_000) + "</r>" }, "1:2400000: more than 600000 elements, attributes, texts and comments"},
	{"entities of entities", func() string { return fill("<!DOCTYPE a [", `<!ENTITY a "&b;&b;">`, "]><a>&a;</a>") }, "1:13: DOCTYPE with an internal subset is not supported"},
}

// TestHostile is not parallel: it measures.
func TestHostile(t *testing.T) {
	const second, memory = time.Second, 64 << 20
	slowest, largest := time.Duration(0), uint64(0)
	for _, tt := range hostile {
		in := []byte(tt.in())
		var err error
		took, allocated := cost(func() { _, err = Parse(in) })
		checkRefusal(t, tt.name, err, tt.want)
		if took > second || allocated > memory {
			t.Errorf("%s: refusing %d bytes took %v and %d KB", tt.name, len(in), took, allocated>>10)
		}
		slowest, largest = max(slowest, took), max(largest, allocated)
	}
	t.Logf("%d hostile documents refused, each within %v and %d KB", len(hostile), slowest, largest>>10)
}

// TestHostileNodes reads as many nodes as a document may have.
func TestHostileNodes(t *testing.T) {
	const second, memory = time.Second, 256 << 20
	for _, in := range []string{
		"<r>" + strings.Repeat("<z/>", 599_999) + "</r>",
		"<r>" + strings.Repeat("<z>t</z>", 299_999) + "</r>",
		"<r>" + strings.Repeat("<!---->", 599_999) + "</r>",
		"<r>" + strings.Repeat("<z"+attributes(99)+"/>", 5_999) + "</r>",
	} {
		var err error
		took, allocated := cost(func() { _, err = Parse([]byte(in)) })
		if err != nil || took > second || allocated > memory {
			t.Errorf("%.20s...: reading took %v and %d KB, %v", in, took, allocated>>10, err)
		}
	}
}

// TestHostileComments looks for commented elements where there are next to none, but many begin.
func TestHostileComments(t *testing.T) {
	sel, err := ParseSelector("//x")
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range []string{
		"<a>", "<a ", "<a x='", "<a/>", "< ", "<a><b></a>", "<a>x</a>", "<a>&lt;", "<a></b>", "<![CDATA[", "<a><![CDATA[", "<a><?p ",
	} {
		d, err := Parse([]byte("<r><!--" + strings.Repeat(piece, 500_000/len(piece)) + "--></r>"))
		if err != nil {
			t.Fatal(err)
		}
		took, _ := cost(func() { d.FindCommented(sel) })
		if took > 2*time.Second {
			t.Errorf("looking through a comment full of %q took %v", piece, took)
		}
	}
}

// cost returns how long f takes and how many bytes it allocates, freed ones included.
func cost(f func()) (time.Duration, uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	f()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	return took, after.TotalAlloc - before.TotalAlloc
}

// fill repeats middle until the document is as large as it may be.
func fill(before, middle, after string) string {
	return before + strings.Repeat(middle, (MaxSize-len(before)-len(after))/len(middle)) + after
}
