package profiles

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// VersionRange is a range of product versions, such as ">=4.9 <6". The zero VersionRange holds all.
type VersionRange struct {
	text   string
	limits []versionLimit
}

type versionLimit struct {
	operator string
	version  string
}

var versionLimitText = regexp.MustCompile(`^(>=|<=|>|<|=)(\d+(?:\.\d+)*)$`)

// parseVersionRange reads limits with blanks between them, all of which must hold, or the word any.
func parseVersionRange(s string) (VersionRange, error) {
	r := VersionRange{text: s}
	if s == "any" {
		return r, nil
	}
	for limit := range strings.FieldsSeq(s) {
		m := versionLimitText.FindStringSubmatch(limit)
		if m == nil {
			return r, fmt.Errorf("a version range is any, or limits such as >=4.9 <6")
		}
		r.limits = append(r.limits, versionLimit{m[1], m[2]})
	}
	if len(r.limits) == 0 {
		return r, fmt.Errorf("a version range is any, or limits such as >=4.9 <6")
	}
	return r, nil
}

// String is the range as a profile writes it.
func (r VersionRange) String() string { return r.text }

// Holds reports whether version lies in the range. What follows its numbers, as in 6.1.1-update3, doesn't count.
func (r VersionRange) Holds(version string) bool {
	for _, limit := range r.limits {
		if !limit.holds(product.CompareVersions(version, limit.version)) {
			return false
		}
	}
	return true
}

func (l versionLimit) holds(order int) bool {
	switch l.operator {
	case ">=":
		return order >= 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case "<":
		return order < 0
	}
	return order == 0
}
