package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// whole is all that lies in a folder: names, modes and contents.
func whole(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %v\n", strings.TrimPrefix(path, dir), info.Mode())
		if info.Mode().IsRegular() {
			text, err := os.ReadFile(path)
			fmt.Fprintf(&b, "%q\n", text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Two builds of one image from the same description have the same bytes, whenever, wherever and by whom they are made, and nothing lies in
// the home that was not there before.
func TestSameImage(t *testing.T) {
	t.Parallel()
	before := t.TempDir()
	if err := writeDemo(before); err != nil {
		t.Fatal(err)
	}
	build := func(t *testing.T, script string) string {
		t.Helper()
		dir := t.TempDir()
		if code, stderr := surrounded(t, dir, script); code != exitDone {
			t.Fatalf("exit code %d: %s", code, stderr)
		}
		return whole(t, filepath.Join(dir, "home"))
	}
	for _, phase := range []string{"", " --phase image"} {
		t.Run("phase"+phase, func(t *testing.T) {
			t.Parallel()
			want := build(t, "$apply --no-backup"+phase)
			if names, old := namesIn(want), namesIn(whole(t, filepath.Join(before, "home"))); !slices.Equal(names, old) {
				t.Errorf("there are other files than before: -before +after\n%s", cmp.Diff(old, names))
			}
			for name, script := range map[string]string{
				"again":                       "$apply --no-backup%[1]s; $apply --no-backup%[1]s",
				"another user":                "SUDO_USER=somebody USER=other LOGNAME=other HOME=/ $apply --no-backup%[1]s",
				"another locale and zone":     "LC_ALL=C TZ=Pacific/Kiritimati $apply --no-backup%[1]s",
				"a wide umask":                "umask 0; $apply --no-backup%[1]s",
				"a narrow umask":              "umask 0777; $apply --no-backup%[1]s",
				"purged":                      "$apply%[1]s; carbonpatch rollback home --purge --yes",
				"in two steps, and purged":    "$apply%[1]s --only carbon.xml; $apply%[1]s; carbonpatch rollback home --purge --yes",
				"below a root":                "$apply --root . --no-backup%[1]s",
				"after one that was killed":   "killed $apply --no-backup%[1]s && exit 9; $apply --no-backup%[1]s",
				"after two that were killed":  "killed $apply --no-backup%[1]s && exit 9; killed $apply --no-backup%[1]s; $apply --no-backup%[1]s",
				"purged after one was killed": "killed $apply%[1]s && exit 9; $apply%[1]s; carbonpatch rollback home --purge --yes",
				"after one that came to nothing": "mkdir -m 700 home/.carbonpatch; (umask 077; : >home/.carbonpatch/lock; : >home/.carbonpatch/tx.new); " +
					"$apply --no-backup%[1]s",
				"after one killed at its very end": "$apply --no-backup%[1]s; mkdir -m 700 home/.carbonpatch home/.carbonpatch/backups; (umask 077; : >home/.carbonpatch/lock); $apply --no-backup%[1]s",
				"on another host":                  onAnotherHost + "$apply --no-backup%[1]s'",
			} {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					if strings.HasPrefix(script, onAnotherHost) && exec.Command("unshare", "--uts", "true").Run() != nil {
						t.Skip("the host can't be given another name here: unshare --uts fails")
					}
					if diff := cmp.Diff(want, build(t, fmt.Sprintf(script, phase))); diff != "" {
						t.Errorf("another home: -first +this\n%s", diff)
					}
				})
			}
		})
	}
}

// onAnotherHost begins a script that runs where the host has another name; a quote ends it.
const onAnotherHost = "unshare --uts sh -c 'hostname another; exec "

// namesIn are the names and modes in what whole tells.
func namesIn(tree string) []string {
	return slices.DeleteFunc(strings.Split(tree, "\n"), func(line string) bool { return strings.HasPrefix(line, `"`) })
}

// What an image holds of secrets lies where the product reads it, and before the node is known nowhere.
func TestNoSecretInImage(t *testing.T) {
	const canary = "canary-5f3a9c"
	for _, name := range []string{"SVN", "GROUP"} {
		t.Setenv(name, canary+name)
	}
	const secrets = " --set deploymentSynchronizer.svnPassword=env:SVN --set groupPassword=env:GROUP"
	tests := []struct{ name, script, want string }{
		{"all at once", "$apply --no-backup" + secrets, "home/conf/axis2/axis2.xml home/conf/carbon.xml"},
		{"purged", "$apply" + secrets + "; carbonpatch rollback home --purge --yes", "home/conf/axis2/axis2.xml home/conf/carbon.xml"},
		{"image", "$apply --no-backup --phase image" + secrets, ""},
		{"image with a backup", "$apply --phase image" + secrets, ""},
		{"image, killed", "killed $apply --phase image" + secrets + "; true", ""},
		{"image below a root", "$apply --root . --phase image" + secrets, ""},
		{"plan of an image", "carbonpatch plan home -f cluster.yaml --role worker --phase image --out saved" + secrets, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if code, stderr := surrounded(t, dir, tt.script); code != exitDone {
				t.Fatalf("exit code %d: %s", code, stderr)
			}
			var found []string
			err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
				if err != nil || !entry.Type().IsRegular() {
					return err
				}
				text, err := os.ReadFile(path)
				if strings.Contains(string(text), canary) || strings.Contains(path, canary) {
					found = append(found, strings.TrimPrefix(path, dir+"/"))
				}
				return err
			})
			if got := strings.Join(found, " "); err != nil || got != tt.want {
				t.Errorf("secrets are in %q, want %q; %v", got, tt.want, err)
			}
		})
	}
}
