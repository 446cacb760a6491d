package main

import (
	"errors"
	"slices"
	"time"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

func inspectVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:        "inspect",
		Usage:       "say which product a home is, and the settings it has now",
		ArgsUsage:   "[HOME]",
		Description: "With --format yaml it is a cluster file to begin with: applied to that home, it changes nothing that carbonpatch has configured. Secrets are left out.",
		Flags: append([]cli.Flag{
			profileFlag("as this profile has them, a name or a `FILE`; left out, as those have them that are made for the product"),
			rootFlag(),
		}, everywhere("text|json|yaml")...),
		Action: func(c *cli.Context) error { return inspect(c, con) },
	}
}

// inspect prints what can be read. What can't be is reported all the same.
func inspect(c *cli.Context, con *console) error {
	dir, err := con.readHome(c)
	if err != nil {
		return err
	}
	home, homeErr := con.detect(dir)
	if home == nil {
		return homeErr
	}
	start := time.Now()
	names, all, err := profilesFor(c, home, homeErr == nil)
	if err != nil {
		return err
	}
	if con.format == "yaml" {
		text, err := existingFile(home, names, all)
		con.out.print(text)
		return errors.Join(homeErr, err)
	}
	found, err := findSettings(home, all)
	con.log.Info("inspected", zap.Int("settings", len(found)), since(start))
	err = errors.Join(homeErr, err)
	switch {
	case con.format == "json" && err == nil:
		con.printJSON(inspectReport(home, found))
	case con.format == "text" && !con.quiet:
		con.out.print(con.out.headerText("inspect", home.String()) + con.out.inspectText(home, found))
	}
	return err
}

// profilesFor are the profile that is asked for, or all embedded ones for the product, which is known or not, with the names
// that they go by.
func profilesFor(c *cli.Context, home *product.Home, known bool) (names []string, all []*profiles.Profile, err error) {
	if name := c.String("profile"); name != "" {
		profile, err := profiles.Open(name)
		if err == nil && known {
			err = profile.Fits(home)
		}
		return []string{name}, []*profiles.Profile{profile}, err
	}
	embedded, err := profiles.OpenAll(profiles.Names())
	for _, profile := range embedded {
		if profile.Fits(home) == nil {
			names, all = append(names, profile.Name), append(all, profile)
		}
	}
	return names, all, err
}

// existingFile is a cluster file of what a home has. Of several profiles it is for the nearest of those that are made for
// the product.
func existingFile(home *product.Home, names []string, all []*profiles.Profile) (string, error) {
	made := slices.ContainsFunc(all, func(p *profiles.Profile) bool { return len(p.Products) > 0 })
	var found []*cluster.Existing
	var errs []error
	for _, p := range all {
		if made && len(p.Products) == 0 {
			continue
		}
		existing, err := cluster.Inspect(home, p)
		found, errs = append(found, existing), append(errs, err)
	}
	nearest := cluster.Nearest(found)
	return string(nearest.File(names[slices.Index(all, nearest.Profile)])), patch.JoinProblems(errs...)
}

// findSettings reads the settings that any of the profiles knows.
func findSettings(home *product.Home, from []*profiles.Profile) ([]profiles.Found, error) {
	var all []profiles.Found
	var errs []error
	for _, profile := range from {
		found, err := profile.Inspect(home)
		errs = append(errs, err)
		for _, f := range found {
			if !slices.ContainsFunc(all, func(other profiles.Found) bool { return other.Setting.Name == f.Setting.Name }) {
				all = append(all, f)
			}
		}
	}
	return all, patch.JoinProblems(errs...)
}
