package jsonops

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// odd is a file with everything that a printer of JSON would not give back.
const odd = "\uFEFF{ // what the application is for\r\n" +
	"\t\"a\" : { \"url\":\"https:\\/\\/localhost:9443\\/samlsso\" , /* \"url\": \"x\" */ \"n\": 1.50,\r\n" +
	"\t\t\"t\": true, \"null\": null, \"empty\": {}, },\r\n" +
	"\t\"a/b~c\": [ \"ä\\u0041\", [false], ],\r\n" +
	"\t\"\": \"unnamed\" }"

func TestApply(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		op       Op
		old, new string // the one text in odd that is replaced
	}{
		{"a string", Op{Pointer: "/a/url", Value: "https://h/samlsso"}, `"https:\/\/localhost:9443\/samlsso"`, `"https://h/samlsso"`},
		{"escapes", Op{Pointer: "/a/url", Value: "\"\\<&>'\n\u2028é"}, `"https:\/\/localhost:9443\/samlsso"`, `"\"\\<&>'\n` + "\u2028é" + `"`},
		{"a number", Op{Pointer: "/a/n", Value: "2"}, `1.50`, `2`},
		{"no longer a number", Op{Pointer: "/a/n", Value: "02"}, `1.50`, `"02"`},
		{"a bool", Op{Pointer: "/a/t", Value: "false"}, `true`, `false`},
		{"no longer a bool", Op{Pointer: "/a/t", Value: "1"}, `true`, `"1"`},
		{"null", Op{Pointer: "/a/null", Value: "null"}, `null,`, `"null",`},
		{"in a list", Op{Pointer: "/a~1b~0c/1/0", Value: "true"}, `[false]`, `[true]`},
		{"without a name", Op{Pointer: "/", Value: "x"}, `"unnamed"`, `"x"`},
		{"the same, escaped otherwise", Op{Pointer: "/a/url", Value: "https://localhost:9443/samlsso"}, ``, ``},
		{"the same text", Op{Pointer: "/a~1b~0c/0", Value: "äA"}, ``, ``},
		{"the same number", Op{Pointer: "/a/n", Value: "1.50"}, ``, ``},
		{"a bool", Op{Pointer: "/a/t", Value: "true"}, ``, ``},
		{"not there", Op{Pointer: "/a/nothing/at/all", Value: "x", Optional: true}, ``, ``},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := Apply([]byte(odd), test.op)
			if err != nil {
				t.Fatal(err)
			}
			i := strings.LastIndex(odd, test.old)
			want := odd[:i] + test.new + odd[i+len(test.old):]
			if diff := cmp.Diff(want, string(r.Bytes)); diff != "" {
				t.Error(diff)
			}
			if changed := len(test.old) > 0; changed != (len(r.Changes) == 1) || changed == (r.Right == 1) && !test.op.Optional {
				t.Errorf("%v, %d right", r.Changes, r.Right)
			}
			again, err := Apply(r.Bytes, test.op)
			if err != nil || len(again.Changes) > 0 {
				t.Errorf("the second time: %v, %v", err, again.Changes)
			}
		})
	}
}

// A comment may be the last of a file, without a line end.
func TestLastComment(t *testing.T) {
	t.Parallel()
	for _, comment := range []string{"//", "// x", "/* x */"} {
		r, err := Apply([]byte(`{"a": 1}`+comment), Op{Pointer: "/a", Value: "2"})
		if err != nil {
			t.Fatal(err)
		}
		if want := `{"a": 2}` + comment; string(r.Bytes) != want {
			t.Errorf("got %s, want %s", r.Bytes, want)
		}
	}
}

