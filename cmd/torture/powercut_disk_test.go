package main

import (
	"os"
	"testing"
)

// What was synced is there after a power cut, and what was not is not: only so do the trials mean anything.
func TestCutPower(t *testing.T) {
	t.Chdir("../..") // where the sample home is
	for _, fs := range filesystems {
		t.Run(fs.name, func(t *testing.T) {
			if reason := fs.missing(); reason != "" {
				t.Skip(reason)
			}
			start := (&torture{dir: t.TempDir()}).bed()
			if reason := withDisk(fs, start, func(d *disk) { tryCutPower(t, d) }); reason != "" {
				t.Skip(reason)
			}
		})
	}
}

func tryCutPower(t *testing.T, d *disk) {
	want := func(file, content string) {
		t.Helper()
		if got, _ := os.ReadFile(file); string(got) != content {
			t.Errorf("%s has %q, want %q", file, got, content)
		}
	}
	d.fresh()
	shipped := snapshot(d.home())
	synced, late := d.path("synced"), d.path("late")
	must(os.WriteFile(late, []byte("late"), 0o600))
	must(os.WriteFile(d.path(targets[0]), []byte("late"), 0o600))
	d.cutPower()
	if got, _ := os.ReadFile(d.path(targets[0])); string(got) == "late" {
		t.Error("a file that was not synced is there after a power cut")
	}
	want(late, "")

	f := must1(os.Create(synced))
	must1(f.WriteString("synced"))
	must(f.Sync())
	must(f.Close())
	must(os.WriteFile(late, []byte("late"), 0o600))
	d.commit()
	d.cutPower()
	want(synced, "synced")
	if got, _ := os.ReadFile(late); string(got) == "late" && d.name != "ext4-journal" {
		t.Error("a file that was not synced is there when only another one was")
	}

	d.fresh()
	if differs := snapshot(d.home()).differsFrom(shipped); differs != "" {
		t.Error("a fresh disk is another one: ", differs)
	}
}
