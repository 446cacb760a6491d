package cluster

import (
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

// flag reads one value of the command line.
func (r *resolver) flag(p *profiles.Profile, name, value string) layer {
	doc, err := r.argument(p.Setting(name), flagName+" "+name, value)
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

// argument reads a value for s, or for nothing known where that is nil: a single text as it is, a list or map in the flow style of YAML.
// Where values are JSON they say themselves which of these they are; a text may still stand for a list.
func (r *resolver) argument(s *profiles.Setting, name, value string) (*strictyaml.Document, error) {
	single := s == nil || s.Type.Single()
	if !r.Private {
		return strictyaml.Argument(name, value, single)
	}
	doc, err := strictyaml.Argument(name, value, false)
	if err == nil && doc.Root == nil {
		doc.Root = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
	}
	if err == nil && !single && doc.Root.Tag == "!!str" {
		return strictyaml.Argument(name, doc.Root.Value, false)
	}
	return doc, err
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
