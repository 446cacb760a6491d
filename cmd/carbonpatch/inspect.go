package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

func inspectVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:      "inspect",
		Usage:     "say which product a home is, and the settings it has now",
		ArgsUsage: "[HOME]",
		Flags:     everywhere("text|json"),
		Action:    func(c *cli.Context) error { return inspect(c, con) },
	}
}

func inspect(c *cli.Context, con *console) error {
	dir, err := homeDir(c.Args().Slice())
	if err != nil {
		return err
	}
	home, err := con.detect(dir)
	if err != nil {
		return err
	}
	start := time.Now()
	found, err := findSettings(home)
	if err != nil {
		return err
	}
	con.log.Info("inspected", zap.Int("settings", len(found)), zap.Duration("took", time.Since(start)))
	switch {
	case con.format == "json":
		con.printJSON(inspectReport(home, found))
	case !con.quiet:
		con.out.print(con.out.headerText("inspect", productText(home)) + con.out.inspectText(home, found))
	}
	return nil
}

// findSettings reads the settings that any profile for the product knows.
func findSettings(home *product.Home) ([]profiles.Found, error) {
	var all []profiles.Found
	for _, name := range profiles.Names() {
		profile, err := profiles.Open(name)
		if err != nil {
			return nil, err
		}
		if profile.Fits(home) != nil {
			continue
		}
		found, err := profile.Inspect(home)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			if !slices.ContainsFunc(all, func(other profiles.Found) bool { return other.Setting.Name == f.Setting.Name }) {
				all = append(all, f)
			}
		}
	}
	return all, nil
}

type inspectJSON struct {
	Schema   int                  `json:"schema"`
	Home     string               `json:"home"`
	Product  *patch.ProductReport `json:"product"`
	Settings map[string]any       `json:"settings"`
}

func inspectReport(home *product.Home, found []profiles.Found) inspectJSON {
	settings := map[string]any{}
	for _, f := range found {
		settings[f.Setting.Name] = settingJSON(f.Value)
	}
	return inspectJSON{Schema: 1, Home: home.Dir, Product: productReport(home), Settings: settings}
}

// settingJSON is a text, a list of objects, or an object that says that the value is secret.
func settingJSON(v profiles.Value) any {
	switch {
	case v.Secret:
		return map[string]bool{"secret": true}
	case v.Items == nil:
		return shown(v)
	}
	items := make([]map[string]any, len(v.Items))
	for i, item := range v.Items {
		items[i] = map[string]any{}
		for name, field := range item {
			items[i][name] = settingJSON(field)
		}
	}
	return items
}

// shown is a single value as it may be shown.
func shown(v profiles.Value) string {
	if v.Secret {
		return patch.Mask
	}
	return patch.MaskURLs(v.Text)
}

// inspectText lists the settings by file.
func (s *stream) inspectText(home *product.Home, found []profiles.Found) string {
	text := fmt.Sprintf("The configuration is in %s; the server is %s.\n", home.ConfDir, runningText(home))
	var files []string
	rows := map[string][]row{}
	for _, f := range found {
		if rows[f.File] == nil {
			files = append(files, f.File)
		}
		rows[f.File] = append(rows[f.File], row{sign: " ", label: f.Setting.Name, value: settingText(f), line: fmt.Sprintf(":%d", f.Line)})
	}
	for _, file := range files {
		text += "\n" + s.paint(bold, inLine(file)) + "\n" + layout(rows[file], s.width)
	}
	return text
}

func runningText(home *product.Home) string {
	if home.PID == 0 {
		return "not running"
	}
	return fmt.Sprintf("running (pid %d)", home.PID)
}

// settingText is the value in one line; of a list, the fields of an item are joined by colons.
func settingText(f profiles.Found) string {
	if f.Value.Items == nil {
		return oneLine(shown(f.Value))
	}
	items := make([]string, len(f.Value.Items))
	for i, item := range f.Value.Items {
		var fields []string
		for _, field := range f.Setting.Type.Fields {
			if value, ok := item[field.Name]; ok {
				fields = append(fields, oneLine(shown(value)))
			}
		}
		items[i] = strings.Join(fields, ":")
	}
	return strings.Join(items, ", ")
}
