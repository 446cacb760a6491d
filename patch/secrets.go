package patch

import (
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// SecretPlaces returns where the file holds a secret, whatever its name there says: what secret operations write, and what the
// others write of values, which came from sources. In XML those are selectors, which hold none of values; in a JSON file they are
// pointers, in a start script options.
func (f *FilePlan) SecretPlaces(values []secret.Text) []string {
	if f.wanted == nil {
		return nil
	}
	var all []string
	for _, op := range f.wanted.JSON {
		if op.Secret || holdsAny(op.Value, values) {
			all = append(all, op.Pointer)
		}
	}
	for _, op := range f.wanted.Script {
		if op.Secret || holdsAny(op.Value, values) {
			all = append(all, op.Label())
		}
	}
	for i := range f.wanted.Ops {
		all = append(all, f.wanted.Ops[i].secretPlaces(values)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// holdsAny reports whether s is one of values, or holds one that is long enough to be told from what is no secret.
func holdsAny(s string, values []secret.Text) bool {
	return slices.ContainsFunc(values, func(t secret.Text) bool {
		v := t.Reveal()
		return v != "" && s == v || len(v) >= minSecret && strings.Contains(s, v)
	})
}

// secretPlaces are selectors of what op writes that is secret. An attribute by which the element is found stays readable.
func (op *Op) secretPlaces(values []secret.Text) []string {
	var all []string
	at := op.Select.String()
	known := literals(at)
	for _, leaf := range op.leaves() {
		isKnown := strings.Contains(leaf.Way, "/@") && slices.Contains(known, leaf.Text)
		if isKnown || !op.about(leaf.Way).Secret && !holdsAny(leaf.Text, values) {
			continue
		}
		place := at + leaf.Way
		if slices.ContainsFunc(literals(place), func(s string) bool { return holdsAny(s, values) }) {
			place = withoutPredicates(place)
		}
		all = append(all, place)
	}
	return all
}

// leaves are the values that op writes, by the ways to them from what it selects.
func (op *Op) leaves() []xmlops.Leaf {
	if len(op.Items) == 0 {
		return []xmlops.Leaf{{Text: op.Value}}
	}
	var all []xmlops.Leaf
	for _, f := range op.Items {
		all = append(all, f.Leaves()...)
	}
	return all
}

// literals are the strings that the predicates of a selector compare with.
func literals(selector string) []string {
	var all []string
	for rest := selector; ; {
		begin := strings.IndexAny(rest, `'"`)
		if begin < 0 {
			return all
		}
		literal, after, _ := strings.Cut(rest[begin+1:], rest[begin:begin+1])
		all, rest = append(all, literal), after
	}
}

// withoutPredicates is a selector that matches more than the one it is made of.
func withoutPredicates(selector string) string {
	steps := splitSteps(selector)
	for i, step := range steps {
		steps[i], _, _ = strings.Cut(step, "[")
	}
	wide := "/" + strings.Join(steps, "/")
	if strings.HasPrefix(selector, "//") {
		return "/" + wide
	}
	return wide
}

// HidePlaces masks what is at places, as [FilePlan.SecretPlaces] gives them, in all that is shown of f.
func (f *FilePlan) HidePlaces(places []string) error {
	for _, place := range places {
		if f.notation() != inXML {
			break
		}
		if _, err := xmlops.ParseSelector(place); err != nil {
			return err
		}
	}
	f.secrets = append(f.secrets, places...)
	return nil
}

// DropSecrets leaves only the operations that write no secret.
func (p Patch) DropSecrets() {
	for i := range p.Files {
		f := &p.Files[i]
		f.Ops = slices.DeleteFunc(f.Ops, func(op Op) bool { return op.Secret })
		f.JSON = slices.DeleteFunc(f.JSON, func(op JSONOp) bool { return op.Secret })
		f.Script = slices.DeleteFunc(f.Script, func(op ScriptOp) bool { return op.Secret })
	}
}
