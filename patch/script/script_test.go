package script

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/google/go-cmp/cmp"

	"github.com/carbonpatch/carbonpatch/xmlops"
)

// The shapes that start scripts have. All of them run: see TestRun.
const (
	// inline has the heap in the command.
	inline = `#!/bin/sh
# -Xms1m -DworkerNode=true are not options here, and the ' is no quote
status=121
echo "usage: $0 [-Xms64m] [-DworkerNode=true]"
while [ "$status" = 121 ]
do
    $JAVACMD \
    -Xbootclasspath/a:"$CARBON_XBOOTCLASSPATH" \
    -Xms256m -Xmx1024m -XX:MaxPermSize=256m \
    -XX:HeapDumpPath="$CARBON_HOME/repository/logs/heap-dump.hprof" \
    $JAVA_OPTS \
    -classpath "$CARBON_CLASSPATH" \
    -Dcarbon.home="$CARBON_HOME" \
    -Dconf.location="$CARBON_HOME/repository/conf"\
    -Dldap.timeout=3000  \
    -DworkerNode=false \
    org.wso2.carbon.bootstrap.Bootstrap $*
    status=$?
done
`
	// variable has the heap in a variable that the environment may set.
	variable = `#!/bin/sh
TOOL_OPTS="-Xms8m -Xmx16m"
"$JAVA_HOME"/bin/java $TOOL_OPTS -version > /dev/null 2>&1
cat <<-'EOF'
	$JAVACMD -Xms9m -classpath x org.wso2.carbon.bootstrap.Bootstrap
	EOF
if [ -z "$JVM_MEM_OPTS" ]; then
   java_version=$("$JAVACMD" -version 2>&1 | awk -F '"' '/version/ {print $2}')
   JVM_MEM_OPTS="-Xms256m -Xmx1024m"
   if [ "$java_version" \< "1.8" ]; then
      JVM_MEM_OPTS="$JVM_MEM_OPTS -XX:MaxPermSize=256m"
   fi
fi
echo "Using Java memory options: $JVM_MEM_OPTS"
exec "$JAVACMD" \
	$JVM_MEM_OPTS \
	$JAVA_OPTS \
	-Djava.command="$JAVACMD" \
	-classpath "$CARBON_CLASSPATH" org.wso2.carbon.bootstrap.Bootstrap "$@"
`
	// crowded has what else a shell must be read for.
	crowded = `#!/bin/sh
cygwin=false;
case "` + "`uname`" + `" in
CYGWIN*) cygwin=true;;
Darwin*) darwin=true
   ;;
esac
PRG="$0" # don't
ls=` + "`ls -ld \"$PRG\"`" + `
link=` + "`expr \"$ls\" : '.*-> \\(.*\\)$'`" + `
HERE="` + "`(cd \"$CARBON_HOME/..\" 2>/dev/null; pwd)`" + `"
COMMAND='chgjob job('$JOBNAME') runpty(6)'
quoted="$( (echo a) | tr '"' x )"
[ $# -gt 9 ] && echo "too many: ${#} ${0##*/} $((1 + (2 << 3))) ${x:-it's"'"}" >&2
for f in "$CARBON_HOME"/lib/*.jar
do
    if [ "$f" != "$CARBON_HOME/lib/*.jar" ];then
        CP="$CP":$f
    fi
done
usage() {
  cat <<EOF1; cat <<\EOF2
it's "$JAVACMD -Xms1m
EOF1
$( org.wso2.carbon.bootstrap.Bootstrap
EOF2
}
version=$("$JAVACMD" -version 2>&1 | awk -F '"' '/version/ {print $2}' # a comment with ) and '
)
if [ "$version" \< "1.8" ]; then JAVA_OPTS="$JAVA_OPTS -Dold=1"; fi
{ "$JAVACMD" \
        -Xms1500m -Xmx3000m \
        -XX:OnOutOfMemoryError="kill -9 ` + "`echo 12`" + `;nohup ./wso2server.sh &" \
        $JAVA_OPTS \
        -classpath "$CP:\
more" \
        -Dskip.logging.pattern=\/carbon* \
        org.wso2.carbon.bootstrap.Bootstrap $*; }
`
	// oneLine has everything in a line, and the heap decided by the version of Java.
	oneLine = `#!/bin/sh
if [ "$OLD" ]; then OPTS='-Xms64m -Xmx64m -XX:MaxPermSize=64m'; else export OPTS="-Xms64m -Xmx64m"; fi
ALL="-server $OPTS"
exec java $ALL -javaagent:/opt/agent.jar=a,b -cp "$CP" org.wso2.carbon.bootstrap.Bootstrap $*`
)

