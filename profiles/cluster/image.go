package cluster

import (
	"fmt"
	"maps"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/source"
)

// An image knows the role, but not the node. What is known only on the node is open in it, and no source of that is read.

// meant are the nodes that n stands for: itself, or all of its role where only that was asked for.
func (c *cluster) meant(n *member) []*member {
	var nodes []*member
	for _, other := range c.members {
		if other == n || n.name == "" && other.role == n.role {
			nodes = append(nodes, other)
		}
	}
	return nodes
}

// ofNodes is what nodes say themselves, all together.
func ofNodes(nodes []*member) layer {
	all := layer{}
	for _, n := range nodes {
		all = all.under(n.values)
	}
	return all
}

// isOpen reports whether t, which is for p, is open: an image leaves it to the node.
func (n *Node) isOpen(t text, origin profiles.Origin, p part) bool {
	kind, _ := source.Split(t.String())
	isNone := t.String() == profiles.None
	return n.Image && (p.ofNode() && !isNone || kind.OfMachine() || n.differs(origin))
}

// differs reports whether a value of that origin is for one of the nodes that an image is for.
func (n *Node) differs(origin profiles.Origin) bool {
	return n.Image && n.Name == "" && origin == profiles.FromNode
}

// sureOf are the settings that the nodes that n stands for have a value for, whatever they say themselves.
func (c *cluster) sureOf(n *member, nodes []*member) map[string]bool {
	sure := map[string]bool{}
	for name, v := range c.literals(n) {
		sure[name] = !v.None && c.profile.Setting(name).WrittenBy(n.role)
	}
	for _, other := range nodes {
		for name, g := range other.values {
			if g.none || g.single.String() == profiles.None {
				sure[name] = false
			}
		}
	}
	return sure
}

// ofNode reports whether p is known on the node only.
func (p part) ofNode() bool {
	return p.setting.Phase == profiles.NodePhase || p.field != nil && p.field.Phase() == profiles.NodePhase
}

// leaveOpen is the value that found is in an image, for t. A secret that secure vault keeps in the home is not open: there is nothing
// left to do.
func (n *Node) leaveOpen(found profiles.Value, t text, p part) profiles.Value {
	kind, _ := source.Split(t.String())
	switch {
	case !p.secret() || !n.inVault(p):
		if value, isLiteral := t.literal(); isLiteral && t.String() != profiles.None {
			n.examples[p.mark()] = secret.New(value)
		}
		found.Open, found.None, found.Unsure = true, false, n.differs(found.Origin) && (p.field != nil || !n.sure[p.setting.Name])
	case kind == source.Literal:
		found.Unread, found.Kept = true, true
		n.note("%s is kept by secure vault", p.name())
	default:
		found.Unread, found.Kept = true, true
		n.note("%s is kept by secure vault, so %s was not read", p.name(), t)
	}
	if found.Open && found.Origin == profiles.FromFlag {
		n.note("%s of --set is left for --phase node: only the node knows it", p.name())
	}
	return found
}

func (n *Node) note(format string, args ...any) {
	n.Notes = append(n.Notes, fmt.Sprintf(format, args...))
}

// isOwn reports whether only nodes that an image is for have an item.
func (n *Node) isOwn(g *given, item map[string]text) bool {
	for _, t := range item {
		if !n.differs(g.originOf(t)) {
			return false
		}
	}
	return true
}

// mark is the same for the same parts.
func (p part) mark() string { return p.name() + " " + p.key }

// Assumed are the values of n with texts that stand for what is open: what one of its nodes says, or else one that is made up.
func (n *Node) Assumed() profiles.Values {
	values, texts := maps.Clone(n.Values), assumptions{}
	assume := func(v profiles.Value, p part) profiles.Value {
		if !v.Open {
			return v
		}
		v.Open = false
		if v.Text.Reveal() == "" {
			v.Text = n.examples[p.mark()]
		}
		if v.Text.Reveal() == "" {
			v.Text, v.Assumed = secret.New(texts.text(n.Name, p, p.mark())), true
		}
		return v
	}
	for _, s := range n.Profile.Settings {
		v, ok := values[s.Name]
		switch {
		case !ok:
			continue
		case s.Type.Single():
			values[s.Name] = assume(v, part{setting: s})
			continue
		case v.Open && s.Type.Name == "list":
			v.Items = []map[string]profiles.Value{{}}
			for _, f := range s.Type.Fields {
				v.Items[0][f.Name] = profiles.Value{Open: true}
			}
		}
		v.Open, v.Items = false, slices.Clone(v.Items)
		for i, item := range v.Items {
			v.Items[i] = map[string]profiles.Value{}
			for name, field := range item {
				v.Items[i][name] = assume(field, part{s, item[itemKey(s)].Text.Reveal(), fieldOf(s, name, item[profiles.MapKey].Text.Reveal())})
			}
		}
		values[s.Name] = v
	}
	return values
}
