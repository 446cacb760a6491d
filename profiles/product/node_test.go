package product

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

// What lies where a file should be and can't be read is told; only what is not there at all is passed over.
func TestReadNodeRefuses(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"conf/carbon.xml": carbonXML, "conf/axis2/axis2.xml/x": "", "conf/user-mgt.xml": "<a>"})
	if err := os.Symlink("none.xml", filepath.Join(dir, "conf/registry.xml")); err != nil {
		t.Fatal(err)
	}
	home, err := Detect(dir)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	n, err := ReadNode(home)
	want := `conf/axis2/axis2.xml: a directory, not a file
hint: put the file there
conf/registry.xml: cannot read: no such file or directory
hint: put the file back
conf/user-mgt.xml:1:4: the document ends inside element <a> of line 1
hint: is the file cut off?`
	if diff := cmp.Diff(want, problemtest.Report(err)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if n.Carbon == nil || n.Axis2 != nil || n.Tomcat != nil {
		t.Errorf("got %+v", n)
	}
}
