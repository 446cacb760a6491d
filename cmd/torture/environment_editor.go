package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// handEdit is what somebody else does to a target while a run stands still. The scripts run in the bed, with $f for the target and $d
// for its folder.
type handEdit struct {
	name   string
	script string
	later  string // what they do when the run has ended, ""
}

const mark = "<!-- by hand -->"

// handEdits are the ways in which editors and people change a file. Those that write leave it well-formed, with a mark in it.
var handEdits = []handEdit{
	{"append", `echo '<!-- by hand -->' >>$f`, ""},
	{"write in place", `printf ' ' | dd of=$f bs=1 seek=$(($(stat -c %s $f)-1)) conv=notrunc status=none`, ""},
	{"truncate and write", `cp $f draft; echo '<!-- by hand -->' >>draft; cat draft >$f`, ""},
	{"write beside and rename", `cp -a $f $f.swp; echo '<!-- by hand -->' >>$f.swp; mv $f.swp $f`, ""},
	{"rename away and write anew", `mv $f draft; cat draft >$f; echo '<!-- by hand -->' >>$f`, ""},
	{"replace by a copy", `cp -a $f $f.swp; mv $f.swp $f`, ""},
	{"move away and back", `mv $f $f~`, `test -e $f || mv $f~ $f; rm -f $f~`},
	{"delete", `rm $f`, ""},
	{"symlink inside", `mv $f $f.real; ln -s $(basename $f).real $f`, ""},
	{"symlink outside", `rm $f; ln -s $(realpath --relative-to=$d outside/axis2/axis2.xml) $f`, ""},
	{"directory", `rm $f; mkdir $f`, ""},
	{"FIFO", `rm $f; mkfifo $f`, ""},
	{"chmod", `chmod 0604 $f`, ""},
	{"chown", `chown 1003:1003 $f`, ""},
	{"setfacl", `setfacl -m u:1009:r $f`, ""},
	{"setfattr", `setfattr -n user.hand -v mine $f`, ""},
	{"hard link", `ln $f $f.link`, ""},
	{"folder moved, link inside", `mv $d $d.moved; ln -s $(basename $d).moved $d`, ""},
	{"folder replaced by a link outside", `mv $d $d.moved; ln -s ../../outside/axis2 $d`, ""},
}

// ourEdits do something to the file that a run keeps beside a target, $p.
var ourEdits = []handEdit{
	{"append to ours", `echo '<!-- by hand -->' >>$p`, ""},
	{"replace ours", `echo '<!-- by hand -->' >draft; mv draft $p`, ""},
	{"delete ours", `rm $p`, ""},
	{"ours becomes a symlink outside", `rm $p; ln -s $PWD/outside/victim.xml $p`, ""},
	{"ours becomes a hard link outside", `rm $p; ln outside/victim.xml $p`, ""},
	{"ours becomes a directory", `rm $p; mkdir $p; echo '<!-- by hand -->' >$p/inner`, ""},
	{"ours becomes a FIFO", `rm $p; mkfifo $p`, ""},
	{"chmod ours", `chmod 0604 $p`, ""},
}

func (e handEdit) do(b *bed, script, target string) {
	if script != "" {
		b.sh(e.scriptOn(script, target))
	}
}

func (e handEdit) scriptOn(script, target string) string {
	folder := filepath.Dir(target)
	return fmt.Sprintf("f=home/%s; d=home/%s; p=$(echo home/%s/.%s.*.carbonpatch); %s", target, folder, folder, filepath.Base(target), script)
}

// editable are the edits that this machine can make.
func editable(y *tally, start *bed) []handEdit {
	return possible(y, start, handEdits, func(e handEdit, b *bed) (string, outcome) { return e.name, b.try(e.scriptOn(e.script, targets[0])) })
}

