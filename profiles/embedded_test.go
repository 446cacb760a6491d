package profiles

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

func TestNames(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"as", "carbon", "ei", "es", "esb"}, Names()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := mustOpen(t, name)
			if p.Name != name || p.Title == "" {
				t.Errorf("the profile calls itself %q, %q", p.Name, p.Title)
			}
			for _, s := range p.Settings {
				checkDocumented(t, p, s)
			}
			data, err := Source(name)
			if err != nil {
				t.Fatal(problemtest.Report(err))
			}
			file, err := os.ReadFile(name + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(data, file) {
				t.Error("the embedded text is not the file")
			}
		})
	}
}

// guideText is what a setting says of the guides: their numbers and the step, or why none of them has it.
var guideText = regexp.MustCompile(`^(?:00[0-4](?:, 00[0-4])*: \S.*|none: \S.*)$`)

// checkDocumented fails for a setting that people can't understand, or that does nothing.
func checkDocumented(t *testing.T, p *Profile, s *Setting) {
	t.Helper()
	if !guideText.MatchString(s.Guide) {
		t.Errorf("%s does not say which guide has it, or why none: %q", s.Name, s.Guide)
	}
	if !strings.HasSuffix(s.Carbon, ")") && !strings.HasSuffix(s.Carbon, ").") {
		t.Errorf("%s does not say what Carbon does with it, and which class that is: %q", s.Name, s.Carbon)
	}
	if s.Doc == "" || !strings.HasSuffix(s.Doc, ".") {
		t.Errorf("%s has no doc line that ends in a full stop: %q", s.Name, s.Doc)
	}
	e, err := p.Explain(s.Name)
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	if len(e.Places) == 0 || len(e.Roles) == 0 {
		t.Errorf("%s is written nowhere, or by nobody", s.Name)
	}
}

