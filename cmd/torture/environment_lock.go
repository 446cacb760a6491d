package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// locks lets two runs meet.
func locks(t *torture, y *tally) {
	start := t.bed()
	defer start.remove()
	start.succeed(applyArgs("b")...)
	for _, wait := range []time.Duration{0, time.Second} {
		b := start.clone()
		wrong := b.lockedOut(wait)
		y.judge("hold home/.carbonpatch/lock by flock(1), then\n"+b.reproduce(), prefix(fmt.Sprintf("--lock-timeout %s: ", wait), wrong))
		b.remove()
	}
	b := start.clone()
	y.judge("release the lock while a run waits", b.waits())
	b.remove()
	n := t.sample(40, 8)
	t.each(n, func(int) {
		b := start.clone()
		defer b.remove()
		y.judge(strings.Join(applyArgs("a"), " ")+", twice at once", b.twoAtOnce())
	})
}

// hold takes the lock of the bed, as a run does that is at work, until it is released.
func (b *bed) hold() (release func()) {
	must(os.MkdirAll(b.path(".carbonpatch"), 0o700))
	f := must1(os.OpenFile(b.path(".carbonpatch/lock"), os.O_RDWR|os.O_CREATE, 0o600))
	must(unix.Flock(int(f.Fd()), unix.LOCK_EX))
	return func() { f.Close() }
}

// lockedOut runs while the lock is held for longer than the run wants to wait.
func (b *bed) lockedOut(wait time.Duration) string {
	defer b.hold()()
	before := footprint(b.home())
	begin := time.Now()
	o := b.bounded(applyArgs("a", "--lock-timeout", wait.String())...)
	took := time.Since(begin)
	switch {
	case o.code != 75:
		return fmt.Sprintf("exit code %d, want 75\n%s", o.code, o.stderr)
	case took < wait || took > wait+2*time.Second:
		return fmt.Sprintf("took %s", took)
	case !strings.Contains(o.stderr, "another run"):
		return "does not say why\n" + o.stderr
	}
	return footprint(b.home()).differsFrom(before)
}

// waits runs while the lock is held for a moment.
func (b *bed) waits() string {
	release := b.hold()
	timer := time.AfterFunc(300*time.Millisecond, release)
	defer timer.Stop()
	begin := time.Now()
	o := b.bounded(applyArgs("a", "--lock-timeout", "15s")...)
	switch {
	case o.code != 0:
		return fmt.Sprintf("exit code %d\n%s", o.code, o.stderr)
	case time.Since(begin) < 300*time.Millisecond:
		return "did not wait"
	}
	return b.litter()
}

// twoAtOnce runs twice: one changes all files, the other finds nothing left to change.
func (b *bed) twoAtOnce() string {
	var ends [2]outcome
	var wg sync.WaitGroup
	failures := make([]error, 2)
	for i := range ends {
		wg.Go(func() {
			failures[i] = carryOut(func() {
				own := &bed{t: b.t, bin: b.bin, dir: b.dir}
				ends[i] = own.bounded(applyArgs("a", "--lock-timeout", "15s", "--format", "json")...)
			})
		})
	}
	wg.Wait()
	changed := 0
	for i, o := range ends {
		must(failures[i])
		if o.code != 0 {
			return fmt.Sprintf("exit code %d\n%s", o.code, o.stdout+o.stderr)
		}
		if strings.Contains(strings.ReplaceAll(o.stdout, " ", ""), `"backup":"`) {
			changed++
		}
	}
	if changed != 1 {
		return fmt.Sprintf("%d runs have made a backup, want 1\n%s", changed, ends[0].stdout)
	}
	return b.litter()
}

// ploy is something that is put where the program has what is its own. The scripts run in the bed.
type ploy struct {
	name   string
	script string
	must   bool // the run must refuse, and name what is in its way
}

// lockPloys replace the lock, $s is the state folder. A run that waits may make another one as soon as it is gone.
var lockPloys = []ploy{
	{"nothing", "true", false},
	{"another lock", "touch $s/lock", false},
	{"a symlink outside", "ln -s $PWD/outside/victim.xml $s/lock", true},
	{"a dangling symlink outside", "ln -s $PWD/outside/new $s/lock", true},
	{"a hard link outside", "ln outside/victim.xml $s/lock", true},
	{"a directory", "mkdir $s/lock", true},
	{"a FIFO", "mkfifo $s/lock", true},
	{"a device", "mknod $s/lock c 1 3", true},
}

