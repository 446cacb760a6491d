package patch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

func TestSavedPlanCheck(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	change := func(op, at, before, after string) patch.SavedChange {
		return patch.SavedChange{ChangeReport: patch.ChangeReport{Op: op, At: at, Name: "name", Before: text(before), After: text(after)}, Setting: "setting"}
	}
	secret := patch.SavedChange{ChangeReport: patch.ChangeReport{Op: "set", At: "/a/b", Name: "name", Secret: true}, Setting: "setting"}
	file := func(path string, sum byte, changes ...patch.SavedChange) patch.SavedFile {
		return patch.SavedFile{Path: path, Masked: patch.Checksum{sum}, Changes: changes}
	}
	plan := func(files ...patch.SavedFile) *patch.SavedPlan {
		return &patch.SavedPlan{Home: "/home", Cluster: "cluster", Node: "node", Role: "role", Files: files}
	}
	const stale = "p: the saved plan does not hold any more\n"
	tests := []struct {
		name       string
		saved, now *patch.SavedPlan
		want       string
	}{
		{"the same", plan(file("f", 1, change("set", "/a", "x", "y"), secret)), plan(file("f", 1, change("set", "/a", "x", "y"), secret)), ""},
		{"the order of changes does not matter", plan(file("f", 1, secret, change("set", "/a", "x", "y"))), plan(file("f", 1, change("set", "/a", "x", "y"), secret)), ""},
		{"for something else", plan(file("f", 1)), &patch.SavedPlan{Home: "/other", Cluster: "cluster", Node: "node2", Role: "role2"}, `p: the saved plan is for the node "node", not for "node2"
p: the saved plan is for the role "role", not for "role2"`},
		{"for another cluster", plan(), &patch.SavedPlan{Home: "/home", Node: "node", Role: "role"}, `p: the saved plan is for the cluster "cluster", not for ""`},
		{"another source", plan(file("f", 1)), plan(file("f", 2)), stale + "f: changed since the plan was saved"},
		{"another file", plan(file("f\n1", 1)), plan(file("g", 1)), stale + "g: not in the saved plan\nf\\n1: in the saved plan, but not planned now"},
		{"a new change", plan(file("f", 1)), plan(file("f", 1, change("add", "/a", "", "y"))), stale + "f: add /a: not in the saved plan"},
		{
			"a change that is gone, and may be forged", plan(file("f", 1, change("add\n", "/a\x1b", "", "y"))), plan(file("f", 1)),
			stale + `f: add\n /a\x1b: in the saved plan, but there is nothing to do now`,
		},
		{
			"one of two at a place is gone", plan(file("f", 1, change("set", "/a", "x", "y"), change("set", "/a", "y", "z"))), plan(file("f", 1, change("set", "/a", "x", "y"))),
			stale + "f: set /a: in the saved plan, but there is nothing to do now",
		},
		{"another operation", plan(file("f", 1, change("set", "/a", "x", "y"))), plan(file("f", 1, change("uncomment", "/a", "x", "y"))), stale + "f: uncomment /a: the saved plan has set"},
		{
			"another value", plan(file("f", 1, change("set", "/a", "x", "y\n"))), plan(file("f", 1, change("set", "/a", "x", "z"))),
			stale + `f: set /a: the saved plan has "x" -> "y\n", and now it is "x" -> "z"`,
		},
		{"no secret any more", plan(file("f", 1, secret)), plan(file("f", 1, change("set", "/a/b", "x", "y"))), stale + "f: set /a/b: it is another setting in the saved plan"},
		{
			"a value is missing in a forged file", plan(file("f", 1, patch.SavedChange{ChangeReport: patch.ChangeReport{Op: "set", At: "/a", Name: "name"}, Setting: "setting"})),
			plan(file("f", 1, change("set", "/a", "x", "y"))), stale + `f: set /a: the saved plan has ******** -> ********, and now it is "x" -> "y"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if err := tt.saved.Check("p", tt.now); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A file made to hurt names any number of changes.
func TestSavedPlanCheckManyDifferences(t *testing.T) {
	t.Parallel()
	saved := &patch.SavedPlan{}
	for i := range 100_000 {
		saved.Files = append(saved.Files, patch.SavedFile{Path: fmt.Sprint(i)})
	}
	problems := saved.Check("p", &patch.SavedPlan{}).(patch.Problems)
	if len(problems) != 1001 || problems[0].Message != "the saved plan does not hold any more; there are 99000 differences more than those named here" {
		t.Errorf("%d problems: %v", len(problems), problems[0])
	}
}

func TestSavedPlanFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "plan")
	before, after := "<old>", "new"
	want := &patch.SavedPlan{Format: 1, Tool: "v1", Home: "/home", Product: &patch.ProductReport{Name: "n"}, Sources: []string{"a"}, Files: []patch.SavedFile{{
		Path: "f", Masked: patch.Checksum{1, 0xff},
		Changes: []patch.SavedChange{{ChangeReport: patch.ChangeReport{Op: "set", At: "/a", Line: 7, Before: &before, After: &after}, Setting: "s"}},
	}}}
	if err := want.WriteFile(name); err != nil {
		t.Fatal(err)
	}
	got, err := patch.ReadSavedPlan(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v is left in the folder, %v", entries, err)
	}
}

// Of files that differ in secrets alone the checksums are the same, or the secrets could be guessed.
func TestSavedPlanChecksums(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	sum := func(text string) patch.Checksum {
		if err := os.WriteFile(filepath.Join(home, "a.xml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		user, err := xmlops.ParseSelector("/r/user")
		if err != nil {
			t.Fatal(err)
		}
		plan, err := patch.Make(home, patch.Patch{Files: []patch.File{{
			Paths: []string{"a.xml"}, Ops: []patch.Op{{Op: xmlops.Op{Verb: xmlops.Set, Select: user, Value: "from-a-source"}}},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		return plan.Saved([]secret.Text{secret.New("from-a-source")}).Files[0].Masked
	}
	const text = "<r><password>a</password><user>a</user><url>http://u:a@h/</url><!-- password=a --><name>a</name></r>"
	one := sum(text)
	for _, other := range [][2]string{
		{"<password>a", "<password>other"}, {"<user>a", "<user>other"}, {"u:a@", "u:other@"}, {"password=a", "password=other"},
	} {
		if sum(strings.Replace(text, other[0], other[1], 1)) != one {
			t.Errorf("%s has another checksum", other[1])
		}
	}
	for _, other := range []string{"<name>b", "<name>********"} {
		if sum(strings.Replace(text, "<name>a", other, 1)) == one {
			t.Errorf("%s has the same checksum", other)
		}
	}
}

// What is no saved plan is not replaced.
func TestSavedPlanKeepsOthers(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "file")
	for _, text := range []string{"version: 1\n", "{}", `{"schema": 1}`, "[]", "\n", strings.Repeat("x", 4<<20+1)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		want := name + ": cannot write: there is a file that is no saved plan"
		if err := (&patch.SavedPlan{Format: 1}).WriteFile(name); err == nil || err.Error() != want {
			t.Errorf("%.20q: %v", text, err)
		}
		if data, err := os.ReadFile(name); err != nil || string(data) != text {
			t.Errorf("%.20q is %.20q now, %v", text, data, err)
		}
	}
	for _, text := range []string{"", `{"savedPlan": 1}`, `{"savedPlan": 7}`} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := (&patch.SavedPlan{Format: 1}).WriteFile(name); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// There is one text of a plan.
func TestReadSavedPlanStrictly(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "plan")
	if err := (&patch.SavedPlan{Format: 1, Node: "n", Sources: []string{}, Files: []patch.SavedFile{{Path: "f"}}}).WriteFile(name); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"node": "n",`, `"node": "m", "node": "n",`},
		{`"node"`, `"NODE"`},
		{`"node": "n"`, `"node": "n" `},
		{`"n"`, `"\u006e"`},
		{`"path": "f"`, "\"path\": \"\xff\""},
		{`"role": "",`, ""},
	} {
		if !strings.Contains(string(data), change[0]) {
			t.Fatalf("there is no %s in %s", change[0], data)
		}
		if err := os.WriteFile(name, []byte(strings.Replace(string(data), change[0], change[1], 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		want := name + ": a damaged saved plan: it is not as carbonpatch has written it"
		if _, err := patch.ReadSavedPlan(name); err == nil || err.Error() != want {
			t.Errorf("%s: %v", change[1], err)
		}
	}
}

// A file that can't be written leaves nothing behind, and what was there is as it was.
func TestSavedPlanNotWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"folder", "pipe", "link"} {
		path := filepath.Join(dir, name)
		var err error
		switch name {
		case "folder":
			err = os.Mkdir(path, 0o700)
		case "pipe":
			err = syscall.Mkfifo(path, 0o600)
		case "link":
			err = os.Symlink("nowhere", path)
		}
		if err != nil {
			t.Fatal(err)
		}
		want := path + ": cannot write: there is something that is not a regular file"
		if err := (&patch.SavedPlan{}).WriteFile(path); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	large := &patch.SavedPlan{Home: strings.Repeat("x", 4<<20)}
	if err := large.WriteFile(filepath.Join(dir, "large")); err == nil || !strings.HasSuffix(err.Error(), "/large: the plan is too large to be saved: more than 4 MB") {
		t.Error(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("%v is left in the folder, %v", entries, err)
	}
}

func TestReadSavedPlanRefuses(t *testing.T) {
	t.Parallel()
	const odd = "a damaged saved plan: it is not as carbonpatch has written it"
	tests := []struct{ name, text, want string }{
		{"nothing", "", "not a saved plan, or a damaged one: no JSON any more at byte 0 of 0"},
		{"not JSON", "profile: esb\n", "not a saved plan, or a damaged one: no JSON any more at byte 1 of 13"},
		{"cut short", `{"savedPlan": 1, "home": "/ho`, "not a saved plan, or a damaged one: no JSON any more at byte 29 of 29"},
		{"more behind it", `{"savedPlan": 1} x`, "not a saved plan, or a damaged one: no JSON any more at byte 18 of 18"},
		{"deep", `{"savedPlan": ` + strings.Repeat("[", 100_000), "not a saved plan, or a damaged one: no JSON any more at byte 10014 of 100014"},
		{"another kind", `[]`, "not a saved plan"},
		{"another report", `{"schema": 1}`, "not a saved plan"},
		{"a version that is none", `{"savedPlan": "1"}`, "not a saved plan"},
		{"a later version", `{"savedPlan": 2, "hosts": []}`, "a saved plan of format 2, and this program knows format 1 only"},
		{"an unknown key", `{"savedPlan": 1, "hosts": []}`, odd},
		{"an unknown key of a change", `{"savedPlan": 1, "files": [{"path": "f", "changes": [{"hosts": 1}]}]}`, odd},
		{"a sum that is none", `{"savedPlan": 1, "files": [{"path": "f", "maskedSHA256": "00"}]}`, odd},
		{"a sum of other letters", `{"savedPlan": 1, "files": [{"path": "f", "maskedSHA256": "` + strings.Repeat("x", 64) + `"}]}`, odd},
		{"a file twice", `{"savedPlan": 1, "files": [{"path": "f"}, {"path": "f"}]}`, odd},
		{"any number of changes", `{"savedPlan": 1, "files": [` + strings.Repeat("{},", 20_000), "cannot read: more than 20000 entries"},
		{"another type", `{"savedPlan": 1, "files": {}}`, odd},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "plan")
			if err := os.WriteFile(name, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := patch.ReadSavedPlan(name)
			if err == nil || err.Error() != name+": "+tt.want {
				t.Errorf("%v", err)
			}
		})
	}
}
