package strictyaml

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"syntax", "a: b\nc: [1, 2\n", "f.yaml:1:1: not valid YAML at or after this line: did not find expected ',' or ']'"},
		{"tab", "a:\n\tb: c\n", "f.yaml:2:1: not valid YAML at or after this line: found character that cannot start any token\nhint: a tab can't indent, and a text that starts with % @ or ` needs quotes"},
		{"bad escape", "pw: \"hunter2\\q\"\n", "f.yaml: not valid YAML: found unknown escape character"},
		{"unknown alias", "pw: *hunter2\n", "f.yaml: anchors and aliases are not supported\nhint: a text that starts with * needs quotes"},
		{"anchor", "a: &x {b: 1}\n", "f.yaml:1:4: anchors and aliases are not supported\n  a: &x {b: 1}\n     ^\nhint: write the value out; a text that starts with & or * needs quotes"},
		{"tag", "a: !!binary aGk=\n", "f.yaml:1:4: tags are not supported\n  a: !!binary aGk=\n     ^\nhint: a text that starts with ! needs quotes"},
		{"second document", "a: b\n---\nc: d\n", "f.yaml:2:1: a second YAML document starts here; a file holds one"},
		{"duplicate key", "a: 1\nb: 2\na: 3\n", "f.yaml:3:1: \"a\" is given twice, first in line 1\n  a: 3\n  ^"},
		{"all duplicate keys", "x: {a: 1, a: 2}\ny: {b: 1, b: 2}\n", "f.yaml:1:11: \"a\" is given twice, first in line 1\n  x: {a: 1, a: 2}\n            ^\nf.yaml:2:11: \"b\" is given twice, first in line 2\n  y: {b: 1, b: 2}\n            ^"},
		{"key that is no text", "[a]: b\n", "f.yaml:1:1: a key must be text\n  [a]: b\n  ^"},
		{"null key", "~: b\n", "f.yaml:1:1: a key must be text\n  ~: b\n  ^"},
		{"deep", strings.Repeat("[", 40) + strings.Repeat("]", 40), "f.yaml:1:1: nested more than 32 levels deep"},
		{"very deep", strings.Repeat("[", 200_000), "f.yaml: not valid YAML: exceeded max depth of 10000"},
		{"large", strings.Repeat("#", MaxSize+1), "f.yaml: the file is larger than 512 KiB"},
		{"many", strings.Repeat("- [a, b, c, d, e, f, g, h, i]\n", maxEntries), "f.yaml:2000:1: the file holds more than 20000 keys and values"},
		{"long list", "a: [" + strings.Repeat("a,", maxEntries+1) + "]", "f.yaml:1:1: a mapping or list has more than 2000 entries"},
		{"long mapping", "a:\n" + strings.Repeat("  a: b\n", maxEntries+1), "f.yaml:2:1: a mapping or list has more than 2000 entries"},
		{"long text", "a: b\nc: " + strings.Repeat("x", maxText+1), "f.yaml:2:1: a text is longer than 64 KiB"},
		{"long key", "a: b\n? " + strings.Repeat("x", maxKey+1) + "\n: c\n", "f.yaml:2:3: a key is longer than 1000 bytes"},
		{"control character", "a: b\nä: \x01\n", "f.yaml:2:4: the character U+0001 is not allowed here"},
		{"byte order mark further down", "\ufeffa: b\n\ufeffc: d\n", "f.yaml:2:1: the character U+FEFF is not allowed here"},
		{"not UTF-8", "a: b\r\nä: \xff\n", "f.yaml:2:4: byte 0xFF is not UTF-8\nhint: convert the file to UTF-8"},
		{"replacement character", "a: \ufffd\xc0\xaf\n", "f.yaml:1:5: byte 0xC0 is not UTF-8\nhint: convert the file to UTF-8"},
		{"UTF-16", "\xff\xfea\x00:\x00 \x00b\x00", "f.yaml: encoding UTF-16 is not supported\nhint: convert the file to UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := Parse("f.yaml", []byte(tt.in))
			if err == nil {
				err = d.Err()
			}
			if diff := cmp.Diff(tt.want, problemtest.Report(err)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestParseTakes(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "# nothing\n", "~\n", "---\na: b\n...\n", "\ufeffa: b\r\n", `{"a": "b"}`} {
		if _, err := Parse("f.yaml", []byte(in)); err != nil {
			t.Errorf("%q: %v", in, err)
		}
	}
}

// value is the value of a key of the root.
func value(t *testing.T, d *Document, key string) *yaml.Node {
	t.Helper()
	for _, e := range d.Entries(d.Root, "the root") {
		if e.Key.Value == key {
			return e.Value
		}
	}
	t.Fatalf("no key %q", key)
	return nil
}

func TestPositions(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, part, want string }{
		{"plain", "a: one two\n", "two", "f.yaml:1:8: here\n  a: one two\n         ^^^"},
		{"single quotes", "a: 'one two'\n", "two", "f.yaml:1:9: here\n  a: 'one two'\n          ^^^"},
		{"double quotes", "a: \"one two\"\n", "two", "f.yaml:1:9: here\n  a: \"one two\"\n          ^^^"},
		{"after an escape", "a: \"\\tone two\"\n", "two", "f.yaml:1:4: here\n  a: \"\\tone two\"\n     ^^^^^^^^^^^"},
		{"not in the text", "a: one two\n", "three", "f.yaml:1:4: here\n  a: one two\n     ^^^^^^^"},
		{"block", "a: |\n  one\n  two\n", "two", "f.yaml:1:4: here\n  a: |\n     ^"},
		{"wide characters", "ä: öö two\n", "two", "f.yaml:1:7: here\n  ä: öö two\n        ^^^"},
		{"CRLF", "b: 1\r\na: one two\r\n", "two", "f.yaml:2:8: here\n  a: one two\n         ^^^"},
		{"lone CR", "b: 1\ra: one two\r", "two", "f.yaml:2:8: here\n  a: one two\n         ^^^"},
		{"byte order mark", "\ufeffa: one two\n", "two", "f.yaml:1:8: here\n  a: one two\n         ^^^"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := Parse("f.yaml", []byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			key := "a"
			if strings.HasPrefix(tt.in, "ä") {
				key = "ä"
			}
			d.ErrorIn(value(t, d, key), tt.part, "", "here")
			if diff := cmp.Diff(tt.want, problemtest.Report(d.Err())); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestHide(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"its own line", "pw: hunter2\n", "f.yaml:1:5: wrong\n  pw: ********\n      ^^^^^^^^"},
		{"quoted", "pw: \"hun ter2\"\n", "f.yaml:1:5: wrong\n  pw: ********\n      ^^^^^^^^"},
		{"quote in quotes", "pw: 'hun''ter2'\n", "f.yaml:1:5: wrong\n  pw: ********\n      ^^^^^^^^"},
		{"left of the problem", "{pw: hunter2, x: 5}\n", "f.yaml:1:6: wrong\n  {pw: ********, x: 5}\n       ^^^^^^^^\nf.yaml:1:18: wrong\n  {pw: ********, x: 5}\n                    ^"},
		{"right of the problem", "{x: 5, pw: hunter2}\n", "f.yaml:1:5: wrong\n  {x: 5, pw: ********}\n      ^\nf.yaml:1:12: wrong\n  {x: 5, pw: ********}\n             ^^^^^^^^"},
		{"tagged", "{pw: !!str \"hun ter2\", x: 5}\n", "f.yaml:1:6: tags are not supported\nhint: a text that starts with ! needs quotes\nf.yaml:1:27: wrong"},
		{"left of a URL", "{pw: hunter2, x: 'http://me:hunter2@host'}\n", "f.yaml:1:6: wrong\n  {pw: ********, x: 'http://********@host'}\n       ^^^^^^^^\nf.yaml:1:18: wrong\n  {pw: ********, x: 'http://********@host'}\n                    ^^^^^^^^^^^^^^^^^^^^^^"},
		{"around the problem", "x: 'http://me:hunter2@host'\n", "f.yaml:1:4: wrong\n  x: 'http://********@host'\n     ^^^^^^^^^^^^^^^^^^^^^^"},
		{"on several lines", "{pw: \"hun\n  ter2\", x: 5}\n", "f.yaml:1:6: wrong\nf.yaml:2:13: wrong"},
		{"in a long line", "{pw: hunter2, x: \"" + strings.Repeat("x", 500) + "\"}\n", "f.yaml:1:6: wrong\nf.yaml:1:18: wrong"},
		{"block", "pw: |\n  hunter2\nx: 5\n", "f.yaml:1:5: wrong\nf.yaml:3:4: wrong"},
		{"in a comment", "x: env:X   # password: hunter2 hunter2\n", "f.yaml:1:4: wrong\n  x: env:X   # password: ******** hunter2\n     ^^^^^"},
		{"in a text", "x: \"{jndi: a, password: hunter2}\"\n", "f.yaml:1:4: wrong\n  x: \"{jndi: a, password: ********\"\n     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"},
		{"not for the name of a key", "{secret: true, x: {token: 1}}\n", "f.yaml:1:10: wrong\n  {secret: true, x: {token: 1}}\n           ^^^^\nf.yaml:1:19: wrong\n  {secret: true, x: {token: 1}}\n                    ^"},
		{"in a line that goes on", "{x: \"a\n http://me:hunter2@host\", y: 5}\n", "f.yaml:1:5: wrong\n  {x: \"a\n      ^\nf.yaml:2:30: wrong\n   http://********@host\", y: 5}\n                             ^"},
		{"in a URL", "x: http://me:hunter2@host\n", "f.yaml:1:4: wrong\n  x: http://********@host\n     ^^^^^^^^^^^^^^^^^^^^"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := Parse("f.yaml", []byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range d.Entries(d.Root, "the root") {
				d.Errorf(e.Value, "", "wrong")
				if e.Key.Value == "pw" {
					d.Hide(e.Value)
				}
			}
			if diff := cmp.Diff(tt.want, problemtest.Report(d.Err())); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// A hostile file makes neither the problems nor the time to find them grow without end.
func TestManyProblems(t *testing.T) {
	t.Parallel()
	d, err := Parse("f.yaml", []byte("["+strings.Repeat("\"p\",", maxEntries)+"]"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range d.Root.Content {
		d.Hide(n)
		d.Errorf(n, "", "wrong")
	}
	got := strings.Split(problemtest.Report(d.Err()), "\n")
	if want := "f.yaml: there are more than 100 problems; the others are not shown"; len(got) != 101 || got[100] != want {
		t.Errorf("got %d lines, the last %q", len(got), got[len(got)-1])
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	d, err := Parse("f.yaml", []byte("title: x\nTitel: y\nsize: [1]\nxyzzy: 1\nname:\nlist: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	ignore := func(Entry) {}
	d.Fields(d.Root, "the file", map[string]func(Entry){
		"title": ignore,
		"size":  func(e Entry) { d.Text(e.Value, "size") },
		"name":  func(e Entry) { d.Text(e.Value, "name") },
		"list":  func(e Entry) { d.List(e.Value, "list") },
	})
	want := `f.yaml:2:1: unknown key "Titel" in the file
  Titel: y
  ^^^^^
hint: did you mean "title"?
f.yaml:3:7: size must be a single value
  size: [1]
        ^
f.yaml:4:1: unknown key "xyzzy" in the file
  xyzzy: 1
  ^^^^^
hint: known are list, name, size, title
f.yaml:5:6: name has no value
  name:
       ^
f.yaml:6:7: list must be a list
  list: 1
        ^`
	if diff := cmp.Diff(want, problemtest.Report(d.Err())); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestArgument(t *testing.T) {
	t.Parallel()
	single, err := Argument("--set a", "[: not, YAML", true)
	if err != nil || single.Root.Value != "[: not, YAML" {
		t.Errorf("got %v, %v", single, err)
	}
	_, err = Argument("--set a", "[1", false)
	if want := "--set a: not valid YAML: did not find expected ',' or ']'"; problemtest.Report(err) != want {
		t.Errorf("got %s, want %s", problemtest.Report(err), want)
	}
	d, err := Argument("--set a", "[1, 2]", false)
	if err != nil {
		t.Fatal(err)
	}
	d.Errorf(d.Root.Content[1], "", "wrong")
	if want := "--set a: wrong"; problemtest.Report(d.Err()) != want {
		t.Errorf("got %s, want %s", problemtest.Report(d.Err()), want)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"membershipScheme", "domain", "deploymentSynchronizer.svnUrl", "hostName"}
	tests := []struct{ name, want string }{
		{"membershpScheme", "membershipScheme"},
		{"MEMBERSHIPSCHEME", "membershipScheme"},
		{"doamin", "domain"},
		{"svnUrl", "deploymentSynchronizer.svnUrl"},
		{"hostname", "hostName"},
		{"svnURI", "deploymentSynchronizer.svnUrl"},
		{"deploymentSynchroniser.svnUrl", "deploymentSynchronizer.svnUrl"},
		{"a.b.svnUrl", ""},
		{"port", ""},
		{"", ""},
		{strings.Repeat("x", 1_000_000), ""},
	}
	for _, tt := range tests {
		if got := Nearest(tt.name, names); got != tt.want {
			t.Errorf("Nearest(%.20q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// complain reports every node below n, and hides every third one.
func complain(d *Document, n *yaml.Node) {
	if n == nil {
		return
	}
	d.Errorf(n, "", "wrong")
	if n.Kind == yaml.ScalarNode && n.Column%3 == 0 {
		d.Hide(n)
	}
	for _, child := range n.Content {
		complain(d, child)
	}
}

// FuzzParse checks that no input panics, and that problems point into the document.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a: b\n", "a: [1, {b: c}]\n", "a: |\n  x\n", "\ufeffa: 'b'\r\n", "a: &x 1\nb: *x\n", "a: 1\n---\nb: 2\n", "\u2028a: \"\\x41\"\u0085", "? c"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse("f.yaml", data)
		if err == nil {
			complain(d, d.Root)
			err = d.Err()
		}
		CheckPlaces(t, err, data)
	})
}