func TestApply(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   string
		ops  []Op
		want string // of which only the lines that go (-) and come (+)
	}{
		{"heap in the command", inline, []Op{{Option: "-Xms", Value: "1g"}, {Option: "-Xmx", Value: "2g"}, {Option: "-XX:MaxPermSize=", Value: "512m"}}, `
-    -Xms256m -Xmx1024m -XX:MaxPermSize=256m \
+    -Xms1g -Xmx2g -XX:MaxPermSize=512m \
`},
		{"heap in a variable", variable, []Op{{Option: "-Xms", Value: "1g"}, {Option: "-Xmx", Value: "2g"}, {Option: "-XX:MaxPermSize=", Value: "512m"}}, `
-   JVM_MEM_OPTS="-Xms256m -Xmx1024m"
+   JVM_MEM_OPTS="-Xms1g -Xmx2g"
-      JVM_MEM_OPTS="$JVM_MEM_OPTS -XX:MaxPermSize=256m"
+      JVM_MEM_OPTS="$JVM_MEM_OPTS -XX:MaxPermSize=512m"
`},
		{"heap in two variables", oneLine, []Op{{Option: "-Xmx", Value: "2g"}}, `
-if [ "$OLD" ]; then OPTS='-Xms64m -Xmx64m -XX:MaxPermSize=64m'; else export OPTS="-Xms64m -Xmx64m"; fi
+if [ "$OLD" ]; then OPTS='-Xms64m -Xmx2g -XX:MaxPermSize=64m'; else export OPTS="-Xms64m -Xmx2g"; fi
`},
		{"property in place", inline, []Op{{Option: "-DworkerNode=", Value: "true"}}, `
-    -DworkerNode=false \
+    -DworkerNode=true \
`},
		{"properties added", inline, []Op{{Option: "-Dhttps.proxyHost=", Value: "proxy"}, {Option: "-Dhttp.nonProxyHosts=", Value: "a|*.local"}}, `
+    -Dhttps.proxyHost=proxy \
+    -Dhttp.nonProxyHosts="a|*.local" \
`},
		{"indented by tabs", variable, []Op{{Option: "-DworkerNode=", Value: "true"}}, `
+	-DworkerNode=true \
`},
		{"added far within", crowded, []Op{{Option: "-DworkerNode=", Value: "true"}, {Option: "-Xmx", Value: "4g"}}, `
-        -Xms1500m -Xmx3000m \
+        -Xms1500m -Xmx4g \
+        -DworkerNode=true \
`},
		{"added in a line", oneLine, []Op{{Option: "-DworkerNode=", Value: "true"}}, `
-exec java $ALL -javaagent:/opt/agent.jar=a,b -cp "$CP" org.wso2.carbon.bootstrap.Bootstrap $*
+exec java $ALL -javaagent:/opt/agent.jar=a,b -DworkerNode=true -cp "$CP" org.wso2.carbon.bootstrap.Bootstrap $*
`},
		{"quoted otherwise", strings.Replace(inline, "-DworkerNode=false", `'-Dhttp.nonProxyHosts=a|b'`, 1), []Op{{Option: "-Dhttp.nonProxyHosts=", Value: "c|d"}}, `
-    '-Dhttp.nonProxyHosts=a|b' \
+    '-Dhttp.nonProxyHosts=c|d' \
`},
		{"what the shell puts together", strings.Replace(inline, "Node=false", `Node="${WORKER:-false}"`, 1), []Op{{Option: "-DworkerNode=", Value: "true"}}, `
-    -DworkerNode="${WORKER:-false}" \
+    -DworkerNode="true" \
`},
		{"quotes that the value does not need", strings.Replace(inline, "Node=false", `Node='false'`, 1), []Op{{Option: "-DworkerNode=", Value: "true"}}, `
-    -DworkerNode='false' \
+    -DworkerNode='true' \
`},
		{"quotes that do not do", strings.Replace(inline, "Node=false", `Node="false"`, 1), []Op{{Option: "-DworkerNode=", Value: "$x"}}, `
-    -DworkerNode="false" \
+    -DworkerNode='$x' \
`},
		{"quotes wanted", inline, []Op{{Option: "-Dx=", Value: "a", Quoted: true}, {Option: "-DworkerNode=", Value: "true", Quoted: true}, {Option: "-Dy=", Value: "$b", Quoted: true}}, `
+    -Dx="a" \
+    -Dy='$b' \
-    -DworkerNode=false \
+    -DworkerNode="true" \
`},
		{"quotes wanted where it is right", inline, []Op{{Option: "-DworkerNode=", Value: "false", Quoted: true}}, ``},
		{"quotes wanted within a variable", variable, []Op{{Option: "-Xmx", Value: "2g", Quoted: true}}, `
-   JVM_MEM_OPTS="-Xms256m -Xmx1024m"
+   JVM_MEM_OPTS="-Xms256m -Xmx2g"
`},
		{"without a value", strings.Replace(inline, "Node=false", `Node`, 1), []Op{{Option: "-DworkerNode=", Value: "true"}}, `
-    -DworkerNode \
+    -DworkerNode=true \
`},
		{"what only looks right", strings.Replace(inline, "Node=false", "Node=$HOME", 1), []Op{{Option: "-DworkerNode=", Value: "$HOME"}}, `
-    -DworkerNode=$HOME \
+    -DworkerNode='$HOME' \
`},
		{"no blank before the \\", inline, []Op{{Option: "-Dconf.location=", Value: "/conf"}}, `
-    -Dconf.location="$CARBON_HOME/repository/conf"\
+    -Dconf.location="/conf"\
`},
		{"the class path by another name", "java --class-path x org.wso2.carbon.bootstrap.Bootstrap\n", []Op{{Option: "-Xmx", Value: "2g"}}, `
-java --class-path x org.wso2.carbon.bootstrap.Bootstrap
+java -Xmx2g --class-path x org.wso2.carbon.bootstrap.Bootstrap
`},
		{"by way of other programs", "LANG=C exec nice -n 5 taskset -c 0-3 \"$JAVA\" -cp x org.wso2.carbon.bootstrap.Bootstrap\n", []Op{{Option: "-Xmx", Value: "2g"}}, `
-LANG=C exec nice -n 5 taskset -c 0-3 "$JAVA" -cp x org.wso2.carbon.bootstrap.Bootstrap
+LANG=C exec nice -n 5 taskset -c 0-3 "$JAVA" -Xmx2g -cp x org.wso2.carbon.bootstrap.Bootstrap
`},
		{"of another program", "start-stop-daemon --exec \"$JAVA_HOME/bin/java\" -- -cp x org.wso2.carbon.bootstrap.Bootstrap\n", []Op{{Option: "-Xmx", Value: "2g"}}, `
-start-stop-daemon --exec "$JAVA_HOME/bin/java" -- -cp x org.wso2.carbon.bootstrap.Bootstrap
+start-stop-daemon --exec "$JAVA_HOME/bin/java" -- -Xmx2g -cp x org.wso2.carbon.bootstrap.Bootstrap
`},
		{"a default of the variable", strings.Replace(variable, `JVM_MEM_OPTS="-Xms`, `: "${JVM_MEM_OPTS:=-Xms256m -Xmx64m}" ${JAVA_OPTS=-Xmx64m} # -Xms`, 1), []Op{{Option: "-Xmx", Value: "2g"}, {Option: "-Xms", Remove: true}}, `
-   : "${JVM_MEM_OPTS:=-Xms256m -Xmx64m}" ${JAVA_OPTS=-Xmx64m} # -Xms256m -Xmx1024m"
+   : "${JVM_MEM_OPTS:=-Xmx2g}" ${JAVA_OPTS=-Xmx2g} # -Xms256m -Xmx1024m"
`},
		{"a variable for the script itself", variable + "JVM_MEM_OPTS='-Xmx1g' nohup \"$0\" start &\n", []Op{{Option: "-Xmx", Value: "2g"}}, `
-   JVM_MEM_OPTS="-Xms256m -Xmx1024m"
+   JVM_MEM_OPTS="-Xms256m -Xmx2g"
-JVM_MEM_OPTS='-Xmx1g' nohup "$0" start &
+JVM_MEM_OPTS='-Xmx2g' nohup "$0" start &
`},
		{"a variable that comes too late", "OPTS=-Xmx1g exec java $OPTS -cp x org.wso2.carbon.bootstrap.Bootstrap\n", []Op{{Option: "-Xmx", Value: "2g"}}, `
-OPTS=-Xmx1g exec java $OPTS -cp x org.wso2.carbon.bootstrap.Bootstrap
+OPTS=-Xmx1g exec java $OPTS -Xmx2g -cp x org.wso2.carbon.bootstrap.Bootstrap
`},
		{"on several lines", strings.Replace(variable, "256m -Xmx1024m", "256m\\\n -Xmx1024m\n\t-Xss1m", 1), []Op{{Option: "-Xms", Value: "1g"}, {Option: "-Xmx", Remove: true}, {Option: "-Xss", Value: "2m"}}, `
-   JVM_MEM_OPTS="-Xms256m\
- -Xmx1024m
-	-Xss1m"
+   JVM_MEM_OPTS="-Xms1g\
+ 
+	-Xss2m"
`},
		{"only looks like it", strings.Replace(variable, "-Xmx1024m", "-Dfork=-Xmx1g", 1) + "echo JVM_MEM_OPTS=-Xmx1g\n", []Op{{Option: "-Xmx", Value: "2g"}}, `
+	-Xmx2g \
`},
		{"an argument of the server", strings.Replace(inline, "$*", "-DworkerNode=no -Xss1m $*", 1), []Op{{Option: "-Xss", Value: "2m"}}, `
+    -Xss2m \
`},
		{"a property among them", strings.Replace(oneLine, "$*", "-DworkerNode=no $*", 1), []Op{{Option: "-DworkerNode=", Value: "yes"}}, `
-exec java $ALL -javaagent:/opt/agent.jar=a,b -cp "$CP" org.wso2.carbon.bootstrap.Bootstrap -DworkerNode=no $*
+exec java $ALL -javaagent:/opt/agent.jar=a,b -cp "$CP" org.wso2.carbon.bootstrap.Bootstrap -DworkerNode=yes $*
`},
		{"right already", inline, []Op{{Option: "-Xms", Value: "256m"}, {Option: "-DworkerNode=", Value: "false"}, {Option: "-Dhttps.proxyHost=", Remove: true}}, ``},
		{"right with other quotes", strings.Replace(inline, "-DworkerNode=false", `"-Dhttp.nonProxyHosts=a|"'b'`, 1), []Op{{Option: "-Dhttp.nonProxyHosts=", Value: "a|b"}}, ``},
		{"line removed", inline, []Op{{Option: "-DworkerNode=", Remove: true}}, `
-    -DworkerNode=false \
`},
		{"removed from a line", inline, []Op{{Option: "-Xms", Remove: true}, {Option: "-XX:MaxPermSize=", Remove: true}}, `
-    -Xms256m -Xmx1024m -XX:MaxPermSize=256m \
+    -Xmx1024m \
`},
		{"neighbors removed", inline, []Op{{Option: "-Xms", Remove: true}, {Option: "-Xmx", Remove: true}}, `
-    -Xms256m -Xmx1024m -XX:MaxPermSize=256m \
+    -XX:MaxPermSize=256m \
`},
		{"removed from variables", variable, []Op{{Option: "-Xms", Remove: true}, {Option: "-XX:MaxPermSize=", Remove: true}}, `
-   JVM_MEM_OPTS="-Xms256m -Xmx1024m"
+   JVM_MEM_OPTS="-Xmx1024m"
-      JVM_MEM_OPTS="$JVM_MEM_OPTS -XX:MaxPermSize=256m"
+      JVM_MEM_OPTS="$JVM_MEM_OPTS"
`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := Apply([]byte(test.in), test.ops...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), changedLines(test.in, string(r.Bytes))); diff != "" {
				t.Error(diff)
			}
			again, err := Apply(r.Bytes, test.ops...)
			if err != nil || len(again.Changes) > 0 || again.Right != len(test.ops) {
				t.Errorf("the second time: %v, %v, %d right", err, again.Changes, again.Right)
			}
		})
	}
}

