package profiles

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

const datasourcesProfile = `
profile: x
features: [datasources]
roles: {one: {}, two: {}}
settings:
  datasources:
    type: list keyed by jndi of {jndi word, name text, file word, description text, url url, username text, password text secret, driverClassName word, maxActive int, testOnBorrow bool}
    roles: [one]
  registry.sharedDatasource: {type: word}
  userManagement.datasource: {type: word, roles: [one]}
manual:
  - text: $(registry.sharedDatasource) $(userManagement.datasource)
`

const master = `<?xml version="1.0" encoding="ISO-8859-1"?>
<datasources-configuration xmlns:svns="http://org.wso2.securevault/configuration">
	<datasources>
		<datasource>
			<name>LOCAL</name> <!-- the registry -->
			<jndiConfig useDataSourceFactory="true">
				<name>jdbc/Local</name>
			</jndiConfig>
			<definition type="RDBMS">
				<configuration>
					<url><![CDATA[jdbc:h2:x;A=1&B=2]]></url>
					<password svns:secretAlias="Datasources.LOCAL.Configuration.Password">password</password>
					<!-- <maxActive>50</maxActive> -->
					<maxWait>60000</maxWait>
				</configuration>
			</definition>
		</datasource>

		<!--datasource>
			<name>SAMPLE</name>
			<jndiConfig><name>jdbc/Sample</name></jndiConfig>
		</datasource-->
	</datasources>
</datasources-configuration>
`

const social = `<datasources-configuration>
  <datasources>
    <datasource>
      <name>SOCIAL</name>
      <jndiConfig>
        <name>
          jdbc/Social
        </name>
      </jndiConfig>
      <definition type="RDBMS"><configuration><url>jdbc:h2:social</url></configuration></definition>
    </datasource>
  </datasources>
</datasources-configuration>
`

const pair = `<datasources-configuration>
  <datasources>
    <datasource><name>ONE</name><jndiConfig><name>jdbc/One</name></jndiConfig><definition type="RDBMS"><configuration>
      <url>jdbc:one</url>
      <username>u</username></configuration></definition></datasource>
    <datasource><name>TWO</name></datasource>
    <!-- the end -->
  </datasources>
</datasources-configuration>
`

var datasourceHome = map[string]string{
	"conf/datasources/pair-datasources.xml":   pair,
	"conf/datasources/master-datasources.xml": master,
	"conf/datasources/social-datasources.xml": social,
}

