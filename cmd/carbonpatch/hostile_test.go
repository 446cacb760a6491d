package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// What a hostile file may cost: processor time, and memory beyond that of a run that does nothing.
const (
	hostileTime   = time.Second
	hostileMemory = 64 << 10 // KiB
)

// bounded runs a command as its arguments say, and fails where that takes more than hostile input may cost. It is a program of its
// own, since the memory of a process counts from that of the one that starts it.
func bounded() {
	var base int64
	if !raceDetector() {
		base, _ = measured(exec.Command("carbonpatch", "version"))
	}
	ctx, stop := context.WithTimeout(context.Background(), 20*hostileTime)
	defer stop()
	cmd := exec.CommandContext(ctx, os.Args[1], os.Args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	memory, cpu := measured(cmd)
	switch {
	case cmd.ProcessState == nil || ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "bounded: it hung, or could not be started")
	case !raceDetector() && (cpu > hostileTime || memory > base+hostileMemory):
		fmt.Fprintf(os.Stderr, "bounded: %v of processor time, %d KiB of memory where %d do nothing\n", cpu, memory, base)
	default:
		os.Exit(cmd.ProcessState.ExitCode())
	}
	os.Exit(99)
}

// measured runs cmd and returns the KiB and the processor time that it took.
func measured(cmd *exec.Cmd) (memory int64, cpu time.Duration) {
	_ = cmd.Run()
	if cmd.ProcessState == nil {
		return 0, 0
	}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		memory = usage.Maxrss
	}
	return memory, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// raceDetector reports whether this is a test build that takes several times the memory and the time.
func raceDetector() bool {
	info, _ := debug.ReadBuildInfo()
	return info != nil && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// hostileCluster is a cluster file with a node m, whose settings go on with the lines of settings, and which ends with more.
func hostileCluster(settings, more string) string {
	return "version: 1\nprofile: esb\nnodes: {m: {role: manager, localMemberHost: 10.0.0.2}}\nsettings:\n" +
		"  hostName: esb.example.com\n  mgtHostName: mgt.example.com\n" + settings + more
}

// hostileProfile is a profile with a role m and a setting a whose value is v. Its files are those of the lines of files.
func hostileProfile(files string) string {
	return "profile: x\nroles: {m: {}}\nsettings: {a: {type: text, default: v}}\nfiles:\n" + files
}

// numbered are n lines that hold their numbers.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestHostileClusterFile(t *testing.T) {
	t.Parallel()
	want := goldenFile(t, "testdata/hostile_cluster_file.golden")
	tests := []struct{ name, file string }{
		{"100 MB", strings.Repeat("# 8 bytes", 100<<20/8)},
		{"a hundred thousand keys", numbered(30_000, "k%d: 1\n")},
		{"keys in keys", hostileCluster("", numbered(1_990, "k%d: [a, b, c, d, e, f, g, h, i]\n"))},
		{"nested lists", "name: " + strings.Repeat("[", 250_000)},
		{"nested mappings", "name: " + strings.Repeat("{a: ", 100_000)},
		{"nested a little too deep", hostileCluster("", "name: "+strings.Repeat("[", 40)+strings.Repeat("]", 40)+"\n")},
		{"a huge text", hostileCluster("", "name: "+strings.Repeat("x", 500_000)+"\n")},
		{"a huge value", hostileCluster("  domain: "+strings.Repeat("x", 60_000)+"\n", "")},
		{"a huge key", hostileCluster("", "? "+strings.Repeat("x", 60_000)+"\n: 1\n")},
		{"laughs", hostileCluster("", "name: &a [x, x]\n") + "wellKnown: [*a, *a]\n"},
		{"a merge key", hostileCluster("  <<: {domain: d}\n", "")},
		{"a tag", hostileCluster("  domain: !!python/object:os.system d\n", "")},
		{"a NUL", hostileCluster("", "name: a\x00b\n")},
		{"an escape of a terminal", hostileCluster("", "name: a\x1b[2Jb\n")},
		{"an escaped control character", hostileCluster(`  domain: "a\x01b"`+"\n", "")},
		{"a lone surrogate", hostileCluster(`  domain: "a\uD800b"`+"\n", "")},
		{"a lone surrogate in bytes", hostileCluster("  domain: a\xed\xa0\x80b\n", "")},
		{"an overlong slash", hostileCluster("  domain: a\xc0\xafb\n", "")},
		{"ISO-8859-1", hostileCluster("  domain: caf\xe9\n", "")},
		{"UTF-16", "\xff\xfe" + strings.Join(strings.Split(hostileCluster("", ""), ""), "\x00") + "\x00"},
		{"a second byte order mark", "\ufeff\ufeff" + hostileCluster("", "")},
		{"a second document", hostileCluster("", "---\nversion: 1\n")},
		{"nothing", ""},
		{"a profile that is a device", strings.Replace(hostileCluster("", ""), "profile: esb", "profile: /dev/zero", 1)},
		{"a profile that is a folder", strings.Replace(hostileCluster("", ""), "profile: esb", "profile: /etc", 1)},
		{"a secret that is a device", hostileCluster("  groupPassword: file:/dev/zero\n", "")},
		{"a secret of the kernel", hostileCluster("  groupPassword: file:/proc/self/maps\n", "")},
		{"a path with dots", hostileCluster("  groupPassword: file:../../etc/shadow\n", "")},
		{"the name of a node", hostileCluster("", "") + "roles: {}\nwellKnown: [../../m]\n"},
		{"unknown settings", hostileCluster(numbered(1_900, "  hostNam%d: http://u:p@h\n"), "")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want.refuses(t, "c.yaml", tt.file, "-f", "c.yaml", "--node", "m")
		})
	}
}

