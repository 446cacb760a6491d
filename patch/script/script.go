// Package script edits how a start script of a product starts the server: the options of its java command. It reads the script as
// a shell does, as far as words, quotes and comments go, so that comments, messages and other commands are no options; and it
// refuses what it can't read so. All other lines stay as they are, byte for byte.
package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/splice"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// Op sets an option of the java command, or takes it away.
type Op struct {
	Option string // as far as its value: -Xms, -XX:MaxPermSize=, -Dhttps.proxyHost=
	Value  string // printable ASCII, without quotes
	Remove bool   // the option must not be there
	Quoted bool   // what is written gets quotes even where it needs none
	// NotAdded says why the option is not added to a script that has none; "" adds it.
	NotAdded string
	// Waits says that the value is not known yet: nothing is done. Where the script has no such option, options of later ops are not
	// added either: they would come before it.
	Waits bool
}

// Apply makes ops true in src. The error is an [*xmlops.Error] about the script, or [xmlops.OpErrors], all that there are.
//
// An option is changed where it stands: in the java command, or in what the script assigns to a variable that this command takes
// in. There each assignment is changed, since which of them counts is decided when the script runs. One that is nowhere becomes
// a line of its own before the class path.
func Apply(src []byte, ops ...Op) (*splice.Result, error) {
	s, err := parse(src)
	if err != nil {
		return nil, err
	}
	for i := range ops {
		if op := &ops[i]; op.Waits || s.Claim(i, op.Option, fmt.Sprint(op.Remove, op.Value)) {
			s.apply(i, op)
		}
	}
	r, err := s.Result()
	if err != nil {
		return nil, err
	}
	return r, s.check(r, ops)
}

// Value is what an option is set to.
type Value struct {
	Text string
	xmlops.Position
}

// Find returns what options, which are named as in [Op], are set to. Those that are not there, or not only one value, are left out.
// The error is an [*xmlops.Error] about the script.
func Find(src []byte, options ...string) (map[string]Value, error) {
	s, err := parse(src)
	if err != nil {
		return nil, err
	}
	values := map[string]Value{}
	for _, option := range options {
		if v, found := s.value(option); found {
			values[option] = v
		}
	}
	return values, nil
}

// value returns what an option is set to, and reports whether it is that in one way only.
func (s *script) value(option string) (Value, bool) {
	found, wrong := s.find(option)
	if wrong != nil || len(found) == 0 {
		return Value{}, false
	}
	for _, o := range found {
		if o.computed || o.value != found[0].value {
			return Value{}, false
		}
	}
	return Value{found[0].value, s.Position(found[0].lo)}, true
}

// apply carries out an op.
func (s *script) apply(index int, op *Op) {
	found, wrong := s.find(op.Option)
	if op.Waits {
		s.waiting = s.waiting || len(found) == 0
		return
	}
	if wrong == nil {
		wrong = s.refuse(op, found)
	}
	if wrong != nil {
		s.Fail(index, *wrong)
		return
	}
	switch {
	case len(found) == 0 && !op.Remove && s.waiting:
		return
	case len(found) == 0 && !op.Remove:
		s.insert(index, op)
		return
	}
	open := slices.DeleteFunc(found, op.holds)
	for _, o := range open {
		s.edit(index, op, o)
	}
	if len(open) == 0 {
		s.Right()
	}
}

// holds reports whether the option is what op wants it to be.
func (op *Op) holds(o occurrence) bool { return !op.Remove && !o.computed && o.value == op.Value }

