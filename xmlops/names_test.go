package xmlops

import (
	"encoding/xml"
	"strings"
	"testing"
)

// TestNameCharacters compares every character of the Basic Multilingual Plane with what encoding/xml takes, which
// has tables of Appendix B of its own. The counts are those of the JDK's parser.
func TestNameCharacters(t *testing.T) {
	t.Parallel()
	taken := func(name string) bool {
		token, err := xml.NewDecoder(strings.NewReader("<" + name + "/>")).RawToken()
		start, ok := token.(xml.StartElement)
		return err == nil && ok && start.Name.Local == name
	}
	starts, chars := 0, 0
	for r := rune(0); r <= 0xFFFF; r++ {
		if r == ':' || 0xD800 <= r && r <= 0xDFFF {
			continue
		}
		if got, want := isNameStart(r), taken(string(r)); got != want {
			t.Errorf("isNameStart(%U) = %v, want %v", r, got, want)
		}
		if got, want := isNameChar(r), taken("a"+string(r)+"b"); got != want {
			t.Errorf("isNameChar(%U) = %v, want %v", r, got, want)
		}
		if isNameStart(r) {
			starts++
		}
		if isNameChar(r) {
			chars++
		}
	}
	if starts != 34515 || chars != 35121 {
		t.Errorf("%d characters start a name and %d stand in one, want 34515 and 35121", starts, chars)
	}
}

func TestNameCharactersNot(t *testing.T) {
	t.Parallel()
	for _, r := range []rune{':', -1, 0xD800, 0xDFFF, 0xFFFD, 0xFFFE, 0x10000, 0xEFFFF, 0x10FFFF, 0x110000} {
		if isNameStart(r) || isNameChar(r) {
			t.Errorf("%U is taken in names", r)
		}
	}
}
