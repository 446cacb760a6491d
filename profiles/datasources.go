package profiles

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// The setting of this feature is a list keyed by JNDI name. The fields named here stand beside the configuration that the
// reader of the datasource takes; all others are elements of that, in the order of the fields.
const (
	datasourcesSetting = "datasources"

	jndiField        = "jndi"
	fileField        = "file" // where a new one goes: master, or what stands before -datasources.xml
	nameField        = "name"
	descriptionField = "description"
)

// datasourceNeeds are the fields without which no datasource works.
var datasourceNeeds = []string{nameField, "url", "driverClassName"}

// datasourceSelector finds a datasource in its file.
const datasourceSelector = "/datasources-configuration/datasources/datasource[jndiConfig/name='$(." + jndiField + ")']"

// datasourceFiles edits the datasources where the home has them, adds those that it doesn't have, and makes sure that all
// are there that other settings name.
func datasourceFiles(sc scope, home *product.Home) ([]patch.File, patch.Problems) {
	w := datasourceWriter{sc: sc, home: home, waits: map[string]bool{}}
	if v := sc.values[datasourcesSetting]; v.None {
		w.problem(v, "those that are not listed stay as they are", "%s can't be none", datasourcesSetting)
	}
	w.items = sc.datasourceItems()
	references := sc.datasourceReferences()
	if len(w.items)+len(references) == 0 {
		return nil, w.problems
	}
	have, err := sc.datasources()
	if unread := patch.Problems(nil); errors.As(err, &unread) {
		return nil, append(w.problems, unread...)
	}
	w.have, w.setting = have, sc.profile.Setting(datasourcesSetting)
	for _, item := range w.items {
		w.write(item)
	}
	w.checkNames()
	w.checkReferences(references)
	return w.files, w.problems
}

// datasourceItems are the items of the setting, if the role writes it.
func (sc scope) datasourceItems() []map[string]Value {
	v, ok := sc.written(datasourcesSetting)
	if !ok || sc.profile.Setting(datasourcesSetting).Type.Key != jndiField {
		return nil
	}
	return v.Items
}

// datasourceWriter collects what must hold in the files of datasources.
type datasourceWriter struct {
	sc       scope
	home     *product.Home
	setting  *Setting
	items    []map[string]Value
	have     []product.Datasource
	files    []patch.File
	waits    map[string]bool // the files that have a new datasource to come, so that others must not come before it
	problems patch.Problems
}

// problem adds a problem with a value that was given.
func (w *datasourceWriter) problem(v Value, hint, format string, args ...any) {
	w.problems = append(w.problems, v.Place.Problem(hint, format, args...))
}

// write makes what item says true, of the datasource that has its JNDI name or of a new one.
func (w *datasourceWriter) write(item map[string]Value) {
	jndi := item[jndiField]
	found := w.named(jndi.Text.Reveal())
	switch len(found) {
	case 0:
		w.add(item)
	case 1:
		if _, isNamed := item[fileField]; isNamed {
			w.fileFor(item) // it must be there, though the datasource is edited where it is
		}
		w.edit(item, found[0])
	default:
		w.ambiguous(jndi, "", found)
	}
}

// ambiguous tells that found, which are two or more, have the JNDI name v. What stands before the message.
func (w *datasourceWriter) ambiguous(v Value, what string, found []product.Datasource) {
	w.problem(v, "take away all but one; Carbon binds the name to the last of them", "%stwo datasources of the home have the JNDI name %s: %s and %s",
		what, v.Shown(), placeOf(found[0]), placeOf(found[1]))
}

// named are the datasources of the home with that JNDI name.
func (w *datasourceWriter) named(jndi string) []product.Datasource {
	var found []product.Datasource
	for _, d := range w.have {
		if d.JNDI == jndi {
			found = append(found, d)
		}
	}
	return found
}

func placeOf(d product.Datasource) string {
	return fmt.Sprintf("%s:%d", d.File.Path, d.Position().Line)
}

