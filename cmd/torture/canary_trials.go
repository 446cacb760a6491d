package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

const promiseSecret = "A secret goes into the target file and its backup and nowhere else."

// canary looks for secrets where none may be: secrets from every source, and those that the home already has.
func canary() []trial {
	return []trial{
		{"canary-commands", promiseSecret, straceNeeded, canaryCommands},
		{"canary-failures", promiseSecret, straceNeeded, canaryFailures},
		{"canary-points", promiseSecret, straceNeeded, canaryPoints},
		{"canary-crash", promiseSecret, []need{"strace", "go"}, canaryCrashes},
		{"canary-sees", promiseSees, straceNeeded, canarySees},
	}
}

// cage is a bed with canaries in all that a run reads.
type cage struct{ *bed }

func (t *torture) cage() cage {
	c := cage{t.bed()}
	for name, text := range canaryHome() {
		must(os.MkdirAll(filepath.Dir(c.path(name)), 0o755))
		must(os.WriteFile(c.path(name), []byte(text), 0o644))
	}
	for _, name := range []string{targets[0], targets[1]} {
		text := string(must1(os.ReadFile(c.path(name))))
		for _, shipped := range []string{"demo-keystore", "change-me"} {
			text = strings.ReplaceAll(text, shipped, inXML(canarySecret("Shipped")))
		}
		last := strings.LastIndex(text, "</")
		text = text[:last] + "<!-- <Old><Password>" + inXML(canarySecret("Comment")) + "</Password></Old> -->\n" + text[last:]
		info := must1(os.Stat(c.path(name)))
		must(os.WriteFile(c.path(name), []byte(text), info.Mode()))
	}
	for _, version := range []string{"a", "b"} {
		must(os.WriteFile(filepath.Join(c.dir, version+".yaml"), []byte(canaryCluster(version, c.dir)), 0o600))
		must(os.WriteFile(filepath.Join(c.dir, "svn-"+version), []byte(canarySecret("File"+version)+"\n"), 0o600))
	}
	for _, folder := range []string{"credentials", "tmp"} {
		must(os.Mkdir(filepath.Join(c.dir, folder), 0o700))
	}
	must(os.WriteFile(filepath.Join(c.dir, "two-lines"), []byte(canarySecret("1")+"\n"+canarySecret("2")+"\n"), 0o400))
	must(os.WriteFile(filepath.Join(c.dir, "credentials/db"), []byte(canarySecret("Credential")), 0o400))
	return c
}

func inXML(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace(text)
}

// canaryHome are files of a home that hold secrets which nobody has told the program of.
func canaryHome() map[string]string {
	old := inXML(canarySecret("Old"))
	return map[string]string{
		"conf/datasources/master-datasources.xml": `<datasources-configuration>
  <datasources>
    <datasource>
      <name>A</name>
      <jndiConfig><name>jdbc/A</name></jndiConfig>
      <definition type="RDBMS">
        <configuration>
          <url>jdbc:mysql://db/a?user=me&amp;password=` + canaryHead + "Url" + canaryTail + `</url>
          <username>me</username>
          <password>` + old + `</password>
          <driverClassName>com.mysql.jdbc.Driver</driverClassName>
        </configuration>
      </definition>
    </datasource>
    <!-- <datasource><name>B</name><definition><configuration><password>` + old + `</password></configuration></definition></datasource> -->
  </datasources>
</datasources-configuration>
`,
		"conf/registry.xml": `<wso2registry>
    <currentDBConfig>wso2registry</currentDBConfig>
    <readOnly>false</readOnly>
    <enableCache>true</enableCache>
    <registryRoot>/</registryRoot>
    <dbConfig name="wso2registry"><url>jdbc:h2:a</url><userName>me</userName><password>` + old + `</password></dbConfig>
</wso2registry>
`,
		"conf/user-mgt.xml": `<UserManager>
    <Realm>
        <Configuration>
            <AddAdmin>true</AddAdmin>
            <AdminRole>admin</AdminRole>
            <AdminUser><UserName>admin</UserName><Password>` + old + `</Password></AdminUser>
            <EveryOneRoleName>everyone</EveryOneRoleName>
            <Property name="dataSource">jdbc/A</Property>
        </Configuration>
    </Realm>
</UserManager>
`,
	}
}

