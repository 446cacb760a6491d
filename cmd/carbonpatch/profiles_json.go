package main

import "github.com/carbonpatch/carbonpatch/profiles"

type listJSON struct {
	Schema   int           `json:"schema"`
	Profiles []profileJSON `json:"profiles"`
}

type profileJSON struct {
	Name     string             `json:"name"`
	Title    string             `json:"title"`
	Roles    []string           `json:"roles"`
	Products []productRangeJSON `json:"products"` // none is any
}

type productRangeJSON struct {
	ServerKey string `json:"serverKey"`
	Versions  string `json:"versions"`
}

func listReport(all []*profiles.Profile) listJSON {
	report := listJSON{Schema: 1, Profiles: []profileJSON{}}
	for _, p := range all {
		products := []productRangeJSON{}
		for _, product := range p.Products {
			products = append(products, productRangeJSON{product.ServerKey, product.Versions.String()})
		}
		report.Profiles = append(report.Profiles, profileJSON{p.Name, p.Title, p.RoleNames(), products})
	}
	return report
}

// sourceJSON is a profile as it is written.
type sourceJSON struct {
	Schema  int    `json:"schema"`
	Profile string `json:"profile"`
	Source  string `json:"source"` // YAML
}

type explainJSON struct {
	Schema       int               `json:"schema"`
	Setting      string            `json:"setting"`
	Explanations []explanationJSON `json:"explanations"`
}

type explanationJSON struct {
	Profiles  []string          `json:"profiles"` // that say the same
	Meaning   string            `json:"meaning"`
	Type      string            `json:"type"`
	Secret    bool              `json:"secret"`
	Required  string            `json:"required"` // in words; "" is never
	Default   string            `json:"default"`
	Roles     map[string]string `json:"roles"` // values that roles bring with them
	WrittenBy []string          `json:"writtenBy"`
	WrittenTo []placeJSON       `json:"writtenTo"`
	Phase     string            `json:"phase"`
	Guide     string            `json:"guide"`
	Carbon    string            `json:"carbon"` // what it does
	Restart   bool              `json:"restart"`
}

type placeJSON struct {
	File string `json:"file"`
	At   string `json:"at"`
	When string `json:"when"` // in words; "" is always
}

func explainReport(setting string, found []explained) explainJSON {
	report := explainJSON{Schema: 1, Setting: setting, Explanations: []explanationJSON{}}
	for _, e := range found {
		s := e.Setting
		explanation := explanationJSON{
			Profiles: e.profiles, Meaning: s.Doc, Type: s.Type.String(), Secret: s.Secret, Required: s.Required(), Default: s.Default(),
			Roles: map[string]string{}, WrittenBy: append([]string{}, e.Roles...), WrittenTo: []placeJSON{}, Phase: s.Phase,
			Guide: s.Guide, Carbon: s.Carbon, Restart: true,
		}
		for _, v := range e.Values {
			explanation.Roles[v.Role] = v.Text
		}
		for _, place := range e.Places {
			explanation.WrittenTo = append(explanation.WrittenTo, placeJSON{File: place.File, At: place.Selector, When: place.When})
		}
		report.Explanations = append(report.Explanations, explanation)
	}
	return report
}
