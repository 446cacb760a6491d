package strictyaml

import "strings"

// Nearest returns the one of names that was probably meant: spelled with other capitals, or with few letters wrong. Of a
// name with dots, name may be the end. It returns "" where none is near.
func Nearest(name string, names []string) string {
	if len(name) > 100 {
		return ""
	}
	best, least := "", max(1, len(name)/3)+1
	for _, candidate := range names {
		end := lastParts(candidate, 1+strings.Count(name, "."))
		if strings.EqualFold(candidate, name) || strings.EqualFold(end, name) {
			return candidate
		}
		for _, spelling := range []string{candidate, end} {
			if max(len(name)-len(spelling), len(spelling)-len(name)) >= least {
				continue // it takes at least so many letters
			}
			if n := distance(strings.ToLower(name), strings.ToLower(spelling)); n < least {
				best, least = candidate, n
			}
		}
	}
	return best
}

// lastParts are the last n of the parts of a name that dots separate.
func lastParts(name string, n int) string {
	i := len(name)
	for ; n > 0 && i >= 0; n-- {
		i = strings.LastIndexByte(name[:i], '.')
	}
	return name[i+1:]
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
