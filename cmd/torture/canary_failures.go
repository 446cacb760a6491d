package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// quotedCanary is a canary as it stands in YAML.
func quotedCanary(channel string) string {
	return "'" + strings.ReplaceAll(canarySecret(channel), "'", "''") + "'"
}

// brokenClusterFiles are cluster files that can't be read, or not in full, near a secret that is written out.
func brokenClusterFiles(dir string) []string {
	good := canaryCluster("b", dir)
	secret := quotedCanary("Literalb")
	const name = "userManagement.adminPassword: "
	line := name + secret
	if !strings.Contains(good, line) {
		must(fmt.Errorf("no %s in the cluster file", name))
	}
	var all []string
	for _, instead := range []string{
		name + strings.TrimSuffix(secret, "'"), "\t" + line, line + "\n  " + line, line + "\n  nosuch: 1", line + "\n---\n" + line,
		name + "[" + secret + ", " + secret + "]", name + "{" + secret + ": " + secret + "}", secret,
		name + "!!binary " + secret, name + "&x " + secret, name + "*" + canarySecret("x"), name + "\"" + canaryHead + "\\q" + canaryTail + "\"",
		name + canaryHead + "\xff" + canaryTail, name + canaryHead + "\x01" + canaryTail, name + "\"" + canaryHead + "\\x01" + canaryTail + "\"",
		name + strings.Repeat(canaryHead, 1_000), name + "|\n    " + canarySecret("x") + "\n    " + canarySecret("y"), name + "********\n  nosuch: " + secret,
		"userManagement.adminPasword: " + secret, "adminPassword: " + secret, "groupPasswrd: " + secret, "userManagement: " + secret,
		"userManagement: {adminPasword: " + secret + "}", "userManagement: {adminPassword: " + secret + ", nosuch: 1}",
		name + "env:NOT_THERE", name + "file:/not/there", name + "file:" + dir + "/two-lines", name + "none", name,
		line + "\n  mcastPort: x", "aws.secretKey: " + secret, "aws: {secretKey: " + secret + ", accessKey: " + secret + ", x: 1}",
	} {
		all = append(all, strings.Replace(good, line, instead, 1))
	}
	const datasources = "  datasources:\n"
	head, _, _ := strings.Cut(good, datasources)
	_, tail, _ := strings.Cut(good, "nodes:\n")
	for _, instead := range []string{
		"[{jndi: jdbc/A, maxActive: x, password: " + secret + "}]", "[{jndi: jdbc/A, passwrd: " + secret + "}]", "{password: " + secret + "}",
		"[{jndi: jdbc/A, password: " + secret + ", password: " + secret + "}]", "[{password: " + secret + "}]", "[" + secret + "]",
		"[{jndi: jdbc/A, password: [" + secret + "]}]", "[{jndi: jdbc/A, url: 'x y?password=" + canaryHead + canaryTail + "'}]",
		"[{jndi: jdbc/A, connectionProperties: 'password=" + canaryHead + canaryTail + "', maxIdle: x}]",
	} {
		all = append(all, head+"  datasources: "+instead+"\nnodes:\n"+tail)
	}
	return all
}

