package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

const (
	promiseKill  = "Kill it anywhere: every file is the old one or the new one, and after the next run all are old or all are new."
	promiseCut   = "If it says done, it survives the power cut; cut before that, all are old or all are new after the next run."
	promiseSees  = "The harness sees what it looks for: with what keeps a promise taken out, it finds the promise broken."
	promiseError = "A disk that fails changes nothing: all files are old, or all are new, and the exit code says which."
)

// straceNeeded is what all sweeps need.
var straceNeeded = []need{"strace"}

// pathsNeeded is what sweeps need that must know of each call which file it is about: the program hides its descriptors from others than
// root.
var pathsNeeded = []need{"strace", "root"}

func sweeps() []trial {
	var all []trial
	add := func(promise, name string, needs []need, run func(*torture, *tally)) {
		all = append(all, trial{name, promise, needs, run})
	}
	for i, v := range verbs() {
		some := 1000
		if i > 1 {
			some = 12
		}
		add(promiseKill, "kill-"+v.name, straceNeeded, func(t *torture, y *tally) { sweepKills(t, y, t.prepare(v), some) })
	}
	add(promiseKill, "kill-any", pathsNeeded, func(t *torture, y *tally) { sweepEveryCall(t, y, t.prepare(verbs()[0])) })
	for _, v := range verbs()[:4] { // a purge leaves no record to go on with
		add(promiseKill, "kill-twice-"+v.name, straceNeeded, func(t *torture, y *tally) { sweepDoubleKills(t, y, t.prepare(v)) })
	}
	for _, signal := range []string{"TERM", "INT", "HUP"} {
		add(promiseKill, "signal-"+strings.ToLower(signal), straceNeeded, func(t *torture, y *tally) { sweepSignal(t, y, signal) })
	}
	for _, v := range verbs()[:2] {
		add(promiseError, "error-once-"+v.name, pathsNeeded, func(t *torture, y *tally) { sweepErrors(t, y, t.prepare(v), "") })
		add(promiseError, "error-for-a-while-"+v.name, pathsNeeded, func(t *torture, y *tally) { sweepErrors(t, y, t.prepare(v), "..") })
		add(promiseError, "error-for-ever-"+v.name, pathsNeeded, func(t *torture, y *tally) { sweepErrors(t, y, t.prepare(v), "+") })
	}
	add(promiseError, "no-exchange", straceNeeded, withoutExchange)
	for _, v := range verbs()[:3] {
		add(promiseCut, "model-"+v.name, pathsNeeded, func(t *torture, y *tally) { sweepModel(t, y, t.prepare(v)) })
	}
	add(promiseSees, "model-sees", append(pathsNeeded, "go"), modelSees)
	return all
}

// verb is a run to torture.
type verb struct {
	name    string
	prepare [][]string // the runs before it
	args    []string
	forward []string // the run that makes all new, whatever was left
	back    []string // the run that makes all old, whatever was left; none where nothing is kept for that
	bare    bool     // after forward nothing is kept
}

func verbs() []verb {
	toA, toB, rollback := applyArgs("a"), applyArgs("b"), rollbackArgs()
	var many [][]string
	for range 5 {
		many = append(many, toB, toA)
	}
	return []verb{
		{"apply", nil, toA, toA, rollback, false},
		{"rollback", [][]string{toA}, rollback, rollback, toA, false},
		{"apply-with-history", many, toB, toB, toA, false},
		{"apply-no-backup", nil, applyArgs("a", "--no-backup"), applyArgs("a", "--no-backup"), nil, true},
		{"purge", [][]string{toA}, rollbackArgs("--purge"), rollbackArgs("--purge"), toA, true},
	}
}

// ordeal is a verb with a home to run it in.
type ordeal struct {
	verb
	start         *bed
	before, after tree // the targets
}

// prepare makes the home that a verb is run in, and finds out what the verb makes of it.
func (t *torture) prepare(v verb) *ordeal {
	start := t.bed()
	for _, args := range v.prepare {
		start.succeed(args...)
	}
	end := start.clone()
	defer end.remove()
	end.succeed(v.args...)
	o := &ordeal{v, start, start.targets(), end.targets()}
	must(o.plausible())
	return o
}

