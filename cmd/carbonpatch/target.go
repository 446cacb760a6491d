package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"
	"go.uber.org/zap"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
	"github.com/carbonpatch/carbonpatch/profiles"
	"github.com/carbonpatch/carbonpatch/profiles/cluster"
	"github.com/carbonpatch/carbonpatch/profiles/product"
	"github.com/carbonpatch/carbonpatch/profiles/source"
	"github.com/carbonpatch/carbonpatch/profiles/strictyaml"
)

// target is a home with what is wanted of it.
type target struct {
	secret.Sealed // for the operations of want, which is not exported

	home     *product.Home
	node     *cluster.Node
	want     patch.Patch
	clusters []cluster.Source // the cluster files, as they were read
	saved    *savedPlan       // to which plans must keep; nil where any plan will do
}

// readTarget is the target of a verb that only reads.
func (con *console) readTarget(c *cli.Context) (*target, error) {
	dir, err := con.readHome(c)
	if err != nil {
		return nil, err
	}
	return con.findTarget(c, dir)
}

// findTarget reads the home and the flags of [wanted]. What is wrong with both is reported together.
func (con *console) findTarget(c *cli.Context, dir string) (*target, error) {
	if err := con.checkWanted(c); err != nil {
		return nil, err
	}
	saved, savedErr := readSaved(c.String("plan"))
	home, homeErr := con.detect(dir)
	files, node, nodeErr := con.resolve(c, home)
	if err := c.Context.Err(); err != nil {
		return nil, err
	}
	if nodeErr != nil || homeErr != nil {
		return nil, errors.Join(savedErr, nodeErr, homeErr, con.checkFiles(c, home, homeErr == nil, node))
	}
	if savedErr != nil {
		return nil, savedErr
	}
	if err := con.checkProduct(c, home, node); err != nil {
		return nil, err
	}
	want, err := wantedPatch(c, home, node)
	if err != nil {
		_, makeErr := patch.Make(home.Dir, want)
		return nil, errors.Join(err, makeErr)
	}
	t := &target{home: home, node: node, want: want, clusters: files, saved: saved}
	con.keep(home.Dir, node.Name, node.Cluster, t.nodeText())
	return t, nil
}

// checkProduct refuses a product that the profile is not for. Then it tells of files that can't be read, too.
func (con *console) checkProduct(c *cli.Context, home *product.Home, node *cluster.Node) error {
	err := node.Profile.Fits(home)
	if err != nil && c.Bool("force-product") {
		con.warn(err)
		return nil
	}
	if err != nil {
		_, unreadable := node.Profile.Inspect(home)
		return errors.Join(err, unreadable)
	}
	return nil
}

// checkFiles finds what else is wrong where the home or the node is not what it should be. Known says whether all is known of the
// product. Of the home, the node and its values there is what could be read.
func (con *console) checkFiles(c *cli.Context, home *product.Home, known bool, node *cluster.Node) error {
	if home == nil || node == nil {
		return nil
	}
	if known {
		if err := con.checkProduct(c, home, node); err != nil {
			return err
		}
	}
	if node.Values == nil {
		_, err := node.Profile.Inspect(home)
		return err
	}
	want, wantErr := wantedPatch(c, home, node)
	if !known { // then carbon.xml is reported already
		want.Files = slices.DeleteFunc(want.Files, func(f patch.File) bool { return slices.Contains(f.Paths, home.ConfDir+"/carbon.xml") })
	}
	_, makeErr := patch.Make(home.Dir, want)
	return errors.Join(wantErr, makeErr)
}

// wantedPatch is what must hold in the home of a node, in the files that --only asks for.
func wantedPatch(c *cli.Context, home *product.Home, node *cluster.Node) (patch.Patch, error) {
	want, err := node.Profile.Patch(node.Role, node.Values, home)
	if err != nil {
		return want, err
	}
	want.Files, err = only(want.Files, c.StringSlice("only"))
	return want, err
}

// checkWanted refuses flags that do not go together.
func (con *console) checkWanted(c *cli.Context) error {
	files, profile := len(c.StringSlice("cluster")) > 0, c.String("profile") != ""
	switch {
	case !files && !profile:
		return wrongUsage("neither a cluster file nor a profile is given", "-f cluster.yaml --node NAME, or --profile NAME --role ROLE")
	case c.String("phase") == profiles.ImagePhase && c.String("node") == "" && c.String("role") == "":
		return wrongUsage("an image is built on another machine than the node's, so --phase image needs --role or --node", "--role ROLE")
	case con.root != "" && c.String("node") == "" && c.String("role") == "":
		return wrongUsage("what is below --root is for another machine than this one, so it needs --role or --node", "--node NAME")
	case c.String("node") != "" && c.String("role") != "":
		return wrongUsage("--role does not go with --node: the cluster file says which role the node has", "")
	}
	for _, set := range c.StringSlice("set") {
		if name, _, ok := strings.Cut(set, "="); !ok || name == "" { // what it is instead may be a secret
			return wrongUsage("--set needs SETTING=VALUE", "carbonpatch profiles explain SETTING")
		}
	}
	return nil
}

