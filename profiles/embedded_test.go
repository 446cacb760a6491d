package profiles

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
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
			p, err := Open(name)
			if err != nil {
				t.Fatal(problemtest.Report(err))
			}
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
	if len(e.Places) == 0 && !writtenByFeature(s.Name) || len(e.Roles) == 0 {
		t.Errorf("%s is written nowhere, or by nobody", s.Name)
	}
}

// TODO
func writtenByFeature(name string) bool {
	return name == "workerNode" || strings.HasPrefix(name, "jvm.") || strings.HasPrefix(name, "proxy.")
}

func TestExplain(t *testing.T) {
	t.Parallel()
	p, err := Open("esb")
	if err != nil {
		t.Fatal(problemtest.Report(err))
	}
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
	if got := p.Setting("deploymentSynchronizer.svnUrl").Required(); got != "when deploymentSynchronizer.enabled is true" {
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
