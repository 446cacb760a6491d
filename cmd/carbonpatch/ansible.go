package main

import (
	"context"
	"errors"
	"flag"
	"os/signal"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
)

// ansibleFormat prints one object, as Ansible wants it, whatever happens.
const ansibleFormat = "ansible"

const ansibleName = "ansible-module"

// ansibleVerb is the verb behind the module of deploy/ansible. It is for that alone, and not shown.
func ansibleVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:      ansibleName,
		Usage:     "apply with the options of an Ansible module",
		ArgsUsage: "FILE",
		Hidden:    true,
		Flags:     []cli.Flag{&cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "show this"}},
		Before:    func(*cli.Context) error { return nil }, // there are no flags to take
		Action:    func(c *cli.Context) error { return ansibleModule(c, con) },
	}
}

// ansibleModule does what the options in a file want, and prints the one object that Ansible reads.
func ansibleModule(c *cli.Context, con *console) error {
	signal.Ignore(syscall.SIGPIPE) // who reads the result must not end a run by going away
	if c.NArg() != 1 {
		return wrongUsage(ansibleName+" needs the FILE with the options of the module", "it is run by Ansible")
	}
	con.out.adapt("never")
	con.err.adapt("never")
	text, err := con.readFile(c.Context, c.Args().First())
	if errors.Is(err, context.Canceled) {
		return err
	}
	if err != nil {
		return patch.Problems{{File: c.Args().First(), Message: "cannot read: " + patch.Reason(err)}}
	}
	options, err := readAnsibleOptions(text)
	if err != nil {
		return err
	}
	apply, err := con.ansibleContext(c, options)
	if err != nil {
		return err
	}
	a, err := con.ansibleRun(apply, options)
	if err != nil {
		return err
	}
	con.printJSON(con.ansibleResult(a, options))
	return nil
}

// ansibleRun applies, or finds out what apply would do where only that is asked for.
func (con *console) ansibleRun(c *cli.Context, options *ansibleOptions) (*applied, error) {
	if !options.check {
		return con.applyHome(c)
	}
	t, err := con.readTarget(c)
	if err != nil {
		return nil, err
	}
	return con.planToApply(c, t)
}

// ansibleContext is the context of an apply with these options. Nothing but them counts: the flags are not looked for in the environment.
func (con *console) ansibleContext(c *cli.Context, options *ansibleOptions) (*cli.Context, error) {
	flags := flag.NewFlagSet("apply", flag.ContinueOnError)
	for _, f := range applyVerb(con).Flags {
		name := f.Names()[0]
		if err := withoutEnvironment(f).Apply(flags); err != nil {
			return nil, err
		}
		values := options.flags[name]
		switch _, isList := f.(*cli.StringSliceFlag); {
		case values == nil:
			continue
		case isList: // one by one they would be split at commas
			values = []string{cli.NewStringSlice(values...).Serialize()}
		}
		if err := flags.Set(name, values[0]); err != nil {
			return nil, err
		}
	}
	if err := flags.Parse([]string{"--yes", "--", options.home}); err != nil {
		return nil, err
	}
	apply := cli.NewContext(c.App, flags, c)
	con.in, con.private = strings.NewReader(options.content), true
	con.keepTyped(apply)
	return apply, nil
}

func withoutEnvironment(f cli.Flag) cli.Flag {
	switch f := f.(type) {
	case *cli.BoolFlag:
		f.EnvVars = nil
	case *cli.DurationFlag:
		f.EnvVars = nil
	case *cli.StringFlag:
		f.EnvVars = nil
	case *cli.StringSliceFlag:
		f.EnvVars = nil
	}
	return f
}
