package script

import (
	"regexp"
	"slices"
	"strings"
)

// Option is an option of the java command, or an argument of the server that looks like one.
type Option struct {
	Name     string // -DworkerNode, -Xms, -XX:MaxPermSize
	Value    string // without quotes; what the shell would put in stays as it is written
	HasValue bool   // there is a value, though it may be empty
	Lo, Hi   int    // where it stands, its quotes included
	Variable string // that holds it; "" in the command itself
	Argument bool   // it stands behind the class, where the server reads it
	ForJava  bool   // the script takes it for some versions of Java only
}

// Options returns all options that the server is started with, in the order in which java reads them; those of a variable come where the
// command takes it in last. The error is an [*xmlops.Error] about the script.
func Options(src []byte) ([]Option, error) {
	s, err := parse(src)
	if err != nil {
		return nil, err
	}
	variables := map[string][]assigned{}
	for _, a := range s.assigned {
		variables[a.name] = append(variables[a.name], a)
	}
	var words [][]Option
	for i, w := range slices.Backward(s.launch.words) {
		text, _ := unquote(s.text(w))
		if strings.HasPrefix(text, "-") {
			o := newOption(text, w.lo, w.hi)
			o.Argument = i > s.launch.class
			words = append(words, []Option{o})
			continue
		}
		words = append(words, s.optionsOf(w, variables))
	}
	slices.Reverse(words)
	return slices.Concat(words...), nil
}

// optionsOf are those that a word takes in by variables. A variable is looked into once, and then no longer in variables.
func (s *script) optionsOf(w word, variables map[string][]assigned) []Option {
	var all []Option
	for _, m := range expansion.FindAllStringSubmatch(s.text(w), -1) {
		values := variables[m[1]]
		delete(variables, m[1])
		for _, a := range values {
			all = append(all, s.optionsOf(a.word, variables)...)
			all = append(all, s.assignedOptions(a)...)
		}
	}
	return all
}

var assignedOption = regexp.MustCompile("(?:^\"?\\w+\\+?=|\\{\\w+:?[-=+]|[\\s\"'])(-[A-Za-z][^\\s\"'`]*)")

func (s *script) assignedOptions(a assigned) []Option {
	var all []Option
	for _, m := range assignedOption.FindAllStringSubmatchIndex(s.text(a.word), -1) {
		o := newOption(s.text(a.word)[m[2]:m[3]], a.word.lo+m[2], a.word.lo+m[3])
		o.Variable, o.ForJava = a.name, a.forJava
		all = append(all, o)
	}
	return all
}

// joined are the options whose value follows at once.
var joined = regexp.MustCompile(`^-X(?:ms|mx|mn|ss)`)

func newOption(text string, lo, hi int) Option {
	o := Option{Lo: lo, Hi: hi}
	if o.Name = joined.FindString(text); o.Name != "" {
		o.Value, o.HasValue = text[len(o.Name):], true
		return o
	}
	o.Name, o.Value, o.HasValue = strings.Cut(text, "=")
	return o
}
