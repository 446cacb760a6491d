package patch_test

import (
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
)

func TestHoldsPassword(t *testing.T) {
	t.Parallel()
	tests := []struct {
		value string
		want  bool
	}{
		{"https://u:pw@h/", true},
		{"https://u@h/", false},
		{"https://h/", false},
		{"jdbc:oracle:thin:u/pw@h:1521:x", true},
		{"jdbc:oracle:thin:@h:1521:x", false},
		{"jdbc:mysql://h/a?user=u&password=pw", true},
		{"jdbc:sqlserver://h;user=u;pwd=pw", true},
		{"mail me@example.com: 10:30", false},
		{"", false},
	}
	for _, tt := range tests {
		if got := patch.HoldsPassword(tt.value); got != tt.want {
			t.Errorf("HoldsPassword(%q) is %v", tt.value, got)
		}
	}
}
