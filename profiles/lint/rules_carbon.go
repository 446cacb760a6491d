package lint

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// carbonRules are about carbon.xml, the deployment synchronizer aside.
func carbonRules() []*Rule {
	return []*Rule{
		{
			ID: "offset-invalid", Severity: Error, Scope: InFile,
			Message: `the port offset "{offset}" is not a whole number from 0 up`,
			Then:    "The server does not start: NumberFormatException.",
			Fix:     "Write 0, or what is to be added to the ports of this node.",
			Source:  "CarbonBaseActivator.java:48-52, ServletTransportManager.java:25-28",
			Wrong:   `<Offset>one</Offset>`,
			Right:   `<Offset>1</Offset>`,
			onNode: func(n *Node, r *reporter) {
				offset := n.PortOffset()
				switch number, ok := integer(offset); {
				case offset.File == nil || strings.Contains(offset.Text, "$"): // a variable, of the script or of the system
				case !offset.Given && n.Carbon.Blank("Ports.Offset"):
					r.say(n, offset.Place, "Ports/Offset is empty").then("The server does not start: NullPointerException in CarbonBaseActivator.")
				case !offset.Given:
					r.say(n, offset.Place, "Ports/Offset is missing").then("The server does not start: NullPointerException in CarbonBaseActivator.")
				case !ok:
					r.at(n, offset.Place, offset)
				case number < 0:
					r.at(n, offset.Place, offset).then("Carbon does not refuse it: it lowers every port, which nothing else in the cluster reckons with.")
				}
			},
		},
		{
			ID: "duplicate-carbon-element", Severity: Error, Scope: InFile,
			Message: `{element} is given again; the first, "{value}", counts`,
			Then:    "What stands here is ignored without a word.",
			Fix:     "Keep one of the two.",
			Source:  "ServerConfiguration.java:284-295, 417-423",
			Wrong: `<HostName>ei.example.com</HostName>
<HostName>esb.example.com</HostName>`,
			Right: `<HostName>ei.example.com</HostName>`,
			onNode: func(n *Node, r *reporter) {
				if n.Carbon == nil {
					return
				}
				for path, all := range n.Carbon.Values {
					if !slices.Contains(singleElements, path) && !strings.HasPrefix(path, synchronizerPath) {
						continue
					}
					for _, v := range all[1:] {
						f := r.at(n, v.Place, strings.ReplaceAll(path, ".", "/"), all[0]).with(n, all[0].Place)
						if v.Text == all[0].Text {
							f.as(Warning).then("Whoever changes this one changes nothing: it is ignored.")
						}
					}
				}
			},
		},
		{
			ID: "carbon-value-whitespace", Severity: Error, Scope: InFile,
			Message: `{element} is "{value}", with blanks that Carbon does not trim`,
			Then:    "It is read as false, without a word.",
			Fix:     "Take the blanks and line breaks around the value away.",
			Source:  "ServerConfiguration.java:284-295, CarbonRepositoryUtils.java:127-187, JavaUtils.isTrueExplicitly",
			Wrong:   `<AutoCheckout> true </AutoCheckout>`,
			Right:   `<AutoCheckout>true</AutoCheckout>`,
			onNode: func(n *Node, r *reporter) {
				for _, name := range hostElements {
					if v := n.carbon(name); padded(v) {
						r.at(n, v.Place, name, v).as(Warning).then("The blanks become part of the addresses that Carbon gives to browsers and clients.")
					}
				}
				if v := n.PortOffset(); padded(v) {
					r.at(n, v.Place, "Ports/Offset", v).then("The server does not start: NumberFormatException.")
				}
				if v := n.synchronizer("Enabled"); padded(v) && saysTrue(v) {
					r.at(n, v.Place, "Enabled", v).then("It is read as false, without a word: the deployment synchronizer is off.")
				}
				if !n.synchronized() {
					return
				}
				for _, name := range synchronizerSwitches {
					v := n.synchronizer(name)
					switch {
					case !padded(v):
					case saysFalse(v):
						r.at(n, v.Place, name, v).as(Warning).then("It is read as false, as it should be; true would be, too.")
					default:
						r.at(n, v.Place, name, v)
					}
				}
				if v := n.synchronizer("RepositoryType"); padded(v) {
					r.at(n, v.Place, "RepositoryType", v).then(noRepository, v)
				}
			},
		},
		{
			ID: "hostname-missing", Severity: Warning, Scope: InFile,
			Message: "HostName is missing in a clustered node",
			Then:    "The address of the first network interface is put into WSDLs, and clients pass the load balancer by.",
			Fix:     "Set HostName to the host of the load balancer.",
			Source:  "CarbonServerManager.java:722-743, NetworkUtils.java:50-61; guide 001, line 45, guide 002, line 465, guide 004, line 213",
			Wrong:   `<!--HostName>www.wso2.org</HostName-->`,
			Right:   `<HostName>ei.example.com</HostName>`,
			onNode: func(n *Node, r *reporter) {
				if n.clustered() && n.Carbon != nil && !n.carbon("HostName").Given && !n.Axis2.HostName.Given {
					missing(n, r, "HostName")
				}
			},
		},
		{
			ID: "mgt-hostname-missing", Severity: Info, Scope: InFile,
			Message: "MgtHostName is missing",
			Then:    "The server prints the address of its first network interface as that of the console, and redirects browsers to it. It is not that of HostName.",
			Fix:     "Set MgtHostName to the host by which people reach the console of this node.",
			Source:  "CarbonServerManager.java:722-743, NetworkUtils.java:50-61, CarbonUIUtil.java:203-252; guide 001, line 45, and guide 004, line 214, set it on the manager only",
			Wrong:   `<!--MgtHostName>mgt.wso2.org</MgtHostName-->`,
			Right:   `<MgtHostName>mgt.ei.example.com</MgtHostName>`,
			onNode: func(n *Node, r *reporter) {
				if n.Carbon == nil || n.carbon("MgtHostName").Given {
					return
				}
				f := missing(n, r, "MgtHostName")
				if proxy := n.proxyPort("https"); portNumber(proxy) != 0 {
					f.as(Warning).say("MgtHostName is missing: the console is at the node's own address with the port of the load balancer, {port}", proxy).with(n, proxy.Place)
				}
			},
		},
		{
			ID: "hostname-invalid", Severity: Error, Scope: InFile,
			Message: `{element} "{host}" is neither a host name nor an IP address`,
			Then:    "It is put as it is between scheme and port of the addresses that Carbon gives to browsers and clients, which lead nowhere then.",
			Fix:     "Write the bare name, without scheme, port and slash.",
			Source:  "CarbonServerManager.java:722-743, CarbonUIUtil.java:203-252",
			Wrong:   `<HostName>https://ei.example.com</HostName>`,
			Right:   `<HostName>ei.example.com</HostName>`,
			onNode: func(n *Node, r *reporter) {
				for _, name := range hostElements {
					v := n.carbon(name)
					switch {
					case !v.Literal():
					case !product.IsHost(v.Trim()) || crossedOut(v.Text):
						r.at(n, v.Place, name, v.Trimmed())
					case v.Is(sampleHosts[name]):
						r.say(n, v.Place, `{element} "{host}" is the sample that carbon.xml is shipped with`, name, v.Trimmed()).as(Warning).
							then("Browsers and clients are sent to a server of WSO2, which knows nothing of yours.").
							fix("Write the host by which they reach this node or its load balancer.")
					}
				}
			},
		},
	}
}

