// Package source finds values that a description only names: env:NAME, file:/abs/path, fact:ip, fact:ip:IFACE and
// fact:hostname. Errors name the source and never say what it holds.
package source

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// Kind is where a value stands.
type Kind int

const (
	Literal Kind = iota // in the description itself
	Env                 // in an environment variable
	File                // in a file of one line
	Fact                // it is a fact about this machine, and no secret
)

// maxFile is the size in bytes of the largest file that is read for a value.
const maxFile = 64 << 10

// Split tells what text is and what it names: of env:NAME, NAME. Of literal:x, as of any other text, that is the value
// itself. A URL such as file:///tmp/x is a literal.
func Split(text string) (Kind, string) {
	prefix, rest, _ := strings.Cut(text, ":")
	switch {
	case prefix == "literal" && text != prefix:
		return Literal, rest
	case prefix == "env" && text != prefix:
		return Env, rest
	case prefix == "file" && text != prefix && !strings.HasPrefix(rest, "//"):
		return File, rest
	case prefix == "fact" && text != prefix:
		return Fact, rest
	}
	return Literal, text
}

// Read returns the value of text, which may be a secret wherever it stands. A single line end at the end of a file is not part of it.
func Read(text string) (secret.Text, error) {
	kind, value := Split(text)
	var err error
	switch kind {
	case Env:
		value, err = readEnv(value)
	case File:
		value, err = readFile(value)
	case Fact:
		value, err = readFact(value)
	}
	return secret.New(value), err
}

func readEnv(name string) (string, error) {
	value, ok := os.LookupEnv(name)
	switch {
	case name == "":
		return "", errors.New("env: needs the name of an environment variable")
	case !ok:
		return "", fmt.Errorf("the environment variable %s is not set", name)
	case value == "":
		return "", fmt.Errorf("the environment variable %s is empty", name)
	}
	return value, nil
}

func readFile(name string) (string, error) {
	if !filepath.IsAbs(name) {
		return "", fmt.Errorf("file:%s must be an absolute path", name)
	}
	data, _, err := patch.ReadRegular(patch.AnyFile{}, name, maxFile)
	if err != nil {
		return "", fmt.Errorf("can't read file:%s: %s", name, patch.Reason(err))
	}
	line := strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r")
	switch {
	case line == "":
		return "", fmt.Errorf("file:%s is empty", name)
	case strings.ContainsAny(line, "\r\n"):
		return "", fmt.Errorf("file:%s has more than one line", name)
	}
	return line, nil
}

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
