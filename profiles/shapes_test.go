package profiles

import (
	"slices"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// Shapes that files of a home may have, though none is shipped so.

// Each receiver of a known class gets the prefix of its scheme, and one class is enough.
func TestReceivers(t *testing.T) {
	t.Parallel()
	const passthru, nhttp = "org.apache.synapse.transport.passthru.PassThroughHttp", "org.apache.synapse.transport.nhttp.HttpCoreNIO"
	const commented = `<!--parameter name="WSDLEPRPrefix" locked="false">https://apachehost:port/somepath</parameter-->`
	live := func(prefix string) string {
		return `<parameter name="WSDLEPRPrefix" locked="false">` + prefix + `</parameter>`
	}
	receiver := func(class, inside string) string {
		return `<transportReceiver class="` + class + `">` + inside + "</transportReceiver>\n"
	}
	lines := func(inside string) string { return "\n    " + inside + "\n" }
	tests := []struct{ name, in, want string }{
		{
			"two of one class",
			receiver(passthru+"Listener", commented) + receiver(passthru+"SSLListener", commented) + receiver(passthru+"SSLListener", live("x")) + receiver(passthru+"SSLListener", "<a/>"),
			receiver(passthru+"Listener", live("http://h")) + receiver(passthru+"SSLListener", live("https://h")) + receiver(passthru+"SSLListener", live("https://h")) +
				receiver(passthru+"SSLListener", "<a/>"+live("https://h")),
		},
		{
			"both classes", receiver(passthru+"Listener", commented) + receiver(nhttp+"Listener", commented) + receiver(nhttp+"SSLListener", commented),
			receiver(passthru+"Listener", live("http://h")) + receiver(nhttp+"Listener", live("http://h")) + receiver(nhttp+"SSLListener", live("https://h")),
		},
		{
			"many certificates", receiver(passthru+"Listener", "") + receiver(passthru+"MultiSSLListener", commented),
			receiver(passthru+"Listener", lines(live("http://h"))) + receiver(passthru+"MultiSSLListener", live("https://h")),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustOpen(t, "carbon")
			p.Files = slices.DeleteFunc(p.Files, func(f *File) bool { return f.Path != "axis2/axis2.xml" })
			const clustering = `<clustering enable="false"/>`
			home := writeHome(t, map[string]string{"conf/axis2/axis2.xml": "<axisconfig>\n" + clustering + "\n" + tt.in + "</axisconfig>\n"})
			applyTwice(t, p, "node", Values{"wsdlEPRPrefix.http": {Text: secret.New("http://h")}, "wsdlEPRPrefix.https": {Text: secret.New("https://h")}}, home)
			_, got, _ := strings.Cut(readHome(t, home, "conf/axis2/axis2.xml"), "\n<transportReceiver")
			if want := tt.want + "</axisconfig>\n"; "<transportReceiver"+got != want {
				t.Errorf("got\n<transportReceiver%s\nwant\n%s", got, want)
			}
		})
	}
}

