package profiles

import (
	"strings"
	"testing"
)

func TestTypeCheck(t *testing.T) {
	t.Parallel()
	tests := []struct{ valueType, value, want string }{
		{"text", "", ""},
		{"text", "a b\tc, d=e & <f>", ""},
		{"text", "a\nb", "must not hold line breaks or control characters"},
		{"text", "a\x00b", "must not hold line breaks or control characters"},
		{"text", "a\xffb", "must be UTF-8"},
		{"text", "********", "must be the value itself, not the mask that hides it"},
		{"text", strings.Repeat("x", maxText), ""},
		{"text", strings.Repeat("x", maxText+1), "must be at most 8192 bytes long"},
		{"word", "wka", ""},
		{"word", "", "must be one word without blanks"},
		{"word", "w ka", "must be one word without blanks"},
		{"ip", "10.0.0.2", ""},
		{"ip", "fe80::1", ""},
		{"ip", "fe80::1%eth0", "must be an IP address"},
		{"ip", "10.0.0", "must be an IP address"},
		{"ip", "host", "must be an IP address"},
		{"ip", "${ip}", ""},
		{"host", "esb.wso2.com", ""},
		{"host", "node_1", ""},
		{"host", "10.0.0.2", ""},
		{"host", "::1", ""},
		{"host", "10.0.0.256", "must be a host name or an IP address"},
		{"host", "10.0.0.2-10", "must be a host name or an IP address"},
		{"host", "-a", "must be a host name or an IP address"},
		{"host", "http://a", "must be a host name or an IP address"},
		{"host", "a:80", "must be a host name or an IP address"},
		{"host", "a b", "must be a host name or an IP address"},
		{"host", "", "must be a host name or an IP address"},
		{"host", "xxx.xxx.xxx.xx2", ""},
		{"hosts", "10.0.0.2-10", ""},
		{"hosts", "10.0.0.2-2", ""},
		{"hosts", "10.0.0.10-2", "must be a range that goes up"},
		{"hosts", "10.0.0.2-256", "must be a range of IP addresses such as 10.0.0.2-10"},
		{"hosts", "10.0.300.2-10", "must be a range of IP addresses such as 10.0.0.2-10"},
		{"hosts", "10.0.2-3.4", "must be a host name, an IP address, or a range in the last octet such as 10.0.0.2-10"},
		{"hosts", "10.0.0.*", "must be a host name, an IP address, or a range in the last octet such as 10.0.0.2-10"},
		{"hosts", "node-1", ""},
		{"port", "1", ""},
		{"port", "65535", ""},
		{"port", "0", "must be 1 to 65535"},
		{"port", "70000", "must be 1 to 65535"},
		{"port", "4e3", "must be 1 to 65535"},
		{"port", "0080", "must be 1 to 65535"},
		{"port", "99999999999999999999", "must be 1 to 65535"},
		{"port", "${port}", ""},
		{"port", "${", "must be 1 to 65535"},
		{"int", "-3", ""},
		{"int", "1.5", "must be a whole number"},
		{"int", "99999999999999999999", "must be a smaller number"},
		{"int 0..56000", "56001", "must be 0 to 56000"},
		{"int 0..", "-1", "must be 0 or more"},
		{"int 0..", "1", ""},
		{"int ..5", "6", "must be 5 or less"},
		{"bool", "true", ""},
		{"bool", "True", "must be true or false"},
		{"bool", "yes", "must be true or false"},
		{"bool", "${x}", "must be true or false"},
		{"url", "https://svn.example.org/repos/esb", ""},
		{"url", "svn+ssh://me@host/x", ""},
		{"url", "file:///srv/svn", ""},
		{"url", "http://${host}:80", ""},
		{"url", "jdbc:mysql://db:3306/REG?autoReconnect=true&useSSL=false", ""},
		{"url", "jdbc:h2:repository/database/WSO2CARBON_DB;DB_CLOSE_ON_EXIT=FALSE", ""},
		{"url", "jdbc:oracle:thin:@db:1521/xe", ""},
		{"url", "jdbc:", "must be a URL such as https://host/path"},
		{"url", "localhost:9443", "must be a URL such as https://host/path"},
		{"url", "svn.example.org/repos", "must be a URL such as https://host/path"},
		{"url", "http:// x", "must be a URL such as https://host/path"},
		{"url", "http:", "must be a URL such as https://host/path"},
		{"enum [svn, git]", "git", ""},
		{"enum [svn, git]", "Git", "must be one of svn, git"},
		{"size", "512m", ""},
		{"size", "4G", ""},
		{"size", "512k", ""},
		{"size", "4096", "must be a size such as 256m"},
		{"size", "0m", "must be a size such as 256m"},
		{"size", "4 g", "must be a size such as 256m"},
		{"size", "4t", "must be a size such as 256m"},
	}
	for _, tt := range tests {
		valueType, err := parseType(tt.valueType)
		if err != nil {
			t.Fatal(err)
		}
		if got := valueType.Check(tt.value); got != tt.want {
			t.Errorf("%s %.40q: got %q, want %q", tt.valueType, tt.value, got, tt.want)
		}
	}
}

