package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// filesystem is a kind of file system, made and mounted in one way.
type filesystem struct {
	name    string // for the names of trials
	mkfs    string // the command and its flags
	options string // of the mount
	size    int64
}

// filesystems are those that power is cut on. The second is ext4 at its least forgiving: data may be written after the names that
// lead to it, and a file that replaces another is not flushed out of kindness.
var filesystems = []filesystem{
	{"ext4-ordered", "mkfs.ext4 -q -E lazy_itable_init=0", "data=ordered", 64 << 20},
	{"ext4-writeback", "mkfs.ext4 -q -E lazy_itable_init=0", "data=writeback,noauto_da_alloc", 64 << 20},
	{"ext4-journal", "mkfs.ext4 -q -E lazy_itable_init=0", "data=journal", 64 << 20},
	{"xfs", "mkfs.xfs -q", "defaults", 304 << 20},
	{"btrfs", "mkfs.btrfs -q", "defaults", 128 << 20},
}

// missing is why the file system can't be made here, "" if it can.
func (fs filesystem) missing() string {
	if reason := need("loop devices").missing(); reason != "" {
		return reason
	}
	return need(strings.Fields(fs.mkfs)[0]).missing()
}

// disk is a bed whose home lies on a file system in an image in memory. The image at a moment is what is left if the power is cut then:
// it lacks all that the kernel has not written yet.
type disk struct {
	*bed
	filesystem
	folder  string // where the image is mounted
	mounted string // the image that is mounted, "" if none is
	serial  int
	made    []string // the steps that made the image to begin with
}

// base is the image to begin with.
const base = "base"

// withDisk makes a disk with what start has, and hands it to do. It returns why that is not possible here, "" if it is.
//
// All happens on a thread that has its mounts for itself: the mounts go with the thread, the loop devices with the mounts and the images
// with the memory that they lie in, however the harness ends. do has to stay on its goroutine, as others don't see the disk.
func withDisk(fs filesystem, start *bed, do func(d *disk)) (missing string) {
	dir := start.t.folder()
	defer os.Remove(dir)
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for ever: the thread ends with the goroutine
		done <- carryOut(func() {
			if missing = ownMemory(dir); missing != "" {
				return
			}
			defer unix.Unmount(dir, unix.MNT_DETACH)
			d := &disk{bed: &bed{t: start.t, bin: start.bin, dir: dir}, filesystem: fs, folder: filepath.Join(dir, "disk")}
			if missing = d.format(start); missing == "" {
				do(d)
				d.unmount()
			}
		})
	}()
	must(<-done)
	return missing
}

// ownMemory makes dir a folder in memory that only this thread sees. It returns why it can't.
func ownMemory(dir string) (missing string) {
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return "mounts of its own: " + err.Error()
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return "mounts of its own: " + err.Error()
	}
	if err := unix.Mount("torture", dir, "tmpfs", 0, "size=2g,mode=0755"); err != nil {
		return "tmpfs: " + err.Error()
	}
	return ""
}

// format makes the image that every trial begins with. It returns why it can't.
func (d *disk) format(start *bed) (missing string) {
	must(os.Mkdir(d.folder, 0o755))
	must(os.Mkdir(d.home(), 0o755))
	for _, entry := range must1(os.ReadDir(start.dir)) {
		if entry.Type().IsRegular() {
			must(os.WriteFile(filepath.Join(d.dir, entry.Name()), must1(os.ReadFile(filepath.Join(start.dir, entry.Name()))), 0o600))
		}
	}
	d.steps = []string{"cp " + start.dir + "/* .", "mkdir disk home"}
	image := must1(os.Create(d.image(base)))
	must(image.Truncate(d.size))
	must(image.Close())
	d.steps = append(d.steps, fmt.Sprintf("truncate -s %d %s", d.size, base))
	if err := d.command(append(strings.Fields(d.mkfs), base)...); err != nil {
		return err.Error()
	}
	if err := d.command("mount", "-o", "loop,"+d.options, base, "disk"); err != nil {
		return err.Error()
	}
	d.mounted = base
	home := filepath.Join(d.folder, "home")
	must(os.Mkdir(home, 0o755))
	must(copyTree(start.home(), home))
	d.steps = append(d.steps, "cp -a "+start.home()+" disk")
	unmount(d.folder)
	d.mounted = ""
	d.made = append(d.steps, "umount disk")
	return ""
}

func (d *disk) image(name string) string { return filepath.Join(d.dir, name) }

// prepare makes the image to begin with what a verb needs, and finds out what the verb makes of it.
func (d *disk) prepare(v verb) *ordeal {
	d.fresh()
	for _, args := range v.prepare {
		d.succeed(args...)
	}
	d.keep()
	d.fresh()
	r := &ordeal{verb: v, before: d.targets()}
	d.succeed(v.args...)
	r.after = d.targets()
	return r
}

// keep makes what is mounted the image to begin with.
func (d *disk) keep() {
	next := d.mounted
	d.mounted = ""
	unmount(d.home())
	unmount(d.folder)
	must(os.Rename(d.image(next), d.image(base)))
	d.made = append(d.steps, "umount home disk", "mv "+next+" "+base)
}

// fresh gives the disk the image to begin with.
func (d *disk) fresh() {
	d.unmount()
	d.steps = d.made[:len(d.made):len(d.made)]
	d.mount(d.copy(base))
}

// cutPower leaves on the disk what had been written at this moment.
func (d *disk) cutPower() {
	left := d.copy(d.mounted)
	d.unmount()
	d.mount(left)
}

func (d *disk) copy(image string) string {
	d.serial++
	copied := fmt.Sprint(d.serial)
	must(d.command("cp", "--sparse=always", image, copied))
	return copied
}

// mount mounts an image, and its home where the bed has it: what else a trial writes does not touch the disk.
func (d *disk) mount(image string) {
	must(d.command("mount", "-o", "loop,"+d.options, image, "disk"))
	d.mounted = image
	must(unix.Mount(filepath.Join(d.folder, "home"), d.home(), "", unix.MS_BIND, ""))
	d.steps = append(d.steps, "mount --bind disk/home home")
}

// unmount forgets what is mounted.
func (d *disk) unmount() {
	if d.mounted == "" {
		return
	}
	unmount(d.home())
	unmount(d.folder)
	must(os.Remove(d.image(d.mounted)))
	d.steps = append(d.steps, "umount home disk", "rm "+d.mounted)
	d.mounted = ""
}

// unmount waits until nobody has a file open below folder: a process that another goroutine starts has all that are open, for a moment.
func unmount(folder string) {
	err := unix.Unmount(folder, 0)
	for range 1000 {
		if err != unix.EBUSY {
			break
		}
		time.Sleep(time.Millisecond)
		err = unix.Unmount(folder, 0)
	}
	must(err)
}

// commit writes a file beside the home and syncs it. That has the journal written, with the names and sizes of all files, but not what
// else is in them: the worst moment for the power to go.
func (d *disk) commit() {
	f := must1(os.Create(filepath.Join(d.folder, "unrelated")))
	defer f.Close()
	must1(f.WriteString("unrelated"))
	must(f.Sync())
	d.steps = append(d.steps, "echo unrelated > disk/unrelated", "sync disk/unrelated")
}

// command runs words in the folder that holds the images; what they said is part of the error.
func (d *disk) command(words ...string) error {
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = d.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(words, " "), err, strings.TrimSpace(string(out)))
	}
	d.steps = append(d.steps, strings.Join(words, " "))
	return nil
}
