package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// sample is the home that the program carries for its demo.
const sample = "cmd/carbonpatch/demo/home"

// targets are the files that every run of a trial changes, below the home.
var targets = []string{"conf/axis2/axis2.xml", "conf/carbon.xml", "conf/tomcat/catalina-server.xml"}

// clusterFile describes the home in two versions, "a" and "b", which differ in every target.
func clusterFile(version string) string {
	n := map[string]string{"a": "1", "b": "2"}[version]
	return `version: 1
name: torture
profile: esb
settings:
  hostName: esb` + n + `.example.com
  mgtHostName: mgt` + n + `.example.com
  httpProxyPort: 808` + n + `
  httpsProxyPort: 844` + n + `
nodes:
  manager: {role: manager, localMemberHost: 10.0.0.` + n + `, localMemberPort: 410` + n + `}
  worker1: {role: worker, localMemberHost: 10.0.1.` + n + `, localMemberPort: 4200}
`
}

// bed is a home on the rack. Programs run in dir, which holds home, a.yaml and b.yaml.
type bed struct {
	t     *torture
	bin   string
	dir   string
	steps []string // the commands that made it what it is
}

// bed makes a home as it is shipped, with files of several owners, modes, ACLs and extended attributes (who is not root makes do
// with what they may set).
func (t *torture) bed() *bed {
	b := &bed{t: t, bin: t.bin, dir: t.folder()}
	must(os.CopyFS(b.home(), os.DirFS(sample)))
	for _, version := range []string{"a", "b"} {
		must(os.WriteFile(filepath.Join(b.dir, version+".yaml"), []byte(clusterFile(version)), 0o600))
	}
	axis2, carbon, tomcat := b.path(targets[0]), b.path(targets[1]), b.path(targets[2])
	must(unix.Lsetxattr(axis2, "user.origin", []byte("shipped\x00with care"), 0))
	must(os.Chmod(carbon, 0o640))
	must(unix.Lsetxattr(tomcat, "system.posix_acl_access", acl(), 0))
	if os.Geteuid() == 0 {
		must(os.Chown(carbon, 1000, 1001))
		if err := unix.Lsetxattr(axis2, "trusted.origin", []byte("root"), 0); !errors.Is(err, unix.EPERM) { // as in a container
			must(err)
		}
		must(unix.Lsetxattr(axis2, "security.selinux", []byte("system_u:object_r:etc_t:s0"), 0))
	}
	return b
}

// acl is the ACL u::rw-,u:1002:r--,g::r--,m::r--,o::--- as the kernel keeps it.
func acl() []byte {
	const userObj, user, groupObj, mask, other, none = 1, 2, 4, 0x10, 0x20, 0xffffffff
	data := binary.LittleEndian.AppendUint32(nil, 2) // the version
	for _, e := range []struct {
		tag, perm uint16
		id        uint32
	}{{userObj, 6, none}, {user, 4, 1002}, {groupObj, 4, none}, {mask, 4, none}, {other, 0, none}} {
		data = binary.LittleEndian.AppendUint16(data, e.tag)
		data = binary.LittleEndian.AppendUint16(data, e.perm)
		data = binary.LittleEndian.AppendUint32(data, e.id)
	}
	return data
}

func (b *bed) home() string { return filepath.Join(b.dir, "home") }

// path is the path of a file of the home.
func (b *bed) path(name string) string { return filepath.Join(b.home(), name) }

// clone makes a bed that is as b is, with all metadata but the times and inodes.
func (b *bed) clone() *bed {
	c := &bed{t: b.t, bin: b.bin, dir: b.t.folder(), steps: []string{"cp -a " + b.dir + " /tmp/bed && cd /tmp/bed"}}
	must(copyTree(b.dir, c.dir))
	return c
}

// reproduce is how to make the bed what it is from the one that it is a clone of, which is kept where a trial fails.
func (b *bed) reproduce() string { return strings.Join(b.steps, "\n") }

func (b *bed) remove() { must(os.RemoveAll(b.dir)) }

