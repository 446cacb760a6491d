package profiles

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

const membershipAxis2 = `<axisconfig>
  <clustering class="C" enable="true">
    <parameter name="AvoidInitiation">true</parameter>
    <!-- The membership scheme -->
    <parameter name="membershipScheme">wka</parameter>
    <!--<parameter name="licenseKey">xxx</parameter>-->
    <parameter name="domain">d</parameter>
    <parameter name="mcastPort">45564</parameter>
    <parameter name="maxRetries">10</parameter>
    <parameter name="localMemberHost">10.0.0.2</parameter>
    <parameter name="localMemberPort">4000</parameter>
    <parameter name="properties">
      <property name="subDomain" value="worker"/>
    </parameter>
    <members>
      <member>
        <hostName>10.0.0.2</hostName>
        <port>4000</port>
      </member>
    </members>
  </clustering>
</axisconfig>
`

// schemes are descriptions of a node that differ in the membership scheme.
var schemes = map[string]string{
	"wka":       "membershipScheme: wka",
	"multicast": "membershipScheme: multicast",
	"aws":       "membershipScheme: aws\naws.accessKey: a\naws.secretKey: s\naws.securityGroup: g\naws.region: r\naws.tagKey: k\naws.tagValue: v\naws.hostHeader: ec2.h",
	"role":      "membershipScheme: aws\naws.iamRole: i\naws.securityGroup: g\naws.region: r\naws.tagKey: k\naws.tagValue: v\naws.hostHeader: ec2.h",
	"k8s":       "membershipScheme: kubernetes\nmembershipSchemeClassName: org.K\nparameters: {KUBERNETES_SERVICES: s, USE_DNS: 'false', it's: x}",
	"mesos":     "membershipScheme: mesos\nmembershipSchemeClassName: org.M\nparameters: {MESOS_X: m, USE_DNS: 'true'}",
}

// Whatever schemes a home had before, in the end it is as if it had only had the last.
func TestSwitchSchemes(t *testing.T) {
	t.Parallel()
	p := mustOpen(t, "carbon")
	run := func(t *testing.T, way ...string) string {
		home := writeHome(t, map[string]string{
			"conf/axis2/axis2.xml": membershipAxis2, "conf/carbon.xml": emptyCarbon, "conf/tomcat/catalina-server.xml": emptyCatalina,
		})
		for _, scheme := range way {
			values := describe(t, p, "node", schemes[scheme]+"\ndomain: d\nlocalMemberHost: 10.0.0.2\nmembers: [{host: 10.0.0.2, port: '4000'}]")
			applyTwice(t, p, "node", values, home)
		}
		return readHome(t, home, "conf/axis2/axis2.xml")
	}
	for _, way := range [][]string{
		{"k8s", "wka"},
		{"k8s", "multicast"},
		{"k8s", "aws"},
		{"k8s", "mesos"},
		{"k8s", "mesos", "wka"},
		{"mesos", "k8s"},
		{"aws", "wka"},
		{"aws", "k8s"},
		{"aws", "wka", "aws", "multicast"},
		{"aws", "role"},
		{"role", "aws"},
		{"role", "aws", "role", "wka"},
		{"aws", "k8s", "multicast", "aws", "mesos", "wka"},
	} {
		last := way[len(way)-1]
		if diff := cmp.Diff(run(t, last), run(t, way...)); diff != "" {
			t.Errorf("%v: -want +got\n%s", way, diff)
		}
	}
	if got := run(t, "wka"); got != membershipAxis2 {
		t.Errorf("got\n%s", got)
	}
}

