package cluster

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
)

// Starter is a commented cluster file to begin with, for a profile that the file is to know by name. It is valid as it
// is: what must be given has an example value, and all else is commented out, by a # without a blank behind it.
func Starter(p *profiles.Profile, name string) []byte {
	s := starter{profile: p, needed: neededSettings(p)}
	s.head(name)
	s.settings()
	s.roles()
	s.nodes()
	s.wellKnown()
	s.silence()
	return []byte(s.String())
}

type starter struct {
	page
	profile *profiles.Profile
	needed  map[string]bool
}

// neededSettings are those without which the starter would not be valid: those that are always required and have no default,
// and those that are required with the values of the starter. Members come from the nodes.
func neededSettings(p *profiles.Profile) map[string]bool {
	needed, values := map[string]bool{}, profiles.Values{}
	for _, s := range p.Settings {
		if !s.Optional() && s.Default() == "" {
			needed[s.Name] = true
			values[s.Name] = profiles.Value{Text: secret.New(exampleText(s.Name, s.Type)), Items: []map[string]profiles.Value{{}}}
		}
	}
	for _, role := range p.Roles {
		complete, _ := p.Complete(role.Name, values)
		for _, s := range p.Missing(role.Name, complete) {
			needed[s.Name] = s.Name != membersSetting
		}
	}
	return needed
}

func (s *starter) head(name string) {
	s.comment("", "The cluster file of carbonpatch: "+s.profile.Title+".")
	s.comment("", "")
	s.comment("", "What carbonpatch would do on a node: carbonpatch plan HOME -f FILE --node NAME. To do it: apply.")
	s.comment("", "What a setting means: carbonpatch profiles explain SETTING. For editors: carbonpatch schema.")
	s.comment("", "A # without a blank behind it stands before what you may want; take it away and mend the value.")
	s.line("", "\nversion: 1\n")
	s.comment("", "What reports call the cluster.")
	s.line("", "name: my-cluster\n")
	s.line("", "profile: %s\n", quoted(name))
}

// settings writes what all nodes share.
func (s *starter) settings() {
	s.comment("", "What all nodes share. A value is written here, or stands elsewhere: env:NAME, file:/absolute/path, fact:ip, "+
		"fact:ip:INTERFACE, fact:hostname, or imds:PATH of the metadata of an EC2 instance. literal:TEXT is the TEXT itself. The value none takes out what a home has.")
	s.line("", "settings:")
	for i, setting := range s.profile.Settings {
		if s.ofNode(setting) {
			continue
		}
		if i > 0 {
			s.line("", "")
		}
		s.meaning("  ", setting)
		mark := "#"
		if s.needed[setting.Name] {
			mark = ""
		}
		s.example("  ", mark, setting)
	}
}

// ofNode reports whether every node needs a value of its own.
func (s *starter) ofNode(setting *profiles.Setting) bool {
	return s.needed[setting.Name] && setting.Phase == profiles.NodePhase && !setting.Secret
}

// meaning writes what a setting is and what it takes.
func (s *starter) meaning(indent string, setting *profiles.Setting) {
	s.comment(indent, setting.Doc)
	facts := []string{setting.Type.String()}
	if setting.Secret {
		facts = append(facts, "secret")
	}
	if required := setting.Required(); required != "" && setting.Default() == "" {
		facts = append(facts, strings.TrimSuffix("required "+required, " always"))
	}
	if value := setting.Default(); value != "" {
		facts = append(facts, "default "+value)
	}
	if e, err := s.profile.Explain(setting.Name); err == nil {
		for _, v := range e.Values {
			facts = append(facts, v.Text+" for "+v.Role)
		}
		if len(e.Roles) < len(s.profile.Roles) {
			facts = append(facts, "written for "+strings.Join(e.Roles, ", "))
		}
	}
	s.comment(indent, strings.Join(facts, "; "))
}

// example writes a setting with a value that its type takes.
func (s *starter) example(indent, mark string, setting *profiles.Setting) {
	t := setting.Type
	switch {
	case t.Name == "map":
		s.line(indent, "%s%s: {someName: some-value}", mark, setting.Name)
	case t.Name == "list":
		s.list(indent, mark, setting.Name, t, []item{exampleItem(setting)})
	case setting.Secret:
		s.line(indent, "%s%s: %s", mark, setting.Name, secretSource(setting))
	default:
		value := setting.Default()
		if value == "" || t.Check(value) != "" { // what names other settings can't stand in a cluster file
			value = exampleText(setting.Name, t)
		}
		s.line(indent, "%s%s: %s", mark, setting.Name, quoted(value))
	}
}

// exampleAddress is that of the nth node.
func exampleAddress(n int) string { return fmt.Sprintf("10.0.0.%d", 2+n) }

func (s *starter) roles() {
	s.line("", "")
	s.comment("", "Values for the nodes of one role; they win over settings. The roles are "+strings.Join(s.profile.RoleNames(), ", ")+".")
	s.line("", "#roles:")
	for _, role := range s.profile.Roles {
		s.line("  ", "#%s: {}", role.Name)
	}
}

// exampleNodes are the roles of two or three nodes: each role, and where there are fewer than three the last one twice.
func (s *starter) exampleNodes() []string {
	roles := s.profile.RoleNames()
	if n := len(roles); n > 0 && n < 3 {
		roles = append(roles, roles[n-1])
	}
	return roles[:min(3, len(roles))]
}

// nodeNames are the roles, numbered.
func nodeNames(roles []string) []string {
	names := make([]string, len(roles))
	for i, role := range roles {
		before := 0
		for _, other := range roles[:i] {
			if other == role {
				before++
			}
		}
		names[i] = role + strconv.Itoa(before+1)
	}
	return names
}

func (s *starter) nodes() {
	s.line("", "")
	s.comment("", "The nodes by name, each with its role and what only this node has. Its values win over all others in this file. "+
		"Without --node, carbonpatch takes the node whose "+hostSetting+" is an address of the machine.")
	own := slices.DeleteFunc(slices.Clone(s.profile.Settings), func(setting *profiles.Setting) bool { return !s.ofNode(setting) })
	for _, setting := range own {
		s.comment("", setting.Name+": "+setting.Doc+" ("+setting.Type.String()+")")
	}
	s.line("", "nodes:")
	roles := s.exampleNodes()
	for i, name := range nodeNames(roles) {
		s.line("  ", "%s:", name)
		s.line("    ", "role: %s", quoted(roles[i]))
		for _, setting := range own {
			if setting.Type.Name == "ip" || setting.Type.Name == "host" {
				s.line("    ", "%s: %s", setting.Name, exampleAddress(i))
				continue
			}
			s.example("    ", "", setting)
		}
	}
}

func (s *starter) wellKnown() {
	if s.profile.Setting(membersSetting) == nil {
		return
	}
	s.line("", "")
	s.comment("", "The nodes that all others know from the start: under wka the members of every node are those of its domain. "+
		"Left out, all nodes are well-known. A node whose address is not written here, such as fact:ip, can't be.")
	s.line("", "#wellKnown: [%s]", strings.Join(nodeNames(s.exampleNodes()), ", "))
}

func (s *starter) silence() {
	s.line("", "")
	s.comment("", "Rules of carbonpatch lint, which plan and apply run too, that do not count here, each with the reason. carbonpatch lint --explain RULE "+
		"says what a rule is about.")
	s.line("", "#lint:")
	s.line("  ", "#silence:")
	s.line("    ", "#avoid-initiation-not-true: why this does not matter here")
}
