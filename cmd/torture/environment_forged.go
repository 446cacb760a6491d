package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
)

// forgery is a state folder that somebody has prepared for a run of root.
type forgery struct {
	name   string
	script string                   // in the bed, with $s for the state folder and $r for the record
	record func(body string) string // changes what the record says; its checksum is made right again
	stops  bool                     // a run must stop and explain
}

// interrupted are homes with the record of a run that was killed, by its name.
func interrupted(t *torture) map[string]*bed {
	r := t.prepare(verbs()[0])
	r.start.makeOutside()
	points := r.start.mutatingPoints(r.args)
	beds := map[string]*bed{}
	for _, p := range points {
		staged := strings.HasPrefix(p.at, "fsync") && strings.Contains(p.at, "catalina-server")
		swapped := p.call == "renameat2" && strings.Contains(p.at, "catalina-server")
		if !staged && !swapped {
			continue
		}
		b := r.start.clone()
		b.inject(p, "signal=KILL", r.args)
		if name := b.pending(); beds[name] == nil && (staged && name == "tx.staging" || swapped && name == "tx.commit") {
			beds[name] = b
		} else {
			b.remove()
		}
	}
	if beds["tx.staging"] == nil || beds["tx.commit"] == nil {
		must(fmt.Errorf("no run could be killed where its record is wanted"))
	}
	undo := beds["tx.commit"].clone()
	undo.sh("cd home/.carbonpatch && mv tx.commit tx.undo")
	beds["tx.undo"] = undo
	r.start.remove()
	return beds
}

func removeBeds(beds map[string]*bed) {
	for _, b := range beds {
		b.remove()
	}
}

// recoverers are the runs that meet what was forged.
func recoverers() [][]string {
	return [][]string{
		applyArgs("a", "--lock-timeout", "1s"), rollbackArgs("--lock-timeout", "1s"), rollbackArgs("--purge", "--lock-timeout", "1s"),
		{"plan", "home", "-f", "a.yaml", "--node", "manager"},
		{"history", "home"},
	}
}

// damagedRecords cuts a record off at every byte, and flips a bit in each.
func damagedRecords(t *torture, y *tally) {
	beds := interrupted(t)
	defer removeBeds(beds)
	for _, name := range []string{"tx.staging", "tx.commit", "tx.undo"} {
		start := beds[name]
		data := must1(os.ReadFile(start.path(".carbonpatch/" + name)))
		n := t.sample(len(data), 30)
		if name != "tx.commit" {
			n = min(n, 200) // it is read in the same way
		}
		t.each(n, func(i int) {
			at := spread(i, n, len(data))
			flipped := slices.Clone(data)
			flipped[at] ^= 1
			for what, damaged := range map[string][]byte{"cut off at": data[:at], "other in": flipped} {
				b := start.clone()
				must(os.WriteFile(b.path(".carbonpatch/"+name), damaged, 0o600))
				before := footprint(b.home())
				o := b.bounded(recoverers()[i%4]...)
				wrong := explained(o)
				if wrong == "" {
					wrong = prefix("changed: ", footprint(b.home()).differsFrom(before))
				}
				y.judge(b.reproduce(), prefix(fmt.Sprintf("%s %s byte %d: ", name, what, at), wrong))
				b.remove()
			}
		})
	}
}

// explained is how a run did not stop and explain.
func explained(o outcome) string {
	switch {
	case o.code != 1:
		return fmt.Sprintf("exit code %d, want 1\n%s", o.code, o.stderr)
	case !strings.Contains(o.stderr, ".carbonpatch") || !strings.Contains(o.stderr, "hint:"):
		return "does not explain\n" + o.stderr
	}
	return ""
}

// replace makes a forgery of a record out of a replacement in its text, which must be found there.
func replace(old, with string) func(string) string {
	return func(body string) string {
		if !strings.Contains(body, old) {
			must(fmt.Errorf("the record does not hold %q:\n%s", old, body))
		}
		return strings.ReplaceAll(body, old, with)
	}
}

