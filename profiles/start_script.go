package profiles

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/script"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// workerNodeSetting is the setting that makes a node a worker.
const workerNodeSetting = "workerNode"

const (
	workerNodeOption = "-DworkerNode="
	profileOption    = "-Dprofile=" // the OSGi profile to start, which wins over that of workerNode
)

// scriptOptions are the options of the start script that settings stand for, in the order in which they are added.
var scriptOptions = []struct {
	setting string
	script.Op
}{
	{"jvm.xms", script.Op{Option: "-Xms"}},
	{"jvm.xmx", script.Op{Option: "-Xmx"}},
	{"jvm.maxPermSize", script.Op{
		Option:   "-XX:MaxPermSize=",
		NotAdded: "leave jvm.maxPermSize out: Java 8 ignores the option, and Java 17 refuses to start with it",
	}},
	{"proxy.httpsHost", script.Op{Option: "-Dhttps.proxyHost="}},
	{"proxy.httpsPort", script.Op{Option: "-Dhttps.proxyPort="}},
	{"proxy.nonProxyHosts", script.Op{Option: "-Dhttp.nonProxyHosts=", Quoted: true}},
	{workerNodeSetting, script.Op{Option: workerNodeOption}},
}

// optionNames are the options of scriptOptions.
func optionNames() []string {
	names := make([]string, len(scriptOptions))
	for i, o := range scriptOptions {
		names[i] = o.Option
	}
	return names
}

// scriptOps are what must hold in the start script.
func scriptOps(sc scope) ([]patch.ScriptOp, patch.Problems) {
	var ops []patch.ScriptOp
	var problems patch.Problems
	for _, o := range scriptOptions {
		s := sc.profile.Setting(o.setting)
		v, ok := sc.values[o.setting]
		if s == nil || !ok || v.Unread || !sc.writes(s) {
			continue
		}
		op := patch.ScriptOp{Op: o.Op, About: sc.about(s)}
		op.Name, op.Remove, op.Waits = s.Name, v.None, v.Open
		if v.hasText() {
			op.Value = cmp.Or(v.Text.Reveal(), strings.Join(itemTexts(v), "|"))
		}
		if v.hasText() && op.Value == "" {
			problems = append(problems, v.Place.Problem(s.Name+": none takes the option away", "%s must not be empty", s.Name))
		}
		if product.HoldsReference(op.Value) {
			problems = append(problems, v.Place.Problem("give the value itself", "%s is for the start script, where nothing fills in a ${...}", s.Name))
		}
		ops = append(ops, op)
	}
	return ops, problems
}

// itemTexts are the items of a list of single values.
func itemTexts(v Value) []string {
	var texts []string
	for _, item := range v.Items {
		texts = append(texts, item[MapValue].Text.Reveal())
	}
	return texts
}

// startScriptFiles are what the settings want of the start script, nothing where none of them has a value.
func startScriptFiles(sc scope, home *product.Home) ([]patch.File, patch.Problems) {
	ops, problems := scriptOps(sc)
	if len(problems) > 0 || !slices.ContainsFunc(ops, func(op patch.ScriptOp) bool { return !op.Waits }) {
		return nil, problems
	}
	if path := home.StartScript(); path != "" {
		return []patch.File{{Paths: []string{path}, Script: ops, Notes: twinNotes(home, path)}}, nil
	}
	ops = slices.DeleteFunc(ops, func(op patch.ScriptOp) bool { return op.Remove || op.Waits })
	if len(ops) == 0 {
		return nil, nil
	}
	missing := &patch.Problem{
		File: strings.Join(product.StartScripts, " | "), Message: "there is no such file, which " + ops[0].Setting + " is written to",
		Hint: "is this home whole? without a start script, leave jvm.*, proxy.* and workerNode out",
	}
	if outside := scriptOutside(home); outside != "" {
		missing.Hint = "this profile is started by " + outside + ", which lies outside of its home: edit that by hand, or leave the setting out"
	}
	return nil, patch.Problems{missing}
}

// scriptOutside returns the script of the parent that starts a profile within the home of EI, such as wso2/broker, or "".
func scriptOutside(home *product.Home) string {
	dir, err := filepath.Abs(home.Dir)
	if err != nil {
		return ""
	}
	name := filepath.Join("bin", filepath.Base(dir)+".sh")
	if name = filepath.Join("..", "..", name); !home.Has(name) {
		return ""
	}
	return name
}

