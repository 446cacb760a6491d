package deploy

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSystemdPage(t *testing.T) {
	m := newProduct(t)
	m.copyIn(debianPackage(t), "/root/carbonpatch.deb")
	m.copyIn(sampleHome, "/opt/manager")
	m.boot().runPage("systemd.md")
}

// The units are what systemd takes, and a unit that is wrong is found out.
func TestSystemdUnits(t *testing.T) {
	m := newSystem(t)
	const analyze = "systemd-analyze verify carbonpatch.service carbonpatch-verify.service carbonpatch-verify.timer wso2ei.service"
	if r := m.run(analyze); r.code != 0 || r.out+r.problems != "" {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.problems)
	}
	t.Log(m.must("for unit in carbonpatch carbonpatch-verify; do systemd-analyze --no-pager security --offline=yes $unit.service | tail -n 1; done"))
	m.must("sed -i 's/^Type=oneshot/Type=once/; s|/usr/bin/carbonpatch |/usr/bin/carbonpitch |' /lib/systemd/system/carbonpatch.service")
	if r := m.run(analyze); r.code == 0 || !strings.Contains(r.problems, "Failed to parse service type, ignoring: once") || !strings.Contains(r.problems, "/usr/bin/carbonpitch is not executable") {
		t.Errorf("exit code %d of a unit that is wrong\n%s%s", r.code, r.out, r.problems)
	}
}

// A machine boots: its home is configured before the product starts, with the secret that systemd keeps, and is found to be so. By hand,
// root finds the secret as long as the unit is active.
func TestSystemdBoot(t *testing.T) {
	m := newSystem(t).boot()
	if got := m.must("cat /run/seen; systemctl is-active carbonpatch wso2ei"); got != "10.0.0.3\nactive\nactive\n" {
		t.Errorf("the product started with\n%s%s", got, m.journal())
	}
	if others := m.must("find /opt/wso2ei-6.1.1 ! -user wso2carbon"); others != "" {
		t.Errorf("root has taken\n%s", others)
	}
	m.must(`grep -q 7CANARY /opt/wso2ei-6.1.1/conf/carbon.xml
echo CARBONPATCH_VERBOSE=1 >>/etc/carbonpatch/environment
systemctl start carbonpatch-verify`)
	m.says("In sync: all 20 settings in 3 files are as described.", `carbonpatch[1]: {"level":"info",`)
	m.hides(result{out: m.journal()})
	const byHand = "carbonpatch verify -q -f /etc/carbonpatch/cluster.yaml /opt/wso2ei-6.1.1"
	m.must(byHand + "; systemctl stop carbonpatch")
	if r := m.run(byHand); r.code != 1 || !strings.Contains(r.problems, "svnPassword: can't read file:/run/credentials/carbonpatch.service/svn-password") {
		t.Errorf("exit code %d\n%s", r.code, r.problems)
	}
}

// A home that is not as described makes the unit of the timer fail, which monitoring sees. A restart puts it right, and the product,
// which was stopped meanwhile, starts with it.
func TestSystemdDrift(t *testing.T) {
	m := newSystem(t).boot()
	m.must(`sed -i 's/10\.0\.0\.3</10.9.9.9</' /opt/wso2ei-6.1.1/conf/axis2/axis2.xml
mkdir -p /etc/systemd/system/carbonpatch-verify.timer.d
printf '[Timer]\nOnActiveSec=0\nRandomizedDelaySec=0\nAccuracySec=1ms\n' >/etc/systemd/system/carbonpatch-verify.timer.d/now.conf
systemctl daemon-reload
systemctl enable --now carbonpatch-verify.timer
timeout 10 sh -c 'until systemctl is-failed carbonpatch-verify; do sleep 0.05; done'`)
	if got := m.must("systemctl show --value -p ExecMainStatus carbonpatch-verify; systemctl --failed --plain --no-legend | cut -d ' ' -f 1"); got != "2\ncarbonpatch-verify.service\n" {
		t.Errorf("got %s", got)
	}
	m.says("localMemberHost  10.9.9.9, should be 10.0.0.3  :71", "Drift: 2 settings are not as described; 18 right.")
	m.must("systemctl restart carbonpatch wso2ei; systemctl start carbonpatch-verify")
	if seen := m.must("cat /run/seen"); seen != "10.0.0.3\n10.0.0.3\n" {
		t.Errorf("the product started with\n%s", seen)
	}
}

