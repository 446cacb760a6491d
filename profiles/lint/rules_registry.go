package lint

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// registryRules are about registry.xml.
func registryRules() []*Rule {
	return slices.Concat(registryDatabaseRules(), remoteInstanceRules(), mountRules(), registryTextRules())
}

// ofRegistry checks a node of which registry.xml is known.
func ofRegistry(check func(*Node, *product.Registry, *reporter)) func(*Node, *reporter) {
	return func(n *Node, r *reporter) {
		if n.Registry != nil {
			check(n, n.Registry, r)
		}
	}
}

// registryDatabaseRules are about the databases of registry.xml.
func registryDatabaseRules() []*Rule {
	return []*Rule{
		{
			ID: "registry-current-db-missing", Severity: Error, Scope: InFile,
			Message: "currentDBConfig is not given",
			Then:    "The server does not start: The current database configuration is not defined.",
			Fix:     "Name the dbConfig of the registry of this node in it.",
			Source:  "RegistryConfigurationProcessor.java:357-362",
			Wrong:   `<currentDBConfig></currentDBConfig>`,
			Right:   `<currentDBConfig>wso2registry</currentDBConfig>`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				if reg.CurrentDBConfig.Empty() {
					r.at(n, reg.CurrentDBConfig.Place)
				}
			}),
		},
		{
			ID: "registry-current-db-dangling", Severity: Error, Scope: InFile,
			Message: `currentDBConfig: dbConfig "{name}" does not exist`,
			Then:    "The server does not start: Couldn't find db configuration, Failed to configure the embedded registry.",
			Fix:     "Name a dbConfig that is there, exactly; it need not be called wso2registry.",
			Source:  "RegistryContext.java:680-689, EmbeddedRegistryService.java:163-168; guide 002, line 193",
			Wrong:   `<currentDBConfig>wso2Registry</currentDBConfig>`,
			Right:   `<currentDBConfig>wso2registry</currentDBConfig>`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				if v := reg.CurrentDBConfig; !v.Empty() && v.Literal() && reg.Current() == nil {
					r.at(n, v.Place, v).meantName(v, dbConfigNames(reg))
				}
			}),
		},
		{
			ID: "dbconfig-name", Severity: Error, Scope: InFile,
			Message: "dbConfig has no name",
			Then:    "The server does not start: The database configuration name cannot be null.",
			Fix:     "Give each dbConfig a name of its own.",
			Source:  "RegistryConfigurationProcessor.java:133-143",
			Wrong:   `<dbConfig>`,
			Right:   `<dbConfig name="sharedregistry">`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				first := map[string]product.Place{}
				for _, db := range reg.DBConfigs {
					place, isTwice := first[db.Name.Text]
					switch {
					case !db.Name.Given:
						r.at(n, db.Place)
					case db.Name.Text == "":
						r.say(n, db.Name.Place, "the name of a dbConfig is empty").as(Warning).
							then("The server does not refuse it, but nothing that gives a name leads to it.")
					case isTwice:
						r.say(n, db.Name.Place, `a second dbConfig has the name "{name}"`, db.Name).as(Warning).with(n, place).
							then("The last one counts, and nothing is said of the others.")
					default:
						first[db.Name.Text] = db.Name.Place
					}
				}
			}),
		},
		{
			ID: "dbconfig-datasource-dangling", Severity: Error, Scope: InNode,
			Message: `no datasource has the JNDI name "{name}"`,
			Then:    "The server does not start: Unable to look-up JNDI name, then Couldn't find dataSource.",
			Fix:     "Give the JNDI name of a datasource.",
			Source:  "RegistryConfigurationProcessor.java:144-165, JDBCDataAccessManager.java:112",
			Wrong:   `<dataSource>SHARED_DB</dataSource>`,
			Right:   `<dataSource>jdbc/SharedDB</dataSource>`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				for _, db := range reg.DBConfigs {
					n.checkJNDI(db.DataSource, db.DataSource.Text, r)
				}
			}),
		},
	}
}

func dbConfigNames(reg *product.Registry) []string {
	var names []string
	for _, db := range reg.DBConfigs {
		names = append(names, db.Name.Text)
	}
	return names
}

