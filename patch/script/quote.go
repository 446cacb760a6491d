package script

import "strings"

// unquote returns what a word is without its quotes, and whether the shell puts nothing into it when it runs. What it would put in
// stays as it is written.
func unquote(word string) (text string, literal bool) {
	var b strings.Builder
	literal = true
	double := false
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c == '\'' && !double:
			n := strings.IndexByte(word[i+1:], '\'')
			if n < 0 {
				return word, false
			}
			b.WriteString(word[i+1 : i+1+n])
			i += n + 1
		case c == '"':
			double = !double
		case c == '\\' && i+1 < len(word) && (!double || strings.IndexByte("$`\"\\\n", word[i+1]) >= 0):
			i++
			if word[i] != '\n' {
				b.WriteByte(word[i])
			}
		default:
			literal = literal && c != '$' && c != '`'
			b.WriteByte(c)
		}
	}
	return b.String(), literal
}

// plain are the characters that mean themselves to every shell without quotes.
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,=-"

// quote writes a value that is fit so that a shell reads it as it is: as it stands, else in double quotes as these scripts have
// them, else in single quotes.
func quote(value string) string {
	switch {
	case strings.Trim(value, plain) == "":
		return value
	case !strings.ContainsAny(value, "\"$`\\"):
		return `"` + value + `"`
	}
	return "'" + value + "'"
}

// written is op as a word of a command: in the quotes that the word had which it replaces, around all of it or around the value,
// else in those that it needs or wants.
func (op *Op) written(had string) string {
	for _, q := range []struct{ mark, not string }{{`"`, "\"$`\\"}, {"'", "'"}} {
		switch {
		case strings.ContainsAny(op.Value, q.not):
		case strings.HasPrefix(had, q.mark):
			return q.mark + op.Option + op.Value + q.mark
		case strings.HasPrefix(had, op.Option+q.mark):
			return op.Option + q.mark + op.Value + q.mark
		}
	}
	if text := quote(op.Value); !op.Quoted || text != op.Value {
		return op.Option + text
	}
	return op.Option + `"` + op.Value + `"`
}

// unfit says why a value can't be written, "" where it can.
func unfit(value string) string {
	for _, c := range value {
		if c < ' ' || c > '~' {
			return "only printable ASCII can"
		}
	}
	if strings.Contains(value, "'") && strings.ContainsAny(value, "\"$`\\") {
		return "there are no quotes for it"
	}
	return ""
}
