package patch

import "strings"

// HoldsPassword reports whether a value, which is not XML, holds a password in plain sight: in a URL, or behind password= and the like.
// A user alone is none.
func HoldsPassword(value string) bool {
	for _, span := range URLSecrets(value) {
		isUser := strings.HasPrefix(value[span[1]:], "@")
		if !isUser || strings.ContainsAny(value[span[0]:span[1]], ":/") { // Oracle's thin driver has user/password
			return true
		}
	}
	return false
}
