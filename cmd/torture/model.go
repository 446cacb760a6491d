package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// The model is a disk that does no more than POSIX promises: what a file holds is there after a power cut if the file was synced since,
// a name if its folder was, and of all else any part may be there and any part not. It follows a run by its system calls, and tells
// all that could be on the disk at each moment. File systems do better than that, each in its own way; so bugs show here that no
// power cut on one of them shows.

// inode is a file or folder of the modelled disk.
type inode struct {
	folder bool
	now    version
	synced *version // nil if it never was
}

// version is what an inode holds at some time.
type version struct {
	content  string
	uid, gid int
	mode     uint32
	xattrs   map[string][]byte
}

// change is what one call does to names, all of it or nothing.
type change struct {
	names    []name
	unsynced map[*inode]bool // the folders that were not synced since
}

// name is that there is an inode, or none, of a name.
type name struct {
	in   *inode
	name string
	to   *inode
}

// folders are the names in each folder.
type folders map[*inode]map[string]*inode

func (f folders) set(n name) {
	if f[n.in] == nil {
		f[n.in] = map[string]*inode{}
	}
	f[n.in][n.name] = n.to
	if n.to == nil {
		delete(f[n.in], n.name)
	}
}

func (f folders) clone() folders {
	c := folders{}
	for in, names := range f {
		c[in] = maps.Clone(names)
	}
	return c
}

// model is the modelled disk with one home on it.
type model struct {
	dir     string // of the bed that the calls were made in
	root    *inode
	before  folders // what was there at the beginning
	live    folders // what is there as long as the power is on
	changes []*change
	unsync  []*inode // files that were written since they were synced
}

// newModel reads what the home of a bed holds.
func newModel(b *bed) *model {
	d := &model{dir: b.home(), before: folders{}}
	d.root = d.scan(b.home())
	d.live = d.before.clone()
	return d
}

func (d *model) scan(path string) *inode {
	info := must1(os.Lstat(path))
	st := info.Sys().(*syscall.Stat_t)
	v := version{uid: int(st.Uid), gid: int(st.Gid), mode: st.Mode & 0o7777, xattrs: must1(xattrs(path))}
	i := &inode{folder: info.IsDir()}
	if i.folder {
		d.before[i] = map[string]*inode{}
		for _, entry := range must1(os.ReadDir(path)) {
			d.before.set(name{i, entry.Name(), d.scan(filepath.Join(path, entry.Name()))})
		}
	} else {
		v.content = string(must1(os.ReadFile(path)))
	}
	i.now, i.synced = v, &v
	return i
}

// find is what has a path, nil if there is nothing, or the path is not in the home.
func (d *model) find(path string) *inode {
	below, ok := strings.CutPrefix(path, d.dir)
	if !ok {
		return nil
	}
	i := d.root
	for part := range strings.SplitSeq(strings.Trim(below, "/"), "/") {
		if part != "" && part != "." {
			i = d.live[i][part]
		}
	}
	return i
}

var (
	descriptor = regexp.MustCompile(`^(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>$`)
	quoted     = regexp.MustCompile(`^"((?:\\x[0-9a-f]{2})*)"$`)
)

// plain is an argument as the call got it: the path of a descriptor, the bytes of a string.
func plain(arg string) string {
	for _, form := range []*regexp.Regexp{descriptor, quoted} {
		if m := form.FindStringSubmatch(arg); m != nil {
			return string(must1(hex.DecodeString(strings.ReplaceAll(m[1], `\x`, ""))))
		}
	}
	return arg
}

// modelledCalls are those that the model knows. A run must not change anything by others.
var modelledCalls = []string{
	"openat", "mkdirat", "write", "fallocate", "fchown", "fchmod", "fsetxattr", "fremovexattr", "fsync", "renameat", "renameat2", "unlinkat", "fdatasync",
}

// do follows a call. It reports whether that changed anything that a power cut could show.
func (d *model) do(c call) bool {
	var args []string
	for arg := range strings.SplitSeq(c.args, ", ") {
		args = append(args, plain(arg))
	}
	at := d.find(args[0])
	if at == nil || strings.HasPrefix(c.result, "-1") {
		return false
	}
	switch c.name {
	case "openat":
		return d.open(at, args)
	case "mkdirat":
		made := &inode{folder: true, now: version{mode: uint32(must1(strconv.ParseUint(args[2], 8, 32)))}}
		d.rename(name{at, args[1], made})
	case "renameat", "renameat2":
		d.renameCall(at, args)
	case "unlinkat":
		d.rename(name{at, args[1], nil})
	case "fsync", "fdatasync":
		d.sync(at)
	case "fallocate":
		return false // the length that it gives a file goes when that is written
	default:
		d.write(at, c, args)
	}
	return true
}

