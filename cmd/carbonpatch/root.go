package main

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// rootFlag is for verbs whose HOME may be in the file system of an image.
func rootFlag() cli.Flag {
	return &cli.StringFlag{Name: "root", Usage: "`DIR` is / to the home, as in an image that is being built: HOME is a path below it, and links are followed there", EnvVars: environment("root")}
}

// root is the real path of the folder that is / to the homes, or "" where that is the one of this machine.
type root string

// openRoot finds the folder that --root names, if it names one.
func openRoot(name string) (root, error) {
	if name == "" {
		return "", nil
	}
	refuse := func(message string) (root, error) {
		return "", patch.Problems{{File: name, Message: message, Hint: "--root names the folder that holds the file system of the image"}}
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return refuse("can't open the root: " + patch.Reason(err))
	case !info.IsDir():
		return refuse("can't open the root: it is no folder")
	}
	if machine, err := os.Stat("/"); err == nil && os.SameFile(info, machine) {
		return "", nil
	}
	real, err := product.Below(name, ".")
	if err != nil {
		return refuse("can't open the root: " + patch.Reason(err))
	}
	return root(real), nil
}

// real is the path that the path of a home means.
func (r root) real(path string) (string, error) {
	if r == "" {
		return filepath.Abs(path)
	}
	return product.Below(string(r), path)
}

// stat looks at the path of a home.
func (r root) stat(path string) (fs.FileInfo, error) {
	real, err := r.real(path)
	if err != nil {
		return nil, err
	}
	return os.Stat(real)
}

// home is the real path of the home that is called so.
func (r root) home(path string) (string, error) {
	dir, err := r.real(path)
	if err == nil {
		return dir, nil
	}
	p := &patch.Problem{File: path, Message: "can't open the home: " + patch.Reason(err)}
	if r != "" {
		p.Hint = "HOME is a path below " + string(r)
	}
	return "", patch.Problems{p}
}

// homeArguments are the arguments of a command for the home, wherever it is run.
func homeArguments(home *product.Home) string {
	if home.Root == "" {
		return quote(home.Dir)
	}
	return "--root " + quote(home.Root) + " " + quote(home.DirInRoot())
}