// growing are n settings, each of which is ten times as long as the one before.
func growing(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  a%d: {type: text, default: %s}\n", i+1, strings.Repeat(fmt.Sprintf("$(a%d)", i), 10))
	}
	return b.String()
}

func TestHostileProfile(t *testing.T) {
	t.Parallel()
	want := goldenFile(t, "testdata/hostile_profile.golden")
	tests := []struct{ name, file string }{
		{"a path that leads out", hostileProfile("  ../../etc/x.xml: []\n")},
		{"an absolute path", hostileProfile("  /etc/passwd: []\n")},
		{"a NUL", hostileProfile(`  "a\0.xml": []` + "\n")},
		{"an escape of a terminal", hostileProfile(`  "a\e[2J.xml": []` + "\n")},
		{"what turns text around", hostileProfile("  a\u202elmx.xml: [{set: /a, to: b}]\n")},
		{"a backslash", hostileProfile(`  "..\\a.xml": []` + "\n")},
		{"a path with two slashes", hostileProfile("  a//b.xml: []\n")},
		{"a path with a dot", hostileProfile("  a/./b.xml: []\n")},
		{"a long name", hostileProfile("  " + strings.Repeat("a", 300) + ".xml: [{set: /a, to: b}]\n")},
		{"a long path", hostileProfile("  " + strings.Repeat("a/", 450) + "a.xml: [{set: /a, to: b}]\n")},
		{"a path of the tool itself", hostileProfile("  home:.carbonpatch/backups/x/0: [{set: /a, to: b}]\n")},
		{"a temporary file of the tool", hostileProfile("  .carbon.xml.0123456789abcdef.carbonpatch: [{set: /a, to: b}]\n")},
		{"a folder", hostileProfile("  axis2: [{set: /a, to: b}]\n")},
		{"two spellings", hostileProfile("  carbon.xml: [{set: /Server/Name, to: a}]\n  home:conf/carbon.xml: [{set: /Server/Name, to: b}]\n")},
		{"a control character", hostileProfile(`  carbon.xml: [{set: /Server/Name, to: "a\x01b"}]` + "\n")},
		{"markup in a fragment", hostileProfile("  carbon.xml: [{ensure: /Server/x, xml: '<x></x><y/>'}]\n")},
		{"an entity in a fragment", hostileProfile("  carbon.xml: [{ensure: /Server/x, xml: '<x>&lol;</x>'}]\n")},
		{"a DTD in a fragment", hostileProfile("  carbon.xml: [{ensure: /Server/x, xml: '<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>'}]\n")},
		{"a deep fragment", hostileProfile("  carbon.xml: [{ensure: /Server/x, xml: '" + strings.Repeat("<x>", 5_000) + strings.Repeat("</x>", 5_000) + "'}]\n")},
		{"many attributes", hostileProfile("  carbon.xml: [{ensure: /Server/x, xml: '<x " + numbered(4_000, "a%d=\"\" ") + "/>'}]\n")},
		{"a deep selector", hostileProfile("  carbon.xml: [{set: '/Server" + strings.Repeat("[a", 10_000) + "', to: b}]\n")},
		{"many operations", hostileProfile("  carbon.xml:\n" + numbered(2_001, "    - {set: /Server/Name, to: a%d}\n"))},
		{"operations that contradict each other", hostileProfile("  carbon.xml:\n" + numbered(1_900, "    - {set: /Server/Name, to: a%d}\n"))},
		{"values that grow", "profile: x\nroles: {m: {}}\nsettings:\n  a0: {type: text, default: xxxxxxxxxx}\n" + growing(9) + "files:\n  carbon.xml: [{set: /Server/Name, to: $(a9)}]\n"},
		{"a profile that extends a device", "profile: x\nextends: /dev/zero\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want.refuses(t, "p.yaml", tt.file, "--profile", "./p.yaml", "--role", "m")
		})
	}
}