// statePloys replace the state folder.
var statePloys = []ploy{
	{"a symlink outside", "mv $s kept; ln -s $PWD/outside $s", true},
	{"a dangling symlink outside", "mv $s kept; ln -s $PWD/outside/new $s", true},
	{"a symlink inside", "mv $s home/state; ln -s state $s", true},
	{"a file", "mv $s kept; touch $s", true},
	{"a FIFO", "mv $s kept; mkfifo $s", true},
	{"one of somebody else", "chown 1234:1234 $s", true},
	{"one that the group may write to", "chmod 0770 $s", true},
	{"one that everybody may write to", "chmod 0777 $s", true},
}

// replacedLocks puts other things where the lock and the state folder are: before a run, and while it waits.
func replacedLocks(t *torture, y *tally) {
	start := t.bed()
	defer start.remove()
	start.succeed(applyArgs("b")...)
	start.makeOutside()
	for _, p := range lockPloys {
		p.script = "for i in $(seq 50); do rm -f $s/lock; " + p.script + " && break; done"
		y.judge(start.ployed(p, "the lock is "+p.name+" before: ", (*bed).plainRun))
		y.judge(start.ployed(p, "the lock becomes "+p.name+" while a run waits: ", (*bed).whileWaiting))
	}
	for _, p := range statePloys {
		y.judge(start.ployed(p, "the state folder is "+p.name+": ", (*bed).plainRun))
		y.judge(start.ployed(p, "the state folder becomes "+p.name+" while a run waits: ", (*bed).whileWaiting))
	}
}

func (b *bed) ploy(p ploy) { b.sh("s=home/.carbonpatch; " + p.script) }

func (b *bed) plainRun(p ploy) outcome {
	b.ploy(p)
	return b.bounded(applyArgs("a", "--lock-timeout", "300ms")...)
}

// whileWaiting is a run that waits for another one when the ploy is made.
func (b *bed) whileWaiting(p ploy) outcome {
	release := b.hold()
	defer release()
	failed := make(chan error, 1)
	timer := time.AfterFunc(200*time.Millisecond, func() {
		failed <- carryOut(func() { (&bed{t: b.t, bin: b.bin, dir: b.dir}).ploy(p) })
	})
	defer timer.Stop()
	o := b.bounded(applyArgs("a", "--lock-timeout", "1s")...)
	select {
	case err := <-failed:
		must(err)
	case <-time.After(5 * time.Second): // the run did not wait: it ends before the ploy comes
	}
	return o
}

func (start *bed) ployed(p ploy, where string, run func(*bed, ploy) outcome) (reproduce, wrong string) {
	b := start.clone()
	defer b.remove()
	around, before := withoutLinks(b.outside()), b.content()
	o := run(b, p)
	waited := strings.Contains(where, "waits")
	switch {
	case o.code == hung || o.code < 0 || o.code == 70:
		wrong = fmt.Sprintf("exit code %d\n%s", o.code, o.stderr)
	case waited && (o.code == 75 || o.code == 0): // it waited in vain, or had another lock before
	case p.must && o.code != 1:
		wrong = fmt.Sprintf("exit code %d, want 1\n%s", o.code, o.stderr)
	case p.must && !strings.Contains(o.stderr, ".carbonpatch"):
		wrong = "does not name what is in the way\n" + o.stderr
	case o.code != 0:
		wrong = prefix("changed: ", settledLikeBefore(b, before, p))
	}
	if wrong == "" {
		wrong = prefix("outside of the home: ", withoutLinks(b.outside()).differsFrom(around))
	}
	return b.reproduce() + "\n" + p.script, prefix(where, wrong)
}

// settledLikeBefore is how the files of the home are not as they were.
func settledLikeBefore(b *bed, before tree, p ploy) string {
	now := b.content()
	if strings.Contains(p.script, "home/state") {
		for path := range now {
			if path == "state" || filepath.Dir(path) == "state" || strings.HasPrefix(path, "state/") {
				delete(now, path)
			}
		}
	}
	return now.differsFrom(before)
}

// withoutLinks takes no notice of how many links a file has: the ploys make some.
func withoutLinks(t tree) tree {
	for path, f := range t {
		if f.mode.IsRegular() {
			f.nlink, f.touched = 0, ""
			t[path] = f
		}
	}
	return t
}
