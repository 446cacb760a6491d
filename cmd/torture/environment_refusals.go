package main

import (
	"slices"
	"strings"
)

// obstacle is something about a target that keeps it from being replaced safely, or seems to.
type obstacle struct {
	name   string
	script string
	clear  string   // takes it away again, where removing the bed doesn't
	says   []string // words that the refusal must have; none where the run must work
	keeps  string   // a script that must succeed after a run that works
}

var obstacles = []obstacle{
	{"hard link", "ln home/conf/carbon.xml home/conf/other.xml", "", []string{"conf/carbon.xml", "2 hard links", "cp -p"}, ""},
	{"mounted file", "cp -a home/conf/carbon.xml mounted; mount --bind mounted home/conf/carbon.xml", "umount -l home/conf/carbon.xml", []string{"conf/carbon.xml", "mount"}, ""},
	{"FIFO", "rm home/conf/carbon.xml; mkfifo home/conf/carbon.xml", "", []string{"conf/carbon.xml"}, ""},
	{"FIFO that no product is told by", "rm home/conf/axis2/axis2.xml; mkfifo home/conf/axis2/axis2.xml", "", []string{"conf/axis2/axis2.xml", "not a regular file"}, ""},
	{"socket", `rm home/conf/axis2/axis2.xml; cd home/conf/axis2; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("axis2.xml")'`, "", []string{"conf/axis2/axis2.xml", "not a regular file"}, ""},
	{"device", "rm home/conf/axis2/axis2.xml; mknod home/conf/axis2/axis2.xml c 1 5", "", []string{"conf/axis2/axis2.xml", "not a regular file"}, ""},
	{"directory", "rm home/conf/axis2/axis2.xml; mkdir home/conf/axis2/axis2.xml", "", []string{"conf/axis2/axis2.xml"}, ""},
	{"immutable file", "chattr +i home/conf/carbon.xml", "chattr -i home/conf/carbon.xml", []string{"conf/carbon.xml", "immutable", "chattr -i"}, ""},
	{"append-only file", "chattr +a home/conf/carbon.xml", "chattr -a home/conf/carbon.xml", []string{"conf/carbon.xml", "append-only", "chattr -a"}, ""},
	{"immutable folder", "chattr +i home/conf/tomcat", "chattr -i home/conf/tomcat", []string{"conf/tomcat", "immutable", "chattr -i"}, ""},
	{"append-only folder", "chattr +a home/conf/tomcat", "chattr -a home/conf/tomcat", []string{"conf/tomcat", "append-only", "chattr -a"}, ""},
	{"immutable home", "chattr +i home", "chattr -i home", []string{".carbonpatch"}, ""},
	{"read-only folder", "mount --bind home/conf/tomcat home/conf/tomcat; mount -o remount,ro,bind home/conf/tomcat", "umount -l home/conf/tomcat", []string{"conf/tomcat/catalina-server.xml", "read-only"}, ""},
	{"read-only home", "mount --bind home home; mount -o remount,ro,bind home", "umount -l home", []string{"read-only"}, ""},
	{"link out of the home", "rm home/conf/axis2/axis2.xml; ln -s ../../../outside/axis2/axis2.xml home/conf/axis2/axis2.xml", "", []string{"conf/axis2/axis2.xml", "leads out of the home"}, ""},
	{"absolute link out of the home", "rm home/conf/axis2/axis2.xml; ln -s $PWD/outside/axis2/axis2.xml home/conf/axis2/axis2.xml", "", []string{"conf/axis2/axis2.xml", "leads out of the home"}, ""},
	{"absolute link inside", "mv home/conf/axis2/axis2.xml home/conf/real.xml; ln -s $PWD/home/conf/real.xml home/conf/axis2/axis2.xml", "", []string{"conf/axis2/axis2.xml"}, ""},
	{"folder linked out of the home", "mv home/conf/axis2 kept; ln -s ../../outside/axis2 home/conf/axis2", "", []string{"conf/axis2"}, ""},
	{"absolute link in the way", "mv home/conf/axis2 home/conf/real; ln -s $PWD/home/conf/real home/conf/axis2", "", []string{"conf/axis2"}, ""},
	{"dangling link", "rm home/conf/axis2/axis2.xml; ln -s nowhere.xml home/conf/axis2/axis2.xml", "", []string{"conf/axis2/axis2.xml"}, ""},
	{"link to itself", "rm home/conf/axis2/axis2.xml; ln -s axis2.xml home/conf/axis2/axis2.xml", "", []string{"conf/axis2/axis2.xml"}, ""},
	{"links in a circle", "cd home/conf; rm axis2/axis2.xml; ln -s ../tomcat/x axis2/axis2.xml; ln -s ../axis2/axis2.xml tomcat/x", "", []string{"conf/axis2/axis2.xml"}, ""},
	{"two names of one file", "rm home/conf/axis2/axis2.xml; ln -s ../carbon.xml home/conf/axis2/axis2.xml", "", []string{"conf/axis2/axis2.xml"}, ""},
	{
		"chain of links inside", "cd home/conf; mv axis2/axis2.xml real.xml; ln -s ../one axis2/axis2.xml; ln -s tomcat/two one; ln -s ../axis2/../real.xml tomcat/two", "", nil,
		"cd home/conf; test -L axis2/axis2.xml -a -L one -a -L tomcat/two -a -f real.xml -a ! -L real.xml && grep -q 10.0.0.1 real.xml",
	},
	{
		"linked folder inside", "cd home; mv conf repository; ln -s repository conf; mv repository/axis2 axis2; ln -s ../axis2 repository/axis2", "", nil,
		"cd home; test -L conf -a -L repository/axis2 && grep -q 10.0.0.1 axis2/axis2.xml",
	},
	{"linked home", "mv home real; ln -s real home", "", nil, "test -L home && grep -q 10.0.0.1 real/conf/axis2/axis2.xml"},
	{
		"folder on another file system", "mv home/conf/tomcat away; mkdir home/conf/tomcat; mount -t tmpfs none home/conf/tomcat; cp -a away/. home/conf/tomcat", "umount -l home/conf/tomcat", nil,
		"grep -q 8081 home/conf/tomcat/catalina-server.xml",
	},
}

