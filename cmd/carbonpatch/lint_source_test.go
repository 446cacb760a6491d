package main

import (
	"strings"
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

func TestSourceLine(t *testing.T) {
	t.Parallel()
	const width = 40
	tests := []struct {
		name, text  string // the place stands between two bars
		line, caret string
	}{
		{"a value", "<r>\n <a>|x|</a>\n</r>", " <a>x</a>", "    ^"},
		{"tabs are kept", "<r>\n\t<a\tb='|xy|'/>\n</r>", "\t<a\tb='xy'/>", "\t  \t   ^^"},
		{"a carriage return is none", "<r>\r\n<a>|x|</a>\r\n</r>", "<a>x</a>", "   ^"},
		{"a byte order mark is none", "\uFEFF<r>|x|</r>", "<r>x</r>", "   ^"},
		{"more than a line", "<r>\n|<a\nb='x'>|y</a>\n</r>", "<a", "^^"},
		{"nothing", "<r>\n<a>||</a>\n</r>", "<a></a>", "   ^"},
		{"at the end of a line", "<r>\n<a>||\n</a></r>", "<a>", "   ^"},
		{"characters, not bytes", "<r>\n<a é='ü'>|ö|</a>\n</r>", "<a é='ü'>ö</a>", "         ^"},
		{"no UTF-8", "<?xml version='1.0' encoding='ISO-8859-1'?>\n<r a='\xe9'>|x|</r>", "<r a='\uFFFD'>x</r>", "         ^"},
		{"what a terminal would obey", "<r>\n<!--\u009b2J\u202e--><a>|x|</a></r>", "<!--\uFFFD2J\uFFFD--><a>x</a></r>", "              ^"},
		{"a secret before", "<r><password>canary</password><a>|x|</a></r>", "...sword>********</password><a>x</a></r>", strings.Repeat(" ", 31) + "^"},
		{"a secret behind", "<r><a>|x|</a><pwd p='1' password='canary'/></r>", "<r><a>x</a><pwd p='1' password='*****...", "      ^"},
		{"a secret", "<r><password>|canary|</password></r>", "<r><password>********</password></r>", "             ^^^^^^^^"},
		{"within a secret", "<r><password>can|a|ry</password></r>", "<r><password>********</password></r>", "             ^^^^^^^^"},
		{"an element with a secret", "<r>|<password>canary</password>|</r>", "<r><password>********</password></r>", "   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"},
		{"from a secret on", "<r><password>cana|ry</password></r|>", "<r><password>********</password></r>", "             ^^^^^^^^^^^^^^^^^^^^^^"},
		{"up to a secret", "<r><|password>ca|nary</password></r>", "<r><password>********</password></r>", "    ^^^^^^^^^^^^^^^^^"},
		{"in the second line of a secret", "<r><password>can\nar|y|x</password></r>", "********</password></r>", "^^^^^^^^"},
		{"in the first line of a secret", "<r><password>c|a|n\nary</password></r>", "<r><password>********", "             ^^^^^^^^"},
		{"known from elsewhere", "<r><a>x known-|canary y|</a></r>", "<r><a>x ******** y</a></r>", "        ^^^^^^^^^^"},
		{"the user of a URL", "<r><url>|jdbc:mysql://bob:canary@h/d|</url></r>", "...url>jdbc:mysql://********@h/d</url...", "       ^^^^^^^^^^^^^^^^^^^^^^^^^"},
		{"cut in what it is about", "<r>|<a>" + strings.Repeat("m", 50) + "</a>|</r>", "<r><a>mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm...", "   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"},
		{"cut before it and in it", "<r>" + strings.Repeat("l", 50) + "|<a>" + strings.Repeat("m", 50) + "</a>|</r>", "...llllllllllllll<a>mmmmmmmmmmmmmmmmm...", strings.Repeat(" ", 17) + "^^^^^^^^^^^^^^^^^^^^"},
		{"cut on the left", "<r>" + strings.Repeat("l", 50) + "<a>|x|</a></r>", "...lllllllllllllllllllllllll<a>x</a></r>", strings.Repeat(" ", 31) + "^"},
		{"cut on the right", "<r><a>|x|</a>" + strings.Repeat("r", 50) + "</r>", "<r><a>x</a>rrrrrrrrrrrrrrrrrrrrrrrrrr...", "      ^"},
		{"cut on both sides", "<r>" + strings.Repeat("l", 50) + "<a>|x|</a>" + strings.Repeat("r", 50) + "</r>", "...lllllllllllll<a>x</a>rrrrrrrrrrrrr...", "                   ^"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			parts := strings.Split(tt.text, "|")
			f := &product.File{Path: "conf/a.xml", Source: []byte(strings.Join(parts, ""))}
			p := &patch.Problem{}
			sourceLine(p, product.Place{File: f, Lo: len(parts[0]), Hi: len(parts[0]) + len(parts[1])}, width, patch.NewRedactor(secret.New("known-canary")))
			if p.Source != tt.line || caret(p) != tt.caret {
				t.Errorf("got\n%q\n%q\nwant\n%q\n%q", p.Source, caret(p), tt.line, tt.caret)
			}
			if length(p.Source) > width {
				t.Errorf("%d characters", length(p.Source))
			}
		})
	}
}

// TestSourceLineAnywhere looks at every place of a file in every width: a line is not longer than that, the caret stands below it, and
// no secret is shown.
func TestSourceLineAnywhere(t *testing.T) {
	t.Parallel()
	const text = "\uFEFF<r>\n\t<password a='ü'>can\nary</password><a>\xe9x</a><url>http://u:canary@h/p</url><b>known-secret</b>\r\n<!-- pwd='canary' --></r>"
	f := &product.File{Path: "a.xml", Source: []byte(text)}
	known := patch.NewRedactor(secret.New("known-secret"))
	for lo := range len(text) + 1 {
		for hi := lo; hi <= len(text); hi++ {
			for _, width := range []int{-1, 30, 60} {
				p := &patch.Problem{}
				sourceLine(p, product.Place{File: f, Lo: lo, Hi: hi}, width, known)
				if n := length(p.Source); n > max(width, minSource) || p.Caret < 1 || p.Caret+p.Width-1 > n {
					t.Fatalf("%d-%d in %d: %+v", lo, hi, width, p)
				}
				if strings.Contains(p.Source, "can") || strings.Contains(p.Source, "ary") || strings.Contains(p.Source, "kno") || strings.Contains(p.Source, "cret") {
					t.Fatalf("%d-%d in %d: %q", lo, hi, width, p.Source)
				}
			}
		}
	}
}
