package cluster

import (
	"slices"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// checkListed reports the members of a layer that are no nodes, where the description has several: of a node alone it says nothing of
// the others. More are addresses that a node has besides. A node whose address is not written here may be any.
func (c *cluster) checkListed(l layer, more ...address) {
	g := l[membersSetting]
	if g == nil || g.broken || len(c.members) < 2 {
		return
	}
	nodes := append(c.nodeAddresses(), more...)
	for _, item := range g.items {
		host, isLiteral := item["host"].literal()
		if item["host"].node == nil || !isLiteral || product.HoldsReference(host) {
			continue
		}
		port, isLiteral := item["port"].literal()
		if !isLiteral || product.HoldsReference(port) {
			port = ""
		}
		if !slices.ContainsFunc(nodes, func(at address) bool { return at.isListed(host, port) }) {
			c.reportListed(item, host, port)
		}
	}
}

// reportListed reports a member that no node is, at its port if that alone is wrong.
func (c *cluster) reportListed(item map[string]text, host, port string) {
	for _, n := range c.members {
		if at := c.address(n); at.host != "" && product.Covers(host, at.host) {
			item["port"].errorf("the node "+n.name+" has "+at.host+":"+at.port, "members: no node has %s:%s", host, port)
			return
		}
	}
	name := host
	if port != "" {
		name += ":" + port
	}
	item["host"].errorf("add it to nodes, or take it out", "members: no node has %s", name)
}

// nodeAddresses are those of the nodes that have one.
func (c *cluster) nodeAddresses() []address {
	var all []address
	for _, n := range c.members {
		if at := c.address(n); at.host != "" || c.layers(n)[hostSetting] != nil {
			all = append(all, at)
		}
	}
	return all
}

// isListed reports whether a node with address a may be the member with that host, which may be a range, and port.
func (a address) isListed(host, port string) bool {
	isHost := a.host == "" || product.HoldsReference(a.host) || product.Covers(host, a.host)
	return isHost && (a.port == "" || port == "" || product.HoldsReference(a.port) || a.port == port)
}
