package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/txn"
)

// writer writes the files of a plan into a home.
type writer struct {
	name  string
	write func(home string, files []*patch.FilePlan) error
}

// transaction compares the writing of three files of a home, all or none, with ways to write them that promise less. Nothing is
// planned or printed meanwhile.
func (b *bench) transaction() error {
	stage := filepath.Join(b.tmp, "bare")
	if err := copyFiles(b.home, stage, homeFiles); err != nil {
		return err
	}
	files, err := bareChanges(stage)
	if err != nil {
		return err
	}
	writers := []writer{
		{"written in place, not synced", writeInPlace},
		{"each file replaced and synced on its own", replaceEach},
		{"a transaction without backup", func(home string, files []*patch.FilePlan) error {
			return lockedWrite(home, func(l *txn.Lock) error {
				return l.ApplyWithoutBackup(context.Background(), files, txn.Meta{Verb: "apply"})
			})
		}},
		{"a transaction", func(home string, files []*patch.FilePlan) error {
			return lockedWrite(home, func(l *txn.Lock) error {
				_, err := l.Apply(context.Background(), files, txn.Meta{Verb: "apply"})
				return err
			})
		}},
	}
	fmt.Printf("\nThe bare writing of the three files, in one process\n\n%-44s %9s %9s\n", "", "ms", "more")
	var first float64
	for _, w := range writers {
		took, err := b.timeWriter(w, stage, files)
		if err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		if first == 0 {
			first = took
		}
		fmt.Printf("%-44s %9.2f %9.2f\n", w.name, took, took-first)
	}
	return b.countSyncs()
}

// bareChanges gives each file of a home one more comment.
func bareChanges(home string) ([]*patch.FilePlan, error) {
	var files []*patch.FilePlan
	for _, name := range homeFiles {
		before, err := os.ReadFile(filepath.Join(home, name))
		if err != nil {
			return nil, err
		}
		files = append(files, &patch.FilePlan{Path: name, Before: before, After: append(slices.Clone(before), "<!-- more -->\n"...)})
	}
	return files, nil
}

// timeWriter returns the median in milliseconds.
func (b *bench) timeWriter(w writer, stage string, files []*patch.FilePlan) (float64, error) {
	var times []float64
	for range 5 * b.runs {
		home, err := os.MkdirTemp(b.tmp, "bare")
		if err != nil {
			return 0, err
		}
		if err := copyFiles(stage, home, homeFiles); err != nil {
			return 0, err
		}
		start := time.Now()
		if err := w.write(home, files); err != nil {
			return 0, err
		}
		times = append(times, float64(time.Since(start).Microseconds())/1000)
		if err := os.RemoveAll(home); err != nil {
			return 0, err
		}
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}

func lockedWrite(home string, write func(*txn.Lock) error) error {
	lock, err := txn.Acquire(context.Background(), home)
	if err != nil {
		return err
	}
	defer lock.Release()
	return write(lock)
}

func writeInPlace(home string, files []*patch.FilePlan) error {
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(home, f.Path), f.After, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// replaceEach is what careful programs do, for one file at a time.
func replaceEach(home string, files []*patch.FilePlan) error {
	for _, f := range files {
		path := filepath.Join(home, f.Path)
		if err := errors.Join(writeSynced(path+".new", f.After), os.Rename(path+".new", path), syncPath(filepath.Dir(path))); err != nil {
			return err
		}
	}
	return nil
}

func writeSynced(path string, data []byte) error {
	return errors.Join(os.WriteFile(path, data, 0o644), syncPath(path))
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// countSyncs counts the calls of a whole apply that wait for the disk.
func (b *bench) countSyncs() error {
	if !installed("strace") {
		return nil
	}
	home, log := filepath.Join(b.tmp, "home"), filepath.Join(b.tmp, "strace")
	cmd := exec.Command("strace", "-f", "-o", log, "-e", "trace=fsync,fdatasync",
		b.bin, "apply", ".", "-f", "cluster.yaml", "--node", "manager", "--yes", "-q")
	cmd.Dir = home
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	calls, err := os.ReadFile(log)
	if err != nil {
		return err
	}
	changed, err := filepath.Glob(filepath.Join(home, ".carbonpatch/backups/*/[0-9]*"))
	if err != nil {
		return err
	}
	count := bytes.Count(calls, []byte("sync("))
	fmt.Printf("carbonpatch apply, first run in a home: %d fsyncs for %d files\n", count, len(changed))
	return nil
}
