package main

import (
	"fmt"
	"runtime"
	"strings"
)

func powercuts() []trial {
	var all []trial
	for _, fs := range filesystems {
		all = append(all, trial{"power-" + fs.name, promiseCut, straceNeeded, func(t *torture, y *tally) { cutOn(t, y, fs, t.bin, t.cuts()) }})
	}
	for _, without := range []string{"nofsync", "nodirsync"} {
		all = append(all, trial{"sees-" + without, promiseSees, append(straceNeeded, "go"), func(t *torture, y *tally) { seesWithout(t, y, without) }})
	}
	all = append(all, trial{"sees-each-fsync", promiseSees, straceNeeded, seesEach})
	return append(all, trial{"peers", promisePeers, straceNeeded, comparePeers})
}

// cuts is how many moments of a run, and of the run after it, the power is cut at.
type cuts struct{ run, recovery int }

// cuts are all moments of a run and some of its recovery; in a short run some.
func (t *torture) cuts() cuts {
	if t.short {
		return cuts{4, 2}
	}
	return cuts{1000, 24}
}

// cutOn cuts the power of a disk while bin runs, and after it.
func cutOn(t *torture, y *tally, fs filesystem, bin string, n cuts) {
	if reason := fs.missing(); reason != "" {
		y.skip(fs.name + ": " + reason)
		return
	}
	for _, v := range verbs()[:2] {
		start := t.bed()
		start.bin = bin
		reasons := make([]string, runtime.NumCPU())
		t.each(len(reasons), func(worker int) {
			reasons[worker] = withDisk(fs, start, func(d *disk) { d.cutAll(y, d.prepare(v), n, worker, len(reasons)) })
		})
		if reasons[0] != "" {
			y.skip(fs.name + ": " + reasons[0])
			return
		}
	}
}

// cutAll is the share of one of several workers.
func (d *disk) cutAll(y *tally, r *ordeal, n cuts, worker, workers int) {
	d.fresh()
	points := d.pointsHere(mutatingSet(), mutates, r.args)
	runs := min(n.run, len(points))
	for i := worker; i < runs; i += workers {
		p := points[spread(i, runs, len(points))]
		d.cutAt(y, r, p, false)
		d.cutAt(y, r, p, true)
	}
	for i := worker; i < n.recovery; i += workers {
		d.cutRecovery(y, r, points[spread(i, n.recovery, len(points))], i)
	}
	if worker == 0 {
		d.cutAfter(y, r, false)
		d.cutAfter(y, r, true)
	}
}

// cutAt cuts the power before a call, which may be just when a journal was written. Every third time the run is taken back after that.
func (d *disk) cutAt(y *tally, r *ordeal, p point, commit bool) {
	wrong := d.cutRun(r, p, commit)
	if wrong == "" {
		wrong = d.recoverEitherWay(r, p.nth)
	}
	y.judge(d.reproduce(), wrong)
}

// cutRun kills a run on a fresh disk before a call and cuts the power. It returns which target is torn then. Where the runtime of Go has
// made a call more of its own, or one less, it is the call beside it.
func (d *disk) cutRun(r *ordeal, p point, commit bool) string {
	d.fresh()
	_, at := d.inject(p, "signal=KILL", r.args)
	return d.cut(r, "power cut at "+at, commit)
}

// cut cuts the power and returns which target is torn then.
func (d *disk) cut(r *ordeal, when string, commit bool) string {
	if commit {
		d.commit()
		when += ", when a journal had just been written"
	}
	d.cutPower()
	return prefix(when+": ", d.torn(r.before, r.after))
}

// recoverEitherWay makes all new, or every third time all old.
func (d *disk) recoverEitherWay(r *ordeal, i int) string {
	if i%3 == 2 {
		return d.recover(r.back, r.before)
	}
	return d.recover(r.forward, r.after)
}

// cutRecovery cuts the power before a call, and then before one that the next run makes: the ith of some spread over it.
func (d *disk) cutRecovery(y *tally, r *ordeal, p point, i int) {
	commit := i%2 == 0
	wrong := d.cutRun(r, p, commit)
	if wrong == "" {
		if d.pending() == "" {
			return // nothing had begun, or all was done
		}
		points := d.pointsHere(mutatingSet(), mutates, r.forward)
		q := points[7*i%len(points)]
		d.cutRun(r, p, commit)
		d.inject(q, "signal=KILL", r.forward)
		wrong = d.cut(r, fmt.Sprintf("power cut at %s and, in the next run, at %s", p.at, q.at), i%4 < 2)
	}
	if wrong == "" {
		wrong = d.recoverEitherWay(r, i)
	}
	y.judge(d.reproduce(), wrong)
}

// cutAfter cuts the power when a run has said that it is done.
func (d *disk) cutAfter(y *tally, r *ordeal, commit bool) {
	d.fresh()
	d.succeed(r.args...)
	y.judge(d.reproduce(), d.cutDone(r, commit))
}

// cutDone cuts the power after a run that has ended well. All must be as it said, before anything else runs, and what undoes it must be
// there. It returns what is not.
func (d *disk) cutDone(r *ordeal, commit bool) string {
	wrong := d.cut(r, "power cut after exit code 0", commit)
	if wrong == "" {
		wrong = prefix("power cut after exit code 0: ", d.settled(r.after))
	}
	if wrong == "" {
		wrong = prefix("power cut after exit code 0: ", d.recover(r.back, r.before))
	}
	return wrong
}

// seesWithout cuts the power of a program that lacks something, which has to show on every file system. Only ext4 with data=journal needs
// no fsync of files where folders are synced: it keeps data and names in one journal.
func seesWithout(t *torture, y *tally, without string) {
	bin := t.build("torture_" + without)
	for _, fs := range filesystems {
		if without == "nofsync" && fs.options == "data=journal" {
			continue
		}
		var found tally
		cutOn(t, &found, fs, bin, cuts{4, 0})
		y.skips = append(y.skips, found.skips...)
		if found.total == 0 {
			continue
		}
		wrong := ""
		if found.survived == found.total {
			wrong = fmt.Sprintf("%s: %d power cuts broke nothing in a build with the tag torture_%s", fs.name, found.total, without)
		}
		y.judge("go build -tags torture_"+without+" ./cmd/carbonpatch", wrong)
	}
}

// seesEach leaves out the sync of one file that stays, each in its turn: the new ones, the backups and their manifest. Which folders are
// synced shows only in the model, as a file system that has a journal writes all names at once.
func seesEach(t *torture, y *tally) {
	fs := filesystems[1]
	reason := fs.missing()
	if reason == "" {
		reason = withDisk(fs, t.bed(), func(d *disk) {
			r := d.prepare(verbs()[0])
			d.fresh()
			for _, p := range d.pointsHere("fsync", mutates, r.args) {
				if !strings.Contains(p.at, "/backups/*/") && !strings.Contains(p.at, ".*.carbonpatch>") {
					continue
				}
				d.fresh()
				_, at := d.inject(p, "retval=0", r.args)
				wrong := ""
				if d.cutDone(r, false) == "" {
					wrong = "left out, and nobody noticed: " + at
				}
				y.judge(d.reproduce(), wrong)
			}
		})
	}
	if reason != "" {
		y.skip(fs.name + ": " + reason)
	}
}
