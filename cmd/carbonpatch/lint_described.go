package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/described"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
)

// lintDescribed is what the rules find in all nodes of a description, without any home.
func (con *console) lintDescribed(c *cli.Context) (*linted, error) {
	if len(c.StringSlice("only")) > 0 {
		return nil, wrongUsage("--only needs a HOME: a description is checked as a whole", "")
	}
	if c.String("phase") != "" {
		return nil, wrongUsage("--phase needs a HOME: a description is checked as a whole", "")
	}
	if err := con.checkWanted(c); err != nil {
		return nil, err
	}
	con.clusters = c.StringSlice("cluster")
	files, err := con.readClusters(c.Context, con.clusters)
	if err != nil {
		return nil, err
	}
	nodes, err := cluster.ResolveAll(cluster.Request{Files: files, Profile: c.String("profile"), Set: c.StringSlice("set"), Hide: con.hide})
	if exposed := (*cluster.ExposedError)(nil); errors.As(err, &exposed) {
		return nil, &usageError{exposed.Problems}
	}
	if err != nil {
		return nil, err
	}
	l := &linted{described: true}
	l.nodes, l.findings = described.Check(nodes, inParallel)
	slices.SortStableFunc(l.findings, func(f, g *lint.Finding) int {
		return slices.Index(con.clusters, f.Place.File.Path) - slices.Index(con.clusters, g.Place.File.Path)
	})
	l.silenceAll(nodes[0].Silenced)
	what := "a cluster"
	if name := nodes[0].Cluster; name != "" {
		what = "cluster " + name
	}
	l.about = []string{fmt.Sprintf("%s of profile %s, as described", what, nodes[0].Profile.Name)}
	for _, n := range nodes {
		con.keep(n.Name, n.Cluster)
	}
	return l, nil
}
