package deploy

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/profiles/source/imdstest"
)

func TestCloudInitPage(t *testing.T) {
	m := newInstance(t, "i-0abc", "10.0.0.77")
	m.serveMetadata(map[string]string{"local-ipv4": "10.0.0.77"})
	m.runPage("cloud-init.md")
}

func TestCloudInitSchema(t *testing.T) {
	clients(t, "cloud-init")
	m := newMachine(t, "i-0abc", "10.0.0.77")
	m.copyIn("cloud-init", "/root/cloud-init")
	m.must("for file in cloud-init/*; do cloud-init schema --config-file $file; done")
	r := m.run(`sed "s/'0755'/0755/" cloud-init/each-boot.yaml >bad.yaml; cloud-init schema --config-file bad.yaml`)
	if r.code != 1 || !strings.Contains(r.out+r.problems, "write_files.0.permissions: 493 is not of type 'string'") {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.problems)
	}
}

// Each node becomes what one apply makes of the product, and its service starts after that.
func TestCloudInitFirstBoot(t *testing.T) {
	for i, c := range []struct{ userData, address, node string }{
		{"autoscaled.yaml", "10.0.0.77", "--role worker --set localMemberHost=10.0.0.77"},
		{"user-data.yaml", "10.0.0.3", "--node worker1"},
		{"tagged.yaml", "10.0.0.77", "--node worker1"},
	} {
		t.Run(c.userData, func(t *testing.T) {
			if i > 0 && short() {
				t.Skip("left out of the short form")
			}
			m := newInstance(t, "i-0abc", c.address)
			m.serveMetadata(map[string]string{"local-ipv4": c.address, "tags/instance/Name": "worker1"})
			m.seed(c.userData, "i-1")
			r := m.run(bootInstance)
			if r.code != 0 {
				t.Fatalf("exit code %d\n%s%s", r.code, r.out, r.problems)
			}
			m.hides(r)
			const started = "enable --now wso2ei.service\n"
			m.wantFile("/root/services", started)
			m.copyIn(sampleHome, "/root/at-once")
			m.must("carbonpatch apply --yes --no-backup -f /etc/carbonpatch/cluster.yaml " + c.node + ` at-once
diff -r --exclude .carbonpatch /opt/wso2ei-6.1.1 at-once
grep -q 7CANARY at-once/conf/carbon.xml
if grep -r 7CANARY /var/log /var/lib/cloud /run/cloud-init; then exit 1; fi`)

			m.must(bootInstance) // of the same instance
			m.wantFile("/root/services", started)
			before := m.bytes("/opt/wso2ei-6.1.1")
			m.seed(c.userData, "i-2") // an instance with the disk of another one
			m.must(bootInstance)
			m.wantFile("/root/services", started+started)
			if after := m.bytes("/opt/wso2ei-6.1.1"); after != before {
				t.Errorf("the second instance has\n%snot\n%s", after, before)
			}
		})
	}
}

// A node that can't be configured says why, and its product does not start.
func TestCloudInitFails(t *testing.T) {
	for i, c := range []struct{ name, userData, address, breaks, says string }{
		{"no secret", "user-data.yaml", "10.0.0.3", "rm /run/secrets/svn-password", "deploymentSynchronizer.svnPassword: can't read file:/run/secrets/svn-password"},
		{"no such address", "user-data.yaml", "10.0.0.8", "", "no node has an address of this machine as its localMemberHost\nhint: name it with --node; there are manager (10.0.0.2), worker1 (10.0.0.3)\n"},
		{"no metadata", "autoscaled.yaml", "10.0.0.77", "", "imds:local-ipv4 is not known"},
		{"a broken home", "user-data.yaml", "10.0.0.3", "sed -i 's|</axisconfig>||' /opt/wso2ei-6.1.1/conf/axis2/axis2.xml", "conf/axis2/axis2.xml:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if i > 0 && short() {
				t.Skip("left out of the short form")
			}
			m := newInstance(t, "i-0abc", c.address)
			m.must(c.breaks)
			before := m.bytes("/opt/wso2ei-6.1.1")
			m.seed(c.userData, "i-1")
			r := m.run(bootInstance)
			log := m.must("cat /var/log/cloud-init-output.log")
			if r.code != 1 || !strings.Contains(log, c.says) || !strings.Contains(log, "nothing was written") {
				t.Errorf("exit code %d\n%s", r.code, log)
			}
			m.hides(r)
			if status := m.run("cloud-init status"); status.code != 1 || status.out != "status: error\n" {
				t.Errorf("got %+v", status)
			}
			if after := m.bytes("/opt/wso2ei-6.1.1"); after != before {
				t.Errorf("the home has\n%snot\n%s", after, before)
			}
			m.must("test ! -e services")
		})
	}
}