// breakages are what can be wrong with a home, near its secrets.
func breakages() []func(c cage) {
	replace := func(file, old, new string) func(cage) {
		return func(c cage) {
			text := string(must1(os.ReadFile(c.path(file))))
			if !strings.Contains(text, old) {
				must(fmt.Errorf("no %q in %s", old, file))
			}
			must(os.WriteFile(c.path(file), []byte(strings.ReplaceAll(text, old, new)), 0o644))
		}
	}
	const carbon, users, registry, datasources = "conf/carbon.xml", "conf/user-mgt.xml", "conf/registry.xml", "conf/datasources/master-datasources.xml"
	return []func(cage){
		replace(carbon, "</Password>", "</Pasword>"), replace(carbon, "</KeyPassword>", "&nosuch;</KeyPassword>"), replace(carbon, "</KeyPassword>", "\xff</KeyPassword>"),
		replace(carbon, "<SvnPassword>", "<SvnPassword><SvnPassword>"), replace(carbon, "</SvnPassword>", "</SvnPassword><SvnPassword>x</SvnPassword>"),
		replace(carbon, "DeploymentSynchronizer>", "Other>"), replace(users, "</Password>", ""),
		replace(users, "</AdminUser>", "<Password>"+canaryHead+"</Password></AdminUser>"), replace(registry, "<password>", "<password"),
		replace(datasources, "</password>", "</x>"), replace(datasources, "</configuration>", "<password>"+canaryHead+"</password></configuration>"),
		func(c cage) { must(os.Remove(c.path(users))) },
		func(c cage) { must(os.WriteFile(c.path(carbon), []byte(canarySecret("x")), 0o644)) },
		func(c cage) { must(os.WriteFile(c.path(carbon), []byte("<Server>"+canarySecret("x")), 0o644)) },
		func(c cage) { must(os.Link(c.path(users), c.path("conf/linked.xml"))) },
	}
}

// stubbornProfile has operations that fail on what the home holds.
const stubbornProfile = `profile: stubborn
roles: {only: {}}
settings: {pw: {type: text, secret: true}, plain: {type: text}}
files:
  carbon.xml:
    - {set: /Server/Security/KeyStore/Password, to: $(pw), from: [shipped]}
    - {set: /Server/Security/KeyStore/KeyPassword, to: $(plain), from: [shipped]}
    - {set: "/Server/Security/KeyStore[Password='$(pw)']/@x", to: $(pw)}
    - {set: "/Server/Nosuch[@a='$(pw)']", to: $(pw)}
  axis2/axis2.xml:
    - {set: //Password, to: $(pw)}
    - {ensure: "/axisconfig/x[y='$(pw)']", xml: "<x><y>$(pw)</y><z>$(nosuch)</z></x>"}
`

// canaryFailures runs the verbs into all that can be wrong with what they are told, and with the home.
func canaryFailures(t *torture, y *tally) {
	cages := t.cages()
	verbs := [][]string{{"plan", "--format", "json"}, {"apply", "--yes"}, {"apply", "--yes", "-v", "-v", "-v", "--log-format", "json"}, {"verify", "--format", "diff"}}
	if t.short {
		verbs = verbs[1:2]
	}
	var runs []func()
	in := func(from cage, spoil func(cage), songs ...song) {
		runs = append(runs, func() {
			c := cage{from.clone()}
			defer c.remove()
			spoil(c)
			for _, s := range songs {
				c.judge(y, s)
			}
		})
	}
	told := func(verb []string, more ...string) song {
		return song{args: slices.Concat(verb, cageWanted("b"), more)}
	}
	for _, verb := range verbs {
		for _, text := range brokenClusterFiles(cages[0].dir) {
			in(cages[0], func(c cage) {
				must(os.WriteFile(filepath.Join(c.dir, "b.yaml"), []byte(text), 0o600))
			}, told(verb), song{args: slices.Concat(verb, []string{"home", "-f", "-", "--node", "manager"}), stdin: text})
		}
		for _, spoil := range breakages() {
			in(cages[0], spoil, told(verb), song{args: []string{"inspect", "home", "-v", "-v"}})
			in(cages[1], spoil, told(verb), song{args: []string{"rollback", "home", "--yes"}}, song{args: []string{"rollback", "home", "--yes", "--force", "--format", "json"}})
		}
		in(cages[0], func(c cage) {
			must(os.WriteFile(filepath.Join(c.dir, "stubborn.yaml"), []byte(stubbornProfile), 0o600))
			must(os.WriteFile(filepath.Join(c.dir, "mended.yaml"), []byte(strings.ReplaceAll(stubbornProfile, "<z>$(nosuch)</z>", "")), 0o600))
		},
			song{args: slices.Concat(verb, []string{"home", "--profile", "./stubborn.yaml", "--role", "only", "--set", "pw=env:CANARY_SET", "--set", "plain=env:CANARY_a"})},
			song{args: slices.Concat(verb, []string{"home", "--profile", "./mended.yaml", "--role", "only", "--set", "pw=env:CANARY_SET", "--set", "plain=env:CANARY_a"})},
		)
		full := told(verb)
		full.full = true
		in(cages[0], func(cage) {}, full)
		in(cages[1], locked, told(verb, "--lock-timeout", "0s"))
	}
	in(cages[0], func(cage) {},
		song{args: append([]string{"plan", "--out", "saved"}, cageWanted("b")...)}, song{args: append([]string{"apply", "--plan", "saved", "--yes"}, cageWanted("a")...)},
		song{args: append([]string{"apply", "--plan", "saved", "--yes"}, cageWanted("b")...)}, song{args: append([]string{"apply", "--plan", "saved", "--yes"}, cageWanted("b")...)},
		song{args: append([]string{"apply"}, cageWanted("b")...)}, song{args: []string{"rollback", "home"}})
	for _, spoil := range []func(cage){
		func(c cage) { must(os.WriteFile(c.backup("0"), []byte(canarySecret("x")), 0o600)) },
		func(c cage) { must(os.Remove(c.backup("1"))) },
		func(c cage) {
			must(os.WriteFile(c.backup("manifest.json"), must1(json.Marshal(map[string]string{"x": "y"})), 0o600))
		},
		func(c cage) { must(os.WriteFile(c.path(".carbonpatch/tx.commit"), []byte("{}"), 0o600)) },
	} {
		in(cages[1], spoil, song{args: []string{"rollback", "home", "--yes"}}, song{args: []string{"history", "home"}}, told([]string{"apply", "--yes"}), told([]string{"plan"}))
	}
	t.each(len(runs), func(i int) { runs[i]() })
}

