package product

import (
	"net"
	"path"
	"slices"
	"strings"
)

// Database is where a JDBC URL leads to. Of two URLs that lead to the same tables it is the same, however they are written.
type Database struct {
	Kind   string // mysql, for MariaDB too; postgresql, oracle, sqlserver, db2, derby, h2
	Server string // host:port in lower case, of several joined by commas; "" of one in the files or the memory of a node
	Name   string // of the database, of its service or of its file
	Schema string // where it is not the usual one of the database: with Oracle and DB2 it is that of the user
}

// String is the database as messages call it.
func (d Database) String() string {
	name := d.Name
	if d.Server != "" {
		name = d.Server + "/" + strings.TrimPrefix(name, "/")
	}
	if d.Schema != "" {
		name += " (" + d.Schema + ")"
	}
	return name
}

// Embedded reports whether the database lies in the files or the memory of the node that opens it.
func (d Database) Embedded() bool { return d.Server == "" }

// Local reports whether each node finds a database of its own, as long as the nodes are on different machines.
func (d Database) Local() bool {
	host, _, _ := net.SplitHostPort(d.Server)
	return d.Embedded() || host == localhost
}

// Connection is what a database is reached by, none of which is given where that is not known.
type Connection struct{ URL, User Value }

// Connection is what the configuration of the datasource says.
func (d *Datasource) Connection() Connection {
	return Connection{d.Configuration("url"), d.Configuration("username")}
}

// Connection is that of the datasource of a dbConfig, or its own where it has no datasource (RegistryConfigurationProcessor.java:144-190).
func (n *Node) Connection(db *DBConfig) Connection {
	if db == nil {
		return Connection{}
	}
	if !db.DataSource.Given {
		return Connection{db.URL, db.UserName}
	}
	d := n.Datasource(db.DataSource.Text)
	if d == nil {
		return Connection{}
	}
	return d.Connection()
}

// Database is the one that the connection leads to, if that can be told: its URL has no property of the system in it and is not kept by
// secure vault, nor is the user name where that makes a difference, and is written in a way that is known here.
func (c Connection) Database() (Database, bool) {
	if !c.URL.Literal() {
		return Database{}, false
	}
	db, ok := readJDBC(c.URL.Trim())
	if ok && db.Schema == "" && slices.Contains([]string{"oracle", "db2"}, db.Kind) {
		db.Schema, ok = strings.ToLower(c.User.Trim()), c.User.Literal()
	}
	return db, ok
}

// EmbeddedH2 reports whether the database is H2 in the files or the memory of the node, as far as the URL tells.
func (d *Datasource) EmbeddedH2() bool {
	url := d.Configuration("url")
	db, ok := readJDBC(url.Trim())
	return ok && url.Alias == "" && db.Kind == "h2" && db.Embedded()
}

// JDBCScheme is what stands behind jdbc: in a URL, in lower case: mysql, h2. It is "" where there is none, or one that a property of the
// system is part of.
func JDBCScheme(url string) string {
	scheme, _ := cutScheme(strings.TrimSpace(url))
	if strings.Contains(scheme, "${") {
		return ""
	}
	return scheme
}

// ValidationQuery is a query that the database of a URL answers at once.
func ValidationQuery(url string) string {
	switch JDBCScheme(url) {
	case "oracle":
		return "SELECT 1 FROM DUAL"
	case "db2":
		return "SELECT 1 FROM SYSIBM.SYSDUMMY1"
	case "derby":
		return "VALUES 1"
	}
	return "SELECT 1"
}

func cutScheme(url string) (scheme, rest string) {
	const prefix = "jdbc:"
	if len(url) < len(prefix) || !strings.EqualFold(url[:len(prefix)], prefix) {
		return "", ""
	}
	scheme, rest, _ = strings.Cut(url[len(prefix):], ":")
	return strings.ToLower(scheme), rest
}

// readJDBC reads a URL as the driver of its scheme does, as far as it says where the database is.
func readJDBC(url string) (Database, bool) {
	scheme, rest := cutScheme(url)
	var d Database
	switch scheme {
	case "mysql", "mariadb":
		d = readMySQL(rest)
	case "postgresql":
		d = readPostgreSQL(rest)
	case "oracle":
		d = readOracle(rest)
	case "sqlserver":
		d = readSQLServer(rest)
	case "jtds":
		d = readJTDS(rest)
	case "db2":
		d = readDB2(rest)
	case "h2":
		d = readH2(rest)
	case "derby":
		d = readDerby(rest)
	}
	// A user that stands elsewhere than a driver takes it may have a password.
	return d, d.Name != "" && !strings.Contains(d.Server, "(") && (d.Embedded() || !strings.Contains(d.Name, "@"))
}

