package lint

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// ssoRules are about single sign-on of ES.
func ssoRules() []*Rule {
	return []*Rule{
		{
			ID: "sso-idp-path", Severity: Error, Scope: InNode,
			Message: "ES reads sso-idp-config.xml in {folder}",
			Then:    "The file here is not read: sso-idp-config.xml does not exist in the folder of ES, and nobody can sign in.",
			Fix:     "Move it there.",
			Source:  "FileBasedConfigManager.java (carbon-identity 4.5.x); guide 003, line 120, has the folder of older versions",
			Wrong: `<SSOIdentityProviderConfig>
    <ServiceProviders/>
</SSOIdentityProviderConfig>`,
			Right: "<SSOIdentityProviderConfig>",
			onNode: func(n *Node, r *reporter) {
				if n.esSince("2.0") && n.SSO.File != nil && n.SSO.File.Path == n.ConfDir+"/security/sso-idp-config.xml" {
					r.at(n, whole(n.SSO.File), n.ConfDir+"/identity")
				}
			},
		},
		{
			ID: "sso-idp-schema", Severity: Error, Scope: InFile,
			Message: `{product} {version} reads {new}, and not the {old} of issuer "{issuer}"`,
			Then:    "The address is not known to the identity provider: ALERT: Invalid Assertion Consumer URL value.",
			Fix:     "Write the address in AssertionConsumerService.",
			Source:  "FileBasedConfigManager.java of carbon-identity 4.5.6 (ES 2.0) and identity-inbound-auth-saml 5.1.0 (ES 2.1); guide 003, line 122",
			Wrong: `<AssertionConsumerServiceURLs>
    <AssertionConsumerServiceURL>https://es.example.com:443/store/acs</AssertionConsumerServiceURL>
</AssertionConsumerServiceURLs>`,
			Right: "<AssertionConsumerService>https://es.example.com:443/store/acs</AssertionConsumerService>",
			onNode: func(n *Node, r *reporter) {
				if n.SSO == nil || n.Version == "" {
					return
				}
				for _, p := range n.SSO.Providers {
					list := p.List.File != nil
					switch {
					case n.esSince("2.1") && p.Service.Given && !list:
						r.at(n, p.Service.Place, n.Home.Name, n.Version, "AssertionConsumerServiceURLs", "AssertionConsumerService", p.Issuer).
							fix("Write the address in an AssertionConsumerServiceURL in there, and in DefaultAssertionConsumerServiceURL beside it.")
					case !n.esSince("2.1") && list && !p.Service.Given:
						r.at(n, p.List, n.Home.Name, n.Version, "AssertionConsumerService", "AssertionConsumerServiceURLs", p.Issuer)
					}
				}
			},
		},
		{
			ID: "sso-acs-mismatch", Severity: Error, Scope: InNode,
			Message: `acs "{acs}" is not what sso-idp-config.xml has for issuer "{issuer}", which is "{address}"`,
			Then: "Nobody can sign in: ALERT: Invalid Assertion Consumer URL value in the AuthnRequest message from the issuer. Possibly an attempt for a " +
				"spoofing attack.",
			Fix:    "Write the same address in both files; %https.host% stands for server.proxyServer where that is set.",
			Source: "SPInitSSOAuthnRequestProcessor.java:96-102, publisher.js:19-63 (carbon-store 2.4.6)",
			Wrong:  `"acs": "https://store.example.com/store/acs",`,
			Right:  `"acs": "https://es.example.com:443/store/acs",`,
			onNode: func(n *Node, r *reporter) {
				if n.SSO == nil || n.SSO.File == nil {
					return
				}
				for _, a := range n.SSO.Applications {
					if !a.ACS.Given || !a.Issuer.Given || a.ActiveMethod.Given && a.ActiveMethod.Text != "sso" {
						continue
					}
					i := slices.IndexFunc(n.SSO.Providers, func(p product.ServiceProvider) bool { return p.Issuer.Trim() == a.Issuer.Text })
					if i < 0 {
						r.say(n, a.Issuer.Place, `sso-idp-config.xml has no issuer "{issuer}"`, a.Issuer).with(n, whole(n.SSO.File)).meant(a.Issuer.Text, issuers(n.SSO.Providers)).
							then("Nobody can sign in: A Service Provider with the Issuer is not registered.").fix("Add a ServiceProvider with this issuer and the same acs.")
						continue
					}
					r.otherConsumer(n, a, n.SSO.Providers[i])
				}
			},
		},
		{
			ID: "sso-acs-localhost", Severity: Warning, Scope: InFile,
			Message: `{name} of issuer "{issuer}" points to localhost`,
			Then:    "Browsers are sent to the machine that they run on.",
			Fix:     "Write the address at which browsers reach the load balancer.",
			Source:  "sso-idp-config.xml as shipped; guide 003, line 122",
			Wrong:   "<AssertionConsumerService>https://localhost:9443/social/acs</AssertionConsumerService>",
			Right:   "<AssertionConsumerService>https://es.example.com:443/store/acs</AssertionConsumerService>",
			onNode: func(n *Node, r *reporter) {
				if n.SSO == nil || !n.clustered() || n.Carbon == nil || !n.Carbon.Value("HostName").Given {
					return // without HostName no address is that of the cluster, which hostname-missing tells
				}
				for _, p := range n.SSO.Providers {
					for _, v := range p.Consumers() {
						n.pointsToLocalhost(r, "the assertion consumer", v, p.Issuer)
					}
				}
				for _, a := range n.SSO.Applications {
					n.pointsToLocalhost(r, "acs", a.ACS, a.Issuer)
					n.pointsToLocalhost(r, "identityProviderURL", a.IdentityProvider, a.Issuer)
				}
			},
		},
		{
			ID: "sso-json-types", Severity: Info, Scope: InFile,
			Message: "{name} is a text; the shipped file has true or false",
			Then:    `JavaScript takes any text for true, "false" as well.`,
			Fix:     "Write true or false without quotes.",
			Source:  "publisher.json and store.json as shipped (carbon-store 2.3.7, 2.4.6)",
			Wrong:   `"useTenantKey": "false",`,
			Right:   `"useTenantKey": false,`,
			onNode: func(n *Node, r *reporter) {
				if n.SSO == nil {
					return
				}
				for _, a := range n.SSO.Applications {
					for _, flag := range a.Flags {
						if flag.String {
							r.at(n, flag.Place, flag.Name)
						}
					}
				}
			},
		},
		{
			ID: "json-invalid", Severity: Error, Scope: InFile,
			Message: "{file} can't be read: {error}",
			Then:    "The application does not start.",
			Fix:     "Mend it; comments, and a comma behind the last member, are no mistake to Jaggery.",
			Source:  "publisher.js:19-63 (carbon-store 2.4.6) loads it by require, which evaluates it as an expression (WebAppManager.java of Jaggery)",
			Wrong:   `"issuer": "store"`,
			Right:   `"issuer": "store",`,
			onNode: func(n *Node, r *reporter) {
				if n.SSO == nil {
					return
				}
				for _, a := range n.SSO.Applications {
					if a.Broken != nil {
						f := r.at(n, a.At, path.Base(a.File.Path), a.Broken.Msg)
						if hint := a.Broken.Hint; hint != "" {
							f.fix(strings.ToUpper(hint[:1]) + hint[1:] + ".")
						}
					}
				}
			},
		},
	}
}

