package main

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"carbonpatch": checked, "killed": killed, "bounded": bounded})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":      scriptCode,
			"hold":      scriptHold,
			"right":     scriptRight,
			"sample":    scriptSample,
			"unchanged": scriptUnchanged,
		},
	})
}

// scriptCode runs a command, as exec does, that must exit with a given code: code N COMMAND [ARG...].
func scriptCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// scriptSample writes the sample home and its cluster file to a folder: sample DIR. The home is DIR/home.
func scriptSample(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sample DIR")
	}
	ts.Check(writeDemo(ts.MkAbs(args[0])))
}

// scriptUnchanged fails where a folder is not the sample home, or holds anything else: unchanged HOME.
func scriptUnchanged(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] unchanged HOME")
	}
	sample, err := fs.Sub(demoFiles, "demo/home")
	ts.Check(err)
	want, got := snapshot(sample), snapshot(os.DirFS(ts.MkAbs(args[0])))
	if (want == got) == neg {
		ts.Fatalf("%s: changed is %v", filepath.Base(args[0]), want != got)
	}
}

// scriptRight writes a home that lint finds nothing wrong with to a folder: right NAME DIR. The names are those in testdata/lint/homes.
func scriptRight(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: right NAME DIR")
	}
	_, file, _, _ := runtime.Caller(0)
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(filepath.Join(filepath.Dir(file), "../../testdata/lint/homes", args[0]))))
}
