package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles/lint"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// readNodes reads the homes that the arguments name, or the one that is meant without any. All that can't be read is reported together.
func (con *console) readNodes(c *cli.Context) ([]*lint.Node, error) {
	dirs, err := con.homeDirs(c)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	names, nodes, errs := nodeNames(dirs), make([]*lint.Node, len(dirs)), make([]error, len(dirs))
	for i, dir := range dirs {
		con.keep(dir, absolute(dir), names[i])
		errs[i] = con.checkPending(dir)
	}
	inParallel(len(dirs), func(i int) {
		if errs[i] == nil && c.Context.Err() == nil {
			nodes[i], errs[i] = con.readNode(dirs[i], names[i])
		}
	})
	if err := c.Context.Err(); err != nil {
		return nil, err
	}
	con.log.Info("homes read", zap.Int("homes", len(dirs)), since(start))
	if len(dirs) > 1 {
		for i, dir := range dirs {
			errs[i] = inHome(dir, errs[i])
		}
	}
	return nodes, errors.Join(errs...)
}

// homeDirs are the homes that the arguments name, as they are given there, or their real paths where --root is given.
func (con *console) homeDirs(c *cli.Context) ([]string, error) {
	args := c.Args().Slice()
	if len(args) < 2 {
		dir, err := con.homeDir(c, args)
		return []string{dir}, err
	}
	if err := con.enterRoot(c); err != nil {
		return nil, err
	}
	dirs := slices.Clone(args)
	seen := map[string]string{}
	for i, arg := range args {
		if con.root != "" {
			var err error
			if dirs[i], err = con.root.home(arg); err != nil {
				return nil, err
			}
		}
		dir, err := filepath.EvalSymlinks(dirs[i])
		if err != nil { // which is told with all else that is wrong
			dir = dirs[i]
		}
		if other, ok := seen[absolute(dir)]; ok {
			return nil, wrongUsage(fmt.Sprintf("%q and %q are the same home", other, arg), "a cluster has each node once")
		}
		seen[absolute(dir)] = arg
	}
	return dirs, nil
}

// readNode reads a home. The error is all that is wrong with it.
func (con *console) readNode(dir, name string) (*lint.Node, error) {
	home, err := con.detect(dir)
	if home == nil {
		return nil, err
	}
	node, readErr := product.ReadNode(home)
	return &lint.Node{Node: node, Name: name}, errors.Join(err, readErr)
}

// nodeNames name the nodes by their folders, with as many of those above as it takes to tell them apart.
func nodeNames(dirs []string) []string {
	names := make([]string, len(dirs))
	for parts := 1; ; parts++ {
		taken := map[string]int{}
		for i, dir := range dirs {
			names[i] = cmp.Or(lastParts(absolute(dir), parts), "/")
			taken[names[i]]++
		}
		if len(taken) == len(dirs) {
			return names
		}
	}
}

// lastParts are the last n parts of a path.
func lastParts(path string, n int) string {
	parts := strings.Split(strings.Trim(filepath.ToSlash(path), "/"), "/")
	return strings.Join(parts[max(0, len(parts)-n):], "/")
}

// homeError is an error of one of several homes, with the paths of files below that home.
type homeError struct {
	patch.Problems
	err error
}

func (e *homeError) Unwrap() error { return e.err }

// As makes its own problems those that are found.
func (e *homeError) As(target any) bool {
	problems, ok := target.(*patch.Problems)
	if ok {
		*problems = e.Problems
	}
	return ok
}

func inHome(dir string, err error) error {
	if err == nil {
		return nil
	}
	e := &homeError{err: err}
	for _, p := range problemsOf(err) {
		told := *p
		if told.File != dir {
			told.File = filepath.Join(dir, told.File)
		}
		e.Problems = append(e.Problems, &told)
	}
	return e
}

// inParallel calls f for 0 to n-1 on all processors. It panics as f does.
func inParallel(n int, f func(int)) {
	var next atomic.Int64
	var bug atomic.Pointer[error]
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			defer func() {
				if cause := recover(); cause != nil {
					err := newBug(cause)
					bug.Store(&err)
				}
			}()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		})
	}
	workers.Wait()
	if err := bug.Load(); err != nil {
		panic(*err)
	}
}
