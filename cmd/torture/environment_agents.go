package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// agents lets four processes write two versions of a home, kills them at random, and reads the files all the time.
func agents(t *torture, y *tally) {
	b, versions := twoVersions(t)
	defer b.remove()
	length := 20 * time.Second
	if t.short {
		length = 5 * time.Second
	}
	until := time.Now().Add(length)
	s := &soak{bed: b, tally: y, versions: versions}
	var wg sync.WaitGroup
	failures := make([]error, 5)
	for i := range 4 {
		wg.Go(func() { failures[i] = carryOut(func() { s.agent(i, until) }) })
	}
	wg.Go(func() { failures[4] = carryOut(func() { s.reader(until) }) })
	wg.Wait()
	for _, err := range failures {
		must(err)
	}
	if s.killed.Load() == 0 || s.finished.Load() == 0 || s.reads.Load() == 0 {
		must(fmt.Errorf("%d runs were killed, %d came to an end, the files were read %d times: that proves nothing", s.killed.Load(), s.finished.Load(), s.reads.Load()))
	}
	o := b.bounded(applyArgs("a")...)
	wrong := ""
	if o.code != 0 {
		wrong = fmt.Sprintf("the run after all: exit code %d\n%s", o.code, o.stderr)
	} else {
		wrong = prefix("after all: ", b.settled(versions["a"]))
	}
	y.judge("", wrong)
	fmt.Printf("    %d runs killed, %d came to an end, the files were read %d times\n", s.killed.Load(), s.finished.Load(), s.reads.Load())
}

// twoVersions makes a home that is one of two versions, whichever was applied last.
func twoVersions(t *torture) (*bed, map[string]tree) {
	b := t.bed()
	versions := map[string]tree{}
	for range 2 {
		for _, v := range []string{"b", "a"} {
			b.succeed(applyArgs(v)...)
			if known, ok := versions[v]; ok {
				if differs := b.targets().differsFrom(known); differs != "" {
					must(fmt.Errorf("version %s is not always the same: %s", v, differs))
				}
			}
			versions[v] = b.targets()
		}
	}
	return b, versions
}

type soak struct {
	*bed
	tally    *tally
	versions map[string]tree

	killed, finished, reads atomic.Int64
}

// agent applies the one version and the other, and kills every other run somewhere.
func (s *soak) agent(n int, until time.Time) {
	for i := n; time.Now().Before(until); i++ {
		cmd := exec.Command(s.bin, applyArgs(string("ab"[i%2]), "--lock-timeout", "5s")...)
		cmd.Dir = s.dir
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
		var stderr strings.Builder
		cmd.Stderr = &stderr
		must(cmd.Start())
		timer := time.NewTimer(30 * time.Second)
		if rand.IntN(2) == 0 {
			timer.Reset(time.Duration(rand.IntN(80)) * time.Millisecond)
		}
		done := make(chan struct{})
		go func() {
			select {
			case <-timer.C:
				cmd.Process.Kill() // it may have ended
			case <-done:
			}
		}()
		cmd.Wait() // the exit code says more
		close(done)
		switch code := cmd.ProcessState.ExitCode(); code {
		case -1:
			s.killed.Add(1)
		case 0, 75:
			s.finished.Add(1)
		default:
			s.tally.violate(strings.Join(cmd.Args, " ")+", with others at work that are killed", fmt.Sprintf("exit code %d\n%s", code, stderr.String()))
		}
	}
}

// reader reads the files as a product does that starts just then.
func (s *soak) reader(until time.Time) {
	for time.Now().Before(until) {
		for _, name := range targets {
			data, err := os.ReadFile(s.path(name))
			s.reads.Add(1)
			switch {
			case err != nil:
				s.tally.violate("read "+name+" while others apply", err.Error())
			case string(data) != s.versions["a"][name].content && string(data) != s.versions["b"][name].content:
				s.tally.violate("read "+name+" while others apply", fmt.Sprintf("neither old nor new (%d bytes)", len(data)))
			default:
				s.tally.survive()
			}
		}
	}
}