// What is not of the scheme that goes stays: parameters that Carbon reads under any scheme, and those that are still described.
func TestLeaveMembershipScheme(t *testing.T) {
	t.Parallel()
	const before = `<axisconfig>
  <clustering enable="true">
    <parameter name="membershipScheme">kubernetes</parameter>
    <parameter name="membershipSchemeClassName">org.K</parameter>
    <parameter name="licenseKey">L</parameter>
    <parameter name="connTimeout">5</parameter>
    <parameter name="localMemberPort">4000</parameter>
    <parameter name="mcastBindAddress">127.0.0.1</parameter>
    <parameter name="KUBERNETES_SERVICES">s</parameter>
    <parameter name="USE_DNS">false</parameter>
    <parameter name="USE_DNS">true</parameter>
    <parameter name="groupPassword">hush</parameter>
  </clustering>
</axisconfig>
`
	tests := []struct{ name, settings, want string }{
		{"the same scheme", "membershipScheme: kubernetes\nmembershipSchemeClassName: org.K", ``},
		{"the same class by another name", "membershipScheme: k8s\nmembershipSchemeClassName: org.K", `
conf/axis2/axis2.xml
-    <parameter name="membershipScheme">kubernetes</parameter>
+    <parameter name="membershipScheme">k8s</parameter>`},
		{"another class", "membershipScheme: kubernetes\nmembershipSchemeClassName: org.L\nparameters: {KUBERNETES_SERVICES: s}", `
conf/axis2/axis2.xml
-    <parameter name="membershipSchemeClassName">org.K</parameter>
+    <parameter name="membershipSchemeClassName">org.L</parameter>
-    <parameter name="USE_DNS">false</parameter>
-    <parameter name="USE_DNS">true</parameter>`},
		{"a built-in scheme that a class is given for", "membershipScheme: multicast\nmembershipSchemeClassName: org.K", `
conf/axis2/axis2.xml
-    <parameter name="membershipScheme">kubernetes</parameter>
-    <parameter name="membershipSchemeClassName">org.K</parameter>
+    <parameter name="membershipScheme">multicast</parameter>
-    <parameter name="KUBERNETES_SERVICES">s</parameter>
-    <parameter name="USE_DNS">false</parameter>
-    <parameter name="USE_DNS">true</parameter>`},
		{"a parameter that must not be there", "membershipScheme: multicast\nparameters: {KUBERNETES_SERVICES: none}", `
conf/axis2/axis2.xml
-    <parameter name="membershipScheme">kubernetes</parameter>
-    <parameter name="membershipSchemeClassName">org.K</parameter>
+    <parameter name="membershipScheme">multicast</parameter>
-    <parameter name="KUBERNETES_SERVICES">s</parameter>
-    <parameter name="USE_DNS">false</parameter>
-    <parameter name="USE_DNS">true</parameter>
+    <!--parameter name="KUBERNETES_SERVICES">s</parameter-->`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustOpen(t, "carbon")
			home := writeHome(t, map[string]string{
				"conf/axis2/axis2.xml": before, "conf/carbon.xml": emptyCarbon, "conf/tomcat/catalina-server.xml": emptyCatalina,
			})
			expect(t, tt.want, diffText(applyTwice(t, p, "node", describe(t, p, "node", tt.settings), home)))
		})
	}
}

// The keys of AWS and the role stand in for each other: the one that is given takes the place of the other, wherever that came from.
func TestAWSCredentials(t *testing.T) {
	t.Parallel()
	const keys = `
    <parameter name="accessKey">a</parameter>
    <parameter name="secretKey">s</parameter>`
	const kept = `
    <parameter name="accessKey" v:secretAlias="A">password</parameter>
    <parameter name="secretKey" v:secretAlias="S">password</parameter>`
	const role = `
    <parameter name="iamRole">i</parameter>`
	removed := func(text string) string { return "conf/axis2/axis2.xml" + strings.ReplaceAll(text, "\n", "\n-") }
	tests := []struct{ name, settings, has, want string }{
		{"the role for the keys", "aws.iamRole: i", keys + role, removed(keys)},
		{"the role for keys in secure vault", "aws.iamRole: i", kept + role, removed(kept)},
		{"the role, with keys that must go", "{aws.iamRole: i, aws.accessKey: none, aws.secretKey: none}", keys + role, removed(keys)},
		{"the keys for the role", "{aws.accessKey: a, aws.secretKey: s}", keys + role, removed(role)},
		{"the keys for a role that must go", "{aws.accessKey: a, aws.secretKey: s, aws.iamRole: none}", keys + role, "conf/axis2/axis2.xml\n-    <parameter name=\"iamRole\">i</parameter>\n+    <!--parameter name=\"iamRole\">i</parameter-->"},
		{"both", "{aws.accessKey: a, aws.secretKey: s, aws.iamRole: i}", keys + role, ""},
		{"neither", "{}", kept, ""},
		{"neither of both", "{}", keys + role, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := mustOpen(t, "carbon")
			home := writeHome(t, map[string]string{
				"conf/carbon.xml": emptyCarbon, "conf/tomcat/catalina-server.xml": emptyCatalina,
				"conf/axis2/axis2.xml": `<axisconfig xmlns:v="http://org.wso2.securevault/configuration">
  <clustering enable="true">
    <parameter name="membershipScheme">aws</parameter>
    <parameter name="localMemberPort">4000</parameter>` + tt.has + `
  </clustering>
</axisconfig>
`,
			})
			values := describe(t, p, "node", tt.settings)
			values["membershipScheme"] = Value{Text: secret.New("aws")}
			expect(t, tt.want, diffText(applyTwice(t, p, "node", values, home)))
		})
	}
}

