package profiles

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// condition is what must hold of settings and of the role: all clauses.
type condition []clause

// clause is what must hold of one setting, or of the role.
type clause struct {
	name string
	test string   // set or unset; "" where words decide
	any  []string // it is one of these
	not  []string // it is none of these
}

// roleWord is the name by which conditions speak of the role.
const roleWord = "role"

// holds reports whether c holds. A setting without a value, or with the value none, is unset, and so is none of any words.
// Of one that could not be read, no more is known than that it is set; of one that is open, nothing.
func (c condition) holds(role string, v Values) bool {
	return !slices.ContainsFunc(c, func(cl clause) bool { return v[cl.name].Open || !cl.holds(role, v) })
}

// unmet are the clauses of c that don't hold, whatever becomes of what is open.
func (c condition) unmet(role string, v Values) condition {
	var failed condition
	for _, cl := range c {
		if !v[cl.name].Open && !cl.holds(role, v) {
			failed = append(failed, cl)
		}
	}
	return failed
}

func (cl clause) holds(role string, v Values) bool {
	value, isSet := v[cl.name]
	text := value.Text.Reveal()
	if cl.name == roleWord {
		text, isSet = role, true
	}
	if value.None {
		text, isSet = None, false
	}
	if value.Unread && cl.test == "" {
		return false
	}
	switch {
	case cl.test == "set":
		return isSet
	case cl.test == "unset":
		return !isSet
	case len(cl.not) > 0:
		return !slices.Contains(cl.not, text)
	}
	return slices.Contains(cl.any, text)
}

// String is c in words: "membershipScheme is wka and aws.iamRole is unset".
func (c condition) String() string {
	words := make([]string, len(c))
	for i, cl := range c {
		switch {
		case cl.test != "":
			words[i] = cl.name + " is " + cl.test
		case len(cl.not) > 0:
			words[i] = cl.name + " is not " + strings.Join(cl.not, " or ")
		default:
			words[i] = cl.name + " is " + strings.Join(cl.any, " or ")
		}
	}
	return strings.Join(words, " and ")
}

// Meant is the word that was probably meant where s is required only because another setting has none of the words that its condition
// excludes, but nearly one of them; or "".
func (s *Setting) Meant(v Values) string {
	for _, cl := range s.requiredIf {
		if word := strictyaml.Nearest(v[cl.name].Text.Reveal(), cl.not); !s.required && word != "" {
			return word
		}
	}
	return ""
}

// condition reads a mapping of settings to what must hold of them. A mistake in it is reported; what says where.
func (l *loader) condition(n *yaml.Node, what string) condition {
	var c condition
	for _, e := range l.Entries(n, what) {
		cl := clause{name: e.Key.Value}
		l.later = append(l.later, func() { l.checkClause(e) })
		for _, text := range l.texts(e.Value, "a condition") {
			word, negated := strings.CutPrefix(text, "!")
			switch {
			case e.Value.Kind == yaml.ScalarNode && (text == "set" || text == "unset"):
				cl.test = text
			case negated:
				cl.not = append(cl.not, word)
			default:
				cl.any = append(cl.any, word)
			}
		}
		if e.Value.Kind == yaml.SequenceNode && len(e.Value.Content) == 0 {
			l.Errorf(e.Value, "", "a condition has no value")
		}
		if len(cl.any) > 0 && len(cl.not) > 0 {
			l.Errorf(e.Value, "", "a condition lists either values or !values")
		}
		c = append(c, cl)
	}
	return c
}

func (l *loader) checkClause(e strictyaml.Entry) {
	if e.Key.Value == roleWord {
		l.checkRoleNames(e.Value)
		return
	}
	if s := l.used(e.Key, e.Key.Value); s != nil {
		l.checkWords(s, e.Value)
	}
}

// checkWords reports the texts in n that s can never be: the condition would be decided for ever.
func (l *loader) checkWords(s *Setting, n *yaml.Node) {
	for _, item := range items(n) {
		word := strings.TrimPrefix(item.Value, "!")
		isTest := n.Kind == yaml.ScalarNode && (word == "set" || word == "unset")
		if item.Kind != yaml.ScalarNode || isTest && word == item.Value {
			continue
		}
		if !s.Type.Single() {
			l.Errorf(item, "", "%s is a %s, so it can only be set or unset", s.Name, s.Type.Name)
		} else if wrong := s.Type.Check(word); wrong != "" && word != None {
			l.Errorf(item, "", "%v", &ValueError{Name: s.Name, Text: secret.New(word), Wrong: wrong})
		}
	}
}
