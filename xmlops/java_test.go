package xmlops

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"
)

// TestJava sends mutated documents to the JDK's namespace-aware parser. What is accepted here it must accept too, and
// it must read the same elements, attributes and text.
func TestJava(t *testing.T) {
	t.Parallel()
	count := documentCount(t)
	java := startJava(t)
	mutate := newMutator(rand.New(rand.NewPCG(1, 2)), sound(t))
	start := time.Now()
	var tally javaTally
	java.judge(t, func(send func([]byte)) {
		for range count {
			send(mutate.document())
		}
	}, tally.compare)
	t.Logf("%d mutated documents in %v: %v", count, time.Since(start).Round(100*time.Millisecond), &tally)
}

// TestJavaWritten edits documents at random and lets the JDK read what comes out.
func TestJavaWritten(t *testing.T) {
	t.Parallel()
	count := documentCount(t) / 100
	java := startJava(t)
	random := rand.New(rand.NewPCG(3, 4))
	documents := newMutator(random, sound(t))
	var tally javaTally
	java.judge(t, func(send func([]byte)) {
		for range count {
			send(edited(t, random, documents.seed()))
		}
	}, tally.compare)
	if tally.accepted != count {
		t.Errorf("of %d documents %v", count, &tally)
	}
	t.Logf("%d edited documents: %v", count, &tally)
}

// edited applies a few operations to places of src that are taken at random. Those that are refused change nothing.
func edited(t *testing.T, random *rand.Rand, src []byte) []byte {
	d, err := Parse(src)
	if err != nil {
		t.Errorf("%.200q: %v", src, err)
		return src
	}
	var ops []string // for the message
	for range 1 + random.IntN(4) {
		op, ok := randomOp(t, random, d)
		if !ok {
			continue
		}
		ops = append(ops, fmt.Sprintf("%v %s %q", op.Verb, op.Select, op.Value))
		changes, err := d.Apply(op)
		if err != nil || len(changes) == 0 || op.Verb != Set || changes[0].Kind == Kept {
			continue
		}
		// nothing is found where the selector asks for the old value
		if found := d.Find(op.Select); len(found) > 1 || len(found) == 1 && found[0].Text != op.Value {
			t.Errorf("%.500q: %q: found %+v", src, ops, found)
		}
	}
	result, err := d.Result()
	if err != nil {
		t.Errorf("%.500q: %q: %v", src, ops, err)
		return src
	}
	return result.Bytes
}

// randomOp makes an operation for one element or commented element of d, if there is one.
func randomOp(t *testing.T, random *rand.Rand, d *Document) (Op, bool) {
	op := Op{Verb: [...]Verb{Set, Set, Set, Uncomment, Comment, Remove}[random.IntN(6)]}
	everywhere, err := ParseSelector("//*")
	if err != nil {
		t.Error(err)
	}
	places := d.Find(everywhere)
	if op.Verb == Uncomment {
		places = d.FindCommented(everywhere)
	}
	if len(places) == 0 {
		return op, false
	}
	at := places[random.IntN(len(places))].At
	if op.Verb == Set {
		names := []string{"", "/@name", "/@port", "/@enable", "/@x", "/@xml:lang"}
		at += names[random.IntN(len(names))]
		op.Value = values[random.IntN(len(values))]
	}
	if op.Select, err = ParseSelector(at); err != nil {
		t.Errorf("the selector of a place, %s: %v", at, err)
	}
	return op, err == nil
}