// Carbon takes the first Connector of each scheme in the first Service. One that is switched off stays so.
func TestConnectors(t *testing.T) {
	t.Parallel()
	const (
		plain = `<Connector protocol="org.apache.coyote.http11.Http11NioProtocol" port="9763"/>`
		tls   = `<Connector port="9443" scheme="https"/>`
		ajp   = `<Connector protocol="AJP/1.3" port="8009"/><Connector protocol="org.apache.coyote.ajp.AjpNioProtocol" port="8010" scheme="https"/>`
		admin = `<Connector port="9000"/><Connector port="9001" scheme="https"/>`
		not   = `[not(@protocol='AJP/1.3')][not(@protocol='org.apache.coyote.ajp.AjpProtocol')][not(@protocol='org.apache.coyote.ajp.AjpNioProtocol')]` +
			`[not(@protocol='org.apache.coyote.ajp.AjpNio2Protocol')][not(@protocol='org.apache.coyote.ajp.AjpAprProtocol')][1]/@proxyPort`
	)
	service := func(connectors string) string {
		return "<Server><Service>" + connectors + "</Service><Service>" + admin + "</Service></Server>"
	}
	proxied := strings.NewReplacer(`port="9763"`, `port="9763" proxyPort="80"`, `port="9443"`, `port="9443" proxyPort="443"`)
	tests := []struct{ name, in, want string }{
		{"others beside them", service(ajp + plain + tls + admin), proxied.Replace(service(ajp + plain + tls + admin))},
		{"switched off", service(tls + "<!--" + plain + "-->"), `
conf/tomcat/catalina-server.xml:1:61: set /Server/Service[1]/Connector[not(@scheme='https')]` + not + `: no element matches; this <Connector> is commented out, and stays so
hint: take it out of the comment by hand if it is wanted; httpProxyPort: none leaves it out`},
		{"not there", service(plain + ajp), `
conf/tomcat/catalina-server.xml:1:18: set /Server/Service[1]/Connector[@scheme='https']` + not + `: no element matches; there are 3 <Connector>, but the predicates hold of none
hint: httpsProxyPort: none leaves it out`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustOpen(t, "carbon")
			p.Files = slices.DeleteFunc(p.Files, func(f *File) bool { return f.Path != "tomcat/catalina-server.xml" })
			home := writeHome(t, map[string]string{"conf/tomcat/catalina-server.xml": tt.in})
			values := Values{"httpProxyPort": {Text: secret.New("80")}, "httpsProxyPort": {Text: secret.New("443")}}
			if _, err := planOf(t, p, "node", values, home); err != nil {
				expect(t, tt.want, problemtest.Report(err))
				return
			}
			applyTwice(t, p, "node", values, home)
			expect(t, tt.want, readHome(t, home, "conf/tomcat/catalina-server.xml"))
		})
	}
}

// A secret that is taken out does not stay in a comment, and an administrator is not made of a password alone.
func TestSecretsTakenOut(t *testing.T) {
	t.Parallel()
	p := mustOpen(t, "carbon")
	p.Files = slices.DeleteFunc(p.Files, func(f *File) bool { return f.Path != "axis2/axis2.xml" && f.Path != "user-mgt.xml" })
	home := writeHome(t, map[string]string{
		"conf/axis2/axis2.xml": "<axisconfig><clustering enable=\"true\">\n<parameter name=\"groupPassword\">hush</parameter>\n<parameter name=\"mcastTTL\">1</parameter>\n</clustering></axisconfig>\n",
		"conf/user-mgt.xml":    "<UserManager><Realm><Configuration/></Realm></UserManager>\n",
	})
	applyTwice(t, p, "node", Values{"groupPassword": {None: true, Secret: true}, "mcastTTL": {None: true}}, home)
	expect(t, "<axisconfig><clustering enable=\"true\">\n<!--parameter name=\"mcastTTL\">1</parameter-->\n</clustering></axisconfig>", readHome(t, home, "conf/axis2/axis2.xml"))
	_, err := planOf(t, p, "node", Values{"userManagement.adminPassword": {Text: secret.New("hush"), Secret: true}}, home)
	expect(t, `
conf/user-mgt.xml:1:21: set /UserManager/Realm/Configuration/AdminUser/Password: no element matches; this <Configuration> has no <AdminUser>
hint: is this home whole, and of a product and version that the profile is for?`, problemtest.Report(err))
}

// A datasource without a definition gets one that has a type.
func TestDatasourceWithoutDefinition(t *testing.T) {
	t.Parallel()
	const head = "<datasources-configuration><datasources><datasource><name>R</name><jndiConfig><name>jdbc/R</name></jndiConfig>"
	const tail = "</datasource></datasources></datasources-configuration>\n"
	const path = "conf/datasources/master-datasources.xml"
	p := mustOpen(t, "carbon")
	p.Files = nil
	home := writeHome(t, map[string]string{path: head + tail})
	applyTwice(t, p, "node", describe(t, p, "node", `datasources: [{jndi: jdbc/R, url: "jdbc:r"}]`), home)
	expect(t, head+`<definition type="RDBMS"><configuration><url>jdbc:r</url></configuration></definition>`+tail, readHome(t, home, path))
}
