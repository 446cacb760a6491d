package txn_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/txn"
)

func TestWriteFile(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	file := home + "/conf/axis2/axis2.xml"
	must(t, os.Symlink("conf/axis2/axis2.xml", home+"/link.xml"))
	must(t, os.Symlink(file, home+"/absolute.xml"))
	before := contents(t, home)
	must(t, txn.WriteFile(file, []byte("<axisconfig/>\r\n"), []byte("<one/>")))
	must(t, txn.WriteFile(home+"/link.xml", []byte("<one/>"), []byte("<two/>")))
	must(t, txn.WriteFile(home+"/absolute.xml", []byte("<two/>"), []byte("<three/>")))
	want := contents(t, home)
	for name := range want {
		want[name] = strings.Replace(before[name], "<axisconfig/>\r\n", "<three/>", 1)
	}
	if diff := cmp.Diff(want, contents(t, home)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if _, err := os.Stat(home + "/.carbonpatch"); err == nil {
		t.Error("there is a state folder")
	}
}

func TestWriteFileDoesNotWriteEqualContent(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	before := snapshot(t, home, true)
	must(t, txn.WriteFile(home+"/conf/carbon.xml", []byte("<Server/>\n"), []byte("<Server/>\n")))
	if diff := cmp.Diff(before, snapshot(t, home, true)); diff != "" {
		t.Errorf("-before +after:\n%s", diff)
	}
}

func TestWriteFileRefuses(t *testing.T) {
	t.Parallel()
	home := newHome(t)
	must(t, os.Link(home+"/conf/carbon.xml", home+"/hard.xml"))
	tests := []struct {
		name, file string
		want       []string
	}{
		{"a folder", "conf", []string{"not a regular file", "hint: put a file there"}},
		{"nothing", "absent.xml", []string{"cannot read: no such file or directory"}},
		{"what changed", "conf/axis2/axis2.xml", []string{"changed by somebody else since it was read", "hint: run the command again"}},
		{"hard links", "hard.xml", []string{
			"has 2 hard links, which replacing it would separate",
			"hint: make it a file of its own first: cp -p FILE FILE.new && mv FILE.new FILE",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			path := home + "/" + test.file
			before := snapshot(t, home, true)
			err := txn.WriteFile(path, []byte("<x/>"), []byte("<y/>"))
			test.want[0] = path + ": " + test.want[0]
			wantProblems(t, err, test.want...)
			if diff := cmp.Diff(before, snapshot(t, home, true)); diff != "" {
				t.Errorf("-before +after:\n%s", diff)
			}
		})
	}
}
