package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// The options of the module that are no flags of apply.
const (
	homeOption    = "home"
	contentOption = "cluster_content"
)

// internalPrefix begins the names of what Ansible adds to the options.
const internalPrefix = "_ansible_"

// ansibleOptions are the options of the module, as a file gives them.
type ansibleOptions struct {
	home    string
	flags   map[string][]string // of apply; several values where it takes several
	content string              // of a cluster file; "" where there is none
	check   bool                // nothing may be written
	diff    bool                // a diff is wanted

	problems patch.Problems
}

// changed says what became of the changes.
func (o *ansibleOptions) changed() string {
	if o.check {
		return "would change"
	}
	return "changed"
}

// ansibleFlags are the flags of apply that are options of the module: all but those that are up to Ansible.
func ansibleFlags() []cli.DocGenerationFlag {
	var flags []cli.DocGenerationFlag
	for _, f := range slices.Concat(wanted(), []cli.Flag{rootFlag(), lockTimeout(), noLint(), noBackup()}) {
		flags = append(flags, f.(cli.DocGenerationFlag))
	}
	return flags
}

// ansibleOptionNames are all options of the module.
func ansibleOptionNames() []string {
	names := []string{homeOption, contentOption}
	for _, f := range ansibleFlags() {
		names = append(names, optionName(f.Names()[0]))
	}
	return names
}

// readAnsibleOptions reads the file that Ansible writes. All that is wrong with it is reported together.
func readAnsibleOptions(text []byte) (*ansibleOptions, error) {
	if len(text) > strictyaml.MaxSize {
		return nil, patch.Problems{{Message: fmt.Sprintf("the options take more than %d KiB", strictyaml.MaxSize>>10)}}
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(text, &given); err != nil || given == nil {
		return nil, patch.Problems{{Message: "the options are no JSON object", Hint: "this verb is run by Ansible"}}
	}
	o := &ansibleOptions{flags: map[string][]string{}}
	known := ansibleOptionNames()
	for _, name := range slices.Sorted(maps.Keys(given)) {
		switch {
		case strings.HasPrefix(name, internalPrefix):
		case !slices.Contains(known, name):
			o.problem(strictyaml.Suggest(name, known, "known are "), "unknown option %q", name)
		}
	}
	o.check = o.internal(given, "check_mode")
	o.diff = o.internal(given, "diff")
	o.takeHome(option(given[homeOption]))
	for _, f := range ansibleFlags() {
		o.flag(f, option(given[optionName(f.Names()[0])]))
	}
	o.takeContent(given[contentOption])
	if hasNoValue(given["cluster"]) && hasNoValue(given[contentOption]) && hasNoValue(given["profile"]) {
		o.problem("give cluster, cluster_content or profile", "neither a cluster file nor a profile is given")
	}
	return o, o.problems.Err()
}

func (o *ansibleOptions) problem(hint, format string, args ...any) {
	o.problems = append(o.problems, &patch.Problem{Message: fmt.Sprintf(format, args...), Hint: hint})
}

// internal is a switch of Ansible itself.
func (o *ansibleOptions) internal(given map[string]json.RawMessage, name string) bool {
	switch on := option(given[internalPrefix+name]).(type) {
	case bool:
		return on
	case nil:
	default: // to take it for off could write what must not be written
		o.problem("", "%s%s is neither true nor false", internalPrefix, name)
	}
	return false
}

// option is the value of an option, numbers as they are written; nil where it is left out.
func option(text json.RawMessage) any {
	if text == nil {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		panic(err) // it is a part of what was read already
	}
	return value
}

// hasNoValue reports whether an option has no value, not even one in a list.
func hasNoValue(text json.RawMessage) bool {
	value := option(text)
	list, isList := value.([]any)
	return value == nil || isList && len(list) == 0
}

func (o *ansibleOptions) takeHome(value any) {
	if value == nil {
		o.problem("it is the folder of the unpacked product on the node", "home is missing")
		return
	}
	path, err := pathValue(homeOption, value)
	if err != nil {
		o.problems = append(o.problems, problemsOf(err)...)
	}
	o.home = path
}

// flag takes the value of an option for the flag of apply that has its name.
func (o *ansibleOptions) flag(f cli.DocGenerationFlag, value any) {
	switch _, isList := f.(*cli.StringSliceFlag); {
	case value == nil:
	case f.Names()[0] == "set":
		o.takeSet(value)
	case isList:
		items, several := value.([]any)
		if !several {
			items = []any{value}
		}
		for _, item := range items {
			o.add(f, item)
		}
	default:
		o.add(f, value)
	}
}

// add takes a value for a flag, or else tells what is wrong with it.
func (o *ansibleOptions) add(f cli.DocGenerationFlag, value any) {
	name := optionName(f.Names()[0])
	text, err := flagValue(f, name, value)
	if err == nil {
		err = checkValue(f, name, text)
	}
	if err != nil {
		o.problems = append(o.problems, problemsOf(err)...)
		return
	}
	o.give(f.Names()[0], text)
}

func (o *ansibleOptions) give(flag, value string) { o.flags[flag] = append(o.flags[flag], value) }

// flagValue is the value of an option as the flag takes it.
func flagValue(f cli.DocGenerationFlag, name string, value any) (string, error) {
	switch _, isSwitch := f.(*cli.BoolFlag); {
	case isSwitch:
		return truthValue(name, value)
	case name == "cluster" || name == "root":
		return pathValue(name, value)
	}
	return textValue(name, value)
}

// truthValue is a switch in any of the spellings of Ansible.
func truthValue(name string, value any) (string, error) {
	switch strings.ToLower(fmt.Sprint(value)) {
	case "true", "yes", "on", "y", "t", "1":
		return "true", nil
	case "false", "no", "off", "n", "f", "0":
		return "false", nil
	}
	return "", wrongUsage(name+" must be true or false", "yes and no, on and off are understood, too")
}

func textValue(name string, value any) (string, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case json.Number:
		return value.String(), nil
	}
	return "", wrongUsage(fmt.Sprintf("%s must be a text, not %s", name, kindOf(value)), "")
}