// plausible returns an error where a run that nobody disturbs does not change what the files hold, or changes anything else of them (I3).
func (o *ordeal) plausible() error {
	for name, after := range o.after {
		before := o.before[name]
		if changed := after.content != before.content; changed == (o.name == "purge") {
			return fmt.Errorf("%s: %s changes its content: %v", name, strings.Join(o.args, " "), changed)
		}
		after.content = before.content
		if how := after.differsFrom(before); how != "" {
			return fmt.Errorf("%s: %s changes it: %s", name, strings.Join(o.args, " "), how)
		}
	}
	return nil
}

// sample is how many of n points are tried: all, or in a short run some.
func (t *torture) sample(n, some int) int {
	if t.short {
		return min(n, some)
	}
	return n
}

// spread is the ith of some points spread evenly over n.
func spread(i, some, n int) int { return i * n / some }

// sweepKills kills a run before each call that may change anything. Then verbs that only read must write nothing, and the same run
// again makes all new; the other way, all old. A short run tries some of the calls.
func sweepKills(t *torture, y *tally, r *ordeal, some int) {
	points := r.start.mutatingPoints(r.args)
	n := t.sample(len(points), some)
	t.each(n, func(i int) {
		p := points[spread(i, n, len(points))]
		tryKill(y, r, p, r.forward, r.after, r.bare)
		if r.back != nil {
			tryKill(y, r, p, r.back, r.before, false)
		}
	})
}

// sweepEveryCall kills a run before each call that has to do with its files, reads among them.
func sweepEveryCall(t *torture, y *tally, r *ordeal) {
	points := r.start.points(fileCalls, belongs, r.args)
	n := t.sample(len(points), 20)
	t.each(n, func(i int) { tryKill(y, r, points[spread(i, n, len(points))], r.forward, r.after, r.bare) })
}

// belongs reports whether a call has to do with the home, not with what the runtime looks at when it starts, with cluster files, or with
// how the runtime of Go wants to wait for files.
func belongs(b *bed, c call) bool {
	return !slices.Contains([]string{"execve", "fcntl", "epoll_ctl", "mmap"}, c.name) && (strings.Contains(c.args, b.home()) || strings.Contains(c.args, `>, "home`))
}

func tryKill(y *tally, r *ordeal, p point, next []string, want tree, bare bool) {
	b, _, wrong := r.strike("signal=KILL", p)
	defer b.remove()
	if wrong == "" {
		wrong = b.readersWriteNothing()
	}
	if wrong == "" {
		wrong = b.recover(next, want)
	}
	if _, err := os.Lstat(b.path(".carbonpatch")); wrong == "" && bare && err == nil {
		wrong = "after the next " + next[0] + ": .carbonpatch was left behind"
	}
	y.judge(b.reproduce(), prefix("killed at "+p.at+": ", wrong))
}

// strikes is how often a run is made anew because it was not where it should have been: the runtime of Go makes calls of its own, so
// that a point may come one call sooner or later.
const strikes = 24

// strike does what it is told at the last of some points, in a fresh bed; at the points before that the run is killed, and the next one
// goes on. It returns also what was wrong with the files in between or at the end, "" if nothing was.
func (r *ordeal) strike(what string, points ...point) (b *bed, o outcome, wrong string) {
	for try := range strikes {
		b = r.start.clone()
		args, hit := r.args, true
		for i, p := range points {
			do := "signal=KILL"
			if i == len(points)-1 {
				do = what
			}
			p.nth = max(1, p.nth+[]int{0, 0, -1, 1}[try%4])
			var at string
			if o, at = b.inject(p, do, args); at != p.at {
				hit = false
				break
			}
			if wrong = b.torn(r.before, r.after); wrong != "" {
				return b, o, wrong
			}
			args = r.forward
		}
		if hit {
			return b, o, ""
		}
		b.remove()
	}
	must(fmt.Errorf("%s was never at %v", strings.Join(r.args, " "), points))
	return nil, o, ""
}

// prefix puts where something is wrong before what, unless nothing is.
func prefix(where, what string) string {
	if what == "" {
		return ""
	}
	return where + what
}

