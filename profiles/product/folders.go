package product

// Components is the folder with a folder for each OSGi profile, slash-separated and relative to the home.
func (h *Home) Components() string { return h.folder("wso2/components", "repository/components") }

// Plugins is the folder for the OSGi bundles that were shipped, slash-separated and relative to the home.
func (h *Home) Plugins() string { return h.Components() + "/plugins" }

// Lib is the folder for jars that are no OSGi bundles, slash-separated and relative to the home.
func (h *Home) Lib() string { return h.folder("lib", "repository/components/lib") }

// Dropins is the folder for OSGi bundles, slash-separated and relative to the home.
func (h *Home) Dropins() string { return h.folder("dropins", "repository/components/dropins") }

func (h *Home) folder(ei, classic string) string {
	if h.Layout == EI {
		return ei
	}
	return classic
}
