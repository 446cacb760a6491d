package profiles

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

const registryProfile = `
profile: x
features: [registry]
roles: {one: {}, two: {}}
settings:
  datasources: {type: "list keyed by jndi of {jndi word, url url, username text}"}
  registry.sharedDatasource: {type: word, roles: [one]}
  registry.dbConfig: {type: word, default: shared}
  registry.instanceId: {type: word}
  registry.instanceUrl: {type: url}
  registry.readOnly: {type: bool}
  registry.cacheId: {type: text}
  registry.configTarget: {type: word}
  registry.governanceTarget: {type: word}
`

var registryHome = map[string]string{
	"conf/datasources/master-datasources.xml": `<datasources-configuration xmlns:v="http://org.wso2.securevault/configuration"><datasources>
<datasource><name>A</name><jndiConfig><name>jdbc/A</name></jndiConfig><definition type="RDBMS"><configuration>
  <url> jdbc:mysql://db/a </url><username>home</username></configuration></definition></datasource>
<datasource><name>V</name><jndiConfig><name>jdbc/V</name></jndiConfig><definition type="RDBMS"><configuration>
  <url v:secretAlias="V.url">password</url><username>home</username></configuration></definition></datasource>
<datasource><name>L</name><jndiConfig><name>jdbc/L</name></jndiConfig><definition type="RDBMS"><configuration>
  <url>jdbc:mysql://db/l?
    a=b</url><username>home</username></configuration></definition></datasource>
</datasources></datasources-configuration>`,
	"conf/registry.xml": `<wso2registry>
  <currentDBConfig> own </currentDBConfig>
  <dbConfig name="own"><dataSource>jdbc/Local</dataSource></dbConfig>
</wso2registry>`,
}

// The cache id is made of the description where that says something, else of the home.
func TestCacheID(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, role, settings string
		want                 string
		secret               bool
	}{
		{"of the home", "one", "registry.sharedDatasource: jdbc/A", "home@jdbc:mysql://db/a", false},
		{"of the description", "one", "registry.sharedDatasource: jdbc/N\ndatasources: [{jndi: jdbc/N, url: 'jdbc:n', username: me}]", "me@jdbc:n", false},
		{"of both", "one", "registry.sharedDatasource: jdbc/A\ndatasources: [{jndi: jdbc/A, username: me}]", "me@jdbc:mysql://db/a", false},
		{"with a password in the URL", "one", "registry.sharedDatasource: jdbc/A\ndatasources: [{jndi: jdbc/A, url: 'jdbc:x://db?password=hush'}]", "home@jdbc:x://db?password=hush", true},
		{"given", "one", "registry.sharedDatasource: jdbc/A\nregistry.cacheId: mine", "mine", false},
		{"none", "one", "registry.sharedDatasource: jdbc/A\nregistry.cacheId: none", "", false},
		{"in secure vault", "one", "registry.sharedDatasource: jdbc/V", "", false},
		{"on two lines", "one", "registry.sharedDatasource: jdbc/L", "", false},
		{"nowhere", "one", "registry.sharedDatasource: jdbc/X", "", false},
		{"without a user", "one", "registry.sharedDatasource: jdbc/X\ndatasources: [{jndi: jdbc/X, url: 'jdbc:x'}]", "", false},
		{"for another role", "two", "registry.sharedDatasource: jdbc/A", "", false},
		{"not wanted", "one", "datasources: []", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, registryProfile)
			before := describe(t, p, tt.role, tt.settings)
			given := len(before)
			home := writeHome(t, registryHome)
			values, problems := deriveCacheID(p.scopeIn(home, tt.role, before), home)
			if problems != nil {
				t.Error(problemtest.Report(problems))
			}
			if got := values["registry.cacheId"]; got.Text.Reveal() != tt.want || got.Secret != tt.secret {
				t.Errorf("got %+v", got)
			}
			if len(before) != given {
				t.Error("the values that were given are changed")
			}
		})
	}
}