// edit sets what item says in a datasource, and nothing else of it.
func (w *datasourceWriter) edit(item map[string]Value, d product.Datasource) {
	if d.Type != product.RDBMS && d.Type != "" {
		w.problem(item[jndiField], "its configuration is for another reader; give the new one another JNDI name", "the datasource %s of %s is of type %s, not %s", d.JNDI, placeOf(d), d.Type, product.RDBMS)
		return
	}
	has := func(path string) bool { return d.Value(path).Given }
	jndi := d.JNDI
	if name := d.Value("jndiConfig/name"); name.Given {
		jndi = name.Text // blanks around it are left as they are: it is what this datasource is found by
	}
	var ops []patch.Op
	if d.Type == "" && !item[jndiField].Open {
		op := w.set(item[jndiField], jndi, "definition/@type")
		op.Value = product.RDBMS
		ops = append(ops, op)
	}
	for i, field := range w.setting.Type.Fields {
		v, ok := item[field.Name]
		path := elementPath(field.Name)
		if !ok || !v.hasText() && !v.Open || path == "" {
			continue
		}
		op := w.set(v, jndi, path)
		op.After, op.Waits = w.predecessor(i, item, has), v.Open
		ops = append(ops, op)
	}
	w.put(d.File.Path, ops)
}

// add writes a new datasource behind all others of its file.
func (w *datasourceWriter) add(item map[string]Value) {
	jndi := item[jndiField]
	file, ok := w.fileFor(item)
	for _, need := range datasourceNeeds {
		if v := item[need]; v.Text.Reveal() == "" && !v.Unread && !v.Open && !jndi.Open {
			ok = false
			w.problem(jndi, w.suggest(jndi.Text.Reveal(), "no datasource of the home has this JNDI name, so it is a new one"), "the new datasource %s has no %s", jndi.Shown(), need)
		}
	}
	if !ok {
		return
	}
	if isOpen := func(need string) bool { return item[need].Open }; w.waits[file] || jndi.Open || slices.ContainsFunc(datasourceNeeds, isOpen) {
		w.waits[file] = true
		return
	}
	ops := []patch.Op{{
		Op:    xmlops.Op{Verb: xmlops.Ensure, Select: w.at(jndi, jndi.Text.Reveal(), ""), Items: []*xmlops.Fragment{w.fragment(item)}},
		About: w.about(jndi, "datasource["+jndi.Text.Reveal()+"]"),
	}}
	for i, field := range w.setting.Type.Fields { // secrets have an operation of their own, so that the rest can be shown
		if v, ok := item[field.Name]; ok && v.Secret && v.hasText() && elementPath(field.Name) != "" {
			op := w.set(v, jndi.Text.Reveal(), elementPath(field.Name))
			op.After = w.predecessor(i, item, nil)
			ops = append(ops, op)
		}
	}
	w.put(file, ops)
}

// fileFor is the file that item names, or else the master, and reports whether the home has it.
func (w *datasourceWriter) fileFor(item map[string]Value) (string, bool) {
	short, known := product.MasterDatasources, w.home.DatasourceFiles()
	at := item[jndiField]
	switch v := item[fileField]; {
	case v.Unread, v.Open:
		return "", false
	case v.Text.Reveal() != "":
		short, at = v.Text.Reveal(), v
	}
	file := w.home.DatasourceFile(short)
	if slices.Contains(known, short) {
		return file, true
	}
	hint := strictyaml.Suggest(strings.TrimSuffix(short, product.DatasourceSuffix), known, "there are ")
	w.problem(at, hint, "the home has no %s for the datasource %s", file, item[jndiField].Shown())
	return file, false
}

// fragment is a new datasource without what is secret, in the order in which products ship it.
func (w *datasourceWriter) fragment(item map[string]Value) *xmlops.Fragment {
	leaf := func(name, text string) *xmlops.Fragment { return &xmlops.Fragment{Name: name, Text: text} }
	configuration := &xmlops.Fragment{Name: "configuration"}
	datasource := &xmlops.Fragment{Name: "datasource"}
	for _, field := range w.setting.Type.Fields {
		v, ok := item[field.Name]
		switch path := elementPath(field.Name); {
		case !ok || !v.hasText() || v.Secret || path == "":
		case path == field.Name:
			datasource.Children = append(datasource.Children, leaf(path, v.Text.Reveal()))
		default:
			configuration.Children = append(configuration.Children, leaf(field.Name, v.Text.Reveal()))
		}
	}
	datasource.Children = append(
		datasource.Children,
		&xmlops.Fragment{Name: "jndiConfig", Children: []*xmlops.Fragment{leaf("name", item[jndiField].Text.Reveal())}},
		&xmlops.Fragment{Name: "definition", Attrs: []xmlops.FragmentAttr{{Name: "type", Value: product.RDBMS}}, Children: []*xmlops.Fragment{configuration}},
	)
	return datasource
}

