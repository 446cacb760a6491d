package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

type bench struct {
	bin, home, tmp string
	runs           int
}

// command is something to run in a folder of its own, which prepare has filled.
type command struct {
	name    string
	args    []string
	stdin   string
	prepare func(dir string) error
	code    int // with which it exits where all is as it should be
}

// cost is what a run of a command took.
type cost struct {
	wall, cpu time.Duration
	rss       int64 // KiB, the peak
}

// table runs every command and prints medians, and how many times the first one each takes.
func (b *bench) table(title string, commands []command) error {
	fmt.Printf("\n%s\n\n%-44s %9s %9s %9s %8s\n", title, "", "wall ms", "cpu ms", "RSS MiB", "ratio")
	costs := make([][]cost, len(commands))
	for range b.runs { // in turns, so that noise of the machine meets all alike
		for i, c := range commands {
			one, err := b.measure(c)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			costs[i] = append(costs[i], one)
		}
	}
	first := median(costs[0], func(c cost) float64 { return c.wall.Seconds() })
	for i, c := range commands {
		wall := median(costs[i], func(c cost) float64 { return c.wall.Seconds() })
		cpu := median(costs[i], func(c cost) float64 { return c.cpu.Seconds() })
		rss := median(costs[i], func(c cost) float64 { return float64(c.rss) / 1024 })
		fmt.Printf("%-44s %9.1f %9.1f %9.1f %8.2f\n", c.name, wall*1000, cpu*1000, rss, wall/first)
	}
	return nil
}

func median(costs []cost, value func(cost) float64) float64 {
	var values []float64
	for _, c := range costs {
		values = append(values, value(c))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// measure runs c once in a fresh folder.
func (b *bench) measure(c command) (cost, error) {
	dir, err := os.MkdirTemp(b.tmp, "run")
	if err != nil {
		return cost{}, err
	}
	defer os.RemoveAll(dir)
	if err := c.prepare(dir); err != nil {
		return cost{}, err
	}
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Dir = dir
	if c.stdin != "" {
		cmd.Stdin = strings.NewReader(c.stdin)
	}
	start := time.Now()
	out, err := cmd.CombinedOutput()
	wall := time.Since(start)
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != c.code {
		return cost{}, fmt.Errorf("%w: %s", err, out)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), usage.Maxrss}, nil
}

// installed reports whether a peer is there, and says so if not.
func installed(name string) bool {
	if _, err := exec.LookPath(name); err == nil {
		return true
	}
	fmt.Printf("(%s is not installed)\n", name)
	return false
}

// hasModule reports whether Python has a module, and says so if not.
func hasModule(name string) bool {
	if exec.Command("python3", "-c", "import "+name).Run() == nil {
		return true
	}
	fmt.Printf("(python3 with %s is not installed)\n", name)
	return false
}

// self is this program as a peer.
func self(peer string, args ...string) []string {
	exe, err := os.Executable()
	if err != nil {
		exe = os.Args[0]
	}
	return append([]string{exe, "-peer", peer}, args...)
}

func copyFiles(from, to string, names []string) error {
	for _, name := range names {
		src, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, src, 0o644); err != nil {
			return err
		}
	}
	return nil
}