// Brackets in comments and strings lie in nothing.
func TestDepth(t *testing.T) {
	t.Parallel()
	brackets := strings.Repeat("[{", maxDepth)
	in := "{ // " + brackets + "\n/* " + brackets + " */ \"\\\"" + brackets + "\": 1, \"a\": 1}"
	if _, err := Apply([]byte(in), Op{Pointer: "/a", Value: "2"}); err != nil {
		t.Error(err)
	}
	in = strings.Repeat("[", maxDepth) + strings.Repeat("]", maxDepth)
	if _, _, err := Find([]byte(in), "/0"); err != nil {
		t.Error(err)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	const in = "{\n  \"db\": {\"password\": {\"value\": \"old\"}},\n  \"äö\": 1 }"
	r, err := Apply([]byte(in), Op{Pointer: "/äö", Value: "2"}, Op{Pointer: "/db/password/value", Value: "new"})
	if err != nil {
		t.Fatal(err)
	}
	want := []xmlops.Change{
		{Op: 0, Kind: xmlops.Changed, At: "/äö", Position: xmlops.Position{Line: 3, Column: 9}, Before: "1", After: "2"},
		{Op: 1, Kind: xmlops.Changed, At: "/db/password/value", Position: xmlops.Position{Line: 2, Column: 32}, Before: "old", After: "new", Sensitive: true},
	}
	if diff := cmp.Diff(want, r.Changes); diff != "" {
		t.Error(diff)
	}
	if want := "{\n  \"db\": {\"password\": {\"value\": \"new\"}},\n  \"äö\": 2 }"; string(r.Bytes) != want {
		t.Errorf("%s", r.Bytes)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	set := func(pointer string) Op { return Op{Pointer: pointer, Value: "x", Optional: true} }
	tests := []struct {
		name, in string
		op       Op
		want     string
	}{
		{"nothing", "", set("/a"), "1:1: not well-formed JSON: the document is empty"},
		{"a comma missing", "{\"a\": 1\n\"b\": 2}", set("/a"), "2:1: not well-formed JSON: a comma is missing before this"},
		{"a comma missing in a list", "[1 2]", set("/a"), "1:4: not well-formed JSON: a comma is missing before this"},
		{"a comma too many", "{\"a\": 1,,}", set("/a"), "1:9: not well-formed JSON: a value is missing here"},
		{"a colon missing", "{\"a\" 1}", set("/a"), "1:6: not well-formed JSON: a colon is missing before this"},
		{"a quote not closed", "{\"a\": \"secret}", set("/a"), "1:15: not well-formed JSON: a quote is not closed"},
		{"a quote missing that quotes the parser", "{\"a\": expecting}", set("/a"), "1:7: not well-formed JSON: this is neither a text in double quotes nor a number, true, false or null"},
		{"cut off", "{\"a\": \"secret\",\n", set("/a"), "2:1: not well-formed JSON: the document ends too early"},
		{"no quotes", "{\"ä\": 1, b: secret}", set("/a"), "1:10: not well-formed JSON: this is neither a text in double quotes nor a number, true, false or null"},
		{"behind the end", "\uFEFF{} secret", set("/a"), "1:4: not well-formed JSON: something stands behind the end of the document"},
		{"a comment not closed", "{}/* secret", set("/a"), "1:3: not well-formed JSON: a comment is not closed"},
		{"Latin 1", "{\n\"a\": \"\xe4\"}", set("/a"), "2:7: not UTF-8, as JSON must be"},
		{"UTF-16", "\xff\xfe{\x00}\x00", set("/a"), "1:1: not UTF-8, as JSON must be"},
		{"far too deep", strings.Repeat("[", 1<<20), set("/a"), "1:251: nested deeper than 250"},
		{"twice", "{\"a\": 1,\n\"a\": 2}", set("/a"), `2:1: two members are named "a" (lines 1 and 2), want 1`},
		{"an object", `{"a": {}}`, set("/a"), `1:7: "a" (line 1) is no single value`},
		{"a value that is not UTF-8", `{"a": "b"}`, Op{Pointer: "/a", Value: "\xe4"}, "the value is not UTF-8, as JSON must be"},
		{"misspelled", "{\n\"identityProviderURL\": 1}", Op{Pointer: "/identityProvidrUrl"}, `no member "identityProvidrUrl"; did you mean "identityProviderURL" (line 2)?`},
		{"missing", "{\"a\": {\n\"b\": {\"zz\": 1}}}", Op{Pointer: "/a/b/c"}, `"b" (line 2) holds no "c"`},
		{"missing at the top", "{}", Op{Pointer: "/a/b/c"}, `the document holds no "a"`},
		{"below a single value", `{"a": "secret"}`, Op{Pointer: "/a/b"}, `"a" (line 1) is a single value, which has no "b"`},
		{"behind a list", `{"a": [1, 2]}`, Op{Pointer: "/a/2"}, `"a" (line 1) is a list of 2, which has no "2"`},
		{"no index", `{"a": [1, 2]}`, Op{Pointer: "/a/01"}, `"a" (line 1) is a list of 2, which has no "01"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := Apply([]byte(test.in), test.op)
			if err == nil {
				t.Fatalf("no error, but\n%s", r.Bytes)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAllErrors(t *testing.T) {
	t.Parallel()
	_, err := Apply([]byte(`{"a": 1}`), Op{Pointer: "/b"}, Op{Pointer: "/a", Value: "2"}, Op{Pointer: "/a", Value: "3"}, Op{Pointer: "/a", Value: "2"})
	var all xmlops.OpErrors
	if !errors.As(err, &all) || len(all) != 2 || all[0].Op != 0 || all[1].Op != 2 || all[1].Msg != "operation 2 sets the same place to another value" {
		t.Errorf("%v", err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pointer string
		want          Value
		raw           string // where it stands; "" where nothing is found
	}{
		{"a string", "/a/url", Value{Text: "https://localhost:9443/samlsso", Position: xmlops.Position{Line: 2, Column: 16}, String: true}, `https:\/\/localhost:9443\/samlsso`},
		{"a number", "/a/n", Value{Text: "1.50", Position: xmlops.Position{Line: 2, Column: 76}}, `1.50`},
		{"an object", "/a", Value{}, ""},
		{"nothing", "/b", Value{}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, found, err := Find([]byte(odd), test.pointer)
			raw := odd[got.Lo:got.Hi]
			got.Lo, got.Hi = 0, 0
			if err != nil || found != (test.raw != "") || got != test.want || raw != test.raw {
				t.Errorf("%v in %q, %v, %v", got, raw, found, err)
			}
		})
	}
}

func TestSensitiveSpans(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		pointers []string
		want     string
	}{
		{"by name", `{"keyStorePassword": "S", "x": "v", "secret" /* : */ : 3}`, nil, `{"keyStorePassword": "*", "x": "v", "secret" /* : */ : *}`},
		{"by other names", `{"credentials": "S", "api_key": "S", "private_key": "S"}`, nil, `{"credentials": "*", "api_key": "*", "private_key": "*"}`},
		{"in a comment", "{ // \"password\" : \"o\\\"S\"\n}", nil, "{ // \"password\" : *\"\n}"},
		{"in other quotes", "{ // 'password': 'S'\n /* \"token\": \"S\" */}", nil, "{ // 'password': '*'\n /* \"token\": \"*\" */}"},
		{"in lines of a comment", "{ /* password:\n  S */ }", nil, "{ /* password:\n  * */ }"},
		{"below a name", `{"passwords": ["S", {"a": "S"}]}`, nil, `{"passwords": ["*", {"a": "*"}]}`},
		{"name with escapes", `{"pass\u0077ord": "S"}`, nil, `{"pass\u0077ord": "*"}`},
		{"a name beside it", `[{"name": "password", "value": "S"}, {"value": ["S"], "key": "token"}, {"name": "x", "value": "v"}]`, nil, `[{"name": "password", "value": "*"}, {"value": ["*"], "key": "token"}, {"name": "x", "value": "v"}]`},
		{"a URL", `["https:\/\/u:S@h\/", "https://u:a#S\u0040h"]`, nil, `["https:\/\/*@h\/", "https://*\u0040h"]`},
		{"JSON in a string", `{"x": "{\"password\": \"S S\", \"y\": \"v\"}"}`, nil, `{"x": "{\"password\": \"*\", \"y\": \"v\"}"}`},
		{"XML in a string", `{"x": "<a><Password>S S</Password><p name=\"token\">S</p></a>"}`, nil, `{"x": "<a><Password>*</Password><p name=\"token\">*</p></a>"}`},
		{"an element that is not closed in a string", `{"x": "the <Password>", "y": "v"}`, nil, `{"x": "the <Password>", "y": "v"}`},
		{"by pointer", `{"x": "S", "y": ["S", 3], "z": "v"}`, []string{"/y", "/none", "/x"}, `{"x": "*", "y": ["*", *], "z": "v"}`},
		{"not well-formed", "{\"password\": \"S\"\n\"accessKey\": S", []string{"/x"}, "{\"password\": \"*\"\n\"accessKey\": *"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			spans := SensitiveSpans([]byte(test.in), test.pointers)
			slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
			got, done := "", 0
			for _, span := range spans {
				if span[0] >= done {
					got += test.in[done:span[0]] + "*"
				}
				done = max(done, span[1])
			}
			if got += test.in[done:]; got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestEnclosing(t *testing.T) {
	t.Parallel()
	tests := []struct{ at, want string }{
		{"localhost", `"a"`},
		{"empty", `"a"`},
		{"false", `"a/b~c"`},
		{"unnamed", ""},
		{"what the", ""},
	}
	for _, test := range tests {
		if got := Enclosing([]byte(odd), strings.Index(odd, test.at)); got != test.want {
			t.Errorf("%s lies in %s, want %s", test.at, got, test.want)
		}
	}
	if got := Enclosing([]byte("{"), 1); got != "" {
		t.Errorf("got %s of what is not well-formed", got)
	}
}

// FuzzSet sets a value in any bytes: the result is JSON that says it and is otherwise the same, byte for byte.
func FuzzSet(f *testing.F) {
	f.Add([]byte(odd), "/a/url", "x")
	f.Add([]byte(odd), "/a~1b~0c/1/0", "true")
	f.Add([]byte("[[1e5, -0]]"), "/0/1", "7")
	f.Add([]byte("{\"a\":\"\\ud800\"}//"), "/a", "\"")
	f.Fuzz(func(t *testing.T, src []byte, pointer, value string) {
		SensitiveSpans(src, []string{pointer})
		Enclosing(src, len(src)/2)
		r, err := Apply(src, Op{Pointer: pointer, Value: value})
		if err != nil {
			var place *xmlops.Error
			var all xmlops.OpErrors
			if !errors.As(err, &place) && !errors.As(err, &all) {
				t.Fatal(err)
			}
			return
		}
		v, found, err := Find(r.Bytes, pointer)
		if err != nil || !found || v.Text != value {
			t.Fatalf("%q, %v, %v after %q was set", v.Text, found, err, value)
		}
		switch again, err := Apply(r.Bytes, Op{Pointer: pointer, Value: value}); {
		case err != nil:
			t.Fatal(err)
		case len(again.Edits) > 0:
			t.Fatal("the second time it changes, too")
		}
		if len(r.Edits) == 0 {
			if string(r.Bytes) != string(src) {
				t.Fatal("changed without an edit")
			}
			return
		}
		e := r.Edits[0]
		if string(src[:e.Lo])+string(e.Text)+string(src[e.Hi:]) != string(r.Bytes) {
			t.Fatal("changed outside of the edit")
		}
	})
}
