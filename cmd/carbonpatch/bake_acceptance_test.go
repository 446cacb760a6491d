package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What an image was baked with, and then completed on the node, has the bytes that one apply gives, in all acceptance cases.
func TestBakeAcceptance(t *testing.T) {
	eachAcceptance(t, func(t *testing.T, c *acceptance) {
		checkBaked(t, func() string { return c.newHome(t) }, filepath.Join(c.dir, "cluster.yaml"), c.node, c.Env, c.Secrets)
	})
}

// checkBaked configures a node at once, and by an image for its role and one for itself. The secrets, which come from the environment, are
// not there when the image is built.
func checkBaked(t *testing.T, newHome func() string, cluster, node string, env map[string]string, secrets []string) {
	t.Helper()
	once := newHome()
	var report struct{ Role string }
	whole := []string{"-f", cluster, "--node", node, "--no-backup", "--yes", "-q"}
	for name, value := range env {
		t.Setenv(name, value)
	}
	if err := json.Unmarshal(carbonpatch(t, 0, append([]string{"apply", once, "--format", "json"}, whole...)...), &report); err != nil {
		t.Fatal(err)
	}
	want := filesOf(t, once)
	for _, image := range [][]string{{"--role", report.Role}, {"--node", node}} {
		home := newHome()
		for name := range env {
			os.Unsetenv(name)
		}
		args := append([]string{"-f", cluster, "--phase", "image"}, image...)
		carbonpatch(t, 0, append([]string{"apply", home, "--no-backup", "--yes", "-q"}, args...)...)
		for name, text := range filesOf(t, home) {
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					t.Errorf("%s of the image holds a secret", name)
				}
			}
		}
		carbonpatch(t, 0, append([]string{"plan", home, "--detailed-exitcode"}, args...)...)
		carbonpatch(t, 2, append([]string{"verify", home}, args...)...)
		for name, value := range env {
			os.Setenv(name, value)
		}
		carbonpatch(t, 0, append([]string{"apply", home, "--phase", "node"}, whole...)...)
		carbonpatch(t, 0, "verify", home, "-f", cluster, "--node", node)
		if diff := cmp.Diff(want, filesOf(t, home)); diff != "" {
			t.Errorf("image %s, then the node: -want +got\n%s", image, diff)
		}
	}
}

// filesOf are the texts of all files of a folder by their paths.
func filesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
