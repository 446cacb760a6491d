package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

func completionVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a script that completes verbs, flags and names in a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: "For this shell alone: source <(carbonpatch completion bash), or carbonpatch completion fish | source. For all: write it to " +
			"/etc/bash_completion.d/carbonpatch, for zsh to a file _carbonpatch in a folder of $fpath, for fish to " +
			"~/.config/fish/completions/carbonpatch.fish. Nodes and roles are those of the cluster file that the line names with -f, or else " +
			"CARBONPATCH_CLUSTER; no source in it is read.",
		Flags:  everywhere("text"),
		Action: func(c *cli.Context) error { return completion(c, con) },
	}
}

func completion(c *cli.Context, con *console) error {
	script := map[string]string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[c.Args().First()]
	if script == "" || c.NArg() != 1 {
		return wrongUsage("for which shell?", "carbonpatch completion bash, zsh or fish")
	}
	con.out.print(script)
	return nil
}

// choices are all that a value may be that help calls by this name, in lower case then; nil is anything.
func choices(name string) []string {
	if name == "" || name != strings.ToLower(name) {
		return nil
	}
	return strings.Split(name, "|")
}

// verbNames are the names and aliases of verbs that people are told of.
func verbNames(verbs []*cli.Command) []string {
	var names []string
	for _, verb := range shownVerbs(verbs) {
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