func TestCloudInitEachBoot(t *testing.T) {
	m := newInstance(t, "worker1", "10.0.0.3")
	m.seed("each-boot.yaml", "i-1")
	m.must(bootInstance)
	m.wantFile("/root/services", "start wso2ei.service\n")
	before := m.must("sha256sum /opt/wso2ei-6.1.1/conf/*/*.xml")
	m.must("sed -i s/10.0.0.3/10.9.9.9/ /opt/wso2ei-6.1.1/conf/axis2/axis2.xml; " + bootInstance)
	m.wantFile("/root/services", "start wso2ei.service\nstart wso2ei.service\n")
	if after := m.must("sha256sum /opt/wso2ei-6.1.1/conf/*/*.xml"); after != before {
		t.Errorf("after the second boot there is\n%snot\n%s", after, before)
	}
	r := m.run("rm /run/secrets/svn-password; " + bootInstance)
	if r.code != 1 {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.problems)
	}
	m.wantFile("/root/services", "start wso2ei.service\nstart wso2ei.service\n")
}

// newInstance is a machine that has booted from an image, but whose cloud-init has not run. In place of systemctl, which has nothing to
// talk to there, is what writes down what it is told.
func newInstance(t *testing.T, name, address string) *machine {
	t.Helper()
	clients(t, "cloud-init")
	m := newMachine(t, name, address)
	m.must("rm -rf /var/lib/cloud /var/log/cloud-init*")
	m.copyIn("cloud-init", "/root/cloud-init")
	m.copyIn(binary(t), "/usr/local/bin/carbonpatch")
	m.copyIn(sampleHome, "/opt/wso2ei-6.1.1")
	m.put("/etc/carbonpatch/cluster.yaml", imageCluster)
	m.must("carbonpatch apply --phase image --role worker --no-backup --yes -f /etc/carbonpatch/cluster.yaml /opt/wso2ei-6.1.1")
	m.put("/run/secrets/svn-password", canary+"\n")
	m.put("/usr/local/bin/systemctl", "#!/bin/sh\necho \"$@\" >>/root/services\n")
	m.must("chmod +x /usr/local/bin/systemctl")
	// Without the modules that would change disks, users and the network.
	m.put("/etc/cloud/cloud.cfg.d/99-machine.cfg", `datasource_list: [NoCloud]
network: {config: disabled}
cloud_init_modules: [bootcmd, write-files]
cloud_config_modules: [runcmd]
cloud_final_modules: [write-files-deferred, scripts-per-boot, scripts-user]
`)
	return m
}

// bootInstance runs the stages of cloud-init as its units do when a machine boots.
const bootInstance = `rm -rf /run/cloud-init
cloud-init init --local
cloud-init init
cloud-init modules --mode=config
cloud-init modules --mode=final`

// seed has cloud-init find user-data for an instance.
func (m *machine) seed(userData, instance string) {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join("cloud-init", userData))
	check(m.t, err)
	m.put("/var/lib/cloud/seed/nocloud/user-data", string(text))
	m.put("/var/lib/cloud/seed/nocloud/meta-data", "instance-id: "+instance+"\n")
}

// serveMetadata is the instance metadata service of EC2, in the network of the machine.
func (m *machine) serveMetadata(values map[string]string) {
	m.t.Helper()
	m.must("ip address add 169.254.169.254/32 dev lo")
	listener := m.listen("169.254.169.254:80")
	m.t.Cleanup(func() { _ = listener.Close() })
	go func() { _ = http.Serve(listener, imdstest.Handler(values)) }()
}
