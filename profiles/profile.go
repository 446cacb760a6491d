// Package profiles knows the products. A [Profile] is data: what a product family needs for a clustering pattern, as
// settings, roles and operations in a YAML file. It turns the settings of one node into a [patch.Patch].
package profiles

import (
	"slices"

	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Profile is what a product family needs for a clustering pattern. What it extends is merged into it.
type Profile struct {
	Name, Title string
	Products    []Product // the products that it fits; none is any
	Features    []string  // parts that are Go, not data
	Settings    []*Setting
	Roles       []*Role
	Files       []*File

	manual []*manualStep
	byName map[string]*Setting
}

// Product is a product that a profile fits.
type Product struct {
	ServerKey string // as in carbon.xml
	Versions  VersionRange
}

// Setting is a named typed value.
type Setting struct {
	Name   string
	Type   Type
	Doc    string
	Guide  string // the step of the guide that it stands for, or ""
	Carbon string // what Carbon really does with it, or ""
	Secret bool
	Env    string   // the environment variable that a secret is usually taken from, or ""
	Phase  string   // image or node: when it becomes known
	Roles  []string // the roles that write it; none is all. Every role may read it

	needed     bool // by the product, so that none is refused
	required   bool
	requiredIf condition // when not required always
	fallback   *template // the default, or nil
	used       bool      // something in the profile names it
	place      strictyaml.Place
}

// Default is the default as the profile writes it, or "".
func (s *Setting) Default() string {
	if s.fallback == nil {
		return ""
	}
	return s.fallback.String()
}

// Optional reports whether there are circumstances in which the setting may be left out.
func (s *Setting) Optional() bool {
	return !s.required
}

// MayBeNone reports whether the setting may be taken out of a home.
func (s *Setting) MayBeNone() bool {
	return !s.required && !s.needed
}

// WrittenBy reports whether the role writes the setting.
func (s *Setting) WrittenBy(role string) bool {
	return len(s.Roles) == 0 || slices.Contains(s.Roles, role)
}

// Role is a part that a node plays in the cluster, with values for settings that come with it.
type Role struct {
	Name   string
	Values []RoleValue
}

// RoleValue is the value that a setting has for a role unless something else is said.
type RoleValue struct {
	Setting string
	value   *template
}

// File is what a profile does in one file.
type File struct {
	Path string // as the profile writes it: below the conf directory or home:, with alternatives
	Ops  []*Op
}

// Op is an operation of a profile. Its selectors and values may name settings.
type Op struct {
	Name  string // unique in the profile, or ""
	Guide string

	verb     xmlops.Verb // 0 for json
	sel      *selector
	pointer  string // json: the place in the document
	to       *template
	xml      *xmlops.Fragment
	leaves   []leaf // of xml
	each     string // the list or map setting that it is repeated for, or ""
	create   bool
	after    *xmlops.Step
	before   *xmlops.Step
	from     []string
	all      bool
	optional bool
	instead  []*selector // where one matches, it is optional, too
	none     xmlops.Verb // Comment or Remove; 0 is Remove for secrets and attributes, else Comment
	when     condition
	unless   *selector
	place    strictyaml.Place
}

// leaf is a value of a fragment, and the way to it from the element of the fragment, as [xmlops.Leaf] has it.
type leaf struct {
	way   string
	value template
}

// Setting returns the setting of that name, or nil.
func (p *Profile) Setting(name string) *Setting { return p.byName[name] }

func (p *Profile) addSetting(s *Setting) {
	p.Settings = append(p.Settings, s)
	p.byName[s.Name] = s
}

// Role returns the role of that name, or nil.
func (p *Profile) Role(name string) *Role {
	for _, r := range p.Roles {
		if r.Name == name {
			return r
		}
	}
	return nil
}

// SettingNames are the names of all settings in the order of the profile.
func (p *Profile) SettingNames() []string {
	names := make([]string, len(p.Settings))
	for i, s := range p.Settings {
		names[i] = s.Name
	}
	return names
}

// RoleNames are the names of all roles in the order of the profile.
func (p *Profile) RoleNames() []string {
	names := make([]string, len(p.Roles))
	for i, r := range p.Roles {
		names[i] = r.Name
	}
	return names
}
