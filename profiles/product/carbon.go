package product

import (
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Carbon is what conf/carbon.xml says, by dotted paths of local names below its root: Ports.Offset. Namespaces don't count, nothing is
// trimmed, an element with nothing but blanks is none, and of several elements of one path the first counts
// (org.wso2.carbon.base.ServerConfiguration).
type Carbon struct {
	File   *File
	Values map[string][]Value // of elements without elements in them, in document order
	tags   map[string]Place   // of the first element of each path
}

// Value is the one that counts. Where there is none, it is missing in the element that has nothing but blanks, or in the nearest around it.
func (c *Carbon) Value(path string) Value {
	if all := c.Values[path]; len(all) > 0 {
		return all[0]
	}
	for {
		if tag, ok := c.tags[path]; ok {
			return Value{Place: tag}
		}
		path = path[:max(0, strings.LastIndexByte(path, '.'))]
	}
}

// Tag is the start tag of the first element of a path that there is.
func (c *Carbon) Tag(path string) Place { return c.tags[path] }

// Blank reports whether an element is there, but has nothing in it.
func (c *Carbon) Blank(path string) bool {
	_, there := c.tags[path]
	return there && len(c.Values[path]) == 0
}

func readCarbon(f *File, root xmlops.Element) *Carbon {
	c := &Carbon{File: f, Values: map[string][]Value{}, tags: map[string]Place{"": f.tag(root)}}
	c.read(root, "")
	return c
}

func (c *Carbon) read(e xmlops.Element, prefix string) {
	for _, inner := range e.Children() {
		path := prefix + inner.Name()
		if _, again := c.tags[path]; !again {
			c.tags[path] = c.File.tag(inner)
		}
		if len(inner.Children()) > 0 {
			c.read(inner, path+".")
			continue
		}
		if v := c.File.text(inner, Place{}); !v.Empty() {
			c.Values[path] = append(c.Values[path], v)
		}
	}
}

// PortOffset is what Carbon adds to most ports: the system property portOffset, which a start script may set, else Ports.Offset
// (CarbonBaseActivator.java:48-52).
func (n *Node) PortOffset() Value {
	if n.Script != nil {
		if v := n.Script.Option("-DportOffset"); v.Given {
			return v
		}
	}
	if n.Carbon == nil {
		return Value{}
	}
	return n.Carbon.Value("Ports.Offset")
}
