package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// A flag's usage names its value in backquotes: `a|b|c` are all that may be given, and by other names, as `FILE`, [typing.called] completes it.

// everywhere are the flags that every verb has; formats are those that the verb can print.
func everywhere(formats string) []cli.Flag {
	format := &cli.StringFlag{Name: "format", Value: "text", Usage: "what to print: `" + formats + "`"}
	if strings.Contains(formats, "|") { // else there is nothing to choose for the environment
		format.EnvVars = environment("format")
	}
	return []cli.Flag{
		format,
		&cli.StringFlag{Name: "color", Value: "auto", Usage: "when to use color: `auto|always|never`", EnvVars: environment("color")},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "print errors, and what --format asks for, but no text", EnvVars: environment("quiet")},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Count: new(int), Usage: "log what is read, found and decided to standard error; twice, or CARBONPATCH_VERBOSE=2, for more"},
		&cli.StringFlag{Name: "log-format", Value: "console", Usage: "form of the log: `console|json`", EnvVars: environment("log-format")},
		&cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "show this"},
	}
}

// wanted are the flags that say how a home should be.
func wanted() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "cluster", Aliases: []string{"f"}, Usage: "the cluster `FILE`; of several, later ones win; - is standard input", EnvVars: environment("cluster"), KeepSpace: true},
		&cli.StringFlag{Name: "node", Usage: "the `NAME` or address of the node in the cluster file, or where that stands: env:NAME, file:PATH, fact:hostname, fact:ip, imds:PATH; left out, the node that has an address of this machine", EnvVars: environment("node")},
		&cli.StringFlag{Name: "role", Usage: "the `ROLE` of a node that the cluster file doesn't list, or of --profile", EnvVars: environment("role")},
		&cli.StringFlag{Name: "phase", Usage: "image leaves open what only the node knows, node completes it: `image|node`; left out, both at once", EnvVars: environment("phase")},
		&cli.StringFlag{Name: "profile", Usage: "the profile, a name or a `FILE`, in place of that of the cluster file", EnvVars: environment("profile")},
		&cli.StringSliceFlag{Name: "set", Usage: "`SETTING=VALUE` wins over all files; a secret must be env:NAME or file:PATH", KeepSpace: true},
		&cli.StringSliceFlag{Name: "only", Usage: "only files whose name, or path below the home, matches `GLOB`; ** is any number of folders", EnvVars: environment("only"), KeepSpace: true},
		&cli.BoolFlag{Name: "force-product", Usage: "take a product that the profile is not made for"},
	}
}

func detailedExitcode() cli.Flag {
	return &cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 2 when there are changes", EnvVars: environment("detailed-exitcode")}
}

func yes() cli.Flag {
	return &cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Usage: "do not ask", EnvVars: environment("yes")}
}

func lockTimeout() cli.Flag {
	return &cli.DurationFlag{Name: "lock-timeout", Value: 30 * time.Second, Usage: "wait at most this `TIME` for another run to end", EnvVars: environment("lock-timeout")}
}

// environment names the variable that a flag may come from, unless that is empty. Flags that weaken a check or show secrets
// have none, nor has --set.
func environment(flag string) []string {
	name := "CARBONPATCH_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
	if os.Getenv(name) == "" {
		return nil
	}
	return []string{name}
}

// placeholder is the name of the value that flag takes.
func placeholder(flag cli.DocGenerationFlag) string {
	if parts := strings.SplitN(flag.GetUsage(), "`", 3); flag.TakesValue() && len(parts) == 3 {
		return parts[1]
	}
	return ""
}

// checkValue says what is wrong with a value for flag, which came from where: --flag or the environment. The value of a flag
// that may hold a secret is never wrong here.
func checkValue(flag cli.DocGenerationFlag, from, value string) error {
	possible := choices(placeholder(flag))
	if value == "" && flag.TakesValue() { // it would count as left out, as a variable that is not set does
		return wrongUsage(fmt.Sprintf("%s needs a value: %s", from, placeholder(flag)), "leave it out if that is meant")
	}
	switch flag.(type) {
	case *cli.BoolFlag:
		if _, err := strconv.ParseBool(value); err != nil {
			return wrongUsage(fmt.Sprintf("%s=%s: neither true nor false", from, value), "true and 1, false and 0 are understood")
		}
	case *cli.DurationFlag:
		if d, err := time.ParseDuration(value); err != nil || d < 0 {
			return wrongUsage(fmt.Sprintf("%s=%s: not a time", from, value), "a number and a unit, as 30s or 5m")
		}
	}
	switch {
	case possible == nil, slices.Contains(possible, value):
		return nil
	case len(possible) == 1:
		return wrongUsage(fmt.Sprintf("%s=%s: only %s is possible here", from, value, possible[0]), "")
	}
	return wrongUsage(fmt.Sprintf("%s=%s: not one of %s", from, value, strings.Join(possible, ", ")), "")
}

// checkEnvironment refuses a value of the environment that flag can't take.
func checkEnvironment(flag cli.Flag) error {
	for _, name := range flag.(cli.DocGenerationFlag).GetEnvVars() {
		if err := checkValue(flag.(cli.DocGenerationFlag), name, os.Getenv(name)); err != nil {
			return err
		}
	}
	return nil
}

// verbosityAsked is how often the environment says --verbose: CARBONPATCH_VERBOSE is a number, or true or false.
func verbosityAsked() (int, error) {
	const name = "CARBONPATCH_VERBOSE"
	value := os.Getenv(name)
	if n, err := strconv.Atoi(value); err == nil && n >= 0 {
		return n, nil
	}
	switch asked, err := strconv.ParseBool(value); {
	case value == "":
		return 0, nil
	case err != nil:
		return 0, wrongUsage(fmt.Sprintf("%s=%s: neither a number nor true or false", name, value), "1 logs what is read, found and decided, 2 more")
	case asked:
		return 1, nil
	}
	return 0, nil
}

func dryRun(usage string) cli.Flag {
	return &cli.BoolFlag{Name: "dry-run", Usage: usage, EnvVars: environment("dry-run")}
}