// unprivileged are obstacles for who is not root, with the words before the program.
var unprivileged = []obstacle{
	{"unwritable folder", "chown -R 1000:1000 home; chmod 0555 home/conf/tomcat", "", []string{"conf/tomcat/catalina-server.xml", "its folder can't be written to"}, ""},
	{"unwritable home", "chown -R 1000:1000 home; chown root home; chmod 0755 home", "", []string{".carbonpatch", "must belong to user 0"}, ""},
	{"unwritable home of its own", "chown -R 1000:1000 home; chmod 0555 home", "", []string{".carbonpatch", "its folder can't be written to"}, ""},
	{"file of somebody else", "chown -R 1000:1000 home; chown 1001 home/conf/carbon.xml; chmod 0666 home/conf/carbon.xml", "", []string{"conf/carbon.xml", "belongs to 1001:1000"}, ""},
	{"unreadable file", "chown -R 1000:1000 home; chmod 0 home/conf/axis2/axis2.xml", "", []string{"conf/axis2/axis2.xml", "permission denied"}, ""},
}

// refusals meets each obstacle with apply, and with the rollback of what was applied before.
func refusals(t *torture, y *tally) {
	start := t.bed()
	defer start.remove()
	start.makeOutside()
	applied := start.clone()
	defer applied.remove()
	applied.succeed(applyArgs("a")...)
	for _, o := range possible(y, start, obstacles, tryObstacle) {
		y.judge(start.meet(o, nil, applyArgs("a")))
		if o.says != nil && strings.HasPrefix(o.says[0], "conf/") {
			o.says = []string{"conf/"} // a rollback reads the files in another way, and says so in other words
			y.judge(applied.meet(o, nil, rollbackArgs("--force")))
		}
	}
	lowly := t.lowlyBed()
	defer lowly.remove()
	as1000 := []string{"setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"}
	for _, o := range unprivileged {
		y.judge(lowly.meet(o, as1000, applyArgs("a")))
	}
}

func tryObstacle(o obstacle, b *bed) (string, outcome) {
	b.makeOutside()
	if o.clear != "" {
		defer b.try(o.clear)
	}
	return o.name, b.try(o.script)
}

// meet runs in a clone of the bed with an obstacle, as who the words make of the program.
func (start *bed) meet(o obstacle, words, args []string) (reproduce, wrong string) {
	b := start.clone()
	defer b.remove()
	b.makeOutside()
	around := b.outside()
	b.sh(o.script)
	if o.clear != "" {
		defer b.try(o.clear)
	}
	before := b.untouched()
	end := b.runBounded(slices.Concat(words, []string{b.bin}, args)...)
	switch {
	case o.says != nil:
		wrong = b.refused(end, before, append(slices.Clone(o.says), "hint")...)
	case end.code != 0:
		wrong = "refused\n" + end.stderr
	default:
		if kept := b.try(o.keeps); kept.code != 0 {
			wrong = "not as it should be: " + o.keeps
		} else {
			wrong = b.litter()
		}
	}
	if wrong == "" {
		wrong = prefix("outside of the home: ", b.outside().differsFrom(around))
	}
	if wrong == "" && strings.Contains(end.stdout+end.stderr, canaryOutside) {
		wrong = "prints what is outside of the home"
	}
	return b.reproduce(), prefix(o.name+", "+args[0]+": ", wrong)
}
