package cluster

import (
	"net/netip"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
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
	return address{values[hostSetting].Text.Reveal(), values[portSetting].Text.Reveal()}
}

// moved is what the command line makes of the address of the node with those values.
func (a address) moved(values profiles.Values) address {
	if v := values[hostSetting]; v.Origin == profiles.FromFlag {
		a.host = v.Text.Reveal()
	}
	if v := values[portSetting]; v.Origin == profiles.FromFlag {
		a.port = v.Text.Reveal()
	}
	return a
}

// literals are the single values of n that stand in the description or in the profile.
func (c *cluster) literals(n *member) profiles.Values {
	if n.known == nil {
		n.known = c.findLiterals(n)
	}
	return n.known
}

func (c *cluster) findLiterals(n *member) profiles.Values {
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
			known[name] = profiles.Value{Text: secret.New(value)}
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
		key := address{product.CanonicalHost(at.host), at.port}
		if first, ok := taken[key]; ok && at.port != "" {
			c.hostPlace(n).errorf(portHint, "the nodes %s and %s both have %s:%s", first, n.name, at.host, at.port)
			continue
		}
		taken[key] = n.name
	}
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
	if what := unreachable(values[hostSetting].Text.Reveal()); others > 0 && g != nil && !reported && what != "" {
		reportUnreachable(g.single, hostSetting, what)
	}
}

// checkMoved reports an address from the command line, or of a node that no file lists, that another node has.
func (c *cluster) checkMoved(n *member, values profiles.Values, raw layer) {
	said, name := c.address(n), n.name
	is := said.moved(values)
	if name == "" {
		is, name = address{values[hostSetting].Text.Reveal(), values[portSetting].Text.Reveal()}, "this "+n.role
	} else if said == is {
		return
	}
	place, port := raw[hostSetting], raw[portSetting]
	if place == nil || place.origin != profiles.FromFlag && port != nil && port.origin == profiles.FromFlag {
		place = port
	}
	for _, other := range c.members {
		at := c.address(other)
		if other != n && at.host != "" && product.CanonicalHost(at.host) == product.CanonicalHost(is.host) && at.port == is.port && place != nil {
			place.single.errorf(portHint, "the nodes %s and %s both have %s:%s", other.name, name, is.host, is.port)
		}
	}
}

// unreachable says what host is where no other machine can reach it, or "".
func unreachable(host string) string {
	if addr, err := netip.ParseAddr(host); err == nil && addr.Unmap().IsUnspecified() {
		return "the unspecified address"
	}
	if product.IsLoopback(host) {
		return "a loopback address"
	}
	return ""
}
