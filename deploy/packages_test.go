package deploy

import (
	"crypto/sha256"
	"debug/buildinfo"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// architecture is one that a release is for, as Go and Debian, rpm, and binaries call it.
type architecture struct {
	name, rpm string
	machine   elf.Machine
}

var architectures = []architecture{{"amd64", "x86_64", elf.EM_X86_64}, {"arm64", "aarch64", elf.EM_AARCH64}}

func (a architecture) binaryFile(t *testing.T) string {
	return filepath.Join(dist(t), "carbonpatch-linux-"+a.name)
}

func (a architecture) debFile(t *testing.T) string {
	return filepath.Join(dist(t), "carbonpatch_"+releaseVersion(t)+"_"+a.name+".deb")
}

func (a architecture) rpmFile(t *testing.T) string {
	return filepath.Join(dist(t), "carbonpatch-"+releaseVersion(t)+"-1."+a.rpm+".rpm")
}

// releaseVersion is the version that the Makefile has.
func releaseVersion(t *testing.T) string {
	t.Helper()
	makefile, err := os.ReadFile("../Makefile")
	check(t, err)
	return string(regexp.MustCompile(`(?m)^VERSION := (.+)$`).FindSubmatch(makefile)[1])
}

// output is what a command of this machine prints; it must work.
func output(t *testing.T, command ...string) string {
	t.Helper()
	out, err := exec.Command(command[0], command[1:]...).Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return string(out)
}

// A release holds binaries, a package of each for Debian and for rpm, the licences of others, and checksums of all.
func TestRelease(t *testing.T) {
	clients(t)
	names := []string{"THIRD-PARTY", "carbonpatch-carbonpatch-" + releaseVersion(t) + ".tar.gz"}
	for _, a := range architectures {
		names = append(names, filepath.Base(a.binaryFile(t)), filepath.Base(a.debFile(t)), filepath.Base(a.rpmFile(t)))
	}
	slices.Sort(names)
	var want strings.Builder
	for _, name := range names {
		fmt.Fprintf(&want, "%s  %s\n", sha256Of(t, filepath.Join(dist(t), name)), name)
	}
	got, err := os.ReadFile(filepath.Join(dist(t), "SHA256SUMS"))
	check(t, err)
	if string(got) != want.String() {
		t.Errorf("SHA256SUMS is\n%s, want\n%s", got, want.String())
	}
	if files, err := os.ReadDir(dist(t)); err != nil || len(files) != len(names)+1 {
		t.Errorf("dist has %v (%v)", files, err)
	}
}

// Binaries are static, stripped and for their architecture, and the packages hold these.
func TestPackagedBinaries(t *testing.T) {
	clients(t, "dpkg-deb", "rpm")
	for _, a := range architectures {
		file, err := elf.Open(a.binaryFile(t))
		check(t, err)
		defer file.Close()
		if stripped, static := file.Section(".symtab") == nil, file.Section(".interp") == nil; file.Machine != a.machine || !stripped || !static {
			t.Errorf("%s is for %s, stripped: %t, static: %t", a.name, file.Machine, stripped, static)
		}
		want := sha256Of(t, a.binaryFile(t))
		if got := output(t, "sh", "-c", `dpkg-deb --fsys-tarfile "$0" | tar -xO ./usr/bin/carbonpatch | sha256sum | cut -c-64`, a.debFile(t)); got != want+"\n" {
			t.Errorf("the deb of %s holds another binary", a.name)
		}
		if got := output(t, "rpm", "-qp", "--qf", "[%{FILENAMES} %{FILEDIGESTS}\n]", a.rpmFile(t)); !strings.Contains(got, "/usr/bin/carbonpatch "+want+"\n") {
			t.Errorf("the rpm of %s holds another binary", a.name)
		}
		if got, want := output(t, "dpkg-deb", "-f", a.debFile(t), "Package", "Version", "Architecture"),
			"Package: carbonpatch\nVersion: "+releaseVersion(t)+"\nArchitecture: "+a.name+"\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got, want := output(t, "rpm", "-qp", "--qf", "%{NAME} %{VERSION} %{ARCH} %{LICENSE} %{BUILDHOST}", a.rpmFile(t)),
			"carbonpatch "+releaseVersion(t)+" "+a.rpm+" Apache-2.0 localhost"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// The licences of Go and of every module that is linked are there in full.
func TestLicences(t *testing.T) {
	clients(t)
	text, err := os.ReadFile(filepath.Join(dist(t), "THIRD-PARTY"))
	check(t, err)
	var want []string
	for _, a := range architectures {
		info, err := buildinfo.ReadFile(a.binaryFile(t))
		check(t, err)
		want = append(want, "Go "+info.GoVersion)
		for _, module := range info.Deps {
			want = append(want, module.Path+" "+module.Version)
		}
	}
	slices.Sort(want)
	want = slices.Compact(want)
	var got []string
	for _, part := range strings.Split(string(text), "\n== ")[1:] {
		name, licence, _ := strings.Cut(part, "\n")
		got = append(got, name)
		if !regexp.MustCompile(`(?is)-- licen[cs]e.*(copyright|apache license).*warrant`).MatchString(licence) {
			t.Errorf("no licence of %s:\n%s", name, licence)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("licences of %q, want %q", got, want)
	}
}

// Two clones give the same bytes, whatever the folder, the time, the user's settings and what Go has in its cache.
func TestReleaseIsReproducible(t *testing.T) {
	clients(t, "git", "make")
	settings := filepath.Join(t.TempDir(), "env") // as "go env -w" writes it
	check(t, os.WriteFile(settings, []byte("GOFLAGS=-gcflags=-N\n"), 0o600))
	environment := []string{
		"TZ=Asia/Kolkata", "LC_ALL=de_DE.UTF-8", "SOURCE_DATE_EPOCH=1",
		"GOENV=" + settings, "GOFLAGS=", "GOAMD64=v2", "GOFIPS140=latest", "GOEXPERIMENT=arenas",
	}
	if !short() {
		environment = append(environment, "GOCACHE="+t.TempDir())
	}
	first := release(t, "umask 022", nil)
	second := release(t, "umask 077", environment)
	for name, sum := range first {
		if second[name] != sum {
			t.Errorf("%s differs", name)
		}
	}
	if len(first) != 9 || len(second) != len(first) {
		t.Errorf("got %d files and %d", len(first), len(second))
	}
}

// release makes a release in a new clone and returns the checksums of its files.
func release(t *testing.T, first string, environment []string) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "clone")
	cmd := exec.Command("sh", "-ec", first+`; git clone -q .. "$0"; make -s -C "$0" release`, dir)
	cmd.Env = append(os.Environ(), environment...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "dist/*"))
	check(t, err)
	sums := map[string]string{}
	for _, file := range files {
		sums[filepath.Base(file)] = sha256Of(t, file)
	}
	return sums
}

func sha256Of(t *testing.T, name string) string {
	t.Helper()
	file, err := os.Open(name)
	check(t, err)
	defer file.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	check(t, err)
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func TestLintian(t *testing.T) {
	clients(t, "lintian")
	for _, a := range architectures {
		out, err := exec.Command("lintian", "--allow-root", "--fail-on", "error,warning", a.debFile(t)).CombinedOutput()
		if err != nil || len(out) > 0 {
			t.Errorf("%v: %s", err, out)
		}
	}
}

// packageMachine is a machine with what a release has in /root, and the names of the packages that are for it.
func packageMachine(t *testing.T) (m *machine, deb, rpm string) {
	t.Helper()
	m = newMachine(t, "worker1", "10.0.0.3")
	m.copyIn(dist(t), "/root")
	m.copyIn(sampleHome, "/opt/wso2ei-6.1.1")
	own := strings.TrimSpace(m.must("dpkg --print-architecture"))
	for _, a := range architectures {
		if a.name == own {
			return m, filepath.Base(a.debFile(t)), filepath.Base(a.rpmFile(t))
		}
	}
	t.Skipf("skipped: a release has nothing for %s", own)
	return
}

// packaged lists what was written of carbonpatch on a machine, besides what dpkg knows of it and what man keeps for the next reader.
func packaged(m *machine) string {
	m.t.Helper()
	written := filepath.Join("/proc", strconv.Itoa(m.pid), "root", filepath.Dir(m.root), "written")
	return output(m.t, "sh", "-c", `cd "$0" && find etc usr var -path '*/carbonpatch*' -not -path '*/dpkg/*' -not -path '*/cache/man/*' | sort`, written)
}

func TestDeb(t *testing.T) {
	clients(t, "dpkg", "man", "systemctl")
	m, deb, _ := packageMachine(t)
	m.must("dpkg -i " + deb)

	if got, want := m.must("carbonpatch version | cut -d' ' -f1-2; man -w carbonpatch; man --warnings carbonpatch 2>&1 >/dev/null; man carbonpatch | tail -1 | grep -o 'carbonpatch [0-9.]*'"),
		"carbonpatch "+releaseVersion(t)+"\n/usr/share/man/man1/carbonpatch.1.gz\ncarbonpatch "+releaseVersion(t)+"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	m.must("carbonpatch demo")
	units := "systemctl is-enabled carbonpatch.service carbonpatch-verify.timer"
	if r := m.run(units); r.out != "disabled\ndisabled\n" {
		t.Errorf("after installing the units are %q", r.out)
	}
	if got := m.must("dpkg --verify carbonpatch"); got != "" {
		t.Errorf("dpkg --verify prints %q", got)
	}

	m.must("systemctl --quiet enable carbonpatch.service carbonpatch-verify.timer; echo CARBON_HOME=/opt/wso2ei-6.1.1 >>/etc/carbonpatch/environment; dpkg -i " + deb)
	if got, want := m.must(units+"; tail -1 /etc/carbonpatch/environment"), "enabled\nenabled\nCARBON_HOME=/opt/wso2ei-6.1.1\n"; got != want {
		t.Errorf("after an upgrade there is %q, want %q", got, want)
	}
	m.must("dpkg -r carbonpatch")
	if got, want := packaged(m), "etc/carbonpatch\netc/carbonpatch/environment\n"; got != want {
		t.Errorf("after removing there is %q, want %q", got, want)
	}
	m.must("dpkg -P carbonpatch")
	if got := packaged(m) + m.must("find /var/lib/dpkg -path '*carbonpatch*'"); got != "" {
		t.Errorf("after purging there is %q", got)
	}
	m.must("apt-get install -y ./" + deb + "; carbonpatch version; apt-get purge -y carbonpatch")
	if got := packaged(m); got != "" {
		t.Errorf("after apt-get purge there is %q", got)
	}
}

// rpmHere is rpm on a machine of Debian, with a database of its own.
const rpmHere = "rpm --force-debian --dbpath /root/db "

func TestRPM(t *testing.T) {
	clients(t, "rpm", "systemctl")
	for _, a := range architectures {
		out, err := exec.Command("rpm", "-K", a.rpmFile(t)).CombinedOutput()
		if want := a.rpmFile(t) + ": digests OK\n"; err != nil || string(out) != want {
			t.Errorf("%v: got %q, want %q", err, out, want)
		}
		out, err = exec.Command("rpm", "-qip", a.rpmFile(t)).CombinedOutput()
		if bad := regexp.MustCompile(`(?i)error|warning`).Find(out); err != nil || bad != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	m, _, file := packageMachine(t)
	m.must("rpmdb --dbpath /root/db --initdb; " + rpmHere + "--nodeps -i " + file)
	if got, want := m.must(rpmHere+"-q --qf '%{NAME} %{VERSION}\n' carbonpatch; "+rpmHere+"-V --nodeps carbonpatch; carbonpatch version | cut -d' ' -f1-2; "+rpmHere+"-qc carbonpatch"),
		fmt.Sprintf("carbonpatch %[1]s\ncarbonpatch %[1]s\n/etc/carbonpatch/environment\n", releaseVersion(t)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	m.must("carbonpatch demo; systemctl --quiet enable carbonpatch.service carbonpatch-verify.timer; echo CARBON_HOME=/opt/x >>/etc/carbonpatch/environment")
	if r := m.run(rpmHere + "-V --nodeps carbonpatch"); r.code != 1 || r.out != "S.5....T.  c /etc/carbonpatch/environment\n" {
		t.Errorf("got %+v", r)
	}
	m.must(rpmHere + "--nodeps -U --replacepkgs " + file)
	if got, want := m.must("tail -1 /etc/carbonpatch/environment; systemctl is-enabled carbonpatch.service carbonpatch-verify.timer"), "CARBON_HOME=/opt/x\nenabled\nenabled\n"; got != want {
		t.Errorf("after an upgrade there is %q, want %q", got, want)
	}
	m.must(rpmHere + "-e carbonpatch")
	if got, want := packaged(m), "etc/carbonpatch\netc/carbonpatch/environment.rpmsave\n"; got != want {
		t.Errorf("after erasing there is %q, want %q", got, want)
	}
}

// To a running systemd the packages say that units have changed, and that they go. Nothing is enabled or started.
func TestPackageScripts(t *testing.T) {
	clients(t, "dpkg", "rpm", "systemctl")
	m, deb, rpm := packageMachine(t)
	m.put("/root/systemctl", "#!/bin/sh\necho \"$@\" >>/root/asked\n")
	m.must("install systemctl $(command -v systemctl); mkdir -p /run/systemd/system; touch asked")
	for _, step := range []struct{ command, want string }{
		{"dpkg -i " + deb, "daemon-reload\n"},
		{"dpkg -i " + deb, "daemon-reload\ndaemon-reload\n"},
		{"dpkg -r carbonpatch", "--quiet disable carbonpatch.service carbonpatch-verify.timer\nstop carbonpatch-verify.timer\ndaemon-reload\n"},
		{"dpkg -P carbonpatch", "daemon-reload\n"},
		{"rpmdb --dbpath /root/db --initdb; " + rpmHere + "--nodeps -i " + rpm, "daemon-reload\n"},
		{rpmHere + "--nodeps -U --replacepkgs " + rpm, "daemon-reload\ndaemon-reload\n"},
		{rpmHere + "-e carbonpatch", "--quiet disable carbonpatch.service carbonpatch-verify.timer\nstop carbonpatch-verify.timer\ndaemon-reload\n"},
	} {
		if got := m.must(step.command + " >/dev/null; cat asked; : >asked"); got != step.want {
			t.Errorf("%s asks systemd for %q, want %q", step.command, got, step.want)
		}
	}
}

// What a user types in a new shell is completed: with "versio" the command would be none.
func TestPackagedCompletions(t *testing.T) {
	clients(t, "bash", "zsh", "fish", "script")
	m, deb, _ := packageMachine(t)
	m.must("dpkg -i " + deb)
	m.put("/root/.zshrc", "autoload -Uz compinit && compinit -u\n")
	m.put("/root/.bash_profile", "")
	const typed = `printf 'carbonpatch versio\t\nexit\n' | script -qec '%s' /dev/null`
	want := "\ncarbonpatch " + releaseVersion(t) + " go"
	completes := func(shell string) {
		t.Helper()
		if got := m.must(fmt.Sprintf(typed, shell)); !strings.Contains(got, want) {
			t.Errorf("%s does not complete:\n%s", shell, got)
		}
	}
	completes("zsh -i")
	completes("bash -li")
	if got := m.must("fish -c 'complete -C \"carbonpatch versio\"'"); got != "version\tprint the version\n" {
		t.Errorf("fish completes %q", got)
	}
	m.must("dpkg -r --force-depends bash-completion")
	m.put("/root/.bash_profile", ". /usr/share/bash-completion/completions/carbonpatch\n")
	completes("bash -li")
}

func TestPackagesPage(t *testing.T) {
	clients(t, "apt-get", "man", "systemctl")
	m, _, _ := packageMachine(t)
	m.runPage("packages.md")
}
