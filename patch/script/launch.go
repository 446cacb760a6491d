package script

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/splice"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// mainClass is what the start scripts of all products on Carbon 4 have java run.
const mainClass = "org.wso2.carbon.bootstrap.Bootstrap"

// byHand is what to do about a script that can't be read.
const byHand = "edit the script by hand, or leave out what is to be written to it"

// script is a start script that was read.
type script struct {
	*splice.Text
	src      string
	commands []command
	assigned []assigned
	launch   launch
	waiting  bool // an op for an option that is not there waits
}

// assigned is a word that assigns to a variable of the script.
type assigned struct {
	name    string
	word    word
	forJava bool // it stands in an if that asks for the version of Java
}

// launch is the command that starts the server.
type launch struct {
	words  command
	java   int // the word that is the program
	class  int // the word that is the class
	before int // the word that options are added before
}

func parse(src []byte) (*script, error) {
	s := &script{Text: splice.New(src), src: string(src)}
	for _, odd := range []struct{ text, msg, hint string }{
		{"\r\n", "the lines end in CR LF, which sh can't read", "convert the script first, as dos2unix does"},
		{"\x00", "not a text file", byHand},
	} {
		if i := bytes.Index(src, []byte(odd.text)); i >= 0 {
			return nil, &xmlops.Error{Position: s.Position(i), Msg: odd.msg, Hint: odd.hint}
		}
	}
	commands, wrong := scan(s.src)
	if wrong != nil {
		return nil, &xmlops.Error{Position: s.Position(wrong.offset), Msg: wrong.msg, Hint: byHand}
	}
	s.commands = commands
	if err := s.findLaunch(); err != nil {
		return nil, err
	}
	forJava := false
	for _, c := range commands {
		switch s.text(c[0]) {
		case "if", "elif":
			forJava = javaVersion.MatchString(s.src[c[0].lo:c[len(c)-1].hi])
		case "fi":
			forJava = false
		}
		if c[0] != s.launch.words[0] && !s.prints(c) {
			s.assigned = append(s.assigned, s.assignments(c, forJava)...)
		}
	}
	return s, nil
}

// findLaunch finds the one command that starts the server.
func (s *script) findLaunch() error {
	var launches []launch
	var broken error
	for _, c := range s.commands {
		class := slices.IndexFunc(c, func(w word) bool { text, _ := unquote(s.text(w)); return text == mainClass })
		if class < 0 || s.prints(c) {
			continue
		}
		switch java := slices.IndexFunc(c[:class], s.isJava); {
		case s.names(c[:class], "eval"):
			broken = &xmlops.Error{Position: s.Position(c[class].lo), Msg: "the java command goes through eval, which reads quotes once more", Hint: byHand}
		case java >= 0:
			launches = append(launches, launch{words: c, java: java, class: class, before: s.classPath(c[:class])})
		case class == 0 || slices.ContainsFunc(c[:class], s.isOption):
			broken = &xmlops.Error{
				Position: s.Position(c[class].lo), Msg: "there is no java before " + mainClass + " in its command",
				Hint: `look above for a line without \ at its end, or for | & ; ( ) without quotes`,
			}
		}
	}
	switch {
	case len(launches) == 1:
		s.launch = launches[0]
		return nil
	case len(launches) > 1:
		first, second := s.Position(launches[0].words[0].lo), s.Position(launches[1].words[0].lo)
		return &xmlops.Error{
			Position: second, Hint: byHand,
			Msg: fmt.Sprintf("the server is started in two places (lines %d and %d), want 1", first.Line, second.Line),
		}
	case broken != nil:
		return broken
	}
	return &xmlops.Error{Msg: "not a start script of a known shape: no java command runs " + mainClass, Hint: byHand}
}

func (s *script) text(w word) string { return s.src[w.lo:w.hi] }

// prints reports whether a command only prints its words.
func (s *script) prints(c command) bool { return s.names(c, "echo") || s.names(c, "printf") }

// names reports whether a program is a word of a command. Others may stand before it: then, exec, nohup, LANG=C.
func (s *script) names(c command, program string) bool {
	return slices.ContainsFunc(c, func(w word) bool { return s.text(w) == program })
}

func (s *script) isOption(w word) bool { return strings.HasPrefix(s.text(w), "-") }

// javaProgram is the end of a word that names java, or a variable that holds it: "$JAVA_HOME"/bin/java, ${JAVACMD:-java}. A
// variable with options of java, such as $JAVA_OPTS, is none.
var javaProgram = regexp.MustCompile(`(?i)java[0-9.]*(?:_?(?:cmd|command|bin|exe|exec))?[}"']*$`)

