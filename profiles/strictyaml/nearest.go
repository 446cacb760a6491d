package strictyaml

import (
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Nearest returns the one of names that was probably meant: spelled with other capitals, or with few letters wrong. Of a
// name with dots, name may be the end. It returns "" where none is near.
func Nearest(name string, names []string) string {
	spellings := make([]string, 0, 2*len(names))
	for _, candidate := range names {
		spellings = append(spellings, candidate, lastParts(candidate, 1+strings.Count(name, ".")))
	}
	if i := xmlops.Nearest(name, spellings); i >= 0 {
		return names[i/2]
	}
	return ""
}

// lastParts are the last n of the parts of a name that dots separate.
func lastParts(name string, n int) string {
	i := len(name)
	for ; n > 0 && i >= 0; n-- {
		i = strings.LastIndexByte(name[:i], '.')
	}
	return name[i+1:]
}
