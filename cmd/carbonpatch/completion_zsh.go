package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

func zshCompletion(verbs []*cli.Command) string {
	var b strings.Builder
	b.WriteString("#compdef carbonpatch\n")
	writeZshFunction(&b, "_carbonpatch", &cli.Command{Subcommands: verbs})
	b.WriteString("if [[ $funcstack[1] == _carbonpatch ]]; then\n  _carbonpatch \"$@\"\nelse\n  compdef _carbonpatch carbonpatch\nfi\n")
	return b.String()
}

// writeZshFunction writes the function that completes what follows verb, and those for its own verbs.
func writeZshFunction(b *strings.Builder, name string, verb *cli.Command) {
	fmt.Fprintf(b, "%s() {\n  local context state state_descr line\n  typeset -A opt_args\n  _arguments -C", name)
	for _, f := range verb.Flags {
		fmt.Fprintf(b, " \\\n    %s", zshFlag(f.(cli.DocGenerationFlag)))
	}
	if len(verb.Subcommands) == 0 {
		fmt.Fprintf(b, " \\\n    %s\n}\n", zshQuote("*:"+zshEscape(verb.ArgsUsage)+":"+zshValues(verb.ArgsUsage)))
		return
	}
	b.WriteString(" \\\n    '1:verb:->verb' \\\n    '*::argument:->argument'\n  local -a verbs=(\n")
	for _, sub := range verb.Subcommands {
		for _, subName := range sub.Names() {
			fmt.Fprintf(b, "    %s\n", zshQuote(subName+":"+sub.Usage))
		}
	}
	b.WriteString("  )\n  case $state in\n  verb) _describe verb verbs ;;\n  argument)\n    case $line[1] in\n")
	for _, sub := range verb.Subcommands {
		fmt.Fprintf(b, "    %s) %s_%s ;;\n", strings.Join(sub.Names(), "|"), name, sub.Name)
	}
	b.WriteString("    esac ;;\n  esac\n}\n")
	for _, sub := range verb.Subcommands {
		writeZshFunction(b, name+"_"+sub.Name, sub)
	}
}

// zshFlag is the specification of a flag; its value may be joined to it or follow.
func zshFlag(flag cli.DocGenerationFlag) string {
	names := dashed(flag)
	spec := "[" + zshEscape(flagUsage(flag)) + "]"
	if flag.TakesValue() {
		names[0] += "="
		if len(names) > 1 {
			names[1] += "+"
		}
		spec += ":" + zshEscape(placeholder(flag)) + ":" + zshValues(placeholder(flag))
	}
	if len(names) == 1 {
		return zshQuote("*" + names[0] + spec)
	}
	return "'*'{" + strings.Join(names, ",") + "}" + zshQuote(spec)
}

func zshValues(name string) string {
	choices, file := completed(name)
	switch {
	case file:
		return "_files"
	case choices != nil:
		return "(" + strings.Join(choices, " ") + ")"
	}
	return " "
}

func zshQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// zshEscape escapes what means something in a specification.
func zshEscape(text string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`).Replace(text)
}
