package lint

import (
	"slices"

	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// userManagementRules are about user-mgt.xml.
func userManagementRules() []*Rule {
	return []*Rule{
		{
			ID: "user-mgt-datasource-dangling", Severity: Error, Scope: InNode,
			Message: `no datasource has the JNDI name "{name}"`,
			Then:    "The server hangs in Waiting for required OSGi services, after Error in looking up data source and Cannot start User Manager Core bundle.",
			Fix:     "Give the JNDI name of a datasource.",
			Source:  "DatabaseUtil.java:171-175, RealmConfigXMLProcessor.java:89-93; guide 003, lines 31 and 41",
			Wrong:   `<Property name="dataSource">jdbc/USER_DB</Property>`,
			Right:   `<Property name="dataSource">jdbc/UserDB</Property>`,
			onNode: ofUsers(func(n *Node, u *product.UserManagement, r *reporter) {
				n.checkJNDI(u.DataSource, u.DataSource.Trim(), r)
				for _, store := range u.UserStores {
					n.checkJNDI(store.DataSource, store.DataSource.Trim(), r)
				}
			}),
		},
		{
			ID: "user-mgt-required", Severity: Error, Scope: InFile,
			Message: "{element} is missing",
			Then:    "The server can't start: there is no user store without it.",
			Fix:     "Add it to Realm/Configuration.",
			Source:  "RealmConfigXMLProcessor.java:284-391",
			Wrong:   `<AddAdmin></AddAdmin>`,
			Right:   `<AddAdmin>true</AddAdmin>`,
			onNode: ofUsers(func(n *Node, u *product.UserManagement, r *reporter) {
				if u.AddAdmin.Empty() {
					r.at(n, u.AddAdmin.Place, "AddAdmin").
						then("The server does not start: AddAdmin configuration not found or invalid in user-mgt.xml. Cannot start server!").
						fix("Set it to true: the administrator is added at the first start, if there is none.")
				}
				for _, needed := range []struct {
					name string
					product.Value
				}{
					{"AdminRole", u.AdminRole},
					{"AdminUser/UserName", u.AdminUser},
					{"AdminUser/Password", u.AdminPassword},
					{"EveryOneRoleName", u.EveryOneRole},
				} {
					switch {
					case !needed.Given:
						r.at(n, needed.Place, needed.name)
					case needed.Empty() && needed.Alias == "":
						r.say(n, needed.Place, "{element} is empty", needed.name).as(Warning).
							then("The server does not refuse it, but hardly any user store has an empty name or password.").fix("Give it a value.")
					}
				}
				if !u.DataSource.Given {
					f := r.at(n, u.DataSource.Place, "the Property dataSource")
					if i := slices.IndexFunc(u.Properties, nearlyDataSource); i >= 0 {
						f.fix(`The name of the Property "{name}" must be dataSource.`, u.Properties[i]).with(n, u.Properties[i].Place)
					}
				}
			}),
		},
		{
			ID: "user-mgt-add-admin-value", Severity: Warning, Scope: InFile,
			Message: `AddAdmin "{value}" counts as false`,
			Then:    "The administrator is not added: with an empty database nobody can log in.",
			Fix:     "Set it to true or false.",
			Source:  "RealmConfigXMLProcessor.java:284-391",
			Wrong:   `<AddAdmin>yes</AddAdmin>`,
			Right:   `<AddAdmin>true</AddAdmin>`,
			onNode: ofUsers(func(n *Node, u *product.UserManagement, r *reporter) {
				if v := u.AddAdmin; !v.Empty() && v.Literal() && !v.Is("true") && !v.Is("false") {
					r.at(n, v.Place, v).meant(v.Trim(), booleans)
				}
			}),
		},
		{
			ID: "default-admin-password", Severity: Warning, Scope: InNode,
			Message: "the cluster uses the default admin password",
			Then:    "Everybody knows it, and it opens every node.",
			Fix:     "Give the administrator another password, best by secure vault; once it is in the database, it must be changed there.",
			Source:  "RealmConfigXMLProcessor.java:284-391",
			Wrong: `<UserName>admin</UserName>
<Password>admin</Password>`,
			Right: `<UserName>operator</UserName>
<Password svns:secretAlias="UserManager.AdminUser.Password">password</Password>`,
			onNode: ofUsers(func(n *Node, u *product.UserManagement, r *reporter) {
				if v := u.AdminPassword; n.clustered() && v.Literal() && v.Trim() == "admin" && u.AdminUser.Trim() == "admin" {
					r.at(n, v.Place)
				}
			}),
		},
	}
}

// nearlyDataSource reports whether the name of a Property is probably meant to be dataSource.
func nearlyDataSource(name product.Value) bool {
	return xmlops.Nearest(name.Trim(), []string{"dataSource"}) >= 0
}

// ofUsers checks a node of which user-mgt.xml is known.
func ofUsers(check func(*Node, *product.UserManagement, *reporter)) func(*Node, *reporter) {
	return func(n *Node, r *reporter) {
		if n.UserManagement != nil {
			check(n, n.UserManagement, r)
		}
	}
}
