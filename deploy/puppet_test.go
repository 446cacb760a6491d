package deploy

import (
	"slices"
	"strings"
	"testing"
)

func TestPuppetPage(t *testing.T) {
	m := newPuppet(t)
	m.must("rm -r /etc/puppet/code/modules/carbonpatch; dpkg --remove carbonpatch")
	m.runPage("puppet.md")
}

// The module is what Puppet takes, and a manifest that is wrong is found out.
func TestPuppetModule(t *testing.T) {
	m := newPuppet(t)
	m.must("puppet parser validate /etc/puppet/code/modules/carbonpatch/manifests/init.pp site.pp; puppet module list --color=false | grep 'carbonpatch-carbonpatch (v0.1.0)'")
	m.must("sed -i 's/home    =>/home    =/' site.pp")
	if r := m.run("puppet parser validate --color=false site.pp"); r.code != 1 || !strings.Contains(r.problems, "Syntax error at '='") {
		t.Errorf("exit code %d\n%s", r.code, r.problems)
	}
	m.must(`sed -i "s/home    =.*/home    => 'wso2ei',/" site.pp`)
	m.puppet("", 1, "Error: Evaluation Error: Error while evaluating a Resource Statement, Class[Carbonpatch]:", "parameter 'home' expects a match for Pattern")
}

// A home is configured, left alone and put right, and each time that it changes the product is restarted. Nothing that Puppet says or
// keeps has the secret.
func TestPuppetRuns(t *testing.T) {
	m := newPuppet(t)
	const home = "/opt/wso2ei-6.1.1"
	shipped := m.bytes(home)
	r := m.puppet("--noop", 0, noop)
	if m.bytes(home) != shipped || m.run("ls /etc/carbonpatch/cluster.yaml").code == 0 {
		t.Errorf("--noop has written\n%s", r.out)
	}
	m.puppet("--debug", 2, "/returns: executed successfully", "~ DeploymentSynchronizer/SvnPassword  ******** -> ********")
	configured := m.bytes(home)
	if r := m.puppet("", 0); strings.Contains(r.out, "Stage[main]") || m.bytes(home) != configured {
		t.Errorf("the second run has changed something\n%s", r.out)
	}

	m.must("sed -i s/esb.example.com/localhost/ " + home + "/conf/carbon.xml")
	drifted := m.bytes(home)
	r = m.puppet("--noop --debug", 0, noop, "unless:   ~ hostName  localhost, should be esb.example.com  :12", "unless: Drift: 1 setting is not as described; 19 right.")
	if m.bytes(home) != drifted {
		t.Errorf("--noop has written\n%s", r.out)
	}
	m.puppet("", 2, "/returns:   ~ HostName  localhost -> esb.example.com  :12", "Service[wso2ei]: Triggered 'refresh' from 1 event")
	m.must("carbonpatch verify -f /etc/carbonpatch/cluster.yaml " + home)

	m.put("/root/svn-password", "8"+canary+"\n")
	m.puppet("--debug", 2, "~ DeploymentSynchronizer/SvnPassword  ******** -> ********")
	if got := m.must("sort /run/product | uniq -c | sed 's/^ *//'"); got != "3 start\n2 stop\n" {
		t.Errorf("the product was\n%s", got)
	}
	if kept := m.run("grep -rl 7CANARY /var/cache/puppet /var/lib/puppet /var/log /etc/puppet /tmp"); kept.out != "" {
		t.Errorf("Puppet keeps the secret in\n%s", kept.out)
	}
}

// What can't be read is no drift, and what the tool says of it is seen.
func TestPuppetFails(t *testing.T) {
	m := newPuppet(t)
	cases := []struct{ name, broken, says string }{
		{"a broken home", "sed -i 's|</axisconfig>||' /opt/wso2ei-6.1.1/conf/axis2/axis2.xml", "returns: conf/axis2/axis2.xml:"},
		{"an unknown setting", "sed -i s/hostName:/hostname:/ cluster.yaml", `returns: /etc/carbonpatch/cluster.yaml:5:3: error: unknown setting "hostname"`},
		{"no home", "mv /opt/wso2ei-6.1.1 /opt/elsewhere", "returns: /opt/wso2ei-6.1.1: error: "},
		{"an unknown node", `sed -i "s/home    =>/node    => 'worker9',\n&/" site.pp`, `returns: carbonpatch: error: there is no node "worker9"`},
	}
	if short() {
		cases = cases[:1]
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := &machine{t: t, pid: m.pid, root: m.root}
			m.must("rm -rf /opt/* /run/product /etc/carbonpatch/cluster.yaml")
			m.setUp()
			m.must(c.broken)
			before := m.bytes("/opt")
			m.puppet("", 6, c.says, "Error: '/usr/bin/carbonpatch apply --yes' returned 1 instead of one of [0]", "Notice: /Stage[main]/Main/Service[wso2ei]: Dependency Exec[carbonpatch apply] has failures: true")
			if m.bytes("/opt") != before {
				t.Error("something was written")
			}
			m.puppet("", 4, c.says)
		})
	}
}

const noop = "Notice: /Stage[main]/Carbonpatch/Exec[carbonpatch apply]/returns: current_value 'notrun', should be ['0'] (noop)"

// newPuppet is a machine with the module and all that the manifest of the page needs.
func newPuppet(t *testing.T) *machine {
	t.Helper()
	clients(t, "puppet", "dpkg")
	m := newMachine(t, "worker1", "10.0.0.3")
	m.copyIn(debianPackage(t), "/root/carbonpatch.deb")
	m.must("dpkg --install carbonpatch.deb")
	m.copyIn("puppet/carbonpatch", "/etc/puppet/code/modules/carbonpatch")
	m.put("/root/svn-password", canary+"\n")
	m.put("/etc/hosts", "10.0.0.3 worker1.example.com worker1\n")
	m.put("/etc/resolv.conf", "") // Puppet would wait for an answer
	m.setUp()
	return m
}

// setUp writes what the page has its reader write, and an unpacked product with a script that starts it and notes that.
func (m *machine) setUp() {
	m.t.Helper()
	m.copyIn(sampleHome, "/opt/wso2ei-6.1.1")
	m.writeFiles("puppet.md")
	m.put("/etc/init.d/wso2ei", `#!/bin/sh
case $1 in
status) test -e /run/product ;;
*) echo "$1" >>/run/product ;;
esac
`)
	m.must("chmod +x /etc/init.d/wso2ei")
}

// puppet applies the manifest of the page. It fails the test unless Puppet exits with code and prints lines, and none of it is the canary.
func (m *machine) puppet(flags string, code int, lines ...string) result {
	m.t.Helper()
	r := m.run("puppet apply --color=false --detailed-exitcodes " + flags + " site.pp")
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(r.out+r.problems, line) })
	if r.code != code || len(lines) > 0 {
		m.t.Errorf("exit code %d, want %d, and nothing of %q in\n%s%s", r.code, code, lines, r.out, r.problems)
	}
	m.hides(r)
	return r
}
