package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

func fishCompletion(verbs []*cli.Command) string {
	var b strings.Builder
	b.WriteString("# fish completion for carbonpatch\ncomplete -c carbonpatch -f\n")
	writeFishVerbs(&b, "__fish_use_subcommand", verbs)
	return b.String()
}

// writeFishVerbs writes the verbs that are possible under a condition, and what may follow them.
func writeFishVerbs(b *strings.Builder, condition string, verbs []*cli.Command) {
	for _, verb := range verbs {
		seen := "__fish_seen_subcommand_from " + strings.Join(verb.Names(), " ")
		for _, name := range verb.Names() {
			fmt.Fprintf(b, "complete -c carbonpatch -n '%s' -a %s -d '%s'\n", condition, name, fishText(verb.Usage))
		}
		for _, flag := range verb.Flags {
			fmt.Fprintf(b, "complete -c carbonpatch -n '%s' %s\n", seen, fishFlag(flag.(cli.DocGenerationFlag)))
		}
		switch choices, file := completed(verb.ArgsUsage); {
		case file:
			fmt.Fprintf(b, "complete -c carbonpatch -n '%s' -F\n", seen)
		case choices != nil:
			fmt.Fprintf(b, "complete -c carbonpatch -n '%s' -a '%s'\n", seen, strings.Join(choices, " "))
		}
		if subs := strings.Join(verbNames(verb.Subcommands), " "); subs != "" {
			writeFishVerbs(b, seen+"; and not __fish_seen_subcommand_from "+subs, verb.Subcommands)
		}
	}
}

func fishFlag(flag cli.DocGenerationFlag) string {
	spec := "-l " + flag.Names()[0]
	if len(flag.Names()) > 1 {
		spec += " -s " + flag.Names()[1]
	}
	switch choices, file := completed(placeholder(flag)); {
	case file:
		spec += " -r -F"
	case choices != nil:
		spec += fmt.Sprintf(" -x -a '%s'", strings.Join(choices, " "))
	case flag.TakesValue():
		spec += " -x"
	}
	return fmt.Sprintf("%s -d '%s'", spec, fishText(flagUsage(flag)))
}

func fishText(text string) string {
	return strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text)
}