// refuse says why op can't be made true, nil where it can.
func (s *script) refuse(op *Op, found []occurrence) *xmlops.Error {
	if len(found) == 0 && !op.Remove && op.NotAdded != "" {
		return &xmlops.Error{Position: s.Position(s.launch.words[s.launch.java].lo), Msg: "the script has none", Hint: op.NotAdded}
	}
	if unfit := unfit(op.Value); unfit != "" {
		return &xmlops.Error{Msg: "the value can't stand in a start script: " + unfit}
	}
	for _, o := range found {
		if o.variable != "" && !op.holds(o) && (o.computed || quote(op.Value) != op.Value) {
			return &xmlops.Error{
				Position: s.Position(o.lo), Hint: "take it out there by hand; in the java command itself it can be set",
				Msg: fmt.Sprintf("can't be changed in the variable %s, where it is put together or would need quotes", o.variable),
			}
		}
	}
	return nil
}

// edit changes an option where it stands, or removes it, with the line that this leaves empty.
func (s *script) edit(index int, op *Op, o occurrence) {
	lo, hi, text, kind := o.lo, o.hi, op.written(s.src[o.lo:o.hi]), xmlops.Changed
	if o.variable != "" {
		text = op.Option + op.Value // refuse has seen to it that it needs no quotes
	}
	if op.Remove {
		lo, hi = s.alone(o.lo, o.hi)
		text, kind = "", xmlops.Removed
	}
	s.Replace(lo, hi, text, xmlops.Change{
		Op: index, Kind: kind, At: op.Label(), Position: s.Position(o.lo), Before: o.value, After: op.Value, Sensitive: xmlops.Sensitive(op.Label()),
	})
}

// insert adds the option before the class path, or else before the class that is started.
func (s *script) insert(index int, op *Op) {
	at := s.launch.words[s.launch.before].lo
	place := s.Position(at)
	text := op.written("")
	begin := strings.LastIndexByte(s.src[:at], '\n') + 1
	if indent := s.src[begin:at]; strings.Trim(indent, " \t") == "" {
		text, at = indent+text+" \\\n", begin
	} else {
		text += " "
	}
	s.Replace(at, at, text, xmlops.Change{
		Op: index, Kind: xmlops.Added, At: op.Label(), Position: place, After: op.Value, Sensitive: xmlops.Sensitive(op.Label()),
	})
}

// alone widens the range of an option to what goes with it: a continued line that holds nothing else, or the blanks behind it, or
// else those before it.
func (s *script) alone(lo, hi int) (int, int) {
	begin := len(strings.TrimRight(s.src[:lo], " \t"))
	end := len(s.src) - len(strings.TrimLeft(s.src[hi:], " \t"))
	first := begin == 0 || s.src[begin-1] == '\n'
	switch {
	case first && strings.HasPrefix(s.src[end:], "\\\n"):
		return begin, end + len("\\\n")
	case end > hi:
		return lo, end
	case !first:
		return begin, hi
	}
	return lo, hi
}

// Label is what people know the option by: -Xms, -Dhttps.proxyHost.
func (op *Op) Label() string { return strings.TrimSuffix(op.Option, "=") }

// check makes sure that the result is a script in which ops are true and all that they did not touch is as it was.
func (s *script) check(r *splice.Result, ops []Op) error {
	after, err := parse(r.Bytes)
	if err != nil {
		return fmt.Errorf("the script can't be read as it was built: %w", err)
	}
	for i := range ops {
		after.apply(i, &ops[i])
	}
	if again, err := after.Result(); err != nil || len(again.Edits) > 0 {
		return errors.New("the script does not say what was written")
	}
	if !slices.EqualFunc(s.commands, after.commands, func(a, b command) bool { return s.edited(a, r.Edits) || sameWords(s.src, a, after.src, b) }) {
		return errors.New("the script has other commands than before")
	}
	return nil
}

// edited reports whether an edit lies in a command.
func (s *script) edited(c command, edits []xmlops.Edit) bool {
	lo, hi := c[0].lo, c[len(c)-1].hi
	return slices.ContainsFunc(edits, func(e xmlops.Edit) bool { return e.Lo < hi && lo <= e.Hi })
}

func sameWords(src string, c command, other string, d command) bool {
	return slices.EqualFunc(c, d, func(a, b word) bool { return src[a.lo:a.hi] == other[b.lo:b.hi] })
}
