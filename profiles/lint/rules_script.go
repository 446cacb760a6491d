package lint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/carbonpatch/carbonpatch/patch/script"
	"github.com/carbonpatch/carbonpatch/profiles/product"
)

// scriptRules are about the start script.
func scriptRules() []*Rule {
	return []*Rule{
		{
			ID: "worker-profile-missing", Severity: Error, Scope: InNode,
			Message: "there is no OSGi profile worker in {folder}",
			Then:    "The server stops at once: OSGi runtime worker profile not found.",
			Fix:     "Start it with -Dprofile=default as well, which makes it a worker in the profile that is there.",
			Source:  "Main.java:75-92 (org.wso2.carbon.server); guide 004, line 350",
			Wrong:   `-DworkerNode=true \`,
			Right:   `-Dprofile=default -DworkerNode=true \`,
			onNode: func(n *Node, r *reporter) {
				if n.Script == nil || n.Script.Option("-DworkerNode").Text != "true" || n.Script.Option("-Dprofile").Given {
					return
				}
				place := n.Script.Option("-DworkerNode").Place
				switch has, seen := n.WorkerProfile(); {
				case has:
				case seen:
					r.at(n, place, n.Components())
				default:
					r.say(n, place, "{product} {version} comes without an OSGi profile worker; {folder} was not looked at", n.Home.Name, n.Version, n.Components()).as(Warning)
				}
			},
		},
		{
			ID: "worker-node-value", Severity: Warning, Scope: InFile,
			Message: `-DworkerNode is "{value}", which is neither true nor false`,
			Then: "Only true, in lower case, starts the profile of workers; in any case it makes a worker of a server in the default profile, and all else " +
				"makes none.",
			Fix:    "Write -DworkerNode=true or -DworkerNode=false.",
			Source: "Main.java:75-133 (org.wso2.carbon.server), CarbonUtils.java:1197-1206",
			Wrong:  `-DworkerNode=yes \`,
			Right:  `-DworkerNode=false \`,
			onNode: func(n *Node, r *reporter) {
				all := n.options("-DworkerNode")
				overriding := lastInCommand(all)
				for i, o := range all {
					switch {
					case o.Variable == javaOpts && i < overriding:
						r.say(n, o.Place, "-DworkerNode in JAVA_OPTS has no effect: the script sets it once more behind that").with(n, all[overriding].Place).
							then("The last one counts, so the server is not what JAVA_OPTS says.").fix("Set it in the java command itself.")
					case computed(o.Text) || o.Text == "true" || o.Text == "false":
					case o.Text == "":
						r.say(n, o.Place, "-DworkerNode has no value, which is read as false")
					default:
						f := r.at(n, o.Place, o.Value)
						if has, _ := n.WorkerProfile(); !has && !n.Script.Option("-Dprofile").Given {
							f.fix("Write -Dprofile=default -DworkerNode=true, since there is no OSGi profile worker, or -DworkerNode=false.")
						}
						f.meant(o.Text, booleans)
					}
				}
			},
		},
		{
			ID: "worker-node-repeated", Severity: Warning, Scope: InFile,
			Message: `-DworkerNode is given {count} times, and the last one, "{value}", counts`,
			Then:    "A change of any other one has no effect.",
			Fix:     "Keep only one.",
			Source:  "start script: the last of several JVM options of one name counts",
			Wrong:   `-DworkerNode=true -DworkerNode=false \`,
			Right:   `-DworkerNode=false \`,
			onNode: func(n *Node, r *reporter) {
				var all []product.ScriptOption
				inCommand := false
				for _, o := range n.options("-DworkerNode") {
					if !o.Argument && o.Variable != javaOpts {
						all = append(all, o)
						inCommand = inCommand || o.Variable == ""
					}
				}
				// One variable may well be set in several branches of the script.
				if len(all) > 1 && inCommand {
					last := all[len(all)-1]
					r.at(n, last.Place, len(all), last.Value).with(n, all[0].Place)
				}
			},
		},
		{
			ID: "setup-baked-in", Severity: Warning, Scope: InFile,
			Message: "-Dsetup stands in the start script",
			Then:    "Tables are looked for, and created where they are missing, at every start; even -Dsetup=false means so.",
			Fix:     "Take it out, and give it as an argument of the one start that needs it.",
			Source:  "DefaultRealmService.java:337-356, EmbeddedRegistryService.java:182-201; guide 004, line 342",
			Wrong:   `-DworkerNode=false -Dsetup \`,
			Right:   `-DworkerNode=false \`,
			onNode: func(n *Node, r *reporter) {
				for _, o := range n.options("-Dsetup") {
					r.at(n, o.Place)
				}
			},
		},
		{
			ID: "script-unquoted-pipe", Severity: Error, Scope: InFile,
			Message: "the | in {option} is not in quotes",
			Then:    "The shell splits the command there: the server does not start, or does so without the options behind it.",
			Fix:     `Put the whole list in quotes, as in -Dhttp.nonProxyHosts="localhost|127.0.0.1|*.local".`,
			Source:  "guide 000, line 86, which forgets a quote",
			Wrong:   `-Dhttp.nonProxyHosts=localhost|127.0.0.1 \`,
			Right:   `-Dhttp.nonProxyHosts="localhost|127.0.0.1" \`,
			onNode: func(n *Node, r *reporter) {
				if n.Script == nil {
					return
				}
				for _, s := range n.Script.Splits {
					if src := s.At.File.Source; src[s.At.Lo] != '|' {
						r.say(n, s.At, "a quote in {option} is not closed in its line", s.Name)
						continue
					}
					r.at(n, s.At, s.Name)
				}
			},
		},
		{
			ID: "https-non-proxy-hosts", Severity: Warning, Scope: InFile,
			Message: "java knows no " + httpsNonProxyHosts,
			Then:    "Calls by HTTPS to these hosts go through the proxy all the same.",
			Fix:     "Use -Dhttp.nonProxyHosts, which is for HTTPS, too.",
			Source:  "networking properties of the JDK: http.nonProxyHosts is for both",
			Wrong:   `-Dhttps.nonProxyHosts="localhost|127.0.0.1" \`,
			Right:   `-Dhttp.nonProxyHosts="localhost|127.0.0.1" \`,
			onNode: func(n *Node, r *reporter) {
				for _, o := range n.hostLists(httpsNonProxyHosts) {
					r.at(n, o.Place)
				}
			},
		},
		{
			ID: "non-proxy-hosts-pattern", Severity: Warning, Scope: InFile,
			Message: `"{pattern}" never matches a host`,
			Then:    "Calls to the hosts that are meant go through the proxy.",
			Fix:     "A star may only be the beginning or the end of a host: *.local.",
			Source:  "networking properties of the JDK; guide 000, line 86",
			Wrong:   `-Dhttp.nonProxyHosts="localhost|.*.local" \`,
			Right:   `-Dhttp.nonProxyHosts="localhost|*.local" \`,
			onNode: func(n *Node, r *reporter) {
				for _, o := range n.hostLists("-Dhttp.nonProxyHosts", "-Dftp.nonProxyHosts") {
					for pattern := range strings.SplitSeq(o.Text, "|") {
						if strings.Contains(strings.TrimSuffix(strings.TrimPrefix(pattern, "*"), "*"), "*") {
							r.at(n, o.Within(pattern), pattern)
						}
					}
				}
			},
		},
		{
			ID: "aws-proxy-http-only", Severity: Warning, Scope: InNode,
			Message: "there is a proxy for HTTP only, but EC2 is asked by HTTPS",
			Then:    "The calls to ec2.<region>.amazonaws.com go past the proxy, time out, and no other member is found.",
			Fix:     "Set -Dhttps.proxyHost and -Dhttps.proxyPort.",
			Source:  "guide 000, lines 79-84",
			Wrong:   `-Dhttp.proxyHost=proxy.example.com -Dhttp.proxyPort=3128 \`,
			Right:   `-Dhttps.proxyHost=proxy.example.com -Dhttps.proxyPort=3128 \`,
			onNode: func(n *Node, r *reporter) {
				if n.scheme() != "aws" || n.Script == nil {
					return
				}
				plain, secure := n.Script.Option("-Dhttp.proxyHost"), n.Script.Option("-Dhttps.proxyHost")
				switch {
				case plain.Given && !secure.Given:
					r.at(n, plain.Place)
				case secure.Given && !n.Script.Option("-Dhttps.proxyPort").Given:
					r.say(n, secure.Place, "https.proxyHost has no https.proxyPort beside it").
						then("The proxy is asked at port 443, where hardly any listens.").fix("Set -Dhttps.proxyPort.")
				}
			},
		},
		{
			ID: "heap-settings", Severity: Warning, Scope: InFile,
			Message: `{option} is "{value}": 256m <= Xms <= Xmx and Xmx >= 512m are expected`,
			Then:    "Carbon warns at every start, and runs short of memory; with an Xms above the Xmx java refuses to start.",
			Fix:     "Set -Xms256m -Xmx1024m, or more.",
			Source:  "conf/etc/config-validation.xml; guide 002, line 584",
			Wrong:   `JVM_MEM_OPTS="-Xms256m -Xmx511m"`,
			Right:   `JVM_MEM_OPTS="-Xms256m -Xmx512m"`,
			onNode: func(n *Node, r *reporter) {
				if n.Script == nil {
					return
				}
				initial, most := n.Script.Option("-Xms"), n.Script.Option("-Xmx")
				xms, xmx := heapSize(initial), heapSize(most)
				n.unreadableHeap(r, "-Xms", initial)
				n.unreadableHeap(r, "-Xmx", most)
				if xms >= 0 && (xms < 256<<20 || xmx >= 0 && xms > xmx) {
					r.at(n, initial.Place, "-Xms", initial)
				}
				if xmx >= 0 && xmx < 512<<20 {
					r.at(n, most.Place, "-Xmx", most)
				}
			},
		},
		{
			ID: "max-perm-size", Severity: Info, Scope: InFile,
			Message: "-XX:MaxPermSize is for Java before 8",
			Then:    "Java 8 ignores it with a warning, and Java 17 refuses to start.",
			Fix:     "Take it out.",
			Source:  "JEP 122; guide 002, line 584",
			Wrong:   `JVM_MEM_OPTS="-Xms256m -Xmx1024m -XX:MaxPermSize=256m"`,
			Right:   `JVM_MEM_OPTS="-Xms256m -Xmx1024m"`,
			onNode: func(n *Node, r *reporter) {
				for _, o := range n.options("-XX:MaxPermSize") {
					if !o.ForJava {
						r.at(n, o.Place)
					}
				}
			},
		},
		{
			ID: "script-continuation-broken", Severity: Error, Scope: InFile,
			Message: "line {n} ends the java command before its class",
			Then:    "The options behind it are lost: java is run without the class of the server, which does not start.",
			Fix:     `End the line with \, or take it out where it is empty or a comment.`,
			Source:  "POSIX shell, token recognition: only a backslash right before the line end continues a line",
			Wrong: `-DworkerNode=false
    -classpath`,
			Right: `-DworkerNode=false \
    -classpath`,
			onNode: func(n *Node, r *reporter) {
				if n.Script == nil {
					return
				}
				for _, b := range n.Script.Breaks {
					switch line := b.Position().Line; b.Behind {
					case script.Blanks:
						r.say(n, b.Place, `line {n} ends the java command before its class, for blanks stand behind its \`, line).
							fix(`Take away the blanks behind the \, which must be the last character of its line.`)
					case script.CarriageReturn:
						r.say(n, b.Place, `line {n} ends the java command before its class, for a carriage return stands behind its \`, line).
							fix("The lines end in CR LF, which sh can't read: convert the script, as dos2unix does.")
					default:
						r.at(n, b.Place, line)
					}
				}
			},
		},
	}
}

const (
	httpsNonProxyHosts = "-Dhttps.nonProxyHosts"
	javaOpts           = "JAVA_OPTS"
)

// options are those of the start script that have a name, in the order in which they are read.
func (n *Node) options(name string) []product.ScriptOption {
	if n.Script == nil {
		return nil
	}
	var all []product.ScriptOption
	for _, o := range n.Script.Options {
		if o.Name == name {
			all = append(all, o)
		}
	}
	return all
}

// lastInCommand is the index of the last of options that stands in the java command itself, or -1.
func lastInCommand(options []product.ScriptOption) int {
	for i, o := range slices.Backward(options) {
		if o.Variable == "" && !o.Argument {
			return i
		}
	}
	return -1
}

// hostLists are the options with one of those names; those that the shell does not read as one word, too.
func (n *Node) hostLists(names ...string) []product.ScriptOption {
	if n.Script == nil {
		return nil
	}
	var all []product.ScriptOption
	isSplit := map[int]bool{}
	for _, s := range n.Script.Splits {
		isSplit[s.Lo] = true
		if slices.Contains(names, s.Name) {
			all = append(all, s.ScriptOption)
		}
	}
	for _, o := range n.Script.Options {
		if slices.Contains(names, o.Name) && !isSplit[o.Lo] {
			all = append(all, o)
		}
	}
	return all
}

// computed reports whether the shell puts something into a value when it runs.
func computed(value string) bool { return strings.ContainsAny(value, "$`") }

var heap = regexp.MustCompile(`^(\d{1,18})([kmgt]?)$`)

// heapUnits are what sizes of the heap are given in.
var heapUnits = map[string]float64{"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}

// heapSize is a size of the heap in bytes, or -1 where none is given that java can read.
func heapSize(v product.Value) float64 {
	m := heap.FindStringSubmatch(strings.ToLower(v.Text))
	if m == nil {
		return -1
	}
	size, _ := strconv.ParseFloat(m[1], 64) // digits always parse
	return size * heapUnits[m[2]]
}

// unreadableHeap reports a size of the heap that java can't read.
func (n *Node) unreadableHeap(r *reporter, option string, v product.Value) {
	if v.Given && heapSize(v) < 0 && !computed(v.Text) {
		r.say(n, v.Place, `{option} is "{value}", which is no size`, option, v).then("java refuses to start.").fix("Write a number with k, m or g behind it.")
	}
}
