package cluster

import (
	"fmt"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// addMembers gives n the well-known nodes of its domain as members, where the profile needs members and none are given. It
// reports false where one of them has no address, which is then a problem.
func (c *cluster) addMembers(n *member, values profiles.Values) bool {
	members := c.profile.Setting(membersSetting)
	if _, given := values[membersSetting]; given || members == nil || !slices.Contains(c.profile.Missing(n.role, values), members) {
		return true
	}
	if values[domainSetting].Open || c.movesOpen(n, values) {
		values[membersSetting] = profiles.Value{Open: true, Origin: profiles.FromMembers}
		return true
	}
	reachable := true
	var items []map[string]profiles.Value
	for _, known := range c.wellKnownNodes() {
		if c.domain(known) != c.domain(n) {
			continue
		}
		at, ok := c.wellKnownAddress(known)
		if !ok {
			reachable = false
			if _, has := values[hostSetting]; at.host == "" && (known != n || has) {
				c.reportUnknown(known)
			}
			continue
		}
		if known == n {
			at = at.moved(values)
		}
		items = append(items, map[string]profiles.Value{
			"host": {Text: secret.New(at.host), Place: c.placeOf(known, hostSetting)}, "port": {Text: secret.New(at.port), Place: c.placeOf(known, portSetting)},
		})
	}
	if len(items) > 0 {
		values[membersSetting] = profiles.Value{Items: items, Origin: profiles.FromMembers}
	}
	return reachable
}

// movesOpen reports whether n is well-known by an address that nobody knows yet.
func (c *cluster) movesOpen(n *member, values profiles.Values) bool {
	host, port := values[hostSetting], values[portSetting]
	isMoved := host.Open && host.Origin == profiles.FromFlag || port.Open && port.Origin == profiles.FromFlag
	_, isGiven := values[hostSetting]
	return slices.Contains(c.wellKnownNodes(), n) && (isMoved || !isGiven)
}

// placeOf is where a single value of n is given, or else its name.
func (c *cluster) placeOf(n *member, setting string) strictyaml.Place {
	if g := c.layers(n)[setting]; g != nil {
		return g.single.place()
	}
	return n.key.place()
}

// noteMoved tells of a well-known node that has another address than the files say, from the command line.
func (n *Node) noteMoved(c *cluster, m *member) {
	said := c.address(m)
	is := said.moved(n.Values)
	if n.Values[membersSetting].Origin == profiles.FromMembers && len(c.members) > 1 && slices.Contains(c.wellKnownNodes(), m) && said != is {
		n.Notes = append(n.Notes, fmt.Sprintf("the other nodes know %s as %s:%s, as the cluster file says, not as %s:%s", m.name, said.host, said.port, is.host, is.port))
	}
}

// wellKnownNodes are the nodes that the others know, in the order of wellKnown.
func (c *cluster) wellKnownNodes() []*member {
	if c.wellKnown == nil {
		return c.members
	}
	var nodes []*member
	for _, name := range c.wellKnown {
		if n := c.member(name.String()); n != nil {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// domain is the domain of n as it is described. It may be the name of a source, which is the same for nodes of one domain.
func (c *cluster) domain(n *member) string {
	if g := c.layers(n)[domainSetting]; g != nil {
		return g.single.String()
	}
	return c.literals(n)[domainSetting].Text.Reveal()
}

// wellKnownAddress is the address of a well-known node. It must be literal, since every node writes it.
func (c *cluster) wellKnownAddress(n *member) (address, bool) {
	raw := c.layers(n)
	ok := true
	for _, name := range []string{hostSetting, portSetting} {
		g := raw[name]
		if g == nil || g.broken {
			ok = ok && g == nil
			continue
		}
		if _, literal := g.single.literal(); !literal {
			g.single.errorf("leave the node out of wellKnown, or write the value itself", "%s of the well-known node %s must be a literal, since all nodes need it", name, n.name)
			ok = false
		}
	}
	at := c.address(n)
	return at, ok && at.host != ""
}

// reportUnknown reports a well-known node without a host.
func (c *cluster) reportUnknown(n *member) {
	if c.layers(n)[hostSetting] == nil {
		n.key.errorf("leave it out of wellKnown, or give it one", "the well-known node %s has no %s", n.name, hostSetting)
	}
}
