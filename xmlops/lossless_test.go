package xmlops

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOdd checks that the documents of testdata/odd are taken and given back.
func TestOdd(t *testing.T) {
	t.Parallel()
	for path, src := range odd(t) {
		checkUntouched(t, path, src)
	}
}

// wellFormed are documents that must be taken: what is rare, and what is just within the limits.
var wellFormed = []struct{ name, in string }{
	{"empty element", `<a/>`},
	{"blanks in tags", "<a\n\t\r ></a \r\n>"},
	{"nothing but a name", `<_/>`},
	{"name with everything", `<a-b.c_1·9/>`},
	{"name beyond ASCII", `<Größe 名="1"/>`},
	{"name that begins with xml", `<xmlish xml-a="1"/>`},
	{"name of 900 bytes", "<" + strings.Repeat("n", 900) + "/>"},
	{"brackets in text", `<a>]] ] ]> > ]]&gt;</a>`},
	{"quotes in text", `<a>"'</a>`},
	{"CDATA", `<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]></a>`},
	{"CDATA ends with brackets", `<a><![CDATA[]]]]></a>`},
	{"empty CDATA", `<a><![CDATA[]]></a>`},
	{"empty comment", `<!----><a/><!---->`},
	{"comment with hyphens", `<a><!--- - -a ></a>--></a>`},
	{"instructions", `<?p?><a><?q ? ?? > < & "?></a><?r   ?>`},
	{"instruction that begins with xml", `<?xml-stylesheet href="a"?><a/>`},
	{"references", `<a x="&lt;&gt;&amp;&quot;&apos;">&#65;&#x41;&#x0041;&#9;&#xA;&#xd;&#x10FFFF;&#xE000;&#xFFFD;</a>`},
	{"rare characters", "<a>\u007F\u0085\u2028\uFEFF\uFFFD\U00010000\U0010FFFF</a>"},
	{"value over lines", "<a x='\n\t\r\n'/>"},
	{"value with markup", `<a x="'>/>]]>-->?>" y='"'/>`},
	{"value of 500,000 bytes", `<a x="` + strings.Repeat("v", 500_000) + `"/>`},
	{"500 attributes", "<a" + attributes(500) + "/>"},
	{"250 levels", nested(250)},
	{"100 namespaces", "<a" + namespaces(100) + "/>"},
	{"declaration", `<?xml version="1.0"?><a/>`},
	{"declaration with everything", "<?xml\tversion = '1.0'\n encoding='utf-8' standalone=\"no\" ?>\n<a/>"},
	{"declaration: standalone alone", `<?xml version="1.0" standalone='yes'?><a/>`},
	{"byte order mark", "\uFEFF<a/>"},
	{"byte order mark and declaration", "\uFEFF<?xml version='1.0' encoding='UTF-8'?><a/>"},
	{"UTF8", `<?xml version="1.0" encoding="UTF8"?><a>é</a>`},
	{"us-ascii", `<?xml version="1.0" encoding="us-ascii"?><a>a</a>`},
	{"iso-8859-1", "<?xml version='1.0' encoding='iso-8859-1'?><a\xE4 x='\xFF'>\x80\xA0</a\xE4>"},
	{"windows-1252", "<?xml version='1.0' encoding='WINDOWS-1252'?><a\xE4 x='\x80'>\x93\x94</a\xE4>"},
	{"doctype", `<!DOCTYPE a><a/>`},
	{"doctype of another name", `<!-- --><!DOCTYPE b:c ><?p?><a/>`},
	{"doctype with SYSTEM", "<!DOCTYPE a\nSYSTEM\t'\"[]>' ><a/>"},
	{"doctype with PUBLIC", `<!DOCTYPE a PUBLIC "-//A-z 0'()+,./:=?;!*#@$_%" ""><a/>`},
	{"default namespace", `<a xmlns="u"><b xmlns=""><c xmlns="v"/></b></a>`},
	{"prefixes", `<p:a xmlns:p="u" p:x="1" x="2"><p:b xmlns:p="v" p:x="1"/></p:a>`},
	{"prefix declared behind its use", `<p:a p:x="1" xmlns:p="u"/>`},
	{"two prefixes of one namespace", `<a xmlns:p="u" xmlns:q="u" p:x="1" q:y="2"/>`},
	{"the prefix xml", `<xml:a xml:lang="en" xmlns:xml="http://www.w3.org/XML/1998/namespace"/>`},
	{"a prefix that begins with xml", `<xmlp:a xmlns:xmlp="u"/>`},
}

