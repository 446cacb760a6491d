package product

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// VaultNamespace is that of the attribute secretAlias.
const VaultNamespace = "http://org.wso2.securevault/configuration"

const secretAlias = "secretAlias"

// alias is the secretAlias of e, or "".
func alias(e xmlops.Element) string {
	for _, a := range e.Attributes() {
		if a.Name == secretAlias && a.Namespace == VaultNamespace {
			return strings.TrimSpace(a.Text)
		}
	}
	return ""
}

// Alias is an attribute secretAlias, which puts a secret into the care of secure vault.
type Alias struct {
	Value
	Namespace string // of the attribute
	Path      string // names of elements below the root, of a parameter its own: clustering/groupPassword
	Kept      Value  // what that element holds; or an attribute of it whose name the alias, and then the path, ends with
	Root      Place
	// Declared reports whether the root of the document declares the namespace of secure vault. Where it does not, the alias counts
	// for nothing (SecretResolverFactory).
	Declared bool
	Known    bool // it is known which secrets of this file Carbon asks for
	// Tokens are those by one of which Carbon asks for this secret; none where it does not ask. A star stands for the alias, whatever it is.
	Tokens []string
}

// Element is the name of what the alias is for, as people know it: password, groupPassword.
func (a *Alias) Element() string { return path.Base(a.Path) }

// AnyToken is what [Alias.Tokens] hold where Carbon asks by the alias that it finds.
const AnyToken = "*"

// vaultToken says by which token Carbon before 4.5 asks for what an element holds.
type vaultToken struct {
	path string // names of elements below the root, of a parameter its own; * is any one, ** are any
	// token has {path} for the dotted path, {name} for the next attribute name and {id} for the next child id outwards, {domain} for the
	// domain of a user store, with a dot before it
	token string
}

// vaultTokens are those of all files in which aliases are known, by their paths below the conf folder.
//
// They are from ServerConfiguration.java:512-519, DataBaseConfiguration.java:326-338, RemoteConfiguration.java:230-245,
// RealmConfigXMLProcessor.java:370-373 and 574-581, ServerManager.java:105-202 and AxisConfigBuilder.java:799-850. Of the keys of
// AWS it depends on the version whether Carbon asks at all.
var vaultTokens = map[string][]vaultToken{
	"carbon.xml": {{"**", "Carbon.{path}"}},
	"registry.xml": {
		{"dbConfig/password", "wso2registry.{name}.password"},
		{"remoteInstance/password", "wso2registry.{id}.password"},
	},
	"user-mgt.xml": {
		{"Realm/Configuration/AdminUser/Password", "UserManager.AdminUser.Password"},
		{"Realm/Configuration/Property", "UserManager.Configuration.Property.{name}"},
		{"Realm/Configuration/Property", "UserStoreManager.Property.{name}"},
		{"Realm/UserStoreManager/Property", "UserStoreManager.Property.{name}"},
		{"Realm/UserStoreManager/Property", "UserStoreManager.Property.{name}{domain}"},
		{"Realm/UserStoreManager/Property", "UserManager.Configuration.Property.{name}"},
		{"Realm/UserStoreManager/Property", "UserManager.Configuration.Property.{name}{domain}"},
	},
	"tomcat/catalina-server.xml": {{"Service/Connector", AnyToken}},
	"axis2/axis2.xml": {
		{"transportReceiver/keystore/*/Password", "Axis2.Https.Listener.KeyStore.Password"},
		{"transportReceiver/keystore/*/KeyPassword", "Axis2.Https.Listener.KeyStore.KeyPassword"},
		{"transportReceiver/truststore/*/Password", "Axis2.Https.Listener.TrustStore.Password"},
		{"transportSender/keystore/*/Password", "Axis2.Https.Sender.KeyStore.Password"},
		{"transportSender/keystore/*/KeyPassword", "Axis2.Https.Sender.KeyStore.KeyPassword"},
		{"transportSender/truststore/*/Password", "Axis2.Https.Sender.TrustStore.Password"},
		{"transportSender/mail.smtp.password", "Axis2.Mailto.Parameter.Password"},
		{"*/customSSLProfiles/*/KeyStore/Password", "Axis2.Https.Sender.CustomSSLProfile.{name}.KeyStore.Password"},
		{"*/customSSLProfiles/*/KeyStore/KeyPassword", "Axis2.Https.Sender.CustomSSLProfile.{name}.KeyStore.KeyPassword"},
		{"*/customSSLProfiles/*/TrustStore/Password", "Axis2.Https.Sender.CustomSSLProfile.{name}.TrustStore.Password"},
		{"clustering/accessKey", AnyToken},
		{"clustering/secretKey", AnyToken},
	},
}

