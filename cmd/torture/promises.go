package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// promises is what became of each promise, in the order in which they were first tried.
type promises []promise

type promise struct {
	text            string
	survived, total int
	skipped         bool // some of it could not be tried here
}

// add counts what a trial found.
func (all *promises) add(text string, survived, total int, skipped bool) {
	i := slices.IndexFunc(*all, func(p promise) bool { return p.text == text })
	if i < 0 {
		i = len(*all)
		*all = append(*all, promise{text: text})
	}
	p := &(*all)[i]
	p.survived += survived
	p.total += total
	p.skipped = p.skipped || skipped
}

// print writes the table that the README quotes.
func (all promises) print(w io.Writer, took time.Duration) {
	var system unix.Utsname
	must(unix.Uname(&system))
	fmt.Fprintf(w, "\nLinux %s, %d processors, %.0f s\n\n", unix.ByteSliceToString(system.Release[:]), runtime.NumCPU(), took.Seconds())
	fmt.Fprintf(w, "| what is promised | held |\n| --- | ---: |\n")
	for _, p := range all {
		held := fmt.Sprintf("%d of %d", p.survived, p.total)
		switch {
		case p.total == 0:
			held = "not tried"
		case p.skipped:
			held += ", not all was tried"
		}
		fmt.Fprintf(w, "| %s | %s |\n", p.text, held)
	}
}
