package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"

	"github.com/carbonpatch/carbonpatch/patch"
)

// run runs carbonpatch with args, which don't hold the program's name, and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	con := newConsole(args, stdin, stdout, stderr)
	if len(args) > 0 && args[0] == completeVerb {
		con.complete(args[1:])
		return exitDone
	}
	return recovered(con, func() error {
		if err := checkOpenFiles(); err != nil {
			return err
		}
		app := newApp(con)
		arguments, err := arrange(app, args)
		if err != nil {
			return err
		}
		if slices.Contains(arguments, "--help") {
			writeHelp(app)
		}
		return app.RunContext(ctx, arguments)
	})
}

// checkOpenFiles refuses to start where a run would not get far, or even not get through: the runtime itself needs a few files.
func checkOpenFiles() error {
	const enough = 64
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil || limit.Cur >= enough {
		return nil
	}
	return patch.Problems{{Message: fmt.Sprintf("no more than %d files may be open at a time", limit.Cur), Hint: fmt.Sprintf("ulimit -n %d, or more", enough)}}
}

// recovered reports the error of f, or that it panics, and returns the exit code.
func recovered(con *console, f func() error) (code int) {
	defer func() {
		if cause := recover(); cause != nil {
			code = con.finish(newBug(cause))
		}
	}()
	return con.finish(f())
}

func newApp(con *console) *cli.App {
	app := &cli.App{
		Name:                      "carbonpatch",
		Usage:                     "patch the configuration of an unpacked WSO2 Carbon product in place",
		Commands:                  verbs(con),
		Writer:                    con.out,
		ErrWriter:                 con.err,
		Flags:                     append(everywhere("text|diff|json"), &cli.BoolFlag{Name: "version", Usage: "print the version"}),
		Action:                    func(c *cli.Context) error { return noVerb(c, con) },
		OnUsageError:              wrongFlag,
		ExitErrHandler:            func(*cli.Context, error) {}, // or the library would exit
		DisableSliceFlagSeparator: true,                         // commas are data
		HideHelp:                  true,
		HideVersion:               true, // its flag would take -v
	}
	prepare(app.Commands, con)
	return app
}

// prepare gives verbs and their own verbs what all of them need.
func prepare(verbs []*cli.Command, con *console) {
	for _, verb := range verbs {
		verb.OnUsageError = wrongFlag
		verb.HideHelp = true
		if verb.Before == nil {
			verb.Before = con.configure
		}
		prepare(verb.Subcommands, con)
	}
}

func verbs(con *console) []*cli.Command {
	return []*cli.Command{
		planVerb(con), applyVerb(con), verifyVerb(con), rollbackVerb(con), historyVerb(con), lintVerb(con), editVerb(con), inspectVerb(con), initVerb(con),
		profilesVerb(con), demoVerb(con), schemaVerb(con), versionVerb(con), completionVerb(con), manVerb(con), ansibleVerb(con),
	}
}

func noVerb(c *cli.Context, con *console) error {
	if c.Bool("version") {
		return printVersion(con)
	}
	return wrongUsage("no verb given", `"carbonpatch help" lists them; "carbonpatch demo" shows the whole round`)
}

func wrongFlag(_ *cli.Context, err error, _ bool) error { return wrongUsage(err.Error(), "") }
