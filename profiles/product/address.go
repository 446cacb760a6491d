package product

import (
	"cmp"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	hostName    = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?$`)
	dottedDigit = regexp.MustCompile(`^[0-9.-]+$`)
)

// IsIP reports whether s is an IP address, which may have no zone.
func IsIP(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Zone() == ""
}

// IsHost reports whether s is an IP address or a host name. Underscores are allowed since containers have them; what has only digits and
// dots must be an address.
func IsHost(s string) bool {
	return IsIP(s) || len(s) <= 253 && hostName.MatchString(s) && !dottedDigit.MatchString(s)
}

// CanonicalHost is the same for all spellings of a host. One of IPv6 may stand in brackets.
func CanonicalHost(host string) string {
	if inner, ok := strings.CutPrefix(host, "["); ok && strings.HasSuffix(inner, "]") {
		host = strings.TrimSuffix(inner, "]")
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().String()
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// loopbackNames are those that systems ship in their file of hosts.
var loopbackNames = []string{
	"localhost", "localhost.localdomain", "localhost4", "localhost4.localdomain4", "localhost6", "localhost6.localdomain6", "ip6-localhost", "ip6-loopback",
}

// shortLoopback is a loopback address without all of its zeros, as java.net.InetAddress takes it: 127.1.
var shortLoopback = regexp.MustCompile(`^127(\.\d+){1,2}$`)

// IsLoopback reports whether a host names the machine that it is used on.
func IsLoopback(host string) bool {
	host = CanonicalHost(host)
	addr, err := netip.ParseAddr(host)
	return slices.Contains(loopbackNames, host) || shortLoopback.MatchString(host) || err == nil && addr.IsLoopback()
}

// Range is a range of IPv4 addresses in their last octet, both ends included, as the host of a well-known member may be: 10.0.0.2-10, or
// 10.0.0.* for all. Hazelcast knows no other (com.hazelcast.util.AddressUtil.getMatchingIpv4Addresses).
type Range struct {
	first netip.Addr // not valid where an octet is none
	last  int
}

var octetRange = regexp.MustCompile(`^(\d+\.\d+\.\d+)\.(?:(\d+)-(\d+)|\*)$`)

// ParseRange reads what has the form of a range, and reports whether s has it.
func ParseRange(s string) (Range, bool) {
	m := octetRange.FindStringSubmatch(s)
	if m == nil {
		return Range{}, false
	}
	from, to := cmp.Or(m[2], "0"), cmp.Or(m[3], "255")
	first, _ := netip.ParseAddr(m[1] + "." + from)
	last, err := strconv.Atoi(to)
	if err != nil || last > 255 {
		return Range{}, true
	}
	return Range{first, last}, true
}

// Valid reports whether all octets are such. A valid range may still go down, and then it holds nothing.
func (r Range) Valid() bool { return r.first.IsValid() }

// Loopback reports whether the addresses are such of the machine that they are used on.
func (r Range) Loopback() bool { return r.Valid() && r.first.IsLoopback() }

// Size is the number of addresses in the range.
func (r Range) Size() int {
	if !r.Valid() {
		return 0
	}
	return max(0, r.last-int(r.first.As4()[3])+1)
}

// Holds reports whether a host is an address in the range.
func (r Range) Holds(host string) bool {
	at, err := netip.ParseAddr(host)
	if at = at.Unmap(); err != nil || !r.Valid() || !at.Is4() {
		return false
	}
	a, b := r.first.As4(), at.As4()
	return [3]byte(a[:3]) == [3]byte(b[:3]) && a[3] <= b[3] && int(b[3]) <= r.last
}

// Covers reports whether the host of a well-known member is the other host, in whatever spelling, or a range that the other is in.
func Covers(member, host string) bool {
	if r, ok := ParseRange(member); ok {
		return r.Holds(host)
	}
	return CanonicalHost(member) == CanonicalHost(host)
}

var reference = regexp.MustCompile(`\$\{([^{}]+)\}`)

// HoldsReference reports whether s holds a ${reference}, which the product resolves when it starts.
func HoldsReference(s string) bool { return reference.MatchString(s) }

// References are the names of the ${references} in s.
func References(s string) []string {
	var names []string
	for _, m := range reference.FindAllStringSubmatch(s, -1) {
		names = append(names, m[1])
	}
	return names
}
