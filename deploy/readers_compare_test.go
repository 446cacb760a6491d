package deploy

import (
	"fmt"
	"html"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// compare returns what is read otherwise than the plan says.
func (d pair) compare() (problems []string) {
	for i, c := range d.changes {
		before, after := places(d.before, i, pathOf(c.place())), places(d.after, i, pathOf(c.place()))
		if present := []bool{before == 1, after > 0}; before > 1 || !slices.Equal(present, presence[c.Op]) {
			problems = append(problems, fmt.Sprintf("%s %s: %d such places before, %d after", c.Op, c.At, before, after))
		}
		if c.After != nil && (c.Op == "set" || c.Op == "uncomment") && !slices.Contains(values(d.after, i, pathOf(c.At)), *c.After) {
			problems = append(problems, fmt.Sprintf("%s is %q, not %q", c.At, values(d.after, i, pathOf(c.At)), *c.After))
		}
	}
	problems = append(problems, d.compareExpected()...)
	return append(problems, difference(d.rest(d.before, "comment", d.uncommented), d.rest(d.after, "uncomment", d.newComment))...)
}

// compareExpected returns what is read otherwise than the case expects.
func (d pair) compareExpected() (problems []string) {
	for i, e := range d.expected {
		at := pathOf(d.after[slices.IndexFunc(d.after, isElement)].path + "/" + e.path)
		got := values(d.after, len(d.changes)+i, at)
		want, isValue := strings.CutPrefix(e.want, "=")
		if isValue && strings.Join(got, "|") != want || e.want == "#absent" && places(d.after, len(d.changes)+i, at) > 0 {
			problems = append(problems, fmt.Sprintf("%s is %q, not %q", e.path, got, e.want))
		}
	}
	return problems
}

func isElement(e event) bool { return e.kind == "element" }

// presence is whether an operation finds its place in a document, and whether it leaves one.
var presence = map[string][]bool{"set": {true, true}, "add": {false, true}, "uncomment": {false, true}, "comment": {true, false}, "remove": {true, false}}

// places counts the elements or attributes that a change names.
func places(events []event, change int, path string) (n int) {
	for _, e := range events {
		if e.path == path && (e.kind == "element" || e.kind == "attribute") && slices.Contains(e.named, change) {
			n++
		}
	}
	return n
}

// values are the texts or attribute values that a change names.
func values(events []event, change int, path string) (list []string) {
	for _, e := range events {
		if e.path == path && (e.kind == "text" || e.kind == "attribute") && slices.Contains(e.named, change) {
			list = append(list, unescape(e.value))
		}
	}
	return list
}

// rest is what is read, without what the plan sets, adds or removes. An element that was a comment or became one is words alone, as is that
// comment: moved is the operation whose elements live here, and opened tells the comments. Blank space around what comes and goes is left out.
func (d pair) rest(events []event, moved string, opened func(event) bool) (list []event) {
	layout := make(map[string]bool) // parents of elements that come or go
	for _, c := range d.changes {
		parent := path.Dir(pathOf(c.place()))
		layout[parent] = layout[parent] || c.Op != "set"
	}
	for i, e := range events {
		switch c := d.change(e); {
		case e.kind == "text" && layout[e.path] && strings.TrimSpace(unescape(e.value)) == "":
		case e.kind == "comment" && opened(e):
			list = append(list, wordEvents(e, e.path, e.value)...)
		case c == nil:
			list = append(list, event{line: e.line, kind: e.kind, path: e.path, value: e.value})
		case c.Op == moved:
			empty := e.kind == "end" && (events[i-1].kind == "element" || events[i-1].kind == "attribute")
			list = append(list, movedEvents(e, *c, empty)...)
		}
	}
	return list
}

// uncommented reports whether a comment of the document before is one that the plan takes an element from.
func (d pair) uncommented(e event) bool {
	first, err := strconv.Atoi(e.line)
	last := first + strings.Count(unescape(e.value), "\n")
	return slices.ContainsFunc(d.changes, func(c change) bool {
		return err == nil && c.Op == "uncomment" && e.path == path.Dir(pathOf(c.place())) && first <= c.Line && c.Line <= last
	})
}

// newComment reports whether a comment of the document after was not there before, where the plan says that elements leave comments or
// become some.
func (d pair) newComment(e event) bool {
	moved := func(c change) bool {
		return (c.Op == "comment" || c.Op == "uncomment") && e.path == path.Dir(pathOf(c.place()))
	}
	return slices.ContainsFunc(d.changes, moved) && !slices.ContainsFunc(d.before, func(b event) bool { return same(b, e) })
}

// change is the change that explains why this event is there, or why it is read otherwise; nil where there is none.
func (d pair) change(e event) *change {
	for _, i := range e.named {
		if i < len(d.changes) && d.changes[i].explains(e) {
			return &d.changes[i]
		}
	}
	return nil
}

// explains reports whether what comes or goes holds this event, or this is what is set.
func (c change) explains(e event) bool {
	return c.Op != "set" || e.path == pathOf(c.At) && (e.kind == "text" || e.kind == "attribute")
}

// movedEvents are the words of an element as they stand in a comment; the value that the plan sets may be any.
func movedEvents(e event, c change, empty bool) []event {
	parent := path.Dir(pathOf(c.place()))
	value := []event{{line: e.line, kind: "any words", path: parent}}
	set := c.Op == "uncomment" && e.path == pathOf(c.At)
	switch {
	case e.kind == "text" && set:
		return value
	case e.kind == "attribute" && set:
		return append(wordEvents(e, parent, path.Base(e.path)[1:]), value...)
	case e.kind == "attribute":
		return wordEvents(e, parent, path.Base(e.path)[1:]+" "+e.value)
	case e.kind == "element", e.kind == "end" && !empty:
		return wordEvents(e, parent, path.Base(e.path))
	}
	return wordEvents(e, parent, strings.TrimSpace(e.value))
}

func wordEvents(e event, parent, text string) (list []event) {
	separator := func(r rune) bool { return strings.ContainsRune(" \t\r\n<>=\"'/", r) }
	for _, word := range strings.FieldsFunc(html.UnescapeString(unescape(text)), separator) {
		list = append(list, event{line: e.line, kind: "word", path: parent, value: word})
	}
	return list
}

// unescape undoes what the probe does to keep a value on one line.
func unescape(value string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r", `\t`, "\t").Replace(value)
}

// difference is the first place where two readings differ.
func difference(before, after []event) []string {
	end := event{kind: "end of the file"}
	before, after = append(before, end), append(after, end)
	for len(before) > 0 && len(after) > 0 {
		b, a := before[0], after[0]
		switch {
		case a.kind == "any words" && len(after) > 1 && same(b, after[1]):
			after = after[1:]
		case a.kind == "any words" && b.kind == "word" && b.path == a.path:
			before = before[1:]
		case !same(b, a):
			return []string{fmt.Sprintf("not in the plan: %s, now %s", b, a)}
		default:
			before, after = before[1:], after[1:]
		}
	}
	return nil
}

func (e event) String() string {
	return fmt.Sprintf(`line %s: %s %s "%s"`, e.line, e.kind, e.path, e.value)
}

func same(a, b event) bool { return a.kind == b.kind && a.path == b.path && a.value == b.value }

// A change that the plan does not name is found, wherever it is.
func TestReadersFindDifferences(t *testing.T) {
	p := compileEventProbe(t)
	dir := t.TempDir()
	worker := sampleHomes(t, dir)[1].pairs()[0]
	worker.expected = []expectation{{path: "clustering/parameter[@name='domain']", want: "=wso2.esb.domain"}}
	text, err := os.ReadFile(worker.files[1])
	check(t, err)
	var mutants []pair
	for i, m := range mutations {
		mutant := worker
		mutant.files[1] = fmt.Sprintf("%s/%d.xml", dir, i)
		check(t, os.WriteFile(mutant.files[1], []byte(strings.Replace(string(text), m.old, m.new, 1)), 0o600))
		mutants = append(mutants, mutant)
	}
	p.readPairs(t, mutants)
	for i, m := range mutations {
		if got := strings.Join(mutants[i].compare(), "\n"); got != m.want {
			t.Errorf("%s for %s:\ngot  %s\nwant %s", m.new, m.old, got, m.want)
		}
	}
}

var mutations = []struct{ old, new, want string }{
	{"", "", ""},
	{`hotdeployment">true`, `hotdeployment">True`, `not in the plan: line 7: text /axisconfig/parameter "true", now line 7: text /axisconfig/parameter "True"`},
	{`name="hotupdate"`, `name="hotUpdate"`, `not in the plan: line 8: attribute /axisconfig/parameter/@name "hotupdate", now line 8: attribute /axisconfig/parameter/@name "hotUpdate"`},
	{`Sample of the demo`, `Sample of a demo`, `not in the plan: line 2: comment  "\n  Sample of the demo: transports and clustering of a product home.\n", now line 2: comment  "\n  Sample of a demo: transports and clustering of a product home.\n"`},
	{"<KeyStore>\n", "<KeyStore>", `not in the plan: line 27: text /axisconfig/transportReceiver/parameter/KeyStore "\n                ", now line 27: text /axisconfig/transportReceiver/parameter/KeyStore "                "`},
	{"<KeyPassword>demo-keystore</KeyPassword>", "<KeyPassWord>demo-keystore</KeyPassWord>", `not in the plan: line 31: element /axisconfig/transportReceiver/parameter/KeyStore/KeyPassword "", now line 31: element /axisconfig/transportReceiver/parameter/KeyStore/KeyPassWord ""`},
	{`<parameter name="domain">`, `<parameter name="domain" locked="true">`, `not in the plan: line 63: end /axisconfig/clustering/parameter "", now line 63: attribute /axisconfig/clustering/parameter/@locked "true"`},
	{`wso2.esb.domain`, `wso2.esb.domain `, `/axisconfig/clustering/parameter[@name='domain'] is ["wso2.esb.domain "], not "wso2.esb.domain"
clustering/parameter[@name='domain'] is ["wso2.esb.domain "], not "=wso2.esb.domain"`},
	{`<!--parameter name="bind-address" locked`, `<!--parameter name="bind-address" lock`, `not in the plan: line 15: comment /axisconfig/transportReceiver "parameter name="bind-address" locked="false">address of one interface</parameter", now line 15: word /axisconfig/transportReceiver "parameter"`},
	{`mapped ports`, `mapped port`, `not in the plan: line 81: comment /axisconfig/clustering/parameter " A manager behind mapped ports ", now line 81: word /axisconfig/clustering/parameter "A"`},
	{`name="subDomain" value="mgt"/-->`, `name="subDomain" value="mgt"/>-->`, `not in the plan: line 82: comment /axisconfig/clustering/parameter "property name="port.mapping.8280" value="9764"/>\n            <property name="port.mapping.8243" value="9444"/>\n            <property name="subDomain" value="mgt"/", now line 82: word /axisconfig/clustering/parameter "property"`},
	{`-- A worker -->`, `-- A worker -->A`, `not in the plan: line 87: word /axisconfig/clustering/parameter "property", now line 86: text /axisconfig/clustering/parameter "A\n\t    "`},
	{`    </members>`, `        <member><hostName>10.0.0.4</hostName><port>4300</port></member></members>`, `not in the plan: line 91: end /axisconfig/clustering/members "", now line 100: element /axisconfig/clustering/members/member ""`},
	{`<property name="subDomain" value="worker"/>`, `<!--property name="subDomain" value="worker"/-->`, "uncomment /axisconfig/clustering/parameter[@name='properties']/property[@name='subDomain']/@value: 0 such places before, 0 after\n" +
		"/axisconfig/clustering/parameter[@name='properties']/property[@name='subDomain']/@value is [], not \"worker\"\n" +
		"not in the plan: line 87: word /axisconfig/clustering/parameter \"property\", now line 87: comment /axisconfig/clustering/parameter \"property name=\"subDomain\" value=\"worker\"/\""},
	{`<axisconfig `, `<axisconfig xmlns="urn:x" `, `not in the plan: line 5: element /axisconfig "", now line 5: element /axisconfig "urn:x"`},
}
