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
}

// ScriptOption is an option of the java command, or an argument of the server that looks like one. Its text is the value.
type ScriptOption struct {
	Value
	Name     string // -DworkerNode, -Xms, -XX:MaxPermSize
	Variable string // of the script that holds it; "" in the command itself
	Argument bool   // it stands behind the class, where the server reads it after all others
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
	n.Script = &StartScriptFile{File: &File{Path: path, Source: src}}
	n.Files = append(n.Files, n.Script.File)
	options, err := script.Options(src)
	errors.As(err, &n.Script.Broken)
	for _, o := range options {
		n.Script.Options = append(n.Script.Options, ScriptOption{
			Value: Value{Place: Place{n.Script.File, o.Lo, o.Hi}, Text: o.Value, Given: true},
			Name:  o.Name, Variable: o.Variable, Argument: o.Argument,
		})
	}
	return nil
}