func (s *script) isJava(w word) bool { return !s.isOption(w) && javaProgram.MatchString(s.text(w)) }

// classPath is the word that says where the class path is, or else the one behind all.
func (s *script) classPath(options command) int {
	for i, w := range options {
		if slices.Contains([]string{"-classpath", "-cp", "--class-path"}, s.text(w)) {
			return i
		}
	}
	return len(options)
}

// occurrence is an option where it stands in a script.
type occurrence struct {
	lo, hi   int    // of the option with its value
	value    string // without quotes
	computed bool   // the shell puts the value together when it runs
	variable string // that holds it; "" in the command itself
}

// find returns where an option stands: once in the command that starts the server, or once in each assignment to a variable
// that it takes in.
func (s *script) find(option string) ([]occurrence, *xmlops.Error) {
	found := s.inCommand(option)
	if len(found) > 1 {
		return nil, s.twice(found)
	}
	pattern := regexp.MustCompile(`(?:^"?\w+\+?=|\{\w+:?[-=+]|[\s"'])(` + regexp.QuoteMeta(option) + "([^\\s\"'`$\\\\{}()]*))")
	taken := s.taken()
	for _, a := range s.assigned {
		if !taken[a.name] {
			continue
		}
		set := s.inAssignment(pattern, a)
		if len(set) > 1 || len(set) == 1 && len(found) > 0 && found[0].variable == "" {
			return nil, s.twice(append(found, set...))
		}
		found = append(found, set...)
	}
	return found, nil
}

// twice tells of an option that stands in two places, of which the last counts.
func (s *script) twice(found []occurrence) *xmlops.Error {
	n := len(found)
	first, second := s.Position(found[n-2].lo), s.Position(found[n-1].lo)
	return &xmlops.Error{
		Position: second, Hint: "take one of them out",
		Msg: fmt.Sprintf("given twice (lines %d and %d), want 1", first.Line, second.Line),
	}
}

// inCommand returns where the option stands in the command itself. What is behind the class are arguments of the server, which takes
// properties there, too (Main.processCmdLineArgs).
func (s *script) inCommand(option string) []occurrence {
	var found []occurrence
	for i, w := range s.launch.words {
		text, literal := unquote(s.text(w))
		value, ok := strings.CutPrefix(text, option)
		if text+"=" == option {
			value, ok = "", true
		}
		if !ok || i > s.launch.class && !strings.HasPrefix(option, "-D") {
			continue
		}
		found = append(found, occurrence{lo: w.lo, hi: w.hi, value: value, computed: !literal})
	}
	return found
}

// wholeValue is what follows a value that the shell adds nothing to.
var wholeValue = regexp.MustCompile(`^[}"']*(?:\\\n)?(?:\s|$)`)

// inAssignment returns where the option that pattern finds stands in the value of an assignment.
func (s *script) inAssignment(pattern *regexp.Regexp, a assigned) []occurrence {
	var found []occurrence
	text := s.text(a.word)
	for _, m := range pattern.FindAllStringSubmatchIndex(text, -1) {
		found = append(found, occurrence{
			lo: a.word.lo + m[2], hi: a.word.lo + m[3], value: text[m[4]:m[5]], computed: !wholeValue.MatchString(text[m[3]:]), variable: a.name,
		})
	}
	return found
}

var (
	// assignment is a word that assigns to a variable, for itself, as : ${OPTS:=-Xmx1g} does, or for a program.
	assignment = regexp.MustCompile(`^"?(?:\$\{)?([A-Za-z_]\w*)(?:\+|:)?=`)
	expansion  = regexp.MustCompile(`\$\{?([A-Za-z_]\w*)`)
	// javaVersion is a variable with the version of Java, as these scripts name it.
	javaVersion = regexp.MustCompile(`\$\{?(?i:java_?version|jdk_?version|jdk_)`)
)

// assignments are the words of a command that assign to variables.
func (s *script) assignments(c command, forJava bool) []assigned {
	var all []assigned
	for _, w := range c {
		if m := assignment.FindStringSubmatch(s.text(w)); m != nil {
			all = append(all, assigned{m[1], w, forJava})
		}
	}
	return all
}

// taken are the variables that the command that starts the server takes in, by way of others, too.
func (s *script) taken() map[string]bool {
	taken := map[string]bool{}
	for open := slices.Clone(s.launch.words); len(open) > 0; open = open[1:] {
		for _, m := range expansion.FindAllStringSubmatch(s.text(open[0]), -1) {
			if taken[m[1]] {
				continue
			}
			taken[m[1]] = true
			for _, a := range s.assigned {
				if a.name == m[1] {
					open = append(open, a.word)
				}
			}
		}
	}
	return taken
}
