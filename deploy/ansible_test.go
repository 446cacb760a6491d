package deploy

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	docpage "github.com/carbonpatch/carbonpatch/docs/page"
)

// controller is a machine that runs Ansible, with the release in /root/dist and a home of EI for each of hosts.
func controller(t *testing.T, hosts ...string) *machine {
	t.Helper()
	clients(t, "unshare", "nsenter", "ip", "ansible-playbook", "ansible-galaxy")
	m := newMachine(t, "controller", "10.0.0.9")
	m.copyIn(dist(t), "/root/dist")
	for _, host := range hosts {
		m.copyIn(sampleHome, "/opt/"+host+"/wso2ei-6.1.1")
		m.put("/opt/"+host+"/restart", "#!/bin/sh\necho restarted >>/opt/"+host+"/restarts\n")
		check(t, os.Chmod(m.path("/opt/"+host+"/restart"), 0o755))
	}
	return m
}

// nodes are the nodes of the cluster file of the sample home.
var nodes = []string{"manager", "worker1", "worker2"}

const sitePlaybook = `- name: Configure
  hosts: all
  gather_facts: false
  tasks:
    - name: Apply
      carbonpatch.carbonpatch.carbonpatch:
        home: /opt/{{ inventory_hostname }}/wso2ei-6.1.1
        cluster: /root/cluster.yaml
        node: "{{ inventory_hostname }}"
`

// installed is a controller with a home for each node, the collection and the binary installed, and a playbook site.yml that applies the
// cluster file of the sample home, which has a secret in it.
func installed(t *testing.T) *machine {
	t.Helper()
	m := controller(t, nodes...)
	m.must("ansible-galaxy collection install --offline dist/carbonpatch-carbonpatch-*.tar.gz; cp dist/carbonpatch-linux-$(dpkg --print-architecture) /usr/local/bin/carbonpatch")
	text, err := os.ReadFile(sampleCluster)
	check(t, err)
	m.put("/root/cluster.yaml", strings.Replace(string(text), "file:/DEMO/svn-password", strconv.Quote(canary), 1))
	m.must("chmod 600 cluster.yaml")
	m.put("/root/hosts", strings.Join(nodes, " ansible_connection=local\n")+" ansible_connection=local\n")
	m.put("/root/site.yml", sitePlaybook)
	return m
}

// playbook runs site.yml, one host after the other.
func (m *machine) playbook(arguments string) result {
	m.t.Helper()
	return m.run("ansible-playbook -i hosts -f 1 site.yml " + arguments)
}

// play is what ansible-playbook prints of site.yml: what stands below its task, and then how the hosts fared.
func play(below string, hosts ...string) string {
	return "\n" + banner("PLAY [Configure]") + "\n" + banner("TASK [Apply]") + below + "\n" + banner("PLAY RECAP") + strings.Join(hosts, "") + "\n"
}

func banner(title string) string { return title + " " + strings.Repeat("*", 79-len(title)) + "\n" }

// fared is the line of a host in the end.
func fared(host string, ok, changed, failed int) string {
	return fmt.Sprintf("%-26s : ok=%-4d changed=%-4d unreachable=0    failed=%-4d skipped=0    rescued=0    ignored=0   \n", host, ok, changed, failed)
}

// wantPlaybook runs site.yml, which must exit with code and print want.
func (m *machine) wantPlaybook(arguments string, code int, want string) {
	m.t.Helper()
	r := m.playbook(arguments)
	m.hides(r)
	if diff := cmp.Diff(want, r.out); r.code != code || diff != "" {
		m.t.Errorf("%s: exit code %d, want %d (-want +got):\n%s%s", arguments, r.code, code, diff, r.problems)
	}
}

