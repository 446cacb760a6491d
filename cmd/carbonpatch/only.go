package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
)

// only keeps the files that --only asks for. A pattern matches the path of a file below the home, or, if it has no slash, its
// name; ** stands for any number of folders. Each pattern must match a file.
func only(files []patch.File, patterns []string) ([]patch.File, error) {
	if len(patterns) == 0 {
		return files, nil
	}
	var paths []string
	for _, file := range files {
		paths = append(paths, file.Paths...)
	}
	var problems patch.Problems
	for _, pattern := range patterns {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, wrongUsage(fmt.Sprintf("--only %s: %v", pattern, err), "")
		}
		if !slices.ContainsFunc(paths, func(name string) bool { return matches(pattern, name) }) {
			problems = append(problems, &patch.Problem{Message: fmt.Sprintf("--only %s matches no file", pattern), Hint: "there are " + strings.Join(paths, ", ")})
		}
	}
	var kept []patch.File
	for _, file := range files {
		if matchesAny(file.Paths, patterns) {
			kept = append(kept, file)
		}
	}
	return kept, problems.Err()
}

func matchesAny(paths, patterns []string) bool {
	return slices.ContainsFunc(paths, func(name string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, name) })
	})
}

func matches(pattern, name string) bool {
	if !strings.Contains(pattern, "/") {
		pattern = "**/" + pattern
	}
	return matchSteps(strings.Split(pattern, "/"), strings.Split(name, "/"))
}

// matchSteps matches folder by folder.
func matchSteps(pattern, name []string) bool {
	switch {
	case len(pattern) == 0:
		return len(name) == 0
	case pattern[0] == "**" && matchSteps(pattern[1:], name):
		return true
	case len(name) == 0:
		return false
	case pattern[0] == "**":
		return matchSteps(pattern, name[1:])
	}
	ok, err := path.Match(pattern[0], name[0])
	return ok && err == nil && matchSteps(pattern[1:], name[1:])
}