// Of the clustering parameters, Carbon reads only the keys of AWS from secure vault.
func TestVaultNotes(t *testing.T) {
	t.Parallel()
	p := mustOpen(t, "carbon")
	notes := func(axis2 string) string {
		made, err := p.Patch("node", describe(t, p, "node", "domain: d\nlocalMemberHost: 10.0.0.2"), writeHome(t, map[string]string{"conf/axis2/axis2.xml": axis2}))
		if err != nil {
			t.Fatal(problemtest.Report(err))
		}
		var b strings.Builder
		for _, n := range made.Notes {
			fmt.Fprintf(&b, "%s:%d: %s\n", n.File, n.Line, n.Text)
		}
		return b.String()
	}
	kept := `<axisconfig xmlns:svns="http://org.wso2.securevault/configuration"><clustering>
<parameter name="accessKey" svns:secretAlias="a">x</parameter>
<parameter name="secretKey" svns:secretAlias="a">x</parameter>
<parameter name="groupPassword" svns:secretAlias="a">x</parameter>
<!--parameter name="licenseKey" svns:secretAlias="a">x</parameter-->
<parameter name="domain" secretAlias="a">x</parameter>
</clustering><parameter name="other" svns:secretAlias="a">x</parameter></axisconfig>`
	expect(t, "conf/axis2/axis2.xml:4: groupPassword has svns:secretAlias, but Carbon does not read it from secure vault: the text of the element counts", notes(kept))
	expect(t, "", notes(membershipAxis2))
	expect(t, "", notes("<axisconfig secretAlias='"))
}

func TestParametersNone(t *testing.T) {
	t.Parallel()
	p := mustOpen(t, "carbon")
	_, err := p.Patch("node", describe(t, p, "node", "parameters: none"), writeHome(t, nil))
	expect(t, `
c.yaml:1:13: parameters can't be none
  parameters: none
              ^^^^
hint: those that are not listed stay as they are`, problemtest.Report(err))
}

func TestInspectParameters(t *testing.T) {
	t.Parallel()
	p := mustParse(t, `
profile: x
features: [membership-scheme]
roles: {one: {}}
settings: {domain: {type: text}, parameters: {type: map}}
files:
  axis2/axis2.xml:
    - {set: "/axisconfig/clustering/parameter[@name='domain']", to: $(domain)}
`)
	home := writeHome(t, map[string]string{"conf/axis2/axis2.xml": `<axisconfig><clustering xmlns:v="http://org.wso2.securevault/configuration">
<parameter name="domain">d</parameter>
<parameter name="AvoidInitiation">true</parameter>
<parameter name="maxRetries">10</parameter>
<parameter name="licenseKey"> L </parameter>
<parameter name="API_PASSWORD">hush</parameter>
<parameter name="kept" v:secretAlias="a">password</parameter>
<parameter name="lines">1
2</parameter>
<parameter name="properties"><property name="a" value="b"/></parameter>
</clustering></axisconfig>`})
	found, err := p.Inspect(home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	expect(t, `
domain: d conf/axis2/axis2.xml:2:1 /axisconfig/clustering/parameter[@name='domain']
parameters: [key=licenseKey value=L][key=API_PASSWORD value=********][key=kept value=********] conf/axis2/axis2.xml:5:1 /axisconfig/clustering/parameter[@name='licenseKey']`, dumpFound(found))
}