// elementPath is where a field stands in a datasource, or "" for one that says something else.
func elementPath(field string) string {
	switch field {
	case jndiField, fileField:
		return ""
	case nameField, descriptionField:
		return field
	}
	return product.ConfigurationPath + "/" + field
}

// predecessor is the field that element i goes behind: the last one before it beside it that item gives or that the home has. Without
// one it is nil.
func (w *datasourceWriter) predecessor(i int, item map[string]Value, has func(path string) bool) *xmlops.Step {
	fields := w.setting.Type.Fields
	folder := strings.TrimSuffix(elementPath(fields[i].Name), fields[i].Name)
	for i--; i >= 0; i-- {
		name := fields[i].Name
		path := elementPath(name)
		if v, ok := item[name]; path == folder+name && (ok && v.hasText() || has != nil && has(path)) {
			step, _ := xmlops.ParseStep(name) // without one the place is another, no more
			return step
		}
	}
	return nil
}

// set is the operation that writes v at path in the datasource of that JNDI name.
func (w *datasourceWriter) set(v Value, jndi, path string) patch.Op {
	leaf := path[strings.LastIndexByte(path, '/')+1:]
	return patch.Op{
		Op:    xmlops.Op{Verb: xmlops.Set, Select: w.at(v, jndi, "/"+path), Value: v.Text.Reveal(), Create: true},
		About: w.about(v, "datasource["+strings.TrimSpace(jndi)+"]/"+leaf),
	}
}

func (w *datasourceWriter) about(v Value, where string) patch.About {
	about := w.sc.about(w.setting)
	about.Name, about.Where = datasourcesSetting, where
	about.Secret = about.Secret || v.Secret
	about.Explicit = v.Origin == FromFlag
	return about
}

// at finds path in the datasource of that JNDI name, for the value v.
func (w *datasourceWriter) at(v Value, jndi, path string) xmlops.Selector {
	at, err := selectorWith(datasourceSelector+path, jndi)
	if err != nil {
		w.problem(v, "", "%v", err)
	}
	return at
}

func (w *datasourceWriter) put(file string, ops []patch.Op) {
	w.files = addFile(w.files, patch.File{Paths: []string{file}, Ops: ops})
}

// suggest is a hint about a JNDI name that the home doesn't have: the one that was probably meant, or else otherwise.
func (w *datasourceWriter) suggest(jndi, otherwise string) string {
	var names []string
	for _, d := range w.have {
		if d.JNDI != "" {
			names = append(names, d.JNDI)
		}
	}
	if near := product.NearestJNDI(jndi, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return otherwise
}

// datasourceNotes tell of datasources that are edited elsewhere than their items say, or have a JNDI name that is not found.
func datasourceNotes(sc scope, home *product.Home) []patch.Note {
	items := map[string]map[string]Value{}
	for _, item := range sc.datasourceItems() {
		items[item[jndiField].Text.Reveal()] = item
	}
	if len(items) == 0 {
		return nil
	}
	var notes []patch.Note
	have, _ := sc.datasources() // what can't be read is a problem already
	for _, d := range have {
		item, ok := items[d.JNDI]
		if !ok {
			continue
		}
		note := func(line int, text string) {
			notes = append(notes, patch.Note{File: d.File.Path, Line: line, Text: "the datasource " + d.JNDI + " " + text})
		}
		if short := item[fileField].Text.Reveal(); short != "" && home.DatasourceFile(short) != d.File.Path {
			note(d.Position().Line, "is edited here, where it is, not in "+home.DatasourceFile(short))
		}
		if name := d.Value("jndiConfig/name"); name.Text != d.JNDI {
			note(name.Position().Line, "has white space around its JNDI name, so that nothing finds it by that; take it away by hand")
		}
	}
	return notes
}