// backup is the path of a file of the oldest backup.
func (c cage) backup(name string) string {
	found := must1(filepath.Glob(c.path(".carbonpatch/backups/*")))
	return filepath.Join(found[0], name)
}

// locked takes the lock of the home, until the process ends.
func locked(c cage) {
	f := must1(os.OpenFile(c.path(".carbonpatch/lock"), os.O_RDWR, 0))
	must(unix.Flock(int(f.Fd()), unix.LOCK_EX))
}

// canaryPoints kills a run, and lets its disk be full, at each call that may change what is on disk, and then runs what is told of that
// and what makes it good.
func canaryPoints(t *torture, y *tally) {
	cages := t.cages()
	rollback := []string{"rollback", "home", "--yes"}
	type ordeal struct {
		from cage
		args []string
		p    point
		what string
	}
	var all []ordeal
	for _, o := range []ordeal{
		{from: cages[1], args: append([]string{"apply", "--yes"}, cageWanted("b")...)},
		{from: cages[2], args: rollback},
		{from: cages[0], args: []string{"edit", "home/conf/carbon.xml", "--set", "/Server/Security/KeyStore/Password=env:CANARY_SET"}},
	} {
		for i, p := range o.from.canaryPoints(o.args) {
			o.p = p
			for j, what := range []string{"signal=KILL", "error=ENOSPC", "signal=SEGV"} {
				every := 1
				switch { // where it crashes makes little difference
				case t.short:
					every = 8
				case what == "signal=SEGV":
					every = 4
				}
				if o.what = what; (i+j)%every == 0 {
					all = append(all, o)
				}
			}
		}
	}
	t.each(len(all), func(i int) {
		o := all[i]
		c := cage{o.from.clone()}
		defer c.remove()
		c.judge(y, song{args: o.args, inject: fmt.Sprintf("%s:%s:when=%d", o.p.call, o.what, o.p.nth)})
		c.judge(y, song{args: append([]string{"plan", "-v", "-v"}, cageWanted("a")...)})
		if o.args[0] != "edit" {
			c.judge(y, song{args: rollback})
		}
	})
}

