package cluster

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/source"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// secretWords are what the names of secrets have in them here, besides what they have in files of the product: a key of a cluster file that
// is wrong is rather hidden too much.
var secretWords = []string{"pass", "pwd", "token", "credential"}

// hideByName keeps out of the source lines of errors what has a name like a secret, wherever it stands: what is written in
// the wrong place, or misspelled, is shown in an error. In a list that is what follows the name.
func hideByName(doc *strictyaml.Document, n *yaml.Node) {
	if n == nil {
		return
	}
	for i, child := range n.Content {
		isValue := n.Kind == yaml.MappingNode && i%2 == 1 || n.Kind == yaml.SequenceNode && i > 0
		if isValue && looksSecret(n.Content[i-1].Value) {
			hideSecret(doc, child)
			continue
		}
		hideByName(doc, child)
	}
}

func looksSecret(name string) bool {
	lower := strings.ToLower(name)
	if lint.Find(lint.Rules(), name) != nil { // as plaintext-password is
		return false
	}
	return xmlops.Sensitive(name) || slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(lower, word) })
}

// mayHoldPassword reports whether a text that was meant for a URL may have a password in it. Where it is no URL, nobody can tell where.
func mayHoldPassword(t profiles.Type, text string) bool {
	return t.Name == "url" && (strings.Contains(text, "@") || looksSecret(text))
}

// hideSecret hides the texts in n. Where a secret comes from may be shown.
func hideSecret(doc *strictyaml.Document, n *yaml.Node) {
	for _, child := range n.Content {
		hideSecret(doc, child)
	}
	if kind, _ := source.Split(n.Value); n.Kind == yaml.ScalarNode && kind == source.Literal {
		doc.Hide(n)
	}
}
