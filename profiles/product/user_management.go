package product

import "github.com/carbonpatch/carbonpatch/xmlops"

// UserManagement is what conf/user-mgt.xml says. Values are trimmed (RealmConfigXMLProcessor:284-391).
type UserManagement struct {
	File                                                                    *File
	Configuration                                                           Place // of Realm/Configuration, or of the root where there is none
	AddAdmin, AdminRole, AdminUser, AdminPassword, EveryOneRole, DataSource Value
	Properties                                                              []Value // the names of those of Configuration
	UserStores                                                              []UserStore
}

// UserStore is a UserStoreManager.
type UserStore struct {
	Place
	Class, DataSource Value
}

func readUserManagement(f *File, root xmlops.Element) *UserManagement {
	realm := child(root, "Realm")
	configuration := child(realm, "Configuration")
	u := &UserManagement{File: f, Configuration: f.tag(root)}
	if configuration.Exists() {
		u.Configuration = f.tag(configuration)
	}
	text := func(name string) Value { return f.text(child(configuration, name), u.Configuration) }
	u.AddAdmin, u.AdminRole, u.EveryOneRole = text("AddAdmin"), text("AdminRole"), text("EveryOneRoleName")
	admin, missing := child(configuration, "AdminUser"), u.Configuration
	if admin.Exists() {
		missing = f.tag(admin)
	}
	u.AdminUser, u.AdminPassword = f.text(child(admin, "UserName"), missing), f.text(child(admin, "Password"), missing)
	for _, p := range children(configuration, "Property") {
		u.Properties = append(u.Properties, f.attribute(p, "name"))
	}
	u.DataSource = dataSourceProperty(f, configuration, u.Configuration)
	for _, e := range children(realm, "UserStoreManager") {
		u.UserStores = append(u.UserStores, UserStore{Place: f.tag(e), Class: f.attribute(e, "class"), DataSource: dataSourceProperty(f, e, f.tag(e))})
	}
	return u
}

// dataSourceProperty is the property dataSource of e; of several the last counts.
func dataSourceProperty(f *File, e xmlops.Element, missing Place) Value {
	found := Value{Place: missing}
	for _, p := range children(e, "Property") {
		if f.attribute(p, "name").Text == "dataSource" {
			found = f.text(p, missing)
		}
	}
	return found
}