// The registry of each node's own must not become the shared one.
func TestKeepLocalRegistry(t *testing.T) {
	t.Parallel()
	renamed := maps.Clone(registryHome)
	renamed["conf/registry.xml"] = strings.ReplaceAll(registryHome["conf/registry.xml"], "own", "shared")
	tests := []struct {
		name, settings string
		files          map[string]string
		want           string
	}{
		{"another", "registry.sharedDatasource: jdbc/A", registryHome, "<nil>"},
		{"with the datasource that it has", "registry.sharedDatasource: jdbc/Local\nregistry.dbConfig: own", registryHome, "<nil>"},
		{"the own one", "registry.sharedDatasource: jdbc/A\nregistry.dbConfig: own", registryHome, `
c.yaml:2:20: registry.dbConfig: own is the dbConfig that currentDBConfig names in conf/registry.xml, so the node's own registry would become the shared one
  registry.dbConfig: own
                     ^^^
hint: the registry of each node needs a dbConfig and a database of its own; give the shared one another name`},
		{"the own one by default", "registry.sharedDatasource: jdbc/A", renamed, `
c.yaml:1:28: registry.dbConfig: shared is the dbConfig that currentDBConfig names in conf/registry.xml, so the node's own registry would become the shared one
  registry.sharedDatasource: jdbc/A
                             ^^^^^^
hint: the registry of each node needs a dbConfig and a database of its own; give the shared one another name`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, registryProfile)
			expect(t, tt.want, problemsOf(t, p, "one", tt.settings, tt.files))
		})
	}
}

func TestInspectRegistry(t *testing.T) {
	t.Parallel()
	const (
		begin = `<wso2registry>
<currentDBConfig>own</currentDBConfig>
<dbConfig name="own"><dataSource>jdbc/Local</dataSource></dbConfig>
<dbConfig name="shared"><dataSource>jdbc/A</dataSource></dbConfig>
`
		instance = `<remoteInstance url="https://h/registry"><id>i</id><dbConfig>shared</dbConfig><readOnly>false</readOnly><cacheId>u@jdbc:a</cacheId></remoteInstance>
`
		config = `<mount path="/_system/config"><instanceId>i</instanceId><targetPath>/_system/c</targetPath></mount>
`
		end = `<mount path="/_system/governance"><instanceId>i</instanceId><targetPath>/_system/g</targetPath></mount>
</wso2registry>`
	)
	tests := []struct{ name, registry, want string }{
		{"mounted", begin + instance + config + end, `
registry.sharedDatasource: jdbc/A conf/registry.xml:4:25 /wso2registry/dbConfig[@name='shared']/dataSource
registry.dbConfig: shared conf/registry.xml:5:52 /wso2registry/remoteInstance/dbConfig
registry.instanceId: i conf/registry.xml:5:42 /wso2registry/remoteInstance/id
registry.instanceUrl: https://h/registry conf/registry.xml:5:22 /wso2registry/remoteInstance/@url
registry.readOnly: false conf/registry.xml:5:79 /wso2registry/remoteInstance/readOnly
registry.cacheId: u@jdbc:a conf/registry.xml:5:105 /wso2registry/remoteInstance/cacheId
registry.configTarget: /_system/c conf/registry.xml:6:57 /wso2registry/mount[@path='/_system/config']/targetPath
registry.governanceTarget: /_system/g conf/registry.xml:7:61 /wso2registry/mount[@path='/_system/governance']/targetPath`},
		{"not mounted", begin + instance + end, ``},
		{"an instance that isn't there", begin + config + end, ``},
		{"the own registry", begin + `<remoteInstance url="x"><id>i</id><dbConfig>own</dbConfig></remoteInstance>` + config + end, ``},
		{"a dbConfig that isn't there", begin + `<remoteInstance url="x"><id>i</id><dbConfig>nowhere</dbConfig></remoteInstance>` + config + end, ``},
		{"quotes", begin + `<mount path="/_system/config"><instanceId>'</instanceId></mount>` + end, ``},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustParse(t, registryProfile)
			found, err := p.Inspect(writeHome(t, map[string]string{"conf/registry.xml": tt.registry}))
			if err != nil {
				t.Error(problemtest.Report(err))
			}
			expect(t, tt.want, dumpFound(found))
		})
	}
}