// stopped is a run that is stopped at a point; meanwhile is called then, after which the run goes on. A signal that stops comes after
// the call, not before it.
func (b *bed) stopped(p point, args []string, meanwhile func()) (o outcome, reached bool) {
	r, w, err := os.Pipe()
	must(err)
	defer r.Close()
	words := []string{
		"timeout", "-s", "KILL", "20", "strace", "-f", "-qq", "-o", "/dev/fd/3", "-e", "signal=stop", "-e", "trace=" + p.call,
		"-e", fmt.Sprintf("inject=%s:signal=STOP:when=%d", p.call, p.nth), b.bin,
	}
	cmd := exec.Command(words[0], append(words[1:], args...)...)
	cmd.Dir = b.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.ExtraFiles = []*os.File{w}
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	b.steps = append(b.steps, strings.Join(cmd.Args, " ")+" 3>/dev/null &  # stops after "+p.at)
	must(cmd.Start())
	w.Close()
	if pid := waitForStop(r); pid > 0 {
		reached = true
		meanwhile()
		b.steps = append(b.steps, "kill -CONT $(pgrep -nx carbonpatch); wait")
		must(unix.Kill(pid, unix.SIGCONT))
	}
	for pid := waitForStop(r); pid > 0; pid = waitForStop(r) {
		unix.Kill(pid, unix.SIGCONT) // another thread has come to its own nth call, or has just seen that all are stopped
	}
	err = cmd.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		must(err)
	}
	return outcome{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}, reached
}

var stopLine = regexp.MustCompile(`^(\d+) +--- stopped by SIGSTOP`)

// waitForStop returns the process that is stopped, 0 if the run has ended before.
func waitForStop(log io.Reader) int {
	lines := bufio.NewScanner(&oneByOne{log})
	for lines.Scan() {
		if m := stopLine.FindStringSubmatch(lines.Text()); m != nil {
			return must1(strconv.Atoi(m[1]))
		}
	}
	return 0
}

// oneByOne reads no more than what is there, so that what follows stays to be read.
type oneByOne struct{ io.Reader }

func (r *oneByOne) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(len(p), 1)]) }

// stops are the calls after which an editor may interfere: those that change something, and those that look.
func (r *ordeal) stops() []point {
	set := mutatingSet() + ",read,newfstatat,flock"
	return r.start.points(set, inHome, r.args)
}

// inHome reports whether a call has to do with a home.
func inHome(b *bed, c call) bool { return strings.Contains(c.args, b.home()) }

// interference is an edit of a target at a point.
type interference struct {
	at     point
	edit   handEdit
	target string
}

// interferences combines each point with each edit, the targets in turn; in a short run some of them.
func (t *torture) interferences(points []point, edits []handEdit) []interference {
	var all []interference
	for i, p := range points {
		for j, e := range edits {
			target := targets[(i+j)%len(targets)]
			if strings.Contains(e.script, "$d") {
				target = targets[0] // the folder of carbon.xml holds all the others
			}
			all = append(all, interference{p, e, target})
		}
	}
	var some []interference
	n := t.sample(min(len(all), 1200), 100) // each step meets some of the edits, each edit some of the steps
	for i := range n {
		some = append(some, all[spread(i, n, len(all))])
	}
	return some
}

// editorAtEveryStep edits a target at every step of a verb. What comes of it must be what would come of it one after the other: the
// edit and then the run, the run and then the edit, or the edit and a run that refuses.
func editorAtEveryStep(t *torture, y *tally, v verb) {
	r := t.prepare(v)
	r.start.makeOutside()
	orders := &orders{ordeal: r, known: map[string]*order{}}
	tries := t.interferences(r.stops(), editable(y, r.start))
	t.each(len(tries), func(i int) { orders.interfere(y, tries[i]) })
	if y.total < len(tries)*9/10 {
		must(fmt.Errorf("only %d of %d steps were reached", y.total, len(tries)))
	}
}

// orders are what comes of an edit and a run one after the other.
type orders struct {
	*ordeal
	mu    sync.Mutex
	known map[string]*order
}

// order are the homes after an edit and a run in each order.
type order struct {
	onlyEdit, editThenRun, runThenEdit tree
	runsAfterEdit                      bool
}

func (o *orders) of(e handEdit, target string) *order {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := e.name + " " + target
	if o.known[key] == nil {
		o.known[key] = o.find(e, target)
	}
	return o.known[key]
}

func (o *orders) find(e handEdit, target string) *order {
	first, last := o.start.clone(), o.start.clone()
	defer first.remove()
	defer last.remove()
	found := &order{}
	e.do(first, e.script, target)
	if e.later == "" {
		found.onlyEdit = first.content()
		found.runsAfterEdit = first.bounded(o.args...).code == 0
	} else { // in its midst there is nothing to run on
		e.do(first, e.later, target)
		found.onlyEdit = first.content()
	}
	found.editThenRun = first.content()
	last.succeed(o.args...)
	e.do(last, e.script, target)
	e.do(last, e.later, target)
	found.runThenEdit = last.content()
	return found
}

