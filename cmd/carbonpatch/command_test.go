package main

import (
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
)

func TestMaskSetting(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing secret", "hostName=secret.example.com", "hostName=secret.example.com"},
		{"a source", "groupPassword=env:PW", "groupPassword=env:PW"},
		{"none is no secret", "dbPassword=none", "dbPassword=none"},
		{"a name that says so", "dbPassword=hunter2", "dbPassword=********"},
		{"within a setting", "db.password=hunter2", "db.password=********"},
		{"within a map", `parameters={"vaultPassword": hunter2}`, "parameters=********"},
		{"within a list", "stores=[{path: a, keyPass: hunter2}]", "stores=********"},
		{"the user of a URL", "svnUrl=https://bob:hunter2@svn.example.com/", "svnUrl=https://********@svn.example.com/"},
		{"what the plan writes", "pin=1234567", "pin=********"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := maskSetting(tt.in, patch.NewRedactor(secret.New("1234567")).Redact); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"plain", "/opt/a-b_1.2", "/opt/a-b_1.2"},
		{"empty", "", "''"},
		{"blanks and quotes", "a 'b", `'a '\''b'`},
		{"in the middle", "a b", "'a b'"},
		{"what a terminal would obey", "a\x1b'\n", `$'a\x1b\'\n'`},
		{"no UTF-8", "a\xff", `$'a\xff'`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := quote(tt.in); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