func TestDatasources(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, settings, want string }{
		{
			"edited in place, with comments, CDATA, and what is not mentioned", `
datasources:
  - {jndi: jdbc/Local, name: LOCAL1, url: "jdbc:mysql://db/local?a=1&b=2", username: reg, password: hush, maxActive: 7, description: The own one}`, `
conf/datasources/master-datasources.xml
-			<name>LOCAL</name> <!-- the registry -->
+			<name>LOCAL1</name> <!-- the registry -->
+			<description>The own one</description>
-					<url><![CDATA[jdbc:h2:x;A=1&B=2]]></url>
+					<url><![CDATA[jdbc:mysql://db/local?a=1&b=2]]></url>
+					<username>reg</username>
-					<!-- <maxActive>50</maxActive> -->
+					<maxActive>7</maxActive>
note: conf/datasources/master-datasources.xml:12: datasource[jdbc/Local]/password is kept by secure vault and was left alone`,
		},
		{
			"a new element behind those that come before it", `datasources: [{jndi: jdbc/Local, username: reg, testOnBorrow: "true"}]`, `
conf/datasources/master-datasources.xml
+					<username>reg</username>
+					<testOnBorrow>true</testOnBorrow>`,
		},
		{
			"already right", `datasources: [{jndi: jdbc/Local, name: LOCAL, url: "jdbc:h2:x;A=1&B=2"}]`, ``,
		},
		{
			"new ones behind the live ones, in the layout of the file", `
datasources:
  - jndi: jdbc/Sample
    name: SAMPLE
    description: Ä & <b>
    url: jdbc:mysql://db/sample?a=1&b=2
    username: reg
    password: h<u>sh
    driverClassName: org.Driver
    testOnBorrow: true
  - {jndi: jdbc/Plain, name: PLAIN, description: none, url: "jdbc:p", driverClassName: org.Driver, password: hush}`, `
conf/datasources/master-datasources.xml
+		<datasource>
+			<name>SAMPLE</name>
+			<description>` + "\xc4" + ` &amp; &lt;b&gt;</description>
+			<jndiConfig>
+				<name>jdbc/Sample</name>
+			</jndiConfig>
+			<definition type="RDBMS">
+				<configuration>
+					<url>jdbc:mysql://db/sample?a=1&amp;b=2</url>
+					<username>reg</username>
+					<password>h&lt;u&gt;sh</password>
+					<driverClassName>org.Driver</driverClassName>
+					<testOnBorrow>true</testOnBorrow>
+				</configuration>
+			</definition>
+		</datasource>
+		<datasource>
+			<name>PLAIN</name>
+			<jndiConfig>
+				<name>jdbc/Plain</name>
+			</jndiConfig>
+			<definition type="RDBMS">
+				<configuration>
+					<url>jdbc:p</url>
+					<password>hush</password>
+					<driverClassName>org.Driver</driverClassName>
+				</configuration>
+			</definition>
+		</datasource>`,
		},
		{
			"in another file", `
datasources:
  - {jndi: jdbc/Social, url: "jdbc:mysql://db/social"}
  - {jndi: jdbc/Too, name: TOO, url: "jdbc:t", driverClassName: org.Driver, file: social}`, `
conf/datasources/social-datasources.xml
-      <definition type="RDBMS"><configuration><url>jdbc:h2:social</url></configuration></definition>
+      <definition type="RDBMS"><configuration><url>jdbc:mysql://db/social</url></configuration></definition>
+    <datasource>
+      <name>TOO</name>
+      <jndiConfig>
+        <name>jdbc/Too</name>
+      </jndiConfig>
+      <definition type="RDBMS">
+        <configuration>
+          <url>jdbc:t</url>
+          <driverClassName>org.Driver</driverClassName>
+        </configuration>
+      </definition>
+    </datasource>
note: conf/datasources/social-datasources.xml:7: the datasource jdbc/Social has white space around its JNDI name, so that nothing finds it by that; take it away by hand`,
		},
		{
			"elsewhere than the description says", `datasources: [{jndi: jdbc/Local, file: social, maxActive: 5}]`, `
conf/datasources/master-datasources.xml
-					<!-- <maxActive>50</maxActive> -->
+					<maxActive>5</maxActive>
note: conf/datasources/master-datasources.xml:4: the datasource jdbc/Local is edited here, where it is, not in conf/datasources/social-datasources.xml`,
		},
		{
			"names that change places", `
datasources:
  - {jndi: jdbc/Local, name: SOCIAL}
  - {jndi: jdbc/Social, name: LOCAL}`, `
conf/datasources/master-datasources.xml
-			<name>LOCAL</name> <!-- the registry -->
+			<name>SOCIAL</name> <!-- the registry -->
conf/datasources/social-datasources.xml
-      <name>SOCIAL</name>
+      <name>LOCAL</name>
note: conf/datasources/social-datasources.xml:7: the datasource jdbc/Social has white space around its JNDI name, so that nothing finds it by that; take it away by hand`,
		},
		{
			"references", `
datasources: [{jndi: jdbc/New, name: NEW, url: "jdbc:n", driverClassName: D}]
registry.sharedDatasource: jdbc/New
userManagement.datasource: jdbc/Social`, `
conf/datasources/master-datasources.xml
+		<datasource>
+			<name>NEW</name>
+			<jndiConfig>
+				<name>jdbc/New</name>
+			</jndiConfig>
+			<definition type="RDBMS">
+				<configuration>
+					<url>jdbc:n</url>
+					<driverClassName>D</driverClassName>
+				</configuration>
+			</definition>
+		</datasource>`,
		},
		{
			"a new one behind one that isn't mentioned", `
datasources:
  - {jndi: jdbc/First, name: FIRST, url: "jdbc:f", driverClassName: D, file: pair}
  - {jndi: jdbc/One, maxActive: 1}
  - {jndi: jdbc/New, name: NEW, url: "jdbc:n", driverClassName: D, file: pair}`, `
conf/datasources/pair-datasources.xml
-      <username>u</username></configuration></definition></datasource>
+      <username>u</username>
+      <maxActive>1</maxActive></configuration></definition></datasource>
+    <datasource>
+      <name>FIRST</name>
+      <jndiConfig>
+        <name>jdbc/First</name>
+      </jndiConfig>
+      <definition type="RDBMS">
+        <configuration>
+          <url>jdbc:f</url>
+          <driverClassName>D</driverClassName>
+        </configuration>
+      </definition>
+    </datasource>
+    <datasource>
+      <name>NEW</name>
+      <jndiConfig>
+        <name>jdbc/New</name>
+      </jndiConfig>
+      <definition type="RDBMS">
+        <configuration>
+          <url>jdbc:n</url>
+          <driverClassName>D</driverClassName>
+        </configuration>
+      </definition>
+    </datasource>
`,
		},
		{"references that nobody knows yet, or that have no value", "registry.sharedDatasource: ${shared}\nuserManagement.datasource: none", ``},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, datasourcesProfile)
			home := writeHome(t, datasourceHome)
			plan := applyTwice(t, p, "one", describe(t, p, "one", tt.settings), home)
			got := diffText(plan)
			for _, n := range plan.Notes {
				got += fmt.Sprintf("note: %s:%d: %s\n", n.File, n.Line, n.Text)
			}
			expect(t, tt.want, got)
		})
	}
}

