package xmlops

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const elements = "\uFEFF" + `<?xml version="1.0"?>
<r xmlns="urn:d" xmlns:p='urn:p'>
  stray<!-- <no/> --><a k = "1 &amp; 2" p:k='&#65;'>x<b/>y<![CDATA[z]]></a>
  <p:c xmlns=""><d> t </d></p:c><e/>
</r>`

// What is read of elements lies in the source where it is said to.
func TestElement(t *testing.T) {
	t.Parallel()
	doc, err := Parse([]byte(elements))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(e Element, depth int)
	walk = func(e Element, depth int) {
		in := strings.Repeat("  ", depth)
		raw := func(x Text) string { return fmt.Sprintf("%q", elements[x.Lo:x.Hi]) }
		fmt.Fprintf(&b, "%s%s in %q, tag %s, content %q %s, %s\n", in, e.Name(), e.Namespace(), raw(e.Tag()), e.Content().Text, raw(e.Content()), e.Selector())
		for _, a := range e.Attributes() {
			fmt.Fprintf(&b, "%s  @%s in %q: %q %s\n", in, a.Name, a.Namespace, a.Text, raw(a))
		}
		for _, s := range e.Strings() {
			if strings.TrimSpace(s.Text) != "" {
				fmt.Fprintf(&b, "%s  text %q %s\n", in, s.Text, raw(s))
			}
		}
		for _, c := range e.Children() {
			walk(c, depth+1)
		}
	}
	walk(doc.Root().Children()[0], 0)
	walk(doc.Root().Children()[1], 0)
	walk(doc.Root().Children()[2], 0)
	want := `a in "urn:d", tag "<a k = \"1 &amp; 2\" p:k='&#65;'>", content "xyz" "x<b/>y<![CDATA[z]]>", /r/a
  @k in "": "1 & 2" "1 &amp; 2"
  @k in "urn:p": "A" "&#65;"
  text "x" "x"
  text "y" "y"
  text "z" "<![CDATA[z]]>"
  b in "urn:d", tag "<b/>", content "" "<b/>", /r/a/b
c in "urn:p", tag "<p:c xmlns=\"\">", content " t " "<d> t </d>", /r/p:c
  d in "", tag "<d>", content " t " " t ", /r/p:c/d
    text " t " " t "
e in "urn:d", tag "<e/>", content "" "<e/>", /r/e
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	root := doc.Root()
	if !root.Declares("urn:p") || !root.Declares("urn:d") || root.Declares("urn:x") || root.Children()[0].Declares("urn:p") {
		t.Error("it is said wrongly which namespaces are declared")
	}
}

// The zero Element has nothing in it.
func TestNoElement(t *testing.T) {
	t.Parallel()
	var none Element
	if none.Exists() || none.Name() != "" || none.Namespace() != "" || none.Declares("") || none.Children() != nil || none.Attributes() != nil ||
		none.Strings() != nil || none.Tag() != (Text{}) || none.Content() != (Text{}) {
		t.Error("there is something in no element")
	}
}