// esSince reports whether the node is an ES of a version that is known and not lower than another.
func (n *Node) esSince(version string) bool {
	return n.SSO != nil && n.Version != "" && product.CompareVersions(n.Version, version) >= 0
}

// otherConsumer reports an acs that is none of the addresses that the identity provider sends its answers to.
func (r *reporter) otherConsumer(n *Node, a product.Application, p product.ServiceProvider) {
	consumers := p.Consumers()
	if len(consumers) == 0 {
		r.say(n, a.ACS.Place, `sso-idp-config.xml has no address for issuer "{issuer}"`, a.Issuer).with(n, p.Place)
		return
	}
	if slices.ContainsFunc(consumers, func(v product.Value) bool { return sameConsumer(a, v.Trim()) }) {
		return
	}
	f := r.at(n, a.ACS.Place, a.ACS, a.Issuer, consumers[0])
	if len(consumers) > 1 {
		f.say(`acs "{acs}" is none of the addresses that sso-idp-config.xml has for issuer "{issuer}", such as "{address}"`, a.ACS, a.Issuer, consumers[0])
	}
	for _, v := range consumers {
		f.with(n, v.Place)
	}
}

func issuers(providers []product.ServiceProvider) []string {
	var all []string
	for _, p := range providers {
		all = append(all, p.Issuer.Trim())
	}
	return all
}

// httpsHost is what publisher.js and store.js replace by server.proxyServer, or by what they know when they run.
const httpsHost = "%https.host%"

// sameConsumer reports whether the acs of an application is an address. As long as the host of one is known at run time only, the paths
// are compared.
func sameConsumer(a product.Application, address string) bool {
	acs := a.ACS.Trim()
	if !a.Proxy.Empty() {
		acs = strings.Replace(acs, httpsHost, a.Proxy.Text, 1)
	}
	if strings.HasPrefix(acs, httpsHost) || strings.Contains(address, "${") {
		return pathOf(acs) == pathOf(address) || strings.Contains(pathOf(acs), "%")
	}
	return acs == address
}

// pathOf is the path of a URL whose host may be a placeholder.
func pathOf(address string) string {
	address = strings.TrimPrefix(address, httpsHost)
	if _, behind, ok := strings.Cut(address, "://"); ok {
		address = behind[strings.IndexByte(behind+"/", '/'):]
	}
	return address
}

func (n *Node) pointsToLocalhost(r *reporter, name string, address, issuer product.Value) {
	if u, err := url.Parse(address.Trim()); err == nil && loopback(u.Hostname()) {
		r.at(n, address.Place, name, issuer)
	}
}
