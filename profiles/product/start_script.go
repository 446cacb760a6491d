package product

import (
	"errors"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch/script"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// StartScripts are the scripts that a product may be started by, slash-separated and relative to the home; the first that is there is
// the one.
var StartScripts = []string{"bin/integrator.sh", "bin/wso2server.sh"}

// StartScript is the script that the home has, or "".
func (h *Home) StartScript() string {
	if i := slices.IndexFunc(StartScripts, h.Has); i >= 0 {
		return StartScripts[i]
	}
	return ""
}

// UsualScript is the script that a home of that layout should have.
func (h *Home) UsualScript() string {
	if h.Layout == EI {
		return StartScripts[0]
	}
	return StartScripts[1]
}

// StartScriptFile is what a start script says.
type StartScriptFile struct {
	File    *File
	Options []ScriptOption // of the java command and behind its class, in the order in which they are read
	Broken  *xmlops.Error  // why the script can't be read, and then it has no options
	Splits  []ScriptSplit  // may be there in a broken script, too
	Breaks  []ScriptBreak  // of a broken script
}

// ScriptOption is an option of the java command, or an argument of the server that looks like one. Its text is the value; of an argument
// without one it is true, as the server takes it (Main.processCmdLineArgs).
type ScriptOption struct {
	Value
	Name     string // -DworkerNode, -Xms, -XX:MaxPermSize
	Variable string // of the script that holds it; "" in the command itself
	Argument bool   // it stands behind the class, where the server reads it after all others
	ForJava  bool   // the script takes it for some versions of Java only
}

// ScriptSplit is an option with a list of hosts that the shell does not read as one word.
type ScriptSplit struct {
	ScriptOption
	At Place // of what ends the word, or of the quote that does not
}

// ScriptBreak is a line that ends the java command before its class.
type ScriptBreak struct {
	Place
	Behind script.Behind // what its \ has behind it, which the place is of then
}

// Option is the one of that name that counts, which is the last. One without a value, as -Dsetup, is given with the text "".
func (s *StartScriptFile) Option(name string) Value {
	found := Value{Place: Place{File: s.File}}
	for _, o := range s.Options {
		if o.Name == name {
			found = o.Value
		}
	}
	return found
}

func (n *Node) readStartScript() error {
	path := n.StartScript()
	if path == "" {
		return nil
	}
	src, err := n.Read(path)
	if err != nil {
		return err
	}
	f := &File{Path: path, Source: src}
	n.Script = &StartScriptFile{File: f}
	n.Files = append(n.Files, f)
	options, err := script.Options(src)
	for _, o := range options {
		n.Script.Options = append(n.Script.Options, f.option(&o))
	}
	for _, l := range script.SplitHostLists(src) {
		n.Script.Splits = append(n.Script.Splits, ScriptSplit{f.option(&l.Option), Place{f, l.At, l.At + 1}})
	}
	if errors.As(err, &n.Script.Broken) {
		for _, b := range script.Breaks(src) {
			n.Script.Breaks = append(n.Script.Breaks, ScriptBreak{Place{f, b.Lo, b.Hi}, b.Behind})
		}
	}
	return nil
}

func (f *File) option(o *script.Option) ScriptOption {
	value := o.Value
	if o.Argument && !o.HasValue {
		value = "true"
	}
	return ScriptOption{
		Value: Value{Place: Place{f, o.Lo, o.Hi}, Text: value, Given: true},
		Name:  o.Name, Variable: o.Variable, Argument: o.Argument, ForJava: o.ForJava,
	}
}
