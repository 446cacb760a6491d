package strictyaml

import "go.yaml.in/yaml/v3"

// Has reports whether the document is a mapping with one of the keys. It tells a file from one of another kind, of which nothing
// must be shown.
func (d *Document) Has(keys ...string) bool {
	if d.Root == nil || d.Root.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i < len(d.Root.Content); i += 2 {
		for _, key := range keys {
			if d.Root.Content[i].Value == key {
				return true
			}
		}
	}
	return false
}
