package cluster

import (
	"net/netip"
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

// literals are the single values of n that stand in the description or in the profile.
func (c *cluster) literals(n *member) profiles.Values {
	known := profiles.Values{}
	for name, g := range c.layers(n) {
		if g.single.node == nil {
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

// checkAddresses reports nodes that can't be reached, or only one of them.
func (c *cluster) checkAddresses() {
	taken := map[address]string{}
	for _, n := range c.members {
		at := c.address(n)
		if at.host == "" {
			continue
		}
		if len(c.members) > 1 && isLoopback(at.host) {
			c.reportLoopback(n)
		}
		key := address{strings.ToLower(at.host), at.port}
		if first, ok := taken[key]; ok && at.port != "" {
			c.hostPlace(n).errorf("every node needs a port of its own on its machine", "the nodes %s and %s both have %s:%s", first, n.name, at.host, at.port)
			continue
		}
		taken[key] = n.name
	}
}

func (c *cluster) reportLoopback(n *member) {
	c.hostPlace(n).errorf("give the address that the other nodes reach it at", "%s of the node %s is a loopback address, which the other nodes can't reach", hostSetting, n.name)
}

// checkOwnHost reports a loopback address that came from a source or the command line.
func (c *cluster) checkOwnHost(n *member, values profiles.Values, raw layer) {
	others, reported := len(c.members), false
	if c.member(n.name) != nil {
		others--
		reported = isLoopback(c.address(n).host)
	}
	g := raw[hostSetting]
	if others == 0 || g == nil || reported || !isLoopback(values[hostSetting].Text) {
		return
	}
	g.single.errorf("give the address that the other nodes reach it at", "%s is a loopback address, which the other nodes can't reach", hostSetting)
}

func isLoopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	return strings.EqualFold(strings.TrimSuffix(host, "."), "localhost")
}