// vaultTokensOf are those of a file, by its path below the conf folder, and whether they are known. Of datasources any element may have
// any alias (DataSourceUtils.java:163-193).
func vaultTokensOf(file string) ([]vaultToken, bool) {
	if strings.HasPrefix(file, "datasources/") && strings.HasSuffix(file, DatasourceSuffix) {
		return []vaultToken{{"**", AnyToken}}, true
	}
	tokens, known := vaultTokens[file]
	return tokens, known
}

// readAliases reads the aliases of a file, by its path below the conf folder, and takes what they are for as secret. Few files hold any.
func readAliases(f *File, file string, root xmlops.Element) []Alias {
	if !bytes.Contains(f.Source, []byte(secretAlias)) {
		return nil
	}
	tokens, known := vaultTokensOf(file)
	var all []Alias
	var walk func(xmlops.Element, surroundings)
	walk = func(e xmlops.Element, around surroundings) {
		for _, a := range e.Attributes() {
			if a.Name == secretAlias {
				path, kept := strings.Join(around.names, "/"), f.text(e, Place{})
				if key := a.Text[strings.LastIndexByte(a.Text, '.')+1:]; f.attribute(e, key).Given {
					path, kept = path+"/"+key, f.attribute(e, key)
				}
				if kept.Lo < kept.Hi {
					f.kept = append(f.kept, [2]int{kept.Lo, kept.Hi})
				}
				all = append(all, Alias{
					Value:     Value{Place: Place{f, a.Lo, a.Hi}, Text: a.Text, Given: true},
					Namespace: a.Namespace, Path: path, Kept: kept,
					Root: f.tag(root), Declared: root.Declares(VaultNamespace), Known: known, Tokens: around.expand(tokens),
				})
			}
		}
		for _, c := range e.Children() {
			walk(c, around.in(f, c))
		}
	}
	walk(root, surroundings{})
	return all
}

// surroundings are what the tokens for an element are put together of: its names and those of what it lies in.
type surroundings struct {
	names            []string // of all elements below the root, of a parameter its own
	name, id, domain string   // the nearest
}

// in is the same for e, a child of the element.
func (s surroundings) in(f *File, e xmlops.Element) surroundings {
	name := f.attribute(e, "name").Text
	if e.Name() == "parameter" {
		s.names = append(slices.Clip(s.names), name)
	} else {
		s.names = append(slices.Clip(s.names), e.Name())
	}
	s.name = cmp.Or(name, s.name)
	if id := child(e, "id"); id.Exists() {
		s.id = id.Content().Text
	}
	for _, p := range children(e, "Property") {
		if f.attribute(p, "name").Text == "DomainName" {
			s.domain = "." + p.Content().Text
		}
	}
	return s
}

// expand are those of tokens that are for the element, filled in.
func (s surroundings) expand(tokens []vaultToken) []string {
	values := strings.NewReplacer("{path}", strings.Join(s.names, "."), "{name}", s.name, "{id}", s.id, "{domain}", s.domain)
	var all []string
	for _, t := range tokens {
		if matchesPath(t.path, s.names) {
			all = append(all, values.Replace(t.token))
		}
	}
	return all
}

func matchesPath(pattern string, names []string) bool {
	if pattern == "**" {
		return len(names) > 0
	}
	steps := strings.Split(pattern, "/")
	if len(steps) != len(names) {
		return false
	}
	for i, step := range steps {
		if step != "*" && step != names[i] {
			return false
		}
	}
	return true
}

// CipherText is what conf/security/cipher-text.properties says: the secrets that secure vault keeps, encrypted.
type CipherText struct {
	File *File
	// Plain says of each alias whether its secret still stands in clear text, in brackets, as the cipher tool takes it.
	Plain map[string]bool
}

func (n *Node) readCipherText() error {
	path := n.ConfDir + "/security/cipher-text.properties"
	if !n.Has(path) {
		return nil
	}
	src, err := n.Read(path)
	if err != nil {
		return err
	}
	n.CipherText = &CipherText{File: &File{Path: path, Source: src}, Plain: map[string]bool{}}
	n.Files = append(n.Files, n.CipherText.File)
	for line := range strings.Lines(string(src)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		key, value := cutProperty(line)
		n.CipherText.Plain[key] = strings.HasPrefix(value, "[") && strings.HasSuffix(value, "]")
	}
	return nil
}

// cutProperty cuts a line at the first =, : or blank that no backslash escapes, as java.util.Properties does.
func cutProperty(line string) (key, value string) {
	var b strings.Builder
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && i+1 < len(line):
			i++
			b.WriteByte(line[i])
		case strings.IndexByte("=: \t", c) >= 0:
			value = strings.TrimLeft(line[i:], " \t")
			if value != "" && (value[0] == '=' || value[0] == ':') {
				value = strings.TrimLeft(value[1:], " \t")
			}
			return b.String(), value
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}
