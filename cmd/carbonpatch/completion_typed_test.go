package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCompletionTyped types lines with a tab at the end into real shells, as a person does.
func TestCompletionTyped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"my one.yaml":  "version: 1\nprofile: esb\nnodes:\n  manager: {role: manager, groupPassword: canary}\n  worker1: {role: worker}\n  worker2: {role: worker}\n",
		"two.yaml":     "nodes: {store9: {role: worker}}\n",
		"broken.yaml":  "nodes: {manager: [}\n",
		"hostile.yaml": "nodes: {'$(touch pwned)': {}, 'a`touch pwned`': {}, 'a b': {}, 'ab;c': {}}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program, err := exec.LookPath("carbonpatch")
	if err == nil {
		err = os.Symlink(program, filepath.Join(dir, "carbonpatch"))
	}
	if err != nil {
		t.Fatal(err)
	}
	const zsh = "PS1='> '; unsetopt beep; autoload -Uz compinit; "
	for name, tt := range map[string]struct{ command, ready string }{
		"bash":              {"bash --norc --noprofile -i", "PS1='> '; bind 'set bell-style none'; source <(carbonpatch completion bash); complete -F _carbonpatch c"},
		"zsh":               {"zsh -f -i", zsh + "compinit -D -u; source <(carbonpatch completion zsh)"},
		"zsh from a folder": {"zsh -f -i", zsh + "mkdir f; carbonpatch completion zsh >f/_carbonpatch; fpath=($PWD/f $fpath); compinit -D -u"},
		"fish":              {"fish --no-config -i", "function fish_prompt; echo '> '; end; set -g fish_autosuggestion_enabled 0; carbonpatch completion fish | source"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			term := openTerminal(t, dir, tt.command, "alias c=carbonpatch; "+tt.ready)
			for _, tt := range typedLines() {
				if got := term.complete(tt.typed); got != tt.want {
					t.Errorf("%s became\n%s, want\n%s", tt.typed, got, tt.want)
				}
			}
			if screen := term.screen(); strings.Contains(screen, "canary") || strings.Contains(screen, "error") {
				t.Errorf("%s", screen)
			}
			if _, err := os.Stat(filepath.Join(dir, "pwned")); err == nil {
				t.Error("what stands in a cluster file was run")
			}
		})
	}
}

type typedLine struct{ typed, want string }

func typedLines() []typedLine {
	return []typedLine{
		{"carbonpatch pl", "carbonpatch plan |"},
		{"c pl", "c plan |"},
		{"~/carbonpatch pl", "~/carbonpatch plan |"},
		{"./gone/carbonpatch pl", "./gone/carbonpatch pl|"},
		{"carbonpatch plan --det", "carbonpatch plan --detailed-exitcode |"},
		{"carbonpatch plan --format=j", "carbonpatch plan --format=json |"},
		{"carbonpatch plan -f my", `carbonpatch plan -f my\ one.yaml |`},
		{`carbonpatch plan -f "my`, `carbonpatch plan -f "my one.yaml" |`},
		{"carbonpatch plan -f ~/tw", "carbonpatch plan -f ~/two.yaml |"},
		{"carbonpatch plan -f $HOME/tw", "carbonpatch plan -f $HOME/two.yaml |"},
		{"carbonpatch plan --cluster=~/tw", "carbonpatch plan --cluster=~/two.yaml |"},
		{"carbonpatch plan --format md > tw", "carbonpatch plan --format md > two.yaml |"},
		{"carbonpatch plan --cluster=my", `carbonpatch plan --cluster=my\ one.yaml |`},
		{"carbonpatch plan -f 'my one.yaml' --node m", "carbonpatch plan -f 'my one.yaml' --node manager |"},
		{`carbonpatch plan -f my\ one.yaml --node=m`, `carbonpatch plan -f my\ one.yaml --node=manager |`},
		{`carbonpatch plan -f my\ one.yaml -f two.yaml --node s`, `carbonpatch plan -f my\ one.yaml -f two.yaml --node store9 |`},
		{`carbonpatch plan -f "my one.yaml" --role w`, `carbonpatch plan -f "my one.yaml" --role worker |`},
		{"carbonpatch plan --profile es --role pub", "carbonpatch plan --profile es --role publisher |"},
		{"carbonpatch plan --set aws.re", "carbonpatch plan --set aws.region=|"},
		{"carbonpatch plan --set=aws.re", "carbonpatch plan --set=aws.region=|"},
		{"carbonpatch plan --set deploymentSynchronizer.enabled=t", "carbonpatch plan --set deploymentSynchronizer.enabled=true |"},
		{"carbonpatch plan --set=groupPassword=e", "carbonpatch plan --set=groupPassword=env:|"},
		{"carbonpatch plan --set parameters", "carbonpatch plan --set parameters|"},
		{"carbonpatch profiles sh", "carbonpatch profiles show |"},
		{"carbonpatch profiles show ei", "carbonpatch profiles show ei |"},
		{"carbonpatch profiles explain portO", "carbonpatch profiles explain portOffset |"},
		{"carbonpatch lint --disable avoid-", "carbonpatch lint --disable avoid-initiation-not-true |"},
		{"carbonpatch verify ho", "carbonpatch verify home/|"},
		{"carbonpatch -v hist", "carbonpatch -v history |"},
		{"carbonpatch plan -f broken.yaml --node m", "carbonpatch plan -f broken.yaml --node m|"},
		{"carbonpatch plan -f hostile.yaml --node a", "carbonpatch plan -f hostile.yaml --node a|"},
		{"carbonpatch plan -f hostile.yaml --node '$", "carbonpatch plan -f hostile.yaml --node '$|"},
		{"carbonpatch plan -f - --node m", "carbonpatch plan -f - --node m|"},
		{"carbonpatch plan --nope m", "carbonpatch plan --nope m|"},
	}
}