// canaryPoints are the moments before each call of a run that may change what is on disk.
func (c cage) canaryPoints(args []string) []point {
	clone := cage{c.clone()}
	defer clone.remove()
	log := filepath.Join(clone.dir, straceLog)
	cmd := clone.command(song{args: args}, log)
	if out, err := cmd.CombinedOutput(); err != nil {
		must(fmt.Errorf("%s: %w\n%s", cmd, err, out))
	}
	var points []point
	for _, call := range parseLog(string(must1(os.ReadFile(log)))) {
		if call.mutating(clone.dir) {
			points = append(points, point{call.name, call.nth, clone.shape(call)})
		}
	}
	return points
}

// crashes are places in the program's own text where a test build panics with what it holds there.
var crashes = []struct{ file, before, panics string }{
	{"cmd/carbonpatch/ask.go", "		r.value, r.err = f()\n", "		v, _ := f()\n		panic(fmt.Sprintf(\"%s\", any(v)))\n"},
	{"patch/make.go", "		case path != \"\":\n", "		case path != \"\":\n			panic(string(src))\n"},
	{"cmd/carbonpatch/apply.go", "	after, err := patch.Make(t.home.Dir, t.want)\n", "	panic(string(plan.Files[0].After))\n	after, err := patch.Make(t.home.Dir, t.want)\n"},
}

// canaryCrashes runs test builds that panic with a secret: while they read the cluster file, in a goroutine of its own, while they read the
// home, and after they have written it.
func canaryCrashes(t *torture, y *tally) {
	cages := t.cages()
	for _, crash := range crashes {
		bin := t.buildCrash(crash.file, crash.before, crash.panics)
		for _, more := range [][]string{nil, {"--format", "json"}, {"-v", "-v", "-v"}} {
			c := cage{cages[0].clone()}
			s := song{bin: bin, args: slices.Concat([]string{"apply", "--yes"}, cageWanted("a"), more)}
			if o := c.judge(y, s); o.code != 70 {
				y.violate(s.String(), fmt.Sprintf("%s: a panic ends with exit code %d, not 70", crash.file, o.code))
			}
			c.judge(y, song{args: append([]string{"plan"}, cageWanted("b")...)})
			c.remove()
		}
	}
}

// buildCrash builds the program with a part of a file replaced.
func (t *torture) buildCrash(file, old, new string) string {
	text := string(must1(os.ReadFile(file)))
	if strings.Count(text, old) != 1 {
		must(fmt.Errorf("%s holds %d times %q, want 1", file, strings.Count(text, old), old))
	}
	text = strings.Replace(text, old, new, 1)
	if strings.Contains(new, "fmt.") && !strings.Contains(text, "\"fmt\"") {
		text = strings.Replace(text, "import (", "import (\n\t\"fmt\"", 1)
	}
	dir := t.folder()
	crashing, overlay, bin := filepath.Join(dir, "crash.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "carbonpatch")
	must(os.WriteFile(crashing, []byte(text), 0o600))
	must(os.WriteFile(overlay, must1(json.Marshal(map[string]map[string]string{"Replace": {must1(filepath.Abs(file)): crashing}})), 0o600))
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "urfave_cli_no_docs", "-overlay", overlay, "-o", bin, "./cmd/carbonpatch")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		must(fmt.Errorf("%s: %w\n%s", cmd, err, out))
	}
	return bin
}

// canarySees runs what is asked to show secrets: those who look for them must find them.
func canarySees(t *torture, y *tally) {
	c := t.cages()[0]
	for _, format := range []string{"text", "diff"} {
		s := song{args: append([]string{"plan", "--show-secrets", "--format", format}, cageWanted("a")...)}
		if o, leak, _ := c.sing(s); leak == "" {
			y.violate(s.String(), fmt.Sprintf("prints secrets (exit code %d), and none was seen", o.code))
		} else {
			y.survive()
		}
	}
}
