package profiles

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/patch/script"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Written is a place of a file that holds a value of a description.
type Written struct {
	Lo, Hi  int // half-open range of its bytes
	Setting string
	Value   Value
}

// Written finds where in a file of a home, which is as [Profile.Patch] wants it, the values of a node of that role stand. The path is slash-separated
// and relative to the home. A file that can't be read has none.
func (p *Profile) Written(role string, v Values, home *product.Home, path string) []Written {
	w := writing{sc: p.scopeIn(home, role, v), path: path}
	for _, f := range p.Files {
		if slices.Contains(f.paths(home), path) {
			w.file(home, f.Ops)
		}
	}
	for _, f := range p.features() {
		if f.written != nil {
			f.written(&w, home)
		}
	}
	return w.found
}

type writing struct {
	sc    scope
	path  string
	found []Written
}

func (w *writing) file(home *product.Home, ops []*Op) {
	if isJSON(w.path) {
		w.json(home, ops)
		return
	}
	doc, err := home.Document(w.path)
	if err != nil {
		return
	}
	for _, op := range ops {
		switch {
		case op.sel == nil || !op.when.holds(w.sc.role, w.sc.values):
		case op.each == "" || op.verb == xmlops.List:
			w.op(doc, op, w.sc)
		default:
			for _, item := range w.sc.values[op.each].Items {
				w.op(doc, op, w.sc.at(item))
			}
		}
	}
}

// at is the scope of an op that is repeated, at an item.
func (sc scope) at(item map[string]Value) scope {
	sc.item = item
	return sc
}

func (w *writing) op(doc *xmlops.Document, op *Op, sc scope) {
	sel, key, err := op.sel.expand(sc.lookup)
	if err != nil || key.state != given {
		return
	}
	switch op.verb {
	case xmlops.Set:
		w.values(doc.Find(sel), sc, *op.to, op.each)
	case xmlops.Ensure:
		for _, leaf := range op.leaves {
			w.leaf(doc, sel.String(), leaf, sc, op.each)
		}
	case xmlops.List:
		items := sc.values[op.each].Items
		for _, leaf := range op.leaves {
			for i, at := range product.Values(doc, sel.String()+leaf.way) { // each item has it, as the patch wants it
				if i < len(items) {
					w.value(at.Lo, at.Hi, sc.at(items[i]), leaf.value, op.each)
				}
			}
		}
	}
}

func (w *writing) leaf(doc *xmlops.Document, at string, leaf leaf, sc scope, each string) {
	way, err := parseTemplate(leaf.way)
	if err == nil {
		w.values(product.Values(doc, at+way.expand(sc.lookup).text.Reveal()), sc, leaf.value, each)
	}
}

// values keeps what was found for a template: its first reference is what is written there. Each is the setting that the fields belong to.
func (w *writing) values(found []xmlops.Value, sc scope, t template, each string) {
	for _, at := range found {
		w.value(at.Lo, at.Hi, sc, t, each)
	}
}

func (w *writing) value(lo, hi int, sc scope, t template, each string) {
	refs := t.refs()
	if len(refs) == 0 {
		return
	}
	setting, v, ok := refs[0].name, Value{}, false
	if refs[0].field {
		v, ok = sc.item[refs[0].name]
		setting = each
	} else {
		v, ok = sc.values[refs[0].name]
		ok = ok && sc.writes(sc.profile.Setting(refs[0].name))
	}
	if ok && v.hasText() {
		w.keep(lo, hi, setting, v)
	}
}

func (w *writing) keep(lo, hi int, setting string, v Value) {
	w.found = append(w.found, Written{Lo: lo, Hi: hi, Setting: setting, Value: v})
}

func (w *writing) json(home *product.Home, ops []*Op) {
	src, err := home.Read(w.path)
	if err != nil {
		return
	}
	for _, op := range ops {
		if v, found, _ := jsonops.Find(src, op.pointer); found {
			w.value(v.Lo, v.Hi, w.sc, *op.to, op.each)
		}
	}
}

// writtenDatasources finds the fields of datasources, and behind them each datasource as a whole for what else it holds: that stands for its JNDI name.
func writtenDatasources(w *writing, home *product.Home) {
	items := w.sc.datasourceItems()
	have, _ := home.Datasources()
	for _, d := range have {
		i := slices.IndexFunc(items, func(item map[string]Value) bool { return item[jndiField].Text.Reveal() == d.JNDI })
		if i < 0 || d.File.Path != w.path {
			continue
		}
		end := d.Hi
		for field, v := range items[i] {
			path := elementPath(field)
			if field == jndiField {
				path = "jndiConfig/name"
			}
			if at := d.Value(path); at.Given && v.hasText() {
				w.keep(at.Lo, at.Hi, datasourcesSetting, v)
				end = max(end, at.Hi)
			}
		}
		w.keep(d.Lo, end, datasourcesSetting, items[i][jndiField])
	}
}

// writtenOptions finds the options of the start script.
func writtenOptions(w *writing, home *product.Home) {
	src, err := home.Read(w.path)
	if err != nil || w.path != home.StartScript() {
		return
	}
	options, _ := script.Options(src)
	for _, o := range scriptOptions {
		v, ok := w.sc.written(o.setting)
		for _, at := range options {
			if ok && v.hasText() && at.Name == strings.TrimSuffix(o.Option, "=") {
				w.keep(at.Lo, at.Hi, o.setting, v)
			}
		}
	}
}
