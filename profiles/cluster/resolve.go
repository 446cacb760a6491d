// Package cluster reads the description of a cluster and finds the settings of one of its nodes.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/profiles/source"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// Request says which node is wanted, and what describes it.
type Request struct {
	secret.Sealed // for the values of Set and, in Files, of all nodes

	Files   []Source // cluster files; later ones win
	Profile string   // instead of the one that the files name: an embedded profile, or the path of one
	Node    string   // the node; without it and Role, the one whose localMemberHost is an address of this machine
	Role    string   // for a node that the files don't list
	Set     []string // name=value, which wins over the files
	// Private says that others can't see Set, as they can see a command line: it may hold secrets. Its values are JSON then.
	Private bool
	Phase   string // image leaves open what is known only on the node; node and "" do not
	// SkipSecrets leaves the sources of secrets unread. The secret values of the node are empty then, and may be missing.
	SkipSecrets bool
	// Sources reads what stands elsewhere; nil reads all, and waits for it.
	Sources *source.Reader
	// Home is where the settings go, or nil where that is not known. Secrets that are required may be missing where the home has them:
	// they stay as they are. So do those that secure vault keeps there when their sources can't be read.
	Home *product.Home
	// Hide is told of the secrets that stand in the files and in Set themselves, those of other nodes among them, whatever else is
	// wrong; nil where nothing is printed.
	Hide func(...secret.Text)
}

// Source is the text of a cluster file.
type Source struct {
	secret.Sealed // for Data

	Name string // its path, or - for standard input
	Data []byte
}

// Node is one node with its settings.
type Node struct {
	Cluster string // the name of the cluster, or ""
	Name    string // or "" where only a role was asked for
	Role    string
	Peers   bool // the files list other nodes
	Profile *profiles.Profile
	Values  profiles.Values // complete; nil where an error kept the node from being known
	Listed  bool            // the files list it, or nodes of its role where only that was asked for
	Found   bool            // by its address, or one of those nodes by its own
	Image   bool            // what only the node knows is left open
	Open    []string        // settings that the phase image leaves for the node, as [profiles.Profile.Open] names them
	Notes   []string        // what is worth knowing but no mistake
	Secrets []secret.Text   // texts that no output may hold
	// Silenced are the rules of lint whose findings do not count.
	Silenced []Silence

	// Place is where the cluster files first name the node; nowhere where only a role was asked for.
	Place strictyaml.Place

	assume      func(p part, source string) string // a text in the place of one that is not read; nil where all are
	sure        map[string]bool                    // where it is an image for a role, what every node has a value for
	examples    map[string]secret.Text             // values of parts that are open, by their marks
	skipSecrets bool
	sources     *source.Reader
	inHome      func() ([]profiles.Found, error) // what the home that the node is for has now
}

// ExposedError are the problems of a request whose command line holds a secret, that one among them.
type ExposedError struct{ patch.Problems }

func (e *ExposedError) Unwrap() error { return e.Problems }

// Resolve finds the settings of the node that req asks for. Sources and facts are read for this node only. The error is
// [patch.Problems] with all that could be found, or [ExposedError]. With it comes what is known of the node: its values but for those
// that are [profiles.Value.Unread], or without values only its profile, or nil.
func Resolve(req Request) (*Node, error) {
	if req.Sources == nil {
		req.Sources = source.NewReader(context.Background())
	}
	r := &resolver{Request: req}
	node := r.resolve()
	if req.Hide != nil {
		req.Hide(r.literalSecrets()...)
	}
	if node == nil && r.opened != nil {
		node = &Node{Profile: r.opened}
	}
	return node, r.err()
}

// literalSecrets are the secrets that are written out in what could be read.
func (r *resolver) literalSecrets() []secret.Text {
	var all []secret.Text
	for _, doc := range r.docs {
		for _, n := range doc.Hidden() {
			value, _ := text{doc, n}.literal()
			all = append(all, secret.New(value))
		}
	}
	return all
}

// resolver collects the problems of one request.
type resolver struct {
	Request
	docs     []*strictyaml.Document // the cluster files, then the values of the command line
	fatal    []error                // what kept something from being read at all
	problems patch.Problems         // that have no place in a document
	exposed  bool                   // a secret stands in the command line
	assumed  assumptions            // nil where sources are read
	opened   *profiles.Profile      // nil as long as it isn't known
}

// err returns all problems: those of the files in their order, then the others.
func (r *resolver) err() error {
	var errs []error
	for _, doc := range r.docs {
		errs = append(errs, doc.Err())
	}
	errs = append(errs, r.fatal...)
	err := patch.JoinProblems(append(errs, r.problems.Err())...)
	if problems := patch.Problems(nil); r.exposed && errors.As(err, &problems) {
		return &ExposedError{problems}
	}
	return err
}

func (r *resolver) problem(hint, format string, args ...any) {
	p := patch.Problem{Message: fmt.Sprintf(format, args...), Hint: hint}
	if !slices.ContainsFunc(r.problems, func(other *patch.Problem) bool { return *other == p }) {
		r.problems = append(r.problems, &p)
	}
}

