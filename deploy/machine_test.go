package deploy

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// machine is a machine to install on and to break: the file system of this one, of which it changes a copy, with its own network,
// processes and host name. It is gone when the test ends.
type machine struct {
	t    *testing.T
	pid  int    // of the process that keeps it alive
	root string // its root folder, as its own mount namespace has it
}

// boot makes the file system of a new machine: the one of this machine, under a layer in memory that takes what is written. It has nothing
// in /opt, and no index of manual pages is made when packages are installed, which would take its time.
const boot = `set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/written" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/written,workdir=$1/work" "$1/root"
rm -rf "$1/root/opt/"* "$1/root/var/lib/man-db/auto-update"
mount --rbind /dev "$1/root/dev"
mount --rbind /sys "$1/root/sys"
mount -t proc proc "$1/root/proc"
mount -t tmpfs tmpfs "$1/root/tmp"
mount -t tmpfs tmpfs "$1/root/run"
hostname "$2"
ip link set lo up
ip link add eth0 type veth peer name wire
ip address add "$3/24" dev eth0
ip link set eth0 up
ip link set wire up
ip route add default dev eth0
echo up
exec cat
`

// newMachine starts a machine with that host name and IPv4 address, which is the one of its default route.
func newMachine(t *testing.T, name, address string) *machine {
	t.Helper()
	needRoot(t)
	dir := t.TempDir()
	cmd := exec.Command("unshare", "--mount", "--net", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "sh", "-c", boot, "sh", dir, name, address)
	end, err := cmd.StdinPipe() // the machine ends with it, so one of a test that is killed does, too
	check(t, err)
	out, err := cmd.StdoutPipe()
	check(t, err)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	check(t, cmd.Start())
	t.Cleanup(func() {
		_ = end.Close() // with the first process goes all that runs there, and what is mounted
		_ = cmd.Wait()
	})
	if _, err := out.Read(make([]byte, 8)); err != nil {
		t.Fatalf("the machine does not start: %s", problems.String())
	}
	m := &machine{t: t, pid: childOf(t, cmd.Process.Pid), root: dir + "/root"}
	m.put("/etc/hostname", name+"\n")
	return m
}

// needRoot skips the test where it can't have a machine of its own.
func needRoot(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("unshare", "--mount", "--net", "--pid", "--fork", "true").CombinedOutput(); err != nil {
		t.Skipf("skipped: no machine can be made here: %s", bytes.TrimSpace(out))
	}
}

// childOf is the only child of a process.
func childOf(t *testing.T, pid int) int {
	t.Helper()
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	check(t, err)
	child, err := strconv.Atoi(strings.TrimSpace(string(children)))
	check(t, err)
	return child
}

// result is what a command on a machine did.
type result struct {
	code     int
	out      string        // standard output
	problems string        // standard error
	took     time.Duration // with some milliseconds to get there
}

// run runs a script with sh -e in /root of the machine, with PATH, HOME and TERM=dumb alone in its environment.
func (m *machine) run(script string) result {
	m.t.Helper()
	cmd := exec.Command("nsenter", "--target", strconv.Itoa(m.pid), "--mount", "--net", "--uts", "--ipc", "--pid",
		"chroot", m.root, "sh", "-ec", "cd /root\n"+script)
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "TERM=dumb", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"}
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	start := time.Now()
	err := cmd.Run()
	if _, ok := err.(*exec.ExitError); err != nil && !ok {
		m.t.Fatal(err)
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), problems.String(), time.Since(start)}
}

// must runs a script that must exit with 0, and returns its standard output.
func (m *machine) must(script string) string {
	m.t.Helper()
	r := m.run(script)
	if r.code != 0 {
		m.t.Fatalf("exit code %d of\n%s\n%s%s", r.code, script, r.out, r.problems)
	}
	return r.out
}

// put writes a file of the machine, and the folders above it.
func (m *machine) put(path, text string) {
	m.t.Helper()
	file := m.path(path)
	check(m.t, os.MkdirAll(filepath.Dir(file), 0o755))
	check(m.t, os.WriteFile(file, []byte(text), 0o644))
}

// copyIn copies a folder or file of this machine to a path of the machine.
func (m *machine) copyIn(from, to string) {
	m.t.Helper()
	file := m.path(to)
	check(m.t, os.MkdirAll(filepath.Dir(file), 0o755))
	if out, err := exec.Command("cp", "-RT", from, file).CombinedOutput(); err != nil {
		m.t.Fatalf("%s", out)
	}
}

// path is where a file of the machine can be found from outside, as long as no link is in its way.
func (m *machine) path(path string) string {
	return filepath.Join("/proc", strconv.Itoa(m.pid), "root", m.root, path)
}

// listen listens in the network of the machine.
func (m *machine) listen(address string) net.Listener {
	m.t.Helper()
	network, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", m.pid))
	check(m.t, err)
	defer network.Close()
	var listener net.Listener
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with this goroutine, in the other network
		err := unix.Setns(int(network.Fd()), unix.CLONE_NEWNET)
		if err == nil {
			listener, err = net.Listen("tcp", address)
		}
		done <- err
	}()
	check(m.t, <-done)
	return listener
}

// bytes tells of each file below a folder what it holds, whose it is and who may read it.
func (m *machine) bytes(folder string) string {
	m.t.Helper()
	return m.must("cd " + folder + "; find . -printf '%P %y %m %U:%G\n' | sort; find . -type f -exec sha256sum {} + | sort")
}

// wantFile fails the test unless a file of the machine holds want.
func (m *machine) wantFile(path, want string) {
	m.t.Helper()
	if got := m.must("cat " + path); got != want {
		m.t.Errorf("%s has\n%snot\n%s", path, got, want)
	}
}

// canary is a secret that is written in another way in XML, in a shell and in JSON.
const canary = `7CANARY&<'">\$x`

// hides fails the test where a command showed the canary, in whatever form.
func (m *machine) hides(r result) {
	m.t.Helper()
	for _, line := range strings.Split(r.out+r.problems, "\n") {
		if strings.Contains(line, "7CANARY") {
			m.t.Error(line)
		}
	}
}

// keepsNot fails the test where a file that was written on the machine has the canary, in whatever form.
func (m *machine) keepsNot() {
	m.t.Helper()
	if files, _ := exec.Command("grep", "-rlaF", "7CANARY", filepath.Join(filepath.Dir(m.path("/")), "written")).Output(); len(files) > 0 {
		m.t.Errorf("%s", files)
	}
}