// pathValue is the path of a file or folder on the node. It must not depend on where Ansible happens to run the module.
func pathValue(name string, value any) (string, error) {
	path, err := textValue(name, value)
	if err == nil && !filepath.IsAbs(path) {
		return "", wrongUsage(fmt.Sprintf("%s must be an absolute path on the node, not %q", name, path), "")
	}
	return path, err
}

func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "a text"
	case json.Number:
		return "a number"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "a mapping"
	}
	return "nothing"
}

// takeSet takes settings with their values.
func (o *ansibleOptions) takeSet(value any) {
	settings, isMapping := value.(map[string]any)
	if !isMapping {
		o.problem("set: {SETTING: VALUE}", "set must be a mapping of settings, not %s", kindOf(value))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if name == "" || strings.Contains(name, "=") {
			o.problem("", "set: %q is no name of a setting", name)
			continue
		}
		o.give("set", name+"="+jsonText(settings[name]))
	}
}

// jsonText is a value in one line, with characters for what Ansible escapes.
func jsonText(value any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // it was read from JSON
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// takeContent takes what a cluster file would hold: its text, or a mapping.
func (o *ansibleOptions) takeContent(text json.RawMessage) {
	switch value := option(text).(type) {
	case nil:
		return
	case string:
		o.content = value
	case map[string]any:
		o.content = yamlText(text)
	default:
		o.problem("", "%s must be a text or a mapping, not %s", contentOption, kindOf(value))
		return
	}
	o.give("cluster", "-")
}

// yamlText is a mapping in JSON as people write it in YAML, its keys in their order: errors show its lines.
func yamlText(text json.RawMessage) string {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var b strings.Builder
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(yamlNode(decoder)); err != nil {
		panic(err) // it was read from JSON
	}
	return b.String()
}

// yamlNode is the next value of decoder.
func yamlNode(decoder *json.Decoder) *yaml.Node {
	token, err := decoder.Token()
	if err != nil {
		panic(err) // it is a part of what was read already
	}
	node := &yaml.Node{Kind: yaml.ScalarNode}
	switch token := token.(type) {
	case string:
		node.SetString(token)
	case json.Delim:
		node.Kind = yaml.SequenceNode
		if token == '{' {
			node.Kind = yaml.MappingNode
		}
		for decoder.More() {
			node.Content = append(node.Content, yamlNode(decoder))
		}
		_, _ = decoder.Token() // what ends it
	case nil:
		node.Value = "null"
	default:
		node.Value = fmt.Sprint(token)
	}
	return node
}
