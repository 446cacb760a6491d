package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/txn"
)

// checked is main, but JSON that is not as the schema has it is an error.
func checked() {
	if !printsJSON(os.Args[1:]) {
		main()
	}
	out := &copied{}
	code := start(out)
	if err := validOutput(out.text.Bytes()); err != nil && !out.failed {
		fmt.Fprintf(os.Stderr, "not as the schema has it: %v\n%s", err, out.text.Bytes())
		code = -1
	}
	os.Exit(code)
}

// printsJSON reports whether JSON is asked for, of a verb that prints it.
func printsJSON(args []string) bool {
	if askedFormat(args) != "json" || len(args) == 0 || args[0] == completeVerb || slices.Contains(args, "--help") {
		return false
	}
	verb := newApp(newConsole(nil, nil, nil, nil)).Command(args[0])
	return verb == nil || strings.Contains(findFlag(verb.Flags, "format").GetUsage(), "json")
}

// copied is standard output, with what was written to it.
type copied struct {
	text   bytes.Buffer
	failed bool
}

func (c *copied) Write(p []byte) (int, error) {
	n, err := os.Stdout.Write(p)
	c.text.Write(p[:n])
	c.failed = c.failed || err != nil
	return n, err
}

// validOutput says what is wrong with text as JSON that the program prints.
func validOutput(text []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	schema, err := compileOutput("")
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// compileOutput compiles the schema of all output, or that of a definition in it.
func compileOutput(definition string) (*jsonschema.Schema, error) {
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(outputSchema))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	const name = "https://example.com/output.schema.json"
	if err := compiler.AddResource(name, parsed); err != nil {
		return nil, err
	}
	if definition != "" {
		return compiler.Compile(name + "#/$defs/" + definition)
	}
	return compiler.Compile(name)
}

// outputTypes are the types behind the definitions.
func outputTypes() map[string]any {
	return map[string]any{
		"plan": patch.PlanReport{}, "product": patch.ProductReport{}, "file": patch.FileReport{}, "change": patch.ChangeReport{}, "note": patch.NoteReport{},
		"verify": patch.VerifyReport{}, "drift": patch.Drift{}, "failure": patch.FailureReport{}, "error": patch.ErrorReport{},
		"lint": lintJSON{}, "finding": findingJSON{}, "place": locationJSON{}, "silenced": silencedJSON{}, "rule": ruleJSON{},
		"history": historyJSON{}, "run": runJSON{}, "clusterFile": txn.Source{}, "purge": purgeJSON{}, "inspect": inspectJSON{},
		"profiles": listJSON{}, "profile": profileJSON{}, "productRange": productRangeJSON{}, "source": sourceJSON{},
		"explain": explainJSON{}, "explanation": explanationJSON{}, "target": placeJSON{}, "version": versionJSON{},
	}
}

// outputDefinition is a definition of the schema, as far as it is looked at here.
type outputDefinition struct {
	Ref                  string `json:"$ref"`
	Description          string
	Type                 any
	Properties           map[string]outputDefinition
	Required             []string
	AdditionalProperties any
	Items                *outputDefinition
	Const                any
	Enum                 []string
	AnyOf, OneOf         []outputDefinition
	Defs                 map[string]outputDefinition `json:"$defs"`
}

func readOutputSchema(t *testing.T) outputDefinition {
	t.Helper()
	var root outputDefinition
	if err := json.Unmarshal([]byte(outputSchema), &root); err != nil {
		t.Fatal(err)
	}
	return root
}

// TestOutputSchemaIsStrict makes sure that each key is required and described, that there are no others, and that each definition is used.
func TestOutputSchemaIsStrict(t *testing.T) {
	t.Parallel()
	root := readOutputSchema(t)
	for name, d := range root.Defs {
		if d.Description == "" {
			t.Errorf("%s has no description", name)
		}
		if d.Properties == nil {
			continue
		}
		keys := slices.Sorted(maps.Keys(d.Properties))
		if diff := cmp.Diff(keys, slices.Sorted(slices.Values(d.Required))); diff != "" || d.AdditionalProperties != false || d.Type != "object" {
			t.Errorf("%s is not strict: %s", name, diff)
		}
		for key, p := range d.Properties {
			if !strings.HasSuffix(p.Description, ".") {
				t.Errorf("%s of %s has no description that is a sentence", key, name)
			}
		}
	}
	for name := range root.Defs {
		if !strings.Contains(outputSchema, fmt.Sprintf(`"$ref": "#/$defs/%s"`, name)) {
			t.Errorf("nothing refers to %s", name)
		}
	}
}

