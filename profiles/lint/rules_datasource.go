package lint

import (
	"maps"
	"slices"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// datasourceRules are about the datasources.
func datasourceRules() []*Rule {
	return slices.Concat(datasourceNameRules(), datasourceSettingRules(), datasourceDatabaseRules())
}

// datasourceNameRules are about how datasources are called and what reads them.
func datasourceNameRules() []*Rule {
	return []*Rule{
		{
			ID: "duplicate-datasource-name", Severity: Error, Scope: InNode,
			Message: `a second datasource has the name "{name}"`,
			Then:    "Neither the rest of this file nor any file after it is loaded: System datasource can not be updated, Error in intializing system data sources.",
			Fix:     "Give each datasource a name that no other one has, in no file.",
			Source:  "DataSourceRepository.java:338-347, DataSourceServiceComponent.java:187-199",
			Wrong: `<datasource>
    <name>SHARED_DB</name>
    <jndiConfig>
        <name>jdbc/UserDB</name>`,
			Right: `<datasource>
    <name>USER_DB</name>
    <jndiConfig>
        <name>jdbc/UserDB</name>`,
			onNode: repeatedName("name"),
		},
		{
			ID: "duplicate-jndi-name", Severity: Error, Scope: InNode,
			Message: `a second datasource has the JNDI name "{name}"`,
			Then:    "The name leads to the datasource that is loaded last, and nothing is said of the others.",
			Fix:     "Give each datasource a JNDI name of its own.",
			Source:  "DataSourceRepository.java:260",
			Wrong: `<name>USER_DB</name>
<jndiConfig>
    <name>jdbc/SharedDB</name>`,
			Right: `<name>USER_DB</name>
<jndiConfig>
    <name>jdbc/UserDB</name>`,
			onNode: repeatedName("jndiConfig/name"),
		},
		{
			ID: "datasource-type", Severity: Error, Scope: InFile,
			Message: `datasource {name}: nothing reads the type "{type}"`,
			Then:    "The datasource is in state ERROR: A data source reader cannot be found for the type.",
			Fix:     "A database has the type RDBMS, in capitals; the providers must list " + product.DatasourceReaders[product.RDBMS] + ".",
			Source:  "DataSourceManager.java:149-171, DataSourceRepository.java",
			Wrong:   `<definition type="rdbms">`,
			Right:   `<definition type="RDBMS">`,
			onNode:  checkDatasourceType,
		},
		{
			ID: "datasource-unreferenced", Severity: Info, Scope: InNode,
			Message: "no configuration file refers to datasource {name} ({jndi})",
			Then:    "Its connections are opened for nobody, or somebody was meant to use it and uses another one.",
			Fix:     "Take it away, or name it where it should be used.",
			Source:  "guide 003, line 33",
			Wrong:   `<name>jdbc/WSO2IdentityDB</name>`,
			Right:   `<name>jdbc/UserDB</name>`,
			onNode: func(n *Node, r *reporter) {
				if n.Registry == nil || n.UserManagement == nil {
					return
				}
				for _, d := range n.UnreferencedDatasources() {
					jndi := d.Value("jndiConfig/name")
					r.at(n, jndi.Place, d.Name, jndi)
				}
			},
		},
	}
}

// repeatedName reports each datasource that has the same name at a path as one before it. Names with other blanks around them are others:
// nothing trims them.
func repeatedName(path string) func(*Node, *reporter) {
	return func(n *Node, r *reporter) {
		first := map[string]product.Place{}
		for _, d := range n.Datasources {
			name := d.Value(path)
			place, isTwice := first[name.Text]
			switch {
			case name.Empty():
			case isTwice:
				r.at(n, name.Place, name).with(n, place)
			default:
				first[name.Text] = name.Place
			}
		}
	}
}

// ofDatasource checks each datasource.
func ofDatasource(check func(*Node, *product.Datasource, *reporter)) func(*Node, *reporter) {
	return func(n *Node, r *reporter) {
		for i := range n.Datasources {
			check(n, &n.Datasources[i], r)
		}
	}
}

// ofDatabase checks each datasource that is for a database and has a definition.
func ofDatabase(check func(*Node, *product.Datasource, *reporter)) func(*Node, *reporter) {
	return ofDatasource(func(n *Node, d *product.Datasource, r *reporter) {
		if d.Type == product.RDBMS {
			check(n, d, r)
		}
	})
}

func checkDatasourceType(n *Node, r *reporter) {
	known := slices.Collect(maps.Values(product.DatasourceReaders))
	var listed []string
	for _, p := range n.Providers {
		listed = append(listed, p.Trim())
	}
	isOther := func(class string) bool { return !slices.Contains(known, class) }
	for _, d := range n.Datasources {
		if !d.Value("name").Given {
			r.say(n, d.Place, "datasource has no name").then("Carbon keeps datasources by their names.").fix("Give it a name that no other datasource has.")
		}
		if !d.Value("definition").Given {
			r.say(n, d.Place, "datasource {name} has no definition", d.Name).then("There is nothing to make connections of.").
				fix("Add a definition of type RDBMS with a configuration.")
			continue
		}
		kind := d.Value("definition/@type")
		reader, isKnown := product.DatasourceReaders[kind.Text]
		switch {
		case kind.Empty():
			r.say(n, kind.Place, "the definition of datasource {name} has no type", d.Name)
		case isKnown && (slices.Contains(listed, reader) || !n.AllDatasources): // another file may list it
		case isKnown:
			r.at(n, kind.Place, d.Name, kind).fix("List it among the providers: {class}.", reader)
			listed = append(listed, reader) // said once
		case slices.ContainsFunc(listed, isOther):
			r.say(n, kind.Place, `datasource {name}: the type "{type}" is not RDBMS, and may be that of another provider`, d.Name, kind).as(Warning).
				then("If no provider reads it, the datasource is in state ERROR: A data source reader cannot be found for the type.").
				fix("Leave it if one of the other providers reads this type; a database has the type RDBMS.").meant(kind.Text, []string{product.RDBMS})
		default:
			r.at(n, kind.Place, d.Name, kind).meant(kind.Text, []string{product.RDBMS})
		}
	}
}

// datasourceSettingRules are about single settings of datasources.
func datasourceSettingRules() []*Rule {
	known := product.DatasourceKeys()
	return []*Rule{
		{
			ID: "datasource-value-invalid", Severity: Error, Scope: InFile,
			Message: `datasource {name}: {key} "{value}" is not {expected}`,
			Then:    "Nothing is logged of it, and the setting has another value, mostly the usual one.",
			Fix:     "Give it such a value, or take it away.",
			Source:  "RDBMSConfiguration.java, RDBMSDataSourceUtils.java, DatatypeConverterImpl.java (JAXB)",
			Wrong:   `<maxWait>60s</maxWait>`,
			Right:   `<maxWait>60000</maxWait>`,
			onNode: ofSetting(func(n *Node, d *product.Datasource, s product.Setting, r *reporter) {
				switch expected := s.Expected(); {
				case !s.Literal():
				case s.Zero():
					r.say(n, s.Place, "datasource {name}: {key} is empty", d.Name, s.Key).as(Warning).
						then("It counts as 0, and not as a setting that is not given.").fix("Give it a number, or take it away.")
				case expected == "":
				case s.Choices() == nil:
					r.at(n, s.Place, d.Name, s.Key, s.Value, expected).fix("Write a number, in digits and without a unit, or take the setting away.")
				default:
					r.at(n, s.Place, d.Name, s.Key, s.Value, expected).meant(s.Text, s.Choices())
				}
			}),
		},
		{
			ID: "datasource-unknown-key", Severity: Warning, Scope: InFile,
			Message: "datasource {name}: there is no setting {key}",
			Then:    "It is ignored, and nothing is said of it.",
			Fix:     "Take it away, or correct its name.",
			Source:  "RDBMSConfiguration.java",
			Wrong:   `<maxactive>50</maxactive>`,
			Right:   `<maxActive>50</maxActive>`,
			onNode: ofSetting(func(n *Node, d *product.Datasource, s product.Setting, r *reporter) {
				if slices.Contains(known, s.Key) || s.Key == "useDataSourceFactory" { // products ship this one, for jndiConfig
					return
				}
				f := r.at(n, s.Place, d.Name, s.Key)
				if key, ok := otherDatasourceKeys[s.Key]; ok {
					f.fix(`did you mean "{key}"? {fix}`, key, f.Hint)
					return
				}
				f.meant(s.Key, known)
			}),
		},
		{
			ID: "datasource-required-key", Severity: Error, Scope: InFile,
			Message: "datasource {name} has no {key}",
			Then:    "No connection can be opened.",
			Fix:     "Add it to the configuration.",
			Source:  "RDBMSDataSourceUtils.java, PoolProperties",
			Wrong: `<configuration>
    <username>wso2</username>`,
			Right: `<configuration>
    <url>jdbc:mysql://db.example.com:3306/local1</url>
    <username>wso2</username>`,
			onNode: ofDatabase(func(n *Node, d *product.Datasource, r *reporter) {
				missing := func(key string) bool {
					v := d.Configuration(key)
					return v.Empty() && v.Alias == ""
				}
				for _, key := range []string{"url", "driverClassName"} {
					if missing(key) && missing("dataSourceClassName") {
						r.at(n, d.Configuration(key).Place, d.Name, key)
					}
				}
				if missing("username") && !missing("password") {
					r.at(n, d.Configuration("username").Place, d.Name, "username").as(Warning).then("Without one the password is not used.")
				}
			}),
		},
		{
			ID: "datasource-test-on-borrow", Severity: Info, Scope: InFile,
			Message: "datasource {name}: testOnBorrow has no effect without validationQuery",
			Then:    "Connections that the database has closed are handed out, and the first query on each fails.",
			Fix:     "Add a validationQuery, such as SELECT 1 with MySQL or SELECT 1 FROM DUAL with Oracle.",
			Source:  "PoolProperties, PooledConnection.validate of Tomcat",
			Wrong: `<testOnBorrow>true</testOnBorrow>
<validationInterval>30000</validationInterval>`,
			Right: `<testOnBorrow>true</testOnBorrow>
<validationQuery>SELECT 1</validationQuery>`,
			onNode: ofDatabase(func(n *Node, d *product.Datasource, r *reporter) {
				test := d.Configuration("testOnBorrow")
				if test.Is("true") && d.Configuration("validationQuery").Empty() && d.Configuration("validatorClassName").Empty() {
					r.at(n, test.Place, d.Name).fix("Add a validationQuery, such as {query}.", product.ValidationQuery(d.Configuration("url").Text))
				}
			}),
		},
	}
}

// otherDatasourceKeys are what the settings of datasources are called elsewhere: in dbConfig of registry.xml, by JDBC, by other pools.
var otherDatasourceKeys = map[string]string{
	"driverClass": "driverClassName", "driverName": "driverClassName", "driver": "driverClassName", "user": "username", "jdbcUrl": "url",
	"maxTotal": "maxActive", "maximumPoolSize": "maxActive", "maxWaitMillis": "maxWait", "connectionInitSql": "initSQL",
}

// ofSetting checks each setting of each datasource for a database.
func ofSetting(check func(*Node, *product.Datasource, product.Setting, *reporter)) func(*Node, *reporter) {
	return ofDatabase(func(n *Node, d *product.Datasource, r *reporter) {
		for _, s := range d.Settings() {
			check(n, d, s, r)
		}
	})
}

// datasourceDatabaseRules are about the databases of datasources and their drivers.
func datasourceDatabaseRules() []*Rule {
	return []*Rule{
		{
			ID: "jdbc-driver-url-mismatch", Severity: Error, Scope: InFile,
			Message: "datasource {name}: driver {driver} does not serve the URL {url}",
			Then:    "No connection can be opened: Driver returned null for URL.",
			Fix:     "Give the driver of that database, or the URL that this driver takes.",
			Source:  "PooledConnection.connectUsingDriver of Tomcat, the method acceptsURL of the drivers",
			Wrong: `<url>jdbc:postgresql://db.example.com:5432/local1</url>
<username>wso2</username>
<password svns:secretAlias="Datasources.WSO2_CARBON_DB.Configuration.Password">password</password>
<driverClassName>com.mysql.jdbc.Driver</driverClassName>`,
			Right: `<url>jdbc:mysql://db.example.com:3306/local1</url>
<username>wso2</username>
<password svns:secretAlias="Datasources.WSO2_CARBON_DB.Configuration.Password">password</password>
<driverClassName>com.mysql.jdbc.Driver</driverClassName>`,
			onNode: ofDatabase(func(n *Node, d *product.Datasource, r *reporter) {
				url, class := d.Configuration("url"), d.Configuration("driverClassName")
				driver, isKnown := product.DriverOf(class.Trim())
				scheme := product.JDBCScheme(url.Text)
				switch {
				case !isKnown || !class.Literal() || url.Empty() || url.Alias != "" || slices.Contains(driver.Schemes, scheme):
				case scheme != "" || url.Literal():
					r.at(n, class.Place, d.Name, class, url).with(n, url.Place)
				}
			}),
		},
		{
			ID: "h2-in-cluster", Severity: Error, Scope: InNode,
			Message: "the embedded H2 of datasource {name} can't be shared between nodes",
			Then:    "Each node has a database of its own, in its files or its memory: users, permissions and what is in the registry differ from node to node.",
			Fix:     "Use a database server that all nodes reach.",
			Source:  "guide 002, line 127; guide 003, line 31",
			Wrong:   `<url>jdbc:h2:repository/database/WSO2USER_DB</url>`,
			Right:   `<url>jdbc:mysql://db.example.com:3306/users</url>`,
			onNode: func(n *Node, r *reporter) {
				if !n.clustered() {
					return
				}
				shared := n.sharedDatasources()
				for i := range n.Datasources {
					d := &n.Datasources[i]
					switch {
					case !d.EmbeddedH2():
					case slices.Contains(shared, d):
						r.at(n, d.Configuration("url").Place, d.Name)
					case n.localRegistry() == d:
						r.say(n, d.Configuration("url").Place, "the registry of this node is in the embedded H2 of datasource {name}", d.Name).as(Info).
							then("No other node needs it, but it can't be backed up or repaired while the server runs.").
							fix("Use a database server in production; each node needs a database of its own there.")
					}
				}
			},
		},
		{
			ID: "jdbc-driver-jar-missing", Severity: Warning, Scope: InNode,
			Message: "there is no jar of the JDBC driver {driver} in {folder}",
			Then:    "No connection can be opened: ClassNotFoundException.",
			Fix:     "Copy it there.",
			Source:  "RDBMSDataSourceUtils.java; guide 002, lines 138-144",
			Wrong:   `<driverClassName>com.mysql.jdbc.Driver</driverClassName>`,
			Right:   `<driverClassName>org.h2.Driver</driverClassName>`,
			onNode: func(n *Node, r *reporter) {
				seen := map[string]bool{}
				for i := range n.Datasources {
					class := n.Datasources[i].Configuration("driverClassName")
					driver, isKnown := product.DriverOf(class.Trim())
					if n.Kernel != "" && isKnown && class.Literal() && !seen[class.Trim()] && n.LacksJar(driver) {
						r.at(n, class.Place, class, n.Lib())
					}
					seen[class.Trim()] = true
				}
			},
		},
	}
}

// sharedDatasources are those that hold what the nodes of a cluster must share: the users, and the mounted parts of the registry.
func (n *Node) sharedDatasources() []*product.Datasource {
	var all []*product.Datasource
	if n.UserManagement != nil {
		all = append(all, n.Datasource(n.UserManagement.DataSource.Trim()))
		for _, store := range n.UserManagement.UserStores {
			all = append(all, n.Datasource(store.DataSource.Trim()))
		}
	}
	if n.Registry == nil {
		return all
	}
	for i := range n.Registry.RemoteInstances {
		instance := &n.Registry.RemoteInstances[i]
		if db := n.Registry.Database(instance); db != nil && len(n.Registry.MountsOf(instance)) > 0 {
			all = append(all, n.Datasource(db.DataSource.Text))
		}
	}
	return all
}

// localRegistry is the datasource of the registry of the node itself, nil where that is not known.
func (n *Node) localRegistry() *product.Datasource {
	if n.Registry == nil || n.Registry.Current() == nil {
		return nil
	}
	return n.Datasource(n.Registry.Current().DataSource.Text)
}
