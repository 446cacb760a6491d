package lint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// guideNode is a node that was set up as a guide says, to the letter.
type guideNode struct {
	name, role, home string
	do               func(t *testing.T, files map[string][]byte)
}

// guide is what is found in the nodes of a guide.
type guide struct {
	name  string
	nodes []guideNode
	want  string // severities and rules
}

// clustering is what all guides write into axis2.xml, with members as host:port.
func clustering(scheme, domain, host, port string, members ...string) []xmlops.Op {
	parameter := func(name string) string { return "/axisconfig/clustering/parameter[@name='" + name + "']" }
	ops := []xmlops.Op{
		set("/axisconfig/clustering/@enable", "true"), set(parameter("membershipScheme"), scheme), set(parameter("localMemberHost"), host),
		set(parameter("localMemberPort"), port),
	}
	if domain != "" {
		ops = append(ops, set(parameter("domain"), domain))
	}
	if members == nil {
		return ops
	}
	list := xmlops.Op{Verb: xmlops.List, Select: selector("/axisconfig/clustering/members/member")}
	for _, m := range members {
		host, port, _ := strings.Cut(m, ":")
		list.Items = append(list.Items, &xmlops.Fragment{Name: "member", Children: []*xmlops.Fragment{{Name: "hostName", Text: host}, {Name: "port", Text: port}}})
	}
	return append(ops, list)
}

// subDomain writes the property of that name, or takes it away.
func subDomain(value string) xmlops.Op {
	const property = "/axisconfig/clustering/parameter[@name='properties']/property[@name='subDomain']"
	if value == "" {
		return xmlops.Op{Verb: xmlops.Remove, Select: selector(property)}
	}
	return ensure(property, `<property name="subDomain" value="`+value+`"/>`)
}

// hostNames write HostName and, if it is not empty, MgtHostName.
func hostNames(host, mgt string) []xmlops.Op {
	ops := []xmlops.Op{set("/Server/HostName", host)}
	if mgt != "" {
		ops = append(ops, set("/Server/MgtHostName", mgt))
	}
	return ops
}

// synchronizer writes the deployment synchronizer.
func synchronizer(autoCommit, url, user, password string) []xmlops.Op {
	var ops []xmlops.Op
	for _, v := range [][2]string{
		{"Enabled", "true"},
		{"AutoCommit", autoCommit},
		{"AutoCheckout", "true"},
		{"RepositoryType", "svn"},
		{"SvnUrl", url},
		{"SvnUser", user},
		{"SvnPassword", password},
		{"SvnUrlAppendTenantId", "true"},
	} {
		ops = append(ops, set("/Server/DeploymentSynchronizer/"+v[0], v[1]))
	}
	return ops
}

// proxyPorts write those of both connectors.
func proxyPorts() []xmlops.Op {
	return []xmlops.Op{
		set("/Server/Service/Connector[@port='9763']/@proxyPort", "80"), set("/Server/Service/Connector[@port='9443']/@proxyPort", "443"),
	}
}

// prefixes write WSDLEPRPrefix into both receivers of the pass-through transport.
func prefixes(host string) []xmlops.Op {
	receiver := func(class string) string {
		return "/axisconfig/transportReceiver[@class='org.apache.synapse.transport.passthru." + class + "']/parameter[@name='WSDLEPRPrefix']"
	}
	return []xmlops.Op{
		set(receiver("PassThroughHttpListener"), "http://"+host+":80"), set(receiver("PassThroughHttpSSLListener"), "https://"+host+":443"),
	}
}

// datasource writes one for MySQL.
func datasource(name, jndi, url, user string) xmlops.Op {
	return ensure("/datasources-configuration/datasources/datasource[name='"+name+"']", `<datasource><name>`+name+`</name>
<description>The datasource used for registry and user manager</description><jndiConfig><name>`+jndi+`</name></jndiConfig><definition type="RDBMS">
<configuration><url>`+url+`</url><username>`+user+`</username><password>`+user+`</password><driverClassName>com.mysql.jdbc.Driver</driverClassName>
<maxActive>50</maxActive><maxWait>60000</maxWait><testOnBorrow>true</testOnBorrow><validationQuery>SELECT 1</validationQuery>
<validationInterval>30000</validationInterval></configuration></definition></datasource>`)
}

