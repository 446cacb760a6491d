package lint

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// transportRules are about the pass-through and NIO transports of axis2.xml.
func transportRules() []*Rule {
	return []*Rule{
		{
			ID: "wsdl-epr-prefix-invalid", Severity: Error, Scope: InFile,
			Message: `WSDLEPRPrefix "{prefix}" is not of the form http://host:port`,
			Then:    "It is put before the path of each service as it is, so the addresses in WSDLs lead nowhere, without a word in the log.",
			Fix:     "Write scheme, host and port as clients reach them, without blanks and without a slash at the end.",
			Source:  "SourceConfiguration.java:106-130, HttpCoreNIOListener.java:224-233",
			Wrong:   `<parameter name="WSDLEPRPrefix" locked="false">https://apachehost:port/somepath</parameter>`,
			Right:   `<parameter name="WSDLEPRPrefix" locked="false">https://ei.example.com:443</parameter>`,
			onNode: func(n *Node, r *reporter) {
				for _, p := range n.prefixes() {
					switch {
					case product.HoldsReference(p.Text):
					case p.url == nil && serverURL(p.Trim()) != nil:
						r.say(n, p.Place, `WSDLEPRPrefix "{prefix}" has blanks around it`, p.Value).fix("Take them away.")
					case p.url == nil:
						scheme, _, _ := strings.Cut(p.Trim(), ":")
						r.at(n, p.Place, p.Value).meant(scheme, prefixSchemes)
					case strings.Trim(p.url.Path, "/") != "":
						r.say(n, p.Place, `WSDLEPRPrefix "{prefix}" has a path`, p.Value).as(Warning).
							then("Services are advertised below it, and found there only if the load balancer takes it off again.").
							fix("Leave the path away, unless the load balancer does that.")
					}
				}
			},
		},
		{
			ID: "wsdl-epr-prefix-trailing-slash", Severity: Warning, Scope: InFile,
			Message: `WSDLEPRPrefix "{prefix}" ends with a slash`,
			Then:    "The path of a service begins with one, too: its address has //services/ in it.",
			Fix:     "Take the slash away.",
			Source:  "SourceConfiguration.java:106-130",
			Wrong:   `<parameter name="WSDLEPRPrefix" locked="false">https://ei.example.com:443/</parameter>`,
			Right:   `<parameter name="WSDLEPRPrefix" locked="false">https://ei.example.com:443</parameter>`,
			onNode: func(n *Node, r *reporter) {
				for _, p := range n.prefixes() {
					if p.url != nil && strings.HasSuffix(p.Text, "/") {
						r.at(n, p.Place, p.Value)
					}
				}
			},
		},
		{
			ID: "wsdl-epr-prefix-scheme", Severity: Error, Scope: InFile,
			Message: `receiver "{name}" listens for {scheme} but advertises {other} addresses`,
			Then:    "The WSDL of each service gives clients that address, and they call it with the wrong protocol, without a word in the server's log.",
			Fix:     "Put the https prefix into the receiver for TLS and the http prefix into the plain one.",
			Source:  "SourceConfiguration.java:106-130",
			Wrong:   `<parameter name="WSDLEPRPrefix" locked="false">http://ei.example.com:443</parameter>`,
			Right:   `<parameter name="WSDLEPRPrefix" locked="false">https://ei.example.com:443</parameter>`,
			onNode: func(n *Node, r *reporter) {
				for _, p := range n.prefixes() {
					if p.url != nil && p.url.Scheme != p.scheme {
						r.at(n, p.Within(p.Text[:len(p.url.Scheme)]), p.Name, p.scheme, p.url.Scheme)
					}
				}
			},
		},
		{
			ID: "wsdl-epr-prefix-duplicate", Severity: Error, Scope: InFile,
			Message: `WSDLEPRPrefix is given {count} times in receiver "{name}"; only the last, "{prefix}", counts`,
			Then:    "The others are ignored without a word. Where one of them was meant for the other receiver, that goes on with the name of the machine and its own port.",
			Fix:     "Keep one in each receiver: the http prefix in the plain one and the https prefix in the one for TLS.",
			Source:  "ParameterIncludeImpl.java, SourceConfiguration.java:106-130; guide 002, lines 412-413, and guide 004, lines 297-298, show the two lines without their receivers",
			Wrong: `<parameter name="WSDLEPRPrefix" locked="false">http://ei.example.com:80</parameter>
<parameter name="WSDLEPRPrefix" locked="false">http://ei.example.com:8280</parameter>`,
			Right: `<parameter name="WSDLEPRPrefix" locked="false">http://ei.example.com:80</parameter>`,
			onNode: func(n *Node, r *reporter) {
				for _, p := range n.prefixes() {
					all := p.Named(wsdlEPRPrefix)
					if len(all) < 2 {
						continue
					}
					f := r.at(n, p.Place, len(all), p.Name, p.Value)
					alike := true
					for _, other := range all[:len(all)-1] {
						f.with(n, other.Place)
						alike = alike && other.Text == p.Text
					}
					if alike {
						f.as(Warning).then("They are alike now; whoever changes another than the last changes nothing.").fix("Keep one.")
					}
				}
			},
		},
		{
			ID: "wsdl-epr-prefix-one-sided", Severity: Warning, Scope: InFile,
			Message: `WSDLEPRPrefix is set on receiver "{name}" but not on "{other}"`,
			Then:    "The two advertise different hosts: one that of the load balancer, the other that of the machine.",
			Fix:     "Set it on both.",
			Source:  "SourceConfiguration.java:106-130; guide 002, lines 409-413, and guide 004, lines 294-298",
			Wrong: `<transportReceiver name="https" class="org.apache.synapse.transport.passthru.PassThroughHttpSSLListener">
    <parameter name="port" locked="false">8243</parameter>
</transportReceiver>`,
			Right: `<transportReceiver name="https" class="org.apache.synapse.transport.passthru.PassThroughHttpSSLListener">
    <parameter name="port" locked="false">8243</parameter>
    <parameter name="WSDLEPRPrefix" locked="false">https://ei.example.com:443</parameter>
</transportReceiver>`,
			onNode: func(n *Node, r *reporter) {
				prefixes := n.prefixes()
				for _, without := range n.receivers() {
					if without.Parameter(wsdlEPRPrefix).Given {
						continue
					}
					if i := slices.IndexFunc(prefixes, func(p prefix) bool { return p.scheme != without.scheme }); i >= 0 {
						r.at(n, without.Place, prefixes[i].Name, without.Name).with(n, prefixes[i].Place)
					}
				}
			},
		},
		{
			ID: "wsdl-epr-prefix-loopback", Severity: Warning, Scope: InFile,
			Message: `WSDLEPRPrefix names "{host}", which is the machine of whoever reads it`,
			Then:    "Clients that take the address of a service from its WSDL call themselves.",
			Fix:     "Name the host by which clients reach the services.",
			Source:  "SourceConfiguration.java:106-130",
			Wrong:   `<parameter name="WSDLEPRPrefix" locked="false">http://localhost:80</parameter>`,
			Right:   `<parameter name="WSDLEPRPrefix" locked="false">http://ei.example.com:80</parameter>`,
			onNode: func(n *Node, r *reporter) {
				for _, p := range n.prefixes() {
					if host := p.host(); loopback(host) {
						r.at(n, p.Within(host), host)
					}
				}
			},
		},
		{
			ID: "wsdl-epr-host-mismatch", Severity: Warning, Scope: InNode,
			Message: `WSDLEPRPrefix names "{host}", but HostName in carbon.xml is "{name}"`,
			Then:    "Services on the pass-through transport and those on the servlet transport give clients different hosts, of which the load balancer may know only one.",
			Fix:     "Use one host in both places, the one that the load balancer answers for.",
			Source:  "SourceConfiguration.java:106-130, NetworkUtils.java:50-61; guide 002, lines 412 and 465",
			Wrong:   `<parameter name="WSDLEPRPrefix" locked="false">http://esb.example.com:80</parameter>`,
			Right:   `<parameter name="WSDLEPRPrefix" locked="false">http://ei.example.com:80</parameter>`,
			onNode: func(n *Node, r *reporter) {
				name := n.carbon("HostName")
				if !name.Literal() || !product.IsHost(name.Trim()) {
					return
				}
				for _, p := range n.prefixes() {
					if host := p.host(); host != "" && !loopback(host) && product.CanonicalHost(host) != product.CanonicalHost(name.Trim()) {
						r.at(n, p.Within(host), host, name.Trim()).with(n, name.Place)
					}
				}
			},
		},
		{
			ID: "transport-port-invalid", Severity: Error, Scope: InFile,
			Message: `port "{port}" (offset {offset}) of receiver "{name}" is not usable`,
			Then:    "The listener does not start, and services can't be called through it.",
			Fix:     "Write a number without blanks; port + offset must be 1 to 65535.",
			Source:  "PassThroughHttpListener.java:139-154",
			Wrong:   `<parameter name="port" locked="false">8280 </parameter>`,
			Right:   `<parameter name="port" locked="false">8280</parameter>`,
			onNode: func(n *Node, r *reporter) {
				for _, receiver := range n.receivers() {
					port := receiver.Parameter("port")
					offset, _ := n.offset()
					switch {
					case !port.Given:
						r.say(n, port.Place, `receiver "{name}" has no port`, receiver.Name)
					case !product.HoldsReference(port.Text) && !usable(port, offset, 1):
						r.at(n, port.Place, port, offset, receiver.Name)
					}
				}
			},
		},
		{
			ID: "bind-address-ineffective", Severity: Warning, Scope: InNode,
			Message: `bind-address "{address}" has no effect in {product} {version}`,
			Then:    "The receiver listens on all interfaces of the machine.",
			Fix:     "Close the port to other networks by a firewall; later versions, EI 6.6.0 for one, heed the parameter.",
			Source:  "PassThroughHttpListener.java:263-305, where it is read after the endpoints were opened",
			Wrong:   `<parameter name="bind-address" locked="false">10.0.0.1</parameter>`,
			Right:   `<!--parameter name="bind-address" locked="false">10.0.0.1</parameter-->`,
			onNode: func(n *Node, r *reporter) {
				last, listed := deafToBindAddress[strings.ToUpper(n.ServerKey)]
				if !listed || n.Version == "" || product.CompareVersions(n.Version, last) > 0 {
					return
				}
				for _, receiver := range n.receivers() {
					v := receiver.Parameter("bind-address")
					if v.Given && strings.Contains(receiver.Class.Text, ".passthru.") {
						r.at(n, v.Place, v, n.ServerKey, n.Version)
					}
				}
			},
		},
	}
}

