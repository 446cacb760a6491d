package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// vaultRules are about secrets, and secure vault which keeps them.
func vaultRules() []*Rule {
	return []*Rule{
		{
			ID: "vault-namespace-not-on-root", Severity: Error, Scope: InFile,
			Message: "the root element does not declare the namespace of secretAlias",
			Then:    "Secure vault is not initialized for this file, and every password in it is used as it stands there.",
			Fix:     `Declare it on the root element: xmlns:svns="` + product.VaultNamespace + `".`,
			Source:  "SecretResolverFactory.java; CipherTool.java:213-270 writes it there",
			Wrong: `<UserManager>
    <Realm>
        <Configuration>
            <AddAdmin>true</AddAdmin>
            <AdminRole>admin</AdminRole>
            <AdminUser>
                <UserName>operator</UserName>
                <Password xmlns:svns="http://org.wso2.securevault/configuration" svns:secretAlias="UserManager.AdminUser.Password">password</Password>`,
			Right: `<UserManager xmlns:svns="http://org.wso2.securevault/configuration">
    <Realm>
        <Configuration>
            <AddAdmin>true</AddAdmin>
            <AdminRole>admin</AdminRole>
            <AdminUser>
                <UserName>operator</UserName>
                <Password svns:secretAlias="UserManager.AdminUser.Password">password</Password>`,
			onNode: func(n *Node, r *reporter) {
				seen := map[product.Place]bool{}
				for _, a := range n.Aliases {
					if a.Namespace == product.VaultNamespace && !a.Declared && !seen[a.Root] {
						seen[a.Root] = true
						r.at(n, a.Root).with(n, a.Place)
					}
				}
			},
		},
		{
			ID: "vault-alias-token", Severity: Error, Scope: InFile,
			Message: `alias "{alias}" is not what Carbon asks for, which is "{token}"`,
			Then:    "Carbon asks secure vault by a name of its own; under another one it finds nothing, and the text of the element counts.",
			Fix:     "Use that name as the alias, here and in cipher-text.properties.",
			Source: "ServerConfiguration.java:512-519, DataBaseConfiguration.java:326-338, RemoteConfiguration.java:230-245, " +
				"RealmConfigXMLProcessor.java:370-373, 574-581, AxisConfigBuilder.java:799-850; since Carbon 4.5 an alias may have any name",
			Wrong: `<Password svns:secretAlias="Admin.Password">password</Password>`,
			Right: `<Password svns:secretAlias="UserManager.AdminUser.Password">password</Password>`,
			onNode: func(n *Node, r *reporter) {
				for _, a := range n.Aliases {
					if effective(a) && n.KernelBefore("4.5") && len(a.Tokens) > 0 && !asksFor(a) {
						r.at(n, a.Place, a.Value, a.Tokens[0]).meant(a.Trim(), a.Tokens)
					}
				}
			},
		},
		{
			ID: "vault-alias-unknown", Severity: Error, Scope: InNode,
			Message: `alias "{alias}" is not in cipher-text.properties`,
			Then:    "The alias itself is used as the value; nothing in the log says so.",
			Fix:     "Add it to cipher-text.properties with its value in brackets, then run ciphertool.sh -Dconfigure.",
			Source:  "FileBaseSecretRepository.java",
			Wrong:   `<password svns:secretAlias="Datasources.WSO2_SHARED_DB.Configuration.Password">password</password>`,
			Right:   `<password svns:secretAlias="Datasources.SHARED_DB.Configuration.Password">password</password>`,
			onNode: func(n *Node, r *reporter) {
				if n.CipherText == nil {
					return
				}
				known := slices.Sorted(maps.Keys(n.CipherText.Plain))
				for _, a := range n.Aliases {
					if !n.kept(a) {
						continue
					}
					switch plain, given := n.CipherText.Plain[a.Trim()]; {
					case !given:
						r.at(n, a.Place, a.Value).meant(a.Trim(), known)
					case plain:
						r.say(n, a.Place, `the value of alias "{alias}" is not encrypted in cipher-text.properties`, a.Value).as(Warning).
							then("Secure vault can't decrypt it.").fix("Run ciphertool.sh -Dconfigure, which encrypts all that stand in brackets.")
					}
				}
			},
		},
		{
			ID: "vault-wrong-namespace", Severity: Error, Scope: InFile,
			Message: "secretAlias is not in the namespace " + product.VaultNamespace,
			Then:    "Carbon takes no notice of it: the text of the element counts.",
			Fix:     "Write svns:secretAlias, and bind svns to that namespace on the root element.",
			Source:  "SecretResolverFactory.java, CipherTool.java:213-270",
			Wrong:   `<Password secretAlias="UserManager.AdminUser.Password">password</Password>`,
			Right:   `<Password svns:secretAlias="UserManager.AdminUser.Password">password</Password>`,
			onNode: func(n *Node, r *reporter) {
				for _, a := range n.Aliases {
					if a.Namespace != product.VaultNamespace {
						r.at(n, a.Place)
					}
				}
			},
		},
		{
			ID: "vault-unsupported-place", Severity: Warning, Scope: InFile,
			Message: "Carbon does not ask secure vault for {element}",
			Then:    "The alias is ignored and the text of the element counts, which is just password once the cipher tool has run.",
			Fix:     "Write the value as the text, and take secretAlias away.",
			Source:  "HazelcastClusteringAgent.java, AxisConfigBuilder.java:799-850, RealmConfigXMLProcessor.java:370-373, 574-581, DataBaseConfiguration.java:326-338",
			Wrong:   `<parameter name="groupPassword" svns:secretAlias="Axis2.clustering.groupPassword">password</parameter>`,
			Right:   `<parameter name="accessKey" svns:secretAlias="Axis2.clustering.aws.accessKey">password</parameter>`,
			onNode: func(n *Node, r *reporter) {
				for _, a := range n.Aliases {
					parameter := strings.HasPrefix(a.Path, "clustering/")
					if effective(a) && a.Known && len(a.Tokens) == 0 && (parameter || n.KernelBefore("4.5")) {
						r.at(n, a.Place, a.Element())
					}
				}
			},
		},
		{
			ID: "vault-clear-text", Severity: Info, Scope: InFile,
			Message: "{element} holds a text beside its secretAlias",
			Then:    "Secure vault keeps the value, and the text is ignored; if that is a secret, too, whoever can read the file has it.",
			Fix:     "Write password as the text, as the cipher tool does, or take secretAlias away if the text is to count.",
			Source:  "CipherTool.java:213-270",
			Wrong:   `<Password svns:secretAlias="UserManager.AdminUser.Password">s3cret</Password>`,
			Right:   `<Password svns:secretAlias="UserManager.AdminUser.Password">password</Password>`,
			onNode: func(n *Node, r *reporter) {
				for _, a := range n.Aliases {
					if n.kept(a) && !a.Kept.Empty() && a.Kept.Trim() != "password" {
						r.at(n, a.Kept.Place, a.Element())
					}
				}
			},
		},
		{
			ID: "plaintext-password", Severity: Info, Scope: InFile,
			Message: "{where} has a clear-text password",
			Then:    "Whoever can read this file, or a backup of it, has the password.",
			Fix:     "Let secure vault keep it, or see to it that only the server can read the file.",
			Source:  "DataSourceUtils.java:163-193, ServerConfiguration.java:512-519",
			Wrong:   "<password>s3cret</password>",
			Right:   `<password svns:secretAlias="Datasources.SHARED_DB.Configuration.Password">password</password>`,
			onNode: func(n *Node, r *reporter) {
				for _, d := range n.Datasources {
					if v := d.Configuration("password"); clearText(v) {
						r.at(n, v.Place, "datasource "+d.Name)
					}
				}
				if v := n.synchronizer("SvnPassword"); n.synchronized() && clearText(v) {
					r.at(n, v.Place, "DeploymentSynchronizer")
				}
			},
		},
	}
}

// effective reports whether Carbon takes notice of an alias.
func effective(a product.Alias) bool { return a.Namespace == product.VaultNamespace && a.Declared }

// asksFor reports whether an alias is one that Carbon asks for there.
func asksFor(a product.Alias) bool {
	return slices.Contains(a.Tokens, product.AnyToken) || slices.Contains(a.Tokens, a.Trim())
}

// kept reports whether Carbon has secure vault say what a secret is. Since 4.5 it asks for any alias.
func (n *Node) kept(a product.Alias) bool {
	return effective(a) && (asksFor(a) || len(a.Tokens) > 0 && n.KernelSince("4.5"))
}

// clearText reports whether a password stands there as it is, and is not put in when the server starts.
func clearText(v product.Value) bool {
	return v.Given && !v.Empty() && v.Alias == "" && !strings.Contains(v.Text, "${")
}
