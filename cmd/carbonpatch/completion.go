package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

func completionVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a script that completes verbs and flags in a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: "For this shell alone: source <(carbonpatch completion bash). For all: write it to " +
			"/etc/bash_completion.d/carbonpatch, for zsh to a file _carbonpatch in a folder of $fpath, for fish to " +
			"~/.config/fish/completions/carbonpatch.fish.",
		Flags:  everywhere("text"),
		Action: func(c *cli.Context) error { return completion(c, con) },
	}
}

func completion(c *cli.Context, con *console) error {
	script := map[string]func([]*cli.Command) string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[c.Args().First()]
	if script == nil || c.NArg() != 1 {
		return wrongUsage("for which shell?", "carbonpatch completion bash, zsh or fish")
	}
	con.out.print(script(c.App.VisibleCommands()))
	return nil
}

// values says what the value called name may be: one of choices, which are in lower case, a file, or (neither) anything.
func values(name string) (choices []string, file bool) {
	if name != "" && name == strings.ToLower(name) {
		return strings.Split(name, "|"), false
	}
	return nil, strings.Contains(name, "FILE") || strings.Contains(name, "HOME")
}

// completed says what the value called name may be as a shell completes it: as [values] has it, and the ids of rules.
func completed(name string) (choices []string, file bool) {
	if name == "RULE" {
		return ruleIDs(), false
	}
	return values(name)
}

// verbNames are the names and aliases of verbs.
func verbNames(verbs []*cli.Command) []string {
	var names []string
	for _, verb := range verbs {
		names = append(names, verb.Names()...)
	}
	return names
}

// dashed are the names of a flag as they are typed, the long one first.
func dashed(flag cli.Flag) []string {
	var names []string
	for _, name := range flag.Names() {
		if len(name) == 1 {
			names = append(names, "-"+name)
		} else {
			names = append(names, "--"+name)
		}
	}
	return names
}
