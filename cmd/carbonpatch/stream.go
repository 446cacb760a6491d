package main

import (
	"io"
	"os"

	"github.com/carbonpatch/carbonpatch/patch"
)

// stream prints text without the secrets that are known by then.
type stream struct {
	to      io.Writer
	secrets *patch.Redactor
	color   bool
	width   int   // columns
	failed  error // of the first write that did
}

func newStream(to io.Writer) *stream {
	s := &stream{to: to, secrets: patch.NewRedactor()}
	s.adapt("auto")
	return s
}

// adapt finds out what the reader of the stream can take; mode is that of --color.
func (s *stream) adapt(mode string) {
	columns, ok := terminal(s.to)
	s.width = columns
	if !ok {
		s.width = 120
	}
	s.color = useColor(mode, os.Getenv, ok)
}

// Write always succeeds, since it comes too late to stop a run; a failure is kept.
func (s *stream) Write(p []byte) (int, error) {
	s.print(string(p))
	return len(p), nil
}

// print writes text at once, so that no secret is cut in two.
func (s *stream) print(text string) { s.write(s.secrets.Redact(text)) }

// write writes text that holds no secrets.
func (s *stream) write(text string) {
	if _, err := io.WriteString(s.to, text); err != nil && s.failed == nil {
		s.failed = err
	}
}

// paint gives text a style where the stream has color.
func (s *stream) paint(st style, text string) string {
	if !s.color {
		return text
	}
	return st.paint(text)
}
