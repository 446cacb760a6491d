package deploy

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// startCatalina has Tomcat start with the catalina-server.xml of each home. A servlet sees the ports of the load balancer where the cluster
// file describes them, and in the home as it was the ports of the server, which the requests name.
func startCatalina(t *testing.T, homes []configured) {
	p := compile(t, "CatalinaProbe", "tomcat9-catalina", "tomcat9-coyote", "tomcat9-util", "tomcat9-util-scan", "tomcat9-juli", "tomcat9-api",
		"tomcat9-servlet-api", "tomcat9-jni", "tomcat9-annotations-api", "tomcat9-jaspic-api", "tomcat9-el-api", "tomcat9-jsp-api")
	clients(t, "keytool")
	m := newMachine(t, "carbon", "10.0.0.2") // its ports are free
	m.copyIn(p.classes, "/opt/probe")
	var args []string
	add := func(h configured, home, offset string) {
		if !slices.Contains(args, home) { // nodes share the home as it was
			m.copyIn(home, home)
			h.makeKeystore(m, home)
			args = append(args, home, h.conf+"/tomcat/catalina-server.xml", offset)
		}
	}
	for _, h := range homes {
		add(h, h.before, "0")
		add(h, h.after, h.value("portOffset", "0"))
	}
	seen := make(map[string][]string) // what is seen in each home
	for _, line := range lines(m.must("timeout 300 java -cp /opt/probe:" + p.jars + " CatalinaProbe balancer.example.com " + strings.Join(args, " "))) {
		home, rest, _ := strings.Cut(line, " ")
		seen[home] = append(seen[home], rest)
	}
	for _, h := range homes {
		t.Run(h.name, func(t *testing.T) { h.compareCatalina(t, seen[h.before], seen[h.after]) })
	}
}

var keystore = regexp.MustCompile(`keystore(File|Pass)=["'](?:\$\{carbon\.home\}/)?([^"']+)`)

// makeKeystore puts a keystore where catalina-server.xml names one.
func (h configured) makeKeystore(m *machine, home string) {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(home, h.conf, "tomcat/catalina-server.xml"))
	check(m.t, err)
	named := make(map[string]string)
	for _, match := range keystore.FindAllSubmatch(text, -1) {
		named[string(match[1])] = string(match[2])
	}
	m.must(fmt.Sprintf(`[ -e '%[1]s' ] || keytool -genkeypair -keyalg RSA -alias carbon -dname CN=localhost -keystore '%[1]s' -storepass '%[1]s' 2>&1
		mkdir -p %[2]s && cp '%[1]s' %[2]s/%[3]s`, named["Pass"], filepath.Join(home, filepath.Dir(named["File"])), filepath.Base(named["File"])))
}

// compareCatalina compares what servlets are told: for each connector the scheme, the server's name and port, and the port connected to.
func (h configured) compareCatalina(t *testing.T, before, after []string) {
	t.Helper()
	offset, err := strconv.Atoi(h.value("portOffset", "0"))
	check(t, err)
	var bare, want []string
	for _, scheme := range []string{"http", "https"} {
		shipped := map[string]int{"http": 9763, "https": 9443}[scheme]
		bare = append(bare, fmt.Sprintf("%s balancer.example.com %d %d", scheme, shipped, shipped))
		port := h.proxyPort(scheme, shipped)
		if port == "" {
			port = strconv.Itoa(shipped + offset)
		}
		want = append(want, fmt.Sprintf("%s balancer.example.com %s %d", scheme, port, shipped+offset))
	}
	if !slices.Equal(before, bare) {
		t.Errorf("as it was: read %q, want %q", before, bare)
	}
	if !slices.Equal(after, want) {
		t.Errorf("configured: read %q, want %q", after, want)
	}
}

// proxyPort is the port of the load balancer that the connector shall tell: none on the workers of an ESB, where it is in axis2.xml.
func (h configured) proxyPort(scheme string, connector int) string {
	for _, e := range h.expected {
		if e.path == fmt.Sprintf("Service/Connector[@port='%d']/@proxyPort", connector) {
			return strings.TrimPrefix(strings.TrimPrefix(e.want, "#absent"), "=")
		}
	}
	if h.cluster.Profile+" "+h.cluster.role(h.node) == "esb worker" {
		return ""
	}
	return h.value(scheme+"ProxyPort", "")
}