// The collection of a release is the one that ansible-galaxy builds, and ansible-doc shows what is in it.
func TestAnsibleCollection(t *testing.T) {
	m := controller(t)
	m.copyIn("ansible", "/root/ansible")
	m.must("mkdir built; ansible-galaxy collection build --output-path built ansible")
	released, built := m.manifest("dist"), m.manifest("built")
	if diff := cmp.Diff(built, released); diff != "" || len(released) < 20 {
		t.Errorf("the release differs from what ansible-galaxy builds:\n%s", diff)
	}
	m.must("ansible-galaxy collection install --offline dist/carbonpatch-carbonpatch-" + releaseVersion(t) + ".tar.gz; ansible-galaxy collection verify --offline carbonpatch.carbonpatch")
	for arguments, want := range map[string]string{
		"-t module carbonpatch.carbonpatch.carbonpatch": "...\n- lock_timeout How long to wait for another run to end, such as `5m'. default: 30s type: str\n...\nEXAMPLES:\n...\n- changes Each change.\n...\n",
		"-t role carbonpatch.carbonpatch.apply":         "...\n= carbonpatch_home The folder of the unpacked product on the host. type: path\n...\n",
	} {
		if out := m.must("ansible-doc " + arguments); !docpage.SameOutput(out, want) {
			t.Errorf("%s: got\n%s", arguments, out)
		}
	}
}

// The defaults of the role are the documented ones.
func TestAnsibleRoleDefaults(t *testing.T) {
	var specs struct {
		ArgumentSpecs struct {
			Main struct {
				Options map[string]struct {
					Required bool
					Default  any
				}
			}
		} `yaml:"argument_specs"`
	}
	read := func(name string, content any) {
		text, err := os.ReadFile("ansible/roles/apply/" + name)
		check(t, err)
		check(t, yaml.Unmarshal(text, content))
	}
	read("meta/argument_specs.yml", &specs)
	documented, defaults := map[string]any{}, map[string]any{}
	read("defaults/main.yml", defaults)
	for name, option := range specs.ArgumentSpecs.Main.Options {
		if !option.Required {
			documented[name] = option.Default
		}
	}
	if diff := cmp.Diff(defaults, documented); diff != "" || len(defaults) == 0 {
		t.Errorf("defaults (-are +documented):\n%s", diff)
	}
}

// manifest is what the collection in a folder says of itself, and of its files by their names.
func (m *machine) manifest(folder string) map[string]any {
	m.t.Helper()
	file := func(name string) (content struct {
		Info  map[string]any `json:"collection_info"`
		Files []map[string]any
	},
	) {
		check(m.t, json.Unmarshal([]byte(m.must("tar xzOf "+folder+"/carbonpatch-carbonpatch-*.tar.gz "+name)), &content))
		return content
	}
	all := map[string]any{"": file("MANIFEST.json").Info}
	for _, f := range file("FILES.json").Files {
		all[f["name"].(string)] = f
	}
	return all
}

func TestAnsiblePage(t *testing.T) {
	m := controller(t, nodes...)
	m.runPage("ansible.md")
	if restarts := m.must("cat /opt/*/restarts"); restarts != strings.Repeat("restarted\n", len(nodes)) {
		t.Errorf("got %s", restarts)
	}
}