// Another role leaves the datasources alone, and what they are referred to by.
func TestDatasourcesOfAnotherRole(t *testing.T) {
	t.Parallel()
	p := mustParse(t, datasourcesProfile)
	values := describe(t, p, "two", "datasources: [{jndi: jdbc/Local, name: X}]\nuserManagement.datasource: jdbc/Nowhere")
	made, err := p.Patch("two", values, writeHome(t, datasourceHome))
	if err != nil || len(made.Files) > 0 {
		t.Errorf("got %s, %v", dump(made), err)
	}
}

func TestDatasourcesRefuse(t *testing.T) {
	t.Parallel()
	twice := map[string]string{
		"conf/datasources/master-datasources.xml": master,
		"conf/datasources/other-datasources.xml":  strings.Replace(master, "LOCAL", "OTHER", 1),
	}
	same := map[string]string{
		"conf/datasources/master-datasources.xml": master,
		"conf/datasources/other-datasources.xml":  master,
		"conf/datasources/third-datasources.xml":  strings.Replace(master, "jdbc/Local", "jdbc/Third", 1),
		"conf/datasources/social-datasources.xml": social,
	}
	tests := []struct {
		name     string
		files    map[string]string
		settings string
		want     string
	}{
		{"names that the home alone is to blame for", same, "datasources: [{jndi: jdbc/Social, maxActive: 1}]", "<nil>"},
		{"a datasource that the home has twice, and another of its name", same, "datasources: [{jndi: jdbc/Local, maxActive: 1}]", `
c.yaml:1:22: two datasources of the home have the JNDI name jdbc/Local: conf/datasources/master-datasources.xml:4 and conf/datasources/other-datasources.xml:4
  datasources: [{jndi: jdbc/Local, maxActive: 1}]
                       ^^^^^^^^^^
hint: take away all but one; Carbon binds the name to the last of them
c.yaml:1:22: two datasources would have the name "LOCAL": jdbc/Local of conf/datasources/master-datasources.xml:4, and jdbc/Third of conf/datasources/third-datasources.xml:4
  datasources: [{jndi: jdbc/Local, maxActive: 1}]
                       ^^^^^^^^^^
hint: Carbon stops loading datasources at the second one of a name`},
		{"none", datasourceHome, "datasources: none", `
c.yaml:1:14: datasources can't be none
  datasources: none
               ^^^^
hint: those that are not listed stay as they are`},
		{"a new one without what it needs", datasourceHome, "datasources:\n  - jndi: jdbc/Lokal\n  - {jndi: jdbc/New, name: N}", `
c.yaml:2:11: the new datasource jdbc/Lokal has no name
    - jndi: jdbc/Lokal
            ^^^^^^^^^^
hint: did you mean "jdbc/Local"?
c.yaml:2:11: the new datasource jdbc/Lokal has no url
    - jndi: jdbc/Lokal
            ^^^^^^^^^^
hint: did you mean "jdbc/Local"?
c.yaml:2:11: the new datasource jdbc/Lokal has no driverClassName
    - jndi: jdbc/Lokal
            ^^^^^^^^^^
hint: did you mean "jdbc/Local"?
c.yaml:3:12: the new datasource jdbc/New has no url
    - {jndi: jdbc/New, name: N}
             ^^^^^^^^
hint: no datasource of the home has this JNDI name, so it is a new one
c.yaml:3:12: the new datasource jdbc/New has no driverClassName
    - {jndi: jdbc/New, name: N}
             ^^^^^^^^
hint: no datasource of the home has this JNDI name, so it is a new one`},
		{"a file that isn't there", datasourceHome, "datasources: [{jndi: jdbc/N, name: N, url: 'jdbc:n', driverClassName: D, file: socal}]", `
c.yaml:1:80: the home has no conf/datasources/socal-datasources.xml for the datasource jdbc/N
  datasources: [{jndi: jdbc/N, name: N, url: 'jdbc:n', driverClassName: D, file: socal}]
                                                                                 ^^^^^
hint: did you mean "social"?`},
		{"a file that isn't there, for one that is elsewhere", datasourceHome, "datasources: [{jndi: jdbc/Local, file: master-datasources.xml}]", `
c.yaml:1:40: the home has no conf/datasources/master-datasources.xml-datasources.xml for the datasource jdbc/Local
  datasources: [{jndi: jdbc/Local, file: master-datasources.xml}]
                                         ^^^^^^^^^^^^^^^^^^^^^^
hint: did you mean "master"?`},
		{"one for another reader", map[string]string{"conf/datasources/x-datasources.xml": strings.Replace(master, "RDBMS", "DS_CUSTOM", 1)}, "datasources: [{jndi: jdbc/Local, maxActive: 1}]", `
c.yaml:1:22: the datasource jdbc/Local of conf/datasources/x-datasources.xml:4 is of type DS_CUSTOM, not RDBMS
  datasources: [{jndi: jdbc/Local, maxActive: 1}]
                       ^^^^^^^^^^
hint: its configuration is for another reader; give the new one another JNDI name`},
		{"no files at all", nil, "datasources: [{jndi: jdbc/N, name: N, url: 'jdbc:n', driverClassName: D}]\nuserManagement.datasource: jdbc/U", `
c.yaml:1:22: the home has no conf/datasources/master-datasources.xml for the datasource jdbc/N
  datasources: [{jndi: jdbc/N, name: N, url: 'jdbc:n', driverClassName: D}]
                       ^^^^^^
c.yaml:2:28: userManagement.datasource: no datasource has the JNDI name "jdbc/U"
  userManagement.datasource: jdbc/U
                             ^^^^^^
hint: there are jdbc/N`},
		{"a reference without any datasource", nil, "userManagement.datasource: jdbc/U", `
c.yaml:1:28: userManagement.datasource: no datasource has the JNDI name "jdbc/U"
  userManagement.datasource: jdbc/U
                             ^^^^^^
hint: the home has no datasources in conf/datasources/*-datasources.xml`},
		{"a JNDI name that the home has twice", twice, "datasources: [{jndi: jdbc/Local, maxActive: 1}]", `
c.yaml:1:22: two datasources of the home have the JNDI name jdbc/Local: conf/datasources/master-datasources.xml:4 and conf/datasources/other-datasources.xml:4
  datasources: [{jndi: jdbc/Local, maxActive: 1}]
                       ^^^^^^^^^^
hint: take away all but one; Carbon binds the name to the last of them`},
		{"names that others have", datasourceHome, `
datasources:
  - {jndi: jdbc/Local, name: SOCIAL}
  - {jndi: jdbc/A, name: A, url: "jdbc:a", driverClassName: D}
  - {jndi: jdbc/B, name: A, url: "jdbc:b", driverClassName: D}`, `
c.yaml:3:30: two datasources would have the name "SOCIAL": jdbc/Local of conf/datasources/master-datasources.xml:4, and jdbc/Social of conf/datasources/social-datasources.xml:3
    - {jndi: jdbc/Local, name: SOCIAL}
                               ^^^^^^
hint: Carbon stops loading datasources at the second one of a name
c.yaml:5:26: two datasources would have the name "A": jdbc/A, and jdbc/B
    - {jndi: jdbc/B, name: A, url: "jdbc:b", driverClassName: D}
                           ^
hint: Carbon stops loading datasources at the second one of a name`},
		{"references to a JNDI name that the home has twice", twice, "registry.sharedDatasource: jdbc/Local\nuserManagement.datasource: jdbc/Local", `
c.yaml:1:28: registry.sharedDatasource: two datasources of the home have the JNDI name jdbc/Local: conf/datasources/master-datasources.xml:4 and conf/datasources/other-datasources.xml:4
  registry.sharedDatasource: jdbc/Local
                             ^^^^^^^^^^
hint: take away all but one; Carbon binds the name to the last of them
c.yaml:2:28: userManagement.datasource: two datasources of the home have the JNDI name jdbc/Local: conf/datasources/master-datasources.xml:4 and conf/datasources/other-datasources.xml:4
  userManagement.datasource: jdbc/Local
                             ^^^^^^^^^^
hint: take away all but one; Carbon binds the name to the last of them`},
		{"an item and a reference for a JNDI name that the home has twice", twice, "datasources: [{jndi: jdbc/Local, maxActive: 1}]\nuserManagement.datasource: jdbc/Local", `
c.yaml:1:22: two datasources of the home have the JNDI name jdbc/Local: conf/datasources/master-datasources.xml:4 and conf/datasources/other-datasources.xml:4
  datasources: [{jndi: jdbc/Local, maxActive: 1}]
                       ^^^^^^^^^^
hint: take away all but one; Carbon binds the name to the last of them`},
		{"references that lead nowhere", datasourceHome, `
datasources: [{jndi: jdbc/UserDB, name: WSO2UM_DB, url: "jdbc:u", driverClassName: D}]
registry.sharedDatasource: jdbc/Lokal
userManagement.datasource: jdbc/WSO2UM_DB`, `
c.yaml:3:28: registry.sharedDatasource: no datasource has the JNDI name "jdbc/Lokal"
  registry.sharedDatasource: jdbc/Lokal
                             ^^^^^^^^^^
hint: did you mean "jdbc/Local"?
c.yaml:4:28: userManagement.datasource: no datasource has the JNDI name "jdbc/WSO2UM_DB"
  userManagement.datasource: jdbc/WSO2UM_DB
                             ^^^^^^^^^^^^^^
hint: WSO2UM_DB is the name of a datasource, whose JNDI name is jdbc/UserDB`},
		{"a name where the JNDI name is wanted, and one that is like none", datasourceHome, "registry.sharedDatasource: SOCIAL\nuserManagement.datasource: x", `
c.yaml:1:28: registry.sharedDatasource: no datasource has the JNDI name "SOCIAL"
  registry.sharedDatasource: SOCIAL
                             ^^^^^^
hint: SOCIAL is the name of a datasource, whose JNDI name is jdbc/Social
c.yaml:2:28: userManagement.datasource: no datasource has the JNDI name "x"
  userManagement.datasource: x
                             ^
hint: there are jdbc/Local, jdbc/One, jdbc/Social`},
		{"a file that can't be read", map[string]string{"conf/datasources/master-datasources.xml": "<a>"}, "userManagement.datasource: jdbc/U", `
conf/datasources/master-datasources.xml:1:4: the document ends inside element <a> of line 1
hint: is the file cut off?`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, datasourcesProfile)
			expect(t, tt.want, problemsOf(t, p, "one", tt.settings, tt.files))
		})
	}
}

