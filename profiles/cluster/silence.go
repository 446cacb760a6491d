package cluster

import (
	"cmp"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// lintKey is the part of the file that is about lint.
const lintKey = "lint"

// Silence takes a rule of lint out of those that count.
type Silence struct{ Rule, Reason string }

// silence reads which rules the file silences. Those of later files win.
func (c *cluster) silence(f *file) {
	f.Fields(f.lint, lintKey, map[string]func(strictyaml.Entry){
		"silence": func(silence strictyaml.Entry) {
			for _, e := range f.Entries(silence.Value, "silence") {
				c.silenceRule(f, e)
			}
		},
	})
}

func (c *cluster) silenceRule(f *file, e strictyaml.Entry) {
	rule := e.Key.Value
	if lint.Find(lint.Rules(), rule) == nil {
		f.Errorf(e.Key, cmp.Or(f.Suggest(rule, ruleIDs(), ""), "docs/lint.md lists the rules"), "unknown rule %q", rule)
		return
	}
	reason, ok := f.Text(e.Value, "the reason to silence "+rule)
	reason = strings.TrimSpace(reason)
	if ok && reason == "" {
		f.Errorf(e.Value, "say why the rule does not count here", "%s is silenced without a reason", rule)
	}
	c.silenced = slices.DeleteFunc(c.silenced, func(s Silence) bool { return s.Rule == rule })
	c.silenced = append(c.silenced, Silence{rule, reason})
}

func ruleIDs() []string {
	var ids []string
	for _, r := range lint.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}