// The first run changes all hosts and the second none. Check mode writes nothing and shows the diff that plan shows. Drift is told and
// repaired; a host that is broken fails alone, or stops a rolling run.
func TestAnsibleRuns(t *testing.T) {
	m := installed(t)
	state := func() string {
		return m.must("find /opt -type f | sort | xargs sha256sum; find /opt -printf '%p %m %U %T@\n' | sort")
	}
	before := state()
	diffs := ""
	for _, node := range nodes {
		diff := m.must("carbonpatch plan --format diff -q -f cluster.yaml --node " + node + " /opt/" + node + "/wso2ei-6.1.1")
		if !strings.Contains(diff, "+        <SvnPassword>********</SvnPassword>\n") {
			t.Fatalf("got %s", diff)
		}
		diffs += diff + "changed: [" + node + "]\n"
	}
	m.wantPlaybook("--check --diff", 0, play(diffs, fared("manager", 1, 1, 0), fared("worker1", 1, 1, 0), fared("worker2", 1, 1, 0)))
	if diff := cmp.Diff(before, state()); diff != "" {
		t.Errorf("check mode has changed\n%s", diff)
	}

	m.wantPlaybook("", 0, play("changed: [manager]\nchanged: [worker1]\nchanged: [worker2]\n",
		fared("manager", 1, 1, 0), fared("worker1", 1, 1, 0), fared("worker2", 1, 1, 0)))
	m.must("for node in manager worker1 worker2; do carbonpatch verify -f cluster.yaml --node $node /opt/$node/wso2ei-6.1.1; done")
	before = state()
	m.wantPlaybook("--diff", 0, play("ok: [manager]\nok: [worker1]\nok: [worker2]\n",
		fared("manager", 1, 0, 0), fared("worker1", 1, 0, 0), fared("worker2", 1, 0, 0)))
	if diff := cmp.Diff(before, state()); diff != "" {
		t.Errorf("a second run has changed\n%s", diff)
	}

	const domain = "/opt/worker1/wso2ei-6.1.1/conf/axis2/axis2.xml"
	m.must("sed -i s/wso2.esb.domain/edited.by.hand/ " + domain)
	got := m.results("")
	want := []moduleChange{{"conf/axis2/axis2.xml", "set", "domain", "edited.by.hand", "wso2.esb.domain"}}
	if diff := cmp.Diff(want, got["worker1"].Changes); diff != "" || !got["worker1"].Changed || got["worker2"].Changed {
		t.Errorf("got %+v\n%s", got, diff)
	}
	m.must("grep -q wso2.esb.domain " + domain)

	m.must("sed -i s/wso2.esb.domain/edited.by.hand/ /opt/*/wso2ei-6.1.1/conf/axis2/axis2.xml; sed -i 's,</HostName>,,' /opt/worker1/wso2ei-6.1.1/conf/carbon.xml")
	const failure = `fatal: [worker1]: FAILED! => {"changed": false, "errors": [{"column": 1, "file": "conf/carbon.xml", "hint": "", "line": 65, ` +
		`"message": "end tag </Server> where <HostName> of line 12 is to be closed"}], ` +
		`"msg": "conf/carbon.xml:65:1: end tag </Server> where <HostName> of line 12 is to be closed\n1 error; nothing was written"}` + "\n"
	m.wantPlaybook("--limit manager,worker1", 2, play("changed: [manager]\n"+failure, fared("manager", 1, 1, 0), fared("worker1", 0, 0, 1)))

	m.put("/root/site.yml", strings.Replace(sitePlaybook, "  gather_facts", "  serial: 1\n  gather_facts", 1))
	start := "\n" + banner("PLAY [Configure]") + "\n" + banner("TASK [Apply]")
	m.wantPlaybook("", 2, start+"ok: [manager]\n"+start+failure+"\n"+banner("PLAY RECAP")+
		fared("manager", 1, 0, 0)+fared("worker1", 0, 0, 1)+"\n")
	m.must("grep -q edited.by.hand /opt/worker2/wso2ei-6.1.1/conf/axis2/axis2.xml")
}

// moduleChange is what the module tells of a change, as far as it is looked at here.
type moduleChange struct{ File, Op, Name, Before, After string }

// answer is what the module tells, as far as it is looked at here.
type answer struct {
	Failed, Changed bool
	Message         string `json:"msg"`
	Changes         []moduleChange
}

// results runs site.yml and returns what the module tells, by host.
func (m *machine) results(arguments string) map[string]answer {
	m.t.Helper()
	r := m.run("ANSIBLE_STDOUT_CALLBACK=json ansible-playbook -i hosts site.yml " + arguments)
	var report struct {
		Plays []struct {
			Tasks []struct{ Hosts map[string]answer }
		}
	}
	if err := json.Unmarshal([]byte(r.out), &report); err != nil {
		m.t.Fatalf("%v\n%s%s", err, r.out, r.problems)
	}
	return report.Plays[0].Tasks[0].Hosts
}

