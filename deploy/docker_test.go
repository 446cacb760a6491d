package deploy

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestDockerPage(t *testing.T) {
	clients(t, "unshare", "nsenter", "ip")
	m := newMachine(t, "container", "10.0.0.3")
	m.copyIn("docker/entrypoint.sh", "/root/entrypoint.sh")
	m.copyIn(binary(t), "/root/carbonpatch")
	m.copyIn(sampleHome, "/root/wso2ei-6.1.1")
	m.runPage("docker.md")
}

// A container completes its home before the server starts, which is its first process and runs as its user. Another start of it writes
// nothing, and takes milliseconds.
func TestDockerStart(t *testing.T) {
	i := newImage(t)
	if baked := i.must("cd /opt/wso2ei-6.1.1; grep -o 'localMemberHost.>[0-9.]*\\|<HostName>[a-z.]*' conf/axis2/axis2.xml conf/carbon.xml; ls -A"); baked != "conf/axis2/axis2.xml:localMemberHost\">127.0.0.1\nconf/carbon.xml:<HostName>esb.example.com\nbin\nconf\n" {
		t.Errorf("the image has\n%s", baked)
	}
	c := i.container()
	if r := c.run(); r.code != 0 || r.out+r.problems != started {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.problems)
	}
	home := c.root + "/opt/wso2ei-6.1.1"
	const times = "; find . -printf '%P %i %T@ %C@\n' | sort"
	before := i.must("cd " + home + times)
	c.cmd = nil
	if r := c.run(); r.code != 0 || r.out+r.problems != "" {
		t.Errorf("without a command: exit code %d\n%s%s", r.code, r.out, r.problems)
	}
	c.cmd = []string{"printf", "<%s>", "two words", ""}
	if r := c.run(); r.code != 0 || r.out != "<two words><>" || i.must("cd "+home+times) != before {
		t.Errorf("exit code %d of %s, and there is\n%snot\n%s", r.code, r.out, i.must("cd "+home+times), before)
	}
	if left := i.must("ls -A " + home); left != "bin\nconf\n" {
		t.Errorf("the home has\n%s", left)
	}
}

func TestDockerTime(t *testing.T) {
	c := newImage(t).container()
	c.entrypoint = nil
	c.cmd = []string{"sh", "-c", `start=$(date +%s%N); entrypoint.sh true; echo $((($(date +%s%N) - start) / 1000000))`}
	for _, what := range []string{"first start", "second start"} {
		r := c.run()
		took, err := strconv.Atoi(strings.TrimSpace(r.out))
		check(t, err)
		if t.Logf("the entrypoint took %d ms at the %s", took, what); took > 1000 {
			t.Error("that is too long")
		}
	}
}

