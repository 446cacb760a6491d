package product

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// SingleSignOn is what ES says of single sign-on: to the identity provider in sso-idp-config.xml, and to the applications that use it.
type SingleSignOn struct {
	File         *File // sso-idp-config.xml, nil where there is none
	Providers    []ServiceProvider
	Applications []Application
}

// ServiceProvider is an application as the identity provider knows it. ES until 2.0 reads its Service (identity.sso.saml
// FileBasedConfigManager), later ones its URLs and Default (identity-inbound-auth-saml).
type ServiceProvider struct {
	Place
	Issuer, Service, Default Value
	URLs                     []Value
	List                     Place // of AssertionConsumerServiceURLs, which may be empty; nowhere if there is none
}

// Consumers are all addresses that the provider may send its answers to, by whatever elements.
func (p *ServiceProvider) Consumers() []Value {
	var all []Value
	for _, v := range append([]Value{p.Service, p.Default}, p.URLs...) {
		if v.Given {
			all = append(all, v)
		}
	}
	return all
}

// Application is publisher.json or store.json.
type Application struct {
	File                                               *File
	Broken                                             *xmlops.Error // why it can't be read, and then it says nothing
	At                                                 Place         // where that shows
	ActiveMethod, Issuer, ACS, IdentityProvider, Proxy Value
	Flags                                              []Flag
}

// Flag is a member of a JSON file that is true or false in what ES ships.
type Flag struct {
	Value
	Name   string
	String bool // it is a text instead
}

// ssoConfigs are the paths that sso-idp-config.xml has in one version or another, below the conf folder; the first that is there is taken
// for it. ES since 2.0 reads it in identity alone.
var ssoConfigs = []string{"identity/sso-idp-config.xml", "security/sso-idp-config.xml", "sso-idp-config.xml"}

// applications are those of ES that sign on.
var applications = []string{"publisher", "store"}

// Where the members of publisher.json and store.json are.
const (
	activeMethod  = "/authentication/activeMethod"
	proxyServer   = "/server/proxyServer"
	ssoAttributes = "/authentication/methods/sso/attributes/"
	ssoIssuer     = ssoAttributes + "issuer"
	ssoACS        = ssoAttributes + "acs"
	ssoProvider   = ssoAttributes + "identityProviderURL"
)

var ssoMembers = []string{activeMethod, proxyServer, ssoIssuer, ssoACS, ssoProvider}

// signedResponses is a text in publisher.json and store.json of ES 2.0.0, and true or false since.
const signedResponses = ssoAttributes + "responseSigningEnabled"

// flags are the members that are true or false in publisher.json and store.json as shipped.
func (h *Home) flags() []string {
	names := []string{ssoAttributes + "useTenantKey", "/socialCommentsEnable", "/cached"}
	if h.Version != "" && CompareVersions(h.Version, "2.1") >= 0 {
		names = append(names, signedResponses)
	}
	return names
}

func (n *Node) readSSO() error {
	if !strings.EqualFold(n.ServerKey, "ES") {
		return nil
	}
	n.SSO = &SingleSignOn{}
	var errs []error
	for _, path := range ssoConfigs {
		if path = n.ConfDir + "/" + path; n.lies(path) {
			errs = append(errs, n.read(path, n.SSO.readProviders))
			break
		}
	}
	for _, name := range applications {
		errs = append(errs, n.readApplication("repository/deployment/server/jaggeryapps/"+name+"/config/"+name+".json"))
	}
	return patch.JoinProblems(errs...)
}

func (s *SingleSignOn) readProviders(f *File, root xmlops.Element) {
	s.File = f
	for _, e := range children(child(root, "ServiceProviders"), "ServiceProvider") {
		p := ServiceProvider{
			Place: f.tag(e), Issuer: f.child(e, "Issuer"), Service: f.child(e, "AssertionConsumerService"), Default: f.child(e, "DefaultAssertionConsumerServiceURL"),
		}
		if list := child(e, "AssertionConsumerServiceURLs"); list.Exists() {
			p.List = f.tag(list)
			for _, u := range children(list, "AssertionConsumerServiceURL") {
				p.URLs = append(p.URLs, f.text(u, Place{}))
			}
		}
		s.Providers = append(s.Providers, p)
	}
}

func (n *Node) readApplication(path string) error {
	if !n.lies(path) {
		return nil
	}
	src, err := n.Read(path)
	if err != nil {
		return err
	}
	f := &File{Path: path, Source: src}
	n.Files = append(n.Files, f)
	a := Application{File: f}
	flags := n.flags()
	found, err := jsonops.FindAll(src, slices.Concat(flags, ssoMembers)...)
	if errors.As(err, &a.Broken) {
		a.At = f.at(a.Broken.Position)
	}
	value := func(pointer string) Value {
		v, given := found[pointer]
		return Value{Place: Place{f, v.Lo, v.Hi}, Text: v.Text, Given: given}
	}
	a.ActiveMethod, a.Proxy, a.Issuer, a.ACS, a.IdentityProvider = value(activeMethod), value(proxyServer), value(ssoIssuer), value(ssoACS), value(ssoProvider)
	for _, pointer := range flags {
		if v, ok := found[pointer]; ok {
			name := pointer[strings.LastIndexByte(pointer, '/')+1:]
			a.Flags = append(a.Flags, Flag{value(pointer), name, v.String})
		}
	}
	n.SSO.Applications = append(n.SSO.Applications, a)
	return nil
}

// at is the place of the character at a position.
func (f *File) at(p xmlops.Position) Place {
	rest := bytes.TrimPrefix(f.Source, byteOrderMark)
	for range p.Line - 1 {
		_, rest, _ = bytes.Cut(rest, []byte("\n"))
	}
	for range p.Column - 1 {
		_, size := utf8.DecodeRune(rest)
		rest = rest[size:]
	}
	lo := len(f.Source) - len(rest)
	_, size := utf8.DecodeRune(rest)
	return Place{f, lo, lo + size}
}