// twinNotes tell of the script for Windows beside the one at path.
func twinNotes(home *product.Home, path string) []patch.Note {
	bat := strings.TrimSuffix(path, ".sh") + ".bat"
	if !home.Has(bat) {
		return nil
	}
	return []patch.Note{{File: bat, Text: "left alone; where the server runs on Windows, edit it by hand as " + path + " is"}}
}

// startScriptNotes tell of options that the role does not manage, and of a worker that should be none or will not start. What is
// wrong with the script itself is told where it is edited.
func startScriptNotes(sc scope, home *product.Home) []patch.Note {
	path := home.StartScript()
	src, err := home.Read(path)
	if err != nil {
		return nil
	}
	found, _ := script.Find(src, append(optionNames(), profileOption)...)
	notes := append(unmanagedOptions(sc, path, found), leftoverWorker(sc, path, found)...)
	worker, ok := sc.written(workerNodeSetting)
	_, hasProfile := found[profileOption]
	if has, seen := home.WorkerProfile(); ok && worker.Text.Reveal() == "true" && !hasProfile && seen && !has {
		notes = append(notes, patch.Note{
			File: path, Text: `with workerNode=true the server will not start ("OSGi runtime worker profile not found"), for there is no ` +
				home.Components() + "/worker; started with the argument -Dprofile=default it will",
		})
	}
	return notes
}

// unmanagedOptions tell of the options that are set though their settings are for other roles.
func unmanagedOptions(sc scope, path string, found map[string]script.Value) []patch.Note {
	var notes []patch.Note
	for _, o := range scriptOptions {
		s := sc.profile.Setting(o.setting)
		if s == nil || sc.writes(s) {
			continue
		}
		if v, ok := found[o.Option]; ok {
			notes = append(notes, patch.Note{File: path, Line: v.Line, Text: s.Name + " is set here but this role does not manage it"})
		}
	}
	return notes
}

// leftoverWorker tells of a start script that starts a worker though the role is another one and nothing is said of it: dropping
// workerNode from a description does not undo it.
func leftoverWorker(sc scope, path string, found map[string]script.Value) []patch.Note {
	s := sc.profile.Setting(workerNodeSetting)
	if _, given := sc.values[workerNodeSetting]; s == nil || given || !sc.writes(s) || sc.role == "worker" {
		return nil
	}
	v := found[workerNodeOption]
	if v.Text != "true" {
		return nil
	}
	return []patch.Note{{File: path, Line: v.Line, Text: "workerNode is true here though the role is " + sc.role + "; workerNode: false mends it"}}
}

// inspectStartScript reads the settings of the start script. A script of an unknown shape says nothing.
func inspectStartScript(in *inspection, home *product.Home) error {
	path := home.StartScript()
	if path == "" {
		return nil
	}
	src, err := home.Read(path)
	if err != nil {
		return err
	}
	found, err := script.Find(src, optionNames()...)
	if err != nil {
		return nil
	}
	for _, o := range scriptOptions {
		s := in.profile.Setting(o.setting)
		v, ok := found[o.Option]
		if s == nil || !ok {
			continue
		}
		if value, ok := s.fromScript(v.Text); ok {
			in.keep(s, path, xmlops.Value{Position: v.Position, At: o.Label()}, value)
		}
	}
	return nil
}

// fromScript is the value of a setting that the script has as text, and reports whether it can have that: what is joined there is
// a list of single values.
func (s *Setting) fromScript(text string) (Value, bool) {
	if s.Type.Single() {
		return Value{Text: secret.New(text), Secret: s.Secret}, s.Type.Check(text) == ""
	}
	v := Value{Secret: s.Secret}
	for item := range strings.SplitSeq(text, "|") {
		if !s.Type.Bare || s.Type.Fields[0].Type.Check(item) != "" {
			return Value{}, false
		}
		v.Items = append(v.Items, map[string]Value{MapValue: {Text: secret.New(item)}})
	}
	return v, true
}

// startScriptPlaces are the options that settings are written to.
func startScriptPlaces() map[string]Place {
	places := map[string]Place{}
	for _, o := range scriptOptions {
		places[o.setting] = Place{File: homePrefix + strings.Join(product.StartScripts, " | "+homePrefix), Selector: o.Label()}
	}
	return places
}
