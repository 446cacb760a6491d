package cluster

import (
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// Names are what cluster files name.
type Names struct {
	Profile string // as [profiles.Open] takes it; "" where none is named
	Nodes   []NodeName
}

// NodeName is the name of a node, with its role as it is written.
type NodeName struct{ Name, Role string }

// ReadNames reads the names in cluster files as far as that goes: one who types a command wants no errors of a file that is half-written.
func ReadNames(files []Source) Names {
	var names Names
	for _, source := range files {
		if doc, err := strictyaml.Parse(source.Name, source.Data); err == nil {
			names.read(doc)
		}
	}
	return names
}

func (n *Names) read(doc *strictyaml.Document) {
	for _, e := range doc.Entries(doc.Root, "") {
		switch e.Key.Value {
		case "profile":
			n.Profile = fromFolder(doc.Name, e.Value.Value)
		case "nodes":
			for _, node := range doc.Entries(e.Value, "") {
				n.add(doc, node.Key.Value, node.Value)
			}
		}
	}
}

func (n *Names) add(doc *strictyaml.Document, name string, node *yaml.Node) {
	if !memberName.MatchString(name) {
		return
	}
	role := ""
	for _, e := range doc.Entries(node, "") {
		if e.Key.Value == "role" {
			role = e.Value.Value
		}
	}
	for i := range n.Nodes {
		if n.Nodes[i].Name == name {
			if role != "" {
				n.Nodes[i].Role = role
			}
			return
		}
	}
	n.Nodes = append(n.Nodes, NodeName{name, role})
}

// fromFolder is the name of a profile as it is opened: a path in a cluster file is relative to that file.
func fromFolder(file, profile string) string {
	if profiles.IsFile(profile) && !filepath.IsAbs(profile) && file != "-" {
		return filepath.Join(filepath.Dir(file), profile)
	}
	return profile
}