// What does not let the home be written ends the container before the server starts, unless nothing is to be written. The page says
// what the container says then.
func TestDockerReadOnly(t *testing.T) {
	page, err := os.ReadFile("../docs/deploy/docker.md")
	check(t, err)
	i := newImage(t)
	for _, c := range []struct {
		name   string
		change func(c *container)
		says   string // unless the server starts
	}{
		{"a read-only container", func(c *container) { c.readonly = true }, ".carbonpatch: error: on a read-only file system"},
		{"a read-only container with the home as a volume", func(c *container) { c.readonly = true; c.volume("/opt/wso2ei-6.1.1", "rw") }, ""},
		{"a read-only container with conf as a volume", func(c *container) { c.readonly = true; c.volume("/opt/wso2ei-6.1.1/conf", "rw") }, ".carbonpatch: error: on a read-only file system"},
		{"conf mounted read-only", func(c *container) { c.volume("/opt/wso2ei-6.1.1/conf", "ro") }, "conf/axis2/axis2.xml: error: on a read-only file system"},
		{"conf mounted read-only that is right", func(c *container) { c.complete(); c.volume("/opt/wso2ei-6.1.1/conf", "ro") }, ""},
		{"a read-only container that is right", func(c *container) { c.complete(); c.readonly = true }, ""},
		{"a file mounted on its own", func(c *container) { c.volume("/opt/wso2ei-6.1.1/conf/carbon.xml", "rw") }, "conf/carbon.xml: error: a file that is mounted here on its own, which can't be replaced"},
		{"a file mounted on its own that is right", func(c *container) { c.complete(); c.volume("/opt/wso2ei-6.1.1/conf/carbon.xml", "ro") }, ""},
		{"a ConfigMap", func(c *container) { c.configMap("/opt/wso2ei-6.1.1/conf/axis2") }, "conf/axis2/axis2.xml: error: on a read-only file system"},
		{"a ConfigMap that is right", func(c *container) { c.complete(); c.configMap("/opt/wso2ei-6.1.1/conf/axis2") }, ""},
		{"another user", func(c *container) { c.user = "1000:1000" }, ".carbonpatch: error: must belong to user 802, as the home does, whom user 1000 can't give it to"},
		{"another user where all is right", func(c *container) { c.complete(); c.user, c.cmd = "1000:1000", []string{"printf", started} }, ""},
		{"no network", func(c *container) { c.isolated = true }, "fact:ip is not known: this machine has no default route"},
		{"no secret", func(c *container) { c.mounts = nil }, "svnPassword: can't read file:/run/secrets/svn-password: no such file or directory"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i.t = t
			container := i.container()
			c.change(container)
			before := i.bytes(container.dir + "/volumes")
			r := container.run()
			if c.says == "" && (r.code != 0 || r.out != started) {
				t.Errorf("exit code %d\n%s%s", r.code, r.out, r.problems)
			}
			if c.says != "" && (r.code != 1 || r.out != "" || !strings.Contains(r.problems, c.says) || !strings.HasSuffix(r.problems, "nothing was written\n")) {
				t.Errorf("exit code %d\n%s%s", r.code, r.out, r.problems)
			}
			if c.says != "" && i.bytes(container.dir+"/volumes") != before {
				t.Error("something was written")
			}
			i.hides(r)
			if !strings.Contains(string(page), c.says) {
				t.Errorf("the page does not say %s", c.says)
			}
		})
	}
}

// Containers that share a home wait for each other, but not for long.
func TestDockerShared(t *testing.T) {
	i := newImage(t)
	one, other := i.container(), i.container()
	one.volume("/opt/wso2ei-6.1.1", "rw")
	other.mounts = one.mounts
	both := i.run(one.command() + " & " + other.command() + "\nwait $!")
	if both.code != 0 || both.out != strings.Repeat(started, 2) {
		t.Errorf("exit code %d\n%s%s", both.code, both.out, both.problems)
	}

	i.must("sed -i s/10.0.0.3/10.9.9.9/ " + one.dir + "/volumes/1/conf/axis2/axis2.xml")
	i.must("cd " + one.dir + "/volumes/1; mkdir -m 700 .carbonpatch; touch .carbonpatch/lock; chmod 600 .carbonpatch/lock; chown -R 802:802 .carbonpatch")
	held := i.run("flock " + one.dir + "/volumes/1/.carbonpatch/lock " + one.command())
	if held.code != 75 || held.out != "" || !strings.Contains(held.problems, "another run is at work in this home") {
		t.Errorf("exit code %d\n%s%s", held.code, held.out, held.problems)
	}

	stopped := i.run("flock " + one.dir + "/volumes/1/.carbonpatch/lock sleep 2 &\nsleep 0.2\n" + one.command() + " &\nsleep 0.5\nrunc kill " + one.id + " TERM\nwait $!")
	if stopped.code != 143 || stopped.out != "" {
		t.Errorf("exit code %d of a container that was stopped\n%s%s", stopped.code, stopped.out, stopped.problems)
	}
}

