package cluster

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles"
)

// Schema is the JSON Schema (draft 2020-12) of the cluster files for some profiles; a file chooses one of them by its
// profile. Where there is only one, it holds for every file. What a schema can't tell, such as the sense of a range, is left to [Resolve].
func Schema(all []*profiles.Profile) []byte {
	b := schemaWriter{defs: object{}}
	b.defineTexts()
	schema := object{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "Cluster file of carbonpatch",
		"description":          "One description of a cluster. Applied on every node, it gives every node its own edits. A file that only adds to another one needs neither version nor profile.",
		"type":                 "object",
		"properties":           topProperties(all),
		"additionalProperties": false,
		"dependentRequired":    object{"profile": []string{"version"}},
		"$defs":                b.defs,
	}
	if len(all) == 1 {
		for name, part := range b.parts(all[0]) {
			maps.Copy(schema["properties"].(object)[name].(object), part.(object))
		}
	} else {
		schema["allOf"] = b.choices(all)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema); err != nil {
		panic(err) // all that it is made of can be encoded
	}
	return out.Bytes()
}

// object is a JSON object; it is written with its names sorted.
type object = map[string]any

// topProperties are the parts of a cluster file, as far as they do not depend on the profile.
func topProperties(all []*profiles.Profile) object {
	profile := object{"description": "The profile: an embedded one, or the path of a file of one's own, from the folder of this file.", "type": "string"}
	if len(all) == 1 {
		profile["examples"] = []string{all[0].Name}
	} else {
		choices := []object{{"type": "string", "pattern": `[/\\]|\.ya?ml$`, "description": "A file of one's own. carbonpatch schema --profile FILE prints the schema for it."}}
		for _, p := range all {
			choices = append(choices, object{"const": p.Name, "description": p.Title})
		}
		profile["anyOf"] = choices
	}
	return object{
		"version": object{"description": "The version of the format.", "enum": []any{formatVersion, strconv.Itoa(formatVersion)}},
		"name":    object{"description": "What reports call the cluster.", "type": []string{"string", "number", "boolean"}},
		"profile": profile,
		"settings": object{
			"description": "Values for all nodes.", "type": []string{"object", "null"},
		},
		"roles": object{"description": "Values for the nodes of one role, by the name of the role. They win over settings.", "type": []string{"object", "null"}},
		"nodes": object{"description": "The nodes by name, each with its role and its own values, which win over those of its role.", "type": []string{"object", "null"}},
		"wellKnown": object{
			"description": "The names of the nodes that the others know from the start: under wka the members of their domain. Left out, all nodes are.",
			"type":        "array", "items": object{"type": []string{"string", "number", "boolean"}}, "uniqueItems": true,
		},
		lintKey: lintSchema(),
	}
}

func lintSchema() object {
	silence := object{
		"description": "Rules whose findings do not count, each with the reason.", "type": []string{"object", "null"},
		"propertyNames":        object{"enum": ruleIDs()},
		"additionalProperties": object{"type": []string{"string", "number", "boolean"}, "pattern": `\S`},
	}
	return object{
		"description": "What carbonpatch lint, plan and apply make of their findings.", "type": []string{"object", "null"},
		"properties": object{"silence": silence}, "additionalProperties": false,
	}
}

// schemaWriter collects definitions.
type schemaWriter struct{ defs object }

// define keeps schema under a name and returns what refers to it. What is defined alike for several profiles is defined once.
func (b *schemaWriter) define(name, profile string, schema object) object {
	if other, ok := b.defs[name]; ok && !sameJSON(other, schema) {
		name = profile + ":" + name
	}
	b.defs[name] = schema
	return refer(name)
}

// refer is what stands for a definition. No name holds what a reference would have to escape.
func refer(name string) object {
	return object{"$ref": "#/$defs/" + name}
}

func sameJSON(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return bytes.Equal(x, y)
}

// choices say what holds in a file for each profile.
func (b *schemaWriter) choices(all []*profiles.Profile) []object {
	var choices []object
	for _, p := range all {
		choices = append(choices, object{
			"if":   object{"properties": object{"profile": object{"const": p.Name}}, "required": []string{"profile"}},
			"then": object{"properties": b.parts(p)},
		})
	}
	return choices
}

