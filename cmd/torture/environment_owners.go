package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// special is the target whose metadata the matrix of owners varies.
const special = "conf/carbon.xml"

var specialModes = []string{"0644", "0640", "0600", "0664", "0444", "0400", "4755", "2755", "0000"}

// specialOwners are root, the owner of the home, and nobody: of what is to be written.
var specialOwners = []string{"0:0", "1000:1001", "65534:65534"}

// trait is something that a file or its folder has besides; f is the file, d its folder.
type trait struct {
	name   string
	script string
	plain  bool // its owner may give it to a file, too
}

var traits = []trait{
	{"nothing", "true", true},
	{"extended attribute", "setfattr -n user.origin -v shipped $f", true},
	{"ACL with mask", "setfacl -m u:1002:rwx,g:1003:rx,m::rx $f", true},
	{"default ACL of the folder", "setfacl -d -m u:1002:rwx,g::rwx,m::rwx $d", true},
	{"setgid folder of another group", "chgrp 1005 $d; chmod g+s $d", true},
	{"label", "setfattr -n security.selinux -v system_u:object_r:etc_t:s0 $f", false},
	{"capability", "setcap cap_net_bind_service=ep $f", false},
	{trusted, "setfattr -n trusted.origin -v root $f", false},
}

// trusted is a trait that nobody but root can see, so that others can't keep it, nor refuse.
const trusted = "trusted attribute"

// runner is who runs the program, by the words before it.
type runner struct {
	name  string
	words func(uid, gid string) []string
}

var runners = []runner{
	{"root", func(string, string) []string { return nil }},
	{"the owner", func(uid, gid string) []string {
		return []string{"setpriv", "--reuid", uid, "--regid", gid, "--clear-groups"}
	}},
	{"a member of the group", func(_, gid string) []string {
		return []string{"setpriv", "--reuid", "1004", "--regid", "1004", "--groups", gid}
	}},
	{"root without CAP_CHOWN", func(string, string) []string {
		return []string{"setpriv", "--bounding-set", "-chown", "--inh-caps", "-chown"}
	}},
	{"nobody", func(string, string) []string {
		return []string{"setpriv", "--reuid", "65533", "--regid", "65533", "--clear-groups"}
	}},
}

// rights are one cell of the matrix.
type rights struct {
	mode, owner string
	trait       trait
	runner      runner
}

func (r rights) String() string {
	return fmt.Sprintf("mode %s, owner %s, %s, run by %s", r.mode, r.owner, r.trait.name, r.runner.name)
}

// owners runs as several users on files of several modes, owners and traits: all is kept, or the run is refused and nothing is changed.
func owners(t *torture, y *tally) {
	start := t.lowlyBed()
	defer start.remove()
	seen := possible(y, start, traits, func(tr trait, b *bed) (string, outcome) {
		return tr.name, b.try("f=home/" + special + "; d=home/conf; " + tr.script)
	})
	var all []rights
	for _, mode := range specialModes {
		for _, owner := range specialOwners {
			for _, tr := range seen {
				for _, r := range runners {
					if tr.name != trusted || strings.HasPrefix(r.name, "root") {
						all = append(all, rights{mode, owner, tr, r})
					}
				}
			}
		}
	}
	n := t.sample(len(all), 120)
	t.each(n, func(i int) {
		r := all[spread(i, n, len(all))]
		b := start.clone()
		defer b.remove()
		y.judge(b.reproduce(), prefix(r.String()+": ", b.withRights(r)))
	})
}

// withRights makes a cell of the matrix and runs in it.
func (b *bed) withRights(r rights) string {
	uid, gid, _ := strings.Cut(r.owner, ":")
	b.sh(fmt.Sprintf("f=home/%s; d=$(dirname $f); chown -R %s home; find home -type d | xargs chmod 2775; find home -type d | xargs chmod g-s; %s; chmod %s $f; %s; setfattr -x trusted.origin home/%s",
		special, r.owner, "find home -type f | xargs chmod 0664", r.mode, r.trait.script, targets[0]))
	before := snapshot(b.home())
	o := b.runBounded(slices.Concat(r.runner.words(uid, gid), []string{b.bin}, applyArgs("a"))...)
	after := snapshot(b.home())
	switch o.code {
	case 0:
		return keptRights(before, withoutState(after))
	case 1:
		if r.mustWork(uid) {
			return "was refused\n" + o.stderr
		}
		if differs := after.differsFrom(before); differs != "" {
			return "refused, but changed: " + differs + "\n" + o.stderr
		}
		return ""
	}
	return fmt.Sprintf("exit code %d\n%s", o.code, o.stderr)
}

// mustWork reports whether to refuse would be no answer: root can keep all, and the owner what is no privilege.
func (r rights) mustWork(uid string) bool {
	readable := r.mode != "0000"
	return r.runner.name == "root" || r.runner.name == "the owner" && uid != "0" && readable && r.trait.plain ||
		r.runner.name == "the owner" && uid == "0"
}

// keptRights is what differs but the content; all targets must have a new one.
func keptRights(before, after tree) string {
	want := maps.Clone(before)
	for _, name := range targets {
		f := before[name]
		if after[name].content == f.content {
			return name + ": is as it was"
		}
		f.content = after[name].content
		want[name] = f
	}
	return after.differsFrom(want)
}

// lowlyBed is a bed in which other users than root can run the program.
func (t *torture) lowlyBed() *bed {
	must(os.Chmod(t.dir, 0o711)) // they come through it
	b := t.bed()
	b.sh("cp " + b.bin + " carbonpatch && chmod 0755 carbonpatch && chmod 0644 *.yaml")
	b.bin = "./carbonpatch"
	return b
}
