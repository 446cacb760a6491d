package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// homeDir is the absolute path of the home that the arguments name, and sets what is / to it.
func (con *console) homeDir(c *cli.Context, args []string) (string, error) {
	if err := con.enterRoot(c); err != nil {
		return "", err
	}
	return con.homeInRoot(args)
}

// enterRoot sets what is / to the homes.
func (con *console) enterRoot(c *cli.Context) (err error) {
	con.root, err = openRoot(c.String("root"))
	return err
}

// homeInRoot is [console.homeDir] where it is known what is / to the home.
func (con *console) homeInRoot(args []string) (string, error) {
	dir, err := con.root.homeDir(args)
	if err == nil {
		con.keep(dir)
	}
	return dir, err
}

// homeDir is the absolute path of the home that the arguments name: the first one, or $CARBON_HOME, or the working directory
// if it looks like a home. In an image that is where it begins.
func (r root) homeDir(args []string) (string, error) {
	switch {
	case len(args) > 1:
		return "", wrongUsage(fmt.Sprintf("one HOME is enough; %q is too much", args[1]), "")
	case len(args) == 1:
		return r.home(args[0])
	case os.Getenv("CARBON_HOME") != "":
		return r.home(os.Getenv("CARBON_HOME"))
	}
	for _, conf := range []string{"conf", "repository/conf"} {
		if _, err := r.stat(filepath.Join(conf, "carbon.xml")); err == nil {
			return r.home(".")
		}
	}
	if r != "" {
		return "", wrongUsage("no home given, and "+string(r)+" is none", "name the folder of the unpacked product below it, or set CARBON_HOME")
	}
	return "", wrongUsage("no home given, and the working directory is none", "name the folder of the unpacked product, or set CARBON_HOME")
}

// detect finds out what a home is, as far as that is known where its carbon.xml is broken.
func (con *console) detect(dir string) (*product.Home, error) {
	start := time.Now()
	home, err := product.DetectBelow(string(con.root), dir)
	if err != nil {
		return home, err
	}
	con.log.Info("home found", zap.String("home", dir), zap.String("product", home.Name), zap.String("version", home.Version),
		zap.String("conf", home.ConfDir), zap.Int("pid", home.PID), since(start))
	return home, nil
}

func productReport(home *product.Home) *patch.ProductReport {
	return &patch.ProductReport{Name: home.Name, Version: home.Version, Layout: string(home.Layout)}
}
