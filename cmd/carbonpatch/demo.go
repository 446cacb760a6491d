package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

//go:embed demo
var demoFiles embed.FS // embedding needs a variable of the package; nothing writes it

func demoVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:        "demo",
		Usage:       "the whole round on a sample home: plan, apply, verify, apply again, rollback",
		Description: "The binary carries the sample home and its cluster file. They are written to a temporary folder that is removed at the end.",
		Flags:       everywhere("text"),
		Action:      func(c *cli.Context) error { return demo(c, con) },
	}
}

func demo(c *cli.Context, con *console) error {
	dir, err := os.MkdirTemp("", "carbonpatch-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := writeDemo(dir); err != nil {
		return err
	}
	return showDemo(c.Context, con, dir, c.String("color"))
}

// writeDemo writes the sample home, the cluster file and the secret that this names.
func writeDemo(dir string) error {
	sample, err := fs.Sub(demoFiles, "demo")
	if err != nil {
		return err
	}
	if err := os.CopyFS(dir, sample); err != nil {
		return err
	}
	file := filepath.Join(dir, "cluster.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte("/DEMO"), []byte(dir)), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "svn-password"), []byte("only-for-the-demo\n"), 0o600)
}

// demoStep is a command of the demo and why it is run.
type demoStep struct {
	why  string
	verb string
	args []string
}

func demoSteps() []demoStep {
	wanted := []string{"-f", "cluster.yaml", "--node", "manager"}
	return []demoStep{
		{"What would change on the node manager? Nothing is written.", "plan", wanted},
		{"Write it.", "apply", append(slices.Clip(wanted), "--yes")},
		{"Is the home as described?", "verify", wanted},
		{"Applying again changes nothing.", "apply", append(slices.Clip(wanted), "--yes")},
		{"Put everything back.", "rollback", []string{"--yes"}},
	}
}

// showDemo runs the steps in dir, as if they were typed there.
func showDemo(ctx context.Context, con *console, dir, color string) error {
	back, _ := os.Getwd() // who works in a removed folder need not go back
	if err := os.Chdir(dir); err != nil {
		return err
	}
	defer os.Chdir(back)
	before := snapshot(os.DirFS("home"))
	text, err := os.ReadFile("cluster.yaml")
	if err != nil {
		return err
	}
	con.out.print(fmt.Sprintf("# A sample home and a description of its cluster, in %s\n%s\n%s\n", dir, con.out.paint(bold, "$ cat cluster.yaml"), text))
	for _, step := range demoSteps() {
		args := slices.Concat([]string{step.verb, "home"}, step.args)
		command := "$ carbonpatch " + strings.Join(args, " ")
		con.out.print(fmt.Sprintf("# %s\n%s\n", step.why, con.out.paint(bold, command)))
		code := run(ctx, append(args, "--color", color, "--format", "text"), con.in, con.out.to, con.err.to)
		if err := ctx.Err(); err != nil {
			return err
		}
		if code != exitDone {
			return fmt.Errorf("%s: exit code %d", command, code)
		}
		con.out.print("\n")
	}
	if snapshot(os.DirFS("home")) != before {
		return errors.New("rollback did not restore the sample home")
	}
	con.out.print("The sample home is byte for byte what it was, and is removed now.\nOn your own: carbonpatch plan HOME -f cluster.yaml --node NAME\n")
	return nil
}

// snapshot is all that a folder holds, but for what the tool keeps there itself.
func snapshot(dir fs.FS) string {
	var b strings.Builder
	err := fs.WalkDir(dir, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".carbonpatch":
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		text, err := fs.ReadFile(dir, name)
		fmt.Fprintf(&b, "%s %q\n", name, text)
		return err
	})
	if err != nil {
		return err.Error()
	}
	return b.String()
}
