package source

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
)

func readFact(name string) (string, error) {
	switch iface, ofIface := strings.CutPrefix(name, "ip:"); {
	case name == "ip":
		return routeIP()
	case ofIface:
		return interfaceIP(iface)
	case name == "hostname":
		host, err := os.Hostname()
		if err != nil {
			return "", fmt.Errorf("fact:hostname is not known: %w", err)
		}
		return host, nil
	}
	return "", fmt.Errorf("fact:%s is not known; there are fact:ip, fact:ip:INTERFACE and fact:hostname", name)
}

// routeIP is the address that this machine sends from by default. Connecting a UDP socket asks the routing table and sends
// nothing; the addresses are reserved for documentation.
func routeIP() (string, error) {
	for _, target := range []string{"192.0.2.1:9", "[2001:db8::1]:9"} {
		conn, err := net.Dial("udp", target)
		if err != nil {
			continue
		}
		defer conn.Close()
		if addr, ok := conn.LocalAddr().(*net.UDPAddr); ok {
			return addr.IP.String(), nil
		}
	}
	return "", errors.New("fact:ip is not known: this machine has no default route")
}

// interfaceIP is the first IPv4 address of an interface, or its first IPv6 address that others can reach.
func interfaceIP(name string) (string, error) {
	iface, err := net.InterfaceByName(name)
	if err != nil {
		return "", fmt.Errorf("fact:ip:%s is not known: there is no such network interface", name)
	}
	addrs, err := iface.Addrs()
	if err != nil {
		return "", fmt.Errorf("fact:ip:%s is not known: %w", name, err)
	}
	var ipv6 string
	for _, addr := range addrs {
		ipNet, ok := addr.(*net.IPNet)
		switch {
		case !ok:
		case ipNet.IP.To4() != nil:
			return ipNet.IP.String(), nil
		case ipv6 == "" && !ipNet.IP.IsLinkLocalUnicast():
			ipv6 = ipNet.IP.String()
		}
	}
	if ipv6 == "" {
		return "", fmt.Errorf("fact:ip:%s is not known: the interface has no address", name)
	}
	return ipv6, nil
}
