package cluster

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/source"
)

// minRedacted is the length in bytes from which on the value of a source is kept out of all output. Shorter ones
// occur by chance.
const minRedacted = 6

// read turns what is written into values. Sources are read, and checked as literals were before. What can't be read is
// [profiles.Value.Unread]; of a list whose items have a key, all else is there.
func (n *Node) read(raw layer) profiles.Values {
	values := profiles.Values{}
	for _, s := range n.Profile.Settings {
		g := raw[s.Name]
		switch {
		case g == nil:
		case g.broken && s.Type.Key == "":
			values[s.Name] = profiles.Value{Unread: true, Secret: s.Secret, Origin: g.origin, Place: g.name.place()}
		case g.none:
			values[s.Name] = profiles.Value{None: !n.differs(g.origin), Open: n.differs(g.origin), Unsure: n.differs(g.origin), Secret: s.Secret, Origin: g.origin, Place: g.name.place()}
		case s.Type.Single():
			values[s.Name] = n.readText(g.single, g.origin, part{setting: s})
		default:
			values[s.Name] = n.readItems(g)
		}
	}
	return values
}

func (n *Node) readItems(g *given) profiles.Value {
	s := g.setting
	value := profiles.Value{Unread: g.lost, Secret: s.Secret, Origin: g.origin, Place: g.name.place()}
	for _, fields := range g.items {
		if key := fields[s.Type.Key]; s.Type.Key != "" && !key.fits(s.Type.Field(s.Type.Key).Type) {
			value.Unread = true
			continue
		}
		item := map[string]profiles.Value{}
		for name, t := range fields {
			if name == itemKey(s) {
				item[name] = profiles.Value{Text: secret.New(t.String()), Open: n.isOwn(g, fields), Origin: g.originOf(t), Place: t.place()}
				continue
			}
			item[name] = n.readText(t, g.originOf(t), part{s, fields[itemKey(s)].String(), g.field(fields, name)})
			value.Unread = value.Unread || item[name].Unread && !item[name].Kept && s.Type.Key == ""
			if item[name].Open && itemKey(s) == "" {
				value.Open, value.Unsure = true, n.differs(g.origin)
			}
		}
		value.Items = append(value.Items, item)
	}
	if value.Unread && s.Type.Key == "" || value.Open {
		value.Items = nil
	}
	return value
}

// likeSource is what people write for a source that there is not.
var likeSource = regexp.MustCompile(`^(?i:env|file|vault|secret|ssm|\$env):`)

// readText reads one text, without white space around it: what Carbon makes of that differs from place to place. What isn't
// one, or not one that the type takes, is reported already. A source that can't be read, or holds such a text, is reported, but for a
// secret that secure vault keeps in the home.
func (n *Node) readText(t text, origin profiles.Origin, p part) profiles.Value {
	name, valueType, isSecret := p.name(), p.valueType(), p.secret()
	found := profiles.Value{None: t.String() == profiles.None, Secret: isSecret, Origin: origin, Place: t.place()}
	switch {
	case n.skipSecrets && isSecret:
		return found
	case n.isOpen(t, origin, p):
		return n.leaveOpen(found, t, p)
	case found.None:
		return found
	case !t.fits(valueType):
		found.Unread = true
		return found
	}
	kind, _ := source.Split(t.String())
	if n.assume != nil && kind != source.Literal {
		found.Text, found.Assumed = secret.New(n.assume(p, t.String())), true
		return found
	}
	read, err := n.sources.Read(t.String())
	written := read.Reveal()
	value := strings.TrimSpace(written)
	wrong := valueType.Check(value)
	switch {
	case err != nil && isSecret && n.inVault(p):
		n.Notes = append(n.Notes, fmt.Sprintf("%s is kept by secure vault, so %s was not read", name, t))
		found.Kept = true
	case err != nil:
		t.errorf(n.readHint(p, err), "%s: %v", name, err)
	case kind != source.Literal && value == "":
		t.errorf("", "%s: %s holds nothing but white space", name, t)
	case kind != source.Literal && wrong != "":
		t.errorf("", "%s, from %s, %s", name, t, wrong)
	default:
		if isSecret && (value != written || t.String() != t.node.Value) {
			n.Notes = append(n.Notes, name+": the white space around the secret is left out")
		}
		if isSecret && kind == source.Literal && likeSource.MatchString(t.String()) {
			n.Notes = append(n.Notes, name+": taken as the secret itself, though it begins as a source may; sources are env:NAME and file:/path, and literal: before it says that it is meant")
		}
		found.Text = secret.New(value)
		n.redact(found, kind)
		if n.Image && patch.HoldsPassword(value) {
			found.Text = secret.Text{}
			return n.leaveOpen(found, t, p)
		}
		return found
	}
	found.Unread = true
	return found
}

// readHint says what to do about a source of p that can't be read.
func (n *Node) readHint(p part, err error) string {
	hint := source.Hint(err)
	if hint == "" && n.Image {
		hint = fmt.Sprintf("%s belongs to the image, so --phase image reads it where the image is built", p.name())
	}
	return hint
}

// fits reports whether t is a single text that the type takes, or a source.
func (t text) fits(valueType profiles.Type) bool {
	value, isLiteral := t.literal()
	return t.node.Kind == yaml.ScalarNode && t.node.Tag != "!!null" && (!isLiteral || valueType.Check(value) == "")
}

// redact keeps value out of all output if it is a secret or came from the environment or a file.
func (n *Node) redact(value profiles.Value, kind source.Kind) {
	if (value.Secret || kind == source.Env || kind == source.File) && len(value.Text.Reveal()) >= minRedacted && !slices.Contains(n.Secrets, value.Text) {
		n.Secrets = append(n.Secrets, value.Text)
	}
}