func records() []forgery {
	all := []forgery{
		{"of the future", "", replace(`"version": 1`, `"version": 2`), true},
		{"of no version", "", replace(`"version": 1,`, ``), true},
		{"with an unknown field", "", replace(`"version": 1,`, `"version": 1, "extra": 1,`), true},
		{"without files", "", func(body string) string { return body[:strings.Index(body, `"files"`)] + `"files": []}` + "\n" }, true},
		{"nested deeply", "", func(string) string { return strings.Repeat("[", 100000) + "\n" }, true},
		{"that is null", "", func(string) string { return "null\n" }, true},
		{"with its files twice", "", func(body string) string {
			files := body[strings.Index(body, "[")+1 : strings.LastIndex(body, "]")]
			return strings.Replace(body, files, files+","+files, 1)
		}, false},
	}
	for _, folder := range []string{"..", "../outside", "/", "/tmp", "conf/../..", "conf/../../outside", "", `conf\u0000`, "conf/linked", "conf/nowhere", "conf/carbon.xml", ".carbonpatch"} {
		all = append(all, forgery{"with the folder " + folder, "ln -s ../../outside home/conf/linked", replace(`"folder": "conf"`, `"folder": "`+folder+`"`), true})
	}
	for _, base := range []string{"..", ".", "", "../outside/victim.xml", "/etc/passwd", `carbon.xml\u0000`, "a/b", `..\u0000`} {
		all = append(all, forgery{"with the name " + base, "", replace(`"base": "carbon.xml"`, `"base": "`+base+`"`), true})
	}
	for _, temp := range []string{"../../outside/victim.xml", "carbon.xml", "..", "", ".carbon.xml.0123456789abcdef.carbonpatch/../x", `.carbon.xml.\u0000123456789abcdef.carbonpatch`, ".carbon.xml.0123456789ABCDEF.carbonpatch"} {
		all = append(all, forgery{"with the file beside it " + temp, "", func(body string) string {
			i := strings.Index(body, `"temp": ".carbon.xml.`)
			end := i + strings.Index(body[i:], ",")
			return body[:i] + `"temp": "` + temp + `"` + body[end:]
		}, true})
	}
	for _, id := range []string{"..", "../../../outside", "", ".", "20260101T000000Z-../..", `20260101T000000Z-00\u0000`} {
		all = append(all, forgery{"with the id " + id, "", func(body string) string {
			i := strings.Index(body, `"id": "`)
			end := i + strings.Index(body[i:], ",")
			return body[:i] + `"id": "` + id + `"` + body[end:]
		}, true})
		all = append(all, forgery{"that undoes " + id, "", replace(`"files"`, `"undoes": "`+id+`", "files"`), id != ""})
	}
	return all
}

// seal writes a record that says what the forgery makes of it, with a right checksum.
func (f forgery) seal(data []byte) []byte {
	body, _, found := strings.Cut(string(data), "\nsha256 ")
	if !found {
		must(fmt.Errorf("the record has no checksum:\n%s", data))
	}
	body += "\n"
	if f.record != nil {
		body = f.record(body)
	}
	sum := sha256.Sum256([]byte(body))
	return []byte(body + "sha256 " + hex.EncodeToString(sum[:]) + "\n")
}

// forgedRecords puts lies into records whose checksum is right.
func forgedRecords(t *torture, y *tally) {
	beds := interrupted(t)
	defer removeBeds(beds)
	for _, name := range []string{"tx.staging", "tx.commit", "tx.undo"} {
		whole := beds[name].clone()
		honest := must1(os.ReadFile(whole.path(".carbonpatch/" + name)))
		if string((forgery{}).seal(honest)) != string(honest) {
			must(fmt.Errorf("%s is not sealed as it is thought to be", name))
		}
		whole.remove()
		all := records()
		t.each(len(all), func(i int) { beds[name].forge(y, name, i, all[i]) })
	}
}

