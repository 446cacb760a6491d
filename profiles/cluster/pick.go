package cluster

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/source"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// pick finds the node that was asked for, or makes one for a role. It returns nil where that fails.
func (r *resolver) pick(c *cluster) *member {
	switch {
	case r.Node != "":
		return r.pickNamed(c)
	case r.Role != "":
		if c.profile.Role(r.Role) == nil {
			r.problem(strictyaml.Suggest(r.Role, c.profile.RoleNames(), "the profile "+c.profile.Name+" has "), "unknown role %q", r.Role)
			return nil
		}
		return &member{role: r.Role}
	case len(c.members) == 0:
		r.problem("--role "+strings.Join(c.profile.RoleNames(), ", or --role "), "no role is given")
		return nil
	case r.Sources.Elsewhere:
		r.problem("--node NAME, or --role ROLE", "this machine is none of the nodes, so one must be named")
		return nil
	}
	return r.pickAddress(c, "an address of this machine", ownAddresses()...)
}

// pickNamed finds the node by its name, or by its address.
func (r *resolver) pickNamed(c *cluster) *member {
	kind, _ := source.Split(r.Node)
	text, err := r.Sources.Read(r.Node)
	switch {
	case err != nil && kind.OfMachine() && r.Sources.Elsewhere:
		r.problem("name the node itself, or its role: --role ROLE", "--node: %v", err)
		return nil
	case err != nil:
		r.problem(source.Hint(err), "--node: %v", err)
		return nil
	}
	name := strings.TrimSpace(text.Reveal())
	if n := c.member(name); n != nil {
		return n
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return r.pickAddress(c, r.nodeText("the address", name), addr.Unmap())
	}
	hint := "the cluster has " + strings.Join(c.memberNames(), ", ")
	if kind == source.Literal {
		hint = strictyaml.Suggest(name, c.memberNames(), "the cluster has ")
	}
	r.problem(hint, "there is no node %s", r.nodeText("of the name", fmt.Sprintf("%.80q", name)))
	return nil
}

// nodeText shows value, which --node gives and no node has. What was meant for something else may be a secret.
func (r *resolver) nodeText(what, value string) string {
	switch kind, _ := source.Split(r.Node); {
	case kind == source.Env, kind == source.File:
		return what + " in " + r.Node
	case kind.OfMachine():
		return fmt.Sprintf("%s (%s)", value, r.Node)
	}
	return value
}

// pickAddress finds the node that has one of the addresses, which stand in messages as what.
func (r *resolver) pickAddress(c *cluster, what string, addresses ...netip.Addr) *member {
	var found, all []string
	var node *member
	for _, n := range c.members {
		host := c.address(n).host
		all = append(all, n.name+" ("+cmp.Or(host, "not known")+")")
		if slices.Contains(addresses, c.ip(n)) {
			found = append(found, n.name)
			node = n
		}
	}
	switch len(found) {
	case 1:
		return node
	case 0:
		r.problem("name it with --node; there are "+strings.Join(all, ", "), "no node has %s as its %s", what, hostSetting)
	default:
		r.problem("name one with --node", "several nodes have %s: %s", what, strings.Join(found, ", "))
	}
	return nil
}

// ip is the address that n is found by; none where its host is a name, or not known.
func (c *cluster) ip(n *member) netip.Addr {
	addr, _ := netip.ParseAddr(c.address(n).host)
	return addr.Unmap()
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
