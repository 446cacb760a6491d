package cluster

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// flagName is how problems name the command line.
const flagName = "--set"

// flags reads the values of the command line. Of one name, the last wins.
func (r *resolver) flags(p *profiles.Profile) layer {
	all := layer{}
	for _, set := range r.Set {
		name, value, ok := strings.Cut(set, "=")
		if !ok {
			r.problem("", "--set needs name=value")
			continue
		}
		all = all.under(r.flag(p, name, value))
	}
	return all
}

// flag reads one value of the command line: a single text as it is, a list or map in the flow style of YAML.
func (r *resolver) flag(p *profiles.Profile, name, value string) layer {
	s := p.Setting(name)
	single := s == nil && !(strings.HasPrefix(value, "{") && isGroup(p, name)) || s != nil && s.Type.Single()
	doc, err := strictyaml.Argument(flagName+" "+name, value, single)
	if err != nil {
		r.fatal = append(r.fatal, err)
		return nil
	}
	r.docs = append(r.docs, doc)
	key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}
	mapping := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{key, doc.Root}}
	read := readLayer(doc, mapping, flagName, p, profiles.FromFlag)
	for _, g := range read {
		if !r.Private {
			r.refuseOpenSecrets(g)
		}
	}
	return read
}

// isGroup reports whether the names of settings go on after name and a dot.
func isGroup(p *profiles.Profile, name string) bool {
	return slices.ContainsFunc(p.SettingNames(), func(other string) bool { return strings.HasPrefix(other, name+".") })
}

// refuseOpenSecrets reports secrets that stand in the command line themselves.
func (r *resolver) refuseOpenSecrets(g *given) {
	refuse := func(t text, format, what string) {
		hideSecret(t.doc, t.node)
		t.errorf("give env:NAME or file:/path instead", format+", and a command line can be seen by others", what)
		g.broken, r.exposed = true, true
	}
	for _, open := range g.openSecrets() {
		refuse(open.text, "%s is secret", open.what)
	}
	for _, t := range g.texts() {
		if value, literal := t.text.literal(); literal && !t.secret && patch.HoldsPassword(value) {
			refuse(t.text, "%s holds a password", t.what)
		}
	}
}

// flagText is how s is given on the command line: domain=WORD, 'members=[{host: HOST, port: PORT}]'.
func flagText(s *profiles.Setting) string {
	switch {
	case s.Secret:
		return s.Name + "=env:NAME"
	case s.Type.Single():
		return s.Name + "=" + strings.ToUpper(s.Type.Name)
	case s.Type.Name == "map":
		return "'" + s.Name + "={NAME: TEXT}'"
	}
	var fields item
	for _, f := range s.Type.Fields {
		if f.Required || f.Name == s.Type.Key || s.Type.Bare {
			fields = append(fields, fieldText{name: f.Name, text: strings.ToUpper(f.Name)})
		}
	}
	return "'" + s.Name + "=" + flowText(s.Type, []item{fields}) + "'"
}