// wsdlEPRPrefix is the parameter with what the addresses of services begin with.
const wsdlEPRPrefix = "WSDLEPRPrefix"

// deafToBindAddress are the products with a pass-through transport that opens its endpoints before it reads bind-address, with the last version
// of which that is known: that of EI is synapse 2.1.7-wso2v15, and those of ESB are older.
var deafToBindAddress = map[string]string{"EI": "6.1.1", "ESB": "5.0.0"}

var prefixSchemes = []string{"http", "https"}

// receiver is a receiver of the pass-through and NIO transports.
type receiver struct {
	*product.Receiver
	scheme string // of what it listens for
}

// receivers are those of the pass-through and NIO transports.
func (n *Node) receivers() []receiver {
	if n.Axis2 == nil {
		return nil
	}
	var all []receiver
	for i := range n.Axis2.Receivers {
		r := &n.Axis2.Receivers[i]
		if tls, ok := r.PassThrough(); ok {
			scheme := "http"
			if tls {
				scheme = "https"
			}
			all = append(all, receiver{r, scheme})
		}
	}
	return all
}

// prefix is the WSDLEPRPrefix of a receiver.
type prefix struct {
	receiver
	product.Value
	url *url.URL // nil where it is none that an address can begin with
}

// prefixes are those of the receivers that have one.
func (n *Node) prefixes() []prefix {
	var all []prefix
	for _, r := range n.receivers() {
		if v := r.Parameter(wsdlEPRPrefix); v.Given {
			all = append(all, prefix{r, v, serverURL(v.Text)})
		}
	}
	return all
}

// host is the one that the prefix names, "" where that can't be told.
func (p prefix) host() string {
	if p.url == nil {
		return ""
	}
	return p.url.Hostname()
}

// serverURL is a text that names a server, by scheme, host and port. A path may follow, under which a load balancer has the services.
// It is nil for all others. Nothing is trimmed.
func serverURL(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil || strings.ContainsAny(text, "?# \t\r\n") || u.User != nil {
		return nil
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	hasPort := u.Host != u.Hostname() && !strings.HasSuffix(u.Host, "]")
	if !slices.Contains(prefixSchemes, u.Scheme) || !product.IsHost(u.Hostname()) || hasPort && (err != nil || port == 0) {
		return nil
	}
	return u
}

// usable reports whether a port is a number without blanks around it, from lowest to the highest of all when the offset is added.
func usable(port product.Value, offset, lowest int) bool {
	number, ok := integer(port)
	return ok && !padded(port) && number+offset >= lowest && number+offset <= maxPort
}