// canaryCluster is a cluster file with a secret from each source, other ones in each version.
func canaryCluster(version, dir string) string {
	literal := quotedCanary("Literal" + version)
	secrets := `  userManagement.adminPassword: ` + literal + `
  groupPassword: env:CANARY_` + version + `
  deploymentSynchronizer:
    enabled: true
    svnUrl: https://me:` + canaryHead + version + canaryTail + `@svn.example.com/
    svnUser: me
    svnPassword: file:` + dir + `/svn-` + version + `
  datasources:
    - jndi: jdbc/A
      url: jdbc:mysql://db/` + version + `?password=` + canaryHead + version + canaryTail + `
      username: me
      password: file:` + dir + `/credentials/db
`
	return strings.Replace(clusterFile(version), "settings:\n", "settings:\n"+secrets, 1)
}

// canaryInputs are the files of a cage that hold secrets from the start, and that nothing writes.
var canaryInputs = []string{"a.yaml", "b.yaml", "svn-a", "svn-b", "two-lines", "credentials/db"}

// song is a run in a cage.
type song struct {
	bin    string   // another binary than the one that is tortured
	args   []string // those of the program
	inject string   // what strace does to it
	stdin  string
	full   bool // what it prints finds a full disk
}

func (s song) String() string {
	text := "carbonpatch " + strings.Join(s.args, " ")
	if s.stdin != "" {
		text += " < cluster file"
	}
	if s.full {
		text += " > /dev/full"
	}
	return text
}

// sing runs the program in the cage under strace and returns where a secret got out to, "" if nowhere, and in how many places it was
// written as it may be.
func (c cage) sing(s song) (o outcome, leak string, rightly int) {
	log := filepath.Join(c.dir, straceLog)
	cmd := c.command(s, log)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if s.full {
		full := must1(os.OpenFile("/dev/full", os.O_WRONLY, 0))
		defer full.Close()
		cmd.Stdout = full
	}
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		must(err)
	}
	o = outcome{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
		o.signal = status.Signal()
		if status.CoreDump() {
			leak = "a core file"
		}
	}
	leaks, rightly := canaryLeaks(parseLog(string(must1(os.ReadFile(log)))))
	must(os.Remove(log))
	leaks = append(leaks, c.strays()...)
	for name, text := range map[string]string{"stdout": o.stdout, "stderr": o.stderr} {
		if holdsCanary(text) {
			leaks = append(leaks, name+": "+aroundCanary(text))
		}
	}
	if len(leaks) > 0 {
		leak = strings.Join(leaks, "\n")
	}
	return o, leak, rightly
}

// command runs a song under strace, which writes to log. The runtime of Go is told not to interrupt calls, so that they are the same in
// each run.
func (c cage) command(s song, log string) *exec.Cmd {
	words := []string{"-E", "GODEBUG=asyncpreemptoff=1", "-f", "-y", "-s", "65536", "-o", log, "-e", "signal=none", "-e", "trace=" + canaryCalls + "," + mutatingSet()}
	if s.inject != "" {
		words = append(words, "-e", "inject="+s.inject)
	}
	bin := c.bin
	if s.bin != "" {
		bin = s.bin
	}
	cmd := exec.Command("strace", slices.Concat(words, []string{bin}, s.args)...)
	cmd.Dir, cmd.Stdin = c.dir, strings.NewReader(s.stdin)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TMPDIR=" + filepath.Join(c.dir, "tmp"), "CANARY_SET=" + canarySecret("Set")}
	for _, version := range []string{"a", "b"} {
		cmd.Env = append(cmd.Env, "CANARY_"+version+"="+canarySecret("Env"+version))
	}
	return cmd
}

