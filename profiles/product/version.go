package product

import (
	"cmp"
	"strconv"
	"strings"
)

// CompareVersions compares as many numbers as b has, so that 6.1.1 is no more than 6.1.
func CompareVersions(a, b string) int {
	x, y := versionNumbers(a), versionNumbers(b)
	for i := range y {
		n := 0
		if i < len(x) {
			n = x[i]
		}
		if order := cmp.Compare(n, y[i]); order != 0 {
			return order
		}
	}
	return 0
}

func versionNumbers(s string) []int {
	var numbers []int
	for part := range strings.SplitSeq(s, ".") {
		end := 0
		for end < len(part) && part[end] >= '0' && part[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(part[:end])
		if err != nil {
			break
		}
		numbers = append(numbers, n)
		if end < len(part) {
			break
		}
	}
	return numbers
}
