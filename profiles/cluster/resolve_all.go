package cluster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles"
)

// ResolveAll finds the settings of all nodes that the files list, on any machine: no source is read. The value of one, and that of a secret
// that is required and not given, which a home may have, is [profiles.Value.Assumed]. The error is as that of [Resolve]; with it come no nodes.
func ResolveAll(req Request) ([]*Node, error) {
	r := &resolver{Request: req, assumed: assumptions{}}
	var nodes []*Node
	c, flags := r.describe()
	if c != nil && len(c.members) == 0 {
		r.problem("list its nodes below nodes:, or name a HOME", "the description has no nodes")
	}
	if c != nil {
		for _, n := range c.members {
			nodes = append(nodes, r.node(c, n, flags))
		}
	}
	if req.Hide != nil {
		req.Hide(r.literalSecrets()...)
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return nodes, nil
}

// assumptions number the texts that stand for what is not known.
type assumptions map[string]int

// text is one that what p is for takes, where that has any form. The same source stands for the same text, but on each node for another one of
// what is known only there.
func (a assumptions) text(node string, p part, source string) string {
	key := source
	if p.setting.Phase == profiles.NodePhase && !p.secret() {
		key += " of " + node
	}
	number, ok := a[key]
	if !ok {
		number = len(a)
		a[key] = number
	}
	var texts []string
	if value := p.setting.Default(); p.field == nil && value != "" && !strings.Contains(value, "$(") {
		texts = append(texts, value)
	}
	texts = append(texts,
		fmt.Sprintf("198.18.%d.%d", number/250, number%250+1), // addresses that are for tests
		fmt.Sprintf("assumed-%d", number), fmt.Sprintf("http://assumed-%d.invalid", number), "4000", "1", "true", "512m",
	)
	texts = append(texts, p.valueType().Words...)
	i := slices.IndexFunc(texts, func(text string) bool { return p.valueType().Check(text) == "" })
	if i < 0 {
		return ""
	}
	return texts[i]
}
