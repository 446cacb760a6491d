package main

import (
	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

type inspectJSON struct {
	Schema   int                  `json:"schema"`
	Home     string               `json:"home" redact:"never"`
	Product  *patch.ProductReport `json:"product"`
	Settings map[string]any       `json:"settings"`
}

func inspectReport(home *product.Home, found []profiles.Found) inspectJSON {
	settings := map[string]any{}
	for _, f := range found {
		settings[f.Setting.Name] = settingJSON(f.Setting.Type, f.Value)
	}
	return inspectJSON{Schema: 1, Home: home.Dir, Product: productReport(home), Settings: settings}
}

// settingJSON is a value in the form that it has in a cluster file.
func settingJSON(t profiles.Type, v profiles.Value) any {
	if t.Single() || v.Secret {
		return textJSON(v)
	}
	entries, items := map[string]any{}, []any{}
	for _, item := range v.Items {
		switch {
		case t.Name == "map":
			entries[item[profiles.MapKey].Shown()] = textJSON(item[profiles.MapValue])
		case t.Bare:
			items = append(items, textJSON(item[t.Fields[0].Name]))
		default:
			fields := map[string]any{}
			for name, field := range item {
				fields[name] = textJSON(field)
			}
			items = append(items, fields)
		}
	}
	if t.Name == "map" {
		return entries
	}
	return items
}

// textJSON is a single value, or an object that says that it is secret.
func textJSON(v profiles.Value) any {
	if v.Secret {
		return map[string]bool{"secret": true}
	}
	return v.Shown()
}