// words are a call as people may want to read it.
func (d *model) words(c call) string {
	first, rest, _ := strings.Cut(c.args, ", ")
	second, _, _ := strings.Cut(rest, ", ")
	words := c.name + " " + strings.TrimPrefix(plain(first), d.dir)
	if c.name == "write" {
		return words
	}
	return words + " " + plain(second)
}

func (d *model) open(at *inode, args []string) bool {
	if strings.HasPrefix(args[1], "/") || !strings.Contains(args[2], "O_CREAT") || d.live[at][args[1]] != nil {
		if strings.Contains(args[2], "O_TRUNC") {
			must(errors.New("the model knows no O_TRUNC"))
		}
		return false
	}
	made := &inode{now: version{uid: os.Geteuid(), gid: os.Getegid(), mode: uint32(must1(strconv.ParseUint(args[3], 8, 32)))}}
	d.rename(name{at, args[1], made})
	d.unsync = append(d.unsync, made)
	return true
}

func (d *model) renameCall(at *inode, args []string) {
	to := d.find(args[2])
	moved := d.live[at][args[1]]
	var left *inode
	if len(args) > 4 && strings.Contains(args[4], "RENAME_EXCHANGE") {
		left = d.live[to][args[3]]
	}
	d.rename(name{at, args[1], left}, name{to, args[3], moved})
}

func (d *model) rename(names ...name) {
	c := &change{names, map[*inode]bool{}}
	for _, n := range names {
		d.live.set(n)
		c.unsynced[n.in] = true
	}
	d.changes = append(d.changes, c)
}

func (d *model) sync(i *inode) {
	for _, c := range d.changes {
		delete(c.unsynced, i)
	}
	v := i.now
	v.xattrs = maps.Clone(v.xattrs)
	i.synced = &v
	d.unsync = slices.DeleteFunc(d.unsync, func(other *inode) bool { return other == i })
}

// write follows the calls that change what a file holds, or who may read it.
func (d *model) write(i *inode, c call, args []string) {
	v := &i.now
	switch c.name {
	case "write":
		v.content += args[1]
	case "fchown":
		v.uid, v.gid = must1(strconv.Atoi(args[1])), must1(strconv.Atoi(args[2]))
	case "fchmod":
		v.mode = uint32(must1(strconv.ParseUint(args[1], 8, 32)))
	case "fsetxattr":
		v.xattrs = maps.Clone(v.xattrs)
		if v.xattrs == nil {
			v.xattrs = map[string][]byte{}
		}
		v.xattrs[args[1]] = []byte(args[2])
	case "fremovexattr":
		v.xattrs = maps.Clone(v.xattrs)
		delete(v.xattrs, args[1])
	default:
		must(errors.New("the model does not know " + c.name))
	}
	if !i.folder && !slices.Contains(d.unsync, i) {
		d.unsync = append(d.unsync, i)
	}
}

// loss is what a power cut leaves of a file that was not synced.
type loss func(*inode) version

// losses are nothing lost; all lost, in three ways; and owner, mode and attributes lost.
func losses() []loss {
	emptied := func(content string) loss {
		return func(i *inode) version {
			if i.synced != nil {
				return *i.synced
			}
			return version{content: content[:min(len(content), len(i.now.content))], uid: os.Geteuid(), gid: os.Getegid(), mode: 0o600}
		}
	}
	return []loss{
		func(i *inode) version { return i.now },
		emptied(""),
		emptied(strings.Repeat("\x00", 1<<20)),
		func(i *inode) version {
			v := i.now
			v.content = v.content[:len(v.content)/2]
			return v
		},
		func(i *inode) version {
			return version{content: i.now.content, uid: os.Geteuid(), gid: os.Getegid(), mode: 0o600}
		},
	}
}

// cut is what may be on the disk after a power cut.
type cut struct {
	names folders
	root  *inode
	files map[*inode]version
	lost  string // in words
}

// cuts are all that a power cut at this moment could leave; where that is too much, the most different ones.
func (d *model) cuts() []cut {
	var open []int // changes that may be lost
	for i, c := range d.changes {
		if len(c.unsynced) > 0 {
			open = append(open, i)
		}
	}
	var all []cut
	for _, kept := range subsets(len(open)) {
		names := d.before.clone()
		var lost []string
		for i, c := range d.changes {
			if at := slices.Index(open, i); at >= 0 && !kept[at] {
				lost = append(lost, c.names[len(c.names)-1].name)
				continue
			}
			for _, n := range c.names {
				names.set(n)
			}
		}
		for i, lose := range losses() {
			if i > 0 && len(d.unsync) == 0 {
				break
			}
			files := map[*inode]version{}
			for _, f := range d.unsync {
				files[f] = lose(f)
			}
			all = append(all, cut{names, d.root, files, fmt.Sprintf("lost %d of %d names %v; %d files unsynced, lost in way %d", len(lost), len(open), lost, len(d.unsync), i)})
		}
	}
	return all
}

