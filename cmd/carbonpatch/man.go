package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

func manVerb(con *console) *cli.Command {
	return &cli.Command{
		Name:        "man",
		Usage:       "print the manual page",
		Description: "To read it: carbonpatch man | man -l -",
		Flags:       everywhere("text"),
		Action: func(c *cli.Context) error {
			con.out.print(manual(c.App))
			return nil
		},
	}
}

// manual is the manual page in roff, for section 1.
func manual(app *cli.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH CARBONPATCH 1 \"\" \"carbonpatch %s\" \"User Commands\"\n", roff(version()))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", app.Name, roff(app.Usage))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n.I VERB\n[flags] [arguments]\n", app.Name)
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s\n.PP\n%s\n", roff(manDescription), roff(homeText))
	b.WriteString(".SH VERBS\n")
	for _, verb := range app.VisibleCommands() {
		writeManVerb(&b, app.Name+" "+verb.Name, verb)
	}
	b.WriteString(".SH FLAGS OF EVERY VERB\n")
	for _, flag := range everywhere("text|diff|json") {
		writeManFlag(&b, flag.(cli.DocGenerationFlag))
	}
	b.WriteString(".SH EXIT STATUS\n")
	for _, exit := range exitCodes() {
		fmt.Fprintf(&b, ".TP\n.B %d\n%s\n", exit.code, roff(exit.meaning))
	}
	fmt.Fprintf(&b, ".SH ENVIRONMENT\n%s\n.PP\n", roff(environmentText))
	for _, row := range manEnvironment() {
		fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", row[0], roff(row[1]))
	}
	b.WriteString(".SH EXAMPLES\n")
	for _, example := range manExamples() {
		fmt.Fprintf(&b, "%s\n.PP\n.nf\n.RS\n%s\n.RE\n.fi\n.PP\n", roff(example[0]), roff(example[1]))
	}
	fmt.Fprintf(&b, ".SH SEE ALSO\n%s\n", roff(homepage))
	return b.String()
}

func writeManVerb(b *strings.Builder, path string, verb *cli.Command) {
	fmt.Fprintf(b, ".SS \"%s\"\n%s.\n", roff(synopsis(path, verb)), roff(verbUsage(verb)))
	if verb.Description != "" {
		fmt.Fprintf(b, ".PP\n%s\n", roff(verb.Description))
	}
	for _, flag := range verb.Flags {
		if findFlag(everywhere("text|diff|json"), flag.Names()[0]) == nil {
			writeManFlag(b, flag.(cli.DocGenerationFlag))
		}
	}
	for _, sub := range verb.Subcommands {
		writeManVerb(b, path+" "+sub.Name, sub)
	}
}

func writeManFlag(b *strings.Builder, flag cli.DocGenerationFlag) {
	fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(strings.TrimSpace(flagSyntax(flag))), roff(flagUsage(flag)))
}

// roff escapes text: backslashes, hyphens that are minus signs, and what would be a request at the beginning of a line.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`).Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}

const manDescription = "carbonpatch configures an unpacked WSO2 Carbon 4.x product (its home) for clustering by patching the configuration " +
	"files that were shipped, in place. One cluster file, applied on every node, gives every node its own edits. Bytes outside an edit " +
	"stay as they were: comments, line breaks, quotes, encoding. Applying again changes nothing that is already right."

func manEnvironment() [][2]string {
	return [][2]string{
		{"CARBON_HOME", "the home, where no HOME is given"},
		{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "where imds:PATH is asked for, in place of http://169.254.169.254"},
		{"AWS_EC2_METADATA_DISABLED", "true: imds:PATH is an error, and nobody is asked"},
		{"NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR, TERM", "with --color auto: whether to use color where it is not a matter of the terminal"},
	}
}

func manExamples() [][2]string {
	return [][2]string{
		{"See the whole round on a sample home:", "carbonpatch demo"},
		{"Begin a cluster file, from a profile or from what a home has now:", "carbonpatch init --profile esb > cluster.yaml\ncarbonpatch inspect /opt/wso2ei-6.1.1 --format yaml > cluster.yaml"},
		{"See what would change, and change it:", "carbonpatch plan /opt/wso2ei-6.1.1 -f cluster.yaml --node worker1\ncarbonpatch apply /opt/wso2ei-6.1.1 -f cluster.yaml --node worker1"},
		{"Save a plan, and make exactly its changes later:", "carbonpatch plan /opt/wso2ei-6.1.1 -f cluster.yaml --node worker1 --out worker1.plan\ncarbonpatch apply /opt/wso2ei-6.1.1 -f cluster.yaml --node worker1 --plan worker1.plan"},
		{"See what was applied, and undo the last run:", "carbonpatch history /opt/wso2ei-6.1.1\ncarbonpatch rollback /opt/wso2ei-6.1.1"},
		{"Look for drift from cron:", "carbonpatch verify /opt/wso2ei-6.1.1 -f cluster.yaml --node worker1 -q"},
		{"See what will go wrong with a home, or with the homes of a cluster:", "carbonpatch lint /opt/wso2ei-6.1.1\ncarbonpatch lint collected/worker1 collected/worker2 --format json"},
		{"Edit any XML file without reformatting it:", `carbonpatch edit server.xml --set '/Server/Service/Connector[@port="9763"]/@proxyPort=80'`},
	}
}
