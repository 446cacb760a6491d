package main

import (
	"os"
	"strings"
	"unicode"
)

// splitLine are the words of a command line up to the cursor, as a shell reads them; the last one, which may be empty, is the one at the
// cursor. Quotes may be open there. What is a variable or a command to a shell is not looked at.
func splitLine(line string) []string {
	var words []string
	var word strings.Builder
	var quote rune
	begun, escaped := false, false
	for _, r := range line {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			begun, escaped = true, true
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			begun, quote = true, r
		case quote == 0 && unicode.IsSpace(r):
			if begun {
				words = append(words, word.String())
			}
			begun = false
			word.Reset()
		default:
			begun = true
			word.WriteRune(r)
		}
	}
	return append(words, word.String())
}

// afterProgram drops the program from the words of a line, and the variables that are set for it.
func afterProgram(words []string) []string {
	for i, word := range words {
		if !strings.Contains(word, "=") {
			return words[i+1:]
		}
	}
	return nil
}

// fromTilde is a path with the home of the user in place of a ~ that it begins with.
func fromTilde(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return os.Getenv("HOME") + "/" + rest
	}
	return path
}
