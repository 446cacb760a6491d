package product

import (
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// DatasourceName is what a datasource is called.
type DatasourceName struct{ Name, JNDI string }

// JNDIHint tells what was probably meant by a JNDI name that none of the datasources has; "" where there are none. Guide 003 takes the
// name of a datasource for the end of its JNDI name.
func JNDIHint(jndi string, have []DatasourceName) string {
	var known []string
	for _, d := range have {
		if d.Name != "" && d.JNDI != "" && (jndi == d.Name || jndi == commonJNDI+d.Name) {
			return fmt.Sprintf("%s is the name of a datasource, whose JNDI name is %s", d.Name, d.JNDI)
		}
		if d.JNDI != "" && !slices.Contains(known, d.JNDI) {
			known = append(known, d.JNDI)
		}
	}
	if len(known) == 0 {
		return ""
	}
	if near := NearestJNDI(jndi, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "there are " + strings.Join(known, ", ")
}

// commonJNDI is how most JNDI names of datasources begin.
const commonJNDI = "jdbc/"

// NearestJNDI is the one of known that was probably meant, or "". The beginning that most have in common is no likeness.
func NearestJNDI(jndi string, known []string) string {
	ends := make([]string, len(known))
	for i, name := range known {
		ends[i] = strings.TrimPrefix(name, commonJNDI)
	}
	if i := xmlops.Nearest(strings.TrimPrefix(jndi, commonJNDI), ends); i >= 0 {
		return known[i]
	}
	return ""
}
