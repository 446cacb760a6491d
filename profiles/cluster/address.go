package cluster

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles"
)

// The settings that say where members find each other.
const (
	hostSetting    = "localMemberHost"
	portSetting    = "localMemberPort"
	domainSetting  = "domain"
	membersSetting = "members"
)

// address is where a node can be reached, as far as the description says so literally.
type address struct {
	host, port string // "" where it isn't known
}

// address returns the literal address of n.
func (c *cluster) address(n *member) address {
	values := c.literals(n)
	return address{values[hostSetting].Text, values[portSetting].Text}
}

// moved is what the command line makes of the address of the node with those values.
func (a address) moved(values profiles.Values) address {
	if v := values[hostSetting]; v.Origin == profiles.FromFlag {
		a.host = v.Text
	}
	if v := values[portSetting]; v.Origin == profiles.FromFlag {
		a.port = v.Text
	}
	return a
}

// literals are the single values of n that stand in the description or in the profile.
func (c *cluster) literals(n *member) profiles.Values {
	known := profiles.Values{}
	for name, g := range c.layers(n) {
		if !g.setting.Type.Single() {
			continue
		}
		value, ok := g.single.literal()
		switch {
		case !ok || g.broken:
			known[name] = profiles.Value{} // it is given, so there is no default
		case g.single.String() == profiles.None:
			known[name] = profiles.Value{None: true}
		default:
			known[name] = profiles.Value{Text: value}
		}
	}
	values, _ := c.profile.Complete(n.role, known)
	return values
}

// hostPlace is where the host of n is given, or else its name.
func (c *cluster) hostPlace(n *member) text {
	if g := c.layers(n)[hostSetting]; g != nil && g.single.node != nil {
		return g.single
	}
	return n.key
}

const portHint = "every node needs a port of its own on its machine"

// checkAddresses reports nodes that can't be reached, or only one of them.
func (c *cluster) checkAddresses() {
	taken := map[address]string{}
	for _, n := range c.members {
		at := c.address(n)
		if at.host == "" {
			continue
		}
		if what := unreachable(at.host); len(c.members) > 1 && what != "" {
			reportUnreachable(c.hostPlace(n), hostSetting+" of the node "+n.name, what)
		}
		key := address{canonical(at.host), at.port}
		if first, ok := taken[key]; ok && at.port != "" {
			c.hostPlace(n).errorf(portHint, "the nodes %s and %s both have %s:%s", first, n.name, at.host, at.port)
			continue
		}
		taken[key] = n.name
	}
}

// checkMemberPorts reports members that are given with the host of a node, but with a port that no node has there.
// Members on other hosts may be outside of the description.
func (c *cluster) checkMemberPorts(l layer) {
	g := l[membersSetting]
	if g == nil || g.broken {
		return
	}
	for _, item := range g.items {
		host, isHost := item["host"].literal()
		port, isPort := item["port"].literal()
		if !isHost || !isPort || unreachable(host) != "" {
			continue
		}
		nodes := c.nodesAt(host)
		if len(nodes) == 0 || slices.ContainsFunc(nodes, func(n *member) bool { return c.address(n).port == port }) {
			continue
		}
		at := c.address(nodes[0])
		item["port"].errorf("a member is reached at the "+portSetting+" of its node; without members, the "+wellKnownKey+" nodes are the members",
			"no node has %s:%s: the node %s has %s:%s", host, port, nodes[0].name, at.host, at.port)
	}
}

// nodesAt are the nodes on a host, with a known port.
func (c *cluster) nodesAt(host string) []*member {
	return slices.DeleteFunc(slices.Clone(c.members), func(n *member) bool {
		at := c.address(n)
		return at.host == "" || canonical(at.host) != canonical(host) || at.port == ""
	})
}

// canonical is the same for all spellings of a host.
func canonical(host string) string {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().String()
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

func reportUnreachable(t text, name, what string) {
	t.errorf("give the address that the other nodes reach it at", "%s is %s, which the other nodes can't reach", name, what)
}

// checkOwnHost reports an address that can't be reached and came from a source or the command line.
func (c *cluster) checkOwnHost(n *member, values profiles.Values, raw layer) {
	others, reported := len(c.members), false
	if c.member(n.name) != nil {
		others--
		reported = unreachable(c.address(n).host) != ""
	}
	g := raw[hostSetting]
	if what := unreachable(values[hostSetting].Text); others > 0 && g != nil && !reported && what != "" {
		reportUnreachable(g.single, hostSetting, what)
	}
}

// checkMoved reports an address from the command line that another node has.
func (c *cluster) checkMoved(n *member, values profiles.Values, raw layer) {
	said := c.address(n)
	is := said.moved(values)
	if c.member(n.name) == nil || said == is {
		return
	}
	place := raw[hostSetting]
	if place == nil || place.origin != profiles.FromFlag {
		place = raw[portSetting]
	}
	for _, other := range c.nodesAt(is.host) {
		if other != n && c.address(other).port == is.port && place != nil {
			place.single.errorf(portHint, "the nodes %s and %s both have %s:%s", other.name, n.name, is.host, is.port)
		}
	}
}

// unreachable says what host is where no other machine can reach it, or "".
func unreachable(host string) string {
	addr, err := netip.ParseAddr(host)
	switch {
	case err == nil && addr.Unmap().IsUnspecified():
		return "the unspecified address"
	case err == nil && addr.Unmap().IsLoopback(), strings.EqualFold(strings.TrimSuffix(host, "."), "localhost"):
		return "a loopback address"
	}
	return ""
}
