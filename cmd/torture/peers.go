package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// promisePeers is what the comparison shows.
const promisePeers = "Under the same torture as xmlstarlet, sed -i and augtool, `carbonpatch edit` loses nothing."

// peer is a program that sets one value in a file, as one would call it.
type peer struct {
	name string
	args []string
}

// single is the file that peers edit, below the home.
const single = "settings.xml"

// peers are our own program, and then those that it is compared with.
func peers(bin string) []peer {
	file := "home/" + single
	augtool := []string{"augtool", "-A", "-r", ".", "-s", "-t", "Xml.lns incl /" + file}
	set := []string{"set", "/files/" + file + "/Server/Port/#text", "9444"}
	return []peer{
		{"carbonpatch edit", []string{bin, "edit", file, "-q", "--set", "/Server/Port=9444"}},
		{"sed -i", []string{"sed", "-i", "s/9443/9444/", file}},
		{"xmlstarlet ed -L", []string{"xmlstarlet", "ed", "-L", "-P", "-u", "/Server/Port", "-v", "9444", file}},
		{"augtool", slices.Concat(augtool, set)},
		{"augtool -b", slices.Concat(augtool, []string{"-b"}, set)},
	}
}

// settings is an XML file of 15 KB.
func settings() string {
	var text strings.Builder
	text.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Server>\n  <Port>9443</Port>\n")
	for i := range 240 {
		fmt.Fprintf(&text, "  <Setting name=\"setting%03d\">its value, the %03d</Setting>\n", i, i)
	}
	text.WriteString("</Server>\n")
	return text.String()
}

// peerBed makes a bed that has nothing but a file to edit, with an owner, a mode, an ACL and extended attributes.
func (t *torture) peerBed() *bed {
	b := &bed{t: t, dir: t.folder()}
	must(os.Mkdir(b.home(), 0o755))
	file := b.path(single)
	must(os.WriteFile(file, []byte(settings()), 0o600))
	must(unix.Lsetxattr(file, "user.origin", []byte("shipped"), 0))
	if os.Geteuid() == 0 {
		must(os.Chown(file, 1000, 1001))
		must(unix.Lsetxattr(file, "security.selinux", []byte("system_u:object_r:etc_t:s0"), 0))
	}
	must(unix.Lsetxattr(file, "system.posix_acl_access", acl(), 0))
	return b
}

// subject is a peer at work.
type subject struct {
	peer
	start    *bed
	old, new string // the content of the file before and after a run that nothing disturbs
}

// columns are what is looked at.
var columns = []string{
	"killed at any call", "a call fails (ENOSPC, EIO)", "power cut after exit code 0", "lost of the metadata", "symbolic link", "hard link",
}

// comparePeers prints what is left of a file when programs that edit it are tortured. Ours is judged.
func comparePeers(t *torture, y *tally) {
	if t.short {
		y.skip("a sample would flatter some; run without -short")
		return
	}
	start := t.peerBed()
	defer start.remove()
	fmt.Printf("\n  | | %s |\n  |%s\n", strings.Join(columns, " | "), strings.Repeat(" --- |", 1+len(columns)))
	for i, p := range peers(t.bin) {
		if reason := need(p.args[0]).missing(); reason != "" {
			y.skip(p.name + ": " + reason)
			continue
		}
		s := t.newSubject(start, p)
		cells := []string{s.kills(), s.errors(), s.cuts(), s.metadata(), s.symlink(), s.hardLink()}
		fmt.Printf("  | `%s` | %s |\n", p.name, strings.Join(cells, " | "))
		if i == 0 {
			judgeOurs(y, cells)
		}
	}
	fmt.Println()
}

// notTried is in the cells of what this machine does not allow.
const notTried = "not tried"

// judgeOurs compares the row of carbonpatch with what is promised.
func judgeOurs(y *tally, cells []string) {
	for i, cell := range cells {
		held := strings.HasPrefix(cell, "0 of ") || slices.Contains([]string{"new", "none", "kept", "refused"}, cell)
		switch {
		case cell == notTried:
			y.skip("carbonpatch edit, " + columns[i])
		case held:
			y.survive()
		default:
			y.violate("go run ./cmd/torture -only peers", "carbonpatch edit, "+columns[i]+": "+cell)
		}
	}
}

func (t *torture) newSubject(start *bed, p peer) *subject {
	s := &subject{peer: p, start: start, old: settings()}
	b := s.bed()
	defer b.remove()
	b.succeed(s.args[1:]...)
	s.new = string(must1(os.ReadFile(b.path(single))))
	if s.new == s.old {
		must(errors.New(s.name + " changes nothing"))
	}
	return s
}

func (s *subject) bed() *bed {
	b := s.start.clone()
	b.bin = s.args[0]
	return b
}

// state is what is left of the file: old, new or damaged.
func (s *subject) state(b *bed) string {
	data, err := os.ReadFile(b.path(single))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "missing"
	case err != nil:
		must(err)
	case string(data) == s.old:
		return "old"
	case string(data) == s.new:
		return "new"
	case len(data) == 0:
		return "empty"
	case strings.HasPrefix(s.new, string(data)), strings.HasPrefix(s.old, string(data)):
		return "cut short"
	}
	return "garbage"
}

func damaged(state string) bool { return state != "old" && state != "new" }

