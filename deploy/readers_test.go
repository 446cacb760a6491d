package deploy

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// probe is a Java program of readers/, compiled.
type probe struct {
	name, classes, jars string
}

// compile compiles a probe. The jars, of Debian's libraries, lie in /usr/share/java.
func compile(t *testing.T, name string, jars ...string) probe {
	t.Helper()
	clients(t, "java", "javac")
	for i, jar := range jars {
		jars[i] = "/usr/share/java/" + jar + ".jar"
		if _, err := os.Stat(jars[i]); err != nil {
			t.Skipf("skipped: there is no %s here", jars[i])
		}
	}
	p := probe{name: name, classes: t.TempDir(), jars: strings.Join(jars, ":")}
	// without path: Debian's jars name others that are not there
	if out, err := exec.Command("javac", "-Xlint:all,-path", "-Werror", "-cp", p.jars, "-d", p.classes, "readers/"+name+".java").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return p
}

// run runs the probe and returns the lines it prints.
func (p probe) run(t *testing.T, input string, args ...string) []string {
	t.Helper()
	cmd := exec.Command("java", append([]string{"-cp", p.classes + ":" + p.jars, p.name}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", p.name, err, problems.Bytes())
	}
	return lines(string(out))
}

func lines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

// What reads the files in production reads in them what the cluster file describes.
func TestReaders(t *testing.T) {
	clients(t, "java", "javac")
	homes := configuredHomes(t)
	t.Run("axis2", func(t *testing.T) { readAxis2(t, homes) })
	t.Run("catalina", func(t *testing.T) { startCatalina(t, homes) })
	t.Run("events", func(t *testing.T) { readEvents(t, homes) })
}

// readAxis2 has Axiom over Woodstox read axis2.xml.
func readAxis2(t *testing.T, homes []configured) {
	p := compile(t, "AxisProbe", "axiom-api", "axiom-impl", "woodstox-core", "stax2-api", "commons-logging")
	var files []string
	for _, h := range homes {
		files = append(files, h.axis2(h.before), h.axis2(h.after))
	}
	slices.Sort(files)
	read := readings(p.run(t, "", slices.Compact(files)...)) // nodes share the home as it was
	for _, h := range homes {
		t.Run(h.name, func(t *testing.T) { h.compareAxis2(t, read[h.axis2(h.before)], read[h.axis2(h.after)]) })
	}
}

func (h configured) axis2(home string) string { return filepath.Join(home, h.conf, "axis2/axis2.xml") }

// reading is what AxisProbe reads in a file: the values at each path, in order.
type reading map[string][]string

func readings(lines []string) map[string]reading {
	read := make(map[string]reading)
	for _, line := range lines {
		f := strings.Split(line, "\t")
		if read[f[0]] == nil {
			read[f[0]] = make(reading)
		}
		read[f[0]][f[1]] = append(read[f[0]][f[1]], f[2])
	}
	return read
}

// compareAxis2 compares what is read with what the cluster file describes, and with what the case expects. What neither names must be
// as it was.
func (h configured) compareAxis2(t *testing.T, before, after reading) {
	t.Helper()
	want := maps.Clone(before)
	h.intend(want)
	for _, e := range h.expected {
		switch {
		case e.file != "axis2/axis2.xml" || !shown.MatchString(e.path):
		case e.want == "#absent":
			delete(want, e.path)
		case strings.HasPrefix(e.want, "="):
			want[e.path] = strings.Split(e.want[1:], "|")
		}
	}
	if diff := cmp.Diff(want, after); diff != "" {
		t.Errorf("wanted (-) and read (+):\n%s", diff)
	}
}

// shown are the paths that AxisProbe prints values of.
var shown = regexp.MustCompile(`^clustering/(@enable|@class|members/member/(hostName|port)|parameter\[@name='\w+'\](/property.*/@\w+)?)$|^transportReceiver\[@class='[\w.]+'\]/parameter\[@name='[\w-]+'\]$`)

// intend sets what the cluster file says of the node in what the shipped axis2.xml holds.
func (h configured) intend(want reading) {
	want["clustering/@enable"] = []string{"true"}
	for setting, otherwise := range map[string]string{
		"membershipScheme": "wka", "domain": "wso2." + h.cluster.Profile + ".domain", "localMemberHost": "", "localMemberPort": "4000",
		"clusteringPattern": "", "groupPassword": "", "membershipSchemeClassName": "",
		"mcastAddress": "", "mcastPort": "", "mcastTTL": "", "mcastTimeout": "",
		"aws.accessKey": "", "aws.secretKey": "", "aws.securityGroup": "", "aws.region": "", "aws.tagKey": "", "aws.tagValue": "",
	} {
		want.set(parameter(strings.TrimPrefix(setting, "aws.")), h.value(setting, otherwise))
	}
	parameters, _ := lookUp(h.cluster.Settings, "parameters").(map[string]any)
	for name, value := range parameters {
		want.set(parameter(name), text(value))
	}
	const host, port = "clustering/members/member/hostName", "clustering/members/member/port"
	delete(want, host)
	delete(want, port)
	if h.value("membershipScheme", "wka") == "wka" {
		want[host], want[port] = h.members()
	}
	h.intendSubDomain(want)
	h.intendPrefixes(want)
}

// set sets a value as a cluster file does: one that is not given stays as it is, none takes it away.
func (r reading) set(path, value string) {
	switch value {
	case "":
	case "none":
		delete(r, path)
	default:
		r[path] = []string{value}
	}
}

func parameter(name string) string { return "clustering/parameter[@name='" + name + "']" }

// value is what the cluster file gives the node for a setting; of sources it knows the environment.
func (h configured) value(setting, otherwise string) string {
	value := h.cluster.value(h.node, setting, otherwise)
	if name, ok := strings.CutPrefix(value, "env:"); ok {
		return h.env[name]
	}
	return value
}

// members are the hosts and ports of the well-known members.
func (h configured) members() (hosts, ports []string) {
	if list, ok := lookUp(h.cluster.Settings, "members").([]any); ok {
		for _, member := range list {
			hosts = append(hosts, text(lookUp(member.(map[string]any), "host")))
			ports = append(ports, text(lookUp(member.(map[string]any), "port")))
		}
		return hosts, ports
	}
	domain := h.value("domain", "")
	for _, node := range h.cluster.names {
		wellKnown := len(h.cluster.WellKnown) == 0 || slices.Contains(h.cluster.WellKnown, node)
		if wellKnown && h.cluster.value(node, "domain", "") == domain {
			hosts = append(hosts, h.cluster.value(node, "localMemberHost", ""))
			ports = append(ports, h.cluster.value(node, "localMemberPort", "4000"))
		}
	}
	return hosts, ports
}

// intendSubDomain sets the subDomain that the guides give a role: "none" where they take it away.
func (h configured) intendSubDomain(want reading) {
	roles := map[string]string{"as manager": "none", "as worker": "worker", "esb manager": "mgt", "esb worker": "worker", "es publisher": "none", "es store": "none"}
	value := h.value("subDomain", roles[h.cluster.Profile+" "+h.cluster.role(h.node)])
	if value == "" {
		return
	}
	names := parameter("properties") + "/property/@name"
	want[names] = slices.DeleteFunc(slices.Clone(want[names]), func(name string) bool { return name == "subDomain" })
	if value != "none" {
		want[names] = append(want[names], "subDomain")
	}
	want.set(parameter("properties")+"/property[@name='subDomain']/@value", value)
}

var receiverPort = regexp.MustCompile(`^(transportReceiver\[@class='.*\.PassThroughHttp(SSL)?Listener'\]/)parameter\[@name='port'\]$`)

// intendPrefixes sets the address of the load balancer, which nodes that serve tell as theirs.
func (h configured) intendPrefixes(want reading) {
	if role := h.cluster.Profile + " " + h.cluster.role(h.node); role != "esb worker" && role != "ei node" {
		return
	}
	for path := range maps.Clone(want) {
		m := receiverPort.FindStringSubmatch(path)
		if m == nil {
			continue
		}
		scheme := map[string]string{"": "http", "SSL": "https"}[m[2]]
		prefix := ""
		if port := h.value(scheme+"ProxyPort", ""); port != "" {
			prefix = scheme + "://" + h.value("hostName", "") + ":" + port
		}
		want.set(m[1]+"parameter[@name='WSDLEPRPrefix']", h.value("wsdlEPRPrefix."+scheme, prefix))
	}
}