// TestOutputSchemaHasAllKeys holds the schema against the types that are printed, both ways.
func TestOutputSchemaHasAllKeys(t *testing.T) {
	t.Parallel()
	root, types := readOutputSchema(t), outputTypes()
	for name, d := range root.Defs {
		if d.Properties != nil && types[name] == nil && name != "secret" {
			t.Errorf("no type is behind %s", name)
		}
	}
	named := map[reflect.Type]string{}
	for name, value := range types {
		named[reflect.TypeOf(value)] = name
	}
	for name, value := range types {
		var keys []string
		of := reflect.TypeOf(value)
		for i := range of.NumField() {
			key, options, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			if key == "" || options != "" {
				t.Errorf("%s: %s may be left out", of, of.Field(i).Name)
			}
			keys = append(keys, key)
			checkKey(t, fmt.Sprintf("%s of %s", key, name), root.Defs[name].Properties[key], of.Field(i).Type, named)
		}
		slices.Sort(keys)
		if diff := cmp.Diff(keys, slices.Sorted(maps.Keys(root.Defs[name].Properties))); diff != "" {
			t.Errorf("%s: -type +schema\n%s", name, diff)
		}
	}
}

// checkKey holds what the schema says of a key against the type of its value.
func checkKey(t *testing.T, name string, d outputDefinition, of reflect.Type, named map[reflect.Type]string) {
	t.Helper()
	isNullable := of.Kind() == reflect.Pointer
	if isNullable {
		of = of.Elem()
	}
	for i := range d.AnyOf {
		if d.AnyOf[i].Ref != "" {
			d.Ref = d.AnyOf[i].Ref
		}
	}
	switch of.Kind() {
	case reflect.Struct:
		if d.Ref != "#/$defs/"+named[of] || named[of] == "" {
			t.Errorf("%s is a %s, and in the schema %q", name, of, d.Ref)
		}
	case reflect.Slice:
		if d.Type != "array" {
			t.Errorf("%s is a list, and in the schema %v", name, d.Type)
		} else if of.Elem().Kind() != reflect.Interface {
			checkKey(t, "an item of "+name, *d.Items, of.Elem(), named)
		}
	default:
		want := map[reflect.Kind]any{reflect.String: "string", reflect.Int: "integer", reflect.Bool: "boolean", reflect.Map: "object"}[of.Kind()]
		if isNullable {
			want = []any{want, "null"}
		}
		if d.Type != nil && !reflect.DeepEqual(d.Type, want) {
			t.Errorf("%s is a %s, and in the schema %v", name, of, d.Type)
		}
	}
}

