package main

import (
	"errors"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/source"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// opFlags are flags that append to ops. They share one list because the order in which they are typed counts, and the flag
// parser keeps that only within each flag.
func opFlags(ops *[]typedOp) []cli.Flag {
	return []cli.Flag{
		&cli.GenericFlag{Name: "set", Value: opFlag{xmlops.Set, ops}, Usage: "`SELECTOR=VALUE`: make VALUE the text of the element, or the attribute; env:NAME, file:PATH, fact:ip and imds:PATH are sources"},
		&cli.GenericFlag{Name: "uncomment", Value: opFlag{xmlops.Uncomment, ops}, Usage: "bring the commented-out element that `SELECTOR` matches to life"},
		&cli.GenericFlag{Name: "comment", Value: opFlag{xmlops.Comment, ops}, Usage: "comment out the element that `SELECTOR` matches"},
		&cli.GenericFlag{Name: "remove", Value: opFlag{xmlops.Remove, ops}, Usage: "remove the element or attribute that `SELECTOR` matches"},
	}
}

type opFlag struct {
	verb xmlops.Verb
	ops  *[]typedOp
}

func (f opFlag) String() string { return "" }

func (f opFlag) Set(text string) error {
	op := typedOp{verb: f.verb, selector: text, complete: true}
	if f.verb == xmlops.Set {
		op.selector, op.value, op.complete = cutSelector(text)
	}
	*f.ops = append(*f.ops, op)
	return nil
}

// cutSelector splits SELECTOR=VALUE at the first = outside of brackets and quotes.
func cutSelector(text string) (selector, value string, ok bool) {
	brackets, quote := 0, byte(0)
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[':
			brackets++
		case c == ']':
			brackets--
		case c == '=' && brackets == 0:
			return text[:i], text[i+1:], true
		}
	}
	return "", "", false
}

// typedOp is an operation as it was typed.
type typedOp struct {
	verb            xmlops.Verb
	selector, value string
	complete        bool // nothing that verb needs is left out
}

func (t typedOp) name() string { return "--" + t.verb.String() + " " + t.selector }

// literal reports whether the value stands on the command line.
func (t typedOp) literal() bool {
	kind, _ := source.Split(t.value)
	return t.value != "" && kind == source.Literal
}

// parse reads the selector, and the value from where it stands. The error is a [usageError] where no value can help, else [patch.Problems].
func (t typedOp) parse(sources *source.Reader) (patch.Op, error) {
	op := patch.Op{About: patch.About{Name: t.name(), Setting: t.name()}} // each counts as a setting of its own
	op.Verb = t.verb
	if !t.complete {
		return op, wrongUsage("--set: there is no = after the selector", "carbonpatch edit FILE --set 'SELECTOR=VALUE'")
	}
	var err error
	if op.Select, err = xmlops.ParseSelector(t.selector); err != nil {
		return op, &usageError{patch.Problems{t.selectorProblem(err)}}
	}
	if t.literal() && patch.HoldsPassword(t.value) {
		return op, &usageError{patch.Problems{exposedProblem(op.Name)}}
	}
	value, err := sources.Read(t.value)
	if err != nil {
		return op, patch.Problems{{Message: op.Name + ": " + err.Error(), Hint: source.Hint(err)}}
	}
	op.Value = value.Reveal()
	if op.Value == patch.Mask {
		return op, patch.Problems{{Message: op.Name + ": " + patch.Mask + " stands for a secret and is no value"}}
	}
	return op, nil
}

func (t typedOp) selectorProblem(err error) *patch.Problem {
	p := &patch.Problem{File: "--" + t.verb.String(), Message: err.Error()}
	if e := (*xmlops.Error)(nil); errors.As(err, &e) {
		p.Line, p.Column, p.Message, p.Hint, p.Source = 1, e.Column, e.Msg, e.Hint, t.selector
	}
	return p
}
