package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	promiseFull    = "A full disk changes nothing: the run works, or all is as it was and nothing is left."
	promiseEditor  = "Your edit wins: what somebody else does to a file during a run is never lost, and no file outside is touched."
	promiseAgents  = "Readers never see half a file, and several runs at once come to one end."
	promiseOwner   = "Owner, mode, ACL, extended attributes, SELinux label: kept or refused."
	promiseRefused = "What can't be replaced safely is refused, with the reason and what to do, before anything is written."
	promiseOutside = "It never leaves the home: not by links, not by a race, not by forged records."
)

func environment() []trial {
	root := need("root")
	return []trial{
		{"full-tmpfs-bytes", promiseFull, []need{root}, fullBytes},
		{"full-tmpfs-inodes", promiseFull, []need{root}, fullInodes},
		{"full-ext4", promiseFull, []need{root, "loop devices", "mkfs.ext4"}, fullExt4},
		{"editor-of-apply", promiseEditor, []need{root, "strace"}, func(t *torture, y *tally) { editorAtEveryStep(t, y, verbs()[0]) }},
		{"editor-of-rollback", promiseEditor, []need{root, "strace"}, func(t *torture, y *tally) { editorAtEveryStep(t, y, verbs()[1]) }},
		{"editor-of-ours", promiseEditor, []need{root, "strace"}, editorOfOurs},
		{"editor-of-recovery", promiseEditor, []need{root, "strace"}, editorOfRecovery},
		{"agents-killed", promiseAgents, nil, agents},
		{"owners", promiseOwner, []need{root, "setpriv"}, owners},
		{"refusals", promiseRefused, []need{root, "setpriv"}, refusals},
		{"lock", promiseRefused, nil, locks},
		{"lock-replaced", promiseOutside, []need{root}, replacedLocks},
		{"link-race", promiseOutside, nil, linkRace},
		{"forged-damage", promiseOutside, []need{root, "strace"}, damagedRecords},
		{"forged-record", promiseOutside, []need{root, "strace"}, forgedRecords},
		{"forged-state", promiseOutside, []need{root, "strace"}, forgedState},
	}
}

// sh runs a script in the bed, which must succeed: it makes the surroundings.
func (b *bed) sh(script string) {
	if o := b.try(script); o.code != 0 {
		b.fail(o)
	}
}

// try runs a script in the bed.
func (b *bed) try(script string) outcome {
	o := b.run("sh", "-c", script)
	b.steps[len(b.steps)-1] = script
	return o
}

// hung is the exit code of a run that came to no end.
const hung = 137

// bounded runs the binary, but not for ever.
func (b *bed) bounded(args ...string) outcome {
	return b.runBounded(append([]string{b.bin}, args...)...)
}

func (b *bed) runBounded(args ...string) outcome {
	return b.run(append([]string{"timeout", "-s", "KILL", "20"}, args...)...)
}

// outside is a folder beside the home that no run may touch. It holds a file that could be a target, and a secret.
const outside = "outside"

const canaryOutside = "canary-of-outside"

func (b *bed) makeOutside() {
	dir := filepath.Join(b.dir, outside)
	must(os.MkdirAll(filepath.Join(dir, "axis2"), 0o755))
	data := must1(os.ReadFile(b.path(targets[0])))
	text := strings.NewReplacer("127.0.0.1", canaryOutside, "wso2.carbon.domain", canaryOutside).Replace(string(data))
	if !strings.Contains(text, canaryOutside) {
		must(fmt.Errorf("%s has nothing to put a canary into", targets[0]))
	}
	must(os.WriteFile(filepath.Join(dir, "axis2", "axis2.xml"), []byte(text), 0o644))
	must(os.WriteFile(filepath.Join(dir, "victim.xml"), []byte("<victim>"+canaryOutside+"</victim>\n"), 0o600))
}

func (b *bed) outside() tree { return footprint(filepath.Join(b.dir, outside)) }

// content is what a home holds without what is kept of runs.
func (b *bed) content() tree { return withoutState(snapshot(b.home())) }

func withoutState(t tree) tree {
	for path := range t {
		if path == ".carbonpatch" || strings.HasPrefix(path, ".carbonpatch/") {
			delete(t, path)
		}
	}
	return t
}

// untouched is a footprint of the home but for the times of its own folder, in which a run may make and remove the state folder.
func (b *bed) untouched() tree {
	t := footprint(b.home())
	top := t[""]
	top.touched = ""
	t[""] = top
	return t
}

// refused is how a run that should have refused and changed nothing has not; before is [bed.untouched]. All words must be in what it
// says.
func (b *bed) refused(o outcome, before tree, words ...string) string {
	if o.code != 1 {
		return fmt.Sprintf("exit code %d, want 1\n%s", o.code, o.stderr)
	}
	for _, word := range words {
		if !strings.Contains(o.stderr, word) {
			return fmt.Sprintf("does not say %q\n%s", word, o.stderr)
		}
	}
	return prefix("refused, but changed: ", b.untouched().differsFrom(before))
}

// holdsText reports whether any file of the home holds a text.
func (b *bed) holdsText(text string) bool {
	found := false
	must(filepath.WalkDir(b.home(), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !found && entry.Type().IsRegular() {
			var data []byte
			data, err = os.ReadFile(path)
			found = strings.Contains(string(data), text)
		}
		return err
	}))
	return found
}

// possible drops what this machine can't do, and notes why. Try tries one in a clone of start.
func possible[T any](y *tally, start *bed, all []T, try func(one T, b *bed) (name string, o outcome)) []T {
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool {
		b := start.clone()
		defer b.remove()
		name, o := try(one, b)
		if o.code != 0 {
			y.skip(name + ": " + strings.TrimSpace(o.stderr))
		}
		return o.code != 0
	})
}

// mayMount reports whether file systems can be mounted, and notes it if not.
func (t *torture) mayMount(y *tally) bool {
	b := t.bed()
	defer b.remove()
	o := b.try("mount -t tmpfs none home && umount home")
	if o.code != 0 {
		y.skip("all of it: " + strings.TrimSpace(o.stderr))
	}
	return o.code == 0
}