func TestWellFormed(t *testing.T) {
	t.Parallel()
	for _, tt := range wellFormed {
		checkUntouched(t, tt.name, []byte(tt.in))
	}
}

// TestCorpus checks that the XML files of real homes are taken and given back.
func TestCorpus(t *testing.T) {
	t.Parallel()
	dir := corpus(t)
	files := readAll(t, dir)
	accepted, others := 0, make(map[string]int)
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if ext := filepath.Ext(path); ext != ".xml" {
			others[ext]++
			continue
		}
		accepted++
		checkUntouched(t, path, files[path])
	}
	t.Logf("%d files: %d are XML, all given back; no XML: %v", len(files), accepted, others)
}

// checkUntouched checks that src is taken, that its tokens tile it, and that without an op its bytes are given back.
func checkUntouched(t testing.TB, name string, src []byte) {
	t.Helper()
	d, err := Parse(src)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	at := 0
	for _, k := range scan(t, name, src) {
		if k.lo != at || k.hi <= k.lo {
			t.Errorf("%s: token [%d, %d) follows byte %d", name, k.lo, k.hi, at)
		}
		at = k.hi
		if k.kind == tokenStart {
			checkTag(t, name, src, k)
		}
	}
	if at != len(src) {
		t.Errorf("%s: the tokens end at byte %d of %d", name, at, len(src))
	}
	result, err := d.Result()
	switch {
	case err != nil:
		t.Errorf("%s: %v", name, err)
	case !bytes.Equal(result.Bytes, src):
		t.Errorf("%s: no op, yet other bytes", name)
	case len(result.Edits) != 0:
		t.Errorf("%s: no op, yet %d edits", name, len(result.Edits))
	}
}

// checkTag checks that the parts of a start tag lie side by side in it.
func checkTag(t testing.TB, name string, src []byte, k token) {
	t.Helper()
	ok := k.name.lo == k.lo+1
	at := k.name.hi
	for _, a := range k.attrs {
		gap, equals := string(src[a.gap:a.name.lo]), string(src[a.name.hi:a.value.lo-1])
		quote := src[a.value.lo-1]
		ok = ok && a.gap == at && gap != "" && strings.Trim(gap, blanks) == "" && strings.Trim(equals, blanks) == "=" &&
			(quote == '"' || quote == '\'') && src[a.value.hi] == quote && bytes.IndexByte(src[a.value.lo:a.value.hi], quote) < 0
		at = a.value.hi + 1
	}
	end := ">"
	if k.closed {
		end = "/>"
	}
	if rest := string(src[at:k.hi]); !ok || strings.TrimLeft(rest, blanks) != end {
		t.Errorf("%s: the parts of the tag at byte %d do not lie side by side", name, k.lo)
	}
}

// odd returns the documents of testdata/odd by their path.
func odd(t testing.TB) map[string][]byte {
	t.Helper()
	return readAll(t, "../testdata/odd")
}

// corpus returns the folder with real homes.
func corpus(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("CARBONPATCH_CORPUS")
	if dir == "" {
		t.Skip("CARBONPATCH_CORPUS is not set: it names a folder with real homes")
	}
	return dir
}

func readAll(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no files below %s", dir)
	}
	return files
}

// scan returns all tokens of src.
func scan(t testing.TB, name string, src []byte) []token {
	t.Helper()
	tokens, err := scanAll(string(src))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return tokens
}

func scanAll(src string) ([]token, *Error) {
	s, err := newScanner(src)
	if err != nil {
		return nil, err
	}
	var tokens []token
	for {
		var k token
		ok, err := s.next(&k)
		if err != nil || !ok {
			return tokens, err
		}
		k.attrs = slices.Clone(k.attrs)
		tokens = append(tokens, k)
	}
}
