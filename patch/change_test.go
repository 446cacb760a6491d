package patch_test

import (
	"testing"

	"github.com/carbonpatch/carbonpatch/patch"
	"github.com/carbonpatch/carbonpatch/patch/secret"
)

func TestLabel(t *testing.T) {
	t.Parallel()
	tests := []struct{ at, want string }{
		{"/axisconfig/transportReceiver[@name='http']/parameter[@name='WSDLEPRPrefix']", "transportReceiver[http]/WSDLEPRPrefix"},
		{"/axisconfig/clustering/@enable", "clustering/@enable"},
		{"/axisconfig/clustering/parameter[@name='domain']", "clustering/domain"},
		{"/axisconfig/clustering/members/member[2]", "members/member[2]"},
		{"/axisconfig/clustering/members/member[2]/hostName", "member[2]/hostName"},
		{"/Server/Service/Connector[@port='9763']/@proxyPort", "Connector[9763]/@proxyPort"},
		{"/axisconfig/clustering/parameter[@name='properties']/property[@name='subDomain']/@value", "properties/subDomain"},
		{"/axisconfig/clustering/parameter[@name='properties']/property[@name='subDomain']", "properties/subDomain"},
		{"/Server/HostName", "HostName"},
		{"/Server/DeploymentSynchronizer/Enabled", "DeploymentSynchronizer/Enabled"},
		{"/Server/@version", "Server/@version"},
		{"/Server", "Server"},
		{"/a/b[c='x/y']/d", "b[x/y]/d"},
		{`/a/b[@k="it's ["]/d[@e][2]`, "b[it's []/d[@e][2]"},
		{"/a/b/c[not(@x='1')]", "b/c[not(@x='1')]"},
	}
	for _, test := range tests {
		t.Run(test.at, func(t *testing.T) {
			t.Parallel()
			if got := (patch.Change{At: test.at}).Label(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// A place may have a name that tells people more than its selector.
func TestLabelOfWhere(t *testing.T) {
	t.Parallel()
	c := patch.Change{At: "/a/b/c", Where: "datasource[jdbc/X]/url"}
	if got := c.Label(); got != c.Where {
		t.Errorf("got %q", got)
	}
}

func TestChangeValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name                  string
		change                patch.Change
		show                  patch.Visibility
		wantBefore, wantAfter string
	}{
		{"plain", patch.Change{Before: secret.New("a"), After: secret.New("b")}, patch.Masked, "a", "b"},
		{"secret", patch.Change{Before: secret.New("a"), After: secret.New("b"), Secret: true}, patch.Masked, "********", "********"},
		{"secret that was not there", patch.Change{After: secret.New("b"), Secret: true}, patch.Masked, "", "********"},
		{"secret, shown", patch.Change{Before: secret.New("a"), After: secret.New("b"), Secret: true}, patch.Shown, "a", "b"},
		{"URL", patch.Change{After: secret.New("https://joe:p@ss@h/x@y?password=a<b&z=1")}, patch.Masked, "", "https://********@y?password=********&z=1"},
		{"Oracle", patch.Change{After: secret.New("jdbc:oracle:thin:scott/tiger@//h:1521/x")}, patch.Masked, "", "jdbc:oracle:thin:********@//h:1521/x"},
		{"no user-info", patch.Change{After: secret.New("jdbc:oracle:thin:@h:1521:x")}, patch.Masked, "", "jdbc:oracle:thin:@h:1521:x"},
		{"SQL Server", patch.Change{After: secret.New("jdbc:sqlserver://h:1;user=u;Password=p;x=y")}, patch.Masked, "", "jdbc:sqlserver://h:1;user=u;Password=********;x=y"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			before, after := test.change.Values(test.show)
			if before != test.wantBefore || after != test.wantAfter {
				t.Errorf("got %q, %q, want %q, %q", before, after, test.wantBefore, test.wantAfter)
			}
		})
	}
}
