package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"

	"github.com/beevik/etree"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// edit is one value to set in one file, in the words of XPath; path ends in /@name for an attribute.
type edit struct{ file, path, value string }

// runPeer is what the Go peers do. hash and scan are floors: they read the files, and hash or scan them. large makes a
// document for the others.
func runPeer(name string, args []string) error {
	switch name {
	case "hash":
		return eachFile(args, func(src []byte) error { sha256.Sum256(src); return nil })
	case "scan":
		return eachFile(args, xmlops.Check)
	case "etree":
		return etreeEdits(args)
	case "large":
		return writeLarge(args)
	}
	return fmt.Errorf("no peer is called %q", name)
}

func eachFile(names []string, use func([]byte) error) error {
	for _, name := range names {
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if err := use(src); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// etreeEdits is the program that one would write with etree alone: args are file, path and value of every edit.
func etreeEdits(args []string) error {
	documents := make(map[string]*etree.Document)
	for ; len(args) >= 3; args = args[3:] {
		name, path, value := args[0], args[1], args[2]
		doc := documents[name]
		if doc == nil {
			doc = etree.NewDocument()
			if err := doc.ReadFromFile(name); err != nil {
				return err
			}
			documents[name] = doc
		}
		path, attr, isAttr := strings.Cut(path, "/@")
		e := doc.FindElement(path)
		switch {
		case e == nil:
			return fmt.Errorf("%s: nothing at %s", name, path)
		case isAttr:
			e.CreateAttr(attr, value)
		default:
			e.SetText(value)
		}
	}
	for name, doc := range documents {
		if err := doc.WriteToFile(name); err != nil {
			return err
		}
	}
	return nil
}

// peerCommands are the programs that make edits, as one would call them.
func peerCommands(edits []edit, prepare func(string) error) []command {
	args := make(map[string][]string) // of etree, and of xmlstarlet by file
	var files []string
	var all []string
	for _, e := range edits {
		if args[e.file] == nil {
			files = append(files, e.file)
		}
		args[e.file] = append(args[e.file], starletArgs(e)...)
		all = append(all, e.file, e.path, e.value)
	}
	commands := []command{{name: "etree, a Go program", args: self("etree", all...), prepare: prepare}}
	if installed("xmlstarlet") {
		commands = append(commands, command{name: "xmlstarlet ed -L -P", args: starletCall(files, args), prepare: prepare})
	}
	if hasModule("lxml") {
		commands = append(commands, command{name: "Python, lxml", args: append([]string{"python3", "-c", pythonEdits("lxml.etree")}, all...), prepare: prepare})
	}
	return append(commands, command{
		name: "Python, ElementTree", args: append([]string{"python3", "-c", pythonEdits("xml.etree.ElementTree")}, all...), prepare: prepare,
	})
}

// starletArgs updates the value and, for an attribute that may be missing, inserts it first.
func starletArgs(e edit) []string {
	path := localNames(e.path)
	element, attr, isAttr := strings.Cut(path, "/@")
	if isAttr {
		return []string{"-i", element + "[not(@" + attr + ")]", "-t", "attr", "-n", attr, "-v", e.value, "-u", path, "-v", e.value}
	}
	return []string{"-u", path, "-v", e.value}
}

// localNames makes every step match in any namespace, as carbon.xml has a default one.
func localNames(path string) string {
	steps := strings.Split(path, "/")
	for i, step := range steps {
		if step == "" || step[0] == '@' {
			continue
		}
		name, predicate, _ := strings.Cut(step, "[")
		steps[i] = "*[local-name()='" + name + "']"
		if predicate != "" {
			steps[i] += "[" + predicate
		}
	}
	return strings.Join(steps, "/")
}

// starletCall is one call for one file, and a shell that makes several where there are several.
func starletCall(files []string, args map[string][]string) []string {
	if len(files) == 1 {
		return append(append([]string{"xmlstarlet", "ed", "-L", "-P"}, args[files[0]]...), files[0])
	}
	var calls [][]string
	for _, name := range files {
		calls = append(calls, append(append([]string{"xmlstarlet", "ed", "-L", "-P"}, args[name]...), name))
	}
	return shell(calls)
}

// shell is a command that makes several calls.
func shell(calls [][]string) []string {
	var script strings.Builder
	for _, call := range calls {
		for _, word := range call {
			script.WriteString("'" + strings.ReplaceAll(word, "'", `'\''`) + "' ")
		}
		script.WriteByte('\n')
	}
	return []string{"sh", "-ec", script.String()}
}

func pythonEdits(module string) string {
	return `
import sys, re, ` + module + ` as ET
docs, args = {}, sys.argv[1:]
for f, path, value in zip(args[0::3], args[1::3], args[2::3]):
    doc = docs.setdefault(f, None) or ET.parse(f); docs[f] = doc
    path, _, attr = path.partition('/@')
    e = doc.find('./' + '/'.join(re.sub(r'^(\w+)', r'{*}\1', s) for s in path.split('/')[2:]))
    if attr: e.set(attr, value)
    else: e.text = value
for f, doc in docs.items(): doc.write(f, encoding='UTF-8', xml_declaration=True)
`
}