// The module says what is wrong with the binary, which can be named. It needs no Python on the node.
func TestAnsibleBinary(t *testing.T) {
	m := installed(t)
	m.must("mv /usr/local/bin/carbonpatch /opt/carbonpatch; cp /bin/true '/opt/\"odd\\'; chmod 644 /opt/*/restart")
	for _, tt := range []struct {
		binary, want string
		failed       bool
	}{
		{"", "there is no carbonpatch on this node: install carbonpatch, as the role carbonpatch.carbonpatch.apply does, or name the binary in CARBONPATCH_BINARY", true},
		{"/opt/nope", "there is no /opt/nope on this node: install carbonpatch, as the role carbonpatch.carbonpatch.apply does, or name the binary in CARBONPATCH_BINARY", true},
		{`/opt/"odd\`, `/opt/"odd\ is no carbonpatch that runs on this node`, true},
		{"/opt/worker1/restart", "/opt/worker1/restart is no carbonpatch that runs on this node", true},
		{"/opt/carbonpatch", "3 files changed: 11 set, 3 added, 3 uncommented; 4 settings already right.", false},
	} {
		m.put("/root/site.yml", sitePlaybook+"      environment: {CARBONPATCH_BINARY: '"+tt.binary+"'}\n")
		got := m.results("--limit manager -e ansible_python_interpreter=/nowhere")["manager"]
		if got.Failed != tt.failed || got.Message != tt.want {
			t.Errorf("%q: got %+v", tt.binary, got)
		}
	}
}

// The role installs packages and binaries that have the right checksum, once, and keeps a copy of the cluster file that only root can
// read. In check mode before that, it says nothing wrong.
func TestAnsibleRole(t *testing.T) {
	m := installed(t)
	m.must("rm /usr/local/bin/carbonpatch")
	deb := "/root/dist/" + strings.TrimSpace(m.must("cd dist; ls carbonpatch_*_$(dpkg --print-architecture).deb"))
	m.putRole("worker1", deb)
	sum := strings.Fields(m.must("sha256sum " + deb))[0]
	r := m.playbook("-e carbonpatch_sha256=" + strings.Repeat("0", len(sum)))
	if want := deb + " does not have the SHA-256 " + strings.Repeat("0", len(sum)); r.code != 2 || !strings.Contains(r.out, want) {
		t.Errorf("got %d %s", r.code, r.out)
	}
	right := "--diff -e carbonpatch_sha256=" + sum
	for _, tt := range []struct{ arguments, task, apply, end string }{
		{right + " --check", "skipping: [worker1]", "skipping: [worker1]", "failed=0"},
		{right, "changed: [worker1]", "changed: [worker1]", "failed=0"},
		{right, "ok: [worker1]", "ok: [worker1]", "changed=0"},
	} {
		r := m.playbook(tt.arguments)
		role := "TASK [carbonpatch.carbonpatch.apply : "
		if r.code != 0 || !docpage.SameOutput(r.out, "...\n"+banner(role+"Install the deb]")+"...\n"+tt.task+"\n...\n"+banner(role+"Apply]")+"...\n"+tt.apply+"\n...\n"+tt.end+"\n...\n") {
			t.Errorf("%s: %d %s%s", tt.arguments, r.code, r.out, r.problems)
		}
		m.hides(r)
	}
	if got, want := m.must("stat -c %a%U /etc/carbonpatch/cluster.yaml; command -v carbonpatch; dpkg-query -W -f '${Status}' carbonpatch"), "600root\n/usr/bin/carbonpatch\ninstall ok installed"; got != want {
		t.Errorf("got %s", got)
	}
}

// putRole has site.yml apply the role to hosts, with a package and a copy of the cluster file on each.
func (m *machine) putRole(hosts, file string) {
	m.t.Helper()
	m.put("/root/site.yml", `- name: Configure
  hosts: `+hosts+`
  gather_facts: false
  vars:
    ansible_python_interpreter: /usr/bin/python3
    carbonpatch_home: /opt/{{ inventory_hostname }}/wso2ei-6.1.1
    carbonpatch_cluster: /root/cluster.yaml
    carbonpatch_cluster_dest: /etc/carbonpatch/cluster.yaml
    carbonpatch_package: "`+file+`"
  roles: [carbonpatch.carbonpatch.apply]
`)
}

// Where hosts have packages of their own, each is checked, and the file that is looked at is the one that is copied. The copy of the cluster
// file needs no package.
func TestAnsibleRoleBinaries(t *testing.T) {
	m := installed(t)
	m.must("mv /usr/local/bin/carbonpatch worker1.bin; cp worker1.bin worker2.bin; mkdir files; cp worker1.bin files/worker2.bin; echo tampered >>files/worker2.bin")
	m.putRole("worker1,worker2", "{{ inventory_hostname }}.bin")
	r := m.playbook("-e carbonpatch_sha256=" + strings.Fields(m.must("sha256sum worker1.bin"))[0])
	if r.code != 2 || !strings.Contains(r.out, "msg\": \"worker2.bin does not have the SHA-256") || !docpage.SameOutput(r.out, "...\n"+banner("TASK [carbonpatch.carbonpatch.apply : Apply]")+"changed: [worker1]\n...\n") {
		t.Errorf("got %d %s%s", r.code, r.out, r.problems)
	}
	if got := m.must("cmp worker1.bin /usr/local/bin/carbonpatch; stat -c %a%U /etc/carbonpatch/cluster.yaml"); got != "600root\n" {
		t.Errorf("got %s", got)
	}
}

// Nothing that Ansible prints holds a secret, however much it prints and whatever goes wrong. Nor does a command line or an environment on
// the node, the log of the system, or a file that is left, but the home.
func TestAnsibleSecrets(t *testing.T) {
	m := installed(t)
	clients(t, "strace")
	m.must(`mkdir /run/dev; cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/ptmx /run/dev; mkdir /run/dev/shm
mount --bind /run/dev /dev
setsid python3 -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/dev/log")
open("/root/ready", "w").close()
while True:
    open("/root/syslog", "ab").write(s.recv(1 << 20) + b"\n")
' >/dev/null 2>&1 </dev/null &
until [ -e /root/ready ]; do sleep 0.01; done`)
	vars, err := json.Marshal(map[string]string{"secret": canary})
	check(t, err)
	m.put("/root/vars.json", string(vars))
	m.must(`echo only-for-this-test >password; chmod 600 password cluster.yaml
ansible-vault encrypt --vault-password-file password vars.json cluster.yaml`)
	tasks := strings.Replace(sitePlaybook, "cluster: /root/cluster.yaml", `cluster_content: "{{ lookup('ansible.builtin.file', '/root/cluster.yaml') }}"`, 1) +
		"        set: {deploymentSynchronizer.svnPassword: '{{ secret }}', deploymentSynchronizer.svnUrl: 'https://u:{{ secret | urlencode }}@svn.example.com'}\n"
	run := func(playbook, arguments string, code int, want string) {
		t.Helper()
		m.put("/root/site.yml", playbook)
		r := m.run("strace -f -v -qq -s 1000000 -e trace=execve -e signal=none -o trace ansible-playbook -vvvv -i hosts -f 1 -e @vars.json --vault-password-file password --limit worker1 site.yml " + arguments)
		if r.code != code || !strings.Contains(r.out, want) {
			t.Errorf("%s: exit code %d and no %s in\n%s%s", arguments, r.code, want, r.out, r.problems)
		}
		m.hides(r)
		m.must("grep -q '\"ansible-module\"' trace; mv trace traces.$(ls | grep -c trace)")
	}
	run(tasks, "--check --diff", 0, "failed=0")
	run(tasks+"      no_log: true\n", "--check --diff", 0, "censored")
	run(tasks, "--diff", 0, "<SvnPassword>********</SvnPassword>")
	wrong := strings.Replace(tasks, "svnPassword:", "svnPasword:", 1)
	run(wrong, "", 2, "unknown setting")
	run(wrong+"      no_log: true\n", "", 2, "censored")
	run(strings.Replace(tasks, "{{ lookup", "{{ '[' ~ lookup", 1), "", 2, "not valid YAML")
	run(strings.Replace(tasks, "node: ", "svnPassword: '{{ secret }}'\n        nodde: ", 1), "", 2, "unknown option")
	m.must(`cd /opt/worker1/wso2ei-6.1.1/conf; sed -i s/wso2.esb.domain/x/ axis2/axis2.xml; mount --bind . .; mount -o remount,bind,ro .`)
	run(tasks, "", 2, "read-only file system")

	m.put("/root/site.yml", tasks)
	m.run("ANSIBLE_KEEP_REMOTE_FILES=1 ansible-playbook -i hosts -e @vars.json --vault-password-file password --limit worker1 site.yml")
	if others := m.must("ls .ansible/tmp/*/args >/dev/null; find .ansible/tmp -mindepth 1 -maxdepth 1 -perm /077; rm -r .ansible/tmp/*"); others != "" {
		t.Errorf("others can look into %s", others)
	}

	m.must("ansible -i hosts worker1 -m ansible.builtin.ping; grep -aq 'ping: Invoked' syslog; ls .ansible/tmp | wc -l | grep -qx 0")
	m.must("grep -q '<SvnPassword>7CANARY' /opt/worker1/wso2ei-6.1.1/conf/carbon.xml; umount /opt/worker1/wso2ei-6.1.1/conf; rm /opt/worker1/wso2ei-6.1.1/conf/carbon.xml")
	m.keepsNot() // the traces of all processes and the log among it
}