// TestOutputSchemaRefuses makes sure that what is wrong in output is seen.
func TestOutputSchemaRefuses(t *testing.T) {
	t.Parallel()
	const change = `{"op":"set","name":"a","at":"/a","line":1,"before":%s,"after":"x","secret":%s}`
	const plan = `{"schema":1,"home":"/h","product":%s,"cluster":"","node":"","role":"","changed":true,"restart":false,"files":[{"path":"a","changed":true,"changes":[` + change + `]}],` +
		`"unchanged":0,"open":[],"notes":[],"manual":[],"findings":[],"diff":"","backup":%s}`
	right := fmt.Sprintf(plan, "null", `""`, "false", `"20260102T030405Z-0a0b"`)
	if err := validOutput([]byte(right)); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"nothing":                   "",
		"two objects":               right + right,
		"another object":            `{"schema":1}`,
		"no error":                  `{"schema":1,"errors":[]}`,
		"another version":           strings.Replace(right, `"schema":1`, `"schema":2`, 1),
		"an unknown key":            strings.Replace(right, `"diff"`, `"dif":1,"diff"`, 1),
		"a key is missing":          strings.Replace(right, `"diff":"",`, "", 1),
		"null for a list":           strings.Replace(right, `"open":[]`, `"open":null`, 1),
		"a value that is a secret":  fmt.Sprintf(plan, "null", `"canary"`, "true", "null"),
		"null that is no secret":    fmt.Sprintf(plan, "null", "null", "false", "null"),
		"an id that is none":        fmt.Sprintf(plan, "null", `""`, "false", `"x"`),
		"a product without version": fmt.Sprintf(plan, `{"name":"a","layout":"ei"}`, `""`, "false", "null"),
	} {
		if err := validOutput([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestOutputSchemaOfVerbs holds what each verb prints against its own definition, in a home that goes through all that can become of one. Besides,
// all JSON in the scripts of testdata is held against the schema; see [checked].
func TestOutputSchemaOfVerbs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	home, other := filepath.Join(dir, "home"), filepath.Join(dir, "other")
	if err := os.CopyFS(other, os.DirFS(home)); err != nil {
		t.Fatal(err)
	}
	wanted := []string{home, "-f", filepath.Join(dir, "cluster.yaml"), "--node", "manager"}
	axis2 := filepath.Join(home, "conf/axis2/axis2.xml")
	tests := []struct {
		definition string
		code       int
		args       []string
		has        string // a part of it, to be sure that it is about what is meant
	}{
		{"history", exitDone, []string{"history", home}, `"runs": []`},
		{"plan", exitDone, append([]string{"plan"}, wanted...), `"changed": true`},
		{"plan", exitLook, append([]string{"plan", "--phase", "image", "--detailed-exitcode"}, wanted...), `"localMemberHost"`},
		{"verify", exitLook, append([]string{"verify"}, wanted...), `"have": null`},
		{"verify", exitLook, append([]string{"verify", "--phase", "image"}, wanted...), `"localMemberHost"`},
		{"failure", exitUsage, append([]string{"apply"}, wanted...), "nobody can be asked"},
		{"plan", exitDone, append([]string{"apply", "--dry-run"}, wanted...), `"backup": null`},
		{"plan", exitDone, append([]string{"apply", "--yes"}, wanted...), `"backup": "2`},
		{"plan", exitDone, append([]string{"apply", "--yes"}, wanted...), `"changed": false`},
		{"verify", exitDone, append([]string{"verify"}, wanted...), `"inSync": true`},
		{"history", exitDone, []string{"history", home}, `"verb": "apply"`},
		{"inspect", exitDone, []string{"inspect", home}, `"secret": true`},
		{"lint", exitDone, []string{"lint", home}, `"findings"`},
		{"lint", exitLook, []string{"lint", home, other}, `"also"`},
		{"lint", exitDone, []string{"lint", other, "--disable", "mgt-hostname-missing"}, `"reason": "--disable"`},
		{"lint", exitDone, []string{"lint", "-f", filepath.Join(dir, "cluster.yaml")}, `"findings"`},
		{"plan", exitDone, []string{"rollback", home, "--yes"}, `"changed": true`},
		{"history", exitDone, []string{"history", home}, `"undone": true`},
		{"purge", exitDone, []string{"rollback", "--purge", "--yes", home}, `"dropped": [`},
		{"purge", exitDone, []string{"rollback", "--purge", "--yes", home}, `"dropped": []`},
		{"plan", exitDone, []string{"edit", axis2, "--dry-run", "--set", "/axisconfig/clustering/@enable=true"}, `"product": null`},
		{"plan", exitDone, []string{"edit", axis2, "--set", "/axisconfig/clustering/@enable=true"}, `"changed": true`},
		{"plan", exitDone, []string{"edit", axis2, "--set", "/axisconfig/clustering/@enable=true"}, `"changed": false`},
		{"rule", exitDone, []string{"lint", "--explain", "avoid-initiation-not-true"}, `"wrong"`},
		{"profiles", exitDone, []string{"profiles"}, `"esb"`},
		{"source", exitDone, []string{"profiles", "show", "esb"}, `"source"`},
		{"version", exitDone, []string{"version"}, `"arch"`},
		{"failure", exitUsage, []string{"nosuch"}, "unknown verb"},
		{"failure", exitFailed, append([]string{"plan", "--set", "hostName=a b", "--set", "nosuch=1"}, wanted...), "unknown setting"},
	}
	for _, name := range settingsOfAll(t) {
		tests = append(tests, struct {
			definition string
			code       int
			args       []string
			has        string
		}{"explain", exitDone, []string{"profiles", "explain", name}, `"explanations": [`})
	}
	schemas := map[string]*jsonschema.Schema{}
	for _, tt := range tests {
		var out, err bytes.Buffer
		code := run(context.Background(), append(tt.args, "--format", "json"), nil, &out, &err)
		if code != tt.code || !strings.Contains(out.String(), tt.has) {
			t.Errorf("%v: exit code %d, want %d; want %s in\n%s%s", tt.args, code, tt.code, tt.has, out.String(), err.String())
		}
		if schemas[tt.definition] == nil {
			schema, err := compileOutput(tt.definition)
			if err != nil {
				t.Fatal(err)
			}
			schemas[tt.definition] = schema
		}
		value, parseErr := jsonschema.UnmarshalJSON(&out)
		if parseErr != nil {
			t.Errorf("%v: %v", tt.args, parseErr)
		} else if err := schemas[tt.definition].Validate(value); err != nil {
			t.Errorf("%v: %v", tt.args, err)
		}
	}
	for _, d := range readOutputSchema(t).OneOf {
		if schemas[strings.TrimPrefix(d.Ref, "#/$defs/")] == nil {
			t.Errorf("nothing prints %s", d.Ref)
		}
	}
}

func settingsOfAll(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, p := range openAll(t) {
		names = append(names, p.SettingNames()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// outputReference lists the objects that are printed, and below them those in them, in the order of the schema.
func outputReference(t *testing.T) string {
	t.Helper()
	root := readOutputSchema(t)
	var names []string
	for _, d := range root.OneOf {
		names = append(names, strings.TrimPrefix(d.Ref, "#/$defs/"))
	}
	var b strings.Builder
	for i := 0; i < len(names); i++ {
		d := root.Defs[names[i]]
		if i == len(root.OneOf) {
			b.WriteString("\n### Parts\n\nThese stand in the objects above.\n")
		}
		level := "###"
		if i >= len(root.OneOf) {
			level = "####"
		}
		fmt.Fprintf(&b, "\n%s %s\n\n%s\n", level, names[i], d.Description)
		for _, name := range d.refers() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if d.Properties == nil {
			continue
		}
		b.WriteString("\n| Key | Value | Means |\n| --- | --- | --- |\n")
		for _, key := range d.Required {
			p := d.Properties[key]
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", key, p.valueText(), p.Description)
		}
	}
	return b.String() + "\n"
}

// refers are the definitions that d refers to, in the order of the schema.
func (d outputDefinition) refers() []string {
	var names []string
	if name, ok := strings.CutPrefix(d.Ref, "#/$defs/"); ok {
		names = append(names, name)
	}
	for _, key := range d.Required {
		names = append(names, d.Properties[key].refers()...)
	}
	for _, other := range append(d.AnyOf, d.within()...) {
		names = append(names, other.refers()...)
	}
	return names
}

// within are the definitions of the items of a list, or of the values of a map.
func (d outputDefinition) within() []outputDefinition {
	var all []outputDefinition
	if d.Items != nil {
		all = append(all, *d.Items)
	}
	if values, ok := d.AdditionalProperties.(map[string]any); ok {
		ref, _ := values["$ref"].(string)
		name, _ := values["type"].(string)
		all = append(all, outputDefinition{Ref: ref, Type: name})
	}
	return all
}

// valueText says what a value is.
func (d outputDefinition) valueText() string {
	if name, ok := strings.CutPrefix(d.Ref, "#/$defs/"); ok {
		return fmt.Sprintf("[%s](#%s)", name, slug(name))
	}
	var texts []string
	for _, other := range d.AnyOf {
		texts = append(texts, other.valueText())
	}
	switch {
	case texts != nil:
		return strings.Join(texts, " or ")
	case d.Const != nil:
		return fmt.Sprintf("`%v`", d.Const)
	case d.Enum != nil:
		return "`" + strings.Join(d.Enum, "`, `") + "`"
	}
	switch name := fmt.Sprint(d.Type); name {
	case "array":
		return "list of " + d.within()[0].valueText()
	case "object":
		return "map of " + d.within()[0].valueText()
	case "[string null]":
		return "string or null"
	default:
		return name
	}
}