// strays are the files in the cage that hold secrets and should not: all but what was put there, the configuration of the home, the
// backups, what a run that was killed left for the next one, and what somebody else wrote meanwhile.
func (c cage) strays() []string {
	var found []string
	must(filepath.WalkDir(c.dir, func(path string, entry fs.DirEntry, err error) error {
		name := strings.TrimPrefix(path, c.dir+"/")
		configuration := strings.HasPrefix(name, "home/conf/") && strings.HasSuffix(name, ".xml")
		if err != nil || !entry.Type().IsRegular() || configuration || canaryMayBeIn(path) || strings.Contains(name, "/conflicts/") || slices.Contains(canaryInputs, name) {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil && (holdsCanary(string(text)) || strings.HasPrefix(name, "tmp/")) {
			found = append(found, "the file "+name)
		}
		return err
	}))
	return found
}

// cageWanted is what of the version of the cluster file a run is told.
func cageWanted(version string) []string {
	return []string{"home", "-f", version + ".yaml", "--node", "manager"}
}

// cages are homes as shipped, and after one and two runs.
func (t *torture) cages() []cage {
	all := []cage{t.cage()}
	for _, version := range []string{"a", "b"} {
		next := cage{all[len(all)-1].clone()}
		o, leak, rightly := next.sing(song{args: append([]string{"apply", "--yes"}, cageWanted(version)...)})
		if o.code != 0 || leak != "" {
			must(fmt.Errorf("a plain apply: exit code %d\n%s%s", o.code, o.stderr, leak))
		}
		if rightly == 0 {
			must(errors.New("a plain apply writes no secret, so nothing can be seen"))
		}
		all = append(all, next)
	}
	return all
}

// songs are all verbs with all of their formats.
func songs(version string) []song {
	var all []song
	add := func(args ...string) { all = append(all, song{args: args}) }
	wanted := cageWanted(version)
	verbose := [][]string{nil, {"-v", "-v", "-v"}, {"-v", "-v", "-v", "--log-format", "json"}, {"--color", "always"}}
	formats := func(args []string, formats ...string) {
		for _, format := range formats {
			for _, more := range verbose {
				add(slices.Concat(args, []string{"--format", format}, more)...)
			}
		}
	}
	for _, verb := range [][]string{{"plan"}, {"plan", "--out", "saved.plan"}, {"apply", "--yes"}, {"apply", "--yes", "--no-backup"}, {"verify"}, {"verify", "--skip-secrets"}} {
		formats(append(verb, wanted...), "text", "diff", "json")
	}
	for _, verb := range [][]string{{"plan"}, {"apply", "--yes"}, {"verify"}} {
		formats(slices.Concat(verb, wanted, []string{"--set", "userManagement.adminPassword=env:CANARY_SET"}), "json")
	}
	formats([]string{"rollback", "home", "--yes"}, "text", "diff", "json")
	formats([]string{"rollback", "home", "--yes", "--force"}, "text", "diff", "json")
	formats([]string{"rollback", "home", "--yes", "--purge"}, "text", "json")
	formats([]string{"history", "home"}, "text", "json")
	formats([]string{"inspect", "home"}, "text", "json", "yaml")
	password := "/Server/Security/KeyStore/Password"
	for _, op := range [][]string{{"--set", password + "=env:CANARY_SET"}, {"--set", password + "=file:" + "DIR/svn-a"}, {"--remove", password}, {"--comment", password}, {"--set", "/Server/@a=x"}} {
		edit := append([]string{"edit", "home/conf/carbon.xml", "--create"}, op...)
		formats(edit, "text", "diff", "json")
		formats(append(slices.Clip(edit), "--dry-run"), "text", "diff", "json")
	}
	for _, text := range []string{
		"help", "version", "man", "schema", "init --profile esb", "profiles", "profiles show esb", "profiles explain groupPassword", "demo",
		"completion bash", "completion zsh", "completion fish", "plan --help", "",
	} {
		add(strings.Fields(text)...)
	}
	return all
}

// canaryCommands runs every verb, in every format, on a home that is as shipped, patched once, and patched twice.
func canaryCommands(t *torture, y *tally) {
	cages := t.cages()
	all := songs("b")
	all = append(all, song{args: []string{"apply", "home", "--yes", "-f", "-", "--node", "manager"}, stdin: canaryCluster("b", cages[0].dir)})
	if t.short {
		all = everyNth(all, 4)
	}
	t.singAll(y, cages, all)

	// What comes from a source is a secret to the run that reads it, whatever the setting.
	var plain []song
	for _, s := range songs("b") {
		if slices.Contains(s.args, "b.yaml") {
			plain = append(plain, song{args: append(slices.Clip(s.args), "--set", "parameters.licenseKey=env:CANARY_SET")})
		}
	}
	t.singAll(y, cages[:1], plain)
}

// singAll sings each song in a clone of each cage.
func (t *torture) singAll(y *tally, cages []cage, all []song) {
	t.each(len(all)*len(cages), func(i int) {
		c := cage{cages[i/len(all)].clone()}
		defer c.remove()
		s := all[i%len(all)]
		s.args = slices.Clone(s.args)
		for j, arg := range s.args {
			s.args[j] = strings.ReplaceAll(arg, "DIR", c.dir)
		}
		c.judge(y, s)
	})
}

// judge sings a song and counts it.
func (c cage) judge(y *tally, s song) outcome {
	o, leak, _ := c.sing(s)
	y.judge(s.String(), leak)
	return o
}

func everyNth(all []song, n int) []song {
	var some []song
	for i := 0; i < len(all); i += n {
		some = append(some, all[i])
	}
	return some
}
