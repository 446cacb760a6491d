package strictyaml

import "strings"

// Nearest returns the one of names that was probably meant: spelled with other capitals, or with few letters wrong, or
// the dotted name that ends in it. It returns "" where none is near.
func Nearest(name string, names []string) string {
	if len(name) > 100 {
		return ""
	}
	best, least := "", max(1, len(name)/3)+1
	for _, candidate := range names {
		if strings.EqualFold(candidate, name) || strings.HasSuffix(strings.ToLower(candidate), "."+strings.ToLower(name)) {
			return candidate
		}
		if max(len(name)-len(candidate), len(candidate)-len(name)) >= least {
			continue // it takes at least so many letters
		}
		if n := distance(strings.ToLower(name), strings.ToLower(candidate)); n < least {
			best, least = candidate, n
		}
	}
	return best
}

// distance counts the letters to insert, drop, replace or swap with the next to get from a to b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	var before []int // the row before the last one
	last := make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			wrong := 0
			if x[i-1] != y[j-1] {
				wrong = 1
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+wrong)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}
