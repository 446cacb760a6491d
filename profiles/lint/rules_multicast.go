package lint

import (
	"net/netip"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// multicastRules are about the parameters of the scheme multicast.
func multicastRules() []*Rule {
	return []*Rule{
		{
			ID: "mcast-value-invalid", Severity: Error, Scope: InFile,
			Message: `{name} "{value}" is not valid: it must be {what}`,
			Then:    "The server never opens its transports, or Hazelcast can't join the multicast group and finds no member.",
			Fix:     "Give it such a value, the same on all nodes.",
			Source:  "MulticastBasedMembershipScheme.java:70-87, MulticastConfig",
			Wrong:   `<parameter name="mcastTTL">1000</parameter>`,
			Right:   `<parameter name="mcastTTL">100</parameter>`,
			onNode: func(n *Node, r *reporter) {
				if n.scheme() != "multicast" {
					return
				}
				for _, p := range multicastValues {
					if v := n.parameter(p.name); v.Given && !p.valid(v) {
						r.at(n, v.Place, p.name, v, p.what)
					}
				}
			},
		},
	}
}

// multicastValues are what the parameters of the scheme take. Of these the address alone is not trimmed.
var multicastValues = []struct {
	name, what string
	valid      func(product.Value) bool
}{
	{"mcastAddress", "an address of 224.0.0.0/4 without blanks around it", isMulticast},
	{"mcastPort", "1 to 65535", func(v product.Value) bool { return portNumber(v) != 0 }},
	{"mcastTTL", "0 to 255", func(v product.Value) bool { return isIntegerOf(v, 0, 255) }},
	{"mcastTimeout", "whole seconds", isInteger},
}

func isMulticast(v product.Value) bool {
	addr, err := netip.ParseAddr(v.Text)
	return err == nil && addr.Is4() && addr.IsMulticast()
}
