package script

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOptions(t *testing.T) {
	t.Parallel()
	const src = `MEM="-Xms256m -Xmx1g"
if [ "$java_version" \< "1.8" ]; then
  MEM="$MEM -XX:MaxPermSize=256m"
fi
MEM="$MEM -Xss1m"
UNUSED=-Dnone=1
$JAVA_HOME/bin/java \
  $MEM -XX:+HeapDumpOnOutOfMemoryError \
  "-Da b=c d" -DworkerNode='true' -Dbare \
  -classpath "$CP" org.wso2.carbon.bootstrap.Bootstrap -Dprofile=default $*
`
	all, err := Options([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	want := []Option{
		{Name: "-Xms", Value: "256m", HasValue: true, Variable: "MEM"},
		{Name: "-Xmx", Value: "1g", HasValue: true, Variable: "MEM"},
		{Name: "-XX:MaxPermSize", Value: "256m", HasValue: true, Variable: "MEM", ForJava: true},
		{Name: "-Xss", Value: "1m", HasValue: true, Variable: "MEM"},
		{Name: "-XX:+HeapDumpOnOutOfMemoryError"},
		{Name: "-Da b", Value: "c d", HasValue: true},
		{Name: "-DworkerNode", Value: "true", HasValue: true},
		{Name: "-Dbare"},
		{Name: "-classpath"},
		{Name: "-Dprofile", Value: "default", HasValue: true, Argument: true},
	}
	wrote := []string{"-Xms256m", "-Xmx1g", "-XX:MaxPermSize=256m", "-Xss1m", "-XX:+HeapDumpOnOutOfMemoryError", `"-Da b=c d"`, "-DworkerNode='true'", "-Dbare", "-classpath", "-Dprofile=default"}
	for i := range all {
		if i < len(wrote) && src[all[i].Lo:all[i].Hi] != wrote[i] {
			t.Errorf("the option %s is said to be %s", wrote[i], src[all[i].Lo:all[i].Hi])
		}
		all[i].Lo, all[i].Hi = 0, 0
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