// golden are expected texts by the names of tests. With UPDATE in the environment they are written anew.
type golden struct {
	file   string
	mu     sync.Mutex
	texts  map[string]string
	update bool
}

func goldenFile(t *testing.T, file string) *golden {
	t.Helper()
	g := &golden{file: file, texts: map[string]string{}, update: os.Getenv("UPDATE") != ""}
	if g.update {
		t.Cleanup(func() { g.write(t) })
		return g
	}
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		g.texts[f.Name] = string(f.Data)
	}
	return g
}

func (g *golden) write(t *testing.T) {
	archive := &txtar.Archive{Comment: []byte("What apply says of hostile files, by the names of the tests; the end of what is long.\n")}
	for _, name := range slices.Sorted(maps.Keys(g.texts)) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(g.texts[name])})
	}
	if err := os.WriteFile(g.file, txtar.Format(archive), 0o644); err != nil {
		t.Error(err)
	}
}

// compare compares got with what is expected of the test that runs.
func (g *golden) compare(t *testing.T, got string) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	_, name, _ := strings.Cut(t.Name(), "/")
	if g.update {
		g.texts[name] = got
	}
	if diff := cmp.Diff(g.texts[name], got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// refuses fails t where apply with a hostile file does not end with an error as expected, or touches the home.
func (g *golden) refuses(t *testing.T, name, content string, args ...string) {
	t.Helper()
	dir := t.TempDir()
	if err := errors.Join(writeDemo(dir), os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600)); err != nil {
		t.Fatal(err)
	}
	before := snapshot(os.DirFS(filepath.Join(dir, "home")))
	cmd := exec.Command("bounded", append([]string{"carbonpatch", "apply", "home", "--yes"}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	_ = cmd.Run()
	if cmd.ProcessState.ExitCode() != exitFailed || stdout.Len() > 0 {
		t.Errorf("exit code %d, want 1; stdout %.100q", cmd.ProcessState.ExitCode(), stdout.String())
	}
	const long = 1_000
	g.compare(t, stderr.String()[max(0, stderr.Len()-long):])
	if _, err := os.Lstat(filepath.Join(dir, "home", ".carbonpatch")); err == nil || snapshot(os.DirFS(filepath.Join(dir, "home"))) != before {
		t.Error("the home is touched")
	}
}