// values are what is easily written wrong.
var values = []string{
	"", " ", "true", "wso2.esb.domain", "10.0.0.2", "a b", " padded ", "a\nb", "a\r\nb\r", "\ttab", "<b>&amp;</b>", "a & b < c > d", "]]>", "]]", "-->", "--",
	`"double"`, "'single'", `"both'`, "&lt;", "&#65;", "${carbon.home}", "jdbc:mysql://h/db?a=1&b=2", "café", "€ – “x”", "\u0081\u0085\u00A0", "\uFEFF", "\uFFFD", "名前", "😀",
	"<![CDATA[x]]>", "<!-- x -->", "<?p?>", "</a>", "%s", `\`, "\u007F", "\u2028",
}

// TestJavaSound lets the JDK read the documents that are not broken, those of the corpus too.
func TestJavaSound(t *testing.T) {
	t.Parallel()
	documentCount(t)
	java := startJava(t)
	documents := sound(t)
	var tally javaTally
	java.judge(t, func(send func([]byte)) {
		for _, src := range documents {
			send(src)
		}
	}, tally.compare)
	if tally.accepted != len(documents) {
		t.Errorf("of %d documents %v", len(documents), &tally)
	}
}

// TestJavaBroken lets the JDK judge the table of broken documents. Those that it takes are refused by policy, or because
// they break a rule of namespaces that the JDK does not check.
func TestJavaBroken(t *testing.T) {
	t.Parallel()
	documentCount(t)
	java := startJava(t)
	i, refused := 0, 0
	java.judge(t, func(send func([]byte)) {
		for _, tt := range broken {
			send([]byte(tt.in))
		}
	}, func(_ *testing.T, _ []byte, accepted bool, _ string) {
		if accepted {
			t.Logf("the JDK takes: %s (%s)", broken[i].name, broken[i].want)
		} else {
			refused++
		}
		i++
	})
	t.Logf("of %d broken documents the JDK refuses %d", len(broken), refused)
}

// javaTally counts verdicts: ours and that of Java.
type javaTally struct{ accepted, refused, onlyJava, failed int }

func (y *javaTally) String() string {
	return fmt.Sprintf("accepted by both, and the same is read, %d; refused by both %d; accepted by Java alone %d; wrong %d",
		y.accepted, y.refused, y.onlyJava, y.failed)
}

// compare parses src and compares with what Java says of it.
func (y *javaTally) compare(t *testing.T, src []byte, accepted bool, read string) {
	t.Helper()
	d, err := Parse(src)
	switch {
	case err != nil && accepted:
		y.onlyJava++
	case err != nil:
		y.refused++
	case !accepted:
		y.fail(t, "accepted, but Java refuses %q", src)
	case dump(d) != read:
		y.fail(t, "%.2000q is read otherwise by Java (+):\n%s", src, cmp.Diff(dump(d), read))
	default:
		y.accepted++
	}
}

// fail reports the first few alone: what follows is mostly the same.
func (y *javaTally) fail(t *testing.T, format string, args ...any) {
	t.Helper()
	y.failed++
	if y.failed <= 3 {
		t.Errorf(format, args...)
	}
}

// documentCount is how many documents are sent to Java.
func documentCount(t *testing.T) int {
	t.Helper()
	value := os.Getenv("CARBONPATCH_JAVA")
	if value == "" {
		t.Skip("CARBONPATCH_JAVA is not set: it says how many documents the JDK is to judge")
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		t.Fatalf("CARBONPATCH_JAVA is not a number: %v", err)
	}
	return n
}

// javaJudge is a running testdata/java/Judge.java.
type javaJudge struct {
	in  io.WriteCloser
	out *bufio.Reader
}

func startJava(t *testing.T) *javaJudge {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		t.Skip("Java is not installed")
	}
	if _, err := exec.LookPath("javac"); err != nil {
		t.Skip("Java is installed without its compiler")
	}
	cmd := exec.Command(java, "testdata/java/Judge.java")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var messages strings.Builder
	cmd.Stderr = &messages
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("java: %v\n%s", err, messages.String())
		}
	})
	return &javaJudge{in: in, out: bufio.NewReaderSize(out, 1<<20)}
}

// judge sends the documents that produce hands to send, and calls verdict for each in the same order: whether Java
// accepts it, and what it reads.
func (j *javaJudge) judge(t *testing.T, produce func(send func([]byte)), verdict func(t *testing.T, src []byte, accepted bool, read string)) {
	t.Helper()
	sent := make(chan []byte, 1000)
	failure := make(chan error, 1)
	go func() {
		w := bufio.NewWriterSize(j.in, 1<<20)
		produce(func(src []byte) {
			if len(sent) == cap(sent) {
				_ = w.Flush() // what is waited for may be in w
			}
			sent <- src
			// a failing writer is noticed when the answers end
			_ = binary.Write(w, binary.BigEndian, int32(len(src)))
			_, _ = w.Write(src)
		})
		failure <- errors.Join(w.Flush(), j.in.Close())
		close(sent)
	}()
	for src := range sent {
		var length int32
		if err := binary.Read(j.out, binary.BigEndian, &length); err != nil {
			t.Fatalf("no answer from Java: %v", err)
		}
		read := make([]byte, max(length, 0))
		if _, err := io.ReadFull(j.out, read); err != nil {
			t.Fatalf("half an answer from Java: %v", err)
		}
		verdict(t, src, length >= 0, string(read))
	}
	if err := <-failure; err != nil {
		t.Fatal(err)
	}
}

// sound returns all documents for tests that are not broken.
func sound(t *testing.T) (documents [][]byte) {
	t.Helper()
	files := odd(t)
	if dir := os.Getenv("CARBONPATCH_CORPUS"); dir != "" {
		maps.Copy(files, readAll(t, dir))
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if filepath.Ext(path) == ".xml" {
			documents = append(documents, files[path])
		}
	}
	for _, tt := range wellFormed {
		documents = append(documents, []byte(tt.in))
	}
	return append(documents, []byte(shaped))
}

// dump writes what is read from d in the form of testdata/java/Judge.java.
func dump(d *Document) string {
	var w dumper
	dumpChildren(&w, &d.root.Element, map[string]string{"xml": namespaceXML})
	return w.String()
}

func dumpChildren(w *dumper, parent *etree.Element, namespaces map[string]string) {
	for _, child := range parent.Child {
		switch child := child.(type) {
		case *etree.CharData:
			w.text(child.Data)
		case *etree.Element:
			dumpElement(w, child, namespaces)
		}
	}
}

func dumpElement(w *dumper, e *etree.Element, namespaces map[string]string) {
	namespaces = maps.Clone(namespaces)
	for _, a := range e.Attr {
		switch {
		case a.Space == "xmlns":
			namespaces[a.Key] = a.Value
		case a.Space == "" && a.Key == "xmlns":
			namespaces[""] = a.Value
		}
	}
	attrs := make(map[string]string)
	for _, a := range e.Attr {
		switch {
		case a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns":
		case a.Space == "":
			attrs[" "+a.Key] = a.Value
		default:
			attrs[namespaces[a.Space]+" "+a.Key] = a.Value
		}
	}
	w.start(namespaces[e.Space], e.Tag, attrs)
	dumpChildren(w, e, namespaces)
	w.end()
}

// dumper writes elements, attributes sorted by name, and text: of comments and instructions nothing remains.
type dumper struct {
	strings.Builder
	depth   int
	pending strings.Builder // text up to the next tag
}

func (w *dumper) start(uri, local string, attrs map[string]string) {
	w.flush()
	w.depth++
	w.WriteString("(" + uri + " " + local + "\n")
	for _, key := range slices.Sorted(maps.Keys(attrs)) {
		w.WriteString("@" + key + "=" + escapeDump(attrs[key]) + "\n")
	}
}

func (w *dumper) end() {
	w.flush()
	w.depth--
	w.WriteString(")\n")
}

func (w *dumper) text(s string) {
	if w.depth > 0 {
		w.pending.WriteString(s)
	}
}

func (w *dumper) flush() {
	if w.pending.Len() > 0 {
		w.WriteString("-" + escapeDump(w.pending.String()) + "\n")
		w.pending.Reset()
	}
}

var escapeDump = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`).Replace

