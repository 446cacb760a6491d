package main

import (
	"strings"
	"testing"
	"time"
)

func TestPromises(t *testing.T) {
	var all promises
	all.add("It works.", 3, 3, false)
	all.add("It is fast.", 0, 0, true)
	all.add("It is kept.", 2, 2, true)
	all.add("It works.", 4, 5, false)
	var out strings.Builder
	all.print(&out, 90*time.Second)
	want := `| what is promised | held |
| --- | ---: |
| It works. | 7 of 8 |
| It is fast. | not tried |
| It is kept. | 2 of 2, not all was tried |
`
	head, table, _ := strings.Cut(out.String(), "\n\n")
	if !strings.HasPrefix(head, "\nLinux ") || !strings.HasSuffix(head, " processors, 90 s") {
		t.Errorf("the machine: %q", head)
	}
	if table != want {
		t.Errorf("got\n%s\nwant\n%s", table, want)
	}
}