// meantName puts a suggestion before what to do where a name is nearly one of known. Names that differ by the blanks around them are not
// the same, but those blanks are hardly ever meant.
func (f *Finding) meantName(name product.Value, known []string) *Finding {
	if len(known) > mostKnown {
		return f
	}
	var meant []string
	for _, k := range known {
		meant = append(meant, strings.TrimSpace(k))
	}
	if slices.Contains(meant, name.Trim()) {
		return f.fix("Take away the blanks around the name, here or where it is defined.")
	}
	return f.meant(name.Text, meant)
}

// checkJNDI reports a value that the server looks up as jndi, where no datasource has that name.
func (n *Node) checkJNDI(v product.Value, jndi string, r *reporter) {
	if !v.Literal() || !n.AllDatasources || strings.HasPrefix(jndi, "java:") || n.Datasource(jndi) != nil {
		return
	}
	f := r.at(n, v.Place, v)
	var have []product.DatasourceName
	for _, d := range n.Datasources {
		if d.JNDI == strings.TrimSpace(jndi) {
			f.fix("Take away the blanks around the name, here or in the datasource.").with(n, d.Value("jndiConfig/name").Place)
			return
		}
		have = append(have, product.DatasourceName{Name: d.Name, JNDI: d.JNDI})
	}
	switch hint := product.JNDIHint(jndi, have); {
	case strings.HasSuffix(hint, "?"):
		f.fix("{hint} {fix}", hint, f.Hint)
	case hint != "":
		f.fix("{hint}. {fix}", hint, f.Hint)
	}
}

