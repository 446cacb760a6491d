package lint

import (
	"strconv"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// address is where the others reach a node, as its axis2.xml says.
type address struct {
	host string // "" where none is named: then it is that of a network interface
	port int    // 0 where what is given is no port
}

// defaultMemberPort is that of a node whose axis2.xml names none (HazelcastClusteringAgent.java:291-296).
const defaultMemberPort = 4000

// The parameters with the address of a node.
const (
	localMemberHost = "localMemberHost"
	localMemberPort = "localMemberPort"
)

// address is that of a node with a clustering element.
func (n *Node) address() address {
	a := address{n.parameter(localMemberHost).Trim(), defaultMemberPort}
	if port := n.parameter(localMemberPort); port.Given {
		a.port = portNumber(port)
	}
	return a
}

// brokenAddress reports whether a host is made of what addresses are, and is none. Without a dot, digits and hyphens may be a name.
func brokenAddress(host string) bool {
	isName := strings.Contains(host, "-") && !strings.Contains(host, ".")
	return host != "" && strings.Trim(host, "0123456789.-") == "" && !isName && !product.IsIP(host) && !product.IsLoopback(host)
}

// integer is the number that a value is, as Integer.parseInt reads it without the blanks around it; 0 where it is none.
func integer(v product.Value) (n int, ok bool) {
	number, err := strconv.ParseInt(v.Trim(), 10, 32)
	if err != nil {
		return 0, false
	}
	return int(number), true
}

func isInteger(v product.Value) bool {
	_, ok := integer(v)
	return ok
}

// isIntegerOf reports whether a value is a number from low to high.
func isIntegerOf(v product.Value, low, high int) bool {
	n, ok := integer(v)
	return ok && low <= n && n <= high
}

// portNumber is the port that a value names, 0 where it names none.
func portNumber(v product.Value) int {
	if !isIntegerOf(v, 1, 65535) {
		return 0
	}
	port, _ := integer(v)
	return port
}

// listed reports whether the node is a well-known member: by its host, or a range that holds it, and by its port.
func (a address) listed(m product.Member) bool {
	return a.host != "" && a.port != 0 && product.Covers(m.Host.Trim(), a.host) && portNumber(m.Port) == a.port
}