// The server gets the signals, and its exit code is that of the container.
func TestDockerSignals(t *testing.T) {
	c := newImage(t).container()
	c.cmd = []string{"sh", "-c", `trap "echo stopped; exit 7" TERM; echo up >/opt/wso2ei-6.1.1/up; for i in $(seq 200); do sleep 0.05; done`}
	r := c.image.run(c.command() + " &\nuntil [ -e " + c.root + "/opt/wso2ei-6.1.1/up ]; do sleep 0.05; done\nrunc kill " + c.id + " TERM\nwait $!")
	if r.code != 7 || r.out != "stopped\n" {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.problems)
	}
}

// started is what the server says at its start: its process, its user, the address that it reads and whether it reads the secret.
const started = "1 802 10.0.0.3 with the password\n"

// image is a machine as a Dockerfile makes it. Its containers are run by runc, as those of Docker are.
type image struct {
	*machine
	config
	containers int
}

// config is what a container is started with, and Docker has from the Dockerfile.
type config struct {
	user            string
	env             []string
	entrypoint, cmd []string
}

// newImage makes an image of deploy/docker. What the Dockerfile starts from is the file system of this machine.
func newImage(t *testing.T) *image {
	t.Helper()
	clients(t, "runc")
	m := newMachine(t, "worker1", "10.0.0.3")
	m.must("rm -f /usr/local/bin/carbonpatch")
	m.copyIn("docker", "/root")
	m.copyIn(binary(t), "/root/carbonpatch")
	m.writeFiles("docker.md")
	m.copyIn(sampleHome, "/root/wso2ei-6.1.1")
	m.put("/root/wso2ei-6.1.1/bin/integrator.sh", `#!/bin/sh
cd "$CARBON_HOME/conf"
echo $$ $(id -u) $(sed -n 's,.*localMemberHost.>\(.*\)<.*,\1,p' axis2/axis2.xml) $(grep -q 7CANARY carbon.xml && echo with the password)
`)
	m.must("chmod +x wso2ei-6.1.1/bin/integrator.sh")
	i := &image{machine: m}
	dockerfile, err := os.ReadFile("docker/Dockerfile")
	check(t, err)
	i.build(string(dockerfile))
	return i
}

var instruction = regexp.MustCompile(`(?m)^([A-Z]+) (.*)$`)

// build does what a Dockerfile says, and fails the test where it says what Docker, or this, does not know.
func (i *image) build(dockerfile string) {
	i.t.Helper()
	for _, line := range strings.Split(dockerfile, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := instruction.FindStringSubmatch(line)
		if parts == nil {
			i.t.Fatalf("no instruction: %s", line)
		}
		switch what, rest := parts[1], parts[2]; what {
		case "FROM":
		case "COPY":
			i.copyFiles(strings.Fields(rest))
		case "ENV":
			i.env = append(i.env, rest)
		case "USER":
			i.user = rest
		case "RUN":
			i.must("cd /\n" + i.as(rest))
		case "ENTRYPOINT":
			check(i.t, json.Unmarshal([]byte(rest), &i.entrypoint))
		case "CMD":
			check(i.t, json.Unmarshal([]byte(rest), &i.cmd))
		default:
			i.t.Fatalf("an instruction that this can't do: %s", line)
		}
	}
}

// copyFiles is COPY: from what /root has to the last of the paths, which is a folder when it ends so.
func (i *image) copyFiles(arguments []string) {
	i.t.Helper()
	to := arguments[len(arguments)-1]
	owner := "0:0"
	for _, from := range arguments[:len(arguments)-1] {
		if chown, ok := strings.CutPrefix(from, "--chown="); ok {
			owner = chown
			continue
		}
		target := to
		if strings.HasSuffix(to, "/") {
			target += path.Base(from)
		}
		i.must("mkdir -p " + path.Dir(target) + "; cp -RT " + from + " " + target + "; chown -R " + owner + " " + target)
	}
}

