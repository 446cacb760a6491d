package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// arrange puts args, which don't hold the program's name, into the one order that the flag parser understands: program, verb, flags
// as --name=value, "--", arguments. Left alone the parser takes all that follows the first argument for arguments,
// and "apply HOME --dry-run" would apply. An unknown verb or flag is a [usageError].
func arrange(app *cli.App, args []string) ([]string, error) {
	a := &arrangement{path: []string{app.Name}, flags: app.Flags, verbs: app.Commands, todo: args}
	for len(a.todo) > 0 {
		if err := a.take(a.next()); err != nil {
			return nil, err
		}
	}
	if slices.Contains(a.options, "--help") {
		return append(a.path, "--help"), nil // with arguments the parser would look for help on these
	}
	if len(a.words) > 0 && a.arguments == "" {
		return nil, wrongUsage(strings.TrimPrefix(strings.Join(a.path, " "), "carbonpatch ")+" takes no arguments", a.hint("", "flags"))
	}
	if slices.Contains(a.words, "") { // it would count as left out, as a variable that is not set does
		return nil, wrongUsage("an argument is empty", fmt.Sprintf("what may be given: %s; else leave it out", a.arguments))
	}
	return slices.Concat(a.path, a.options, []string{"--"}, a.words), a.check()
}

type arrangement struct {
	path      []string       // the program and the verb
	flags     []cli.Flag     // known after path
	verbs     []*cli.Command // possible after path
	arguments string         // possible after path, as help shows them
	options   []string
	words     []string
	todo      []string
}

// check refuses values that their flags can't take. A choice from the environment does not count where a flag wins over it;
// what is no bool or time does, since the parser reads it in any case.
func (a *arrangement) check() error {
	given := map[string]bool{}
	for _, option := range a.options {
		name, value, joined := strings.Cut(option[2:], "=")
		flag := findFlag(a.flags, name)
		switch {
		case flag == nil: // it stands before a verb that doesn't have it
			return a.unknownFlag("--" + name)
		case joined:
			if err := checkValue(flag, "--"+name, value); err != nil {
				return err
			}
		}
		given[name] = true
	}
	for _, flag := range a.flags {
		if _, text := flag.(*cli.StringFlag); text && given[flag.Names()[0]] {
			continue
		}
		if err := checkEnvironment(flag); err != nil {
			return err
		}
	}
	return nil
}

func (a *arrangement) next() string {
	arg := a.todo[0]
	a.todo = a.todo[1:]
	return arg
}

func (a *arrangement) take(arg string) error {
	switch {
	case arg == "--":
		a.words, a.todo = append(a.words, a.todo...), nil
		return nil
	case strings.HasPrefix(arg, "--"):
		return a.takeLong(arg)
	case strings.HasPrefix(arg, "-") && arg != "-":
		return a.takeShort(arg)
	case len(a.verbs) > 0:
		return a.takeVerb(arg)
	}
	a.words = append(a.words, arg)
	return nil
}

func (a *arrangement) takeVerb(arg string) error {
	if arg == "help" {
		a.options = append(a.options, "--help")
		return nil
	}
	for _, verb := range a.verbs {
		if verb.HasName(arg) {
			a.path, a.flags, a.verbs, a.arguments = append(a.path, verb.Name), verb.Flags, verb.Subcommands, verb.ArgsUsage
			return nil
		}
	}
	return wrongUsage(fmt.Sprintf("unknown verb %q", arg), a.hint(strictyaml.Nearest(arg, verbNames(a.verbs)), "verbs"))
}

func (a *arrangement) takeLong(arg string) error {
	name, _, joined := strings.Cut(arg[2:], "=")
	flag := findFlag(a.flags, name)
	switch {
	case flag == nil || len(name) == 1:
		return a.unknownFlag("--" + name)
	case joined || !flag.TakesValue():
		a.options = append(a.options, arg)
		return nil
	}
	return a.takeValue(flag)
}

// takeShort takes -v, several in one (-qv), and a value that follows or is joined (-f FILE, -fFILE).
func (a *arrangement) takeShort(arg string) error {
	for i, letter := range arg[1:] {
		flag := findFlag(a.flags, string(letter))
		rest := arg[1+i+len(string(letter)):]
		switch {
		case flag == nil:
			return a.unknownFlag(arg)
		case !flag.TakesValue():
			a.options = append(a.options, "--"+flag.Names()[0])
		case rest == "":
			return a.takeValue(flag)
		default:
			a.options = append(a.options, "--"+flag.Names()[0]+"="+rest)
			return nil
		}
	}
	return nil
}

func (a *arrangement) takeValue(flag cli.DocGenerationFlag) error {
	name := "--" + flag.Names()[0]
	if len(a.todo) == 0 {
		return wrongUsage(fmt.Sprintf("%s needs a value: %s", name, placeholder(flag)), a.hint("", "flags"))
	}
	value := a.next()
	switch {
	case !strings.HasPrefix(value, "-") || value == "-":
	case findFlag(a.flags, strings.TrimLeft(value, "-")) == nil: // it may be a secret
		return wrongUsage(fmt.Sprintf("%s needs a value, and what follows begins with -", name), fmt.Sprintf("if it is the value: %s=%s", name, placeholder(flag)))
	default:
		return wrongUsage(fmt.Sprintf("%s needs a value, and %q looks like a flag", name, value), fmt.Sprintf("if it is the value: %s=%s", name, value))
	}
	a.options = append(a.options, name+"="+value)
	return nil
}

func (a *arrangement) unknownFlag(arg string) error {
	var names []string
	for _, flag := range a.flags {
		names = append(names, flag.Names()[0])
	}
	nearest := strictyaml.Nearest(strings.TrimLeft(arg, "-"), names)
	if nearest != "" {
		nearest = "--" + nearest
	}
	return wrongUsage(fmt.Sprintf("unknown flag %q", arg), a.hint(nearest, "flags"))
}

func (a *arrangement) hint(nearest, what string) string {
	if nearest != "" {
		return fmt.Sprintf("did you mean %q?", nearest)
	}
	return fmt.Sprintf("%q lists the %s", strings.Join(a.path, " ")+" --help", what)
}

func findFlag(flags []cli.Flag, name string) cli.DocGenerationFlag {
	for _, flag := range flags {
		if slices.Contains(flag.Names(), name) {
			return flag.(cli.DocGenerationFlag)
		}
	}
	return nil
}
