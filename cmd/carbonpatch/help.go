package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

const helpWidth = 80

// writeHelp gives the library what it prints when help is asked for.
func writeHelp(app *cli.App) {
	app.CustomAppHelpTemplate = programHelp(app)
	writeVerbsHelp(app.Commands, app.Name)
}

func writeVerbsHelp(verbs []*cli.Command, path string) {
	for _, verb := range verbs {
		verb.CustomHelpTemplate = verbHelp(path+" "+verb.Name, verb)
		writeVerbsHelp(verb.Subcommands, path+" "+verb.Name)
	}
}

// programHelp is what "carbonpatch help" prints.
func programHelp(app *cli.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\nusage: %s VERB [flags] [HOME]\n\n", app.Name, app.Usage, app.Name)
	for _, verb := range app.VisibleCommands() {
		writeRow(&b, strings.TrimSpace(verb.Name+" "+verb.ArgsUsage), verbUsage(verb), 28)
	}
	fmt.Fprintf(&b, "\n%s\n\nExit codes\n", strings.Join(wrap(homeText, helpWidth), "\n"))
	for _, row := range exitCodes() {
		writeRow(&b, fmt.Sprintf("%3d", row.code), row.meaning, 7)
	}
	fmt.Fprintf(&b, "\nMore: %s VERB --help, %s man\n", app.Name, app.Name)
	return b.String()
}

// shownVerbs are the verbs that people are told of. The others are called by programs.
func shownVerbs(verbs []*cli.Command) []*cli.Command {
	return slices.DeleteFunc(slices.Clone(verbs), func(verb *cli.Command) bool { return verb.Hidden })
}

// verbHelp is what "carbonpatch VERB --help" prints.
func verbHelp(path string, verb *cli.Command) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\nusage: %s\n\n", path, verbUsage(verb), synopsis(path, verb))
	if verb.Description != "" {
		fmt.Fprintf(&b, "%s\n\n", strings.Join(wrap(verb.Description, helpWidth), "\n"))
	}
	for _, sub := range verb.Subcommands {
		writeRow(&b, strings.TrimSpace(sub.Name+" "+sub.ArgsUsage), sub.Usage, 28)
	}
	if len(verb.Subcommands) > 0 {
		b.WriteString("\n")
	}
	for _, f := range verb.Flags {
		flag := f.(cli.DocGenerationFlag)
		writeRow(&b, flagSyntax(flag), flagUsage(flag), 32)
	}
	fmt.Fprintf(&b, "\n%s\n", strings.Join(wrap(environmentText, helpWidth), "\n"))
	return b.String()
}

const (
	homeText = "HOME is the folder of an unpacked product; left out, $CARBON_HOME, or else the working directory if it is one. " +
		"Flags may stand before or after it."
	environmentText = "Flags may come from the environment, as --lock-timeout from CARBONPATCH_LOCK_TIMEOUT; " +
		"--set, --show-secrets and --force flags may not. A flag wins over the environment."
)

func synopsis(path string, verb *cli.Command) string {
	words := []string{path}
	if len(verb.Subcommands) > 0 {
		var names []string
		for _, sub := range verb.Subcommands {
			names = append(names, strings.TrimSpace(sub.Name+" "+sub.ArgsUsage))
		}
		words = append(words, "["+strings.Join(names, " | ")+"]")
	}
	words = append(words, "[flags]", verb.ArgsUsage)
	return strings.TrimSpace(strings.Join(words, " "))
}

func verbUsage(verb *cli.Command) string {
	if len(verb.Aliases) == 0 {
		return verb.Usage
	}
	return fmt.Sprintf("%s (alias: %s)", verb.Usage, strings.Join(verb.Aliases, ", "))
}

// flagSyntax is "-f, --cluster FILE".
func flagSyntax(flag cli.DocGenerationFlag) string {
	names := flag.Names()
	syntax := "    --" + names[0]
	if len(names) > 1 {
		syntax = "-" + names[1] + ", --" + names[0]
	}
	return strings.TrimRight(syntax+" "+placeholder(flag), " ")
}

// flagUsage is the usage without the marks of the placeholder, or without that where it lists choices.
func flagUsage(flag cli.DocGenerationFlag) string {
	usage := strings.ReplaceAll(flag.GetUsage(), "`", "")
	if choices(placeholder(flag)) != nil {
		usage = strings.TrimSuffix(usage, ": "+placeholder(flag))
	}
	if value := flag.GetDefaultText(); flag.TakesValue() && value != "" && value != `""` {
		usage += " (default " + strings.Trim(value, `"`) + ")"
	}
	return usage
}

// writeRow writes a name and, from column indent on, what it means.
func writeRow(b *strings.Builder, name, meaning string, indent int) {
	lines := wrap(meaning, helpWidth-indent)
	if len(name)+4 > indent {
		lines = append([]string{""}, lines...)
	}
	for i, line := range lines {
		if i > 0 {
			name = ""
		}
		b.WriteString(strings.TrimRight(fmt.Sprintf("  %-*s%s", indent-2, name, line), " ") + "\n")
	}
}

// wrap breaks text between words into lines of at most width characters; a longer word has its own line.
func wrap(text string, width int) []string {
	var lines []string
	for word := range strings.SplitSeq(text, " ") {
		last := len(lines) - 1
		if last < 0 || len(lines[last])+1+len(word) > width {
			lines = append(lines, word)
		} else {
			lines[last] += " " + word
		}
	}
	return lines
}
