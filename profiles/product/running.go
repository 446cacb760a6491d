package product

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/carbonpatch/carbonpatch/patch"
)

// runningPID is the process that a pid file names, or 0 where there is no such process.
func runningPID(file string) int {
	data, _, err := patch.ReadRegular(patch.AnyFile{}, file, maxNote)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil || pid <= 0 {
		return 0
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return 0
	}
	// Signal 0 is only a check. A process of another user may not be signalled, but it is there.
	if err := process.Signal(syscall.Signal(0)); err != nil && !errors.Is(err, os.ErrPermission) {
		return 0
	}
	return pid
}