// A secret is written by an operation of its own, so that the rest can be shown, and checked without it.
func TestDatasourceSecrets(t *testing.T) {
	t.Parallel()
	p := mustParse(t, datasourcesProfile)
	home := writeHome(t, datasourceHome)
	values := describe(t, p, "one", `
datasources:
  - {jndi: jdbc/Social, password: hush1, username: u}
  - {jndi: jdbc/New, name: NEW, url: "jdbc:n", driverClassName: D, password: hush2}`)
	made, err := p.Patch("one", values, home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	plan, err := patch.Make(home.Dir, made)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	if diff := string(plan.Diff(patch.Masked)); strings.Contains(diff, "hush") || !strings.Contains(diff, "jdbc:n") {
		t.Errorf("got\n%s", diff)
	}
	for _, f := range made.Files {
		for _, op := range f.Ops {
			holdsSecret := strings.Contains(dumpOp(op), "hush")
			if holdsSecret != op.Secret {
				t.Errorf("%s", dumpOp(op))
			}
		}
	}
	applyOnce(t, p, "one", values, home)
	for _, item := range values["datasources"].Items { // as it is where secrets are not read
		item["password"] = Value{Secret: true}
	}
	made, err = p.Patch("one", values, home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	for i := range made.Files {
		made.Files[i].Ops = slices.DeleteFunc(made.Files[i].Ops, func(op patch.Op) bool { return op.Secret })
	}
	if plan, err = patch.Make(home.Dir, made); err != nil || plan.Changed() {
		t.Errorf("without the secrets there is drift: %v\n%s", err, plan.Diff(patch.Shown))
	}
}

// What was given on the command line can't be left alone without a word.
func TestDatasourceInVault(t *testing.T) {
	t.Parallel()
	p := mustParse(t, datasourcesProfile)
	home := writeHome(t, datasourceHome)
	values := describe(t, p, "one", "datasources: [{jndi: jdbc/Local, password: hush}]")
	item := values["datasources"].Items[0]
	password := item["password"]
	password.Origin = FromFlag
	item["password"] = password
	_, err := planOf(t, p, "one", values, home)
	expect(t, `
conf/datasources/master-datasources.xml:12:6: set /datasources-configuration/datasources/datasource[jndiConfig/name='jdbc/Local']/definition/configuration/password: secure vault keeps this value
hint: change it with the product's cipher tool, or take svns:secretAlias off the element first`, problemtest.Report(err))
}

func TestInspectDatasources(t *testing.T) {
	t.Parallel()
	p := mustParse(t, datasourcesProfile)
	files := map[string]string{"conf/datasources/a-datasources.xml": `<datasources-configuration><datasources>
<datasource><name>NO JNDI</name><definition type="RDBMS"/></datasource>
<datasource><name>CUSTOM</name><jndiConfig><name>c</name></jndiConfig><definition type="DS_CUSTOM_TABULAR"/></datasource>
<datasource><name>A</name><jndiConfig><name>jdbc/A</name></jndiConfig><definition type="RDBMS"><configuration><url>jdbc:mysql://a?
  b</url><password>hush</password><maxActive>many</maxActive><testOnBorrow> true </testOnBorrow><maxWait>5</maxWait></configuration></definition></datasource>
</datasources></datasources-configuration>`}
	for name, text := range datasourceHome {
		files[name] = text
	}
	found, err := p.Inspect(writeHome(t, files))
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	expect(t, `
datasources: [jndi=jdbc/Local name=LOCAL password=******** url=jdbc:h2:x;A=1&B=2][file=a jndi=jdbc/A name=A password=******** testOnBorrow=true][file=pair jndi=jdbc/One name=ONE url=jdbc:one username=u][file=social jndi=jdbc/Social name=SOCIAL url=jdbc:h2:social] conf/datasources/master-datasources.xml:4:3 /datasources-configuration/datasources/datasource`, dumpFound(found))
}
