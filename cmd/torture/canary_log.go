package main

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Each canary, a secret that is looked for, begins with head and ends with tail. Between them stands what has to be escaped somewhere.
// No escape changes head and tail, so that one finds a secret in XML, in a URL, in JSON and quoted for a shell, and a half of one.
const (
	canaryHead = "CanaryHeadQx7"
	canaryTail = "tailCanaryZw9"
)

// canarySecret is the canary of a channel, by which it is told from the others.
func canarySecret(channel string) string {
	return canaryHead + channel + `<&>"%+/=? ü\` + channel + canaryTail
}

// canaryTexts are what gives a canary away: its head and its tail as they are, and as they look in base64, wherever they begin, and in
// hexadecimal.
func canaryTexts() []string {
	var texts []string
	for _, part := range []string{canaryHead, canaryTail} {
		texts = append(texts, part, hex.EncodeToString([]byte(part)), strings.ToUpper(hex.EncodeToString([]byte(part))))
		for shift := range 3 {
			encoded := base64.RawStdEncoding.EncodeToString([]byte("???"[:shift] + part))
			texts = append(texts, encoded[2*shift:len(encoded)-2]) // the rest depends on what stands beside it
		}
	}
	return texts
}

var canaryInText = canaryTexts()

// holdsCanary reports whether a text gives a canary away.
func holdsCanary(text string) bool {
	return slices.ContainsFunc(canaryInText, func(canary string) bool { return strings.Contains(text, canary) })
}

// canaryCalls are the system calls through which a secret could get out.
const canaryCalls = "write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendmmsg,execve,execveat,openat,open,creat,sendfile,splice,copy_file_range," +
	"rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,setxattr,fsetxattr,lsetxattr,connect,memfd_create,prctl"

// writtenTo is the path of the file that a call writes to, as strace -y tells it.
var writtenTo = regexp.MustCompile(`^\d+<([^>]*)>`)

// canaryMayBeIn reports whether a file may hold secrets: the new content of a target before the swap, and the backups.
func canaryMayBeIn(path string) bool {
	base := filepath.Base(path)
	if strings.Contains(path, "/.carbonpatch/backups/") {
		return base != "manifest.json"
	}
	return strings.HasPrefix(base, ".") && strings.HasSuffix(base, ".carbonpatch") && base != ".carbonpatch"
}

// canaryLeaks are the calls of a run that give a canary away, and in how many places it was written as it may be.
func canaryLeaks(calls []call) (leaks []string, rightly int) {
	for _, c := range calls {
		if !holdsCanary(c.args) {
			continue
		}
		to := "its arguments"
		if m := writtenTo.FindStringSubmatch(c.args); m != nil {
			to = strings.TrimSuffix(m[1], " (deleted)")
		}
		if strings.HasPrefix(c.name, "write") || strings.HasPrefix(c.name, "pwrite") {
			if canaryMayBeIn(to) {
				rightly++
				continue
			}
		}
		leaks = append(leaks, fmt.Sprintf("%s, in %s: %s", c.name, to, aroundCanary(c.args)))
	}
	return leaks, rightly
}

// aroundCanary is the part of a text that gives a canary away.
func aroundCanary(text string) string {
	for _, canary := range canaryInText {
		if i := strings.Index(text, canary); i >= 0 {
			return "…" + text[max(0, i-60):min(len(text), i+len(canary)+20)] + "…"
		}
	}
	return ""
}
