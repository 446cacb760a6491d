package product

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// link makes symbolic links, below dir.
func link(t *testing.T, dir string, links map[string]string) {
	t.Helper()
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func makeFolders(t *testing.T, folders ...string) {
	t.Helper()
	for _, folder := range folders {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBelow(t *testing.T) {
	t.Parallel()
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	root, outside := filepath.Join(base, "root"), filepath.Join(base, "outside")
	makeFolders(t, filepath.Join(root, "opt/ei"), filepath.Join(root, "a/b"), filepath.Join(outside, "opt"))
	link(t, base, map[string]string{"linked": "root"})
	link(t, root, map[string]string{
		"absolute": "/opt/ei", "up": "../../../opt/ei", "out": outside, "chain": "/absolute", "loop": "/loop", "relative": "a/../opt",
		"self": "/proc/self/root" + outside, "fd": "/proc/self/fd/" + strconv.Itoa(0),
	})
	tests := []struct {
		path, want string
		wantErr    error
	}{
		{".", "root", nil},
		{"/", "root", nil},
		{"opt/ei", "root/opt/ei", nil},
		{"/opt/ei/", "root/opt/ei", nil},
		{"../../opt/ei", "root/opt/ei", nil},
		{"a/b/../../../../opt", "root/opt", nil},
		{"absolute", "root/opt/ei", nil},
		{"up", "root/opt/ei", nil},
		{"chain", "root/opt/ei", nil},
		{"relative/ei", "root/opt/ei", nil},
		{"out", "", fs.ErrNotExist},
		{"self", "", fs.ErrNotExist},
		{"fd", "", fs.ErrNotExist},
		{"nothing", "", fs.ErrNotExist},
		{"loop", "", unix.ELOOP},
	}
	for _, top := range []string{root, filepath.Join(base, "linked")} {
		for _, tt := range tests {
			want := ""
			if tt.want != "" {
				want = filepath.Join(base, tt.want)
			}
			if got, err := Below(top, tt.path); got != want || !errors.Is(err, tt.wantErr) {
				t.Errorf("%s below %s: got %q, %v, want %q, %v", tt.path, top, got, err, want, tt.wantErr)
			}
		}
	}
}

// What leads out of the root is not there, whatever lies there on this machine.
func TestDetectBelow(t *testing.T) {
	t.Parallel()
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(base, "root")
	makeFolders(t,
		filepath.Join(root, "ei/conf"), filepath.Join(root, "shared/dropins"), filepath.Join(root, "out"),
		filepath.Join(base, "conf"), filepath.Join(base, "bin"), filepath.Join(base, "dropins"),
	)
	for name, text := range map[string]string{
		"conf/carbon.xml": "<Server><ServerKey>EI</ServerKey></Server>", "root/ei/conf/carbon.xml": "<Server><ServerKey>EI</ServerKey></Server>",
		"bin/ei.sh": "", "dropins/a.jar": "", "root/shared/dropins/b.jar": "", "root/ei/wso2carbon.pid": strconv.Itoa(os.Getpid()),
	} {
		if err := os.WriteFile(filepath.Join(base, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link(t, root, map[string]string{"ei/dropins": "/shared/dropins", "ei/plugins": filepath.Join(base, "dropins"), "ei/up": "../../../dropins", "out/conf": filepath.Join(base, "conf")})
	home, err := DetectBelow(root, filepath.Join(root, "ei"))
	if err != nil {
		t.Fatal(err)
	}
	if home.PID != 0 {
		t.Errorf("a process of this machine, %d, is taken for the server", home.PID)
	}
	if got := home.Names("dropins"); len(got) != 1 || got[0] != "b.jar" {
		t.Errorf("dropins: got %q", got)
	}
	for path, want := range map[string]bool{"dropins/b.jar": true, "plugins/a.jar": false, "up/a.jar": false, "../../bin/ei.sh": false, "../shared/dropins/b.jar": true} {
		if got := home.Has(path); got != want {
			t.Errorf("%s: got %v", path, got)
		}
	}
	if home.HasFolder("plugins") || home.HasFolder("../../bin") || !home.HasFolder("dropins") {
		t.Error("folders: not as the root has them")
	}
	for dir, want := range map[string]string{
		"":    root + ": not a Carbon home: it has neither repository/conf/carbon.xml nor conf/carbon.xml",
		"out": root + "/out: not a Carbon home: it has neither repository/conf/carbon.xml nor conf/carbon.xml",
	} {
		if _, err := DetectBelow(root, filepath.Join(root, dir)); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", dir, err, want)
		}
	}
	if got, want := tree(root).nearbyHome(root), "did you mean /ei?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
