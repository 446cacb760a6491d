package script

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fakeJava prints its arguments, each on a line.
const fakeJava = `#!/bin/sh
[ "$1" = -version ] && exit
for a in "$@"; do printf '<%s>\n' "$a"; done
`

// run has sh run a script and returns the arguments that java gets.
func run(t *testing.T, dir, text string) []string {
	t.Helper()
	name := filepath.Join(dir, "start.sh")
	if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("sh", "-n", name).CombinedOutput(); err != nil {
		t.Fatalf("sh -n: %v\n%s\n%s", err, out, text)
	}
	c := exec.Command("sh", name, "argument")
	c.Dir = dir
	c.Env = []string{"PATH=" + dir + ":/usr/bin:/bin", "JAVA_HOME=" + dir, "JAVACMD=" + filepath.Join(dir, "java"), "CARBON_HOME=/home with blank", "OLD=1"}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, text)
	}
	var args []string
	for line := range strings.Lines(string(out)) {
		if arg, ok := strings.CutPrefix(strings.TrimSuffix(line, ">\n"), "<"); ok {
			args = append(args, arg)
		}
	}
	return args
}

// TestRun has a shell say what java gets: every value is one argument, as it was given, in front of the class path.
func TestRun(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh here")
	}
	dir := t.TempDir()
	for _, name := range []string{"java", "bin/java"} {
		os.MkdirAll(filepath.Join(dir, "bin"), 0o755)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(fakeJava), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	values := []string{
		"true", "10.0.0.1:3128", "localhost|127.0.0.1|*.local", "a b  c", `it's`, `say "x"`, "$HOME", "`id`", `back\slash`, `\n`, `\\`, `c:\`, "a;b&c", "(x)", "#x", "~", "!x",
		"*", "?", "[a]", "{a,b}", "<x>", "%PATH%", "a=b", "", "-Xms1m", "$(id)", "${HOME}", "it's|that's",
	}
	for _, in := range []string{inline, variable, crowded, oneLine} {
		before := run(t, dir, in)
		for _, value := range values {
			r, err := Apply([]byte(in), Op{Option: "-Dx=", Value: value}, Op{Option: "-Xmx", Value: "3g"})
			if err != nil {
				t.Fatal(err)
			}
			args := run(t, dir, string(r.Bytes))
			rest := strings.Join(args, "\n")
			if rest = strings.Replace(rest, "-Dx="+value+"\n", "", 1); rest == strings.Join(args, "\n") {
				t.Errorf("java does not get %q:\n%s", value, rest)
			}
			want := strings.NewReplacer("-Xmx1024m", "-Xmx3g", "-Xmx64m", "-Xmx3g", "-Xmx3000m", "-Xmx3g").Replace(strings.Join(before, "\n"))
			if rest != want {
				t.Errorf("java gets\n%s\nwant\n%s", rest, want)
			}
			other, err := Apply(r.Bytes, Op{Option: "-Dx=", Value: "other"})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(run(t, dir, string(other.Bytes)), "\n"); !strings.Contains(got, "-Dx=other\n") {
				t.Errorf("%q does not become other:\n%s", value, got)
			}
			removed, err := Apply(r.Bytes, Op{Option: "-Dx=", Remove: true})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(run(t, dir, string(removed.Bytes)), "\n"); got != want {
				t.Errorf("without the option java gets\n%s\nwant\n%s", got, want)
			}
		}
	}
}