// copyTree copies what the folder from holds into the folder to.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == from {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		info, err := entry.Info()
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir():
			err = os.Mkdir(target, 0o700)
		case info.Mode().IsRegular():
			var data []byte
			if data, err = os.ReadFile(path); err == nil {
				err = os.WriteFile(target, data, 0o600)
			}
		default:
			err = errors.New(path + ": neither a folder nor a regular file")
		}
		if err != nil {
			return err
		}
		return copyMetadata(path, target, info)
	})
}

func copyMetadata(from, to string, info fs.FileInfo) error {
	st := info.Sys().(*syscall.Stat_t)
	if err := os.Lchown(to, int(st.Uid), int(st.Gid)); err != nil {
		return err
	}
	if err := os.Chmod(to, info.Mode()); err != nil {
		return err
	}
	attributes, err := xattrs(from)
	if err != nil {
		return err
	}
	for name, value := range attributes {
		if err := unix.Lsetxattr(to, name, value, 0); err != nil {
			return fmt.Errorf("%s: %s: %w", to, name, err)
		}
	}
	return nil
}

// xattrs are the extended attributes of a file, ACLs among them.
func xattrs(path string) (map[string][]byte, error) {
	names := make([]byte, 4096)
	n, err := unix.Llistxattr(path, names)
	if err != nil {
		return nil, &fs.PathError{Op: "listxattr", Path: path, Err: err}
	}
	attributes := map[string][]byte{}
	for name := range bytes.SplitSeq(names[:n], []byte{0}) {
		if len(name) == 0 {
			continue
		}
		value := make([]byte, 4096)
		n, err := unix.Lgetxattr(path, string(name), value)
		if err != nil {
			return nil, &fs.PathError{Op: "getxattr", Path: path, Err: err}
		}
		attributes[string(name)] = value[:n]
	}
	return attributes, nil
}

// file is a file, folder or link with all that a run must keep.
type file struct {
	mode     fs.FileMode
	uid, gid uint32
	nlink    uint64 // of a folder: 0
	xattrs   string
	content  string // of a link: what it leads to
	touched  string // inode and times, in a footprint
}

// tree is what a folder holds, by path below it.
type tree map[string]file

// snapshot is what lies below dir.
func snapshot(dir string) tree { return look(dir, func(*syscall.Stat_t) string { return "" }) }

// footprint is a snapshot in which one sees also what was written and is the same as before.
func footprint(dir string) tree {
	return look(dir, func(st *syscall.Stat_t) string { return fmt.Sprint(st.Ino, st.Mtim, st.Ctim) })
}

func look(dir string, touched func(*syscall.Stat_t) string) tree {
	found := tree{}
	must(filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		f, err := lookAt(path, touched)
		found[strings.TrimPrefix(strings.TrimPrefix(path, dir), "/")] = f
		return err
	}))
	return found
}

func lookAt(path string, touched func(*syscall.Stat_t) string) (file, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return file{}, err
	}
	st := info.Sys().(*syscall.Stat_t)
	f := file{mode: info.Mode(), uid: st.Uid, gid: st.Gid, touched: touched(st)}
	attributes, err := xattrs(path)
	if err != nil {
		return file{}, err
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		f.xattrs += fmt.Sprintf("%s=%q ", name, attributes[name])
	}
	var data []byte
	switch {
	case info.Mode().IsRegular():
		f.nlink = uint64(st.Nlink)
		data, err = os.ReadFile(path)
		f.content = string(data)
	case info.Mode()&fs.ModeSymlink != 0:
		f.content, err = os.Readlink(path)
	}
	return f, err
}

// differsFrom is how f is not as want, in a few words; "" if it is.
func (f file) differsFrom(want file) string {
	switch {
	case f.mode != want.mode:
		return fmt.Sprintf("mode %s, want %s", f.mode, want.mode)
	case f.uid != want.uid || f.gid != want.gid:
		return fmt.Sprintf("owner %d:%d, want %d:%d", f.uid, f.gid, want.uid, want.gid)
	case f.nlink != want.nlink:
		return fmt.Sprintf("%d links, want %d", f.nlink, want.nlink)
	case f.xattrs != want.xattrs:
		return fmt.Sprintf("extended attributes %s, want %s", f.xattrs, want.xattrs)
	case f.content != want.content:
		return fmt.Sprintf("other content (%d bytes, want %d)", len(f.content), len(want.content))
	case f.touched != want.touched:
		return "was written, or replaced by the same"
	}
	return ""
}