// readersWriteNothing runs the verbs that only look. They must leave everything as it is, and fail where a run is pending.
func (b *bed) readersWriteNothing() string {
	before := footprint(b.home())
	wanted := []string{"home", "-f", "a.yaml", "--node", "manager"}
	for _, args := range [][]string{
		append([]string{"plan"}, wanted...), append([]string{"verify"}, wanted...), {"inspect", "home"}, {"history", "home"},
	} {
		o := b.carbonpatch(args...)
		if b.pending() != "" && o.code != 1 {
			return fmt.Sprintf("%s: exit code %d while a run is pending\n%s", args[0], o.code, o.stderr)
		}
		if b.pending() == "" && o.code != 0 && o.code != 2 {
			return fmt.Sprintf("%s: exit code %d while no run is pending\n%s", args[0], o.code, o.stderr)
		}
		if wrote := footprint(b.home()).differsFrom(before); wrote != "" {
			return args[0] + " wrote: " + wrote
		}
	}
	return ""
}

// recover runs what has to make the targets what is wanted, and to say so if it has finished or undone another run. It returns what is
// wrong then.
func (b *bed) recover(args []string, want tree) string {
	pending := b.pending()
	o := b.carbonpatch(args...)
	if pending != "" && !strings.Contains(o.stderr, "interrupted") {
		return fmt.Sprintf("the next %s does not say what became of the run whose record was %s\n%s", args[0], pending, o.stderr)
	}
	nothing := args[0] == "rollback" && o.code == 1 && strings.Contains(o.stderr, "nothing to roll back")
	if o.code != 0 && !nothing {
		return fmt.Sprintf("the next %s: exit code %d\n%s", args[0], o.code, o.stderr)
	}
	return prefix("after the next "+args[0]+": ", b.settled(want))
}

// settled is how the bed is not as a finished run leaves it (I2 to I4); "" if it is.
func (b *bed) settled(want tree) string {
	if differs := b.targets().differsFrom(want); differs != "" {
		return differs
	}
	if left := b.litter(); left != "" {
		return left
	}
	if o := b.carbonpatch("history", "home"); o.code != 0 {
		return fmt.Sprintf("history: exit code %d\n%s", o.code, o.stderr)
	}
	return ""
}

// pair is a moment to kill a run and one to kill the run after it.
type pair struct{ first, second point }

// sweepDoubleKills kills a run, and then the recovery before each call that may change anything, until the record is gone.
func sweepDoubleKills(t *torture, y *tally, r *ordeal) {
	points := r.start.mutatingPoints(r.args)
	n := t.sample(len(points), 4)
	pairs := make([][]pair, n)
	t.each(n, func(i int) {
		p := points[spread(i, n, len(points))]
		for _, q := range recoveryPoints(r, p) {
			pairs[i] = append(pairs[i], pair{p, q})
		}
	})
	all := slices.Concat(pairs...)
	n = t.sample(len(all), 20)
	t.each(n, func(i int) {
		try := all[spread(i, n, len(all))]
		b, _, wrong := r.strike("signal=KILL", try.first, try.second)
		defer b.remove()
		if wrong == "" {
			wrong = b.recover(r.forward, r.after)
		}
		wrong = prefix(fmt.Sprintf("killed at %s, then at %s: ", try.first.at, try.second.at), wrong)
		y.judge(b.reproduce(), wrong)
	})
}

// recoveryPoints are the moments in the run after one that was killed at p, until the record of that is gone.
func recoveryPoints(r *ordeal, p point) []point {
	b, _, _ := r.strike("signal=KILL", p)
	defer b.remove()
	if b.pending() == "" {
		return nil // the next run has nothing to recover
	}
	points := b.pointsHere(mutatingSet(), mutates, r.forward)
	last := slices.IndexFunc(points, func(q point) bool { return q.call == "unlinkat" && strings.Contains(q.at, `"tx.`) })
	return points[:min(len(points), last+3)] // the folder of the record is synced then
}

// sweepSignal sends a signal at each call that may change anything: all is done, or nothing is.
func sweepSignal(t *torture, y *tally, signal string) {
	r := t.prepare(verbs()[0])
	points := r.start.mutatingPoints(r.args)
	n := t.sample(len(points), 20)
	t.each(n, func(i int) {
		p := points[spread(i, n, len(points))]
		b, o, wrong := r.strike("signal="+signal, p)
		defer b.remove()
		switch {
		case wrong != "":
		case o.code == 0:
			wrong = b.settled(r.after)
		case o.code == 130:
			wrong = b.settled(r.before)
		default:
			wrong = fmt.Sprintf("exit code %d\n%s", o.code, o.stderr)
		}
		y.judge(b.reproduce(), prefix(fmt.Sprintf("%s at %s, exit code %d: ", signal, p.at, o.code), wrong))
	})
}

