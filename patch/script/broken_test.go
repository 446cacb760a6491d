package script

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplitHostLists(t *testing.T) {
	t.Parallel()
	const bootstrap = "  -classpath \"$CP\" org.wso2.carbon.bootstrap.Bootstrap $*\n"
	tests := []struct{ name, src, want string }{
		{"quoted", `java -Dhttp.nonProxyHosts="a|b" ` + "\\\n" + bootstrap, ""},
		{"quoted as a whole", `java "-Dhttp.nonProxyHosts=a|b" ` + "\\\n" + bootstrap, ""},
		{"escaped", `java -Dhttp.nonProxyHosts=a\|b ` + "\\\n" + bootstrap, ""},
		{"in a variable", `JAVA_OPTS="-Dx=1 -Dhttp.nonProxyHosts=a|b"` + "\njava $JAVA_OPTS " + bootstrap, ""},
		{"in a comment", "# -Dhttp.nonProxyHosts=a|b\n\t# -Dhttp.nonProxyHosts=\"a|b\njava " + bootstrap, ""},
		{"printed", "echo -Dhttp.nonProxyHosts=a|cat\njava " + bootstrap, ""},
		{"one host", "java -Dhttp.nonProxyHosts=a " + bootstrap, ""},
		{"not quoted", `java -Dx=1 -Dhttp.nonProxyHosts=a|b|c ` + "\\\n" + bootstrap, "1:34 -Dhttp.nonProxyHosts=a|b|c as a|b|c\n"},
		{"not quoted in a variable", "JAVA_OPTS=-Dhttp.nonProxyHosts=a|b\njava $JAVA_OPTS " + bootstrap, "1:33 -Dhttp.nonProxyHosts=a|b as a|b\n"},
		{"not quoted behind the class", "java " + strings.TrimSuffix(bootstrap, "\n") + " -Dftp.nonProxyHosts=a|b\n", "1:85 -Dftp.nonProxyHosts=a|b as a|b\n"},
		{"not quoted to its end", `java -Dhttp.nonProxyHosts="a"|b ` + bootstrap, `1:30 -Dhttp.nonProxyHosts="a"|b as a|b` + "\n"},
		{"quote not closed", "java \\\n" + `  -Dhttp.nonProxyHosts="a|.*.b ` + "\\\n" + bootstrap, `2:24 -Dhttp.nonProxyHosts="a|.*.b as a|.*.b` + "\n"},
		{"quote before the option not closed", `java "-Dhttp.nonProxyHosts=a|b ` + "\\\n" + bootstrap, "1:6 -Dhttp.nonProxyHosts=a|b as a|b\n"},
		{"single quote not closed", `java -Dhttp.nonProxyHosts='a|b ` + "\\\n" + bootstrap, "1:27 -Dhttp.nonProxyHosts='a|b as a|b\n"},
		{"quote of another option not closed", `java -Dhttp.nonProxyHosts="a|b" -Dx="1 ` + "\\\n" + bootstrap, ""},
		{
			"two quotes not closed", `java -Dhttp.nonProxyHosts="a|b ` + "\\\n" + `  -Dhttps.nonProxyHosts="a|b ` + "\\\n" + bootstrap,
			`2:27 -Dhttp.nonProxyHosts="a|b as a|b` + "\n" + `2:27 -Dhttps.nonProxyHosts="a|b as a|b` + "\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, l := range SplitHostLists([]byte(tt.src)) {
				got += fmt.Sprintf("%s %s as %s\n", position(tt.src, l.At), tt.src[l.Lo:l.Hi], l.Value)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestBreaks(t *testing.T) {
	t.Parallel()
	const bootstrap = "  -classpath \"$CP\" org.wso2.carbon.bootstrap.Bootstrap $*\n"
	tests := []struct{ name, src, want string }{
		{"whole", "java \\\n  -Dx=1 \\\n" + bootstrap, ""},
		{"no \\", "java \\\n  -Dx=1\n  -Dy=1 \\\n" + bootstrap, "2:3 \"-Dx=1\" 0\n"},
		{"no \\ behind java", "exec \"$JAVACMD\"\n" + bootstrap, "1:1 \"exec \\\"$JAVACMD\\\"\" 0\n"},
		{"no \\ right before the class", "java -Dx=1\norg.wso2.carbon.bootstrap.Bootstrap $*\n", "1:1 \"java -Dx=1\" 0\n"},
		{"twice", "java \\\n  -Dx=1\n  $JAVA_OPTS\n" + bootstrap, "2:3 \"-Dx=1\" 0\n3:3 \"$JAVA_OPTS\" 0\n"},
		{"a blank behind \\", "java -Dx=1 \\ \n" + bootstrap, "1:12 \"\\\\ \" 1\n"},
		{"blanks right behind a value and \\", "java -Dx=1\\ \t\n" + bootstrap, "1:11 \"\\\\ \\t\" 1\n"},
		{"a tab behind \\", "java -Dx=1 \\\t\n" + bootstrap, "1:12 \"\\\\\\t\" 1\n"},
		{"an empty line", "java -Dx=1 \\\n\n" + bootstrap, "2:1 \"\" 0\n"},
		{"a comment", "java -Dx=1 \\\n  # -Dy=1 \\\n" + bootstrap, "2:3 \"# -Dy=1 \\\\\" 0\n"},
		{"a pipe", "java -Dx=a|b \\\n" + bootstrap, ""},
		{"a pipe in between", "java -Dx=a|b \\\n -Dx=1\n" + bootstrap, ""},
		{"another command before", "run java\nsleep 1\n" + bootstrap, ""},
		{"no java", "-Dx=1\n" + bootstrap, ""},
		{"no class", "java -Dx=1\n-Dy=1\n", ""},
		{"the class is printed", "java -Dx=1\necho" + bootstrap, ""},
		{"an open quote", "java -Dx=\"1\n" + bootstrap, ""},
		{"CR LF behind \\", "x=1\r\njava \\\r\n  -Dx=1 \\\r\n" + strings.ReplaceAll(bootstrap, "\n", "\r\n"), "2:6 \"\\\\\\r\" 2\n"},
		{"CR LF behind one \\ of several", "java \\\n  -Dx=1 \\\r\n" + bootstrap, "2:9 \"\\\\\\r\" 2\n"},
		{"CR LF behind \\ of another command", "sleep \\\r\n  1\njava" + bootstrap, ""},
		{"CR LF behind the class", "java" + strings.TrimSuffix(bootstrap, "\n") + " \\\r\n  -x\r\n", ""},
		{"CR LF without \\", "java -Dx=1\r\n" + bootstrap, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, b := range Breaks([]byte(tt.src)) {
				got += fmt.Sprintf("%s %q %d\n", position(tt.src, b.Lo), tt.src[b.Lo:b.Hi], b.Behind)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func position(src string, offset int) string {
	before := src[:offset]
	return fmt.Sprintf("%d:%d", strings.Count(before, "\n")+1, offset-strings.LastIndex(before, "\n"))
}
