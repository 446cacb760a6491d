package profiles

import (
	"path"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// inspectDatasources reads the datasources of a home that a description can speak of: for databases, with a JNDI name. A value
// that no description could hold is left out.
func inspectDatasources(in *inspection, home *product.Home) error {
	s := in.profile.Setting(datasourcesSetting)
	if s == nil || s.Type.Key != jndiField {
		return nil
	}
	have, err := home.Datasources()
	var items []map[string]Value
	var first product.Datasource
	for _, d := range have {
		if d.Type != product.RDBMS || s.Type.Field(jndiField).Type.Check(d.JNDI) != "" {
			continue
		}
		if items == nil {
			first = d
		}
		items = append(items, s.itemOf(d, home))
	}
	if items != nil {
		in.keep(s, first.File.Path, xmlops.Value{Position: first.Position(), At: first.Selector()}, Value{Items: items, Secret: s.Secret})
	}
	return err
}

// itemOf is d as an item of the setting.
func (s *Setting) itemOf(d product.Datasource, home *product.Home) map[string]Value {
	item := map[string]Value{jndiField: {Text: secret.New(d.JNDI)}}
	if d.File.Path != home.DatasourceFile(product.MasterDatasources) && s.Type.Field(fileField) != nil {
		item[fileField] = Value{Text: secret.New(strings.TrimSuffix(path.Base(d.File.Path), product.DatasourceSuffix))}
	}
	for _, field := range s.Type.Fields {
		path := elementPath(field.Name)
		if path == "" {
			continue
		}
		v := d.Value(path)
		text := v.Trim()
		switch {
		case v.Alias != "":
			item[field.Name] = Value{Secret: true, Kept: true}
		case v.Given && field.Type.Check(text) == "":
			item[field.Name] = Value{Text: secret.New(text), Secret: s.Secret || field.Secret}
		}
	}
	return item
}