// hostElements are those of carbon.xml that name a host.
var hostElements = []string{"HostName", "MgtHostName"}

// sampleHosts are what carbon.xml has for them in comments.
var sampleHosts = map[string]string{"HostName": "www.wso2.org", "MgtHostName": "mgt.wso2.org"}

// missing reports one of hostElements as missing: at an element that is meant to be it, where there is one.
func missing(n *Node, r *reporter, name string) *Finding {
	for _, path := range slices.Sorted(maps.Keys(n.Carbon.Values)) {
		if i := xmlops.Nearest(path, hostElements); i >= 0 && hostElements[i] == name && path != name && !slices.Contains(hostElements, path) {
			return r.at(n, n.Carbon.Tag(path)).meant(path, hostElements)
		}
	}
	return r.at(n, n.carbon(name).Place)
}

// singleElements are those of carbon.xml that make sense once, beside those of the deployment synchronizer. Others may repeat.
var singleElements = append([]string{"Ports.Offset"}, hostElements...)

var crosses = regexp.MustCompile(`^xx[x.]*\d*$`)

// crossedOut reports whether a text is what guides have in the place of a value: xxx.xxx.xxx.xx3.
func crossedOut(text string) bool {
	return crosses.MatchString(strings.ToLower(strings.TrimSpace(text)))
}

// padded reports whether there are blanks around a value.
func padded(v product.Value) bool { return v.Text != v.Trim() }

// carbon is a value of carbon.xml, by its dotted path; nowhere where that file was not collected.
func (n *Node) carbon(path string) product.Value {
	if n.Carbon == nil {
		return product.Value{}
	}
	return n.Carbon.Value(path)
}

// offset is what Carbon adds to most ports, if that is known.
func (n *Node) offset() (offset int, known bool) { return integer(n.PortOffset()) }