// failure is an error at a point.
type failure struct {
	point
	errno string
}

// errnos are the errors that a call is made to fail with.
func errnos(p point) []string {
	switch p.call {
	case "openat":
		if strings.Contains(p.at, "O_CREAT") {
			return []string{"EIO", "ENOSPC", "EDQUOT", "EACCES", "EROFS", "EMFILE", "EINTR"}
		}
		return []string{"EIO", "EACCES", "EMFILE", "EINTR"}
	case "mkdirat", "linkat", "symlinkat":
		return []string{"EIO", "ENOSPC", "EDQUOT", "EACCES", "EROFS"}
	case "write", "writev", "pwrite64":
		return []string{"EIO", "ENOSPC", "EDQUOT", "EINTR"}
	case "fallocate":
		return []string{"EIO", "ENOSPC", "EDQUOT", "EOPNOTSUPP", "EINTR"}
	case "fsync", "fdatasync":
		return []string{"EIO", "ENOSPC", "EDQUOT", "EINTR"}
	case "fchown", "fchmod", "fchownat", "fchmodat":
		return []string{"EIO", "EPERM", "EROFS"}
	case "fsetxattr", "lsetxattr", "fremovexattr":
		return []string{"EIO", "EOPNOTSUPP", "EPERM", "ENOSPC", "EDQUOT"}
	case "renameat", "renameat2", "rename":
		return []string{"EIO", "ENOSPC", "EDQUOT", "EXDEV", "EPERM", "EACCES", "EROFS"}
	case "unlinkat", "unlink":
		return []string{"EIO", "EPERM", "EACCES", "EROFS"}
	case "flock":
		return []string{"ENOLCK", "EINTR"}
	case "close", "ioctl", "lseek":
		return nil // what fails on its own, or what a program can't act on
	}
	return []string{"EIO"}
}

// sweepErrors makes each call fail, once, some times (how is "..") or from then on ("+").
func sweepErrors(t *torture, y *tally, r *ordeal, how string) {
	var all []failure
	for _, p := range r.start.points(fileCalls, belongs, r.args) {
		for _, errno := range errnos(p) {
			if how == "" || errno != "EINTR" { // what is interrupted is tried again, for ever then
				all = append(all, failure{p, errno})
			}
		}
	}
	n := t.sample(len(all), 40)
	t.each(n, func(i int) {
		try := all[spread(i, n, len(all))]
		b, o, wrong := r.strike("error="+try.errno+how, try.point)
		defer b.remove()
		if wrong == "" {
			wrong = b.afterError(r, o)
		}
		if wrong == "" {
			wrong = b.recover(r.forward, r.after)
		}
		y.judge(b.reproduce(), prefix(fmt.Sprintf("%s at %s, exit code %d: ", try.errno, try.at, o.code), wrong))
	})
}

// afterError is how what a run left does not fit its exit code, "" if it does.
func (b *bed) afterError(r *ordeal, o outcome) string {
	switch o.code {
	case 0:
		return b.settled(r.after)
	case 1, 130:
		return b.settled(r.before)
	case 74:
		if b.pending() == "" { // all was done, and only the look at it afterwards failed
			return b.settled(r.after)
		}
		return ""
	}
	return "unexpected\n" + o.stderr
}

// withoutExchange lets two files not be exchanged, as on NFS: that is refused, and nothing is changed.
func withoutExchange(t *torture, y *tally) {
	for _, v := range verbs()[:2] {
		r := t.prepare(v)
		for _, errno := range []string{"EINVAL", "ENOSYS"} {
			b := r.start.clone()
			o, _ := b.inject(point{call: "renameat2", nth: 1}, "error="+errno+"+", r.args)
			wrong := b.settled(r.before)
			if o.code != 1 {
				wrong = fmt.Sprintf("exit code %d\n%s", o.code, o.stderr)
			}
			y.judge(b.reproduce(), prefix(fmt.Sprintf("%s at every renameat2, exit code %d: ", errno, o.code), wrong))
			b.remove()
		}
	}
}
