package txn

import (
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
)

// openTwo makes two files, and edits of both.
func openTwo(t *testing.T) (dir string, edits []edit) {
	t.Helper()
	dir = t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	for _, name := range []string{"a.xml", "b.xml"} {
		if err := os.WriteFile(dir+"/"+name, []byte("old "+name), 0o644); err != nil {
			t.Fatal(err)
		}
		target, problem := openTarget(root, name)
		if problem != nil {
			t.Fatal(problem)
		}
		t.Cleanup(target.close)
		edits = append(edits, edit{target, []byte("new " + name)})
	}
	return dir, edits
}

// files are the contents of the files in dir, by name.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string]string{}
	for _, entry := range entries {
		content, err := os.ReadFile(dir + "/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		contents[entry.Name()] = string(content)
	}
	return contents
}

// What people do to a file between reading and swapping must survive, and then no other file may change.
func TestReplaceKeepsWhatOthersDid(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		do   func(file string) error
		want string
	}{
		{"write in place", func(file string) error { return os.WriteFile(file, []byte("theirs"), 0o644) }, "theirs"},
		{"replace", func(file string) error {
			return errors.Join(os.WriteFile(file+"~", []byte("theirs"), 0o644), os.Rename(file+"~", file))
		}, "theirs"},
		{"replace by the same content", func(file string) error {
			return errors.Join(os.WriteFile(file+"~", []byte("old b.xml"), 0o644), os.Rename(file+"~", file))
		}, "old b.xml"},
		{"change the mode", func(file string) error { return os.Chmod(file, 0o600) }, "old b.xml"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir, edits := openTwo(t)
			if err := test.do(dir + "/b.xml"); err != nil {
				t.Fatal(err)
			}
			theirs, err := os.Stat(dir + "/b.xml")
			if err != nil {
				t.Fatal(err)
			}
			err = replace(t.Context(), "id", edits)
			var problems patch.Problems
			if !errors.As(err, &problems) || problems.Error() != "b.xml: changed by somebody else since it was read" {
				t.Errorf("got %v", err)
			}
			if diff := cmp.Diff(map[string]string{"a.xml": "old a.xml", "b.xml": test.want}, files(t, dir)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			for name, want := range map[string]os.FileInfo{"a.xml": edits[0].info, "b.xml": theirs} {
				if got, err := os.Stat(dir + "/" + name); err != nil || !os.SameFile(got, want) || got.Mode() != want.Mode() {
					t.Errorf("%s is another file now, or has another mode", name)
				}
			}
		})
	}
}

func TestReplaceOfWhatIsGone(t *testing.T) {
	t.Parallel()
	dir, edits := openTwo(t)
	if err := os.Remove(dir + "/b.xml"); err != nil {
		t.Fatal(err)
	}
	err := replace(t.Context(), "id", edits)
	if err == nil || err.Error() != "b.xml: cannot write: no such file or directory" {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(map[string]string{"a.xml": "old a.xml"}, files(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A disk that fails while the run is undone must not cost the old files.
func TestReplaceThatCannotBeUndone(t *testing.T) {
	t.Parallel()
	dir, edits := openTwo(t)
	for _, e := range edits {
		if err := e.stage("id", e.data); err != nil {
			t.Fatal(err)
		}
		if err := e.swap(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(dir + "/a.xml"); err != nil { // so that it can't be swapped back
		t.Fatal(err)
	}
	err := undo(edits, errors.New("broken"))
	cleanUp(edits)
	if !errors.Is(err, ErrUnfinished) {
		t.Errorf("got %v, want ErrUnfinished", err)
	}
	want := map[string]string{".a.xml.id.carbonpatch": "old a.xml", "b.xml": "old b.xml"}
	if diff := cmp.Diff(want, files(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