// mutator damages documents as editors, scripts and transfers do, and worse.
type mutator struct {
	rand  *rand.Rand
	seeds [][]byte // by size
}

func newMutator(random *rand.Rand, seeds [][]byte) *mutator {
	seeds = slices.Clone(seeds)
	slices.SortStableFunc(seeds, func(a, b []byte) int { return len(a) - len(b) })
	return &mutator{rand: random, seeds: seeds}
}

// seed prefers small documents: they cost less, and a change is more likely to matter.
func (m *mutator) seed() []byte {
	n := len(m.seeds)
	return m.seeds[min(m.rand.IntN(n), m.rand.IntN(n), m.rand.IntN(n))]
}

func (m *mutator) document() []byte {
	src := slices.Clone(m.seed())
	for more := true; more; more = m.rand.IntN(3) == 0 {
		src = m.mutate(src)
	}
	return src
}

func (m *mutator) mutate(src []byte) []byte {
	i := m.place(src)
	j := min(i+m.rand.IntN(12), len(src))
	switch m.rand.IntN(7) {
	case 0:
		return slices.Delete(src, i, j)
	case 1:
		return slices.Replace(src, i, min(i+1, len(src)), byte(m.rand.IntN(256)))
	case 2:
		return slices.Insert(src, i, m.piece()...)
	case 3:
		return slices.Replace(src, i, j, m.piece()...)
	case 4:
		return slices.Insert(src, m.place(src), slices.Clone(src[i:j])...)
	case 5:
		other := m.seed()
		return append(src[:i:i], other[m.place(other):]...)
	}
	return src[:i:i]
}

