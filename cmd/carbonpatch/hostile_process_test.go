package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever a process may find around it: all files are new, or all are as they were, and the exit code says which. $apply is an apply in
// the folder that the sample home lies in.
func TestHostileSurroundings(t *testing.T) {
	t.Parallel()
	const (
		notPrinted   = "carbonpatch: error: all was written, but the result could not be printed: %s\nhint: to undo: carbonpatch rollback DIR/home ID\n"
		noFiles      = "carbonpatch: error: no more than %s files may be open at a time\nhint: ulimit -n 64, or more\n\n1 error; nothing was written\n"
		fileTooLarge = ".carbonpatch: error: cannot be used: file too large\n\n1 error; nothing was written\n"
	)
	tests := []struct {
		name, script string
		code         int
		stderr       string
	}{
		{"stdin closed", "$apply <&-", 0, ""},
		{"stdout closed", "$apply >&-", 0, ""},
		{"stderr closed", "$apply 2>&-", 0, ""},
		{"all closed", "$apply <&- >&- 2>&-", 0, ""},
		{"stdout closed, and wrong", "$apply --set nosuch=1 >&-", 1, "--set nosuch: error: unknown setting \"nosuch\"\n\n1 error; nothing was written\n"},
		{"stderr closed, and wrong", "$apply --set nosuch=1 2>&-", 1, ""},
		{"stdout full", "$apply >/dev/full", 74, fmt.Sprintf(notPrinted, "no space left on device")},
		{"stderr full, and wrong", "$apply --set nosuch=1 2>/dev/full", 1, ""},
		{"both full", "$apply >/dev/full 2>/dev/full", 74, ""},
		{"nobody reads", "mkfifo pipe; : <pipe & exec 3>pipe; wait; exec $apply >&3", 74, fmt.Sprintf(notPrinted, "broken pipe")},
		{"no HOME", "unset HOME; $apply", 0, ""},
		{"a HOME that isn't there", "HOME=/nonexistent $apply", 0, ""},
		{"an empty environment", `exec env -i "$(command -v carbonpatch)" ${apply#carbonpatch}`, 0, ""},
		{"no TMPDIR", "TMPDIR=/nonexistent $apply", 0, ""},
		{"no locale", "LC_ALL=C $apply", 0, ""},
		{"a locale that isn't there", "LANG=xx_XX.nonsense LC_ALL=xx_XX.nonsense $apply", 0, ""},
		{"a time zone that isn't there", "TZ=/dev/zero $apply", 0, ""},
		{"a removed working directory", `d=$PWD; mkdir gone; cd gone; rmdir ../gone; exec carbonpatch apply "$d/home" -f "$d/cluster.yaml" --node worker1 --yes`, 0, ""},
		{"a home below a removed working directory", `mkdir gone; cd gone; rmdir ../gone; exec carbonpatch apply ../home -f ../cluster.yaml --node worker1 --yes`, 1, "../home: error: can't open the home: getwd: no such file or directory\n\n1 error; nothing was written\n"},
		{"umask 0", "umask 0; $apply", 0, ""},
		{"umask 0777", "umask 0777; $apply", 0, ""},
		{"no file may grow", "ulimit -f 0; exec $apply", 1, fileTooLarge},
		{"files may have one block", "ulimit -f 1; exec $apply", 1, fileTooLarge},
		{"4 open files", "ulimit -n 4; exec $apply", 1, fmt.Sprintf(noFiles, "4")},
		{"8 open files", "ulimit -n 8; exec $apply", 1, fmt.Sprintf(noFiles, "8")},
		{"16 open files", "ulimit -n 16; exec $apply", 1, fmt.Sprintf(noFiles, "16")},
		{"64 open files", "ulimit -n 64; exec $apply", 0, ""},
		{"a thousand settings", "exec $apply $(seq -f '--set parameters.p%g=v' 1000)", 0, ""},
		{"a long value", "exec $apply --set domain=$(head -c 100000 /dev/zero | tr '\\0' x)", 1, `--set domain: error: domain must be at most 8192 bytes long
hint: The name of the cluster. Nodes with another domain form another cluster, without a word in the log.

1 error; nothing was written
`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			code, stderr := surrounded(t, dir, tt.script)
			if code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if diff := cmp.Diff(tt.stderr, stderr); diff != "" {
				t.Errorf("stderr: -want +got\n%s", diff)
			}
			if isNew := checkWhole(t, dir); isNew != (tt.code == exitDone || tt.code == exitUnfinished) {
				t.Errorf("that the files are new is %v", isNew)
			}
		})
	}
}

// Without memory the runtime ends the process wherever it is, in its own words and with its own exit codes.
func TestHostileMemory(t *testing.T) {
	t.Parallel()
	if raceDetector() {
		t.Skip("the race detector needs more addresses than any limit leaves")
	}
	started := false
	for limit := 50_000; limit <= 1_600_000; limit += 50_000 {
		dir := t.TempDir()
		code, stderr := surrounded(t, dir, fmt.Sprintf("ulimit -v %d; exec $apply", limit))
		isNew := checkWhole(t, dir)
		died := code == 2 || code < 0 // the runtime, whose own exit code that is; it may be after the commit
		if isNew != (code == exitDone) && !(isNew && died) {
			t.Errorf("%d KiB: exit code %d, but that the files are new is %v\n%.1000s", limit, code, isNew, stderr)
		}
		started = started || isNew
	}
	if !started {
		t.Error("it never had enough")
	}
}

// runID is the id of a run.
var runID = regexp.MustCompile(`\d{8}T\d{6}Z-[0-9a-f]{4}`)

// surrounded runs a script in a folder that it fills with the sample home.
func surrounded(t *testing.T, dir, script string) (code int, stderr string) {
	t.Helper()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir, cmd.Stderr = dir, &said
	cmd.Env = append(os.Environ(), "apply=carbonpatch apply home -f cluster.yaml --node worker1 --yes")
	_ = cmd.Run()
	text := runID.ReplaceAllString(strings.ReplaceAll(said.String(), dir, "DIR"), "ID")
	return cmd.ProcessState.ExitCode(), text
}

// checkWhole fails t where the home in dir is neither as it was nor as it should be, nor has a record with which the next run makes it
// so, and reports whether it is as it should be.
func checkWhole(t *testing.T, dir string) bool {
	t.Helper()
	home := os.DirFS(filepath.Join(dir, "home"))
	sample, err := fs.Sub(demoFiles, "demo/home")
	if err != nil {
		t.Fatal(err)
	}
	found, old := snapshot(home), snapshot(sample)
	records, _ := fs.Glob(home, ".carbonpatch/tx.*")
	err = fs.WalkDir(home, ".", func(name string, entry fs.DirEntry, err error) error {
		if info, _ := entry.Info(); err == nil && info.Mode()&0o600 != 0o600 {
			t.Errorf("%s has the mode %v: who is not root can't use it", name, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	again := exec.Command("carbonpatch", "apply", "home", "-f", "cluster.yaml", "--node", "worker1", "--yes")
	again.Dir = dir
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("it can't be applied to any more: %v\n%s", err, out)
	}
	isNew := snapshot(home) == found
	if !isNew && found != old && len(records) == 0 {
		t.Error("the home is half new, and there is no record of that")
	}
	return isNew
}
