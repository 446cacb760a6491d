// Command carbonpatch patches the configuration of an unpacked WSO2 Carbon product in place.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// plentyOfMemory is what a run may take before garbage is collected: far more than the files of a home need, so that the
// collector, which would take a good part of the time, does not run at all.
const plentyOfMemory = 256 << 20

func main() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(plentyOfMemory)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // the second signal kills
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
