package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

// bashCompletion needs nothing but bash: neither eval nor the bash-completion package.
func bashCompletion(verbs []*cli.Command) string {
	var find, words strings.Builder
	for _, verb := range verbs {
		writeBashVerb(&find, &words, "", verb)
	}
	return fmt.Sprintf(bashScript, strings.Join(verbNames(verbs), " "), strings.TrimRight(find.String(), "\n"), strings.TrimRight(words.String(), "\n"))
}

// writeBashVerb writes to find how the verb is recognized after parent, and to words what may follow it.
func writeBashVerb(find, words *strings.Builder, parent string, verb *cli.Command) {
	path := strings.TrimSpace(parent + " " + verb.Name)
	var patterns []string
	for _, name := range verb.Names() {
		patterns = append(patterns, fmt.Sprintf("%q", strings.TrimSpace(parent+" "+name)))
	}
	fmt.Fprintf(find, "        %s) verb=%q ;;\n", strings.Join(patterns, " | "), path)

	fmt.Fprintf(words, "    %q)\n        case $prev in\n", path)
	var flags []string
	for _, f := range verb.Flags {
		flag := f.(cli.DocGenerationFlag)
		flags = append(flags, dashed(flag)...)
		if flag.TakesValue() {
			fmt.Fprintf(words, "        %s) %s ;;\n", strings.Join(dashed(flag), " | "), bashValues(placeholder(flag)))
		}
	}
	arguments := bashValues(verb.ArgsUsage)
	if len(verb.Subcommands) > 0 {
		arguments = fmt.Sprintf("words='%s'", strings.Join(verbNames(verb.Subcommands), " "))
	}
	fmt.Fprintf(words, "        *) flags='%s'; %s ;;\n        esac ;;\n", strings.Join(flags, " "), arguments)
	for _, sub := range verb.Subcommands {
		writeBashVerb(find, words, path, sub)
	}
}

func bashValues(name string) string {
	choices, file := completed(name)
	switch {
	case file:
		return "files=1"
	case choices != nil:
		return fmt.Sprintf("words='%s'", strings.Join(choices, " "))
	}
	return ":"
}

const bashScript = `# bash completion for carbonpatch
_carbonpatch() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb= words='%s' flags=--help files= word
    # --flag=value comes as three words.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD-2]}
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case ${verb:+$verb }$word in
%s
        esac
    done
    [[ $verb ]] && words=
    case $verb in
%s
    esac
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
    elif [[ $files ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    else
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
    fi
}
complete -F _carbonpatch carbonpatch
`