// subsets are ways to keep some of n things: all ways where these are few, else none, all, the first ones, one alone, all but one.
func subsets(n int) [][]bool {
	const few = 5
	var all [][]bool
	if n <= few {
		for bits := range 1 << n {
			kept := make([]bool, n)
			for i := range kept {
				kept[i] = bits>>i&1 == 1
			}
			all = append(all, kept)
		}
		return all
	}
	for i := range n + 1 {
		first := make([]bool, n)
		for j := range i {
			first[j] = true
		}
		all = append(all, first)
	}
	for i := range n {
		one, others := make([]bool, n), slices.Repeat([]bool{true}, n)
		one[i], others[i] = true, false
		all = append(all, one, others)
	}
	return all
}

// walk calls f for all that the disk holds, folders before what is in them.
func (c cut) walk(f func(path string, i *inode, v version)) { c.walkFrom("", c.root, f) }

func (c cut) walkFrom(path string, i *inode, f func(string, *inode, version)) {
	v, lost := c.files[i]
	if !lost {
		v = i.now
	}
	f(path, i, v)
	for _, name := range slices.Sorted(maps.Keys(c.names[i])) {
		c.walkFrom(filepath.Join(path, name), c.names[i][name], f)
	}
}

// key is the same for what is the same.
func (c cut) key() string {
	var b strings.Builder
	c.walk(func(path string, i *inode, v version) { fmt.Fprintf(&b, "%q %v %v\n", path, i.folder, v) })
	return b.String()
}

// write makes a home of what the disk holds.
func (c cut) write(home string) {
	must(os.RemoveAll(home))
	c.walk(func(path string, i *inode, v version) {
		path = filepath.Join(home, path)
		if i.folder {
			must(os.Mkdir(path, 0o700))
		} else {
			must(os.WriteFile(path, []byte(v.content), 0o600))
		}
		must(os.Lchown(path, v.uid, v.gid))
		must(unix.Chmod(path, v.mode))
		for name, value := range v.xattrs {
			must(unix.Lsetxattr(path, name, value, 0))
		}
	})
}

// modelled is a state that a power cut may leave, and the call before which.
type modelled struct {
	cut
	at   string
	done bool // the run had ended with 0
}

// modelCuts are all different states that a power cut in a run may leave.
func modelCuts(r *ordeal) []modelled {
	b := r.start.clone()
	defer b.remove()
	d := newModel(b)
	unknown := slices.DeleteFunc(slices.Clone(mutatingCalls), func(name string) bool { return slices.Contains(modelledCalls, name) })
	o, calls := b.trace(strings.Join(slices.Concat(modelledCalls, unknown), ","), r.args, "-xx", "-s", "1000000")
	if o.code != 0 {
		b.fail(o)
	}
	seen := map[string]bool{}
	var all []modelled
	add := func(at string, done bool) {
		for _, c := range d.cuts() {
			if key := fmt.Sprint(done, c.key()); !seen[key] {
				seen[key] = true
				all = append(all, modelled{c, at, done})
			}
		}
	}
	add("the beginning", false)
	for i, c := range calls {
		if d.do(c) {
			add(fmt.Sprintf("after call %d, %s", i, d.words(c)), false)
		}
	}
	add("after the run ended", true)
	return all
}

// sweepModel cuts the power of the modelled disk at each moment of a run.
func sweepModel(t *torture, y *tally, r *ordeal) {
	states := modelCuts(r)
	n := t.sample(len(states), 40)
	t.each(n, func(i int) {
		m := states[spread(i, n, len(states))]
		tryModel(y, r, m, r.forward, r.after)
		tryModel(y, r, m, r.back, r.before)
	})
}

func tryModel(y *tally, r *ordeal, m modelled, next []string, want tree) {
	b := r.start.clone()
	defer b.remove()
	m.write(b.home())
	wrong := b.torn(r.before, r.after)
	if m.done {
		wrong = b.targets().differsFrom(r.after)
	}
	if wrong == "" {
		wrong = b.recover(next, want)
	}
	y.judge(strings.Join(r.args, " ")+"\n"+strings.Join(b.steps[1:], "\n"), prefix(fmt.Sprintf("power cut %s (%s): ", m.at, m.lost), wrong))
}

// modelSees runs the model on builds without fsync: it must find them wrong.
func modelSees(t *torture, y *tally) {
	for _, tag := range []string{"torture_nofsync", "torture_nodirsync"} {
		blind := *t.prepare(verbs()[0])
		blind.start.bin = t.build(tag)
		var found tally
		sweepModel(t, &found, &blind)
		wrong := ""
		if found.survived == found.total {
			wrong = fmt.Sprintf("a build with %s survived all %d modelled power cuts", tag, found.total)
		}
		y.judge("go build -tags "+tag, wrong)
	}
}