// differsFrom names the first file of got that is not as in want, and how; "" if all are.
func (got tree) differsFrom(want tree) string {
	paths := slices.Collect(maps.Keys(want))
	for path := range got {
		if _, ok := want[path]; !ok {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	for _, path := range paths {
		is, ok := got[path]
		should, known := want[path]
		switch {
		case !ok:
			return path + ": is missing"
		case !known:
			return path + ": should not be there"
		}
		if how := is.differsFrom(should); how != "" {
			return path + ": " + how
		}
	}
	return ""
}

// targets are the files that runs change. One that is missing is left out.
func (b *bed) targets() tree {
	found := tree{}
	for _, name := range targets {
		f, err := lookAt(b.path(name), func(*syscall.Stat_t) string { return "" })
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		must(err)
		found[name] = f
	}
	return found
}

// torn is the first target that is neither as before a run nor as after it (I1, I3); "" if each is one or the other.
func (b *bed) torn(before, after tree) string {
	now := b.targets()
	for _, name := range targets {
		f, ok := now[name]
		if !ok {
			return name + ": is missing"
		}
		if how := f.differsFrom(before[name]); how != "" && f.differsFrom(after[name]) != "" {
			return fmt.Sprintf("%s: neither old (%s) nor new (%s)", name, how, f.differsFrom(after[name]))
		}
	}
	return ""
}

// litter is the first thing that a run left and no run should leave (I4); "" if there is none. A file tx.new is none: it is no record
// yet, and goes when the next record is written.
func (b *bed) litter() string {
	first := ""
	must(filepath.WalkDir(b.home(), func(path string, entry fs.DirEntry, err error) error {
		name := entry.Name()
		beside := strings.HasPrefix(name, ".") && strings.HasSuffix(name, ".carbonpatch") && name != ".carbonpatch"
		state := filepath.Base(filepath.Dir(path)) == ".carbonpatch" && (strings.HasPrefix(name, "tx.") && name != "tx.new" || name == "conflicts")
		if err == nil && first == "" && (beside || state) {
			first = strings.TrimPrefix(path, b.home()+"/") + ": was left behind"
		}
		return err
	}))
	return first
}

// pending is the name of the record of an interrupted run, "" if there is none.
func (b *bed) pending() string {
	for _, name := range []string{"tx.staging", "tx.commit", "tx.undo", "tx.done"} {
		if _, err := os.Lstat(b.path(".carbonpatch/" + name)); err == nil {
			return name
		}
	}
	return ""
}

// applyArgs make the home as a version of the cluster file wants it.
func applyArgs(version string, flags ...string) []string {
	return append([]string{"apply", "home", "-f", version + ".yaml", "--node", "manager", "--yes"}, flags...)
}

// rollbackArgs put back what the newest run changed.
func rollbackArgs(flags ...string) []string {
	return append([]string{"rollback", "home", "--yes"}, flags...)
}

// outcome is how a program ended.
type outcome struct {
	code           int // -1 if a signal ended it
	signal         syscall.Signal
	stdout, stderr string
}

// carbonpatch runs the binary in the bed.
func (b *bed) carbonpatch(args ...string) outcome { return b.run(append([]string{b.bin}, args...)...) }

// run runs a program in the bed. It sees no environment but PATH.
func (b *bed) run(args ...string) outcome {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = b.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		must(err)
	}
	b.steps = append(b.steps, strings.Join(args, " "))
	o := outcome{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
		o.signal = status.Signal()
	}
	return o
}

// succeed runs the binary, which must exit with 0, to prepare a bed.
func (b *bed) succeed(args ...string) {
	if o := b.carbonpatch(args...); o.code != 0 {
		b.fail(o)
	}
}

// fail ends a trial that can't be carried out because of how the newest run in the bed ended.
func (b *bed) fail(o outcome) {
	must(fmt.Errorf("%s: exit code %d\n%s", b.steps[len(b.steps)-1], o.code, o.stderr))
}
