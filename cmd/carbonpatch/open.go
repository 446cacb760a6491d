package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/profiles"
)

// localMemberHost is the one setting that every node needs and that no description of a role can give.
const localMemberHost = "localMemberHost"

// openText lists what only the node knows; nothing where that is nothing.
func (s *stream) openText(t *target) string {
	if len(t.node.Open) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", s.paint(bold, "Still open, for --phase node on the node itself:"))
	for _, name := range t.node.Open {
		fmt.Fprintf(&b, "  - %s\n", inLine(s.secrets.Redact(name)))
	}
	return b.String()
}

// openList is [stream.openText] with a blank line between it and what follows.
func (s *stream) openList(t *target) string {
	if text := s.openText(t); text != "" {
		return text + "\n"
	}
	return ""
}

// openNotes is what is open in a line, for formats that have no place for it.
func (t *target) openNotes() []string {
	if len(t.node.Open) == 0 {
		return t.node.Notes
	}
	return append(slices.Clone(t.node.Notes), "still open, for --phase node: "+strings.Join(t.node.Open, ", "))
}

// completeText is the command that completes on the node what is open; nothing where that is nothing.
func (con *console) completeText(c *cli.Context, t *target, plan *patch.Plan) string {
	if len(t.node.Open) == 0 {
		return ""
	}
	there := map[string]string{"phase": profiles.NodePhase, "root": ""}
	switch {
	case t.node.Found:
		there["role"] = "" // the node is found by its address
	case t.node.Listed && t.node.Name == "":
		there["role"], there["node"] = "", "NAME"
	}
	args := c.Args().Slice()
	if t.home.Root != "" {
		args = []string{t.home.DirInRoot()}
	}
	command := con.commandWith(c, "apply", args, plan, there)
	if v := t.node.Values[localMemberHost]; v.Open && v.Place.Document == nil {
		command += " --set " + localMemberHost + "=fact:ip"
	}
	return "To complete it there: " + command + " --yes\n"
}
