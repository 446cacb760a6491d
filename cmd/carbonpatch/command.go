package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/source"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// commandText is a command line for another verb with the same home and the same flags of [wanted]. It shows no secret,
// neither one that the name of a setting tells nor one that plan writes or that is known else, and stays as it is when it is printed.
func (con *console) commandText(c *cli.Context, verb string, plan *patch.Plan) string {
	return con.commandWith(c, verb, c.Args().Slice(), plan, nil)
}

// commandWith is [console.commandText] with these arguments, and with other values for some flags; "" leaves one out.
func (con *console) commandWith(c *cli.Context, verb string, args []string, plan *patch.Plan, others map[string]string) string {
	written := secretsOf(plan)
	hide := func(value string) string { return con.err.secrets.Redact(written.Redact(value)) }
	words := append([]string{"carbonpatch", verb}, args...)
	for _, flag := range append(wanted(), rootFlag()) {
		names := dashed(flag)
		name := names[len(names)-1] // the short one where there is one
		switch flag.(type) {
		case *cli.StringSliceFlag:
			for _, value := range c.StringSlice(flag.Names()[0]) {
				if name == "--set" {
					value = maskSetting(value, hide)
				}
				words = append(words, name, value)
			}
		case *cli.BoolFlag:
			if c.Bool(flag.Names()[0]) {
				words = append(words, name)
			}
		default:
			value, isOther := others[flag.Names()[0]]
			if !isOther {
				value = c.String(flag.Names()[0])
			}
			if value != "" {
				words = append(words, name, value)
			}
		}
	}
	for i, word := range words {
		words[i] = quote(word)
	}
	text := strings.Join(words, " ")
	con.keep(text)
	return text
}

// secretsOf hides the secrets that plan writes.
func secretsOf(plan *patch.Plan) *patch.Redactor {
	var secrets []secret.Text
	for _, file := range plan.Files {
		for _, change := range file.Changes {
			if change.Secret {
				secrets = append(secrets, change.After)
			}
		}
	}
	return patch.NewRedactor(secrets...)
}

// maskSetting is SETTING=VALUE as it may be shown; hide masks what is known to be secret.
func maskSetting(text string, hide func(string) string) string {
	name, value, _ := strings.Cut(text, "=")
	if kind, _ := source.Split(value); kind != source.Literal || value == profiles.None {
		return text
	}
	if slices.ContainsFunc(settingNames(name, value), xmlops.Sensitive) {
		return name + "=" + patch.Mask
	}
	return name + "=" + patch.MaskURLs(hide(value))
}

// key is what stands before a colon: the name of a field where a value is a map or a list of maps.
var key = regexp.MustCompile(`([\w.-]+)["']?\s*:`)

// settingNames are the names of a setting and of all within it.
func settingNames(name, value string) []string {
	names := strings.Split(name, ".")
	for _, match := range key.FindAllStringSubmatch(value, -1) {
		names = append(names, match[1])
	}
	return names
}

// quote quotes a word for a shell where it needs it. What a terminal would obey is written as bash and zsh read it.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("%+,-./:=@_", r)
	}
	odd := func(r rune) bool { return !unicode.IsPrint(r) }
	switch {
	case strings.ContainsFunc(word, odd) || !utf8.ValidString(word):
		quoted := strconv.Quote(word)
		return "$'" + strings.ReplaceAll(quoted[1:len(quoted)-1], "'", `\'`) + "'"
	case word == "" || strings.TrimFunc(word, plain) != "":
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return word
}
