// Command carbonpatch patches the configuration of an unpacked WSO2 Carbon product in place.
package main

import (
	"context"
	"io"
	"math"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"golang.org/x/sys/unix"
)

// plentyOfMemory is what a run may take before garbage is collected: more than the files of a home need, so that the collector,
// which would take a good part of the time, does not run at all.
const plentyOfMemory = 48 << 20

// All that is written is written by the first thread of the process, so that the order of its system calls is the same in each run. In
// main it would be too late: by then the scheduler may have moved to another thread.
func init() { runtime.LockOSThread() }

func main() { os.Exit(start(os.Stdout)) }

// start runs carbonpatch as it was called, but for where the result goes, and returns the exit code.
func start(stdout io.Writer) int {
	keepMemoryPrivate()
	unix.Umask(0o077) // what must be readable is given its mode after it is made, and what is made must never be out of our own reach
	collectLate()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	context.AfterFunc(ctx, func() { // the second signal kills
		signal.Ignore(syscall.SIGQUIT) // but not this one, of which the runtime would make a crash
		stop()
	})
	return run(ctx, os.Args[1:], os.Stdin, stdout, os.Stderr)
}

// collectLate lets the garbage be until a run takes plenty of memory, and then has it collected as usual: what holds that much, as
// a huge file does, would otherwise be looked through all the time.
func collectLate() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(plentyOfMemory)
	const usual = 100
	runtime.AddCleanup(new([64]byte), func(percent int) {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(math.MaxInt64)
	}, usual)
}

// keepMemoryPrivate keeps the secrets that a run reads out of core files, out of the reach of other processes of the same user, and
// out of what the runtime prints of a crash. Where that is not allowed, the run is as good as that of any other program.
func keepMemoryPrivate() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
	debug.SetTraceback("none") // GOTRACEBACK in the environment wins
}
