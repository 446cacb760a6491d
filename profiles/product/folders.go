package product

import (
	"slices"
	"strings"
)

// Components is the folder with a folder for each OSGi profile, slash-separated and relative to the home.
func (h *Home) Components() string { return h.folder("wso2/components", "repository/components") }

// Plugins is the folder for the OSGi bundles that were shipped, slash-separated and relative to the home.
func (h *Home) Plugins() string { return h.Components() + "/plugins" }

// Lib is the folder for jars that are no OSGi bundles, slash-separated and relative to the home.
func (h *Home) Lib() string { return h.folder("lib", "repository/components/lib") }

// Dropins is the folder for OSGi bundles, slash-separated and relative to the home.
func (h *Home) Dropins() string { return h.folder("dropins", "repository/components/dropins") }

// HasJar reports whether match holds for the name of any jar in these folders.
func (h *Home) HasJar(match func(name string) bool) bool {
	return slices.ContainsFunc([]string{h.Plugins(), h.Dropins(), h.Lib()}, func(folder string) bool {
		return slices.ContainsFunc(h.Names(folder), func(name string) bool { return strings.HasSuffix(name, ".jar") && match(name) })
	})
}

func (h *Home) folder(ei, classic string) string {
	if h.Layout == EI {
		return ei
	}
	return classic
}

// workerless are the products that are known to come without the OSGi profile of workers, with the version since which they do.
var workerless = map[string]string{"EI": "6.1.1", "ES": "1.0"}

// WorkerProfile reports whether the home has the OSGi profile of workers, and whether its profiles were looked at: beside them lie the
// bundles of all, and default is always one. Where they were not, it is what is known of the product.
func (h *Home) WorkerProfile() (has, seen bool) {
	if h.HasFolder(h.Components() + "/worker") {
		return true, true
	}
	if h.HasFolder(h.Components()+"/default") || h.HasFolder(h.Plugins()) {
		return false, true
	}
	since, listed := workerless[strings.ToUpper(h.ServerKey)]
	return !listed || h.Version == "" || CompareVersions(h.Version, since) < 0, false
}
