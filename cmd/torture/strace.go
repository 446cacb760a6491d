package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// call is a system call of a run, as strace saw it.
type call struct {
	thread int
	name   string
	nth    int    // how often its thread has made this call, from 1
	args   string // descriptors with their paths, as in 5</a/b>
	result string // "" if it never returned
}

// point is a moment in a run: just before the nth call of a name.
type point struct {
	call string
	nth  int
	at   string // what was called there, without what differs from run to run
}

// fileCalls are the calls that take a path or a descriptor.
const fileCalls = "%file,%desc"

// mutatingCalls are those that may change what is on disk, or make a change durable.
var mutatingCalls = []string{
	"copy_file_range", "creat", "fallocate", "fchmod", "fchmodat", "fchown", "fchownat", "fdatasync", "fremovexattr", "fsetxattr",
	"fsync", "ftruncate", "lchown", "link", "linkat", "lremovexattr", "lsetxattr", "mkdir", "mkdirat", "open", "openat", "openat2",
	"pwrite64", "pwritev", "removexattr", "rename", "renameat", "renameat2", "rmdir", "sendfile", "setxattr", "symlink", "symlinkat",
	"truncate", "unlink", "unlinkat", "utimensat", "write", "writev",
}

// mutating reports whether the call may change what lies in folder.
func (c call) mutating(folder string) bool {
	switch c.name {
	case "open", "openat", "openat2":
		return strings.Contains(c.args, "O_CREAT") || strings.Contains(c.args, "O_TRUNC")
	case "write", "writev", "pwrite64", "pwritev":
		return strings.Contains(c.args[:strings.Index(c.args+",", ",")], folder)
	}
	return slices.Contains(mutatingCalls, c.name)
}

var (
	callLine    = regexp.MustCompile(`^(\d+) +(\w+)\((.*)$`)
	resumedLine = regexp.MustCompile(`^(\d+) +<\.\.\. \w+ resumed>(.*)$`)
	random      = regexp.MustCompile(`[0-9a-f]{16}|\d{8}T\d{6}Z-[0-9a-f]+|0x[0-9a-f]+`)
)

// parseLog reads what strace -f -y -o wrote, in the order in which the calls began.
func parseLog(log string) []call {
	var calls []call
	begun := map[int]int{} // by thread: the call that is resumed later
	counts := map[string]int{}
	for line := range strings.Lines(log) {
		line = strings.TrimSuffix(line, "\n")
		if m := resumedLine.FindStringSubmatch(line); m != nil {
			c := &calls[begun[must1(strconv.Atoi(m[1]))]]
			c.args, c.result = splitResult(c.args + m[2])
			continue
		}
		m := callLine.FindStringSubmatch(line)
		if m == nil {
			continue // a signal, or the end of a thread
		}
		counts[m[1]+m[2]]++
		c := call{thread: must1(strconv.Atoi(m[1])), name: m[2], nth: counts[m[1]+m[2]]}
		args, unfinished := strings.CutSuffix(m[3], " <unfinished ...>")
		if unfinished {
			begun[c.thread] = len(calls)
			c.args = args
		} else {
			c.args, c.result = splitResult(args)
		}
		calls = append(calls, c)
	}
	return calls
}

// splitResult splits what follows the bracket of a call.
func splitResult(rest string) (args, result string) {
	i := strings.LastIndex(rest, " = ")
	if i < 0 {
		return strings.TrimSuffix(rest, ")"), ""
	}
	return strings.TrimSuffix(strings.TrimRight(rest[:i], " "), ")"), rest[i+len(" = "):]
}

// trace runs the binary under strace and returns the calls of a set (as in strace -e trace=SET) that all its threads made.
// More arguments for strace may follow the set, each a word.
func (b *bed) trace(set string, args []string, more ...string) (outcome, []call) {
	o := b.run(slices.Concat(strace(set), []string{"--seccomp-bpf"}, more, []string{b.bin}, args)...)
	return o, b.readLog(o)
}

const straceLog = "strace.log"

// strace is the command that runs what follows it and logs the calls of a set. With --seccomp-bpf it is faster, and sends no signals.
// The runtime of Go is told not to interrupt calls with signals of its own, so that the calls are the same in each run.
func strace(set string) []string {
	return []string{"strace", "-E", "GODEBUG=asyncpreemptoff=1", "-f", "-y", "-s", "64", "-o", straceLog, "-e", "signal=none", "-e", "trace=" + set}
}