// points are the moments before the calls of a set that are wanted, in a run.
func (s *subject) points(set string, wanted func(*bed, call) bool) []point {
	b := s.bed()
	defer b.remove()
	return b.pointsHere(set, wanted, s.args[1:])
}

// kills is at how many points a run that is killed leaves a damaged file.
func (s *subject) kills() string {
	points := s.points(fileCalls, belongs)
	states := make([]string, len(points))
	s.start.t.each(len(states), func(i int) {
		b := s.bed()
		defer b.remove()
		b.inject(points[i], "signal=KILL", s.args[1:])
		states[i] = s.state(b)
	})
	return countDamaged(states)
}

// countDamaged is how many of some states are of a damaged file, and which.
func countDamaged(states []string) string {
	if len(states) == 0 {
		return notTried
	}
	n := 0
	var kinds []string
	for _, state := range states {
		if !damaged(state) {
			continue
		}
		n++
		if !slices.Contains(kinds, state) {
			kinds = append(kinds, state)
		}
	}
	count := fmt.Sprintf("%d of %d", n, len(states))
	if n == 0 {
		return count
	}
	slices.Sort(kinds)
	return fmt.Sprintf("**%s**: %s", count, strings.Join(kinds, " or "))
}

// errors is at how many of the calls that write a failure leaves a damaged file, and how often the exit code was 0 all the same.
func (s *subject) errors() string {
	var all []failure
	for _, p := range s.points(mutatingSet(), mutates) {
		all = append(all, failure{p, "ENOSPC"}, failure{p, "EIO"})
	}
	states := make([]string, len(all))
	done := make([]bool, len(states))
	s.start.t.each(len(states), func(i int) {
		try := all[i]
		b := s.bed()
		defer b.remove()
		o, _ := b.inject(try.point, "error="+try.errno, s.args[1:])
		states[i] = s.state(b)
		done[i] = o.code == 0 && states[i] != "new"
	})
	cell := countDamaged(states)
	silent := 0
	for _, claimed := range done {
		if claimed {
			silent++
		}
	}
	if silent > 0 {
		cell += fmt.Sprintf("; **exit code 0 for %d** that did not work", silent)
	}
	return cell
}

// cuts is what is left after a power cut when the run had ended well, on ext4 and xfs, at once and when a journal had been written.
func (s *subject) cuts() string {
	var states []string
	for _, name := range []string{"ext4-writeback", "xfs"} {
		fs := filesystems[slices.IndexFunc(filesystems, func(fs filesystem) bool { return fs.name == name })]
		if fs.missing() == "" {
			start := s.bed()
			withDisk(fs, start, func(d *disk) { states = append(states, s.cut(d, false), s.cut(d, true)) })
			start.remove()
		}
	}
	if len(states) == 0 {
		return notTried
	}
	slices.Sort(states)
	states = slices.Compact(states)
	if slices.ContainsFunc(states, damaged) {
		return "**" + strings.Join(states, " or ") + "**"
	}
	return strings.Join(states, " or ")
}

func (s *subject) cut(d *disk, commit bool) string {
	d.fresh()
	d.succeed(s.args[1:]...)
	if commit {
		d.commit()
	}
	d.cutPower()
	return s.state(d.bed)
}

// metadata is what a run loses of what belongs to the file.
func (s *subject) metadata() string {
	b := s.bed()
	defer b.remove()
	before, attributes := stat(b), must1(xattrs(b.path(single)))
	b.succeed(s.args[1:]...)
	after, left := stat(b), must1(xattrs(b.path(single)))
	var lost []string
	if after.Mode != before.Mode {
		lost = append(lost, "mode")
	}
	if after.Uid != before.Uid || after.Gid != before.Gid {
		lost = append(lost, "owner")
	}
	for _, a := range []struct{ attribute, name string }{
		{"system.posix_acl_access", "ACL"}, {"user.origin", "extended attributes"}, {"security.selinux", "label"},
	} {
		if string(left[a.attribute]) != string(attributes[a.attribute]) {
			lost = append(lost, a.name)
		}
	}
	if lost == nil {
		return "none"
	}
	return "**" + strings.Join(lost, ", ") + "**"
}

func stat(b *bed) *syscall.Stat_t {
	return must1(os.Lstat(b.path(single))).Sys().(*syscall.Stat_t)
}

// symlink is what becomes of a link that is edited instead of the file.
func (s *subject) symlink() string {
	b := s.bed()
	defer b.remove()
	real := b.path("real.xml")
	must(os.Rename(b.path(single), real))
	must(os.Symlink("real.xml", b.path(single)))
	o := b.run(s.args...)
	isLink := must1(os.Lstat(b.path(single))).Mode()&fs.ModeSymlink != 0
	content := string(must1(os.ReadFile(real)))
	switch {
	case !isLink:
		return "**replaced by a file**"
	case content == s.new:
		return "kept"
	case content == s.old && o.code != 0:
		return "refused"
	}
	return fmt.Sprintf("**ignored**, exit code %d", o.code)
}

// hardLink is what becomes of a second name of the file.
func (s *subject) hardLink() string {
	b := s.bed()
	defer b.remove()
	must(os.Link(b.path(single), b.path("second.xml")))
	o := b.run(s.args...)
	switch {
	case stat(b).Nlink == 1:
		return "**broken**"
	case s.state(b) == "new":
		return "kept"
	case s.state(b) == "old" && o.code != 0:
		return "refused"
	}
	return fmt.Sprintf("**ignored**, exit code %d", o.code)
}
