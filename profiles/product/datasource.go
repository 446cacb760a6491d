package product

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Datasource is a live datasource of a home. Its texts are without blanks around them.
type Datasource struct {
	File string // slash-separated, relative to the home
	xmlops.Position
	At   string // a selector of it alone
	Name string // by which Carbon keeps it, once in all files
	JNDI string // by which other files refer to it, or ""
	Type string // RDBMS, or that of another reader

	doc *xmlops.Document
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
	entries, _ := os.ReadDir(filepath.Join(h.Dir, h.ConfDir, "datasources")) // a home without the folder has none
	var names []string
	for _, e := range entries {
		short, ok := strings.CutSuffix(e.Name(), DatasourceSuffix)
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
	var all []Datasource
	var errs []error
	for _, short := range h.DatasourceFiles() {
		file := h.DatasourceFile(short)
		doc, err := h.Document(file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for _, v := range Values(doc, "/datasources-configuration/datasources/datasource") {
			d := Datasource{File: file, Position: v.Position, At: v.At, doc: doc}
			d.Name, d.JNDI, d.Type = d.text("name"), d.text("jndiConfig/name"), d.text("definition/@type")
			all = append(all, d)
		}
	}
	return all, patch.JoinProblems(errs...)
}

// ConfigurationPath is the way from a datasource to the elements that its reader takes.
const ConfigurationPath = "definition/configuration"

// Value is what stands at path, such as description or definition/configuration/url, and reports whether it is there.
func (d *Datasource) Value(path string) (xmlops.Value, bool) {
	found := Values(d.doc, d.At+"/"+path)
	if len(found) == 0 {
		return xmlops.Value{}, false
	}
	return found[0], true
}

func (d *Datasource) text(path string) string {
	v, _ := d.Value(path)
	return strings.TrimSpace(v.Text)
}
