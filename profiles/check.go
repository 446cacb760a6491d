package profiles

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

var (
	number   = regexp.MustCompile(`^(0|-?[1-9]\d*)$`)
	heapSize = regexp.MustCompile(`^[1-9]\d*[kKmMgG]$`)
)

// maxText is the size in bytes of the longest value.
const maxText = 8 << 10

// Check says what a single value must be where s isn't that, in words that follow the name of the setting: "must be 1 to 65535".
// It says "" where s is right. What holds a ${reference}, which the product resolves when it starts, is not looked into.
func (t Type) Check(s string) string {
	if wrong := checkText(s); wrong != "" {
		return wrong
	}
	if t.Name != "enum" && t.Name != "bool" && product.HoldsReference(s) {
		return ""
	}
	switch t.Name {
	case "word":
		if s == "" || strings.ContainsAny(s, " \t") {
			return "must be one word without blanks"
		}
	case "ip":
		if !product.IsIP(s) {
			return "must be an IP address"
		}
	case "host":
		if !product.IsHost(s) {
			return "must be a host name or an IP address"
		}
	case "hosts":
		return checkHosts(s)
	case "port":
		return checkInt(s, 1, 65535)
	case "int":
		return t.checkInt(s)
	case "bool":
		if s != "true" && s != "false" {
			return "must be true or false"
		}
	case "url":
		if !isURL(s) {
			return "must be a URL such as https://host/path"
		}
	case "enum":
		if !slices.Contains(t.Words, s) {
			return "must be one of " + strings.Join(t.Words, ", ")
		}
	case "size":
		if !heapSize.MatchString(s) {
			return "must be a size such as 256m"
		}
	}
	return ""
}

// checkText says what the values of all types must be where s isn't that. Then s is nothing to quote.
func checkText(s string) string {
	switch {
	case len(s) > maxText:
		return fmt.Sprintf("must be at most %d bytes long", maxText)
	case !utf8.ValidString(s):
		return "must be UTF-8"
	case strings.ContainsFunc(s, isControl):
		return "must not hold line breaks or control characters"
	case s == patch.Mask:
		return "must be the value itself, not the mask that hides it"
	}
	return ""
}

func isControl(r rune) bool {
	return r < 0x20 && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff
}

// isURL takes what names a host or a path, and what a JDBC driver reads: jdbc:h2:./database/X;AUTO_SERVER=TRUE.
func isURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || strings.ContainsAny(s, " \t") {
		return false
	}
	return u.Host != "" || u.Path != "" || u.Scheme == "jdbc" && u.Opaque != ""
}

// checkHosts takes what [product.IsHost] takes, and a range in the last octet of an IPv4 address.
func checkHosts(s string) string {
	r, isRange := product.ParseRange(s)
	switch {
	case !isRange && !product.IsHost(s), strings.Contains(s, "*"):
		return "must be a host name, an IP address, or a range in the last octet such as 10.0.0.2-10"
	case isRange && !r.Valid():
		return "must be a range of IP addresses such as 10.0.0.2-10"
	case isRange && r.Size() == 0:
		return "must be a range that goes up"
	}
	return ""
}

func (t Type) checkInt(s string) string {
	switch {
	case t.Min != nil && t.Max != nil:
		return checkInt(s, *t.Min, *t.Max)
	case !number.MatchString(s):
		return "must be a whole number"
	}
	n, err := strconv.Atoi(s)
	switch {
	case err != nil:
		return "must be a smaller number"
	case t.Min != nil && n < *t.Min:
		return fmt.Sprintf("must be %d or more", *t.Min)
	case t.Max != nil && n > *t.Max:
		return fmt.Sprintf("must be %d or less", *t.Max)
	}
	return ""
}

func checkInt(s string, lo, hi int) string {
	n, err := strconv.Atoi(s)
	if err != nil || !number.MatchString(s) || n < lo || n > hi {
		return fmt.Sprintf("must be %d to %d", lo, hi)
	}
	return ""
}
