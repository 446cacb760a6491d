package cluster

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/source"
)

// minRedacted is the length in bytes from which on the value of a source is kept out of all output. Shorter ones
// occur by chance.
const minRedacted = 6

// read turns what is written into values. Sources are read, and checked as literals were before.
func (n *Node) read(raw layer) profiles.Values {
	values := profiles.Values{}
	for _, s := range n.Profile.Settings {
		g := raw[s.Name]
		switch {
		case g == nil || g.broken:
		case g.none:
			values[s.Name] = profiles.Value{None: true, Secret: s.Secret, Origin: g.origin, Place: g.name.place()}
		case s.Type.Single():
			if v, ok := n.readText(g.single, g.origin, s.Name, s.Type, s.Secret); ok {
				values[s.Name] = v
			}
		default:
			values[s.Name] = n.readItems(g)
		}
	}
	return values
}

func (n *Node) readItems(g *given) profiles.Value {
	s := g.setting
	value := profiles.Value{Secret: s.Secret, Origin: g.origin, Place: g.name.place()}
	for _, fields := range g.items {
		item := map[string]profiles.Value{}
		for name, t := range fields {
			if name == itemKey(s) {
				item[name] = profiles.Value{Text: t.String(), Origin: g.originOf(t), Place: t.place()}
				continue
			}
			field := g.field(fields, name)
			if v, ok := n.readText(t, g.originOf(t), s.Part(field.Name), field.Type, s.Secret || field.Secret); ok {
				item[name] = v
			}
		}
		value.Items = append(value.Items, item)
	}
	return value
}

// readText reads one text, without white space around it: what Carbon makes of that differs from place to place. It reports
// false where the source can't be read, or holds what the type doesn't take; that is then a problem.
func (n *Node) readText(t text, origin profiles.Origin, name string, valueType profiles.Type, secret bool) (profiles.Value, bool) {
	found := profiles.Value{None: t.String() == profiles.None, Secret: secret, Origin: origin, Place: t.place()}
	if n.skipSecrets && secret {
		return found, true
	}
	if found.None {
		return found, true
	}
	kind, _ := source.Split(t.String())
	written, err := source.Read(t.String())
	value := strings.TrimSpace(written)
	switch {
	case err != nil:
		t.errorf("", "%s: %v", name, err)
		return profiles.Value{}, false
	case kind != source.Literal && value == "":
		t.errorf("", "%s: %s holds nothing but white space", name, t)
		return profiles.Value{}, false
	case secret && (value != written || t.String() != t.node.Value):
		n.Notes = append(n.Notes, name+": the white space around the secret is left out")
	}
	if kind != source.Literal {
		if wrong := valueType.Check(value); wrong != "" {
			t.errorf("", "%s, from %s, %s", name, t, wrong)
			return profiles.Value{}, false
		}
	}
	n.redact(value, kind, secret)
	found.Text = value
	return found, true
}

// redact keeps value out of all output if it is a secret or came from the environment or a file.
func (n *Node) redact(value string, kind source.Kind, secret bool) {
	if (secret || kind == source.Env || kind == source.File) && len(value) >= minRedacted && !slices.Contains(n.Secrets, value) {
		n.Secrets = append(n.Secrets, value)
	}
}