// mounts write the shared registry.
func mounts(jndi, cacheID, target string) []xmlops.Op {
	mount := func(path, target string) xmlops.Op {
		return ensure("/wso2registry/mount[@path='"+path+"']", `<mount path="`+path+`" overwrite="true"><instanceId>instanceid</instanceId><targetPath>`+target+`</targetPath></mount>`)
	}
	return []xmlops.Op{
		ensure("/wso2registry/dbConfig[@name='sharedregistry']", `<dbConfig name="sharedregistry"><dataSource>`+jndi+`</dataSource></dbConfig>`),
		ensure("/wso2registry/remoteInstance[id='instanceid']", `<remoteInstance url="https://localhost:9443/registry"><id>instanceid</id>
<dbConfig>sharedregistry</dbConfig><readOnly>false</readOnly><enableCache>true</enableCache><registryRoot>/</registryRoot><cacheId>`+cacheID+`</cacheId></remoteInstance>`),
		mount("/_system/config", target), mount("/_system/governance", "/_system/governance"),
	}
}

// guideAWS is 000 with its example values and its comments, which are none in XML.
func guideAWS(t *testing.T, files map[string][]byte) {
	ops := clustering("aws", "", "127.0.0.1", "5701")
	for _, v := range [][2]string{
		{"accessKey", "xxxxxxxxxx"},
		{"secretKey", "yyyyyyyyyy"},
		{"securityGroup", "a_group_name"},
		{"region", "us-east-1"},
		{"tagKey", "a_tag_key"},
		{"tagValue", "a_tag_value"},
	} {
		ops = append(ops, set("/axisconfig/clustering/parameter[@name='"+v[0]+"']", v[1]))
	}
	edit(t, files, "axis2/axis2.xml", ops...)
	replace(t, files, "repository/conf/axis2/axis2.xml", `<parameter name="region">us-east-1</parameter>`,
		`<parameter name="region">us-east-1</parameter>
    // Make sure you do not add any zone values (e.g., a) to the region parameter.`)
	files["bin/wso2server.sh"] = []byte(`$JAVACMD \
    -Xms256m -Xmx1024m \
    -Dhttps.proxyHost=proxy.example.com \
    -Dhttps.proxyPort=3128 \
    -Dhttp.nonProxyHosts="localhost|127.0.0.1|.*.local \
    -DworkerNode=false \
    -classpath "$CARBON_CLASSPATH" org.wso2.carbon.bootstrap.Bootstrap $*
`)
}

// replace replaces what stands in a file once.
func replace(t *testing.T, files map[string][]byte, name, old, text string) {
	t.Helper()
	src := string(files[name])
	if strings.Count(src, old) != 1 {
		t.Fatalf("%s does not hold once: %s", name, old)
	}
	files[name] = []byte(strings.Replace(src, old, text, 1))
}

func guideAS(host, port, mgt, commit string, members ...string) func(*testing.T, map[string][]byte) {
	return func(t *testing.T, files map[string][]byte) {
		edit(t, files, "axis2/axis2.xml", append(clustering("wka", "wso2.as.domain", host, port, members...), subDomain(""))...)
		edit(t, files, "carbon.xml", append(hostNames("as.wso2.com", mgt), synchronizer(commit, "https://svn.wso2.org/repos/as", "svnuser", "xxxxxx")...)...)
		edit(t, files, "tomcat/catalina-server.xml", proxyPorts()...)
		databases(t, files, host)
	}
}

// databases are those that the guides call a prerequisite: one of its own for each node, and two that all share.
func databases(t *testing.T, files map[string][]byte, host string) {
	const url = "jdbc:mysql://carbondb.mysql-wso2.com:3306/"
	own := "LOCAL" + host[strings.LastIndex(host, ".")+1:]
	edit(t, files, "datasources/master-datasources.xml", datasource("WSO2_CARBON_DB", "jdbc/WSO2CarbonDB", url+own, "regadmin"),
		datasource("REGISTRY_DB", "jdbc/WSO2RegistryDB", url+"REGISTRY_DB", "regadmin"), datasource("WSO2_USER_DB", "jdbc/WSO2UMDB", url+"WSO2_USER_DB", "regadmin"))
	edit(t, files, "registry.xml", mounts("jdbc/WSO2RegistryDB", "regadmin@"+url+"REGISTRY_DB", "/_system/config")...)
	edit(t, files, "user-mgt.xml", set("/UserManager/Realm/Configuration/Property[@name='dataSource']", "jdbc/WSO2UMDB"))
}

