package profiles

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// loader reads one profile file on top of what it extends.
type loader struct {
	*strictyaml.Document
	opener    *opener // of what it extends
	profile   *Profile
	baseRoles []string // which settings and conditions may name though the profile has others
	later     []func() // checks of names that may be declared further down
}

// load reads the profile in doc. The names in chain lead to it, each extending the next. Of a document that is no profile it shows
// nothing: another file may name any file that root can read.
func (o *opener) load(doc *strictyaml.Document, chain []string) (*Profile, error) {
	if !doc.Has("profile") || !doc.Has("extends", "settings", "roles", "files") {
		return nil, patch.Problems{{
			File: doc.Name, Line: 1, Column: 1, Message: "not a profile",
			Hint: "a profile has the line profile: NAME, and roles: or extends: NAME",
		}}
	}
	l := &loader{Document: doc, opener: o}
	top := map[string]strictyaml.Entry{}
	keep := func(e strictyaml.Entry) { top[e.Key.Value] = e }
	l.Fields(doc.Root, "the profile", map[string]func(strictyaml.Entry){
		"profile": keep, "title": keep, "extends": keep, "products": keep, "features": keep,
		"settings": keep, "roles": keep, "files": keep, "manual": keep,
	})
	err := l.extend(top["extends"].Value, chain)
	if l.profile != nil {
		l.header(top)
		l.settings(top["settings"].Value)
		l.roles(top["roles"].Value)
		l.files(top["files"].Value)
		l.manual(top["manual"].Value)
		for _, check := range l.later {
			check()
		}
	}
	return l.profile, patch.JoinProblems(l.Err(), err)
}

// extend starts the profile from a copy of what it extends, or from nothing. Without what it extends it can't be read.
func (l *loader) extend(n *yaml.Node, chain []string) error {
	if n == nil {
		l.profile = &Profile{byName: map[string]*Setting{}}
		return nil
	}
	name, ok := l.Text(n, "extends")
	if !ok {
		return nil
	}
	name = relativeTo(chain[len(chain)-1], name)
	switch {
	case slices.Contains(chain, name):
		l.Errorf(n, "", "the profile extends itself: %s", strings.Join(append(chain, name), " extends "))
		return nil
	case !IsFile(name) && !slices.Contains(Names(), name):
		l.Errorf(n, l.Suggest(name, Names(), "embedded are "), "unknown profile %q", name)
		return nil
	}
	if _, err := Source(name); err != nil {
		l.Errorf(n, "", "%v", err)
		return nil
	}
	base, err := l.opener.open(name, chain)
	if err != nil {
		return err
	}
	l.profile, l.baseRoles = base.clone(), base.RoleNames()
	return nil
}

// clone copies p as deep as a profile that extends it changes it.
func (p *Profile) clone() *Profile {
	c := *p
	c.Settings, c.byName = nil, map[string]*Setting{}
	for _, s := range p.Settings {
		setting := *s
		c.addSetting(&setting)
	}
	c.Features, c.manual = slices.Clone(p.Features), slices.Clone(p.manual)
	c.Files = make([]*File, len(p.Files))
	for i, f := range p.Files {
		c.Files[i] = &File{Path: f.Path, Ops: slices.Clone(f.Ops)}
	}
	return &c
}

var profileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

func (l *loader) header(top map[string]strictyaml.Entry) {
	p := l.profile
	n := top["profile"].Value
	if name, ok := l.Text(n, "profile"); ok {
		p.Name = name
		if !profileName.MatchString(name) {
			l.Errorf(n, "", "the name of a profile has letters, digits, and . _ - after the first")
		}
	}
	if n := top["title"].Value; n != nil {
		p.Title, _ = l.Text(n, "title")
	}
	if n := top["products"].Value; n != nil {
		p.Products = l.products(n)
	}
	if n := top["features"].Value; n != nil {
		l.features(n)
	}
}

func (l *loader) products(n *yaml.Node) []Product {
	var products []Product
	for _, e := range l.Entries(n, "products") {
		text, ok := l.Text(e.Value, "the version range of "+e.Key.Value)
		if !ok {
			continue
		}
		versions, err := parseVersionRange(text)
		if err != nil {
			l.Errorf(e.Value, "", "%v", err)
		}
		products = append(products, Product{ServerKey: e.Key.Value, Versions: versions})
	}
	return products
}

func (l *loader) features(n *yaml.Node) {
	for _, item := range l.List(n, "features") {
		name, ok := l.Text(item, "a feature")
		switch {
		case !ok:
		case !slices.Contains(featureNames(), name):
			l.Errorf(item, l.Suggest(name, featureNames(), "known are "), "unknown feature %q", name)
		case !slices.Contains(l.profile.Features, name):
			l.profile.Features = append(l.profile.Features, name)
		}
	}
}

// roles replaces the roles of the base by those named here. A role of the same name keeps the values that aren't named.
func (l *loader) roles(n *yaml.Node) {
	if n == nil {
		if len(l.profile.Roles) == 0 {
			l.Errorf(l.Root, "add the line roles: {NAME: {}}", "the profile has no roles")
		}
		return
	}
	var roles []*Role
	for _, e := range l.Entries(n, "roles") {
		role := &Role{Name: e.Key.Value}
		if !profileName.MatchString(role.Name) {
			l.Errorf(e.Key, "", "the name of a role has letters, digits, and . _ - after the first")
		}
		if base := l.profile.Role(role.Name); base != nil {
			role.Values = slices.Clone(base.Values)
		}
		for _, v := range l.Entries(e.Value, "the role "+role.Name) {
			l.roleValue(role, v)
		}
		roles = append(roles, role)
	}
	l.profile.Roles = roles
}

func (l *loader) roleValue(role *Role, e strictyaml.Entry) {
	s := l.known(e.Key, e.Key.Value)
	if s == nil {
		return
	}
	t := l.preset(s, e.Value)
	if t == nil {
		return
	}
	value := RoleValue{Setting: s.Name, value: t}
	if i := slices.IndexFunc(role.Values, func(v RoleValue) bool { return v.Setting == s.Name }); i >= 0 {
		role.Values[i] = value
		return
	}
	role.Values = append(role.Values, value)
}

// known returns the setting of that name. Where there is none, that is a problem of n.
func (l *loader) known(n *yaml.Node, name string) *Setting {
	s := l.profile.Setting(name)
	if s == nil {
		l.ErrorIn(n, name, l.Suggest(name, l.profile.SettingNames(), "known are "), "unknown setting %q", name)
	}
	return s
}

// used is known, for what gives the values of the setting a use.
func (l *loader) used(n *yaml.Node, name string) *Setting {
	s := l.known(n, name)
	if s != nil {
		s.used = true
	}
	return s
}

// template reads a text that may name settings. A mistake in it is a problem of n.
func (l *loader) template(n *yaml.Node, text string) *template {
	t, err := parseTemplate(text)
	if err != nil {
		l.ErrorIn(n, err.part, "", "%s", err.msg)
		return nil
	}
	return &t
}

// texts reads a list of texts, or a single one.
func (l *loader) texts(n *yaml.Node, what string) []string {
	var texts []string
	for _, item := range items(n) {
		if text, ok := l.Text(item, what); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

func (l *loader) bool(n *yaml.Node, what string) bool {
	text, ok := l.Text(n, what)
	if ok && text != "true" && text != "false" {
		l.Errorf(n, "", "%s must be true or false", what)
	}
	return text == "true"
}