// readMySQL reads [replication:|loadbalance:|...]//host[:port][,host[:port]]/name[?properties].
func readMySQL(rest string) Database {
	_, rest, _ = strings.Cut(rest, "//")
	rest, _, _ = strings.Cut(rest, "?")
	hosts, name, _ := strings.Cut(rest, "/")
	return Database{Kind: "mysql", Server: servers(hosts, "3306"), Name: name}
}

// readPostgreSQL reads //host[:port][,host[:port]]/name[?properties] or name[?properties].
func readPostgreSQL(rest string) Database {
	rest, properties, _ := strings.Cut(rest, "?")
	hosts, name := "", rest
	if network, ok := strings.CutPrefix(rest, "//"); ok {
		hosts, name, _ = strings.Cut(network, "/")
	}
	return Database{Kind: "postgresql", Server: servers(hosts, "5432"), Name: name, Schema: property(properties, "&", "currentSchema")}
}

// readOracle reads thin:[user/password]@host:port:sid and thin:[user/password]@[//]host[:port]/service, also of the driver oci. A name
// that is looked up elsewhere, or a description in parentheses, is not read.
func readOracle(rest string) Database {
	at := strings.LastIndex(rest, "@")
	if at < 0 {
		return Database{}
	}
	rest = strings.TrimPrefix(rest[at+1:], "//")
	rest, _, _ = strings.Cut(rest, "?")
	host, name, isService := strings.Cut(rest, "/")
	if !isService {
		i := max(strings.LastIndex(rest, ":"), 0)
		host, name = rest[:i], strings.TrimPrefix(rest[i:], ":")
	}
	if host == "" || strings.Contains(rest, "(") {
		return Database{}
	}
	name, _, _ = strings.Cut(name, ":") // dedicated, shared or pooled
	return Database{Kind: "oracle", Server: servers(host, "1521"), Name: strings.ToLower(name)}
}

// readSQLServer reads //host[\instance][:port][;properties].
func readSQLServer(rest string) Database {
	host, properties, _ := strings.Cut(strings.TrimPrefix(rest, "//"), ";")
	name := property(properties, ";", "databaseName")
	if name == "" {
		name = property(properties, ";", "database")
	}
	return microsoft(host, property(properties, ";", "instanceName"), property(properties, ";", "portNumber"), name)
}

// readJTDS reads sqlserver://host[:port]/name[;properties].
func readJTDS(rest string) Database {
	rest, ok := strings.CutPrefix(rest, "sqlserver://")
	if !ok {
		return Database{}
	}
	rest, properties, _ := strings.Cut(rest, ";")
	host, name, _ := strings.Cut(rest, "/")
	return microsoft(host, property(properties, ";", "instance"), "", name)
}

