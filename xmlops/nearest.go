package xmlops

import "strings"

// maxNearest is the longest word, in bytes, that a misspelling is looked for of.
const maxNearest = 100

// Nearest returns the index of the candidate that word is probably a misspelling of, or -1: the first that differs in case
// alone, else the first with the fewest wrong letters: at most a third of the word's, or one of two letters.
func Nearest(word string, candidates []string) int {
	if len(word) > maxNearest {
		return -1
	}
	least, at := 1+max(len(word)/3, min(1, len(word)-1)), -1
	for i, c := range candidates {
		if strings.EqualFold(word, c) {
			return i
		}
		if max(len(word)-len(c), len(c)-len(word)) >= least {
			continue // it takes at least so many letters
		}
		if n := distance(strings.ToLower(word), strings.ToLower(c)); n < least {
			least, at = n, i
		}
	}
	return at
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