// remoteInstanceRules are about the remote instances of registry.xml.
func remoteInstanceRules() []*Rule {
	return []*Rule{
		{
			ID: "remote-instance-id", Severity: Error, Scope: InFile,
			Message: "remoteInstance has no id",
			Then:    "The registry can't be configured: Could not read remote instance configuration.",
			Fix:     "Give each remoteInstance an id of its own.",
			Source:  "RegistryConfigurationProcessor.java:635-729",
			Wrong: `<remoteInstance url="https://localhost:9443/registry">
    <dbConfig>sharedregistry</dbConfig>
</remoteInstance>`,
			Right: `<remoteInstance url="https://localhost:9443/registry">
    <id>shared</id>`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				first := map[string]product.Place{}
				for _, i := range reg.RemoteInstances {
					place, isTwice := first[i.ID.Text]
					switch {
					case !i.ID.Given:
						r.at(n, i.Place)
					case i.ID.Text == "" && !isTwice:
						r.say(n, i.ID.Place, "the id of a remoteInstance is empty").as(Warning).
							then("The server does not refuse it, but no mount that gives an id leads to it.")
						first[""] = i.ID.Place
					case isTwice:
						r.say(n, i.ID.Place, `a second remoteInstance has the id "{id}"`, i.ID).with(n, place).
							then("The registry can't be configured: Two remote instances can't have the same id.")
					default:
						first[i.ID.Text] = i.ID.Place
					}
				}
			}),
		},
		{
			ID: "remote-instance-dbconfig", Severity: Error, Scope: InFile,
			Message: `remoteInstance "{id}": dbConfig "{name}" does not exist`,
			Then:    "What is mounted from it can't be read: Couldn't find db configuration.",
			Fix:     "Name a dbConfig that is there, exactly.",
			Source:  "RegistryContext.java:680-689, RegistryUtils.java:1675-1680",
			Wrong:   `<dbConfig>sharedRegistry</dbConfig>`,
			Right:   `<dbConfig>sharedregistry</dbConfig>`,
			onNode: ofRemoteInstance(func(n *Node, reg *product.Registry, i *product.RemoteInstance, r *reporter) {
				switch v := i.DBConfig; {
				case i.Remote():
				case !v.Given:
					r.say(n, i.Place, `remoteInstance "{id}" needs a dbConfig, or username and password`, i.ID).
						fix("Add a dbConfig: the registry of another node is hardly ever reached by its URL.")
				case v.Literal() && reg.DBConfig(v.Text) == nil:
					r.at(n, v.Place, i.ID, v).meantName(v, dbConfigNames(reg))
				}
			}),
		},
		{
			ID: "remote-instance-both-modes", Severity: Warning, Scope: InFile,
			Message: `remoteInstance "{id}" has both a dbConfig and credentials`,
			Then:    "With username and password Carbon reaches it by its URL, by the Atom protocol; the dbConfig is not used.",
			Fix:     "Take away username and password.",
			Source:  "RegistryUtils.java:1675-1680",
			Wrong: `<dbConfig>sharedregistry</dbConfig>
<username>admin</username>
<password>secret</password>`,
			Right: `<dbConfig>sharedregistry</dbConfig>`,
			onNode: ofRemoteInstance(func(n *Node, _ *product.Registry, i *product.RemoteInstance, r *reporter) {
				if i.DBConfig.Given && i.Remote() {
					r.at(n, i.Username.Place, i.ID).with(n, i.DBConfig.Place)
				}
			}),
		},
		{
			ID: "remote-instance-local-db", Severity: Warning, Scope: InNode,
			Message: `the shared registry, remoteInstance "{id}", is the local registry`,
			Then:    "What each node keeps for itself, its mounts too, gets into one database.",
			Fix:     "Give each node a database for its own registry, and all of them another one for what they share.",
			Source:  "RegistryCoreServiceComponent.java:239-254; guide 002, line 127",
			Wrong:   `<dbConfig>wso2registry</dbConfig>`,
			Right:   `<dbConfig>sharedregistry</dbConfig>`,
			onNode: ofRemoteInstance(func(n *Node, reg *product.Registry, i *product.RemoteInstance, r *reporter) {
				if n.sameDatabase(reg.Current(), reg.Database(i)) {
					r.at(n, i.DBConfig.Place, i.ID).with(n, reg.CurrentDBConfig.Place)
				}
			}),
		},
		{
			ID: "remote-readonly", Severity: Info, Scope: InFile,
			Message: `remoteInstance "{id}" is read-only: what this node writes to {paths} is dropped`,
			Then:    "Nothing tells who writes that it was dropped, and no log does.",
			Fix:     "Leave it if another node writes; else set readOnly to false.",
			Source:  "UserRegistry.java:817-823",
			Wrong:   `<readOnly>true</readOnly>`,
			Right:   `<readOnly>false</readOnly>`,
			onNode: ofRemoteInstance(func(n *Node, reg *product.Registry, i *product.RemoteInstance, r *reporter) {
				var paths []string
				for _, m := range reg.MountsOf(i) {
					paths = append(paths, m.Path.Text)
				}
				if strings.EqualFold(i.ReadOnly.Text, "true") && len(paths) > 0 {
					r.at(n, i.ReadOnly.Place, i.ID, strings.Join(paths, ", "))
				}
			}),
		},
		{
			ID: "registry-cache-disabled", Severity: Info, Scope: InFile,
			Message: `the registry has no cache, though remoteInstance "{id}" has enableCache`,
			Then:    "Carbon reads only the enableCache at the top of the file, and only true turns it on.",
			Fix:     "Set the enableCache at the top of the file to true.",
			Source:  "UserRegistry.java:266, RegistryConfigurationProcessor.java:115-120",
			Wrong:   `<enableCache>false</enableCache>`,
			Right:   `<enableCache>true</enableCache>`,
			onNode: ofRemoteInstance(func(n *Node, reg *product.Registry, i *product.RemoteInstance, r *reporter) {
				if top := reg.EnableCache; i.EnableCache.Is("true") && top.Text != "true" && (top.Literal() || !top.Given) {
					r.at(n, top.Place, i.ID).with(n, i.EnableCache.Place)
				}
			}),
		},
		{
			ID: "cache-id-mismatch", Severity: Info, Scope: InNode,
			Message: `the cacheId of remoteInstance "{id}" is not {user}@{url}`,
			Then:    "It is ignored here, since a dbConfig is used; what counts for the cache is that the datasource has the same URL and user on all nodes.",
			Fix:     "Take it away, or make it the user and the URL of the datasource.",
			Source:  "CacheBackedRegistry.java:90-104, 159-167; guide 002, line 200; guide 003, line 46",
			Wrong:   `<cacheId>wso2@jdbc:mysql://db.example.com:3306/shared?autoReconnect=true</cacheId>`,
			Right:   `<cacheId>wso2@jdbc:mysql://db.example.com:3306/shared</cacheId>`,
			onNode: ofRemoteInstance(func(n *Node, reg *product.Registry, i *product.RemoteInstance, r *reporter) {
				c := n.Connection(reg.Database(i))
				if i.CacheID.Literal() && c.User.Literal() && c.URL.Literal() && i.CacheID.Trim() != c.User.Trim()+"@"+c.URL.Trim() {
					r.at(n, i.CacheID.Place, i.ID, c.User, c.URL).with(n, c.URL.Place)
				}
			}),
		},
	}
}

