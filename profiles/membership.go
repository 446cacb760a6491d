package profiles

import (
	"bytes"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

const (
	schemeSetting      = "membershipScheme"
	schemeClassSetting = "membershipSchemeClassName"
	parametersSetting  = "parameters"

	axis2File          = "axis2/axis2.xml"
	parameterSelector  = "/axisconfig/clustering/parameter"
	schemeClassElement = parameterSelector + "[@name='membershipSchemeClassName']"
)

// leaveMembershipScheme takes away the parameters of a membership scheme that the home had and that isn't wanted any more. Those
// of the built-in ones are known to the profile; another scheme is told by its class, and its own are all that nobody else knows.
func leaveMembershipScheme(sc scope, home *product.Home) ([]patch.File, patch.Problems) {
	if v := sc.values[parametersSetting]; v.None {
		return nil, patch.Problems{v.Place.Problem("those that are not listed stay as they are", "%s can't be none", parametersSetting)}
	}
	scheme, ok := sc.written(schemeSetting)
	path := home.ConfDir + "/" + axis2File
	if !ok {
		return nil, nil
	}
	doc := documentHolding(home, path, schemeClassSetting) // most homes never had one
	if doc == nil {
		return nil, nil
	}
	had, class := product.FirstText(doc, schemeClassElement), sc.values[schemeClassSetting]
	mayKeep := class.Open || had == class.Text.Reveal() // built-in schemes have no class, whatever is given
	if had == "" || sc.values[parametersSetting].Open || mayKeep && !slices.Contains(product.MembershipSchemes, scheme.Text.Reveal()) {
		return nil, nil
	}
	file := patch.File{Paths: []string{path}}
	var problems patch.Problems
	for _, other := range sc.profile.otherParameters(doc) {
		if slices.Contains(product.ClusteringParameters, other.name) || sc.gives(other.name) {
			continue
		}
		at, err := selectorWith(parameterSelector+"[@name='$(.name)']", other.name)
		if err != nil {
			problems = append(problems, &patch.Problem{File: path, Line: other.Line, Column: other.Column, Message: err.Error()})
			continue
		}
		file.Ops = append(file.Ops, patch.Op{
			Op:    xmlops.Op{Verb: xmlops.Remove, Select: at, All: true},
			About: patch.About{Name: schemeSetting},
		})
	}
	return []patch.File{file}, problems
}

// documentHolding reads an XML file that holds a text; nil is one that doesn't, which need not be parsed, or can't be read, which is
// a problem of the operations in it.
func documentHolding(home *product.Home, path, text string) *xmlops.Document {
	src, err := home.Read(path)
	if err != nil || !bytes.Contains(src, []byte(text)) {
		return nil
	}
	doc, err := xmlops.Parse(src)
	if err != nil {
		return nil
	}
	return doc
}

// gives reports whether the description gives a clustering parameter of that name by the setting for all others.
func (sc scope) gives(name string) bool {
	return slices.ContainsFunc(sc.values[parametersSetting].Items, func(item map[string]Value) bool { return item[MapKey].Text.Reveal() == name })
}

// parameter is a live parameter of the clustering element.
type parameter struct {
	name string
	xmlops.Value
}

// liveParameters are all that have a name.
func liveParameters(doc *xmlops.Document) []parameter {
	var all []parameter
	for _, v := range product.Values(doc, parameterSelector+"[@name]") {
		all = append(all, parameter{product.Values(doc, v.At+"/@name")[0].Text, v})
	}
	return all
}

// otherParameters are those that are neither set by an operation of the profile nor left over from Tribes, each name once.
func (p *Profile) otherParameters(doc *xmlops.Document) []parameter {
	seen := append(p.setParameters(), product.TribesParameters...)
	var others []parameter
	for _, live := range liveParameters(doc) {
		if !slices.Contains(seen, live.name) {
			seen = append(seen, live.name)
			others = append(others, live)
		}
	}
	return others
}

// setParameters are the names of the clustering parameters that have a setting of their own.
func (p *Profile) setParameters() []string {
	var names []string
	for _, f := range p.Files {
		for _, op := range f.Ops {
			if op.sel == nil || op.verb != xmlops.Set {
				continue
			}
			name, isParameter := strings.CutPrefix(op.sel.String(), parameterSelector+"[@name='")
			if name, ok := strings.CutSuffix(name, "']"); ok && isParameter {
				names = append(names, name)
			}
		}
	}
	return names
}

// vaultNotes tell of clustering parameters that Carbon does not read from secure vault, though they name a secret there: of these it
// does so for the two keys of AWS only (AWSBasedMembershipScheme).
func vaultNotes(_ scope, home *product.Home) []patch.Note {
	path := home.ConfDir + "/" + axis2File
	doc := documentHolding(home, path, "secretAlias") // no product ships one
	if doc == nil {
		return nil
	}
	var notes []patch.Note
	for _, p := range liveParameters(doc) {
		if p.Kept && p.name != "accessKey" && p.name != "secretKey" {
			notes = append(notes, patch.Note{File: path, Line: p.Line, Text: p.name + " has svns:secretAlias, but Carbon does not read it from secure vault: the text of the element counts"})
		}
	}
	return notes
}

// inspectParameters reads the clustering parameters of a home that have no setting of their own. Those that all products ship, and
// those that hold elements, are left out.
func inspectParameters(in *inspection, home *product.Home) error {
	s, path := in.profile.Setting(parametersSetting), home.ConfDir+"/"+axis2File
	if s == nil || s.Type.Name != "map" || !home.Has(path) {
		return nil
	}
	doc, err := home.Document(path)
	if err != nil {
		return nil // it is reported with the operations in it
	}
	var items []map[string]Value
	var first xmlops.Value
	for _, p := range in.profile.otherParameters(doc) {
		text := strings.TrimSpace(p.Text)
		if p.name == "AvoidInitiation" || checkText(p.name) != "" || checkText(text) != "" || len(product.Values(doc, p.At+"/*")) > 0 {
			continue
		}
		if items == nil {
			first = p.Value
		}
		value := Value{Text: secret.New(text), Secret: s.Entry(p.name).Secret}
		if p.Kept {
			value = Value{Secret: true, Kept: true}
		}
		items = append(items, map[string]Value{MapKey: {Text: secret.New(p.name)}, MapValue: value})
	}
	if items != nil {
		in.keep(s, path, first, Value{Items: items, Secret: s.Secret})
	}
	return nil
}
