package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

const homepage = "https://github.com/carbonpatch/carbonpatch"

func versionVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:   "version",
		Usage:  "print the version",
		Flags:  everywhere("text|json"),
		Action: func(*cli.Context) error { return printVersion(con) },
	}
}

type versionJSON struct {
	Schema  int    `json:"schema"`
	Version string `json:"version"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

func printVersion(con *console) error {
	if con.format == "json" {
		con.printJSON(versionJSON{Schema: 1, Version: version(), Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH})
		return nil
	}
	con.out.print(fmt.Sprintf("carbonpatch %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH))
	return nil
}

// released is the version of a release, which its build sets.
var released string

// version is that of the release, or else that of the module, as the go command recorded it.
func version() string {
	if released != "" {
		return released
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
