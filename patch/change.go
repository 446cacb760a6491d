package patch

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Change is what an operation does at one place of a file.
type Change struct {
	Kind    xmlops.ChangeKind
	Name    string // of the operation
	Setting string // that the operation writes; "" for a constant
	Where   string // as in the [About] of the operation
	// At is a selector that matches this place alone: in the result for what was added or revived, else in
	// the file as it was. That of a secret tells the place by positions where the file could tell more.
	At            string
	Line, Column  int         // 1-based, in the file as it was
	Before, After secret.Text // decoded; what of them may be shown, Values tells
	Secret        bool        // neither value may be shown
}

// title is what people know the change by.
func (c Change) title() string { return cmp.Or(c.Setting, c.Name, c.Label()) }

// Values returns Before and After as they may be shown: masked are secrets, and the user-info and passwords of URLs.
func (c Change) Values(show Visibility) (before, after string) {
	return c.value(c.Before, show), c.value(c.After, show)
}

func (c Change) value(t secret.Text, show Visibility) string {
	switch s := t.Reveal(); {
	case show == Shown || s == "":
		return s
	case c.Secret:
		return Mask
	default:
		return MaskURLs(s)
	}
}

// Label is Where, or else the short form of At for people: clustering/@enable, members/member[2], transportReceiver[http]/WSDLEPRPrefix.
// It has the last two steps, without the root, and of a predicate the value alone. The value of a property is the property.
func (c Change) Label() string {
	if c.Where != "" {
		return c.Where
	}
	steps := splitSteps(c.At)
	if n := len(steps); n > 1 && steps[n-1] == "@value" && namedStep.MatchString(steps[n-2]) {
		steps = steps[:n-1]
	}
	if len(steps) > 1 && !(len(steps) == 2 && strings.HasPrefix(steps[1], "@")) {
		steps = steps[1:]
	}
	steps = steps[max(0, len(steps)-2):]
	for i, step := range steps {
		steps[i] = stepLabel(step)
	}
	return strings.Join(steps, "/")
}

// splitSteps splits a selector at the slashes that stand outside of predicates.
func splitSteps(selector string) []string {
	var steps []string
	depth, quote, begin := 0, rune(0), 0
	for i, r := range selector {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == '[':
			depth++
		case r == ']':
			depth--
		case r == '/' && depth == 0:
			if i > begin {
				steps = append(steps, selector[begin:i])
			}
			begin = i + 1
		}
	}
	return append(steps, selector[begin:])
}

// namedStep is a parameter or property, which is known by its name: parameter[@name='domain'].
var namedStep = regexp.MustCompile(`^(?i:parameter|property)\[@name=(?:'([^']*)'|"([^"]*)")\]$`)

// comparison is a predicate that compares with a literal.
var comparison = regexp.MustCompile(`\[[^\]'"]*=(?:'([^']*)'|"([^"]*)")\]`)

func stepLabel(step string) string {
	if match := namedStep.FindStringSubmatch(step); match != nil {
		return match[1] + match[2]
	}
	return comparison.ReplaceAllString(step, "[$1$2]")
}
