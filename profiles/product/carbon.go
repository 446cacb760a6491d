package product

import "github.com/carbonpatch/carbonpatch/xmlops"

// Carbon is what conf/carbon.xml says, by dotted paths of local names below its root: Ports.Offset. Namespaces don't count, nothing is
// trimmed, and of several elements of one path the first counts (org.wso2.carbon.base.ServerConfiguration).
type Carbon struct {
	File   *File
	Values map[string][]Value // of elements without elements in them, in document order
	root   Place
}

// Value is the one that counts.
func (c *Carbon) Value(path string) Value {
	if all := c.Values[path]; len(all) > 0 {
		return all[0]
	}
	return Value{Place: c.root}
}

func readCarbon(f *File, root xmlops.Element) *Carbon {
	c := &Carbon{File: f, Values: map[string][]Value{}, root: f.tag(root)}
	c.read(root, "")
	return c
}

func (c *Carbon) read(e xmlops.Element, prefix string) {
	for _, inner := range e.Children() {
		path := prefix + inner.Name()
		if len(inner.Children()) == 0 {
			c.Values[path] = append(c.Values[path], c.File.text(inner, Place{}))
			continue
		}
		c.read(inner, path+".")
	}
}