// place is an offset in src, mostly at markup.
func (m *mutator) place(src []byte) int {
	i := m.rand.IntN(len(src) + 1)
	if m.rand.IntN(3) == 0 {
		return i
	}
	for k := i; k < len(src); k++ {
		if strings.IndexByte("<>&\"'=:;-?!/[] \r\n", src[k]) >= 0 {
			return k + m.rand.IntN(2)
		}
	}
	return i
}

func (m *mutator) piece() []byte { return []byte(pieces[m.rand.IntN(len(pieces))]) }

var pieces = []string{
	"<", ">", "&", "\"", "'", "=", "/", "-", "?", "!", "]", "[", ":", ";", " ", "\n", "\r", "\r\n", "\t",
	"<a>", "</a>", "<a/>", "<a b='c'/>", "<a ", "/>", "</", "<p:a xmlns:p='u'/>", "<:a/>", "<a:/>", "<a:b:c/>",
	"<!--", "-->", "--", "--->", "<!---->", "<!-- c -->", "<!-->", "<![CDATA[", "]]>", "<![CDATA[]]>", "]]",
	"<?", "?>", "<?p?>", "<?p q?>", "<?xml?>", "<?xml version=\"1.0\"?>", "<?xml version='1.0' encoding='ISO-8859-1'?>",
	"<?xml version=\"1.0\" encoding=\"windows-1252\"?>", "<?xml version=\"1.0\" encoding=\"US-ASCII\" standalone='yes'?>",
	"<?xml version=\"1.1\"?>", "version=\"1.0\"", "encoding=\"UTF-8\"", "encoding=\"utf-16\"", "standalone=\"no\"",
	"<!DOCTYPE a>", "<!DOCTYPE a SYSTEM \"b\">", "<!DOCTYPE a PUBLIC 'b' 'c'>", "<!DOCTYPE a [<!ENTITY e 'f'>]>", "<!ELEMENT a ANY>",
	"&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#65;", "&#x41;", "&#0;", "&#x1F;", "&#xD800;", "&#xFFFE;", "&#x10FFFF;", "&#x110000;",
	"&#10;", "&#13;", "&#9;", "&#", "&#x", "&nbsp;", "&amp", "&a:b;", "%e;",
	" a=\"b\"", " a='b'", " a=\"&lt;\"", " a=b", " a", " xmlns=\"u\"", " xmlns=\"\"", " xmlns:p=\"u\"", " xmlns:p=''", " p:a=\"1\"", " xml:lang=\"en\"",
	" xmlns:xml=\"http://www.w3.org/XML/1998/namespace\"", " xmlns:p=\"http://www.w3.org/XML/1998/namespace\"", " xmlns:xmlns=\"u\"",
	" xmlns:p=\"http://www.w3.org/2000/xmlns/\"", "xmlns", "xml", "xml:", "xmlns:", "p:", ":p",
	"\x00", "\x01", "\x0B", "\x1F", "\x7F", "\x80", "\x85", "\x9D", "\xA0", "\xE9", "\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3",
	"\uFEFF", "\uFFFD", "\uFFFE", "\uFFFF", "\u0085", "\u00A0", "\u2028", "\u00B7", "\u0300", "\u0221", "\u2160", "é", "ı", "K", "名", "😀", "\U000EFFFF",
}
