package profiles

import (
	"slices"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/jsonops"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Found is a setting as a home has it now.
type Found struct {
	Setting      *Setting
	Value        Value
	File         string // slash-separated, relative to the home
	Line, Column int
	At           string // a selector for the place; of a list, for its first item
}

// Inspect reads the settings that a home has now, in the order of the profile. Those that it doesn't have are left out.
// The error is [patch.Problems] about files that can't be read; what the others hold is returned all the same.
func (p *Profile) Inspect(home *product.Home) ([]Found, error) {
	in := inspection{profile: p, found: map[string]Found{}}
	var errs []error
	for _, f := range p.Files {
		paths := f.paths(home)
		i := slices.IndexFunc(paths, home.Has)
		if i < 0 {
			continue
		}
		if isJSON(paths[i]) {
			errs = append(errs, in.json(home, paths[i], f))
			continue
		}
		doc, err := home.Document(paths[i])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		in.file(paths[i], doc, f)
	}
	for _, f := range p.features() {
		if f.inspect != nil {
			errs = append(errs, f.inspect(&in, home))
		}
	}
	var all []Found
	for _, s := range p.Settings {
		if f, ok := in.found[s.Name]; ok {
			all = append(all, f)
		}
	}
	return all, patch.JoinProblems(errs...)
}

type inspection struct {
	profile *Profile
	found   map[string]Found
}

func (in *inspection) file(path string, doc *xmlops.Document, f *File) {
	for _, op := range f.Ops {
		sel, ok := op.constantSelector()
		if !ok {
			continue
		}
		switch op.verb {
		case xmlops.Set:
			in.single(path, doc.Find(sel), *op.to)
		case xmlops.Ensure:
			for _, leaf := range op.leaves {
				in.single(path, product.Values(doc, sel.String()+leaf.way), leaf.value)
			}
		case xmlops.List:
			in.list(path, doc, sel, op)
		}
	}
}

// json reads what the ops of f write to a JSON file.
func (in *inspection) json(home *product.Home, path string, f *File) error {
	src, err := home.Read(path)
	if err != nil {
		return err
	}
	for _, op := range f.Ops {
		v, found, err := jsonops.Find(src, op.pointer)
		if err != nil {
			return product.Unreadable(path, err)
		}
		if found {
			in.single(path, []xmlops.Value{{Position: v.Position, At: op.pointer, Text: v.Text}}, *op.to)
		}
	}
	return nil
}

// constantSelector is the selector of op where it names no settings.
func (op *Op) constantSelector() (xmlops.Selector, bool) {
	if op.sel == nil || len(op.sel.refs()) > 0 {
		return xmlops.Selector{}, false
	}
	sel, _, err := op.sel.expand(func(part) result { return result{} })
	return sel, err == nil
}

// single keeps what was found for a value that is a setting and nothing else, or a setting within a constant text.
func (in *inspection) single(path string, values []xmlops.Value, t template) {
	if len(values) == 0 {
		return
	}
	name, text, ok := t.extract(values[0].Text)
	s := in.profile.Setting(name)
	if !ok || len(t.parts) > 1 && s.Type.Check(text) != "" {
		return
	}
	found := values[0]
	found.Text = text
	in.one(path, []xmlops.Value{found}, name)
}

// one keeps the first of values, if there is one, as that of a setting, if the profile has that.
func (in *inspection) one(path string, values []xmlops.Value, setting string) {
	if s := in.profile.Setting(setting); s != nil && len(values) > 0 {
		in.keep(s, path, values[0], Value{Text: secret.New(values[0].Text), Secret: s.Secret, Kept: values[0].Kept})
	}
}

// keep keeps the first place of a setting. Secure vault keeps it if it keeps all places.
func (in *inspection) keep(s *Setting, path string, at xmlops.Value, v Value) {
	found, ok := in.found[s.Name]
	if !ok {
		found = Found{Setting: s, Value: v, File: path, Line: at.Line, Column: at.Column, At: at.At}
	}
	found.Value.Kept = found.Value.Kept && v.Kept
	in.found[s.Name] = found
}

func (in *inspection) list(path string, doc *xmlops.Document, sel xmlops.Selector, op *Op) {
	items := doc.Find(sel)
	if len(items) == 0 {
		return
	}
	s := in.profile.Setting(op.each)
	v := Value{Secret: s.Secret}
	for _, item := range items {
		fields := map[string]Value{}
		for _, leaf := range op.leaves {
			found := product.Values(doc, item.At+leaf.way)
			if len(found) == 0 || len(leaf.value.parts) != 1 || !leaf.value.parts[0].field {
				continue
			}
			name := leaf.value.parts[0].name
			field := s.Type.Field(name)
			fields[name] = Value{Text: secret.New(found[0].Text), Secret: s.Secret || field != nil && field.Secret, Kept: found[0].Kept}
		}
		v.Items = append(v.Items, fields)
	}
	in.keep(s, path, items[0], v)
}
