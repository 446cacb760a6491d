package main

import (
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"
	"golang.org/x/term"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/source"
	"github.com/carbonpatch/carbonpatch/xmlops"
)

// console is what a run reads and prints on: results on out, all else on err and log.
type console struct {
	in       io.Reader
	out, err *stream
	log      *zap.Logger
	began    time.Time
	format   string   // text, diff or json; or ansible, which only that verb has
	quiet    bool     // prints no text
	root     root     // of the homes
	clusters []string // the cluster files, as they were given
	written  bool     // files, as they were to be
	undo     string   // says how to undo that, if it can be undone
	private  bool     // --set did not come from a command line; as [cluster.Request] has it
	notes    []string // that were told beside the result
	warnings []string // that were, too
	// recovered says that a run that had been interrupted was finished or undone, of which notes tell.
	recovered bool
}

func newConsole(args []string, stdin io.Reader, stdout, stderr io.Writer) *console {
	con := &console{in: stdin, out: newStream(stdout), err: newStream(stderr), log: zap.NewNop(), began: time.Now()}
	con.format = askedFormat(args)
	if len(args) > 0 && args[0] == ansibleName {
		con.format = ansibleFormat
	}
	con.hide(typedSecrets(args)...)
	return con
}

// askedFormat is what --format or the environment asks for, as far as that can be seen before the flags are parsed: errors in
// them are reported so, too.
func askedFormat(args []string) string {
	format := os.Getenv("CARBONPATCH_FORMAT")
	for i, arg := range args {
		if value, joined := strings.CutPrefix(arg, "--format="); joined {
			format = value
		} else if arg == "--format" && i+1 < len(args) {
			format = args[i+1]
		}
	}
	return format
}

// configure takes the flags that every verb has.
func (con *console) configure(c *cli.Context) error {
	con.format, con.quiet = c.String("format"), c.Bool("quiet")
	con.out.adapt(c.String("color"))
	con.err.adapt(c.String("color"))
	verbosity := c.Count("verbose")
	if verbosity == 0 {
		var err error
		if verbosity, err = verbosityAsked(); err != nil {
			return err
		}
	}
	con.keepTyped(c)
	con.log = newLog(con.err, verbosity, c.String("log-format"))
	con.log.Info("started", zap.String("verb", strings.TrimPrefix(c.Command.HelpName, "carbonpatch ")), zap.String("version", version()))
	return nil
}

// printJSON prints a result as one object.
func (con *console) printJSON(v any) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(con.out.secrets.RedactReport(v)); err != nil {
		panic(err) // all that is printed can be encoded
	}
	con.out.write(text.String())
}

// interactive reports whether somebody can be asked.
func (con *console) interactive() bool {
	_, in := terminal(con.in)
	_, err := terminal(con.err.to)
	return in && err
}

// terminal returns the columns of v where it is a terminal.
func terminal(v any) (columns int, ok bool) {
	file, ok := v.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return 0, false
	}
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil || columns == 0 {
		columns = 80
	}
	return columns, true
}

// hide keeps secrets out of all that is printed from now on, besides those that are hidden already.
func (con *console) hide(secrets ...secret.Text) {
	con.out.secrets.Add(secrets...)
	con.err.secrets.Add(secrets...)
}

// keep lets texts stand in all that is printed from now on, though a secret may be a part of them: the names and paths that were
// typed, or that lie in the home.
func (con *console) keep(texts ...string) {
	for _, text := range texts {
		con.out.secrets.Keep(text, inLine(text))
		con.err.secrets.Keep(text, inLine(text))
	}
}

// keepTyped keeps the names and paths of the command line, and the paths as they are found.
func (con *console) keepTyped(c *cli.Context) {
	names := slices.Clone(c.StringSlice("cluster"))
	for _, name := range c.Args().Slice() {
		if _, err := os.Lstat(name); err == nil { // else it may be anything, NAME=VALUE for a --set that was forgotten among it
			names = append(names, name)
		}
	}
	for _, flag := range []string{"profile", "node", "role", "plan", "out", "root"} {
		names = append(names, c.String(flag))
	}
	for _, name := range names {
		con.keep(name, absolute(name))
	}
}

// typedSecrets are the secrets that stand in the command line, where they are refused: NAME=VALUE with the name of a secret, behind
// --set or alone, where that was forgotten, and what URLs hold.
func typedSecrets(args []string) []secret.Text {
	var all []secret.Text
	for _, arg := range args {
		name, value, _ := cutSelector(strings.TrimPrefix(arg, "--set="))
		if kind, literal := source.Split(value); kind == source.Literal && slices.ContainsFunc(settingNames(name, value), xmlops.Sensitive) {
			all = append(all, secret.New(literal))
		}
		for _, span := range patch.URLSecrets(value) {
			all = append(all, secret.New(value[span[0]:span[1]]))
		}
	}
	return all
}