// changedLines are the lines that go and come, in their order.
func changedLines(before, after string) string {
	var b strings.Builder
	write := func(sign, text string) {
		for line := range strings.Lines(text) {
			b.WriteString(sign + strings.TrimSuffix(line, "\n") + "\n")
		}
	}
	for _, e := range udiff.Lines(before, after) {
		write("-", before[e.Start:e.End])
		write("+", e.New)
	}
	return b.String()
}

func TestChanges(t *testing.T) {
	t.Parallel()
	in := strings.Replace(variable, "-Djava.command", "-Dkey.password=old -Djava.command", 1)
	ops := []Op{{Option: "-Xmx", Value: "2g"}, {Option: "-DworkerNode=", Value: "true"}, {Option: "-Dkey.password=", Value: "new"}, {Option: "-Dkey.secret=", Value: "new"}}
	r, err := Apply([]byte(in), ops...)
	if err != nil {
		t.Fatal(err)
	}
	want := []xmlops.Change{
		{Op: 0, Kind: xmlops.Changed, At: "-Xmx", Position: xmlops.Position{Line: 9, Column: 27}, Before: "1024m", After: "2g"},
		{Op: 1, Kind: xmlops.Added, At: "-DworkerNode", Position: xmlops.Position{Line: 19, Column: 2}, After: "true"},
		{Op: 2, Kind: xmlops.Changed, At: "-Dkey.password", Position: xmlops.Position{Line: 18, Column: 2}, Before: "old", After: "new", Sensitive: true},
		{Op: 3, Kind: xmlops.Added, At: "-Dkey.secret", Position: xmlops.Position{Line: 19, Column: 2}, After: "new", Sensitive: true},
	}
	if diff := cmp.Diff(want, r.Changes); diff != "" {
		t.Error(diff)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	worker := Op{Option: "-DworkerNode=", Value: "true"}
	tests := []struct {
		name, in string
		op       Op
		want     string
	}{
		{"CR LF", "#!/bin/sh\r\n", worker, "1:10: the lines end in CR LF, which sh can't read"},
		{"no text", "MZ\x00", worker, "1:3: not a text file"},
		{"a wrapper", "#!/bin/sh\nsh $CARBON_HOME/bin/wso2server.sh $*\n", worker, "not a start script of a known shape: no java command runs org.wso2.carbon.bootstrap.Bootstrap"},
		{"only a message", "echo java -classpath x org.wso2.carbon.bootstrap.Bootstrap\n", worker, "not a start script of a known shape: no java command runs org.wso2.carbon.bootstrap.Bootstrap"},
		{"evaluated again", "if true; then eval java -cp x org.wso2.carbon.bootstrap.Bootstrap; fi", worker, "1:31: the java command goes through eval, which reads quotes once more"},
		{"two starts", inline + "java -cp x org.wso2.carbon.bootstrap.Bootstrap\n", worker, "20:1: the server is started in two places (lines 7 and 20), want 1"},
		{"no \\ at the end of a line", strings.Replace(inline, "3000  \\", "3000", 1), worker, "17:5: there is no java before org.wso2.carbon.bootstrap.Bootstrap in its command"},
		{"a comment within", strings.Replace(inline, "-Dldap.timeout=3000", "#", 1), worker, "17:5: there is no java before org.wso2.carbon.bootstrap.Bootstrap in its command"},
		{"a | without quotes", strings.Replace(inline, "-Dldap.timeout=3000", "-Dhttp.nonProxyHosts=a|b", 1), worker, "17:5: there is no java before org.wso2.carbon.bootstrap.Bootstrap in its command"},
		{"variables alone before the cut", strings.Replace(inline, "heap-dump.hprof\" \\", "heap-dump.hprof\"", 1), worker, "17:5: there is no java before org.wso2.carbon.bootstrap.Bootstrap in its command"},
		{"options alone", "-Djava.command=java -cp x org.wso2.carbon.bootstrap.Bootstrap\n", worker, "1:27: there is no java before org.wso2.carbon.bootstrap.Bootstrap in its command"},
		{"an unknown program", "exec \"$RUN\" -cp x org.wso2.carbon.bootstrap.Bootstrap\n", worker, "1:19: there is no java before org.wso2.carbon.bootstrap.Bootstrap in its command"},
		{"a quote not closed", strings.Replace(inline, "3000", `"3000`, 1), worker, "15:20: a quote is not closed"},
		{"a back quote not closed", "x=`date\n", worker, "1:3: a back quote is not closed"},
		{"a substitution not closed", "x=$(date\n", worker, "1:3: $( is not closed"},
		{"an expansion not closed", "x=${y\n", worker, "1:3: ${ is not closed"},
		{"far too deep", strings.Repeat("$(", 1000), worker, "1:201: substitutions lie too deep in each other"},
		{"given twice", strings.Replace(inline, "3000", "3000 -DworkerNode=true", 1), worker, "16:5: given twice (lines 15 and 16), want 1"},
		{"given in a variable, too", strings.Replace(variable, "$JAVA_OPTS", "$JAVA_OPTS -Xms1g", 1), Op{Option: "-Xms", Value: "1g"}, "9:18: given twice (lines 17 and 9), want 1"},
		{"twice in a variable", strings.Replace(variable, "256m -Xmx", "256m -Xms1g -Xmx", 1), Op{Option: "-Xms", Value: "1g"}, "9:27: given twice (lines 9 and 9), want 1"},
		{"put together in a variable", strings.Replace(variable, "-Xms256m", "-Xms$HEAP", 1), Op{Option: "-Xms", Value: "1g"}, "9:18: can't be changed in the variable JVM_MEM_OPTS, where it is put together or would need quotes"},
		{"removed where it is put together", strings.Replace(variable, "-Xms256m", "-Xms$HEAP", 1), Op{Option: "-Xms", Remove: true}, "9:18: can't be changed in the variable JVM_MEM_OPTS, where it is put together or would need quotes"},
		{"more behind the quote", strings.Replace(variable, "-Xmx1024m\"", "-Xmx1024m\"$MORE", 1), Op{Option: "-Xmx", Value: "2g"}, "9:27: can't be changed in the variable JVM_MEM_OPTS, where it is put together or would need quotes"},
		{"more behind what is right", strings.Replace(variable, "-Xmx1024m\"", "-Xmx1024m\"$MORE", 1), Op{Option: "-Xmx", Value: "1024m"}, "9:27: can't be changed in the variable JVM_MEM_OPTS, where it is put together or would need quotes"},
		{"quotes in quotes", strings.Replace(variable, `"-Xms256m -Xmx1024m"`, `'-Dx="a b"'`, 1), Op{Option: "-Dx=", Remove: true}, "9:18: can't be changed in the variable JVM_MEM_OPTS, where it is put together or would need quotes"},
		{"made by a command", strings.Replace(variable, "-Xmx1024m", "$(echo -Xmx1g)", 1), Op{Option: "-Xmx", Value: "2g"}, "9:34: can't be changed in the variable JVM_MEM_OPTS, where it is put together or would need quotes"},
		{"quotes within a variable", strings.Replace(variable, "-Xms256m", "-Dhttp.nonProxyHosts=a", 1), Op{Option: "-Dhttp.nonProxyHosts=", Value: "a|b"}, "9:18: can't be changed in the variable JVM_MEM_OPTS, where it is put together or would need quotes"},
		{"not to be added", oneLine, Op{Option: "-Xss", Value: "1m", NotAdded: "it is of no use"}, "4:6: the script has none"},
		{"a line break", inline, Op{Option: "-Dx=", Value: "a\nb"}, "the value can't stand in a start script: only printable ASCII can"},
		{"not ASCII", inline, Op{Option: "-Dx=", Value: "ä"}, "the value can't stand in a start script: only printable ASCII can"},
		{"all quotes", inline, Op{Option: "-Dx=", Value: `"'`}, "the value can't stand in a start script: there are no quotes for it"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := Apply([]byte(test.in), test.op)
			if err == nil {
				t.Fatalf("no error, but\n%s", r.Bytes)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOneErrorForEachOp(t *testing.T) {
	t.Parallel()
	_, err := Apply([]byte(inline), Op{Option: "-Dx=", Value: "\n"}, Op{Option: "-Xms", Value: "1g"}, Op{Option: "-Xms", Value: "2g"})
	var all xmlops.OpErrors
	if !errors.As(err, &all) || len(all) != 2 || all[0].Op != 0 || all[1].Op != 2 || all[1].Msg != "operation 2 sets the same place to another value" {
		t.Errorf("%v", err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, option string
		want             Value
		found            bool
	}{
		{"in the command", inline, "-Xmx", Value{"1024m", xmlops.Position{Line: 9, Column: 14}}, true},
		{"in a variable", variable, "-Xmx", Value{"1024m", xmlops.Position{Line: 9, Column: 27}}, true},
		{"the same in two variables", oneLine, "-Xmx", Value{"64m", xmlops.Position{Line: 2, Column: 35}}, true},
		{"different in two variables", strings.Replace(oneLine, "-Xmx64m", "-Xmx1g", 1), "-Xmx", Value{}, false},
		{"put together", strings.Replace(inline, "Node=false", "Node=$W", 1), "-DworkerNode=", Value{}, false},
		{"from a command", strings.Replace(inline, "Node=false", "Node=`cat role`", 1), "-DworkerNode=", Value{}, false},
		{"not there", inline, "-Dhttps.proxyHost=", Value{}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			values, err := Find([]byte(test.in), "-Xms", test.option)
			if got, found := values[test.option]; err != nil || found != test.found || got != test.want {
				t.Errorf("%v, %v, %v", got, found, err)
			}
		})
	}
}

func TestSensitiveSpans(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"a comment", "# -Dkey.password=S\n# Password = \"a S\" x\n", "# -Dkey.password=*\n# Password = \"*\" x\n"},
		{"quotes", `STORE_PASS="S \" S" x`, `STORE_PASS=* x`},
		{"pieces", `java -Dx.keyStorePassword='fo'"ur" -Dport=80`, `java -Dx.keyStorePassword=* -Dport=80`},
		{"a variable with options", `JAVA_OPTS="-Da.secretKey=S -Db.accessKey=S -Dc=v"`, `JAVA_OPTS="-Da.secretKey=* -Db.accessKey=* -Dc=v"`},
		{"words behind the name", `tool -b -storepass S --password "S S" -p x -Dpassword`, `tool -b -storepass * --password * -p x -Dpassword`},
		{"a word on the next line", "tool -storepass \\\n  S x", "tool -storepass \\\n  * x"},
		{"a value like an option", "java -Dtoken=new-token \\\n -classpath x", "java -Dtoken=* \\\n -classpath x"},
		{"a colon", "cat <<E\n  secret: S\nE\n", "cat <<E\n  secret: *\nE\n"},
		{"several lines", "PASSWORD='S\nS' x\nSSH_KEY=\"---\nS S\n---\"\n", "PASSWORD=* x\nSSH_KEY=*\n"},
		{"nothing", "PIN_PASS= -Dx=v", "PIN_PASS= -Dx=v"},
		{"not closed", "echo x\nx -Dx.pwd=\"$S\nS", "echo x\nx -Dx.pwd=\"*"},
		{"an option by name", `java -Dproxy=S -Dport=80`, `java -Dproxy=* -Dport=80`},
		{"a word in quotes", `java "-Da.password=x S" '-Da.password=x S' -Db=v`, `java "-Da.password=*" '-Da.password=*' -Db=v`},
		{"commands", "java -Da.password=$(echo S S) -Da.token=`echo \"S\"` -Db=v", "java -Da.password=* -Da.token=* -Db=v"},
		{"a line that goes on", "java -Da.password=abc\\\nS -Db=v", "java -Da.password=* -Db=v"},
		{"a variable with a default", `x ${PASSWORD:-S} $PASSWORD ${PASSWORD}`, `x ${PASSWORD:* $PASSWORD ${PASSWORD}`},
		{"added and listed", "PASSWORD+=S\nPASSWORDS=(S S \"S\")\n", "PASSWORD+=*\nPASSWORDS=*\n"},
		{"names", "export API_KEY=S PRIVATE_KEY=S DB_CREDENTIALS=S X=v", "export API_KEY=* PRIVATE_KEY=* DB_CREDENTIALS=* X=v"},
		{"curl", `curl -s -u admin:S https://h/ && curl --user "a b:S S" h; curl -u'a:S' h`, `curl -s -u admin:* https://h/ && curl --user "a b:*" h; curl -u'a:*' h`},
		{"curl with a header", `curl -H "Authorization: Basic S" h`, `curl -H "Authorization: Basic *" h`},
		{"mysql", `mysql -u root -pS -h h < x; sshpass -p S ssh h -p 22`, `mysql -u root -p* -h h < x; sshpass -p * ssh h -p *`},
		{"other programs", `chown -u a:b x; mkdir -p x`, `chown -u a:b x; mkdir -p x`},
		{"usage", "echo \"usage: $0 <user> <password> <x>\"\necho v\n", "echo \"usage: $0 <user> <password>*\necho v\n"},
		{"a URL", `x "http://u:a/S@h/" http://h:80/x@y`, `x "http://*@h/" http://h:80/x@y`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			spans := SensitiveSpans([]byte(test.in), []string{"-Dproxy"})
			slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
			got, done := "", 0
			for _, span := range spans {
				if span[0] == span[1] {
					continue
				}
				if span[0] >= done {
					got += test.in[done:span[0]] + "*"
				}
				done = max(done, span[1])
			}
			if got += test.in[done:]; got != test.want {
				t.Errorf("\n got %s\nwant %s", got, test.want)
			}
		})
	}
}