func guideEI(host, own string, members ...string) func(*testing.T, map[string][]byte) {
	return func(t *testing.T, files map[string][]byte) {
		const url, again = "jdbc:mysql://carbondb.mysql-wso2.com:3306/", "?autoReconnect=true"
		edit(t, files, "datasources/master-datasources.xml", xmlops.Op{Verb: xmlops.Remove, Select: selector("/datasources-configuration/datasources/datasource")},
			datasource(own, "jdbc/WSO2CarbonDB", url+own+again, "regadmin"), datasource("REGISTRY_DB", "jdbc/WSO2RegistryDB", url+"REGISTRY_DB"+again, "regadmin"),
			datasource("WSO2_USER_DB", "jdbc/WSO2UMDB", url+"WSO2_USER_DB", "regadmin"))
		edit(t, files, "registry.xml", mounts("jdbc/WSO2RegistryDB", "regadmin@"+url+"REGISTRY_DB"+again, "/_system/eiconfig")...)
		edit(t, files, "user-mgt.xml", set("/UserManager/Realm/Configuration/Property[@name='dataSource']", "jdbc/WSO2UMDB"))
		edit(t, files, "axis2/axis2.xml", append(clustering("wka", "wso2.ei.domain", host, "4100", members...), prefixes("esb.wso2.com")...)...)
		edit(t, files, "carbon.xml", hostNames("esb.wso2.com", "")...)
		edit(t, files, "tomcat/catalina-server.xml", proxyPorts()...)
		files["bin/integrator.sh"] = []byte(`$JAVACMD \
    -Xms256m -Xmx2048m -XX:MaxPermSize=256m \
    -DworkerNode=false \
    -classpath "$CARBON_CLASSPATH" org.wso2.carbon.bootstrap.Bootstrap $*
`)
	}
}

func guideES(host, port, hostName string, members ...string) func(*testing.T, map[string][]byte) {
	return func(t *testing.T, files map[string][]byte) {
		const url, again = "jdbc:mysql://10.0.0.9:3306/", "?autoReconnect=true"
		edit(t, files, "datasources/master-datasources.xml", datasource("WSO2_CARBON_DB", "jdbc/WSO2CarbonDB", url+"ES_carbondb"+again, "root"),
			datasource("WSO2UM_DB", "jdbc/UserDB", url+"ES_umdb"+again, "root"), datasource("Registry_DB", "jdbc/WSO2RegistryDB", url+"ES_regdb", "root"),
			datasource("WSO2_IDENTITY_DB", "jdbc/WSO2IdentityDB", url+"ES_identitydb"+again, "root"))
		edit(t, files, "user-mgt.xml", set("/UserManager/Realm/Configuration/Property[@name='dataSource']", "jdbc/WSO2UM_DB"))
		edit(t, files, "registry.xml", mounts("jdbc/WSO2RegistryDB", "root@"+url+"ES_regdb"+again, "/_system/config")...)
		edit(t, files, "axis2/axis2.xml", append(clustering("wka", "wso2.es.domain", host, port, members...), subDomain(""))...)
		edit(t, files, "carbon.xml", append(hostNames(hostName, ""), synchronizer("true", "xxxxxxxxxxxxxxxxx", "xxxx", "xxxx")...)...)
		config := files["repository/conf/identity/sso-idp-config.xml"]
		delete(files, "repository/conf/identity/sso-idp-config.xml")
		files["repository/conf/security/sso-idp-config.xml"] = config
		edit(t, files, "security/sso-idp-config.xml",
			set("/SSOIdentityProviderConfig/ServiceProviders/ServiceProvider[Issuer='store']/AssertionConsumerService", "https://store.es-wso2.com/store/acs"),
			set("/SSOIdentityProviderConfig/ServiceProviders/ServiceProvider[Issuer='publisher']/AssertionConsumerService", "https://publisher.es-wso2.com/publisher/acs"))
		replace(t, files, "repository/deployment/server/jaggeryapps/publisher/config/publisher.json", "%https.host%/samlsso", "https://publisher.es-wso2.com/samlsso")
	}
}

func guideESB(host, port, mgt, domain, commit, worker string, members ...string) func(*testing.T, map[string][]byte) {
	return func(t *testing.T, files map[string][]byte) {
		ops := append(clustering("wka", "wso2.esb.domain", host, port, members...), subDomain(domain))
		if worker == "true" {
			ops = append(ops, prefixes("esb.wso2.com")...)
		} else {
			edit(t, files, "tomcat/catalina-server.xml", proxyPorts()...)
		}
		edit(t, files, "axis2/axis2.xml", ops...)
		edit(t, files, "carbon.xml", append(hostNames("esb.wso2.com", mgt), synchronizer(commit, "https://svn.wso2.org/repos/esb", "svnuser", "xxxxxx")...)...)
		files["bin/integrator.sh"] = []byte(`$JAVACMD \
    -Xms256m -Xmx1024m \
    -DworkerNode=` + worker + ` \
    -classpath "$CARBON_CLASSPATH" org.wso2.carbon.bootstrap.Bootstrap $*
`)
		files["wso2/components/default/configuration/config.ini"] = nil
		databases(t, files, host)
	}
}