func (o *orders) interfere(y *tally, try interference) {
	want := o.of(try.edit, try.target)
	b := o.start.clone()
	defer b.remove()
	around := b.outside()
	swapped := false
	end, reached := b.stopped(try.at, o.args, func() {
		// what is done to a folder that is held open comes to the same before a write in it and after it
		swapped = strings.Contains(try.edit.script, "$d") || b.targets()[try.target].content == o.after[try.target].content
		try.edit.do(b, try.edit.script, try.target)
	})
	if !reached && end.code == 0 {
		return // what a run reads before it has the lock is not always the same
	}
	try.edit.do(b, try.edit.later, try.target)
	wrong := b.afterEdit(end, want, try, swapped)
	if wrong == "" {
		wrong = b.leftover(end)
	}
	if wrong == "" {
		wrong = prefix("outside of the home: ", b.outside().differsFrom(around))
	}
	y.judge(b.reproduce(), prefix(fmt.Sprintf("%s %s after %s, exit code %d: ", try.edit.name, try.target, try.at.at, end.code), wrong))
}

// afterEdit is how the home is not as it must be after an edit; swapped says that the target was new when it was edited.
func (b *bed) afterEdit(end outcome, want *order, try interference, swapped bool) string {
	now := b.content()
	switch end.code {
	case 0, 74:
		// with 74 the run is done, too, and has then found that the home is not as it has made it
		if end.code == 0 && want.runsAfterEdit && now.differsFrom(want.editThenRun) == "" || swapped && now.differsFrom(want.runThenEdit) == "" {
			return ""
		}
		if swapped {
			return "not as after the run and then the edit: " + now.differsFrom(want.runThenEdit)
		}
		return "not as after the edit and then the run: " + now.differsFrom(want.editThenRun)
	case 1:
		if !strings.Contains(end.stderr, try.target) && !strings.Contains(end.stderr, filepath.Dir(try.target)) {
			return "does not name the file\n" + end.stderr
		}
		differs := now.differsFrom(want.onlyEdit)
		if differs == "" {
			return ""
		}
		if swapped && now.differsFrom(mixed(want, try)) == "" {
			return "" // the edit of the new version stays
		}
		return "not as after the edit alone: " + differs
	}
	return "neither done nor refused\n" + end.stderr
}

// mixed is the home in which all is as before the run but for the edit of a file that was new already.
func mixed(want *order, try interference) tree {
	t := tree{}
	for path, f := range want.onlyEdit {
		t[path] = f
	}
	for path, f := range want.runThenEdit {
		if strings.HasPrefix(path, try.target) {
			t[path] = f
		}
	}
	return t
}

// leftover is what a run left and should not have left. What others had put beside a file is kept where it says.
func (b *bed) leftover(end outcome) string {
	if p := b.pending(); p != "" {
		return p + " is pending\n" + end.stderr
	}
	if left := b.litter(); left != "" && !strings.Contains(left, "conflicts") {
		return left
	}
	kept, err := filepath.Glob(b.path(".carbonpatch/conflicts/*/*"))
	must(err)
	kept = append(kept, must1(filepath.Glob(b.path(".carbonpatch/conflicts/*/.*")))...)
	for _, path := range kept {
		if !strings.Contains(end.stderr, filepath.Base(path)) {
			return "does not say that it keeps " + path + "\n" + end.stderr
		}
	}
	return ""
}

// editorOfOurs meddles with the file that a run keeps beside a target. What is put there is never installed and never lost.
func editorOfOurs(t *torture, y *tally) {
	r := t.prepare(verbs()[0])
	r.start.makeOutside()
	points := r.stops()
	first := slices.IndexFunc(points, func(p point) bool { return p.call == "openat" && strings.Contains(p.at, "*.carbonpatch") })
	tries := t.interferences(points[first:], ourEdits)
	t.each(len(tries), func(i int) { meddle(y, r, tries[i], lastLook(points, tries[i])) })
}

// lastLook reports whether the run has looked at the file beside the target for the last time: what is written to it then, by who has
// had it open since before the run, is not promised to be seen.
func lastLook(points []point, try interference) bool {
	ours := "." + filepath.Base(try.target) + ".*.carbonpatch"
	last := 0
	for i, p := range points {
		if p.call == "openat" && strings.Contains(p.at, ours) {
			last = i
		}
	}
	at := slices.Index(points, try.at)
	return at > last || at == last && !strings.HasPrefix(try.edit.name, "append") // what has been opened is looked at, wherever it lies by then
}