// typedTerminal is a shell in a terminal.
type typedTerminal struct {
	t      *testing.T
	socket string
}

func openTerminal(t *testing.T, dir, command, ready string) *typedTerminal {
	t.Helper()
	for _, program := range []string{strings.Fields(command)[0], "tmux"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	socket := filepath.Join(t.TempDir(), "tmux")
	term := &typedTerminal{t, socket}
	start := exec.Command("tmux", "-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", "200", "-y", "50", "-c", dir, command)
	start.Env = append(os.Environ(), "TERM=xterm", "HOME="+dir, "LC_ALL=C.UTF-8", "PS1=", "ESCDELAY=0")
	if out, err := start.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Cleanup(term.close)
	term.typeText(ready + "; clear; echo read''y")
	term.press("Enter")
	term.until("ready", func(screen string) bool { return strings.Contains(screen, "ready\n") })
	return term
}

func (term *typedTerminal) tmux(args ...string) string {
	out, err := exec.Command("tmux", append([]string{"-S", term.socket}, args...)...).CombinedOutput()
	if err != nil {
		term.t.Fatalf("tmux %v: %v: %s", args, err, out)
	}
	return string(out)
}

// close has the shell end, and waits for that: at its end it writes to its home.
func (term *typedTerminal) close() {
	term.press("C-u")
	term.typeText("exit")
	term.press("Enter")
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if exec.Command("tmux", "-S", term.socket, "has-session").Run() != nil {
			return
		}
	}
	term.t.Error("the shell goes on")
	term.tmux("kill-server")
}

func (term *typedTerminal) press(key string)     { term.tmux("send-keys", key) }
func (term *typedTerminal) typeText(text string) { term.tmux("send-keys", "-l", text) }
func (term *typedTerminal) screen() string       { return term.tmux("capture-pane", "-p") }

// complete types a line and a tab, and returns what became of the line, with a | where the cursor is: what is typed next.
func (term *typedTerminal) complete(line string) string {
	term.press("C-u")
	term.press("C-l")
	term.until("an empty screen", func(screen string) bool { return strings.TrimSpace(screen) == ">" })
	term.typeText(line)
	term.press("Tab")
	term.typeText("X")
	screen := term.until("X", func(screen string) bool { return strings.Contains(screen, "X") })
	before, _, _ := strings.Cut(screen, "X")
	return strings.TrimPrefix(before, "> ") + "|"
}

// until waits for a screen.
func (term *typedTerminal) until(what string, ok func(screen string) bool) string {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if screen := term.screen(); ok(screen) {
			return screen
		}
	}
	term.t.Fatalf("waited for %s:\n%s", what, term.screen())
	return ""
}
