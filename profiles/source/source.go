// Package source finds values that a description only names: env:NAME, file:/abs/path, fact:ip, fact:ip:IFACE, fact:hostname
// and imds:PATH. Errors name the source and never say what it holds.
package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
)

// Kind is where a value stands.
type Kind int

const (
	Literal Kind = iota // in the description itself
	Env                 // in an environment variable
	File                // in a file of one line
	Fact                // it is a fact about this machine, and no secret
	IMDS                // in the metadata of the EC2 instance that this machine is, which are no secrets
)

// OfMachine reports whether the value is another one on each machine.
func (k Kind) OfMachine() bool { return k == Fact || k == IMDS }

// maxSize is the size in bytes of the largest file, or answer, that is read for a value.
const maxSize = 64 << 10

// Split tells what text is and what it names: of env:NAME, NAME. Of literal:x, as of any other text, that is the value
// itself. A URL such as file:///tmp/x is a literal.
func Split(text string) (Kind, string) {
	prefix, rest, _ := strings.Cut(text, ":")
	switch {
	case prefix == "literal" && text != prefix:
		return Literal, rest
	case prefix == "env" && text != prefix:
		return Env, rest
	case prefix == "file" && text != prefix && !strings.HasPrefix(rest, "//"):
		return File, rest
	case prefix == "fact" && text != prefix:
		return Fact, rest
	case prefix == "imds" && text != prefix:
		return IMDS, rest
	}
	return Literal, text
}

// Reader reads the sources of one run.
type Reader struct {
	// Elsewhere says that the values are for another machine: facts about this one, and its metadata, are errors.
	Elsewhere bool

	instance instance
}

// NewReader returns a Reader that waits no longer than ctx allows.
func NewReader(ctx context.Context) *Reader {
	return &Reader{instance: instance{ctx: ctx, answers: map[string]answer{}}}
}

// Read returns the value of text, which may be a secret wherever it stands. A single line end at the end of a file is not part of it.
// Of the error, [Hint] may say more.
func (r *Reader) Read(text string) (secret.Text, error) {
	kind, value := Split(text)
	var err error
	switch {
	case kind.OfMachine() && r.Elsewhere:
		return secret.Text{}, problem("--phase image leaves open what only the machine knows", "%s is another one on the machine that this is for", text)
	case kind == Env:
		value, err = readEnv(value)
	case kind == File:
		value, err = readFile(value)
	case kind == Fact:
		value, err = readFact(value)
	case kind == IMDS:
		value, err = r.instance.read(value)
	}
	return secret.New(value), err
}

// problem is an error with a hint.
func problem(hint, format string, args ...any) error {
	return &patch.Problem{Message: fmt.Sprintf(format, args...), Hint: hint}
}

// Hint says what to do about an error of [Reader.Read], or "".
func Hint(err error) string {
	if p := (*patch.Problem)(nil); errors.As(err, &p) {
		return p.Hint
	}
	return ""
}

func readEnv(name string) (string, error) {
	value, ok := os.LookupEnv(name)
	switch {
	case name == "":
		return "", errors.New("env: needs the name of an environment variable")
	case !ok:
		return "", fmt.Errorf("the environment variable %s is not set", name)
	case value == "":
		return "", fmt.Errorf("the environment variable %s is empty", name)
	}
	return value, nil
}

func readFile(name string) (string, error) {
	if !filepath.IsAbs(name) {
		return "", fmt.Errorf("file:%s must be an absolute path", name)
	}
	data, _, err := patch.ReadRegular(patch.AnyFile{}, name, maxSize)
	if err != nil {
		return "", fmt.Errorf("can't read file:%s: %s", name, patch.Reason(err))
	}
	return oneLine("file:"+name, string(data))
}

// oneLine is the line that source consists of, without its end.
func oneLine(source, text string) (string, error) {
	line := strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	switch {
	case line == "":
		return "", fmt.Errorf("%s is empty", source)
	case strings.ContainsAny(line, "\r\n"):
		return "", fmt.Errorf("%s has more than one line", source)
	}
	return line, nil
}