// What has a default is still needed where a home would be broken without it, so it can't be none.
func TestNeededThoughDefault(t *testing.T) {
	t.Parallel()
	p := mustOpen(t, "carbon")
	values := Values{
		"domain": {Text: secret.New("d")}, "localMemberHost": {Text: secret.New("h")}, "registry.sharedDatasource": {Text: secret.New("jdbc/X")}, "registry.configTarget": {Text: secret.New("/c")},
	}
	for _, name := range []string{"membershipScheme", "registry.dbConfig", "registry.instanceId", "registry.instanceUrl"} {
		values[name] = Value{None: true}
	}
	whole, _ := p.Complete("node", values)
	var missing []string
	for _, s := range p.Missing("node", whole) {
		missing = append(missing, s.Name)
	}
	want := []string{"membershipScheme", "membershipSchemeClassName", "registry.dbConfig", "registry.instanceId", "registry.instanceUrl"}
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// Where a guide is wrong about a setting, the setting says so.
func TestGuidesPutRight(t *testing.T) {
	t.Parallel()
	es := mustOpen(t, "es")
	for _, tt := range []struct{ setting, says string }{
		{"aws.region", "with the letter of a zone, as in us-east-1a, there is no such host"},
		{"aws.region", "may be left out, though 000 calls it mandatory"},
		{"aws.region", "What 000 has behind // in its example is no comment in XML"},
		{"aws.securityGroup", "an sg-... id matches none"},
		{"aws.securityGroup", "may be left out, though 000 calls it mandatory"},
		{"aws.tagKey", "may be left out, though 000 ends with"},
		{"localMemberPort", "5701 to 5800 is not needed"},
		{"localMemberPort", "The guides call that a help, but the others try only the port in their list"},
		{"localMemberHost", "With a loopback address, as in the example of 000"},
		{"localMemberHost", "though 001, 002 and 004 ask for an IP address"},
		{"localMemberHost", "Copies of a node need their own address too, which 001, 002 and 004 leave out"},
		{"subDomain", "neither routes traffic nor makes a node a manager or worker"},
		{"members", "does not lead the deployment synchronizer to the manager, as 001 and 004 say"},
		{"members", "their examples list one each"},
		{"members", "those of 003 never cross from publishers to stores, which makes two clusters of one domain"},
		{"portOffset", "001 sets 0 but speaks of workers at port 9764"},
		{"proxy.nonProxyHosts", "there is no https.nonProxyHosts"},
		{"proxy.nonProxyHosts", "The .*.local of 000 matches nothing, it is *.local"},
		{"proxy.nonProxyHosts", "without the closing quote, which 000 lacks"},
		{"registry.cacheId", "Ignored together with dbConfig"},
		{"registry.cacheId", "003 gives one that differs from its URL"},
		{"registry.enableCache", "used for nothing"},
		{"registry.dbConfig", "002 says that wso2registry must not be removed; what must exist is whatever currentDBConfig names"},
		{"registry.instanceUrl", "the localhost of 002 and 003 does no harm"},
		{"registry.sharedDatasource", "-Dsetup, of which 004 says that it creates the tables, leaves those of the mounted registry out"},
		{"datasources", "002 names WSO2_REGISTRY_DB in its text and REGISTRY_DB in its example"},
		{"datasources", "003 defines jdbc/UserDB but uses jdbc/WSO2UM_DB"},
		{"datasources", "defines jdbc/WSO2IdentityDB, which nothing uses, and creates ES_Storagedb, which gets no datasource"},
		{"datasources", "each node needs a database of its own there, though 003 gives all nodes the same"},
		{"userManagement.datasource", "002 shows the whole Configuration block without isCascadeDeleteEnabled"},
		{"hostName", "002 has nginx answer for ei.wso2.com but sets esb.wso2.com here"},
		{"wsdlEPRPrefix.http", "002 sets esb.wso2.com, which its nginx does not answer for"},
		{"mgtHostName", "Without it the console's address has that of the first network card in it"},
		{"jvm.maxPermSize", "Java 8 prints a warning and ignores it"},
		{"deploymentSynchronizer.autoCommit", "true on all nodes, as in 003, is asking for it"},
		{"sso.publisherHost", "not the conf/security of 003"},
		{"sso.publisherHost", "Since ES 2.1 it must be AssertionConsumerServiceURLs"},
		{"workerNode", "004 has wso2server.sh, which is integrator.sh in EI"},
		{"workerNode", "EI 6.1.1 and later and ES have none"},
		{"clusteringPattern", "EI 6.1.1 and later ship nonWorkerManager, so the manager of 004 runs the tasks as well"},
	} {
		if got := es.Setting(tt.setting).Carbon; !strings.Contains(got, tt.says) {
			t.Errorf("%s does not say %q: %s", tt.setting, tt.says, got)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	p := mustOpen(t, "esb")
	e, err := p.Explain("deploymentSynchronizer.autoCommit")
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	e.Setting = nil
	want := &Explanation{
		Roles:  []string{"manager", "worker"},
		Values: []RoleText{{"manager", "true"}, {"worker", "false"}},
		Places: []Place{{"carbon.xml", "/Server/DeploymentSynchronizer/AutoCommit", "deploymentSynchronizer.enabled is set"}},
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}

	e, err = p.Explain("wsdlEPRPrefix.http")
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	if got := e.Setting.Default(); got != "http://$(hostName):$(httpProxyPort)" {
		t.Errorf("the default is %q", got)
	}
	if diff := cmp.Diff([]string{"worker"}, e.Roles); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if len(e.Places) != 2 {
		t.Errorf("got %v", e.Places)
	}
	e, err = p.Explain("registry.cacheId")
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	places := []Place{{"registry.xml", "/wso2registry/remoteInstance[id='$(registry.instanceId)']/cacheId", "registry.sharedDatasource is set"}}
	if diff := cmp.Diff(places, e.Places); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := p.Setting("deploymentSynchronizer.svnUrl").Required(); got != "when deploymentSynchronizer.enabled is true and deploymentSynchronizer.repositoryType is svn" {
		t.Errorf("required %s", got)
	}
	if got := p.Setting("localMemberHost").Required(); got != "always" {
		t.Errorf("required %s", got)
	}

	_, err = p.Explain("svnurl")
	expect(t, `
the profile esb has no setting "svnurl"
hint: did you mean "deploymentSynchronizer.svnUrl"?`, problemtest.Report(err))
}

// What several extend is opened once. None of them may change it for the others.
func TestOpenAll(t *testing.T) {
	t.Parallel()
	all, err := OpenAll(append(Names(), Names()...))
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
	for i, name := range append(Names(), Names()...) {
		want, got := mustOpen(t, name), all[i]
		if diff := cmp.Diff(want.Features, got.Features); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
		if diff := cmp.Diff(explanations(t, want), explanations(t, got), cmpopts.IgnoreUnexported(Setting{}, Type{})); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
	_, want := Open("nowhere")
	all, err = OpenAll([]string{"carbon", "nowhere"})
	if diff := cmp.Diff(problemtest.Report(want), problemtest.Report(err)); diff != "" || all != nil {
		t.Errorf("-want +got\n%s", diff)
	}
}

// explanations are what the profile says of its settings.
func explanations(t *testing.T, p *Profile) map[string]Explanation {
	t.Helper()
	all := map[string]Explanation{}
	for _, s := range p.Settings {
		e, err := p.Explain(s.Name)
		if err != nil {
			t.Fatal(problemtest.Report(err))
		}
		e.Setting = &Setting{Doc: s.Doc, Guide: s.Guide, Carbon: s.Carbon, Secret: s.Secret, Env: s.Env, Phase: s.Phase, Roles: s.Roles}
		all[s.Name+" "+s.Type.String()+" "+s.Required()+" "+s.Default()] = *e
	}
	return all
}