// as is a script that is run by the user of the image with its environment.
func (i *image) as(script string) string {
	if i.user == "" {
		return script
	}
	user, group, _ := strings.Cut(i.user, ":")
	return "setpriv --reuid " + user + " --regid " + group + " --clear-groups env " + strings.Join(i.env, " ") + " sh -ec '" + script + "'"
}

// container is one that is started by its command, as often as wanted: its files stay.
type container struct {
	image *image
	config
	id, dir  string
	root     string // its files; volumes are in dir/volumes
	mounts   []map[string]any
	readonly bool
	isolated bool // without the network of the machine
	volumes  int
}

// container makes a container of the image, with a secret as Docker gives it.
func (i *image) container() *container {
	i.t.Helper()
	i.containers++
	id := fmt.Sprintf("carbonpatch-%d-%d", i.pid, i.containers)
	c := &container{image: i, config: i.config, id: id, dir: "/run/containers/" + id}
	c.root = c.dir + "/root"
	c.env = append(slices.Clone(i.env), "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
	i.put(c.dir+"/svn-password", canary+"\n")
	i.must("cd " + c.dir + "\nmkdir written work root volumes\nmount -t overlay overlay -o lowerdir=/,upperdir=written,workdir=work root")
	c.mount(c.dir+"/svn-password", "/run/secrets/svn-password", "ro")
	return c
}

func (c *container) mount(from, to, how string) {
	c.mounts = append(c.mounts, map[string]any{"type": "bind", "source": from, "destination": to, "options": []string{"rbind", how}})
}

// volume mounts a copy of what the container has at a path.
func (c *container) volume(path, how string) {
	c.volumes++
	volume := fmt.Sprint(c.dir, "/volumes/", c.volumes)
	c.image.must("cp -a " + c.root + path + " " + volume)
	c.mount(volume, path, how)
}

// configMap mounts a copy of a folder as Kubernetes mounts a ConfigMap: read-only, and with links to the files.
func (c *container) configMap(path string) {
	c.volumes++
	volume := fmt.Sprint(c.dir, "/volumes/", c.volumes)
	c.image.must("mkdir " + volume + "; cd " + volume + "; cp -a " + c.root + path + " ..2026; ln -s ..2026 ..data; for file in ..2026/*; do ln -s ..data/${file##*/} .; done")
	c.mount(volume, path, "ro")
}

// complete is a start of the container without a server.
func (c *container) complete() {
	c.image.t.Helper()
	server := c.cmd
	c.cmd = []string{"true"}
	if r := c.run(); r.code != 0 {
		c.image.t.Fatalf("exit code %d\n%s", r.code, r.problems)
	}
	c.cmd = server
}

func (c *container) run() result {
	c.image.t.Helper()
	return c.image.run(c.command())
}

// command starts the container in the foreground.
func (c *container) command() string {
	c.image.t.Helper()
	var spec map[string]any
	check(c.image.t, json.Unmarshal([]byte(c.image.must("cd "+c.dir+"; rm -f config.json; runc spec; cat config.json")), &spec))
	user, group, _ := strings.Cut(c.user, ":")
	uid, _ := strconv.Atoi(user)
	gid, _ := strconv.Atoi(group)
	spec["process"] = map[string]any{
		"user": map[string]any{"uid": uid, "gid": gid}, "args": append(slices.Clone(c.entrypoint), c.cmd...), "env": c.env, "cwd": "/", "noNewPrivileges": true,
	}
	spec["root"] = map[string]any{"path": "root", "readonly": c.readonly}
	mounts := spec["mounts"].([]any)
	for _, m := range c.mounts {
		mounts = append(mounts, m)
	}
	spec["mounts"] = mounts
	linux := spec["linux"].(map[string]any)
	linux["namespaces"] = slices.DeleteFunc(linux["namespaces"].([]any), func(n any) bool { return n.(map[string]any)["type"] == "network" && !c.isolated })
	text, err := json.Marshal(spec)
	check(c.image.t, err)
	c.image.put(c.dir+"/config.json", string(text))
	return "runc run --bundle " + c.dir + " " + c.id
}
