// Command bench measures carbonpatch against what people would use instead: on the same files, in one run, as one table of
// ratios. Peers that are not installed are named and left out.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	bin := flag.String("bin", "bin/carbonpatch", "the binary to measure")
	home := flag.String("home", defaultHome(), "the home to patch (a copy is used)")
	runs := flag.Int("runs", 15, "how often each command runs; the median counts")
	peer := flag.String("peer", "", "be one of the Go peers: hash, scan, etree or large (used by bench itself)")
	flag.Parse()
	var err error
	if *peer != "" {
		err = runPeer(*peer, flag.Args())
	} else {
		err = run(*bin, *home, *runs)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// defaultHome is a real one where the corpus is at hand, else the sample that the binary carries.
func defaultHome() string {
	for _, corpus := range []string{os.Getenv("CARBONPATCH_CORPUS"), "../shared/corpus"} {
		if dir := filepath.Join(corpus, "ei-6.1.1"); corpus != "" && exists(dir) {
			return dir
		}
	}
	return "cmd/carbonpatch/demo/home"
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func run(bin, home string, runs int) error {
	bin, err := filepath.Abs(bin)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "carbonpatch-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	b := &bench{bin: bin, home: home, tmp: tmp, runs: runs}
	for _, part := range []func() error{b.homes, b.lint, b.transaction, b.sizes, b.operations, b.parsing} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}