// What keeps a home from being configured keeps its product from starting, and says why in the journal.
func TestSystemdFails(t *testing.T) {
	for _, c := range []struct{ name, broken, status, says string }{
		{"a broken home", "sed -i 's|</axisconfig>||' /opt/wso2ei-6.1.1/conf/axis2/axis2.xml", "1", "conf/axis2/axis2.xml:"},
		{"no cluster file", "rm /etc/carbonpatch/cluster.yaml", "1", "/etc/carbonpatch/cluster.yaml: error: cannot read: no such file or directory"},
		{"no home", "rm /etc/carbonpatch/environment", "64", "error: no home given, and the working directory is none"},
		{"no secret", "rm /etc/carbonpatch/svn-password", "243", "Failed at step CREDENTIALS spawning /usr/bin/carbonpatch"},
		{"no credential", "rm -r /etc/systemd/system/carbonpatch.service.d", "1", "svnPassword: can't read file:/run/credentials/carbonpatch.service/svn-password: no such file or directory"},
		{"a home in a system folder", "mv /opt/wso2ei-6.1.1 /usr/lib/wso2ei; sed -i s,/opt/wso2ei-6.1.1,/usr/lib/wso2ei, /etc/carbonpatch/environment", "1", "on a read-only file system"},
		{"a home in /tmp", "mv /opt/wso2ei-6.1.1 /tmp/wso2ei; echo CARBON_HOME=/tmp/wso2ei >/etc/carbonpatch/environment", "1", "/tmp/wso2ei: error: can't open the home: no such file or directory"},
		{"a user who can't read", asUser + "sed -i s,/run/credentials/carbonpatch.service,/etc/carbonpatch, /etc/carbonpatch/cluster.yaml", "1", "svnPassword: can't read file:/etc/carbonpatch/svn-password: permission denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newSystem(t)
			m.must(c.broken)
			before := m.must("find /opt/wso2ei-6.1.1 /usr/lib/wso2ei -type f -exec sha256sum {} + 2>/dev/null || true")
			m = m.boot()
			m.says(c.says)
			got := m.must("systemctl show --value -p ExecMainStatus carbonpatch; systemctl is-active wso2ei || ls /run/seen 2>/dev/null || true")
			if got != c.status+"\ninactive\n" {
				t.Errorf("got %s%s", got, m.journal())
			}
			if r := m.run("systemctl start wso2ei"); r.code != 1 || !strings.Contains(r.problems, "A dependency job for wso2ei.service failed.") {
				t.Errorf("exit code %d\n%s", r.code, r.problems)
			}
			if after := m.must("find /opt/wso2ei-6.1.1 /usr/lib/wso2ei -type f -exec sha256sum {} + 2>/dev/null || true"); after != before {
				t.Errorf("what was\n%sis now\n%s", before, after)
			}
			m.hides(result{out: m.journal()})
		})
	}
}

// The owner of the home can do it, too, and is given the secret that only root may read.
func TestSystemdUser(t *testing.T) {
	m := newSystem(t)
	m.must(asUser)
	m = m.boot()
	m.must("systemctl start carbonpatch-verify; systemctl is-active wso2ei; grep -q 7CANARY /opt/wso2ei-6.1.1/conf/carbon.xml")
}

const asUser = `for unit in carbonpatch carbonpatch-verify; do
	printf '[Service]\nUser=wso2carbon\n' >/etc/systemd/system/$unit.service.d/user.conf
done
chgrp wso2carbon /etc/carbonpatch/cluster.yaml
`

// A home among the files of the system can be configured where a drop-in says so, and may have blanks in its name.
func TestSystemdSystemFolder(t *testing.T) {
	m := newSystem(t)
	m.must("mkdir /usr/lib/wso2; mv /opt/wso2ei-6.1.1 '/usr/lib/wso2/e i'; ln -s '/usr/lib/wso2/e i' /opt/wso2ei-6.1.1; echo CARBON_HOME=/usr/lib/wso2/e i >/etc/carbonpatch/environment")
	m.put("/etc/systemd/system/carbonpatch.service.d/home.conf", "[Service]\nReadWritePaths=/usr/lib/wso2\n")
	m = m.boot()
	m.must("systemctl start carbonpatch-verify; systemctl is-active wso2ei; grep -q 7CANARY '/usr/lib/wso2/e i/conf/carbon.xml'")
}

// newSystem is a machine that is not booted yet, on which all is set up as the page has it, with a secret that only root can read.
func newSystem(t *testing.T) *machine {
	t.Helper()
	m := newProduct(t)
	m.copyIn(debianPackage(t), "/root/carbonpatch.deb")
	m.must("dpkg --install carbonpatch.deb")
	m.put("/etc/carbonpatch/environment", "CARBON_HOME=/opt/wso2ei-6.1.1\n")
	m.put("/etc/carbonpatch/cluster.yaml", strings.Replace(imageCluster, "/run/secrets", "/run/credentials/carbonpatch.service", 1))
	m.put("/etc/carbonpatch/svn-password", canary+"\n")
	m.must("chmod 600 /etc/carbonpatch/svn-password; chmod 640 /etc/carbonpatch/cluster.yaml")
	for _, unit := range []string{"carbonpatch", "carbonpatch-verify"} {
		m.put("/etc/systemd/system/"+unit+".service.d/secrets.conf", "[Service]\nLoadCredential=svn-password:/etc/carbonpatch/svn-password\n")
	}
	m.copyIn("systemd/wso2ei.service.d", "/etc/systemd/system/wso2ei.service.d")
	m.must("ln -s /etc/systemd/system/wso2ei.service /lib/systemd/system/multi-user.target.wants")
	return m
}