// ofRemoteInstance checks each remote instance of registry.xml.
func ofRemoteInstance(check func(*Node, *product.Registry, *product.RemoteInstance, *reporter)) func(*Node, *reporter) {
	return ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
		for i := range reg.RemoteInstances {
			check(n, reg, &reg.RemoteInstances[i], r)
		}
	})
}

// sameDatabase reports whether two dbConfigs are known to lead to one database.
func (n *Node) sameDatabase(a, b *product.DBConfig) bool {
	if a == nil || b == nil {
		return false
	}
	if a == b || a.DataSource.Literal() && b.DataSource.Literal() && a.DataSource.Text == b.DataSource.Text {
		return true
	}
	x, xKnown := n.Connection(a).Database()
	y, yKnown := n.Connection(b).Database()
	return xKnown && yKnown && x == y
}

// registryTextRules are about how the texts of registry.xml, and of files that are read like it, are written.
func registryTextRules() []*Rule {
	return []*Rule{
		{
			ID: "registry-text-whitespace", Severity: Error, Scope: InFile,
			Message: `{element} has blanks around it: "{text}"`,
			Then:    "Carbon does not trim what registry.xml says: it finds nothing of that name, and a true with blanks is false.",
			Fix:     "Take the blanks and line breaks away.",
			Source:  "RegistryConfigurationProcessor.java:91-365, 635-808",
			Wrong:   `<currentDBConfig>wso2registry </currentDBConfig>`,
			Right:   `<currentDBConfig>wso2registry</currentDBConfig>`,
			onNode: ofRegistry(func(n *Node, reg *product.Registry, r *reporter) {
				check := func(element string, v product.Value) {
					if padded(v) && !v.Empty() {
						r.at(n, v.Place, element, v)
					}
				}
				check("currentDBConfig", reg.CurrentDBConfig)
				check("readOnly", reg.ReadOnly)
				check("enableCache", reg.EnableCache)
				for _, db := range reg.DBConfigs {
					check("dataSource", db.DataSource)
				}
				for _, i := range reg.RemoteInstances {
					check("id", i.ID)
					check("dbConfig", i.DBConfig)
					check("readOnly", i.ReadOnly)
				}
				for _, m := range reg.Mounts {
					check("instanceId", m.InstanceID)
					check("targetPath", m.TargetPath)
				}
			}),
		},
		{
			ID: "registry-env-variable", Severity: Warning, Scope: InFile,
			Message: "${{name}} is replaced only by a Java system property, and the start script sets none of that name",
			Then:    "Environment variables are not looked at here: the text stays as it is, and is taken for a name, a URL or a password. What the script sets is known only where it was collected.",
			Fix:     "Pass it to the server by -D in the start script, or write the value itself.",
			Source:  "CarbonUtils.java:1091-1174, RDBMSDataSourceReader.java:43",
			Wrong:   `<url>jdbc:mysql://${DB_HOST}:3306/shared</url>`,
			Right:   `<url>jdbc:mysql://db.example.com:3306/shared</url>`,
			onNode: func(n *Node, r *reporter) {
				if n.Script == nil || n.Script.Broken != nil {
					return
				}
				for _, p := range n.SystemProperties {
					if !n.Script.Option("-D"+p.Text).Given && !setByItself(p.Text) {
						r.at(n, p.Place, p)
					}
				}
			},
		},
	}
}

// setByItself reports whether Java or Carbon sets a property of the system without being told.
func setByItself(name string) bool {
	return slices.ContainsFunc([]string{"java.", "user.", "os.", "file.", "path.", "line.", "carbon.", "axis2."},
		func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}