// forge tries the nth of some forgeries, in a short run with two of the runs that meet it.
func (start *bed) forge(y *tally, record string, n int, f forgery) {
	runs := recoverers()
	if start.t.short {
		runs = [][]string{runs[0], runs[1+n%(len(runs)-1)]}
	}
	for _, args := range runs {
		b := start.clone()
		if f.script != "" {
			b.sh("s=home/.carbonpatch; r=$s/" + record + "; " + f.script)
		}
		path := b.path(".carbonpatch/" + record)
		if f.record != nil {
			must(os.WriteFile(path, f.seal(must1(os.ReadFile(path))), 0o600))
		}
		b.steps = append(b.steps, "forge a record "+f.name)
		around, before := withoutLinks(b.outside()), b.withoutHuge()
		o := b.bounded(args...)
		wrong := ""
		switch {
		case o.code == hung || o.code < 0 || o.code == 70:
			wrong = fmt.Sprintf("exit code %d\n%s", o.code, o.stderr)
		case f.stops && !(args[0] == "history" || args[0] == "rollback" && f.record == nil):
			if wrong = explained(o); wrong == "" {
				wrong = prefix("changed: ", b.withoutHuge().differsFrom(before))
			}
		case o.code != 0 && !strings.Contains(o.stderr, "carbonpatch: error:") && !strings.Contains(o.stderr, "error:"):
			wrong = "does not explain\n" + o.stderr
		}
		if wrong == "" {
			wrong = prefix("outside of the home: ", withoutLinks(b.outside()).differsFrom(around))
		}
		if wrong == "" && strings.Contains(o.stdout+o.stderr, canaryOutside) {
			wrong = "prints what is outside of the home"
		}
		y.judge(b.reproduce(), prefix(record+" "+f.name+", "+args[0]+": ", wrong))
		b.remove()
	}
}

// withoutHuge is [bed.untouched], nothing where the home holds a file that is too large to be looked at.
func (b *bed) withoutHuge() tree {
	if b.run("sh", "-c", "find home -size +1G | grep -q .").code == 0 {
		return nil
	}
	return b.untouched()
}

// stateForgeries are things in the place of records, backups and the files beside the targets. $i is the backup of the run, $t the file
// beside carbon.xml.
var stateForgeries = []forgery{
	{"two records", "n=staging; test -e $s/tx.$n && n=commit; cp $r $s/tx.$n", nil, true},
	{"three records", "for n in staging commit undo; do test -e $s/tx.$n || cp $r $s/tx.$n; done", nil, true},
	{"empty record", ": >$r", nil, true},
	{"record is a symlink outside", "rm $r; ln -s $PWD/outside/victim.xml $r", nil, true},
	{"record is a hard link outside", "mv $r outside/record; ln outside/record $r", nil, true},
	{"record is a FIFO", "rm $r; mkfifo $r", nil, true},
	{"record is a directory", "rm $r; mkdir $r", nil, true},
	{"record is a device", "rm $r; mknod $r c 1 5", nil, true},
	{"record is huge", "truncate -s 200G $r", nil, true},
	{"tx.new is a symlink outside", "ln -s $PWD/outside/victim.xml $s/tx.new", nil, false},
	{"tx.new is a directory", "mkdir $s/tx.new", nil, false},
	{"tx.new is a FIFO", "mkfifo $s/tx.new", nil, false},
	{"ours is a symlink outside", "rm $t; ln -s $PWD/outside/victim.xml $t", nil, false},
	{"ours is a hard link outside", "ln -f outside/victim.xml $t", nil, false},
	{"ours is a FIFO", "rm $t; mkfifo $t", nil, false},
	{"ours is a directory", "rm $t; mkdir $t; touch $t/inner", nil, false},
	{"ours is huge", "truncate -s 200G $t", nil, false},
	{"target is a symlink outside", "rm home/conf/carbon.xml; ln -s $PWD/outside/victim.xml home/conf/carbon.xml", nil, false},
	{"target is a hard link outside", "ln -f outside/victim.xml home/conf/carbon.xml", nil, false},
	{"folder is a symlink outside", "mv home/conf/axis2 kept; ln -s ../../outside/axis2 home/conf/axis2", nil, false},
	{"backups is a symlink outside", "mv $s/backups kept; mkdir -p outside/20260101T000000Z-0000; touch outside/20260101T000000Z-0000/0; ln -s $PWD/outside $s/backups", nil, false},
	{"backups is a file", "rm -r $s/backups; touch $s/backups", nil, false},
	{"backup is a symlink outside", "mv $i kept; ln -s $PWD/outside $i", nil, false},
	{"other backup is a symlink outside", "ln -s $PWD/outside $s/backups/20260101T000000Z-0000", nil, false},
	{"content is a symlink outside", "rm $i/1; ln -s $PWD/outside/victim.xml $i/1; rm -f $t", nil, false},
	{"content is a hard link outside", "ln -f outside/victim.xml $i/1; rm -f $t", nil, false},
	{"content is a FIFO", "rm $i/1; mkfifo $i/1; rm -f $t", nil, false},
	{"content is huge", "truncate -s 200G $i/1; rm -f $t", nil, false},
	{"content is another", "echo '<evil/>' >$i/1; rm -f $t", nil, false},
	{"manifest is a symlink outside", "rm -f $i/manifest.json; ln -s $PWD/outside/victim.xml $i/manifest.json", nil, false},
	{"manifest is a FIFO", "rm -f $i/manifest.json; mkfifo $i/manifest.json", nil, false},
	{"manifest is huge", "truncate -s 200G $i/manifest.json", nil, false},
	{"conflicts is a symlink outside", "ln -s $PWD/outside $s/conflicts; echo other >$t", nil, false},
	{"conflict of the run is a symlink outside", "mkdir -p $s/conflicts; ln -s $PWD/outside $s/conflicts/$(basename $i); echo other >$t", nil, false},
}

