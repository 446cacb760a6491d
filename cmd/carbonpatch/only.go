package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
)

// only keeps the files that --only asks for: a pattern without a slash matches the name of a file, others its path below the home.
func only(files []patch.File, patterns []string) ([]patch.File, error) {
	if len(patterns) == 0 {
		return files, nil
	}
	for _, pattern := range patterns {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, wrongUsage(fmt.Sprintf("--only %s: %v", pattern, err), "")
		}
	}
	var kept []patch.File
	var paths []string
	for _, file := range files {
		if matchesAny(file.Paths, patterns) {
			kept = append(kept, file)
		}
		paths = append(paths, file.Paths...)
	}
	if len(kept) == 0 {
		return nil, patch.Problems{{Message: fmt.Sprintf("--only %s matches no file", strings.Join(patterns, " ")), Hint: "there are " + strings.Join(paths, ", ")}}
	}
	return kept, nil
}

func matchesAny(paths, patterns []string) bool {
	for _, name := range paths {
		for _, pattern := range patterns {
			against := name
			if !strings.Contains(pattern, "/") {
				against = path.Base(name)
			}
			if ok, err := path.Match(pattern, against); ok && err == nil {
				return true
			}
		}
	}
	return false
}
