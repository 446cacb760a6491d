package profiles

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/problemtest"
	"github.com/carbonpatch/carbonpatch/patch/secret"
)

const (
	emptyAxis2     = "<axisconfig><clustering enable=\"true\"><parameter name=\"membershipScheme\">wka</parameter></clustering></axisconfig>"
	emptyCarbon    = "<Server/>"
	twoDatasources = "<datasources-configuration><datasources><datasource><name>R</name><jndiConfig><name>jdbc/R</name></jndiConfig></datasource><datasource><name>U</name><jndiConfig><name>jdbc/U</name></jndiConfig></datasource></datasources></datasources-configuration>"
	emptyCatalina  = "<Server><Service><Connector port=\"9763\"/><Connector port=\"9443\" scheme=\"https\"/></Service></Server>"
)

// What the Enterprise Store has besides.
const (
	publisherJSON    = "repository/deployment/server/jaggeryapps/publisher/config/publisher.json"
	storeJSON        = "repository/deployment/server/jaggeryapps/store/config/store.json"
	publisherOnly    = "<SSOIdentityProviderConfig><ServiceProviders><ServiceProvider><Issuer>publisher</Issuer><AssertionConsumerService>x</AssertionConsumerService></ServiceProvider></ServiceProviders></SSOIdentityProviderConfig>"
	emptyApplication = `{"authentication": {"methods": {"sso": {"attributes": {"identityProviderURL": ""}}}}}`
)