func meddle(y *tally, r *ordeal, try interference, tooLate bool) {
	b := r.start.clone()
	defer b.remove()
	around := b.outside()
	made := false
	var theirs file
	staging := false
	end, _ := b.stopped(try.at, r.args, func() {
		ours := must1(filepath.Glob(filepath.Join(b.home(), filepath.Dir(try.target), "."+filepath.Base(try.target)+".*.carbonpatch")))
		if len(ours) != 1 {
			return
		}
		try.edit.do(b, try.edit.script, try.target)
		theirs = snapshot(filepath.Dir(ours[0]))[filepath.Base(ours[0])]
		staging = b.pending() == "tx.staging"
		made = true
	})
	if !made || tooLate {
		return
	}
	wrong := b.afterMeddling(end, r, try, theirs, staging)
	if wrong == "" && !staging { // until then nothing of anybody's has ever been there, under a name that nobody can guess
		if wrong = b.leftover(end); wrong == "" && strings.Contains(try.edit.script, mark) && !b.holdsText(mark) {
			wrong = "what was written is lost\n" + end.stderr
		}
	}
	if wrong == "" && b.outside()["victim.xml"].content != around["victim.xml"].content {
		wrong = "the file outside of the home was changed"
	}
	y.judge(b.reproduce(), prefix(fmt.Sprintf("%s of %s after %s, exit code %d: ", try.edit.name, try.target, try.at.at, end.code), wrong))
}

// afterMeddling is how the targets are not as they must be. What was put beside a target once exchanges have begun may stand in its place:
// it may be the work of who has had the old file open, or has edited the new one.
func (b *bed) afterMeddling(end outcome, r *ordeal, try interference, theirs file, staging bool) string {
	now := b.targets()
	switch end.code {
	case 0:
		return now.differsFrom(r.after)
	case 1:
		if !strings.Contains(end.stderr, try.target) {
			return "does not name the file\n" + end.stderr
		}
		if !staging && now[try.target].differsFrom(theirs) == "" {
			now[try.target] = r.before[try.target]
		}
		return now.differsFrom(r.before)
	}
	return "neither done nor refused\n" + end.stderr
}

// editorOfRecovery edits a file at every step of the recovery of a run that somebody else has interfered with already: nothing of the
// edit is lost, and nothing stays pending.
func editorOfRecovery(t *torture, y *tally) {
	r := t.prepare(verbs()[0])
	r.start.makeOutside()
	points := r.start.mutatingPoints(r.args)
	last := slices.IndexFunc(points, func(p point) bool { return p.call == "renameat2" && strings.Contains(p.at, "catalina-server") })
	r.start.inject(points[last], "signal=KILL", r.args) // two of three files are new
	r.start.sh("echo '<!-- first -->' >>home/" + targets[2])
	var writing []handEdit
	for _, e := range editable(y, r.start) {
		if strings.Contains(e.script, mark) {
			writing = append(writing, e)
		}
	}
	tries := t.interferences(r.recoveryStops(), writing)
	t.each(len(tries), func(i int) {
		try := tries[i]
		b := r.start.clone()
		defer b.remove()
		end, reached := b.stopped(try.at, r.args, func() { try.edit.do(b, try.edit.script, try.target) })
		if !reached {
			return // what a run reads before it has the lock is not always the same
		}
		wrong := ""
		switch {
		case end.code != 0 && end.code != 1:
			wrong = "neither done nor refused\n" + end.stderr
		case !b.holdsText(mark):
			wrong = "the edit is lost\n" + end.stderr
		case !b.holdsText("<!-- first -->"):
			wrong = "the first edit is lost\n" + end.stderr
		default:
			wrong = b.leftover(end)
		}
		y.judge(b.reproduce(), prefix(fmt.Sprintf("%s %s after %s, exit code %d: ", try.edit.name, try.target, try.at.at, end.code), wrong))
	})
}

// recoveryStops are the stops of the run that recovers, whatever its exit code is.
func (r *ordeal) recoveryStops() []point {
	return stable(func() []point {
		b := r.start.clone()
		defer b.remove()
		_, calls := b.trace(mutatingSet()+",read,newfstatat", r.args)
		var points []point
		for _, c := range calls {
			if inHome(b, c) {
				points = append(points, point{c.name, c.nth, b.shape(c)})
			}
		}
		return points
	})
}
