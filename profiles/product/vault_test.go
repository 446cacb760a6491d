package product

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

// The aliases of cipher-text.properties are read as java.util.Properties does, and of their secrets no more than whether they are encrypted.
func TestCipherText(t *testing.T) {
	t.Parallel()
	h, err := InMemory(map[string][]byte{
		"conf/carbon.xml":                      []byte("<Server/>"),
		"conf/security/cipher-text.properties": []byte("# a=b\n! c=d\n\na.b=Jzh3\n  c : [plain]\nd\t=\t[plain]x\ne [plain]\nf\\=g=Jzh3=\nh\n"),
	})
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	n, err := ReadNode(h)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	want := map[string]bool{"a.b": false, "c": true, "d": false, "e": true, "f=g": false, "h": false}
	if diff := cmp.Diff(want, n.CipherText.Plain); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
