package main

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// Text in Markdown comes from files that anybody may have written. It means nothing to a renderer here: it is code, or a plain word. As code it mentions
// nobody, either, and is no link, reference or emoji, whatever the host of a pull request makes of these.

// mdCode is text in a line as code. What ends code, or a cell of a table, is written as character references, which code in backticks knows nothing of.
func mdCode(text string) string {
	text = inLine(text)
	switch {
	case text == "":
		return ""
	case !strings.ContainsAny(text, "`|"):
		return "`" + text + "`"
	}
	var b strings.Builder
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == ' ' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "&#%d;", r)
		}
	}
	return "<code>" + b.String() + "</code>"
}

// plainWord is a word that means nothing to a renderer, but as the first one of a line. It takes a while to compile, and
// most runs need it not.
var plainWord = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^["'(]*(\p{L}[\p{L}\p{N}'-]*|\d+(\.\d+)*)[,;:.)"'?]*$`)
})

// listMarker is a word that begins an item of a list.
var listMarker = regexp.MustCompile(`^\d+[.)]$`)

// mdText is a sentence with all but its plain words as code.
func mdText(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		if !plainWord().MatchString(word) || listMarker.MatchString(word) {
			words[i] = mdWord(word)
		}
	}
	return strings.Join(words, " ")
}

// mdWord is a word as code, without the punctuation around it.
func mdWord(word string) string {
	opened, closing := strings.TrimLeft(word, `"'(`), ",;:.?"
	if opened != word {
		closing += `"')`
	}
	inner := strings.TrimRight(opened, closing)
	if inner == "" {
		return mdCode(word)
	}
	return strings.TrimSuffix(word, opened) + mdCode(inner) + strings.TrimPrefix(opened, inner)
}

var backticks = regexp.MustCompile("`+")

// mdFenced is a block of text, in a fence that nothing in it closes.
func mdFenced(language, text string) string {
	fence := "```"
	for _, run := range backticks.FindAllString(text, -1) {
		if len(run) >= len(fence) {
			fence = run + "`"
		}
	}
	return fence + language + "\n" + text + fence + "\n"
}

// mdRow is a row of a table.
func mdRow(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// mdList is a list with a title; nothing where it has no items.
func mdList(title string, items []string) string {
	if len(items) == 0 {
		return ""
	}
	return "**" + title + "**\n\n- " + strings.Join(items, "\n- ") + "\n\n"
}
