package deploy

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// fleet is a machine with as many homes, the inventory hosts of them, and the cluster file cluster.yaml that describes them.
func fleet(t *testing.T, size int) *machine {
	t.Helper()
	m := installed(t)
	cluster := "version: 1\nname: esb\nprofile: esb\nsettings:\n  hostName: esb.example.com\n  mgtHostName: mgt.esb.example.com\n" +
		"  httpProxyPort: 80\n  httpsProxyPort: 443\n  deploymentSynchronizer: {enabled: true, svnUrl: https://svn.example.com/esb, svnUser: deployer, svnPassword: " + strconv.Quote(canary) + "}\n" +
		"wellKnown: [host001, host002]\nnodes:\n"
	hosts := ""
	for i := 1; i <= size; i++ {
		role := "worker"
		if i == 1 {
			role = "manager"
		}
		cluster += fmt.Sprintf("  host%03d: {role: %s, localMemberHost: 10.0.1.%d}\n", i, role, i)
		hosts += fmt.Sprintf("host%03d ansible_connection=local ansible_python_interpreter=/usr/bin/python3\n", i)
	}
	m.put("/root/cluster.yaml", cluster)
	m.put("/root/hosts", hosts)
	m.must("for host in $(cut -d' ' -f1 hosts); do mkdir /opt/$host; cp -R /opt/manager/wso2ei-6.1.1 /opt/$host; done")
	return m
}

// measured runs a playbook on all hosts, which it must change, and returns what it took: the time, that of the processors, and the memory
// of the largest process.
func (m *machine) measured(playbook string, hosts int) string {
	m.t.Helper()
	r := m.run("/usr/bin/time -o took -f '%e s, %U+%S s of the processors, %M KiB' ansible-playbook -i hosts " + playbook)
	m.hides(r)
	if changed := strings.Count(r.out, " failed=0 "); r.code != 0 || changed != hosts || strings.Contains(r.out, "changed=0") {
		m.t.Fatalf("exit code %d, %d hosts of %d\n%s%s", r.code, changed, hosts, r.out, r.problems)
	}
	return strings.TrimSpace(m.must("cat took"))
}

// A hundred hosts are configured in one run; ten in the short form.
func TestAnsibleFleet(t *testing.T) {
	clients(t, "time")
	size := 100
	if short() {
		size = 10
	}
	m := fleet(t, size)
	t.Logf("carbonpatch, %d hosts: %s", size, m.measured("site.yml", size))
	m.must("for host in $(cut -d' ' -f1 hosts); do carbonpatch verify -q -f cluster.yaml --node $host /opt/$host/wso2ei-6.1.1; done")
	r := m.run("ansible-playbook -i hosts site.yml")
	if ok := strings.Count(r.out, "\nok: [host"); r.code != 0 || ok != size {
		t.Errorf("the second run: exit code %d, %d hosts of %d ok\n%s", r.code, ok, size, r.out)
	}
}

// xmlPlaybook makes the same edits by community.general.xml, as far as XPath and that module can: it can't bring to life what is
// commented out, so those elements are added beside their comments.
const xmlPlaybook = `- name: Configure
  hosts: all
  gather_facts: false
  vars:
    conf: /opt/{{ inventory_hostname }}/wso2ei-6.1.1/conf
    clustering: /axisconfig/clustering
    synchronizer: /c:Server/c:DeploymentSynchronizer
  tasks:
    - name: Set values of axis2.xml
      community.general.xml:
        path: "{{ conf }}/axis2/axis2.xml"
        xpath: "{{ item.xpath }}"
        attribute: "{{ item.attribute | default(omit) }}"
        value: "{{ item.value }}"
        pretty_print: false
      loop:
        - {xpath: "{{ clustering }}", attribute: enable, value: "true"}
        - {xpath: "{{ clustering }}/parameter[@name='membershipScheme']", value: wka}
        - {xpath: "{{ clustering }}/parameter[@name='domain']", value: wso2.esb.domain}
        - {xpath: "{{ clustering }}/parameter[@name='localMemberHost']", value: "10.0.1.{{ inventory_hostname[4:] | int }}"}
        - {xpath: "{{ clustering }}/parameter[@name='localMemberPort']", value: "4000"}
        - {xpath: "{{ clustering }}/members/member[1]/hostName", value: 10.0.1.1}
      loop_control: {label: "{{ item.xpath }}"}
    - name: Add elements to axis2.xml
      community.general.xml:
        path: "{{ conf }}/axis2/axis2.xml"
        xpath: "{{ item.xpath }}"
        input_type: xml
        add_children: ["{{ item.xml }}"]
      loop:
        - {xpath: "{{ clustering }}/members", xml: "<member><hostName>10.0.1.2</hostName><port>4000</port></member>"}
        - {xpath: "{{ clustering }}/parameter[@name='properties']", xml: "<property name='subDomain' value='worker'/>"}
        - {xpath: "/axisconfig/transportReceiver[@name='http']", xml: "<parameter name='WSDLEPRPrefix' locked='false'>http://esb.example.com:80</parameter>"}
        - {xpath: "/axisconfig/transportReceiver[@name='https']", xml: "<parameter name='WSDLEPRPrefix' locked='false'>https://esb.example.com:443</parameter>"}
      loop_control: {label: "{{ item.xpath }}"}
    - name: Set values of carbon.xml
      community.general.xml:
        path: "{{ conf }}/carbon.xml"
        namespaces: {c: http://wso2.org/projects/carbon/carbon.xml}
        xpath: "{{ item.xpath }}"
        value: "{{ item.value }}"
      no_log: true
      loop:
        - {xpath: "/c:Server/c:HostName", value: esb.example.com}
        - {xpath: "{{ synchronizer }}/c:Enabled", value: "true"}
        - {xpath: "{{ synchronizer }}/c:SvnUrl", value: "https://svn.example.com/esb"}
        - {xpath: "{{ synchronizer }}/c:SvnUser", value: deployer}
        - {xpath: "{{ synchronizer }}/c:SvnPassword", value: a-secret}
`

// The same edits by tasks of community.general.xml, for comparison.
func TestAnsibleFleetByXML(t *testing.T) {
	clients(t, "time")
	const size = 10
	m := fleet(t, size)
	r := m.run("/usr/bin/python3 -c 'import lxml'; ansible-doc community.general.xml")
	if r.code != 0 {
		t.Skipf("skipped: there is no community.general.xml, or no lxml: %s", r.problems)
	}
	m.put("/root/xml.yml", xmlPlaybook)
	t.Logf("community.general.xml, %d hosts, 15 edits each: %s", size, m.measured("xml.yml", size))
	m.must("carbonpatch verify --skip-secrets -f cluster.yaml --node host003 /opt/host003/wso2ei-6.1.1") // they are the same
	m.must("for host in $(cut -d' ' -f1 hosts); do rm -r /opt/$host; mkdir /opt/$host; cp -R /opt/manager/wso2ei-6.1.1 /opt/$host; done")
	t.Logf("carbonpatch, %d hosts, the same edits: %s", size, m.measured("site.yml", size))
}
