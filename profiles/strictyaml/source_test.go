package strictyaml

import (
	"strings"
	"testing"
)

// TestSource takes the texts of a document from its source, and what is hidden in it.
func TestSource(t *testing.T) {
	t.Parallel()
	d, err := Parse("a.yaml", []byte("\uFEFFa: é 1\r\nb: {ключ: \"x y\", c: secret}\nd: https://me:geheim@host\nlong: |\n  hidden\n  text\n"))
	if err != nil {
		t.Fatal(err)
	}
	entries := d.Entries(d.Root, "the file")
	inner := d.Entries(entries[1].Value, "b")
	d.Hide(inner[1].Value)
	d.Hide(entries[3].Value)
	source, hidden := d.Source()
	at := func(lo, hi int) string { return string(source[lo:hi]) }
	for _, want := range []string{"a: é 1\nb: {", "é 1", "ключ", `"x y"`, "secret"} {
		if !strings.Contains(string(source), want) {
			t.Errorf("the source has no %q", want)
		}
	}
	for text, n := range map[string]Entry{"é 1": entries[0], `"x y"`: inner[0], "secret": inner[1], "https://me:geheim@host": entries[2], "": entries[3]} {
		if got := at(d.Span(n.Value)); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
	if got := at(d.Span(inner[0].Key)); got != "ключ" {
		t.Errorf("got %q for a key", got)
	}
	var masked []string
	for _, span := range hidden {
		masked = append(masked, at(span[0], span[1]))
	}
	if got, want := strings.Join(masked, "|"), "secret|me:geheim|long: ||  hidden|  text|"; got != want {
		t.Errorf("hidden is %q, want %q", got, want)
	}
	argument, err := Argument("--set a", "b", true)
	if err != nil {
		t.Fatal(err)
	}
	if lo, hi := argument.Span(argument.Root); lo != 0 || hi != 0 {
		t.Errorf("an argument stands at %d to %d", lo, hi)
	}
}