// linkRace exchanges a folder of the home with a link to one outside, as fast as it can, while runs read and write: they stay inside. What
// is outside is another file, of which nothing may be printed, or the twin of the one inside, which a run would take for its own.
func linkRace(t *torture, y *tally) {
	length := 3 * time.Second
	if t.short {
		length = time.Second
	}
	for _, link := range []string{"relative", "absolute"} {
		for _, twin := range []bool{false, true} {
			raceLink(t, y, link, twin, length)
		}
	}
}

func raceLink(t *torture, y *tally, link string, twin bool, length time.Duration) {
	b := t.bed()
	defer b.remove()
	b.makeOutside()
	b.succeed(applyArgs("a")...)
	if twin {
		b.sh("cp -a home/conf/axis2/axis2.xml outside/axis2")
	}
	to := map[string]string{"relative": "../../outside/axis2", "absolute": b.dir + "/outside/axis2"}[link]
	must(os.Symlink(to, b.path("conf/link")))
	around := b.outside()
	s := &swapper{folder: b.path("conf/axis2"), link: b.path("conf/link")}
	s.start()
	codes := map[int]int{}
	for until := time.Now().Add(length); time.Now().Before(until); {
		for _, args := range [][]string{
			applyArgs("b"), rollbackArgs(), applyArgs("a"), {"plan", "home", "-f", "a.yaml", "--node", "manager"}, {"inspect", "home"},
		} {
			o := b.bounded(args...)
			codes[o.code]++
			wrong := ""
			switch {
			case strings.Contains(o.stdout+o.stderr, canaryOutside):
				wrong = "prints what is outside of the home"
			case o.code == hung:
				wrong = "comes to no end"
			case o.code != 0 && o.code != 1 && o.code != 74: // that is: written, but then the folder was not there
				wrong = fmt.Sprintf("exit code %d\n%s", o.code, o.stderr)
			case b.pending() != "":
				wrong = fmt.Sprintf("exit code %d, %s is pending\n%s", o.code, b.pending(), o.stderr)
			default:
				wrong = prefix("outside of the home: ", b.outside().differsFrom(around))
			}
			y.judge(strings.Join(args, " ")+" while conf/axis2 and a link to "+to+" are exchanged", wrong)
		}
	}
	swaps := s.stop()
	fmt.Printf("    a folder and its %s link exchanged %d times; exit codes of runs: %v\n", link, swaps, codes)
	if codes[0] == 0 || codes[1] == 0 {
		must(fmt.Errorf("exit codes of the runs: %v: that proves nothing", codes))
	}
	b.afterRace(y)
}

// afterRace looks at what is left when the folder is a folder again.
func (b *bed) afterRace(y *tally) {
	if info := must1(os.Lstat(b.path("conf/axis2"))); !info.IsDir() {
		must(exchange(b.path("conf/axis2"), b.path("conf/link")))
	}
	must(os.Remove(b.path("conf/link")))
	wrong := ""
	if o := b.bounded(applyArgs("a")...); o.code != 0 {
		wrong = fmt.Sprintf("after the race: exit code %d\n%s", o.code, o.stderr)
	} else if b.holdsText(canaryOutside) {
		wrong = "what is outside has come into the home"
	} else {
		wrong = b.litter()
	}
	y.judge(b.reproduce(), wrong)
}

func exchange(a, b string) error {
	return unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
}

// swapper exchanges a folder and a link until it is stopped.
type swapper struct {
	folder, link string
	swaps        int
	err          error
	quit         chan struct{}
	done         chan struct{}
}

func (s *swapper) start() {
	s.quit, s.done = make(chan struct{}), make(chan struct{})
	go func() {
		defer close(s.done)
		for s.err == nil {
			select {
			case <-s.quit:
				return
			default:
				s.err = exchange(s.folder, s.link)
				s.swaps++
			}
		}
	}()
}

func (s *swapper) stop() int {
	close(s.quit)
	<-s.done
	must(s.err)
	return s.swaps
}