// resolve finds out what the flags want of a node of a home, which may be nil, and hides its secrets. It returns the cluster files,
// too. With an error comes what is known of the node, or nil.
func (con *console) resolve(c *cli.Context, home *product.Home) ([]cluster.Source, *cluster.Node, error) {
	con.clusters = c.StringSlice("cluster")
	files, err := con.readClusters(c.Context, con.clusters)
	if err != nil {
		return nil, nil, err
	}
	start := time.Now()
	node, err := cluster.Resolve(cluster.Request{
		Files: files, Profile: c.String("profile"), Node: c.String("node"), Role: c.String("role"), Set: c.StringSlice("set"),
		Private: con.private, Phase: c.String("phase"), SkipSecrets: c.Bool("skip-secrets"), Home: home, Hide: con.hide,
		Sources: con.sources(c),
	})
	if node != nil {
		con.hide(node.Secrets...)
	}
	if exposed := (*cluster.ExposedError)(nil); errors.As(err, &exposed) {
		return files, node, &usageError{exposed.Problems}
	}
	if err != nil {
		return files, node, err
	}
	con.log.Info("node chosen", zap.String("node", node.Name), zap.String("role", node.Role), zap.String("cluster", node.Cluster), zap.String("profile", node.Profile.Name),
		zap.String("by", chosenBy(c)), zap.Int("settings", len(node.Values)), zap.Strings("open", node.Open), since(start))
	return files, node, nil
}

// chosenBy says what has decided which node it is.
func chosenBy(c *cli.Context) string {
	for _, flag := range []string{"node", "role"} {
		if value := c.String(flag); value != "" {
			return "--" + flag + " " + value
		}
	}
	return "an address of this machine"
}

// sources reads what stands elsewhere. An image, and what is below --root, is for another machine than this one.
func (con *console) sources(c *cli.Context) *source.Reader {
	r := source.NewReader(c.Context)
	r.Elsewhere = con.root != "" || c.String("phase") == profiles.ImagePhase
	return r
}

// readClusters reads cluster files; - is standard input.
func (con *console) readClusters(ctx context.Context, names []string) ([]cluster.Source, error) {
	var files []cluster.Source
	var problems patch.Problems
	for _, name := range names {
		start := time.Now()
		data, err := con.readFile(ctx, name)
		if errors.Is(err, context.Canceled) {
			return nil, err
		}
		if err != nil {
			problems = append(problems, &patch.Problem{File: name, Message: "cannot read: " + patch.Reason(err)})
			continue
		}
		files = append(files, cluster.Source{Name: name, Data: data})
		con.log.Info("cluster file read", zap.String("file", name), zap.Int("bytes", len(data)), since(start))
	}
	return files, problems.Err()
}

func (con *console) readFile(ctx context.Context, name string) ([]byte, error) {
	if name == "-" {
		return interruptible(ctx, func() ([]byte, error) { return readLimited(con.in) })
	}
	return interruptible(ctx, func() ([]byte, error) {
		f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody has opened to write would hold us up
		if err != nil {
			return nil, err
		}
		defer f.Close()
		data, err := readLimited(f)
		if info, _ := f.Stat(); err == nil && len(data) == 0 && info != nil && info.Mode().Type() == fs.ModeNamedPipe {
			return nil, errors.New("nobody writes to this pipe")
		}
		return data, err
	})
}

// readLimited reads no more than a cluster file may hold, and what shows that there is more.
func readLimited(r io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, strictyaml.MaxSize+1))
}

// nodeText says which node it is, and of what.
func (t *target) nodeText() string {
	switch n := t.node; {
	case n.Name != "" && n.Cluster == "":
		return fmt.Sprintf("node %s (%s)", n.Name, n.Role)
	case n.Name != "":
		return fmt.Sprintf("node %s (%s) of cluster %s", n.Name, n.Role, n.Cluster)
	case n.Cluster != "":
		return fmt.Sprintf("a %s of cluster %s", n.Role, n.Cluster)
	default:
		return fmt.Sprintf("%s of profile %s", n.Role, n.Profile.Name)
	}
}

// manual is what is left to do by hand.
func (t *target) manual() []string {
	return t.node.Profile.Manual(t.node.Role, t.node.Values, t.home)
}

// report is the plan as JSON, with what only the target knows.
func (t *target) report(plan *patch.Plan, found *lintedPlan) *patch.PlanReport {
	r := plan.Report()
	for _, f := range findingsReport(found.findings) {
		r.Findings = append(r.Findings, f)
	}
	r.Home = t.home.Dir
	r.Product = productReport(t.home)
	r.Cluster, r.Node, r.Role = t.node.Cluster, t.node.Name, t.node.Role
	r.Restart = plan.Changed() && t.home.PID != 0
	r.Open = append(r.Open, t.node.Open...)
	r.Manual = append(r.Manual, t.manual()...)
	for _, note := range t.node.Notes {
		r.Notes = append(r.Notes, patch.NoteReport{Message: note})
	}
	return r
}
