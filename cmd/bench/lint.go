package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// clusterSize is how many homes are linted in one run.
const clusterSize = 200

// lint compares the linting of a home with planning it, and measures that of a whole cluster.
func (b *bench) lint() error {
	stage := filepath.Join(b.tmp, "whole")
	if err := os.CopyFS(stage, os.DirFS(b.home)); err != nil {
		return err
	}
	file := filepath.Join(b.tmp, "cluster.yaml")
	if err := os.WriteFile(file, []byte(cluster), 0o600); err != nil {
		return err
	}
	stay := func(string) error { return nil }
	err := b.table("A whole home: linting it against planning it", []command{
		{name: "carbonpatch plan, without lint", args: []string{b.bin, "apply", stage, "-f", file, "--node", "manager", "-q", "--dry-run", "--no-lint"}, prepare: stay},
		{name: "carbonpatch plan", args: []string{b.bin, "plan", stage, "-f", file, "--node", "manager", "-q"}, prepare: stay},
		{name: "carbonpatch lint", args: []string{b.bin, "lint", stage, "-q"}, prepare: stay},
	})
	if err != nil {
		return err
	}
	homes, err := b.clusterOf(stage)
	if err != nil {
		return err
	}
	return b.table(fmt.Sprintf("A cluster of %d homes, in one run", clusterSize), []command{
		{name: "carbonpatch lint, text", args: append([]string{b.bin, "lint"}, homes...), prepare: stay, code: 2},
		{name: "carbonpatch lint, JSON", args: append([]string{b.bin, "lint", "--format", "json"}, homes...), prepare: stay, code: 2},
	})
}

// clusterOf makes the homes of a cluster, each with clustering enabled and an address of its own.
func (b *bench) clusterOf(stage string) ([]string, error) {
	var homes []string
	for i := range clusterSize {
		home := filepath.Join(b.tmp, "node"+strconv.Itoa(i+1))
		if err := os.CopyFS(home, os.DirFS(stage)); err != nil {
			return nil, err
		}
		name := filepath.Join(home, homeFiles[0])
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		src = bytes.Replace(src, []byte(`enable="false"`), []byte(`enable="true"`), 1)
		src = bytes.Replace(src, []byte(`<parameter name="localMemberHost">127.0.0.1<`), fmt.Appendf(nil, `<parameter name="localMemberHost">10.0.0.%d<`, i+1), 1)
		if err := os.WriteFile(name, src, 0o644); err != nil {
			return nil, err
		}
		homes = append(homes, home)
	}
	return homes, nil
}
