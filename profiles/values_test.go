package profiles

import (
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

func TestValueError(t *testing.T) {
	t.Parallel()
	port, host := Type{Name: "port"}, Type{Name: "host"}
	tests := []struct {
		name      string
		valueType Type
		text      string
		secret    bool
		want      string
	}{
		{"number", port, "70000", false, "a must be 1 to 65535, not 70000"},
		{"text", port, "x y", false, `a must be 1 to 65535, not "x y"`},
		{"secret", port, "x y", true, "a must be 1 to 65535"},
		{"long", port, strings.Repeat("x", shown+1), false, "a must be 1 to 65535"},
		{"URL with a password", host, "http://u:hush@h", false, `a must be a host name or an IP address, not "http://********@h"`},
		{"two lines", host, "a\nb", false, "a must not hold line breaks or control characters"},
		{"mask", host, "********", false, "a must be the value itself, not the mask that hides it"},
		{"not UTF-8", host, "\xff", false, "a must be UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := &ValueError{Name: "a", Text: secret.New(tt.text), Secret: tt.secret, Wrong: tt.valueType.Check(tt.text)}
			expect(t, tt.want, e.Error())
		})
	}
}
