package lint

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Finding is something that a rule found.
type Finding struct {
	Rule     *Rule
	Severity Severity
	Node     *Node         // whose file it is in
	Place    product.Place // in that file
	Others   []Other       // further places that it is about
	Message  string        // secrets masked
	Then     string
	Hint     string
}

// Other is a further place of a finding.
type Other struct {
	Node  *Node
	Place product.Place
}

// reporter takes what the check of a rule finds.
type reporter struct {
	rule  *Rule
	found []*Finding
}

// at reports a finding at a place in a file of a node, with the arguments of the rule's message: [product.Value], whose text is shown
// unless it is a secret, or anything else, which must be none.
func (r *reporter) at(n *Node, place product.Place, args ...any) *Finding {
	return r.say(n, place, r.rule.Message, args...)
}

// say reports a finding with another message than the rule has.
func (r *reporter) say(n *Node, place product.Place, message string, args ...any) *Finding {
	f := &Finding{Rule: r.rule, Severity: r.rule.Severity, Node: n, Place: place, Message: fill(message, args), Then: r.rule.Then, Hint: r.rule.Fix}
	r.found = append(r.found, f)
	return f
}

// as gives the finding another severity.
func (f *Finding) as(s Severity) *Finding {
	f.Severity = s
	return f
}

// say gives the finding another message.
func (f *Finding) say(message string, args ...any) *Finding {
	f.Message = fill(message, args)
	return f
}

// then says what else comes of it than the rule does.
func (f *Finding) then(text string, args ...any) *Finding {
	f.Then = fill(text, args)
	return f
}

// fix says what else to do than the rule does.
func (f *Finding) fix(text string, args ...any) *Finding {
	f.Hint = fill(text, args)
	return f
}

// mostKnown is among how many names one that was meant is looked for: in a file that somebody has made huge, that would take long.
const mostKnown = 1000

// meant puts a suggestion before what to do, where word is nearly one of known.
func (f *Finding) meant(word string, known []string) *Finding {
	if len(known) > mostKnown {
		return f
	}
	if i := xmlops.Nearest(word, known); i >= 0 && known[i] != word {
		f.Hint = fmt.Sprintf("did you mean %q? %s", known[i], f.Hint)
	}
	return f
}

// with adds a further place that the finding is about.
func (f *Finding) with(n *Node, place product.Place) *Finding {
	f.Others = append(f.Others, Other{n, place})
	return f
}

var hole = regexp.MustCompile(`\{\w+\}`)

// fill puts args in the place of the words in braces. Too few or too many are a mistake of ours.
func fill(message string, args []any) string {
	i := 0
	text := hole.ReplaceAllStringFunc(message, func(string) string {
		i++
		return show(args[i-1])
	})
	if i != len(args) {
		panic(fmt.Sprintf("lint: %d arguments for %q", len(args), message))
	}
	return text
}

// maxShown is how much of a value a message quotes, in characters.
const maxShown = 120

// show is an argument as a message has it: in one line, without secrets.
func show(arg any) string {
	text := fmt.Sprint(arg)
	if v, ok := arg.(product.Value); ok {
		text = v.Text
		if v.Secret() {
			return patch.Mask
		}
	}
	text = patch.MaskURLs(text)
	if runes := []rune(text); len(runes) > maxShown {
		text = string(runes[:maxShown]) + "..."
	}
	quoted := strconv.QuoteToGraphic(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// sortFindings sorts by node, in their order, then by place, then the worst first.
func sortFindings(all []*Finding, nodes []*Node) {
	index := map[*Node]int{}
	for i, n := range nodes {
		index[n] = i
	}
	slices.SortStableFunc(all, func(a, b *Finding) int {
		return cmp.Or(cmp.Compare(index[a.Node], index[b.Node]), a.Place.Compare(b.Place), cmp.Compare(b.Severity, a.Severity), cmp.Compare(a.Rule.ID, b.Rule.ID))
	})
}