// microsoft is a database of an SQL Server. A port says more than the name of an instance.
func microsoft(host, instance, port, name string) Database {
	host, port2, hasPort := strings.Cut(host, ":")
	host, instance2, hasInstance := strings.Cut(host, `\`)
	if hasInstance {
		instance = instance2
	}
	if hasPort {
		port = port2
	}
	switch {
	case port != "":
		host += ":" + port
	case instance != "":
		return Database{Kind: "sqlserver", Server: strings.ToLower(host + `\` + instance), Name: strings.ToLower(name)}
	}
	return Database{Kind: "sqlserver", Server: servers(host, "1433"), Name: strings.ToLower(name)}
}

// readDB2 reads //host[:port]/name[:properties].
func readDB2(rest string) Database {
	hosts, name, _ := strings.Cut(strings.TrimPrefix(rest, "//"), "/")
	name, properties, _ := strings.Cut(name, ":")
	schema := property(properties, ";", "currentSchema")
	return Database{Kind: "db2", Server: servers(hosts, "446"), Name: strings.ToLower(name), Schema: strings.ToLower(schema)}
}

// readH2 reads tcp://host[:port]/file[;settings], the same with ssl:, and [file:]file[;settings].
func readH2(rest string) Database {
	rest, _, _ = strings.Cut(rest, ";")
	for _, protocol := range []string{"tcp://", "ssl://"} {
		if network, ok := strings.CutPrefix(rest, protocol); ok {
			host, file, _ := strings.Cut(network, "/")
			return Database{Kind: "h2", Server: servers(host, "9092"), Name: file}
		}
	}
	return Database{Kind: "h2", Name: path.Clean(strings.TrimPrefix(rest, "file:"))}
}

// readDerby reads //host[:port]/name[;attributes] and [directory:]name[;attributes].
func readDerby(rest string) Database {
	rest, _, _ = strings.Cut(rest, ";")
	if network, ok := strings.CutPrefix(rest, "//"); ok {
		host, name, _ := strings.Cut(network, "/")
		return Database{Kind: "derby", Server: servers(host, "1527"), Name: name}
	}
	return Database{Kind: "derby", Name: path.Clean(strings.TrimPrefix(rest, "directory:"))}
}

// property is the value of a property of a URL, by its name in any case, or "".
func property(properties, separator, name string) string {
	for p := range strings.SplitSeq(properties, separator) {
		if key, value, _ := strings.Cut(p, "="); strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

const localhost = "localhost"

// servers are the hosts of a URL, each with its port, without the user that may stand before them.
func servers(hosts, usualPort string) string {
	all := strings.Split(hosts[strings.LastIndex(hosts, "@")+1:], ",")
	for i, server := range all {
		host, port, err := net.SplitHostPort(strings.TrimSpace(server))
		if err != nil {
			host, port = strings.Trim(server, "[] "), usualPort
		}
		host = CanonicalHost(host)
		if host == "" || IsLoopback(host) {
			host = localhost
		}
		all[i] = net.JoinHostPort(host, port)
	}
	return strings.Join(all, ",")
}

// Driver is what is known of a JDBC driver.
type Driver struct {
	Schemes []string // of the URLs that it takes
	Jars    []string // what the names of its jars may hold, in lower case; none where products ship it
}

// drivers are those that people use with Carbon, by their classes. The schemes are those that their method acceptsURL lets pass.
var drivers = map[string]Driver{
	"org.h2.Driver":                                {Schemes: []string{"h2"}},
	"com.mysql.jdbc.Driver":                        {[]string{"mysql"}, []string{"mysql"}},
	"com.mysql.cj.jdbc.Driver":                     {[]string{"mysql"}, []string{"mysql"}},
	"org.mariadb.jdbc.Driver":                      {[]string{"mariadb", "mysql"}, []string{"mariadb"}},
	"oracle.jdbc.OracleDriver":                     {[]string{"oracle"}, []string{"ojdbc", "oracle"}},
	"oracle.jdbc.driver.OracleDriver":              {[]string{"oracle"}, []string{"ojdbc", "oracle"}},
	"com.microsoft.sqlserver.jdbc.SQLServerDriver": {[]string{"sqlserver"}, []string{"sqljdbc", "mssql", "sqlserver"}},
	"net.sourceforge.jtds.jdbc.Driver":             {[]string{"jtds"}, []string{"jtds"}},
	"org.postgresql.Driver":                        {[]string{"postgresql"}, []string{"postgres"}},
	"com.ibm.db2.jcc.DB2Driver":                    {[]string{"db2", "db2j", "ids"}, []string{"db2", "jcc"}},
	"org.apache.derby.jdbc.EmbeddedDriver":         {[]string{"derby"}, []string{"derby"}},
	"org.apache.derby.jdbc.ClientDriver":           {[]string{"derby"}, []string{"derby"}},
}

// LacksJar reports whether no jar of a driver that products do not ship is in the folders for jars, of which that for jars that are no
// bundles must be there: of some nodes no folder was collected.
func (n *Node) LacksJar(d Driver) bool {
	return len(d.Jars) > 0 && n.HasFolder(n.Lib()) && !n.HasJar(func(name string) bool {
		name = strings.ToLower(name)
		return strings.HasSuffix(name, ".jar") && slices.ContainsFunc(d.Jars, func(part string) bool { return strings.Contains(name, part) })
	})
}

// DriverOf is the driver of that class, if it is one that is known.
func DriverOf(class string) (Driver, bool) {
	d, ok := drivers[class]
	return d, ok
}
