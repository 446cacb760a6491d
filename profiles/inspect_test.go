package profiles

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

// dumpFound writes what was found, secrets masked.
func dumpFound(found []Found) string {
	var b strings.Builder
	for _, f := range found {
		value := text(f.Value)
		if len(f.Value.Items) > 0 {
			value = ""
			for _, item := range f.Value.Items {
				var fields []string
				for name, v := range item {
					fields = append(fields, name+"="+text(v))
				}
				sort.Strings(fields)
				value += "[" + strings.Join(fields, " ") + "]"
			}
		}
		fmt.Fprintf(&b, "%s: %s %s:%d:%d %s\n", f.Setting.Name, value, f.File, f.Line, f.Column, f.At)
	}
	return b.String()
}

func TestInspect(t *testing.T) {
	t.Parallel()
	home := writeHome(t, map[string]string{
		"conf/axis2/axis2.xml": `<axisconfig>
  <clustering enable="true">
    <parameter name="domain">my.domain</parameter>
    <!--parameter name="localMemberHost">127.0.0.1</parameter-->
    <parameter name="groupPassword">hush</parameter>
    <parameter name="properties"><property name="subDomain" value="mgt"/></parameter>
    <members>
      <member><hostName>10.0.0.2</hostName><port>4100</port></member>
      <member><hostName>10.0.0.3</hostName></member>
    </members>
  </clustering>
  <transportReceiver name="http" class="org.apache.synapse.transport.nhttp.HttpCoreNIOListener">
    <parameter name="WSDLEPRPrefix">http://h:80</parameter>
  </transportReceiver>
</axisconfig>
`,
		"conf/carbon.xml":                 "<Server xmlns=\"http://wso2.org/projects/carbon/carbon.xml\"><Ports><Offset>1</Offset></Ports></Server>",
		"conf/tomcat/catalina-server.xml": "<Server><Service><Connector port=\"9443\"></Service></Server>",
	})
	p := mustOpen(t, "esb")
	found, err := p.Inspect(home)
	expect(t, `
domain: my.domain conf/axis2/axis2.xml:3:5 /axisconfig/clustering/parameter[@name='domain']
members: [host=10.0.0.2 port=4100][host=10.0.0.3] conf/axis2/axis2.xml:8:7 /axisconfig/clustering/members/member[1]
subDomain: mgt conf/axis2/axis2.xml:6:68 /axisconfig/clustering/parameter[@name='properties']/property/@value
groupPassword: ******** conf/axis2/axis2.xml:5:5 /axisconfig/clustering/parameter[@name='groupPassword']
portOffset: 1 conf/carbon.xml:1:67 /Server/Ports/Offset
wsdlEPRPrefix.http: http://h:80 conf/axis2/axis2.xml:13:5 /axisconfig/transportReceiver/parameter
`, dumpFound(found))
	expect(t, `conf/tomcat/catalina-server.xml:1:41: end tag </Service> where <Connector> of line 1 is to be closed`, problemtest.Report(err))
}

func TestInspectEnsure(t *testing.T) {
	t.Parallel()
	home := writeHome(t, map[string]string{"conf/f.xml": "<x><y k=\"1\"><w>hush</w><a b=\"2\"/></y></x>"})
	p := mustParse(t, `
profile: x
roles: {one: {}}
settings: {a: {type: text}, b: {type: text}, pw: {type: text, secret: true}, none: {type: text}}
files:
  f.xml:
    - {ensure: /x/y, xml: "<y k='$(a)'><w>$(pw)</w><a b='$(b)' c='x$(none)'/></y>"}
  gone.xml | f.xml:
    - {set: /x/z, to: $(none)}
`)
	found, err := p.Inspect(home)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	expect(t, `
a: 1 conf/f.xml:1:10 /x/y/@k
b: 2 conf/f.xml:1:30 /x/y/a/@b
pw: ******** conf/f.xml:1:13 /x/y/w
`, dumpFound(found))
}