// parts are the parts of a cluster file that depend on the profile.
func (b *schemaWriter) parts(p *profiles.Profile) object {
	settings := b.settings(p, p.Settings, "")
	node := b.settings(p, p.Settings, "")
	node["properties"].(object)["role"] = object{"description": "The part that the node plays.", "enum": p.RoleNames()}
	node["required"] = []string{"role"}
	node["type"] = "object"
	roles := object{}
	values := b.define("@settings", p.Name, settings)
	for _, role := range p.Roles {
		roles[role.Name] = values
	}
	return object{
		"settings": values,
		"roles":    object{"type": []string{"object", "null"}, "properties": roles, "additionalProperties": false},
		"nodes": object{
			"type": []string{"object", "null"}, "propertyNames": object{"pattern": memberName.String()},
			"additionalProperties": b.define("@node", p.Name, node),
		},
	}
}

// settings are the settings of a group, whose names begin with prefix: each by its name, and the groups in it.
func (b *schemaWriter) settings(p *profiles.Profile, group []*profiles.Setting, prefix string) object {
	properties, patterns, inner := object{}, object{}, map[string][]*profiles.Setting{}
	for _, s := range group {
		name := strings.TrimPrefix(s.Name, prefix)
		properties[name] = b.setting(p, s)
		if s.Type.Name == "map" {
			patterns["^"+regexp.QuoteMeta(name)+`\..`] = b.entry(s)
		}
		if sub, _, ok := strings.Cut(name, "."); ok {
			inner[sub] = append(inner[sub], s)
		}
	}
	for sub, settings := range inner {
		properties[sub] = b.settings(p, settings, prefix+sub+".")
	}
	schema := object{"type": []string{"object", "null"}, "properties": properties, "additionalProperties": false}
	if len(patterns) > 0 {
		schema["patternProperties"] = patterns
	}
	return schema
}

// setting is the schema of the value of s.
func (b *schemaWriter) setting(p *profiles.Profile, s *profiles.Setting) object {
	var schema object
	switch s.Type.Name {
	case "list":
		schema = object{"anyOf": b.orNone(s, b.list(s))}
	case "map":
		entries := object{"type": []string{"object", "null"}, "additionalProperties": b.entry(s)}
		schema = object{"anyOf": b.orNone(s, entries)}
	default:
		schema = b.value(s.Type, s.MayBeNone())
	}
	schema["description"] = settingText(s)
	if value := s.Default(); value != "" && !strings.Contains(value, "$(") {
		schema["default"] = typed(s.Type, value)
	}
	return b.define(s.Name, p.Name, schema)
}

func (b *schemaWriter) orNone(s *profiles.Setting, schema object) []object {
	if s.MayBeNone() {
		return []object{schema, refer("none")}
	}
	return []object{schema}
}

// settingText is what an editor shows of a setting.
func settingText(s *profiles.Setting) string {
	text := s.Doc
	if s.Secret {
		text += " Secret: give env:NAME or file:/path."
	}
	if value := s.Default(); strings.Contains(value, "$(") {
		text += " By default " + value + "."
	}
	if required := s.Required(); required != "" {
		text += " Required " + required + "."
	}
	return strings.TrimSpace(text)
}

// typed is a value of a type as JSON has it.
func typed(t profiles.Type, value string) any {
	switch n, err := strconv.Atoi(value); {
	case (t.Name == "int" || t.Name == "port") && err == nil:
		return n
	case t.Name == "bool":
		return value == "true"
	}
	return value
}

func (b *schemaWriter) list(s *profiles.Setting) object {
	list := object{"type": "array", "uniqueItems": true}
	if s.Type.Bare {
		list["items"] = b.value(s.Type.Fields[0].Type, false)
		return list
	}
	fields, required := object{}, []string{}
	for _, f := range s.Type.Fields {
		fields[f.Name] = b.value(f.Type, false)
		if f.Name == s.Type.Key || f.Required && s.Type.Key == "" {
			required = append(required, f.Name)
		}
	}
	list["items"] = object{"type": "object", "properties": fields, "required": required, "additionalProperties": false}
	return list
}

// entry is the value of an entry of a map.
func (b *schemaWriter) entry(s *profiles.Setting) object {
	return b.value(s.Entry("key").Type, s.MayBeNone())
}