// readLog reads what strace logged of the run that ended with o.
func (b *bed) readLog(o outcome) []call {
	log := filepath.Join(b.dir, straceLog)
	defer os.Remove(log)
	text, err := os.ReadFile(log)
	if err != nil {
		b.fail(o)
	}
	return parseLog(string(text))
}

// inject runs the binary with something done to it at a point: signal=KILL, error=EIO and so on; with a + at the end it is done at all
// later calls of the name, too, with .. at some of them. It returns also what was called there, "" if the point was not reached.
func (b *bed) inject(p point, what string, args []string) (o outcome, at string) {
	when := strconv.Itoa(p.nth)
	if once, sticky := strings.CutSuffix(what, "+"); sticky {
		what, when = once, when+"+"
	}
	if once, while := strings.CutSuffix(what, ".."); while {
		what, when = once, fmt.Sprintf("%d..%d", p.nth, p.nth+3)
	}
	inject := []string{"-e", "inject=" + p.call + ":" + what + ":when=" + when, b.bin}
	o = b.run(slices.Concat(strace(p.call), inject, args)...)
	calls := b.readLog(o)
	i := slices.IndexFunc(calls, func(c call) bool { return c.nth == p.nth })
	if i < 0 {
		return o, ""
	}
	return o, b.shape(calls[i])
}

// shape is a call without what differs from run to run: random names, what is read, and in which order attributes are listed.
func (b *bed) shape(c call) string {
	args := strings.ReplaceAll(c.args, b.dir, "")
	words := strings.Split(args, ", ")
	switch c.name {
	case "openat":
	case "read", "pread64", "write", "getdents64", "flistxattr", "fgetxattr", "fstat":
		args = words[0]
	default:
		args = strings.Join(words[:min(2, len(words))], ", ")
	}
	return c.name + "(" + random.ReplaceAllString(args, "*") + ")"
}

// points are the moments just before each call of a set that is wanted, in a run of the binary with args in a clone of b. All that the
// program does with files it does in its main thread, so that they are the same in every run: points fails where they are not.
func (b *bed) points(set string, wanted func(b *bed, c call) bool, args []string) []point {
	return stable(func() []point {
		c := b.clone()
		defer c.remove()
		return c.pointsHere(set, wanted, args)
	})
}

// stable returns what find finds three times. How often a call was made before may differ: now and then the runtime writes to wake up a
// thread.
func stable(find func() []point) []point {
	first := find()
	for range 2 {
		if next := find(); !slices.EqualFunc(first, next, func(a, b point) bool { return a.call == b.call && a.at == b.at }) {
			must(fmt.Errorf("the system calls differ from run to run: %s", firstDifference(first, next)))
		}
	}
	return first
}

// pointsHere is points for a run in b itself.
func (b *bed) pointsHere(set string, wanted func(b *bed, c call) bool, args []string) []point {
	o, calls := b.trace(set, args)
	if o.code != 0 {
		b.fail(o)
	}
	var points []point
	for _, c := range calls {
		switch {
		case !wanted(b, c), strings.HasPrefix(c.args, "NULL"): // now and then strace takes another call for link(NULL, ...)
		case c.thread != calls[0].thread:
			must(errors.New("another thread than the main one calls " + b.shape(c)))
		default:
			points = append(points, point{c.name, c.nth, b.shape(c)})
		}
	}
	return points
}

func firstDifference(a, b []point) string {
	for i := range min(len(a), len(b)) {
		if a[i].at != b[i].at {
			return fmt.Sprintf("%v, then %v", a[i], b[i])
		}
	}
	return fmt.Sprintf("%d calls, then %d", len(a), len(b))
}

// mutatingPoints are the moments before each call of a run that may change what is on disk.
func (b *bed) mutatingPoints(args []string) []point {
	return b.points(mutatingSet(), mutates, args)
}

func mutatingSet() string { return strings.Join(append([]string{"execve"}, mutatingCalls...), ",") }

func mutates(b *bed, c call) bool { return c.mutating(b.dir) }
