package product

import "strings"

// kernels are the versions of Carbon that products are made of, from their poms.
var kernels = map[string]string{
	"AS 5.3.0":  "4.4.1",
	"ESB 4.9.0": "4.4.1",
	"ESB 5.0.0": "4.4.8",
	"EI 6.0.0":  "4.4.14",
	"EI 6.1.1":  "4.4.16",
	"EI 6.2.0":  "4.4.26",
	"EI 6.6.0":  "4.5.3",
	"ES 2.0.0":  "4.4.1",
	"ES 2.1.0":  "4.4.7",
}

// kernel is the version of Carbon: what bin/wso2carbon-version.txt says, else that of the product.
func (h *Home) kernel() string {
	if version := h.note("bin/wso2carbon-version.txt"); version != "" {
		return version
	}
	return kernels[strings.ToUpper(h.ServerKey)+" "+h.Version]
}

// KernelBefore reports whether the version of Carbon is known and lower than another.
func (n *Node) KernelBefore(version string) bool {
	return n.Kernel != "" && CompareVersions(n.Kernel, version) < 0
}

// KernelSince reports whether the version of Carbon is known and not lower than another.
func (n *Node) KernelSince(version string) bool {
	return n.Kernel != "" && CompareVersions(n.Kernel, version) >= 0
}
