package deploy

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// What is done on a machine stays there, and pages that are wrong are found out.
func TestMachine(t *testing.T) {
	clients(t, "unshare", "nsenter", "ip")
	m := newMachine(t, "worker1", "10.0.0.3")
	m.copyIn(sampleHome, "/opt/wso2ei-6.1.1")
	if got, want := m.must("hostname; ip -brief address show eth0 | grep -c 10.0.0.3/24; touch /opt/only-there; ls /opt/wso2ei-6.1.1/bin"), "worker1\n1\nversion.txt\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := os.Stat("/opt/only-there"); err == nil {
		t.Error("a file of the machine is on this one")
	}
	if r := m.run("echo out; echo problem >&2; exit 7"); r.code != 7 || r.out != "out\n" || r.problems != "problem\n" {
		t.Errorf("got %+v", r)
	}
}

// A test that is killed leaves no machine.
func TestMachineEnds(t *testing.T) {
	clients(t, "unshare", "nsenter", "ip")
	const killed = "CARBONPATCH_KILLED"
	if os.Getenv(killed) != "" {
		fmt.Println(newMachine(t, "worker1", "10.0.0.3").pid)
		time.Sleep(time.Minute)
	}
	needRoot(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestMachineEnds$")
	cmd.Env = append(os.Environ(), killed+"=1")
	out, err := cmd.StdoutPipe()
	check(t, err)
	check(t, cmd.Start())
	var pid int
	_, err = fmt.Fscan(out, &pid)
	check(t, cmd.Process.Kill())
	check(t, err)
	_ = cmd.Wait()
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); err != nil {
			return
		}
		if time.Since(start) > 10*time.Second {
			t.Fatalf("process %d is still there", pid)
		}
	}
}