func TestParseType(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"text", "int", "int 0..56000", "int -1..", "int ..5", "enum [svn, git]", "map", "list of word", "list of port",
		"list of {host hosts required, port port required}",
		"list keyed by jndi of {jndi word required, password text secret}",
	} {
		got, err := parseType(s)
		if err != nil || got.String() != s {
			t.Errorf("%q has become %q, %v", s, got.String(), err)
		}
	}
	tests := []struct{ in, want string }{
		{"", `unknown type ""`},
		{"txt", `unknown type "txt"`},
		{"port 1..2", "nothing may follow the type port"},
		{"int 1-2", "the range of an int is written as 0..100"},
		{"int 5..1", "the range of an int goes up, as in 0..100"},
		{"int 1..99999999999999999999", "the range of the int is too large"},
		{"enum svn", "an enum is written as enum [one, two]"},
		{"enum [svn,]", "an enum is written as enum [one, two]"},
		{"list", "a list is written as list of word, list of {host host, port port}, or list keyed by FIELD of {...}"},
		{"list of wrd", `unknown type "wrd"`},
		{"list of map", "a field can't be of type map"},
		{"list of word required", "a list is written as list of word, list of {host host, port port}, or list keyed by FIELD of {...}"},
		{"list of {}", "a field has no name"},
		{"list of {a text, a word}", "the field a is given twice"},
		{"list of {a map}", "a field can't be of type map"},
		{"list of {a enum [b, c]}", "a field can't be of type enum"},
		{"list of {a list}", "a field can't be of type list"},
		{"list of {a text requird}", `unknown word "requird" after the field a`},
		{"list of {a tekst}", `unknown type "tekst"`},
		{"list keyed by b of {a}", "the key b is not among the fields"},
	}
	for _, tt := range tests {
		if _, err := parseType(tt.in); err == nil || err.Error() != tt.want {
			t.Errorf("%q: got %v, want %s", tt.in, err, tt.want)
		}
	}
}

func TestVersionRange(t *testing.T) {
	t.Parallel()
	tests := []struct {
		limits, version string
		want            bool
	}{
		{"any", "", true},
		{">=4.9 <6", "4.9.0", true},
		{">=4.9 <6", "5.0.0", true},
		{">=4.9 <6", "4.8.1", false},
		{">=4.9 <6", "6.0.0", false},
		{">=4.9 <6", "", false},
		{"=6.1", "6.1.1-update3", true},
		{"=6.1.1", "6.1.1-update3", true},
		{"=6.1.1", "6.10.1", false},
		{"<=6", "6.1.1", true},
		{">6", "6.1.1", false},
		{">6", "7", true},
	}
	for _, tt := range tests {
		r, err := parseVersionRange(tt.limits)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Holds(tt.version); got != tt.want {
			t.Errorf("%q holds %q: got %v", tt.limits, tt.version, got)
		}
	}
	for _, bad := range []string{"", "6", "~6", ">=6.x", "6 - 7"} {
		if _, err := parseVersionRange(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
