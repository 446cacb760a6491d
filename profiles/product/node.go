package product

import (
	"path"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Node is what the configuration files of a home say, each read once. What a file says is nil where there is no such file: of some
// nodes only a few were collected.
type Node struct {
	*Home
	Kernel         string // the version of Carbon, "" where that is not known
	KernelPlace    Place  // where it was read, or that of the product by which it is known
	Axis2          *Axis2
	Carbon         *Carbon
	Tomcat         *Tomcat
	Registry       *Registry
	UserManagement *UserManagement
	Datasources    []Datasource // of all files, in the order in which Carbon loads them
	Providers      []Value      // of datasources, of all files
	Master         *File        // of the datasources; nil where there is none
	AllDatasources bool         // the master and all other files of datasources were read
	// SystemProperties are the names in ${name} of the files in which Carbon replaces them by properties of the system, and by nothing else.
	SystemProperties []Value
	Script           *StartScriptFile
	SSO              *SingleSignOn // of ES
	Aliases          []Alias       // of all XML files
	CipherText       *CipherText
	InboundEndpoints []InboundEndpoint
	HazelcastXML     bool    // there is conf/etc/hazelcast.xml, which is not read
	Files            []*File // all that were read, in the order in which they were
}

// HazelcastPath is where in the folder of the configuration Carbon's agent looks for a configuration of Hazelcast itself.
const HazelcastPath = "/etc/hazelcast.xml"

// ReadNode reads the configuration files of a home. With the error, [patch.Problems] about all files that can't be read, comes what
// the others say.
func ReadNode(h *Home) (*Node, error) {
	n := &Node{Home: h, HazelcastXML: h.Has(h.ConfDir + HazelcastPath)}
	var errs []error
	for _, file := range []struct {
		path string
		read func(*File, xmlops.Element)
	}{
		{"axis2/axis2.xml", func(f *File, e xmlops.Element) { n.Axis2 = readAxis2(f, e) }},
		{"carbon.xml", func(f *File, e xmlops.Element) { n.Carbon = readCarbon(f, e) }},
		{"tomcat/catalina-server.xml", func(f *File, e xmlops.Element) { n.Tomcat = readTomcat(f, e) }},
		{"registry.xml", func(f *File, e xmlops.Element) {
			n.Registry = readRegistry(f, e)
			n.SystemProperties = append(n.SystemProperties, systemProperties(f, e)...)
		}},
		{"user-mgt.xml", func(f *File, e xmlops.Element) {
			n.UserManagement = readUserManagement(f, e)
			n.SystemProperties = append(n.SystemProperties, systemProperties(f, e)...)
		}},
	} {
		errs = append(errs, n.read(h.ConfDir+"/"+file.path, file.read))
	}
	errs = append(errs, n.readDatasources(), n.readSSO(), n.readCipherText(), n.readStartScript())
	n.readInboundEndpoints()
	n.readKernel()
	return n, patch.JoinProblems(errs...)
}

// read reads an XML file, if it is there.
func (n *Node) read(name string, read func(*File, xmlops.Element)) error {
	if !n.lies(name) {
		return nil
	}
	src, doc, err := n.parse(name)
	if err != nil {
		return err
	}
	f := &File{Path: path.Clean(name), Source: src}
	n.Files = append(n.Files, f)
	read(f, doc.Root())
	n.Aliases = append(n.Aliases, readAliases(f, strings.TrimPrefix(f.Path, n.ConfDir+"/"), doc.Root())...)
	return nil
}

func (n *Node) readDatasources() error {
	var errs []error
	for _, short := range n.DatasourceFiles() {
		errs = append(errs, n.read(n.DatasourceFile(short), func(f *File, root xmlops.Element) {
			if short == MasterDatasources {
				n.Master = f
			}
			for _, d := range readDatasources(f, root) {
				n.Datasources = append(n.Datasources, d)
				n.SystemProperties = append(n.SystemProperties, systemProperties(f, d.configuration())...)
			}
			for _, p := range children(child(root, "providers"), "provider") {
				n.Providers = append(n.Providers, f.text(p, Place{}))
			}
		}))
	}
	err := patch.JoinProblems(errs...)
	n.AllDatasources = n.Master != nil && err == nil
	return err
}

// File is the one at a path that was read, nil where there is none.
func (n *Node) File(path string) *File {
	for _, f := range n.Files {
		if f.Path == path {
			return f
		}
	}
	return nil
}