var guides = []guide{
	{"000, AWS", []guideNode{{"node", "", "as-5.3.0", guideAWS}}, `
error h2-in-cluster
error local-member-host-loopback
error script-unquoted-pipe
info https-port-variable-unset
info mgt-hostname-missing
info plaintext-password
info subdomain-no-effect
warning aws-placeholder
warning aws-plaintext-secret
warning clustering-junk-text
warning default-admin-password
warning domain-default
warning hostname-missing
warning mount-no-remote
warning non-proxy-hosts-pattern`},
	{"001, AS, worker2 copied from worker1 as told, to a server of its own", []guideNode{
		{"manager", "manager", "as-5.3.0", guideAS("10.0.0.2", "4100", "mgt.as.wso2.com", "true", "10.0.0.3:4200")},
		{"worker1", "worker", "as-5.3.0", guideAS("10.0.0.3", "4200", "", "false", "10.0.0.2:4100")},
		{"worker2", "worker", "as-5.3.0", guideAS("10.0.0.3", "4300", "", "false", "10.0.0.2:4100")},
	}, `
info https-port-variable-unset
info plaintext-password
info wka-not-all-listed
warning default-admin-password
warning depsync-svn-url-placeholder
warning local-registry-shared
warning mgt-hostname-missing
warning port-collision
warning same-host-other-machine`},
	{"002, EI", []guideNode{
		{"node1", "", "ei-6.1.1", guideEI("10.0.0.2", "REGISTRY_LOCAL1", "10.0.0.3:4100")},
		{"node2", "", "ei-6.1.1", guideEI("10.0.0.3", "REGISTRY_LOCAL2", "10.0.0.2:4100")},
	}, `
info max-perm-size
info plaintext-password
warning default-admin-password
warning mgt-hostname-missing`},
	{"003, ES", []guideNode{
		{"publisher1", "publisher", "es-2.0.0", guideES("10.0.0.1", "4250", "publisher.es-wso2.com", "10.0.0.2:4254")},
		{"publisher2", "publisher", "es-2.0.0", guideES("10.0.0.2", "4250", "publisher.es-wso2.com", "10.0.0.1:4254")},
		{"store1", "store", "es-2.0.0", guideES("10.0.0.3", "4251", "store.es-wso2.com", "10.0.0.4:4252")},
		{"store2", "store", "es-2.0.0", guideES("10.0.0.4", "4251", "store.es-wso2.com", "10.0.0.3:4252")},
	}, `
error depsync-svn-url
error sso-idp-path
error user-mgt-datasource-dangling
error wka-graph-disconnected
error wka-unknown-member
info cache-id-mismatch
info datasource-unreferenced
info https-port-variable-unset
info mgt-hostname-missing
info plaintext-password
warning default-admin-password
warning depsync-committers
warning depsync-feature-absent
warning depsync-svn-url-placeholder
warning local-registry-shared
warning sso-acs-localhost`},
	{"004, EI 6.1.1 as manager and workers, the second a copy without any changes", []guideNode{
		{"manager", "manager", "ei-6.1.1", guideESB("10.0.0.2", "4100", "mgt.esb.wso2.com", "mgt", "true", "false", "10.0.0.3:4200")},
		{"worker1", "worker", "ei-6.1.1", guideESB("10.0.0.3", "4200", "", "worker", "false", "true", "10.0.0.2:4100")},
		{"worker2", "worker", "ei-6.1.1", guideESB("10.0.0.3", "4200", "", "worker", "false", "true", "10.0.0.2:4100")},
	}, `
error duplicate-member-endpoint
error worker-profile-missing
info mgt-hostname-missing
info plaintext-password
info subdomain-no-effect
warning default-admin-password
warning depsync-svn-url-placeholder
warning local-registry-shared
warning same-host-other-machine
warning worker-flag-without-pattern`},
}

// Each guide taken to the letter has what is known to be wrong with it, and nothing else.
func TestGuides(t *testing.T) {
	t.Parallel()
	for _, g := range guides {
		t.Run(g.name, func(t *testing.T) {
			t.Parallel()
			var nodes []*Node
			for _, n := range g.nodes {
				files := corpusFiles(t, n.home)
				n.do(t, files)
				nodes = append(nodes, nodeOf(t, n.name, n.role, files))
			}
			all := Check(nodes)
			if diff := cmp.Diff(strings.TrimSpace(g.want), kinds(all)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
				for _, f := range all {
					t.Logf("%s [%s]", line(f), f.Rule.ID)
				}
			}
		})
	}
}