// With none, what was written for the shared registry is removed, and never the registry of the node itself.
func TestRegistryNone(t *testing.T) {
	t.Parallel()
	p := mustOpen(t, "carbon")
	registry := func(current string) map[string]string {
		return map[string]string{
			"conf/axis2/axis2.xml": membershipAxis2, "conf/carbon.xml": emptyCarbon, "conf/tomcat/catalina-server.xml": emptyCatalina,
			"conf/registry.xml": `<wso2registry>
  <currentDBConfig>` + current + `</currentDBConfig>
  <dbConfig name="sharedregistry"><dataSource>jdbc/A</dataSource></dbConfig>
  <dbConfig name="own"><dataSource>jdbc/L</dataSource></dbConfig>
  <remoteInstance url="u"><id>instanceid</id><dbConfig>sharedregistry</dbConfig></remoteInstance>
  <remoteInstance url="v"><id>other</id><dbConfig>own</dbConfig></remoteInstance>
  <mount path="/a"><instanceId>instanceid</instanceId></mount>
  <mount path="/b"><instanceId>other</instanceId></mount>
  <mount path="/c"><instanceId>instanceid</instanceId></mount>
</wso2registry>
`,
		}
	}
	const rest = `
-  <remoteInstance url="u"><id>instanceid</id><dbConfig>sharedregistry</dbConfig></remoteInstance>
-  <mount path="/a"><instanceId>instanceid</instanceId></mount>
-  <mount path="/c"><instanceId>instanceid</instanceId></mount>
`
	settings := "domain: d\nlocalMemberHost: 10.0.0.2\nmembers: [{host: 10.0.0.2, port: 4000}]\nregistry.sharedDatasource: none"
	for current, want := range map[string]string{
		"own": `conf/registry.xml
-  <dbConfig name="sharedregistry"><dataSource>jdbc/A</dataSource></dbConfig>` + rest,
		"sharedregistry": "conf/registry.xml" + rest,
	} {
		home := writeHome(t, registry(current))
		plan := applyTwice(t, p, "node", describe(t, p, "node", settings), home)
		_, got, _ := strings.Cut(diffText(plan), "conf/registry.xml")
		expect(t, want, "conf/registry.xml"+got)
	}
}

// Whatever a home shared before, in the end it is as if it had only had the last.
func TestSwitchRegistry(t *testing.T) {
	t.Parallel()
	p := mustOpen(t, "carbon")
	shared := map[string]string{
		"A":     "registry.sharedDatasource: jdbc/A\nregistry.configTarget: /_system/c",
		"local": "registry.sharedDatasource: jdbc/A\nregistry.configTarget: /_system/c\nregistry.governanceTarget: none",
		"none":  "registry.sharedDatasource: none",
	}
	run := func(way ...string) string {
		home := writeHome(t, map[string]string{
			"conf/axis2/axis2.xml": membershipAxis2, "conf/carbon.xml": emptyCarbon, "conf/tomcat/catalina-server.xml": emptyCatalina,
			"conf/registry.xml": registryHome["conf/registry.xml"], "conf/datasources/master-datasources.xml": registryHome["conf/datasources/master-datasources.xml"],
		})
		for _, last := range way {
			applyTwice(t, p, "node", describe(t, p, "node", shared[last]+"\ndomain: d\nlocalMemberHost: 10.0.0.2\nmembers: [{host: 10.0.0.2, port: 4000}]"), home)
		}
		return readHome(t, home, "conf/registry.xml")
	}
	for _, way := range [][]string{{"A", "none", "A"}, {"A", "local", "A"}, {"A", "local"}, {"A", "none"}, {"local", "none", "A", "none", "local"}} {
		if diff := cmp.Diff(run(way[len(way)-1]), run(way...)); diff != "" {
			t.Errorf("%v: -want +got\n%s", way, diff)
		}
	}
	expect(t, registryHome["conf/registry.xml"], run("A", "none"))
}