// newProduct is a machine that is not booted yet, with the home of a product that belongs to a user of its own, and a unit that starts
// the product and notes with which address.
func newProduct(t *testing.T) *machine {
	t.Helper()
	clients(t, "/lib/systemd/systemd", "systemd-analyze", "dpkg")
	m := newMachine(t, "worker1", "10.0.0.3")
	m.copyIn(sampleHome, "/opt/wso2ei-6.1.1")
	m.must(`useradd --system wso2carbon
chown -R wso2carbon: /opt/wso2ei-6.1.1
cd /lib/systemd/system
rm -r sysinit.target.wants local-fs.target.wants timers.target.wants multi-user.target.wants systemd-remount-fs.service /etc/systemd/system/*.wants
mkdir multi-user.target.wants`)
	m.put("/etc/systemd/system/wso2ei.service", `[Service]
User=wso2carbon
ExecStartPre=+sh -c "sed -n 's,.*localMemberHost.>\\(.*\\)<.*,\\1,p' /opt/wso2ei-6.1.1/conf/axis2/axis2.xml >>/run/seen"
ExecStart=sleep infinity
`)
	return m
}

// says fails the test where the journal does not have lines. Numbers of processes are 1 in it.
func (m *machine) says(lines ...string) {
	m.t.Helper()
	for _, line := range lines {
		if journal := m.journal(); !strings.Contains(journal, line) {
			m.t.Errorf("%s\nis not in\n%s", line, journal)
		}
	}
}

func (m *machine) journal() string {
	m.t.Helper()
	return m.must(`journalctl --sync; journalctl --no-pager | sed 's/\[[0-9]*\]:/[1]:/'`)
}

// underSystemd starts systemd in the file system $1, in a control group $2 and a namespace of processes of its own. It can't
// set anything in the kernel. It shares its mounts with its units, as on any machine: they get credentials so.
const underSystemd = `set -e
mount -t cgroup2 cgroup2 "$1/mnt"
echo $$ >"$1/mnt/$2/cgroup.procs"
umount "$1/mnt"
exec unshare --mount --pid --cgroup --fork --kill-child sh -ec '
cd "$1"
mount -t proc proc proc
mount --bind -o ro proc/sys proc/sys
umount --lazy dev sys
mount -t tmpfs tmpfs dev
for device in null zero full random urandom tty; do
	touch dev/$device
	mount --bind /dev/$device dev/$device
done
ln -s /proc/self/fd dev/fd
ln -s pts/ptmx dev/ptmx
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
: >etc/machine-id
pivot_root . mnt
umount --lazy mnt
mount --make-rshared /
exec env -i container=machine PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system
' sh "$1"
`

// boot boots the system of a machine, and waits until it is up. What it returns has the same files, and systemd as its first process.
func (m *machine) boot() *machine {
	m.t.Helper()
	group := fmt.Sprint("carbonpatch-", m.pid)
	if r := m.run("mount -t cgroup2 cgroup2 /mnt; mkdir /mnt/" + group + "; umount /mnt"); r.code != 0 {
		m.t.Skipf("skipped: systemd can have no control group (cgroup2) here: %s", r.problems)
	}
	cmd := exec.Command("nsenter", "--target", fmt.Sprint(m.pid), "--mount", "--net", "--uts", "--ipc", "--pid", "sh", "-c", underSystemd, "sh", m.root, group)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	check(m.t, cmd.Start())
	m.t.Cleanup(func() {
		m.must("mount -t cgroup2 cgroup2 /mnt; find /mnt/" + group + " -depth -type d -exec rmdir {} +")
	})
	pid := 0
	for start := time.Now(); pid == 0; time.Sleep(20 * time.Millisecond) {
		children, _ := exec.Command("pgrep", "--parent", strconv.Itoa(cmd.Process.Pid)).Output()
		found, _ := exec.Command("pgrep", "--exact", "systemd", "--parent", strings.TrimSpace(string(children))).Output()
		if pid, _ = strconv.Atoi(strings.TrimSpace(string(found))); time.Since(start) > 10*time.Second {
			m.t.Fatalf("systemd does not start: %s", &out)
		}
	}
	m.t.Cleanup(func() {
		_ = syscall.Kill(pid, syscall.SIGKILL) // with it goes all that it has started
		_ = cmd.Wait()
	})
	booted := &machine{t: m.t, pid: pid, root: "/"}
	booted.must("timeout 60 sh -c 'until systemctl is-system-running --wait | grep -qE \"running|degraded\"; do sleep 0.05; done' 2>/dev/null")
	return booted
}
