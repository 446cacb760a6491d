package cluster

import (
	"fmt"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch/problemtest"
)

// BenchmarkResolve resolves one node of a large cluster.
func BenchmarkResolve(b *testing.B) {
	var text strings.Builder
	text.WriteString("version: 1\nprofile: esb\nsettings: {hostName: h}\nwellKnown: [n0, n1]\nnodes:\n")
	for i := range 1000 {
		fmt.Fprintf(&text, "  n%d: {role: worker, localMemberHost: 10.0.%d.%d, localMemberPort: 4100}\n", i, i/250, i%250)
	}
	req := Request{Files: files(text.String()), Node: "n7"}
	for b.Loop() {
		if _, err := Resolve(req); err != nil {
			b.Fatal(problemtest.Report(err))
		}
	}
}
