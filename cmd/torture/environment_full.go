package main

import (
	"fmt"
	"slices"
	"strings"
)

// ladder is a home on a small disk, on which there is more space from run to run.
type ladder struct {
	*bed
	before, after    tree
	refused, applied int
}

// fullBytes gives a tmpfs 4 KB more from run to run.
func fullBytes(t *torture, y *tally) { climbTmpfs(t, y, "size=%dk", 24, 160, 4) }

func fullInodes(t *torture, y *tally) { climbTmpfs(t, y, "nr_inodes=%d", 12, 48, 1) }

// climbTmpfs runs in a tmpfs with an option that counts up.
func climbTmpfs(t *torture, y *tally, option string, from, to, step int) {
	if !t.mayMount(y) {
		return
	}
	l := &ladder{bed: t.bed()}
	defer l.remove()
	l.sh("mv home shipped && mkdir home")
	made := l.steps
	l.onTmpfs(func() { l.learn() })
	for n := from; n <= to; n += step {
		limit := fmt.Sprintf(option, n)
		l.steps = slices.Clone(made)
		l.onTmpfs(func() {
			if l.try("mount -o remount,"+limit+" home").code == 0 { // else the home alone needs more
				l.judge(y, limit, "mount -o remount,size=16m,nr_inodes=9999 home")
			}
		})
	}
	l.mustHaveSeenBoth()
}

// onTmpfs calls f while the home, as it was shipped, is on a tmpfs.
func (l *ladder) onTmpfs(f func()) {
	l.sh("mount -t tmpfs -o mode=755,size=16m none home")
	defer l.try("umount -l home")
	l.sh("cp -a shipped/. home")
	f()
}

// fullExt4 leaves 1 KB more of an ext4 from run to run.
func fullExt4(t *torture, y *tally) {
	if !t.mayMount(y) {
		return
	}
	l := &ladder{bed: t.bed()}
	defer l.remove()
	l.sh("mv home shipped && mkdir home && truncate -s 4m disk && mkfs.ext4 -q -m 0 -b 1024 disk && mount -o loop disk home && rmdir home/lost+found")
	defer l.try("umount -l home")
	made := l.steps
	l.sh("cp -a shipped/. home")
	l.learn()
	step := 1
	if t.short {
		step = 4
	}
	for free := 0; free <= 80; free += step {
		l.steps = slices.Clone(made)
		l.sh("rm -rf home/* home/.carbonpatch && cp -a shipped/. home")
		l.sh(fmt.Sprintf("dd if=/dev/zero of=home/filler bs=1k 2>/dev/null; truncate -s -%dk home/filler; sync -f home", free))
		l.judge(y, fmt.Sprintf("%d KB free", free), ": >home/filler")
	}
	l.mustHaveSeenBoth()
}

// learn finds out what the home is before and after a run where there is space.
func (l *ladder) learn() {
	l.before = l.content()
	l.succeed(applyArgs("a")...)
	l.after = l.content()
}

// judge applies on a disk that may be too full, makes room, and applies again.
func (l *ladder) judge(y *tally, where, makeRoom string) {
	o := l.bounded(applyArgs("a")...)
	wrong := ""
	switch o.code {
	case 0:
		l.applied++
		wrong = withoutFiller(l.content()).differsFrom(l.after)
	case 1:
		l.refused++
		wrong = withoutFiller(snapshot(l.home())).differsFrom(l.before)
		if wrong == "" && !strings.Contains(o.stderr, "space") {
			wrong = "does not say that there is no space\n" + o.stderr
		}
	default:
		wrong = "neither done nor refused\n" + o.stderr
	}
	if wrong == "" {
		wrong = prefix("with space again: ", l.withRoom(makeRoom))
	}
	y.judge(l.reproduce(), prefix(fmt.Sprintf("%s, exit code %d: ", where, o.code), wrong))
}

func (l *ladder) withRoom(makeRoom string) string {
	l.sh(makeRoom)
	if o := l.bounded(applyArgs("a")...); o.code != 0 {
		return fmt.Sprintf("exit code %d\n%s", o.code, o.stderr)
	}
	if differs := withoutFiller(l.content()).differsFrom(l.after); differs != "" {
		return differs
	}
	return l.litter()
}

func withoutFiller(t tree) tree {
	delete(t, "filler")
	return t
}

// mustHaveSeenBoth fails a trial whose disks were all too small or all large enough.
func (l *ladder) mustHaveSeenBoth() {
	if l.refused == 0 || l.applied == 0 {
		must(fmt.Errorf("%d runs were refused and %d worked: the steps prove nothing", l.refused, l.applied))
	}
}
