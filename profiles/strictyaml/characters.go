package strictyaml

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/carbonpatch/carbonpatch/patch"
)

const byteOrderMark = "\ufeff"

// checkCharacters refuses what is not a text in UTF-8, and the characters that YAML refuses. The YAML parser would take UTF-16, too,
// but then lines and columns are not those of the file, and what is to be masked stands elsewhere.
func (d *Document) checkCharacters(text string) error {
	const toUTF8 = "convert the file to UTF-8"
	if strings.HasPrefix(text, "\xfe\xff") || strings.HasPrefix(text, "\xff\xfe") {
		return d.refuse(0, toUTF8, "encoding UTF-16 is not supported")
	}
	text = strings.TrimPrefix(text, byteOrderMark)
	for i, r := range text {
		switch {
		case r >= 0x20 && r < 0x7f: // as most are
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			return d.refuseAt(text[:i], toUTF8, fmt.Sprintf("byte 0x%02X is not UTF-8", text[i]))
		case isRefused(r):
			return d.refuseAt(text[:i], "", fmt.Sprintf("the character %U is not allowed here", r))
		}
	}
	return nil
}

func isRefused(r rune) bool {
	control := r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85
	return control || r == 0xfeff || r == 0xfffe || r == 0xffff
}

// refuseAt is an error about what stands behind a part of the document.
func (d *Document) refuseAt(before, hint, message string) error {
	lines := splitLines(before)
	return patch.Problems{{File: d.Name, Line: len(lines), Column: len(lines[len(lines)-1]) + 1, Message: message, Hint: hint}}
}
