package cluster

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/profiles"
)

// compile reads a schema, which must be one.
func compile(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("cluster.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("cluster.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// embeddedSchema is the schema for all embedded profiles.
func embeddedSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	var all []*profiles.Profile
	for _, name := range profiles.Names() {
		all = append(all, open(t, name))
	}
	return compile(t, Schema(all))
}

func validate(t *testing.T, schema *jsonschema.Schema, text string) error {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return schema.Validate(doc)
}

// All cluster files that the repository holds are valid.
func TestSchemaTakesExamples(t *testing.T) {
	t.Parallel()
	schema := embeddedSchema(t)
	var names []string
	for _, glob := range []string{"testdata/esb.yaml", "../../cmd/carbonpatch/demo/cluster.yaml", "../../examples/*.yaml"} {
		found, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	if len(names) < 2 {
		t.Errorf("there are only %q", names)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, schema, string(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Starters are valid for the schema of all profiles and for that of their own, as they are and with all that they comment out.
func TestSchemaTakesStarters(t *testing.T) {
	t.Parallel()
	schema := embeddedSchema(t)
	for _, name := range profiles.Names() {
		p := open(t, name)
		text := string(Starter(p, name))
		for _, text := range []string{text, uncomment(text)} {
			for _, schema := range []*jsonschema.Schema{schema, compile(t, Schema([]*profiles.Profile{p}))} {
				if err := validate(t, schema, text); err != nil {
					t.Errorf("%s: %v\n%s", name, err, text)
				}
			}
		}
	}
}

const schemaHead = "version: 1\nprofile: carbon\n"

// Every file here is right for Resolve, too, as far as it is whole.
func TestSchemaTakes(t *testing.T) {
	t.Parallel()
	schema := embeddedSchema(t)
	for name, text := range map[string]string{
		"nested and dotted": schemaHead + "settings: {aws: {region: r}, aws.tagKey: k, deploymentSynchronizer: {enabled: true, svnUrl: 'https://h/'}}\n",
		"sources":           schemaHead + "settings: {domain: 'env:D', localMemberPort: 'env:P', hostName: 'fact:hostname', groupPassword: 'file:/run/secret', mcastAddress: 'fact:ip:eth0', deploymentSynchronizer.enabled: 'env:E'}\n",
		"literal":           schemaHead + "settings: {hostName: 'literal:none', deploymentSynchronizer.svnUrl: 'file:///srv/svn'}\n",
		"none":              schemaHead + "settings: {subDomain: none, mcastTTL: none, parameters: none, members: none}\n",
		"numbers as text":   schemaHead + "settings: {domain: 1, portOffset: '1', mcastTTL: 255, parameters: {a: 1, b: true, c: x}, parameters.d: 2}\n",
		"reference":         schemaHead + "settings: {localMemberHost: '${carbon.local.ip}', portOffset: '${offset}'}\n",
		"members":           schemaHead + "settings: {members: [{host: 10.0.0.2-10, port: 4000}, {host: '2001:db8::1', port: '4001'}]}\n",
		"nodes":             schemaHead + "nodes: {a: {role: node, localMemberHost: 10.0.0.2}, b-1.x_y: {role: worker}}\nwellKnown: [a]\nroles: {worker: {portOffset: 1}, manager: }\nsettings:\n",
		"own profile":       "version: 1\nprofile: ./mine.yaml\nsettings: {any: thing}\n",
		"addition":          "settings: {groupPassword: 'env:P'}\n",
	} {
		if err := validate(t, schema, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	schema := embeddedSchema(t)
	own := compile(t, Schema([]*profiles.Profile{open(t, "carbon")}))
	for name, text := range map[string]string{
		"version":                  "version: 2\nprofile: carbon\n",
		"no version":               "profile: carbon\n",
		"unknown profile":          "version: 1\nprofile: carbn\n",
		"unknown part":             schemaHead + "setings: {}\n",
		"unknown setting":          schemaHead + "settings: {hostname: h}\n",
		"unknown in a group":       schemaHead + "settings: {aws: {hostName: h}}\n",
		"none in a field":          schemaHead + "settings: {datasources: [{jndi: jdbc/A, username: none}]}\n",
		"none as an item":          schemaHead + "settings: {proxy.nonProxyHosts: [none]}\n",
		"unknown in a role":        schemaHead + "roles: {worker: {hostname: h}}\n",
		"unknown in a node":        schemaHead + "nodes: {n: {role: node, hostname: h}}\n",
		"unknown role":             schemaHead + "nodes: {n: {role: nod}}\n",
		"unknown role in roles":    schemaHead + "roles: {wrker: {}}\n",
		"no role":                  schemaHead + "nodes: {n: {localMemberHost: 10.0.0.2}}\n",
		"nothing of a node":        schemaHead + "nodes: {n: }\n",
		"name of a node":           schemaHead + "nodes: {'a b': {role: node}}\n",
		"no value":                 schemaHead + "settings: {hostName: }\n",
		"group with a value":       schemaHead + "settings: {aws: true}\n",
		"list for a single value":  schemaHead + "settings: {hostName: [h]}\n",
		"port":                     schemaHead + "settings: {localMemberPort: 70000}\n",
		"port as text":             schemaHead + "settings: {localMemberPort: http}\n",
		"range":                    schemaHead + "settings: {mcastTTL: 256}\n",
		"below the range":          schemaHead + "settings: {portOffset: -1}\n",
		"no whole number":          schemaHead + "settings: {mcastTTL: 1.5}\n",
		"bool":                     schemaHead + "settings: {deploymentSynchronizer.enabled: maybe}\n",
		"host":                     schemaHead + "settings: {hostName: 'http://h'}\n",
		"half an address":          schemaHead + "settings: {hostName: 10.0.0}\n",
		"address":                  schemaHead + "settings: {mcastAddress: 10.0.0.256}\n",
		"URL":                      schemaHead + "settings: {deploymentSynchronizer.svnUrl: h/svn}\n",
		"word":                     schemaHead + "settings: {domain: a b}\n",
		"mask":                     schemaHead + "settings: {groupPassword: '********'}\n",
		"line break":               schemaHead + "settings: {groupPassword: \"a\\nb\"}\n",
		"relative file":            schemaHead + "settings: {groupPassword: 'file:secret'}\n",
		"unknown fact":             schemaHead + "settings: {groupPassword: 'fact:nosuch'}\n",
		"source without a name":    schemaHead + "settings: {groupPassword: 'env:'}\n",
		"required none":            schemaHead + "settings: {domain: none}\n",
		"members are no list":      schemaHead + "settings: {members: {host: h, port: 1}}\n",
		"item without a port":      schemaHead + "settings: {members: [{host: h}]}\n",
		"unknown field of an item": schemaHead + "settings: {members: [{host: h, port: 1, prt: 1}]}\n",
		"item twice":               schemaHead + "settings: {members: [{host: h, port: 1}, {port: 1, host: h}]}\n",
		"host of an item":          schemaHead + "settings: {members: [{host: 'h:1', port: 1}]}\n",
		"none in an item":          schemaHead + "settings: {members: [{host: h, port: none}]}\n",
		"map that is text":         schemaHead + "settings: {parameters: x}\n",
		"entry that is no text":    schemaHead + "settings: {parameters: {a: [b]}}\n",
		"well-known nodes no list": schemaHead + "wellKnown: n\n",
		"well-known node twice":    schemaHead + "wellKnown: [n, n]\n",
		"file that is no mapping":  "[]\n",
		"settings that are a list": schemaHead + "settings: [a]\n",
	} {
		if validate(t, schema, text) == nil {
			t.Errorf("%s is taken", name)
		}
		if name != "unknown profile" && validate(t, own, text) == nil {
			t.Errorf("%s is taken by the schema of the profile", name)
		}
	}
}

// Editors show what a setting means, whether it is secret, and its default.
func TestSchemaDescribes(t *testing.T) {
	t.Parallel()
	var schema struct {
		Defs map[string]struct {
			Description string
			Default     any
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema([]*profiles.Profile{open(t, "esb")}), &schema); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, description string
		value             any
	}{
		{"groupPassword", "The password that all members of the cluster share. Secret: give env:NAME or file:/path.", nil},
		{"deploymentSynchronizer.svnUrl", "The repository. It must be the same on all nodes. Required when deploymentSynchronizer.enabled is true and deploymentSynchronizer.repositoryType is svn.", nil},
		{"deploymentSynchronizer.autoCheckout", "Whether this node receives artifacts.", true},
		{"localMemberPort", "The port for cluster messages. The port offset does not change it. Under aws it must be the same on all nodes.", 4000.0},
	} {
		expect(t, tt.description, schema.Defs[tt.name].Description)
		if got := schema.Defs[tt.name].Default; got != tt.value {
			t.Errorf("the default of %s is %v, want %v", tt.name, got, tt.value)
		}
	}
}

// A profile of one's own has a schema, too.
func TestSchemaOfOwnProfile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "mine.yaml")
	write(t, file, `
profile: mine
settings:
  kind: {type: "enum [a, b]", required: true}
  heap: {type: size}
  count: {type: int 5..}
  hosts: {type: list of host}
  base: {type: "list keyed by name of {name word, user text required}"}
roles: {one: {}}
`)
	schema := compile(t, Schema([]*profiles.Profile{open(t, file)}))
	for text, want := range map[string]bool{
		"kind: a": true, "kind: c": false, "kind: none": false, "kind: env:KIND": true,
		"heap: 256m": true, "heap: 4G": true, "heap: 1000": false, "heap: '1000'": false, "heap: 256mb": false, "heap: 0": false,
		"count: 5": true, "count: 4": false,
		"hosts: [a, 10.0.0.1]": true, "hosts: [a b]": false, "hosts: a": false,
		"base: [{name: a}]": true, "base: [{user: a}]": false,
	} {
		if got := validate(t, schema, "version: 1\nprofile: ./mine.yaml\nsettings: {"+text+"}\n") == nil; got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}
