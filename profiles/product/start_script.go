package product

import "slices"

// StartScripts are the scripts that a product may be started by, slash-separated and relative to the home; the first that is there is
// the one.
var StartScripts = []string{"bin/integrator.sh", "bin/wso2server.sh"}

// StartScript is the script that the home has, or "".
func (h *Home) StartScript() string {
	if i := slices.IndexFunc(StartScripts, h.Has); i >= 0 {
		return StartScripts[i]
	}
	return ""
}

// UsualScript is the script that a home of that layout should have.
func (h *Home) UsualScript() string {
	if h.Layout == EI {
		return StartScripts[0]
	}
	return StartScripts[1]
}
