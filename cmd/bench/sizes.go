package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// parameters is how many elements a large document of size bytes has.
func parameters(size int) int { return size / 125 }

// large is a document of about size bytes, indented as configuration files are, with comments between its elements.
func large(size int) string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<config>\n")
	for i := range parameters(size) {
		fmt.Fprintf(&b, "    <!-- what parameter %d is for, in so many words -->\n", i)
		fmt.Fprintf(&b, "    <parameter name=\"p%d\" locked=\"false\">value %d</parameter>\n", i, i)
	}
	b.WriteString("</config>\n")
	return b.String()
}

// sizes makes one edit in documents of 1 and 10 MB.
func (b *bench) sizes() error {
	for _, mb := range []int{1, 10} {
		if err := b.edits(fmt.Sprintf("One edit in one file of %d MB", mb), mb<<20, 1); err != nil {
			return err
		}
	}
	return nil
}

// operations makes many edits in a document of 2 MB.
func (b *bench) operations() error {
	for _, n := range []int{1, 10, 100, 1000} {
		if err := b.edits(fmt.Sprintf("%d edits in one file of 2 MB", n), 2<<20, n); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) edits(title string, size, n int) error {
	// another process makes the document: the peak of a child's memory counts from what its parent holds
	fresh := func(dir string) error {
		cmd := self("large", filepath.Join(dir, "large.xml"), strconv.Itoa(size))
		return exec.Command(cmd[0], cmd[1:]...).Run()
	}
	args := []string{b.bin, "edit", "large.xml", "-q"}
	var edits []edit
	for i := range n {
		path := fmt.Sprintf("/config/parameter[@name='p%d']", i*(parameters(size)/n))
		args = append(args, "--set", path+"=changed")
		edits = append(edits, edit{"large.xml", path, "changed"})
	}
	commands := append([]command{{name: "carbonpatch edit", args: args, prepare: fresh}}, peerCommands(edits, fresh)...)
	return b.table(title, commands)
}

// writeLarge writes a large document: args are its path and size.
func writeLarge(args []string) error {
	size, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	return os.WriteFile(args[0], []byte(large(size)), 0o644)
}
