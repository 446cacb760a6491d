package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// trial is one way to torture the binary.
type trial struct {
	name    string // for -only, in one or two words
	promise string // what it proves, as the README says it; neighbours with the same one are printed below one heading
	needs   []need
	run     func(*torture, *tally)
}

// torture is what all trials share. Its methods may be called by several goroutines.
type torture struct {
	bin   string // absolute
	short bool
	dir   string // all that trials write lies below it
	made  atomic.Int64
}

// folder makes an empty folder for a trial, which has to remove it.
func (t *torture) folder() string {
	dir := filepath.Join(t.dir, strconv.FormatInt(t.made.Add(1), 10))
	must(os.Mkdir(dir, 0o755))
	return dir
}

// build builds the program with a tag that takes something out of it, and returns the path of the binary.
func (t *torture) build(tag string) string {
	bin := filepath.Join(t.folder(), "carbonpatch")
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "urfave_cli_no_docs,"+tag, "-o", bin, "./cmd/carbonpatch")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		panic(broken{fmt.Errorf("%s: %w\n%s", cmd, err, out)})
	}
	return bin
}

// each runs f for 0 to n-1, as many at once as there are processors.
func (t *torture) each(n int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, runtime.NumCPU())
	for w := range errs {
		wg.Go(func() {
			errs[w] = carryOut(func() {
				for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
					f(i)
				}
			})
		})
	}
	wg.Wait()
	must(errors.Join(errs...))
}

// broken is what a trial panics with when it can't be carried out: nothing is proven then.
type broken struct{ error }

// must ends a trial that can't be carried out.
func must(err error) {
	if err != nil {
		panic(broken{err})
	}
}

func must1[T any](v T, err error) T {
	must(err)
	return v
}

// carryOut calls f and returns what it panics with if that is [broken].
func carryOut(f func()) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case broken:
			err = p.error
		default:
			panic(p)
		}
	}()
	f()
	return nil
}

// shownViolations is how many violations of a trial are kept: one bug may show at hundreds of points.
const shownViolations = 5

// tally is what came of a trial. Its methods may be called by several goroutines.
type tally struct {
	mu              sync.Mutex
	survived, total int
	violations      []violation // the first ones
	skips           []string
}

// violation is a broken promise.
type violation struct {
	what      string // what is wrong, and with which file
	reproduce string // the exact commands or steps
}

// survive counts a point where all was as promised.
func (y *tally) survive() {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.survived++
	y.total++
}

// violate counts a point where a promise was broken.
func (y *tally) violate(reproduce, what string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.total++
	known := slices.ContainsFunc(y.violations, func(v violation) bool { return v.what == what })
	if len(y.violations) < shownViolations && !known {
		y.violations = append(y.violations, violation{what, reproduce})
	}
}

// judge counts a point: what is the first thing that is not as promised, or "".
func (y *tally) judge(reproduce, what string) {
	if what == "" {
		y.survive()
	} else {
		y.violate(reproduce, what)
	}
}

// skip notes a part of a trial that this machine can't run; reason begins with the part's name.
func (y *tally) skip(reason string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.skips = append(y.skips, reason)
}

// need is what a trial can't run without: root, loop devices, or the name of a command.
type need string

// missing is why the need is not met, "" if it is.
func (n need) missing() string {
	switch n {
	case "root":
		if os.Geteuid() != 0 {
			return "it needs root"
		}
	case "loop devices":
		if matches, _ := filepath.Glob("/dev/loop[0-9]*"); os.Geteuid() != 0 || len(matches) == 0 {
			return "it needs root and loop devices"
		}
	case "strace":
		// Where tracing is forbidden, as in many containers, strace is there and does not work.
		if out, err := exec.Command("strace", "-f", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
			return "strace does not work: " + strings.TrimSpace(string(out)+" "+err.Error())
		}
	default:
		if _, err := exec.LookPath(string(n)); err != nil {
			return string(n) + " is not installed"
		}
	}
	return ""
}
