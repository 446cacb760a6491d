package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
)

// Whatever a secret is written as, it is found.
func TestHoldsCanary(t *testing.T) {
	t.Parallel()
	secret := canarySecret("1")
	var inXML strings.Builder
	if err := xml.EscapeText(&inXML, []byte(secret)); err != nil {
		t.Fatal(err)
	}
	inJSON, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{
		"raw": secret, "XML": inXML.String(), "JSON": string(inJSON), "a query": url.QueryEscape(secret), "a path": url.PathEscape(secret),
		"the first half": secret[:len(secret)/2], "the second half": secret[len(secret)/2:],
		"hexadecimal": hex.EncodeToString([]byte(secret)),
	}
	for _, before := range []string{"", "x", "xy", "xyz"} {
		texts["base64 behind "+before] = base64.StdEncoding.EncodeToString([]byte(before + secret + "xyz"))
		texts["base64 for URLs behind "+before] = base64.URLEncoding.EncodeToString([]byte(before + secret))
	}
	for name, text := range texts {
		if !holdsCanary("password: " + text) {
			t.Errorf("%s: not found in %s", name, text)
		}
	}
	if holdsCanary("password: ********") {
		t.Error("found where there is none")
	}
}

// The log of a run in which a secret gets out in every way that is looked for, and into the files where it belongs.
func TestCanaryLeaks(t *testing.T) {
	t.Parallel()
	log := strings.ReplaceAll(`7 execve("/bin/x", ["x", "SECRET"], 0x7ffe /* 3 vars */) = 0
7 openat(AT_FDCWD</tmp/b>, "/tmp/SECRET", O_RDWR|O_CREAT, 0600) = 3</tmp/SECRET>
7 write(1<pipe:[1]>, "password SECRET\n", 20) = 20
7 write(2</dev/pts/0>, "error: SECRET\n", 20) = 20
7 write(3</tmp/b/x>, "SECRET", 20) = 20
7 write(3</b/home/.carbonpatch/tx.new>, "{\"SECRET\"}", 20) = 20
7 write(3</b/home/.carbonpatch/backups/1/manifest.json>, "SECRET", 20) = 20
7 write(3</b/home/conf/carbon.xml>, "SECRET", 20) = 20
7 write(3</b/home/.carbonpatch/backups/1/0>, "SECRET", 20) = 20
7 write(3</b/home/conf/.carbon.xml.0123456789abcdef.carbonpatch>, "SECRET", 20) = 20
7 write(3</b/home/conf/.carbon.xml.0123456789abcdef.carbonpatch (deleted)>, "SECRET", 20) = 20
8 write(4</b/log>, "SEC <unfinished ...>
7 sendto(5<socket:[2]>, "SECRET", 20, MSG_NOSIGNAL, NULL, 0) = 20
8 <... write resumed>RET", 20) = 20
7 prctl(PR_SET_NAME, "SECRET") = 0
7 write(1<pipe:[1]>, "nothing", 7) = 7
`, "SECRET", canaryHead+"1")
	log = strings.NewReplacer(`"SEC <unf`, `"`+canaryHead[:3]+` <unf`, `>RET"`, `>`+canaryHead[3:]+`"`).Replace(log)
	leaks, rightly := canaryLeaks(parseLog(log))
	var places []string
	for _, leak := range leaks {
		place, _, _ := strings.Cut(leak, ":")
		places = append(places, place)
	}
	want := `execve, in its arguments
openat, in its arguments
write, in pipe
write, in /dev/pts/0
write, in /tmp/b/x
write, in /b/home/.carbonpatch/tx.new
write, in /b/home/.carbonpatch/backups/1/manifest.json
write, in /b/home/conf/carbon.xml
write, in /b/log
sendto, in socket
prctl, in its arguments`
	if got := strings.Join(places, "\n"); got != want || rightly != 3 {
		t.Errorf("got\n%s\nand %d rightly, want\n%s\nand 3", got, rightly, want)
	}
}
