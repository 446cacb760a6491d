package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/txn"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
)

// completeVerb is what the scripts of completion call: carbonpatch complete LINE [END]. LINE is the command line as far as the cursor, END
// the end of its last word that the shell replaces; left out, all of it. The answer is a line that says what else may stand there, "files",
// "folders" or "words" (nothing), and a line for each word that may, with a tab and what it means. It is no [cli.Command]: a line that is
// being typed is no right one yet, and an error would be printed into it.
const completeVerb = "complete"

// complete answers; what goes wrong is no answer.
func (con *console) complete(args []string) {
	defer func() { _ = recover() }()
	if len(args) == 0 {
		return
	}
	words := splitLine(args[0])
	last := words[len(words)-1]
	replaced := last
	if len(args) > 1 && strings.HasSuffix(last, args[1]) {
		replaced = args[1]
	}
	answer := newTyping(con, afterProgram(words[:len(words)-1]), last).answer()
	con.out.write(answer.text(last, strings.TrimSuffix(last, replaced)))
}

// answer is what the word at the cursor may become.
type answer struct {
	words  []meaning
	others string // "files", "folders", or "" where it is one of words
}

// meaning is a word and what it means.
type meaning struct{ word, about string }

// text tells of the words that begin as the last one of the line does, without the part of that which stays. A word that a shell would not take
// as it is, which could only come from a file, is left out.
func (a answer) text(last, stays string) string {
	var b strings.Builder
	fmt.Fprintln(&b, cmp.Or(a.others, "words"))
	for _, m := range a.words {
		if strings.HasPrefix(m.word, last) && quote(m.word) == m.word {
			fmt.Fprintf(&b, "%s\t%s\n", strings.TrimPrefix(m.word, stays), firstSentence(inLine(m.about)))
		}
	}
	return b.String()
}

func firstSentence(text string) string {
	text, _, _ = strings.Cut(text, ". ")
	text, _, _ = strings.Cut(text, "; ")
	return strings.TrimSuffix(text, ".")
}

// behind puts text before all words.
func (a answer) behind(text string) answer {
	for i := range a.words {
		a.words[i].word = text + a.words[i].word
	}
	return a
}

// typing is a command line that is being typed.
type typing struct {
	*arrangement        // of what stands before the cursor
	last         string // the word at the cursor
	flag         string // whose value that is, if it is one
	isArgument   bool   // after --
}

// newTyping reads the words before the last one as they will be read when the line is run. What is wrong with them will be told then.
func newTyping(con *console, before []string, last string) *typing {
	const cursor = "\x00" // stands for the last word, which may not be read yet; no other word can be that
	app := newApp(con)
	a := &arrangement{path: []string{app.Name}, flags: app.Flags, verbs: app.Commands, todo: append(slices.Clone(before), cursor)}
	for len(a.todo) > 0 {
		_ = a.take(a.next())
	}
	t := &typing{arrangement: a, last: last, isArgument: slices.Contains(before, "--")}
	if n := len(a.options); n > 0 {
		if option, ok := strings.CutSuffix(a.options[n-1], "="+cursor); ok {
			t.flag = option[2:]
		}
	}
	a.words = slices.DeleteFunc(a.words, func(word string) bool { return word == cursor })
	return t
}

func (t *typing) answer() answer {
	switch name, value, joined := strings.Cut(t.last, "="); {
	case t.flag != "":
		return t.flagValue(t.flag, t.last)
	case strings.HasPrefix(t.last, "--") && joined && !t.isArgument:
		return t.flagValue(name[2:], value).behind(name + "=")
	case strings.HasPrefix(t.last, "-") && !t.isArgument:
		return t.flagWords()
	case len(t.verbs) > 0:
		return t.verbWords()
	}
	return t.argument()
}

func (t *typing) verbWords() answer {
	a := answer{words: []meaning{{"help", "show what may be given"}}}
	for _, verb := range shownVerbs(t.verbs) {
		for _, name := range verb.Names() {
			a.words = append(a.words, meaning{name, verb.Usage})
		}
	}
	return a
}

func (t *typing) flagWords() answer {
	var a answer
	for _, flag := range t.flags {
		for _, name := range dashed(flag) {
			a.words = append(a.words, meaning{name, flagUsage(flag.(cli.DocGenerationFlag))})
		}
	}
	return a
}

// flagValue answers with the values of a flag; value is what there is of one.
func (t *typing) flagValue(name, value string) answer {
	flag := findFlag(t.flags, name)
	switch {
	case flag == nil || !flag.TakesValue():
		return answer{}
	case name == "node":
		return t.nodes()
	case name == "profile":
		return profileWords()
	}
	return t.called(placeholder(flag), value)
}