// TestCarbonFiles applies the profiles to small files, each with one thing that real ones have.
func TestCarbonFiles(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, profile, role, file string
		values                    Values
		in, want                  string
	}{
		{
			"an attribute, a parameter, a commented parameter and a decoy", "carbon", "node", "conf/axis2/axis2.xml",
			Values{"domain": {Text: secret.New("d")}, "localMemberHost": {Text: secret.New("h")}, "localMemberPort": {Text: secret.New("1")}, "mcastAddress": {Text: secret.New("228.0.0.4")}},
			`<axisconfig>
  <clustering class="C"
              enable="false">
    <parameter name="membershipScheme">multicast</parameter>
    <parameter name="domain">x</parameter>
    <!--<parameter name="mcastAddress">228.0.0.9</parameter>-->
    <!--parameter name="localMemberHost">127.0.0.1</parameter-->
    <groupManagement enable="false">
      <applicationDomain name="x" subDomain="worker" port="2222"/>
    </groupManagement>
  </clustering>
</axisconfig>
`, `<axisconfig>
  <clustering class="C"
              enable="true">
    <parameter name="membershipScheme">wka</parameter>
    <parameter name="domain">d</parameter>
    <parameter name="mcastAddress">228.0.0.4</parameter>
    <parameter name="localMemberHost">h</parameter>
    <parameter name="localMemberPort">1</parameter>
    <groupManagement enable="false">
      <applicationDomain name="x" subDomain="worker" port="2222"/>
    </groupManagement>
  </clustering>
</axisconfig>
`,
		},
		{
			"from AWS to well-known addresses", "carbon", "node", "conf/axis2/axis2.xml",
			Values{"members": {Items: []map[string]Value{{"host": {Text: secret.New("h")}, "port": {Text: secret.New("1")}}}}},
			`<axisconfig>
  <clustering enable="true">
    <parameter name="membershipScheme">aws</parameter>
    <parameter name="accessKey">A</parameter>
    <parameter name="secretKey">S</parameter>
    <parameter name="region">r</parameter>
    <parameter name="mcastPort">1</parameter>
  </clustering>
</axisconfig>
`, `<axisconfig>
  <clustering enable="true">
    <parameter name="membershipScheme">wka</parameter>
    <parameter name="localMemberPort">4000</parameter>
    <members>
      <member>
        <hostName>h</hostName>
        <port>1</port>
      </member>
    </members>
    <parameter name="mcastPort">1</parameter>
  </clustering>
</axisconfig>
`,
		},
		{
			"from well-known addresses to a scheme of one's own", "carbon", "node", "conf/axis2/axis2.xml",
			Values{
				"membershipScheme": {Text: secret.New("kubernetes")}, "membershipSchemeClassName": {Text: secret.New("org.K")},
				"parameters": {Items: []map[string]Value{{"key": {Text: secret.New("USE_DNS")}, "value": {Text: secret.New("false")}}}},
			},
			`<axisconfig>
  <clustering enable="true">
    <parameter name="membershipScheme">wka</parameter>
    <parameter name="localMemberPort">4000</parameter>
    <members><member><hostName>h</hostName><port>1</port></member></members>
  </clustering>
</axisconfig>
`, `<axisconfig>
  <clustering enable="true">
    <parameter name="membershipScheme">kubernetes</parameter>
    <parameter name="membershipSchemeClassName">org.K</parameter>
    <parameter name="localMemberPort">4000</parameter>
    <parameter name="USE_DNS">false</parameter>
    <members><member><hostName>h</hostName><port>1</port></member></members>
  </clustering>
</axisconfig>
`,
		},
		{
			"no sub-domain", "carbon", "node", "conf/axis2/axis2.xml",
			Values{"subDomain": {None: true}, "localMemberPort": {Text: secret.New("1")}},
			`<axisconfig><clustering enable="true">
    <parameter name="membershipScheme">wka</parameter>
    <parameter name="localMemberPort">1</parameter>
    <parameter name="properties">
      <property name="subDomain" value="worker"/>
    </parameter>
</clustering></axisconfig>
`, `<axisconfig><clustering enable="true">
    <parameter name="membershipScheme">wka</parameter>
    <parameter name="localMemberPort">1</parameter>
    <parameter name="properties">
      <!--property name="subDomain" value="worker"/-->
    </parameter>
</clustering></axisconfig>
`,
		},
		{
			"a live synchronizer and a commented twin", "carbon", "worker", "conf/carbon.xml",
			Values{"deploymentSynchronizer.enabled": {Text: secret.New("true")}, "deploymentSynchronizer.svnUrl": {Text: secret.New("http://h/")}},
			`<Server>
  <DeploymentSynchronizer>
    <Enabled>false</Enabled>
    <AutoCommit>true</AutoCommit>
    <AutoCheckout>true</AutoCheckout>
    <RepositoryType>svn</RepositoryType>
    <SvnUrl>x</SvnUrl>
    <SvnUser>username</SvnUser>
    <SvnUrlAppendTenantId>true</SvnUrlAppendTenantId>
  </DeploymentSynchronizer>
  <!--<DeploymentSynchronizer>
    <Enabled>true</Enabled>
  </DeploymentSynchronizer>-->
</Server>
`, `<Server>
  <DeploymentSynchronizer>
    <Enabled>true</Enabled>
    <AutoCommit>false</AutoCommit>
    <AutoCheckout>true</AutoCheckout>
    <RepositoryType>svn</RepositoryType>
    <SvnUrl>http://h/</SvnUrl>
    <SvnUser>username</SvnUser>
    <SvnUrlAppendTenantId>true</SvnUrlAppendTenantId>
  </DeploymentSynchronizer>
  <!--<DeploymentSynchronizer>
    <Enabled>true</Enabled>
  </DeploymentSynchronizer>-->
</Server>
`,
		},
		{
			"both synchronizers commented", "carbon", "manager", "conf/carbon.xml",
			Values{"deploymentSynchronizer.enabled": {Text: secret.New("true")}, "deploymentSynchronizer.svnUrl": {Text: secret.New("http://h/")}},
			`<Server>
  <!--<DeploymentSynchronizer>
    <Enabled>true</Enabled>
  </DeploymentSynchronizer>-->
  <!--DeploymentSynchronizer>
    <Enabled>false</Enabled>
    <SvnUrl>x</SvnUrl>
  </DeploymentSynchronizer-->
</Server>
`, `<Server>
  <!--<DeploymentSynchronizer>
    <Enabled>true</Enabled>
  </DeploymentSynchronizer>-->
  <DeploymentSynchronizer>
    <Enabled>true</Enabled>
    <AutoCommit>true</AutoCommit>
    <AutoCheckout>true</AutoCheckout>
    <RepositoryType>svn</RepositoryType>
    <SvnUrl>http://h/</SvnUrl>
    <SvnUrlAppendTenantId>true</SvnUrlAppendTenantId>
  </DeploymentSynchronizer>
</Server>
`,
		},
		{
			"no synchronizer", "carbon", "manager", "conf/carbon.xml",
			Values{"deploymentSynchronizer.enabled": {Text: secret.New("true")}, "deploymentSynchronizer.svnUrl": {Text: secret.New("http://h/")}},
			`<Server xmlns="http://wso2.org/projects/carbon/carbon.xml">
    <Version>1</Version>
</Server>
`, `<Server xmlns="http://wso2.org/projects/carbon/carbon.xml">
    <Version>1</Version>
    <DeploymentSynchronizer>
        <Enabled>true</Enabled>
        <AutoCommit>true</AutoCommit>
        <AutoCheckout>true</AutoCheckout>
        <RepositoryType>svn</RepositoryType>
        <SvnUrl>http://h/</SvnUrl>
        <SvnUrlAppendTenantId>true</SvnUrlAppendTenantId>
    </DeploymentSynchronizer>
</Server>
`,
		},
		{
			"host names, offset and a synchronizer that isn't asked for", "carbon", "manager", "conf/carbon.xml",
			Values{"hostName": {Text: secret.New("h")}, "mgtHostName": {Text: secret.New("m")}, "portOffset": {Text: secret.New("2")}},
			`<Server>
  <Version>1</Version>
  <!--HostName>www.wso2.org</HostName-->
  <Ports>
    <Offset>0</Offset>
  </Ports>
  <DeploymentSynchronizer><Enabled>false</Enabled></DeploymentSynchronizer>
</Server>
`, `<Server>
  <Version>1</Version>
  <HostName>h</HostName>
  <MgtHostName>m</MgtHostName>
  <Ports>
    <Offset>2</Offset>
  </Ports>
  <DeploymentSynchronizer><Enabled>false</Enabled></DeploymentSynchronizer>
</Server>
`,
		},
		{
			"no host names at all", "carbon", "manager", "conf/carbon.xml",
			Values{"hostName": {Text: secret.New("h")}, "mgtHostName": {Text: secret.New("m")}},
			`<Server>
  <Name>x</Name>
  <Version>1</Version>

  <ServerURL>local:/${carbon.context}/services/</ServerURL>
</Server>
`, `<Server>
  <Name>x</Name>
  <Version>1</Version>
  <HostName>h</HostName>
  <MgtHostName>m</MgtHostName>

  <ServerURL>local:/${carbon.context}/services/</ServerURL>
</Server>
`,
		},
		{
			"connectors by scheme", "carbon", "node", "conf/tomcat/catalina-server.xml",
			Values{"httpProxyPort": {Text: secret.New("80")}, "httpsProxyPort": {Text: secret.New("443")}},
			`<Server port="8005">
  <Service>
    <Connector redirectPort="9443" port="9763" proxyPort="8280"/>
    <Connector
        SSLEnabled="true"
        port="9443"
        scheme="https"
    />
  </Service>
</Server>
`, `<Server port="8005">
  <Service>
    <Connector redirectPort="9443" port="9763" proxyPort="80"/>
    <Connector
        SSLEnabled="true"
        port="9443"
        proxyPort="443"
        scheme="https"
    />
  </Service>
</Server>
`,
		},
		{
			"receivers of the NIO transport, one without a comment", "esb", "worker", "conf/axis2/axis2.xml",
			Values{"hostName": {Text: secret.New("h")}, "httpProxyPort": {Text: secret.New("80")}, "httpsProxyPort": {Text: secret.New("443")}, "localMemberPort": {Text: secret.New("1")}, "subDomain": {None: true}, "domain": {None: true}},
			`<axisconfig>
  <transportReceiver name="http" class="org.apache.synapse.transport.nhttp.HttpCoreNIOListener">
    <parameter name="port">8280</parameter>
  </transportReceiver>
  <transportReceiver name="https" class="org.apache.synapse.transport.nhttp.HttpCoreNIOSSLListener">
    <!--parameter name="WSDLEPRPrefix" locked="false">https://apachehost:port/somepath</parameter-->
  </transportReceiver>
  <!--transportReceiver name="http" class="org.apache.synapse.transport.passthru.PassThroughHttpListener">
    <parameter name="WSDLEPRPrefix">x</parameter>
  </transportReceiver-->
  <clustering enable="true"><parameter name="membershipScheme">wka</parameter><parameter name="localMemberPort">1</parameter></clustering>
</axisconfig>
`, `<axisconfig>
  <transportReceiver name="http" class="org.apache.synapse.transport.nhttp.HttpCoreNIOListener">
    <parameter name="port">8280</parameter>
    <parameter name="WSDLEPRPrefix" locked="false">http://h:80</parameter>
  </transportReceiver>
  <transportReceiver name="https" class="org.apache.synapse.transport.nhttp.HttpCoreNIOSSLListener">
    <parameter name="WSDLEPRPrefix" locked="false">https://h:443</parameter>
  </transportReceiver>
  <!--transportReceiver name="http" class="org.apache.synapse.transport.passthru.PassThroughHttpListener">
    <parameter name="WSDLEPRPrefix">x</parameter>
  </transportReceiver-->
  <clustering enable="true"><parameter name="membershipScheme">wka</parameter><parameter name="localMemberPort">1</parameter></clustering>
</axisconfig>
`,
		},
		{
			"the shared registry beside the node's own, and the samples as they are", "carbon", "node", "conf/registry.xml",
			Values{"registry.sharedDatasource": {Text: secret.New("jdbc/R")}, "registry.configTarget": {Text: secret.New("/_system/mine")}, "registry.cacheId": {Text: secret.New("u@jdbc:x")}},
			`<wso2registry>
    <currentDBConfig>wso2registry</currentDBConfig>
    <dbConfig name="wso2registry">
        <dataSource>jdbc/L</dataSource>
    </dbConfig>

    <!--remoteInstance url="https://localhost:9443/registry">
        <id>instanceid</id>
        <dbConfig>wso2registry</dbConfig>
    </remoteInstance-->
    <!--mount path="/_system/config" overwrite="true|false|virtual">
        <instanceId>instanceid</instanceId>
        <targetPath>/_system/nodes</targetPath>
    </mount-->
</wso2registry>
`, `<wso2registry>
    <currentDBConfig>wso2registry</currentDBConfig>
    <dbConfig name="wso2registry">
        <dataSource>jdbc/L</dataSource>
    </dbConfig>
    <dbConfig name="sharedregistry">
        <dataSource>jdbc/R</dataSource>
    </dbConfig>
    <remoteInstance url="https://localhost:9443/registry">
        <id>instanceid</id>
        <dbConfig>sharedregistry</dbConfig>
        <readOnly>false</readOnly>
        <enableCache>true</enableCache>
        <registryRoot>/</registryRoot>
        <cacheId>u@jdbc:x</cacheId>
    </remoteInstance>
    <mount path="/_system/config" overwrite="true">
        <instanceId>instanceid</instanceId>
        <targetPath>/_system/mine</targetPath>
    </mount>
    <mount path="/_system/governance" overwrite="true">
        <instanceId>instanceid</instanceId>
        <targetPath>/_system/governance</targetPath>
    </mount>

    <!--remoteInstance url="https://localhost:9443/registry">
        <id>instanceid</id>
        <dbConfig>wso2registry</dbConfig>
    </remoteInstance-->
    <!--mount path="/_system/config" overwrite="true|false|virtual">
        <instanceId>instanceid</instanceId>
        <targetPath>/_system/nodes</targetPath>
    </mount-->
</wso2registry>
`,
		},
		{
			"a registry that is mounted otherwise, over HTTP", "carbon", "node", "conf/registry.xml",
			Values{"registry.sharedDatasource": {Text: secret.New("jdbc/R")}, "registry.configTarget": {Text: secret.New("/_system/mine")}, "registry.cacheId": {Text: secret.New("u@jdbc:x")}, "registry.instanceId": {Text: secret.New("i")}, "registry.dbConfig": {Text: secret.New("gov")}},
			`<wso2registry>
    <currentDBConfig>wso2registry</currentDBConfig>
    <dbConfig name="wso2registry"><dataSource>jdbc/L</dataSource></dbConfig>
    <dbConfig name="gov"><dataSource>jdbc/Old</dataSource></dbConfig>
    <remoteInstance url="https://gov:9443/registry">
        <id>i</id>
        <username>me</username>
        <password>secret</password>
        <readOnly>true</readOnly>
    </remoteInstance>
    <mount path="/_system/governance" overwrite="virtual">
        <instanceId>other</instanceId>
        <targetPath>/_system/governance</targetPath>
    </mount>
</wso2registry>
`, `<wso2registry>
    <currentDBConfig>wso2registry</currentDBConfig>
    <dbConfig name="wso2registry"><dataSource>jdbc/L</dataSource></dbConfig>
    <dbConfig name="gov"><dataSource>jdbc/R</dataSource></dbConfig>
    <remoteInstance url="https://localhost:9443/registry">
        <id>i</id>
        <dbConfig>gov</dbConfig>
        <readOnly>false</readOnly>
        <enableCache>true</enableCache>
        <registryRoot>/</registryRoot>
        <cacheId>u@jdbc:x</cacheId>
    </remoteInstance>
    <mount path="/_system/config" overwrite="true">
        <instanceId>i</instanceId>
        <targetPath>/_system/mine</targetPath>
    </mount>
    <mount path="/_system/governance" overwrite="true">
        <instanceId>i</instanceId>
        <targetPath>/_system/governance</targetPath>
    </mount>
</wso2registry>
`,
		},
		{
			"a shared registry without the governance part", "carbon", "node", "conf/registry.xml",
			Values{"registry.sharedDatasource": {Text: secret.New("jdbc/R")}, "registry.configTarget": {Text: secret.New("/c")}, "registry.governanceTarget": {None: true}, "registry.cacheId": {Text: secret.New("u@jdbc:x")}},
			`<wso2registry>
    <currentDBConfig>local</currentDBConfig>
    <dbConfig name="sharedregistry"><dataSource>jdbc/R</dataSource></dbConfig>
    <remoteInstance url="https://localhost:9443/registry">
        <id>instanceid</id><dbConfig>sharedregistry</dbConfig><readOnly>false</readOnly><enableCache>true</enableCache><registryRoot>/</registryRoot><cacheId>u@jdbc:x</cacheId>
    </remoteInstance>
    <mount path="/_system/config" overwrite="true"><instanceId>instanceid</instanceId><targetPath>/c</targetPath></mount>
    <mount path="/_system/governance" overwrite="true"><instanceId>instanceid</instanceId><targetPath>/g</targetPath></mount>
</wso2registry>
`, `<wso2registry>
    <currentDBConfig>local</currentDBConfig>
    <dbConfig name="sharedregistry"><dataSource>jdbc/R</dataSource></dbConfig>
    <remoteInstance url="https://localhost:9443/registry">
        <id>instanceid</id><dbConfig>sharedregistry</dbConfig><readOnly>false</readOnly><enableCache>true</enableCache><registryRoot>/</registryRoot><cacheId>u@jdbc:x</cacheId>
    </remoteInstance>
    <mount path="/_system/config" overwrite="true"><instanceId>instanceid</instanceId><targetPath>/c</targetPath></mount>
</wso2registry>
`,
		},
		{
			"single values of the user store, and a decoy", "carbon", "node", "conf/user-mgt.xml",
			Values{
				"userManagement.datasource": {Text: secret.New("jdbc/U")}, "userManagement.addAdmin": {Text: secret.New("false")}, "userManagement.adminRole": {Text: secret.New("boss")},
				"userManagement.adminUser": {Text: secret.New("root")}, "userManagement.adminPassword": {Text: secret.New("a<b"), Secret: true}, "userManagement.everyoneRole": {Text: secret.New("all")},
			},
			`<UserManager>
    <Realm>
        <Configuration>
		<AddAdmin>true</AddAdmin>
            <AdminRole>admin</AdminRole>
            <AdminUser>
                <UserName>admin</UserName>
                <Password>admin</Password>
            </AdminUser>
            <EveryOneRoleName>everyone</EveryOneRoleName> <!-- sees the root -->
            <Property name="isCascadeDeleteEnabled">true</Property>
            <Property name="dataSource">jdbc/WSO2CarbonDB</Property>
        </Configuration>
        <UserStoreManager class="x">
            <Property name="dataSource">jdbc/Own</Property>
        </UserStoreManager>
    </Realm>
</UserManager>
`, `<UserManager>
    <Realm>
        <Configuration>
		<AddAdmin>false</AddAdmin>
            <AdminRole>boss</AdminRole>
            <AdminUser>
                <UserName>root</UserName>
                <Password>a&lt;b</Password>
            </AdminUser>
            <EveryOneRoleName>all</EveryOneRoleName> <!-- sees the root -->
            <Property name="isCascadeDeleteEnabled">true</Property>
            <Property name="dataSource">jdbc/U</Property>
        </Configuration>
        <UserStoreManager class="x">
            <Property name="dataSource">jdbc/Own</Property>
        </UserStoreManager>
    </Realm>
</UserManager>
`,
		},
		{
			"receivers in the base profile, which has no default for them", "carbon", "node", "conf/axis2/axis2.xml",
			Values{"hostName": {Text: secret.New("h")}, "httpProxyPort": {Text: secret.New("80")}, "wsdlEPRPrefix.http": {Text: secret.New("http://p")}, "localMemberPort": {Text: secret.New("1")}},
			`<axisconfig>
  <transportReceiver name="http" class="org.apache.synapse.transport.passthru.PassThroughHttpListener">
    <!--parameter name="WSDLEPRPrefix" locked="false">https://apachehost:port/somepath</parameter-->
  </transportReceiver>
  <transportReceiver name="https" class="org.apache.synapse.transport.passthru.PassThroughHttpSSLListener">
    <!--parameter name="WSDLEPRPrefix" locked="false">https://apachehost:port/somepath</parameter-->
  </transportReceiver>
  <clustering enable="true"><parameter name="membershipScheme">wka</parameter><parameter name="localMemberPort">1</parameter></clustering>
</axisconfig>
`, `<axisconfig>
  <transportReceiver name="http" class="org.apache.synapse.transport.passthru.PassThroughHttpListener">
    <parameter name="WSDLEPRPrefix" locked="false">http://p</parameter>
  </transportReceiver>
  <transportReceiver name="https" class="org.apache.synapse.transport.passthru.PassThroughHttpSSLListener">
    <!--parameter name="WSDLEPRPrefix" locked="false">https://apachehost:port/somepath</parameter-->
  </transportReceiver>
  <clustering enable="true"><parameter name="membershipScheme">wka</parameter><parameter name="localMemberPort">1</parameter></clustering>
</axisconfig>
`,
		},
		{
			"single sign-on as until ES 2.0, in conf/security", "es", "store", "conf/security/sso-idp-config.xml",
			Values{"sso.publisherHost": {Text: secret.New("p")}, "sso.storeHost": {Text: secret.New("s")}, "domain": {Text: secret.New("d")}, "localMemberPort": {Text: secret.New("1")}},
			`<SSOIdentityProviderConfig>
    <ServiceProviders>
        <ServiceProvider>
            <Issuer>store</Issuer>
            <AssertionConsumerService>https://localhost:9443/store/acs</AssertionConsumerService>
        </ServiceProvider>
        <ServiceProvider>
            <Issuer>social</Issuer>
            <AssertionConsumerService>https://localhost:9443/social/acs</AssertionConsumerService>
        </ServiceProvider>
        <ServiceProvider>
            <Issuer>publisher</Issuer>
            <AssertionConsumerService>https://localhost:9443/publisher/acs</AssertionConsumerService>
        </ServiceProvider>
    </ServiceProviders>
</SSOIdentityProviderConfig>`, `<SSOIdentityProviderConfig>
    <ServiceProviders>
        <ServiceProvider>
            <Issuer>store</Issuer>
            <AssertionConsumerService>https://s/store/acs</AssertionConsumerService>
        </ServiceProvider>
        <ServiceProvider>
            <Issuer>social</Issuer>
            <AssertionConsumerService>https://localhost:9443/social/acs</AssertionConsumerService>
        </ServiceProvider>
        <ServiceProvider>
            <Issuer>publisher</Issuer>
            <AssertionConsumerService>https://p/publisher/acs</AssertionConsumerService>
        </ServiceProvider>
    </ServiceProviders>
</SSOIdentityProviderConfig>`,
		},
		{
			"single sign-on since ES 2.1, in conf/identity", "es", "publisher", "conf/identity/sso-idp-config.xml",
			Values{"sso.publisherHost": {Text: secret.New("p")}, "sso.storeHost": {Text: secret.New("s")}, "domain": {Text: secret.New("d")}, "localMemberPort": {Text: secret.New("1")}},
			`<SSOIdentityProviderConfig>
    <ServiceProviders>
        <ServiceProvider>
            <Issuer>store</Issuer>
            <AssertionConsumerServiceURLs>
                <AssertionConsumerServiceURL>https://localhost:9443/store/acs</AssertionConsumerServiceURL>
            </AssertionConsumerServiceURLs>
            <DefaultAssertionConsumerServiceURL>https://localhost:9443/store/acs</DefaultAssertionConsumerServiceURL>
        </ServiceProvider>
        <ServiceProvider>
            <Issuer>publisher</Issuer>
            <AssertionConsumerServiceURLs>
                <AssertionConsumerServiceURL>https://localhost:9443/publisher/acs</AssertionConsumerServiceURL>
            </AssertionConsumerServiceURLs>
            <DefaultAssertionConsumerServiceURL>https://localhost:9443/publisher/acs</DefaultAssertionConsumerServiceURL>
        </ServiceProvider>
    </ServiceProviders>
</SSOIdentityProviderConfig>
`, `<SSOIdentityProviderConfig>
    <ServiceProviders>
        <ServiceProvider>
            <Issuer>store</Issuer>
            <AssertionConsumerServiceURLs>
                <AssertionConsumerServiceURL>https://s/store/acs</AssertionConsumerServiceURL>
            </AssertionConsumerServiceURLs>
            <DefaultAssertionConsumerServiceURL>https://s/store/acs</DefaultAssertionConsumerServiceURL>
        </ServiceProvider>
        <ServiceProvider>
            <Issuer>publisher</Issuer>
            <AssertionConsumerServiceURLs>
                <AssertionConsumerServiceURL>https://p/publisher/acs</AssertionConsumerServiceURL>
            </AssertionConsumerServiceURLs>
            <DefaultAssertionConsumerServiceURL>https://p/publisher/acs</DefaultAssertionConsumerServiceURL>
        </ServiceProvider>
    </ServiceProviders>
</SSOIdentityProviderConfig>
`,
		},
		{
			"where browsers log in, and come back to", "es", "store", storeJSON,
			Values{"sso.publisherHost": {Text: secret.New("p")}, "domain": {Text: secret.New("d")}, "localMemberPort": {Text: secret.New("1")}},
			`{"authentication": {"methods": {"sso": {"attributes": {
	"issuer" : "store", "identityProviderURL" : "%https.host%\/samlsso",
	"acs": "%https.host%/store/acs"}}}}}`,
			`{"authentication": {"methods": {"sso": {"attributes": {
	"issuer" : "store", "identityProviderURL" : "https://p/samlsso",
	"acs": "%https.host%/store/acs"}}}}}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{
				"conf/axis2/axis2.xml": emptyAxis2, "conf/carbon.xml": emptyCarbon, "conf/tomcat/catalina-server.xml": emptyCatalina,
				"conf/datasources/master-datasources.xml": twoDatasources,
				publisherJSON: emptyApplication, storeJSON: emptyApplication, "conf/sso-idp-config.xml": publisherOnly,
			}
			files[tt.file] = tt.in
			home := writeHome(t, files)
			p := mustOpen(t, tt.profile)
			values, _ := p.Complete(tt.role, tt.values)
			made, err := p.Patch(tt.role, values, home)
			if err != nil {
				t.Fatal(problemtest.Report(err))
			}
			for range 2 {
				plan, err := patch.Make(home.Dir, made)
				if err != nil {
					t.Fatal(problemtest.Report(err))
				}
				for _, f := range plan.Files {
					if f.Path != tt.file {
						continue
					}
					if diff := cmp.Diff(strings.Split(tt.want, "\n"), strings.Split(string(f.After), "\n")); diff != "" {
						t.Errorf("-want +got\n%s\n%s", diff, f.After)
					}
					if err := os.WriteFile(filepath.Join(home.Dir, f.Path), f.After, 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
		})
	}
}

// A worker must be able to tell clients where it is: without a receiver to say so in, that is an error.
func TestNoReceiver(t *testing.T) {
	t.Parallel()
	home := writeHome(t, map[string]string{
		"conf/axis2/axis2.xml": emptyAxis2, "conf/carbon.xml": emptyCarbon, "conf/tomcat/catalina-server.xml": emptyCatalina,
	})
	p := mustOpen(t, "esb")
	values, _ := p.Complete("worker", Values{"wsdlEPRPrefix.http": {Text: secret.New("http://h")}, "wsdlEPRPrefix.https": {Text: secret.New("https://h")}})
	_, err := planOf(t, p, "worker", values, home)
	expect(t, `
conf/axis2/axis2.xml:1:1: ensure /axisconfig/transportReceiver[@class='org.apache.synapse.transport.passthru.PassThroughHttpListener']/parameter[@name='WSDLEPRPrefix']: no element matches; this <axisconfig> has no <transportReceiver>
hint: wsdlEPRPrefix.http: none leaves it out
conf/axis2/axis2.xml:1:1: ensure /axisconfig/transportReceiver[@class='org.apache.synapse.transport.passthru.PassThroughHttpSSLListener']/parameter[@name='WSDLEPRPrefix']: no element matches; this <axisconfig> has no <transportReceiver>
hint: wsdlEPRPrefix.https: none leaves it out`, problemtest.Report(err))
}

// An Enterprise Store whose sso-idp-config.xml has neither of the two shapes, or more than one address, is not taken for a
// configured one.
func TestSingleSignOnRefuses(t *testing.T) {
	t.Parallel()
	const provider = "/SSOIdentityProviderConfig/ServiceProviders/ServiceProvider[Issuer='publisher']"
	tests := []struct{ name, inside, want string }{
		{"neither shape", "<Issuer>publisher</Issuer>", `
conf/sso-idp-config.xml:1:46: set ` + provider + `/AssertionConsumerService: no element matches; this <ServiceProvider> has no <AssertionConsumerService>
hint: is this home whole, and of a product and version that the profile is for?`},
		{"two addresses", "<Issuer>publisher</Issuer><AssertionConsumerServiceURLs><AssertionConsumerServiceURL>a</AssertionConsumerServiceURL><AssertionConsumerServiceURL>b</AssertionConsumerServiceURL></AssertionConsumerServiceURLs>", `
conf/sso-idp-config.xml:1:179: set ` + provider + `/AssertionConsumerServiceURLs/AssertionConsumerServiceURL: matches 2 elements (lines 1, 1), want 1
hint: take away all but one`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			home := writeHome(t, map[string]string{
				"conf/axis2/axis2.xml": emptyAxis2, publisherJSON: emptyApplication, storeJSON: emptyApplication,
				"conf/sso-idp-config.xml": "<SSOIdentityProviderConfig><ServiceProviders><ServiceProvider>" + tt.inside + "</ServiceProvider></ServiceProviders></SSOIdentityProviderConfig>",
			})
			p := mustOpen(t, "es")
			values, _ := p.Complete("publisher", Values{"sso.publisherHost": {Text: secret.New("p")}})
			_, err := planOf(t, p, "publisher", values, home)
			expect(t, tt.want, problemtest.Report(err))
		})
	}
}
