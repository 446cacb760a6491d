package cluster

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// pick finds the node that was asked for, or makes one for a role. It returns nil where that fails.
func (r *resolver) pick(c *cluster) *member {
	switch {
	case r.Node != "":
		n := c.member(r.Node)
		if n == nil {
			r.problem(strictyaml.Suggest(r.Node, c.memberNames(), "the cluster has "), "there is no node %q", r.Node)
		}
		return n
	case r.Role != "":
		if c.profile.Role(r.Role) == nil {
			r.problem(strictyaml.Suggest(r.Role, c.profile.RoleNames(), "the profile "+c.profile.Name+" has "), "unknown role %q", r.Role)
			return nil
		}
		return &member{role: r.Role}
	case len(c.members) == 0:
		r.problem("--role "+strings.Join(c.profile.RoleNames(), ", or --role "), "no role is given")
		return nil
	}
	return r.pickOwn(c, ownAddresses())
}

// pickOwn finds the node whose address is one of this machine.
func (r *resolver) pickOwn(c *cluster, own []netip.Addr) *member {
	var found, all []string
	var node *member
	for _, n := range c.members {
		host := c.address(n).host
		all = append(all, n.name+" ("+cmp.Or(host, "not known")+")")
		if addr, err := netip.ParseAddr(host); err == nil && slices.Contains(own, addr.Unmap()) {
			found = append(found, n.name)
			node = n
		}
	}
	switch len(found) {
	case 1:
		return node
	case 0:
		r.problem("name it with --node; there are "+strings.Join(all, ", "), "no node has an address of this machine as its %s", hostSetting)
	default:
		r.problem("name one with --node", "several nodes have an address of this machine: %s", strings.Join(found, ", "))
	}
	return nil
}

// ownAddresses are the IP addresses of this machine.
func ownAddresses() []netip.Addr {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var own []netip.Addr
	for _, a := range addrs {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil {
			own = append(own, prefix.Addr().Unmap())
		}
	}
	return own
}
