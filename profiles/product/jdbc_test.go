package product

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

// datasourceOf is a datasource with that configuration.
func datasourceOf(t *testing.T, configuration string) *Datasource {
	t.Helper()
	home := &Home{ConfDir: "conf", Files: map[string][]byte{"conf/datasources/master-datasources.xml": []byte(
		`<datasources-configuration xmlns:svns="http://org.wso2.securevault/configuration"><datasources><datasource><definition type="RDBMS"><configuration>` +
			configuration + `</configuration></definition></datasource></datasources></datasources-configuration>`)}}
	all, err := home.Datasources()
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	return &all[0]
}

func TestDatabase(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		"jdbc:mysql://DB.example.com/users":                                    "mysql db.example.com:3306/users",
		" jdbc:mysql://db.example.com:3306/users?useSSL=false&amp;x=/y ":       "mysql db.example.com:3306/users",
		"JDBC:MYSQL://db.example.com:3307/Users":                               "mysql db.example.com:3307/Users",
		"jdbc:mysql:replication://a,b:3307/users":                              "mysql a:3306,b:3307/users",
		"jdbc:mysql://carbon:x@a/users":                                        "mysql a:3306/users",
		"jdbc:mysql://carbon:x/y@a/users":                                      "",
		"jdbc:mysql:///users":                                                  "mysql localhost:3306/users local",
		"jdbc:mysql://127.0.0.1/users":                                         "mysql localhost:3306/users local",
		"jdbc:mysql://[::1]/users":                                             "mysql localhost:3306/users local",
		"jdbc:mysql://[FE80::2]:1/users":                                       "mysql [fe80::2]:1/users",
		"jdbc:mysql://address=(host=a)(port=1)/users":                          "",
		"jdbc:mysql://a:3306":                                                  "",
		"jdbc:mysql://${db.host}/users":                                        "",
		"jdbc:mariadb://a/users":                                               "mysql a:3306/users",
		"jdbc:postgresql://a/users":                                            "postgresql a:5432/users",
		"jdbc:postgresql://a:1/users?ssl=true&amp;CurrentSchema=s":             "postgresql a:1/users (s)",
		"jdbc:postgresql:users":                                                "postgresql localhost:5432/users local",
		"jdbc:oracle:thin:@a:1521:ORCL":                                        "oracle a:1521/orcl (carbon)",
		"jdbc:oracle:thin:carbon/x@a:1522/ORCL":                                "oracle a:1522/orcl (carbon)",
		"jdbc:oracle:thin:@//a/orcl:dedicated?x=y":                             "oracle a:1521/orcl (carbon)",
		"jdbc:oracle:thin:@orcl":                                               "",
		"jdbc:oracle:thin:carbon/x":                                            "",
		"jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=a)(PORT=1/2)))":         "",
		"jdbc:sqlserver://a;databaseName=Users;encrypt=true":                   "sqlserver a:1433/users",
		`jdbc:sqlserver://a\I;database=users`:                                  `sqlserver a\i/users`,
		`jdbc:sqlserver://a\I:1434;database=users`:                             "sqlserver a:1434/users",
		"jdbc:sqlserver://a;instanceName=i;portNumber=1434;databaseName=users": "sqlserver a:1434/users",
		"jdbc:sqlserver://a":                                                   "",
		"jdbc:jtds:sqlserver://a:1433/USERS":                                   "sqlserver a:1433/users",
		"jdbc:jtds:sqlserver://a/users;instance=i":                             `sqlserver a\i/users`,
		"jdbc:jtds:sybase://a/users":                                           "",
		"jdbc:db2://a:50000/USERS":                                             "db2 a:50000/users (carbon)",
		"jdbc:db2://a:50000/USERS:currentSchema=S;":                            "db2 a:50000/users (s)",
		"jdbc:h2:repository/database/X;DB_CLOSE_ON_EXIT=FALSE":                 "h2 repository/database/X embedded local",
		"jdbc:h2:file:./repository/database/X":                                 "h2 repository/database/X embedded local",
		"jdbc:h2:mem:X":                                                        "h2 mem:X embedded local",
		"jdbc:h2:tcp://a/~/X;IFEXISTS=TRUE":                                    "h2 a:9092/~/X",
		"jdbc:h2:ssl://a:1/X":                                                  "h2 a:1/X",
		"jdbc:derby://a/X;create=true":                                         "derby a:1527/X",
		"jdbc:derby:directory:X;create=true":                                   "derby X embedded local",
		"jdbc:other://a/users":                                                 "",
		"mysql://a/users":                                                      "",
		"":                                                                     "",
	} {
		d, ok := datasourceOf(t, "<url>"+url+"</url><username>Carbon</username>").Connection().Database()
		got := ""
		if ok {
			got = d.Kind + " " + d.String()
		}
		if ok && d.Embedded() {
			got += " embedded"
		}
		if ok && d.Local() {
			got += " local"
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", url, got, want)
		}
	}
}

// What can't be told from the files alone is not guessed.
func TestDatabaseUnknown(t *testing.T) {
	t.Parallel()
	for _, configuration := range []string{
		``,
		`<url svns:secretAlias="a">jdbc:mysql://a/users</url>`,
		`<url>jdbc:oracle:thin:@a:1521:ORCL</url>`,
		`<url>jdbc:oracle:thin:@a:1521:ORCL</url><username svns:secretAlias="a">x</username>`,
		`<url>jdbc:oracle:thin:@a:1521:ORCL</url><username>${user}</username>`,
	} {
		if d, ok := datasourceOf(t, configuration).Connection().Database(); ok {
			t.Errorf("%s: got %v", configuration, d)
		}
	}
}

func TestDriverOf(t *testing.T) {
	t.Parallel()
	var got []string
	for _, class := range []string{"org.mariadb.jdbc.Driver", "org.h2.Driver", "com.p6spy.engine.spy.P6SpyDriver"} {
		d, ok := DriverOf(class)
		got = append(got, fmt.Sprint(d.Schemes, d.Jars, ok))
	}
	if diff := cmp.Diff([]string{"[mariadb mysql] [mariadb] true", "[h2] [] true", "[] [] false"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestJDBCScheme(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{
		" JDBC:MySQL://${host}/users ": "mysql", "jdbc:${kind}:x": "", "jdb": "", "http://x": "", "jdbc:h2": "h2",
	} {
		if got := JDBCScheme(url); got != want {
			t.Errorf("%s: got %q, want %q", url, got, want)
		}
	}
}