// argument answers with what may stand in the place of the next argument.
func (t *typing) argument() answer {
	places := strings.Fields(t.arguments)
	n := len(t.words)
	if len(places) > 0 && strings.Contains(places[len(places)-1], "...") {
		n = min(n, len(places)-1)
	}
	var a answer
	for _, place := range places[min(n, len(places)):] {
		next := t.called(strings.Trim(place, "[.]"), t.last)
		a.words, a.others = append(a.words, next.words...), cmp.Or(a.others, next.others)
		if !strings.HasPrefix(place, "[") {
			break
		}
	}
	return a
}

// called answers with what help calls by a name; value is what there is of it.
func (t *typing) called(name, value string) answer {
	switch name {
	case "FILE":
		return answer{others: "files"}
	case "HOME", "DIR":
		return answer{others: "folders"}
	case "ID":
		return t.runs()
	case "NAME":
		return profileWords()
	case "ROLE":
		return t.roles()
	case "RULE":
		return rules()
	case "SETTING":
		return t.settings("")
	case "SETTING=VALUE":
		if name, _, ok := strings.Cut(value, "="); ok {
			return t.settingValues(name).behind(name + "=")
		}
		return t.settings("=")
	}
	return oneOf(choices(name))
}

func oneOf(words []string) answer {
	var a answer
	for _, word := range words {
		a.words = append(a.words, meaning{word: word})
	}
	return a
}

func profileWords() answer {
	a := answer{others: "files"}
	all, _ := profiles.OpenAll(profiles.Names())
	for _, p := range all {
		a.words = append(a.words, meaning{p.Name, p.Title})
	}
	return a
}

func rules() answer {
	var a answer
	for _, r := range lint.Rules() {
		a.words = append(a.words, meaning{r.ID, r.Message})
	}
	return a
}

// given are the values that the line has for a flag, or else the environment.
func (t *typing) given(flag string) []string {
	var all []string
	for _, option := range t.options {
		if value, ok := strings.CutPrefix(option, "--"+flag+"="); ok {
			all = append(all, fromTilde(value))
		}
	}
	for _, name := range environment(flag) {
		if all == nil {
			all = []string{os.Getenv(name)}
		}
	}
	return all
}

// clusterNames are the names in the cluster files, but for what is no file, or larger than what can be read while somebody waits.
func (t *typing) clusterNames() cluster.Names {
	const large = 128 << 10
	var files []cluster.Source
	for _, name := range t.given("cluster") {
		if data, _, err := patch.ReadRegular(patch.AnyFile{}, name, large); name != "-" && err == nil {
			files = append(files, cluster.Source{Name: name, Data: data})
		}
	}
	return cluster.ReadNames(files)
}

// profiles are the profile that is meant, or all embedded ones where none is named.
func (t *typing) profiles() []*profiles.Profile {
	names := profiles.Names()
	if given := t.given("profile"); given != nil {
		names = given[len(given)-1:]
	} else if name := t.clusterNames().Profile; name != "" {
		names = []string{name}
	}
	all, _ := profiles.OpenAll(names)
	return all
}

func (t *typing) nodes() answer {
	var a answer
	known := t.roles().words
	for _, node := range t.clusterNames().Nodes {
		about := ""
		if slices.Contains(known, meaning{word: node.Role}) { // or it may be anything
			about = node.Role
		}
		a.words = append(a.words, meaning{node.Name, about})
	}
	return a
}

func (t *typing) roles() answer {
	var names []string
	for _, p := range t.profiles() {
		for _, name := range p.RoleNames() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return oneOf(names)
}

// settings answers with the names of settings, with end behind each. Those of a map go on after a dot.
func (t *typing) settings(end string) answer {
	var a answer
	add := func(m meaning) {
		if !slices.Contains(a.words, m) {
			a.words = append(a.words, m)
		}
	}
	for _, p := range t.profiles() {
		for _, s := range p.Settings {
			add(meaning{s.Name + end, s.Doc})
			if end != "" && s.Type.Name == "map" {
				add(meaning{s.Name + ".", s.Doc})
			}
		}
	}
	return a
}

// settingValues answers with the values of a setting where there are few, and how a secret may be given.
func (t *typing) settingValues(name string) answer {
	for _, p := range t.profiles() {
		switch s := p.Setting(name); {
		case s == nil:
		case s.Secret:
			return answer{words: []meaning{{"env:", "the variable that holds it"}, {"file:/", "the file that holds it"}}}
		case s.Type.Name == "bool":
			return oneOf([]string{"true", "false"})
		default:
			return oneOf(s.Type.Words)
		}
	}
	return answer{}
}

// runs answers with the runs that can be rolled back.
func (t *typing) runs() answer {
	root, err := openRoot(cmp.Or(t.given("root")...))
	if err != nil {
		return answer{}
	}
	dir, err := root.homeDir(t.words)
	if err != nil {
		return answer{}
	}
	var a answer
	all, _ := txn.History(dir)
	for _, run := range all {
		if run.Kept() {
			a.words = append(a.words, meaning{run.ID, strings.TrimSpace(fmt.Sprintf("%s of %s %s", run.Verb, run.Time.Local().Format(time.DateTime), run.Node))})
		}
	}
	return a
}
