package product

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Datasource is a live datasource of a home.
type Datasource struct {
	Place        // of its start tag
	Name  string // by which Carbon keeps it, once in all files; without the blanks around it, as the others here
	JNDI  string // by which other files refer to it, or ""
	Type  string // RDBMS, or that of another reader

	element xmlops.Element
}

// Setting is an element that a reader of datasources takes.
type Setting struct {
	Key string
	Value
}

// DatasourceSuffix ends the names of the files that Carbon reads datasources from.
const DatasourceSuffix = "-datasources.xml"

// MasterDatasources is the short name of the file that Carbon loads first.
const MasterDatasources = "master"

// DatasourceFile is the path of a file of datasources, which need not exist, for its short name: master or what stands before
// -datasources.xml. It is slash-separated and relative to the home.
func (h *Home) DatasourceFile(short string) string {
	return h.ConfDir + "/datasources/" + short + DatasourceSuffix
}

// DatasourceFiles are the short names of the files of datasources that the home has, in the order in which
// org.wso2.carbon.ndatasource.core.DataSourceManager loads them: the master, then all others, here sorted.
func (h *Home) DatasourceFiles() []string {
	var names []string
	for _, name := range h.Names(h.ConfDir + "/datasources") {
		short, ok := strings.CutSuffix(name, DatasourceSuffix)
		if !ok || !h.Has(h.DatasourceFile(short)) {
			continue
		}
		if short == MasterDatasources {
			names = slices.Insert(names, 0, short)
			continue
		}
		names = append(names, short)
	}
	return names
}

// Datasources reads the live datasources of all files, in the order in which Carbon loads them. The error is [patch.Problems]
// about files that can't be read; the datasources of the others are returned all the same.
func (h *Home) Datasources() ([]Datasource, error) {
	n := &Node{Home: h}
	err := n.readDatasources()
	return n.Datasources, err
}

// Datasource is the one that a JNDI name leads to: exactly of that name, of several the last (DataSourceRepository.java:260). It is nil
// where there is none.
func (n *Node) Datasource(jndi string) *Datasource {
	for i := len(n.Datasources) - 1; i >= 0; i-- {
		if name := n.Datasources[i].Value("jndiConfig/name"); name.Given && name.Text == jndi {
			return &n.Datasources[i]
		}
	}
	return nil
}

func readDatasources(f *File, root xmlops.Element) []Datasource {
	if root.Name() != "datasources-configuration" {
		return nil
	}
	var all []Datasource
	for _, e := range children(child(root, "datasources"), "datasource") {
		d := Datasource{Place: f.tag(e), element: e}
		d.Name, d.JNDI, d.Type = d.Value("name").Trim(), d.Value("jndiConfig/name").Trim(), d.Value("definition/@type").Trim()
		all = append(all, d)
	}
	return all
}

// ConfigurationPath is the way from a datasource to the elements that its reader takes.
const ConfigurationPath = "definition/configuration"

// Value is what stands at path, such as description, definition/@type or definition/configuration/url.
func (d *Datasource) Value(path string) Value {
	path, attribute, isAttribute := strings.Cut(path, "/@")
	e := descend(d.element, strings.Split(path, "/")...)
	if isAttribute && e.Exists() {
		return d.File.attribute(e, attribute)
	}
	return d.File.text(e, d.Place)
}

// Configuration is the value of a key of its configuration.
func (d *Datasource) Configuration(key string) Value { return d.Value(ConfigurationPath + "/" + key) }

// Settings are the elements of its configuration, in their order.
func (d *Datasource) Settings() []Setting {
	var all []Setting
	for _, e := range d.configuration().Children() {
		all = append(all, Setting{e.Name(), d.File.text(e, Place{})})
	}
	return all
}

func (d *Datasource) configuration() xmlops.Element {
	return descend(d.element, strings.Split(ConfigurationPath, "/")...)
}

// Selector matches the datasource alone in its file.
func (d *Datasource) Selector() string { return d.element.Selector() }
