package xmlops

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// addDocuments makes the documents for tests the seeds of a fuzz target, the large ones apart, which only slow it down.
func addDocuments(f *testing.F) {
	f.Helper()
	add := func(src []byte) {
		if len(src) < 10_000 {
			f.Add(src)
		}
	}
	for _, src := range odd(f) {
		add(src)
	}
	for _, tt := range wellFormed {
		add([]byte(tt.in))
	}
	for _, tt := range broken {
		add([]byte(tt.in))
	}
	add([]byte(shaped))
}

// FuzzScan checks that a document is given back, or refused at a place that it has.
func FuzzScan(f *testing.F) {
	addDocuments(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := Parse(src)
		if err == nil {
			checkUntouched(t, "fuzzed", src)
			return
		}
		var e *Error
		if !errors.As(err, &e) || e.Msg == "" {
			t.Fatalf("the error is %#v", err)
		}
		lines := strings.Split(string(src), "\n")
		if e.Line < 1 || e.Line > len(lines) || e.Column < 1 || e.Column > 1+len(lines[e.Line-1]) {
			t.Fatalf("there is no such place: %v", err)
		}
	})
}

// FuzzAgree checks that what encoding/xml accepts too has the same names, attributes and text for it.
func FuzzAgree(f *testing.F) {
	addDocuments(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := Parse(src)
		if err != nil {
			return
		}
		theirs, err := dumpStandard(src)
		if err != nil {
			return // another encoding, for instance
		}
		if diff := cmp.Diff(blankValues(theirs), blankValues(dump(d))); diff != "" {
			t.Errorf("encoding/xml (-) reads otherwise than xmlops (+):\n%s", diff)
		}
	})
}

// blankValues makes line ends and tabs in the attributes of a dump blanks, which encoding/xml leaves out.
func blankValues(dump string) string {
	lines := strings.Split(dump, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "@") {
			lines[i] = strings.NewReplacer(`\n`, " ", `\r`, " ", "\t", " ").Replace(line)
		}
	}
	return strings.Join(lines, "\n")
}

// dumpStandard is dump by encoding/xml.
func dumpStandard(src []byte) (string, error) {
	decoder := xml.NewDecoder(strings.NewReader(string(src)))
	w := &dumper{}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return w.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			attrs := make(map[string]string)
			for _, a := range token.Attr {
				if a.Name.Space == "xmlns" || a.Name == (xml.Name{Local: "xmlns"}) {
					if strings.ContainsAny(a.Value, "\t\n\r") {
						return "", errors.New("encoding/xml does not normalize white space in namespaces")
					}
					continue
				}
				attrs[a.Name.Space+" "+a.Name.Local] = a.Value
			}
			w.start(token.Name.Space, token.Name.Local, attrs)
		case xml.EndElement:
			w.end()
		case xml.CharData:
			w.text(string(token))
		}
	}
}

// FuzzEscape checks that a value that is written is read again, in every encoding.
func FuzzEscape(f *testing.F) {
	for _, seed := range []string{
		"", "plain", `"quotes' & <tags>`, "]]>", "a\tb\nc\rd\r\n", " blanks ", "&amp;", "&#65;", "café – €", "\u0081\u0085\u00A0\u2028",
		"\uFEFF\uFFFD", "😀", "\x00", "\x1F", "\uFFFE", "\xFF", "\xED\xA0\x80", "-->", "<![CDATA[",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if len(value) > 10_000 {
			return
		}
		possible := utf8.ValidString(value) && strings.IndexFunc(value, func(r rune) bool { return !isCharacter(r) }) < 0
		for _, enc := range []*encoding{encodingUTF8, encodingASCII, encodingLatin1, encoding1252} {
			for _, quote := range []string{`"`, "'"} {
				inText, bad := escapeText(value, enc)
				inValue, bad2 := escapeValue(value, quote[0], enc)
				if (bad == nil) != possible || (bad2 == nil) != possible {
					t.Fatalf("%s: %v, %v for a value that XML can hold: %v", enc.name, bad, bad2, possible)
				}
				if !possible {
					continue
				}
				src := "<?xml version='1.0' encoding='" + enc.name + "'?><a x=" + quote + inValue + quote + ">" + inText + "</a>"
				d, err := Parse([]byte(src))
				if err != nil {
					t.Fatalf("%q: %v", src, err)
				}
				root := d.root.Root()
				if got := root.SelectAttrValue("x", ""); got != value {
					t.Errorf("%s: the value is read as %q from %q", enc.name, got, src)
				}
				if got := text(root); got != value {
					t.Errorf("%s: the text is read as %q from %q", enc.name, got, src)
				}
			}
		}
	})
}
