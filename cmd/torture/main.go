// Command torture proves what carbonpatch promises of its writes: it kills the binary, makes its system calls fail, fills its disk and
// interferes with its files at every point of a run, and looks at what is left. What the machine lacks is skipped by name.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	bin := flag.String("bin", "bin/carbonpatch", "the binary to torture")
	short := flag.Bool("short", false, "try a sample of the points, for every push")
	only := flag.String("only", "", "run only these trials, NAME[,NAME]")
	list := flag.Bool("list", false, "list the trials and run none")
	flag.Parse()
	chosen, err := choose(trials(), *only)
	switch {
	case err != nil:
	case *list:
		printList(chosen)
	default:
		err = run(*bin, *short, chosen)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		os.Exit(1)
	}
}

// trials are all there are, in the order in which they run.
func trials() []trial {
	return slices.Concat(sweeps(), environment(), powercuts(), canary())
}

func choose(all []trial, only string) ([]trial, error) {
	if only == "" {
		return all, nil
	}
	var chosen []trial
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(all, func(tr trial) bool { return tr.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no trial %q; -list lists them", name)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

func printList(chosen []trial) {
	for _, tr := range chosen {
		fmt.Printf("%-30s  %s\n", tr.name, tr.promise)
	}
}

// run runs the trials. The error says that a promise was broken, or that a trial could not be carried out.
func run(bin string, short bool, chosen []trial) error {
	bin, err := filepath.Abs(bin)
	if err != nil {
		return err
	}
	if _, err := os.Stat(bin); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "carbonpatch-torture-")
	if err != nil {
		return err
	}
	t := &torture{bin: bin, short: short, dir: dir}
	start := time.Now()
	var kept promises
	failed := 0
	for i, tr := range chosen {
		if i == 0 || tr.promise != chosen[i-1].promise {
			fmt.Printf("\n%s\n", tr.promise)
		}
		if !t.try(tr, &kept) {
			failed++
		}
	}
	kept.print(os.Stdout, time.Since(start))
	if failed > 0 {
		return fmt.Errorf("%d of %d trials failed; what they started from is in %s", failed, len(chosen), dir)
	}
	return os.RemoveAll(dir)
}

// try runs one trial, prints what came of it, and reports whether nothing was violated.
func (t *torture) try(tr trial, kept *promises) bool {
	for _, n := range tr.needs {
		if reason := n.missing(); reason != "" {
			kept.add(tr.promise, 0, 0, true)
			fmt.Printf("  %-30s  skipped: %s\n", tr.name, reason)
			return true
		}
	}
	start := time.Now()
	var y tally
	err := carryOut(func() { tr.run(t, &y) })
	kept.add(tr.promise, y.survived, y.total, len(y.skips) > 0)
	fmt.Printf("  %-30s  %5d of %-5d  %6.1f s\n", tr.name, y.survived, y.total, time.Since(start).Seconds())
	for _, reason := range y.skips {
		fmt.Printf("  %-30s  skipped: %s\n", "", reason)
	}
	for _, v := range y.violations {
		fmt.Printf("    VIOLATION %s\n    reproduce: %s\n", hang(v.what, 14), hang(v.reproduce, 15))
	}
	if more := y.total - y.survived - len(y.violations); more > 0 {
		fmt.Printf("    and %d more\n", more)
	}
	switch {
	case err != nil:
		fmt.Printf("    NOT CARRIED OUT: %v\n", err)
	case y.total == 0 && len(y.skips) == 0:
		fmt.Printf("    NOT CARRIED OUT: nothing was tried\n")
		return false
	}
	return err == nil && y.survived == y.total
}

// hang indents all lines of text but the first.
func hang(text string, by int) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+strings.Repeat(" ", by))
}
