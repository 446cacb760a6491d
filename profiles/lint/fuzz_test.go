package lint

import (
	"bytes"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// canary stands where a password would.
const canary = "c4n4ry"

var passwordText = regexp.MustCompile(`(?i)(password["']?(?: [^>]*)?(?:[>=]|: ?"))[^<>\s"]+`)

// withCanary puts the canary in the place of the passwords of a file, and into its URLs.
func withCanary(src []byte) []byte {
	src = passwordText.ReplaceAll(src, []byte("${1}"+canary))
	urls := strings.NewReplacer("jdbc:mysql://", "jdbc:mysql://wso2:"+canary+"@", ">https://", ">https://wso2:"+canary+"@", `"https://`, `"https://wso2:`+canary+"@")
	return []byte(urls.Replace(string(src)))
}

// FuzzCheck puts any bytes in the place of a file of a home. Whatever it holds, each finding has a place in a file of its node, and tells
// nothing that is secret there.
func FuzzCheck(f *testing.F) {
	l := newLibrary(f)
	type file struct{ home, path string }
	var all []file
	homes := map[string]map[string][]byte{}
	for _, name := range []string{"ei", "esb", "as", "es", "aws", "kubernetes"} {
		homes[name] = l.files(home{Home: name})
		for _, path := range slices.Sorted(maps.Keys(homes[name])) {
			f.Add(uint(len(all)), homes[name][path])
			f.Add(uint(len(all)), withCanary(homes[name][path]))
			all = append(all, file{name, path})
		}
	}
	for _, r := range rules {
		var e examples
		decode(f, filepath.Join(examplesDir, r.ID+".yaml"), &e)
		for _, h := range e.Wrong[0].homes() {
			for path, text := range l.files(h) {
				if i := slices.Index(all, file{strings.TrimSuffix(h.Home, "-2"), path}); i >= 0 && !bytes.Equal(homes[all[i].home][path], text) {
					f.Add(uint(i), withCanary(text))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, i uint, src []byte) {
		at := all[i%uint(len(all))]
		files := maps.Clone(homes[at.home])
		files[at.path] = src
		read := func(name string, files map[string][]byte) *Node {
			h, _ := product.InMemory(files)
			if h == nil {
				t.Skip()
			}
			n, _ := product.ReadNode(h) // what can't be read is left out
			return &Node{Node: n, Name: name}
		}
		n, other := read("a", files), read("b", homes[at.home])
		hidden := hides(n, canary)
		for _, nodes := range [][]*Node{{n}, {n, other}, {other, n}} {
			for _, finding := range Check(nodes) {
				for _, o := range append(finding.Others, Other{finding.Node, finding.Place}) {
					if p := o.Place; !slices.Contains(o.Node.Files, p.File) || p.Lo < 0 || p.Hi < p.Lo || p.Hi > len(p.File.Source) {
						t.Fatalf("%s: %d-%d", finding.Rule.ID, p.Lo, p.Hi)
					}
				}
				if text := finding.Message + finding.Then + finding.Hint; hidden && strings.Contains(text, canary) {
					t.Fatalf("%s: %s", finding.Rule.ID, text)
				}
			}
		}
	})
}

// hides reports whether all that a node's files hold of a text is secret.
func hides(n *Node, text string) bool {
	for _, f := range n.Files {
		for lo := 0; ; {
			i := bytes.Index(f.Source[lo:], []byte(text))
			if i < 0 {
				break
			}
			lo += i
			if !slices.ContainsFunc(f.SecretsIn(lo, lo+len(text)), func(span [2]int) bool { return span[0] <= lo && lo+len(text) <= span[1] }) {
				return false
			}
			lo += len(text)
		}
	}
	return true
}
