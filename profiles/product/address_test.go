package product

import "testing"

func TestRange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text           string
		isRange, valid bool
		size           int
	}{
		{"10.0.0.2-10", true, true, 9},
		{"10.0.0.0-255", true, true, 256},
		{"10.0.0.2-2", true, true, 1},
		{"10.0.0.10-2", true, true, 0},
		{"10.0.0.*", true, true, 256},
		{"10.0.300.*", true, false, 0},
		{"10.0.*.1", false, false, 0},
		{"10.0.0.2-256", true, false, 0},
		{"10.0.300.2-10", true, false, 0},
		{"10.0.0.2-99999999999999999999", true, false, 0},
		{"10.0.0.2", false, false, 0},
		{"10.0.1-2.3", false, false, 0},
		{"node1-2", false, false, 0},
		{"10.0.0.2-10.0.0.9", false, false, 0},
	} {
		r, ok := ParseRange(c.text)
		if ok != c.isRange || r.Valid() != c.valid || r.Size() != c.size {
			t.Errorf("%s: %t, %t, %d", c.text, ok, r.Valid(), r.Size())
		}
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		member, host string
		want         bool
	}{
		{"10.0.0.1", "10.0.0.1", true},
		{"10.0.0.1", "::ffff:10.0.0.1", true},
		{"Node1.example.com", "node1.EXAMPLE.com.", true},
		{"node1", "node2", false},
		{"10.0.0.2-10", "10.0.0.2", true},
		{"10.0.0.2-10", "10.0.0.10", true},
		{"10.0.0.2-10", "10.0.0.11", false},
		{"10.0.0.2-10", "10.0.0.1", false},
		{"10.0.0.2-10", "10.0.1.2", false},
		{"10.0.0.2-10", "node1", false},
		{"10.0.0.2-10", "::1", false},
		{"10.0.0.10-2", "10.0.0.5", false},
		{"10.0.0.*", "10.0.0.5", true},
		{"10.0.0.*", "10.0.1.5", false},
		{"10.0.0.2-300", "10.0.0.5", false},
	} {
		if got := Covers(c.member, c.host); got != c.want {
			t.Errorf("%s covers %s: %t", c.member, c.host, got)
		}
	}
}

func TestIsLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.8.0.1": true, "::1": true, "::ffff:127.0.0.1": true, "LocalHost.": true,
		"127.example.com": false, "10.0.0.1": false, "": false, "localhost.example.com": false,
	} {
		if got := IsLoopback(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
}

func TestIsHost(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"esb.example.com": true, "esb_1": true, "esb.example.com.": true, "10.0.0.1": true, "::1": true,
		"": false, "10.0.0": false, "10.0.0.1-9": false, "fe80::1%eth0": false, "http://esb": false, "esb:80": false, "a b": false, "-esb": false, "esb/": false,
	} {
		if got := IsHost(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
}
