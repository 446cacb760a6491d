package main

import (
	"strings"
	"testing"
)

func TestUserName(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, login, sudo, want string }{
		{"as oneself", "carbon", "", "carbon"},
		{"by sudo", "root", "alice", "root (sudo by alice)"},
		{"by sudo as oneself", "root", "root", "root"},
		{"what a terminal would obey, and a line", "root", "a\x1b[2J\nb\u202e", "root (sudo by a\uFFFD[2J\uFFFDb\uFFFD)"},
		{"no UTF-8", "root", "\xff", "root (sudo by \uFFFD)"},
		{"longer than any name", "root", strings.Repeat("x", 70), "root (sudo by " + strings.Repeat("x", 64) + "...)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := userName(tt.login, tt.sudo); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
