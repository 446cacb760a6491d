package profiles

import (
	"maps"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"

	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// A profile of one's own may declare the settings of a feature as something else, or not at all; nothing comes of it then.
func TestFeaturesWithOtherSettings(t *testing.T) {
	t.Parallel()
	for _, settings := range []string{
		"{}",
		"{datasources: {type: text}, parameters: {type: text}, membershipScheme: {type: map}, registry.cacheId: {type: map}, registry.sharedDatasource: {type: word}}",
		"{datasources: {type: 'list of word'}, parameters: {type: 'list of word'}, registry.dbConfig: {type: map}}",
		"{datasources: {type: map}, registry.configTarget: {type: map}}",
	} {
		p := mustParse(t, "profile: x\nfeatures: [membership-scheme, datasources, registry]\nroles: {one: {}}\nsettings: "+settings+"\n")
		files := map[string]string{"conf/axis2/axis2.xml": strings.Replace(membershipAxis2, "licenseKey", "membershipSchemeClassName", 1), "conf/registry.xml": registryHome["conf/registry.xml"]}
		maps.Copy(files, datasourceHome)
		home := writeHome(t, files)
		values := Values{}
		for _, s := range p.Settings {
			values[s.Name] = Value{Text: secret.New("jdbc/Local"), Items: []map[string]Value{{"value": {Text: secret.New("x")}}}}
			if s.Type.Single() {
				values[s.Name] = Value{Text: secret.New("jdbc/Local")}
			}
		}
		if _, err := p.Patch("one", values, home); err != nil {
			t.Error(problemtest.Report(err))
		}
		if _, err := p.Inspect(home); err != nil {
			t.Error(problemtest.Report(err))
		}
	}
}