// manifestForgeries are lies in the manifest of a run that can be rolled back.
var manifestForgeries = []forgery{
	{"manifest leads to a parent", `sed -i 's,"path": "conf/carbon.xml","path": "../outside/victim.xml",' $i/manifest.json`, nil, false},
	{"manifest leads to an absolute path", `sed -i "s,\"path\": \"conf/carbon.xml\",\"path\": \"$PWD/outside/victim.xml\"," $i/manifest.json`, nil, false},
	{"manifest leads over a link", `ln -s ../../outside home/conf/linked; sed -i 's,"path": "conf/carbon.xml","path": "conf/linked/victim.xml",' $i/manifest.json`, nil, false},
	{"manifest leads into the state folder", `sed -i 's,"path": "conf/carbon.xml","path": ".carbonpatch/lock",' $i/manifest.json`, nil, false},
	{"manifest names a file twice", `sed -i 's,"path": "conf/axis2/axis2.xml","path": "conf/carbon.xml",' $i/manifest.json`, nil, false},
	{"manifest of the future", `sed -i 's,"version": 2,"version": 3,' $i/manifest.json`, nil, false},
	{"manifest of another run", `sed -i 's,"id": "2,"id": "3,' $i/manifest.json`, nil, false},
	{"manifest undoes another run", `sed -i 's|"files":|"undid": "../..", "files":|' $i/manifest.json`, nil, false},
	{"manifest is nested deeply", `head -c 1000000 /dev/zero | tr '\0' '[' >$i/manifest.json`, nil, false},
	{"manifest is cut off", `truncate -s 100 $i/manifest.json`, nil, false},
	{"content is setuid", `chmod 4755 $i/1`, nil, false},
	{"content belongs to another", `chown 1234 $i/1`, nil, false},
	{"backups beyond number", `for n in $(seq 1000 3000); do mkdir $s/backups/20260101T000000Z-$n; done`, nil, false},
}

// forgedState puts other things where a pending run, and one that can be rolled back, have what is their own.
func forgedState(t *torture, y *tally) {
	beds := interrupted(t)
	defer removeBeds(beds)
	const own = "i=$s/backups/$(ls $s/backups | head -1); t=$(echo home/conf/.carbon.xml.*.carbonpatch); "
	for _, name := range []string{"tx.staging", "tx.commit", "tx.undo"} {
		t.each(len(stateForgeries), func(i int) {
			f := stateForgeries[i]
			f.script = own + f.script
			beds[name].forge(y, name, i, f)
		})
	}
	done := t.bed()
	defer done.remove()
	done.makeOutside()
	done.succeed(applyArgs("b")...)
	t.each(len(manifestForgeries), func(i int) {
		f := manifestForgeries[i]
		f.script = "i=$s/backups/$(ls $s/backups | head -1); " + f.script
		done.forge(y, "none", i, f)
	})
}
