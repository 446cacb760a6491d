package script

import (
	"bytes"
	"errors"
	"testing"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// FuzzApply sets and removes an option in any bytes: outside of the edits they stay, what was set is found, and what was removed is not.
func FuzzApply(f *testing.F) {
	for _, in := range []string{inline, variable, crowded, oneLine} {
		for _, option := range []string{"-Xms", "-XX:MaxPermSize=", "-Dhttp.nonProxyHosts="} {
			f.Add([]byte(in), option, "a|b")
		}
	}
	f.Add([]byte("a='\n'\"`\\``$(b \"c\" # '\n)${d:-'}'}\" <<-E f\n\tE\n\\\n;&|()<>#"), "-Dx=", "'")
	f.Fuzz(func(t *testing.T, src []byte, option, value string) {
		if len(option) < 2 || option[0] != '-' || !isPlain(option) {
			return
		}
		SensitiveSpans(src, []string{option})
		for _, op := range []Op{{Option: option, Value: value}, {Option: option, Remove: true}} {
			r, err := Apply(src, op)
			if err != nil {
				var place *xmlops.Error
				var all xmlops.OpErrors
				if !errors.As(err, &place) && !errors.As(err, &all) {
					t.Fatal(err)
				}
				continue
			}
			values, err := Find(r.Bytes, option)
			v, found := values[option]
			if err != nil || found == op.Remove || v.Text != op.Value {
				t.Fatalf("%q, %v, %v after %+v", v.Text, found, err, op)
			}
			outside(t, src, r.Bytes, r.Edits)
		}
	})
}

func isPlain(s string) bool { return quote(s) == s }

// outside fails where bytes changed that are in none of edits.
func outside(t *testing.T, before, after []byte, edits []xmlops.Edit) {
	t.Helper()
	var want []byte
	done := 0
	for _, e := range edits {
		want = append(append(want, before[done:e.Lo]...), e.Text...)
		done = e.Hi
	}
	if want = append(want, before[done:]...); !bytes.Equal(want, after) {
		t.Fatalf("got\n%q\nwant\n%q", after, want)
	}
}
