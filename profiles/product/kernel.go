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

// kernelFile tells the version of Carbon in a line.
const kernelFile = "bin/wso2carbon-version.txt"

// readKernel finds the version of Carbon: what its file says, else that of the product.
func (n *Node) readKernel() {
	if src, err := n.readFile(kernelFile, maxNote); err == nil {
		if m := versionText.FindSubmatchIndex(src); m != nil {
			n.Kernel = string(src[m[2]:m[3]])
			n.KernelPlace = Place{&File{Path: kernelFile, Source: src}, m[2], m[3]}
			n.Files = append(n.Files, n.KernelPlace.File)
			return
		}
	}
	n.Kernel = kernels[strings.ToUpper(n.ServerKey)+" "+n.Version]
	if n.Carbon != nil {
		n.KernelPlace = n.Carbon.Value("Version").Place
	}
}

// Hazelcast is the version of Hazelcast that Carbon is made with, in two numbers: nodes of different ones do not join. It is "" where that is
// not known.
func (n *Node) Hazelcast() string {
	switch {
	case n.Kernel == "" || n.KernelBefore("4.4.0") || n.KernelSince("4.6"):
		return ""
	case n.KernelBefore("4.4.1"):
		return "3.2"
	case n.KernelBefore("4.5"):
		return "3.5"
	}
	return "3.12"
}

// KernelBefore reports whether the version of Carbon is known and lower than another.
func (n *Node) KernelBefore(version string) bool {
	return n.Kernel != "" && CompareVersions(n.Kernel, version) < 0
}

// KernelSince reports whether the version of Carbon is known and not lower than another.
func (n *Node) KernelSince(version string) bool {
	return n.Kernel != "" && CompareVersions(n.Kernel, version) >= 0
}