func (r *resolver) resolve() *Node {
	c, flags := r.describe()
	if c == nil {
		return nil
	}
	n := r.pick(c)
	if n == nil {
		return nil
	}
	return r.node(c, n, flags)
}

// describe reads the description and the values of the command line. It returns nil where that fails.
func (r *resolver) describe() (*cluster, layer) {
	switch {
	case r.Phase != "" && r.Phase != profiles.ImagePhase && r.Phase != profiles.NodePhase:
		r.problem("the phases are image and node", "unknown phase %q", r.Phase)
	case r.Node != "" && r.Role != "":
		r.problem("a node has its role from the cluster file", "either --node or --role can be given")
	}
	files := r.parse()
	if len(r.fatal) > 0 {
		return nil, nil
	}
	profile := r.profile(files)
	if profile == nil {
		return nil, nil
	}
	r.opened = profile
	return describe(profile, files), r.flags(profile)
}

// node finds the settings of n.
func (r *resolver) node(c *cluster, n *member, flags layer) *Node {
	peers := slices.ContainsFunc(c.members, func(other *member) bool { return other != n })
	meant := c.meant(n)
	isFound := slices.ContainsFunc(meant, func(other *member) bool { return c.ip(other).IsValid() })
	node := &Node{Cluster: c.name, Name: n.name, Role: n.role, Peers: peers, Listed: len(meant) > 0, Found: isFound, Image: r.Phase == profiles.ImagePhase, Profile: c.profile, Notes: c.notes, Silenced: c.silenced, skipSecrets: r.SkipSecrets, sources: r.Sources, inHome: inspectOnce(r.Home, c.profile)}
	node.examples = map[string]secret.Text{}
	if node.Place = n.key.place(); r.assumed != nil {
		node.assume = func(p part, source string) string { return r.assumed.text(n.name, p, source) }
	}
	raw := c.layers(n)
	if node.Image && n.name == "" {
		raw, node.sure = raw.under(ofNodes(meant)), c.sureOf(n, meant)
	}
	raw = raw.under(flags)
	values, wrong := c.profile.Complete(n.role, node.read(raw))
	for _, e := range wrong {
		if !e.Secret || !r.SkipSecrets { // those were put together from texts that were not read
			r.problem("", "%v", e)
		}
	}
	node.Values = values
	known := c.addMembers(n, values)
	r.checkMissing(n, node, raw, known)
	node.Open = c.profile.Open(n.role, values)
	c.checkOwnHost(n, values, raw)
	c.checkMoved(n, values, raw)
	c.checkListed(flags, address{values[hostSetting].Text.Reveal(), values[portSetting].Text.Reveal()})
	node.noteMoved(c, n)
	node.noteOtherRoles()
	node.Notes = append(node.Notes, c.profile.IdleNotes(n.role, values, node.Image)...)
	return node
}

// checkMissing reports settings without which the node can't be configured. In an image, those of the node may be missing.
// What is reported already is left out: what can't be read, and members that are not all known.
func (r *resolver) checkMissing(n *member, node *Node, raw layer, known bool) {
	for _, s := range node.Profile.Missing(n.role, node.Values) {
		given, hint := raw[s.Name], s.Doc
		if meant := s.Meant(node.Values); meant != "" {
			hint = fmt.Sprintf("did you mean %q? %s", meant, s.Doc)
		}
		switch {
		case given != nil && node.Values[s.Name].None:
			given.name.errorf(s.Doc, "%s is required, so it can't be none", s.Name)
		case given != nil:
			given.name.errorf(s.Doc, "%s is required, so it can't be empty", s.Name)
		case s.Name == membersSetting && !known, r.SkipSecrets && s.Secret:
		case r.assumed != nil && s.Secret: // a home may have it
			node.Values[s.Name] = profiles.Value{Text: secret.New(node.assume(part{setting: s}, s.Name)), Secret: true, Assumed: true}
		case node.homeKeeps(s):
		case node.Image && s.Phase == profiles.NodePhase:
			node.Values[s.Name] = profiles.Value{Open: true, Secret: s.Secret}
		case n.name == "":
			r.problem(hint, "the role %s needs %s: --set %s", n.role, s.Name, flagText(s))
		default:
			n.key.errorf(hint, "the node %s has no %s", n.name, s.Name)
		}
	}
}

// homeKeeps reports whether the home has a secret for s. Where that can't be told, as a file can't be read, it may have one.
func (n *Node) homeKeeps(s *profiles.Setting) bool {
	found, err := n.inHome()
	return keepsSecret(found, s) || err != nil && s.Secret
}

// noteOtherRoles tells of values that are written though their settings are for other roles.
func (n *Node) noteOtherRoles() {
	for _, s := range n.Profile.Settings {
		v, ok := n.Values[s.Name]
		if ok && !v.Open && !s.WrittenBy(n.Role) && (v.Origin == profiles.FromRole || v.Origin == profiles.FromNode || v.Origin == profiles.FromFlag) {
			n.Notes = append(n.Notes, fmt.Sprintf("%s is written though it is not for the role %s: it was given by %s", s.Name, n.Role, v.Origin))
		}
	}
}
