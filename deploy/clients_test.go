// Package deploy holds what puts carbonpatch to work: a folder for each way in. Its tests run each with the real client; they are
// run by make clients, and skipped otherwise.
package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// clients skips the test unless the real clients are to be run and the commands it needs are there.
func clients(t *testing.T, commands ...string) {
	t.Helper()
	if os.Getenv("CARBONPATCH_CLIENTS") == "" {
		t.Skip("run by make clients")
	}
	for _, command := range commands {
		if _, err := exec.LookPath(command); err != nil {
			t.Skipf("skipped: there is no %s here", command)
		}
	}
}

// short reports whether what takes long is to be tried with less.
func short() bool { return os.Getenv("CARBONPATCH_CLIENTS") == "short" }

// binary is the built program, and dist the folder with what make release leaves.
func binary(t *testing.T) string { return built(t, "bin/carbonpatch") }

func dist(t *testing.T) string { return built(t, "dist") }

func built(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", path))
	check(t, err)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v: make clients builds it", err)
	}
	return path
}

// sampleHome is a small home of WSO2 EI 6.1.1, the one of carbonpatch demo, and its cluster file.
const (
	sampleHome    = "../cmd/carbonpatch/demo/home"
	sampleCluster = "../cmd/carbonpatch/demo/cluster.yaml"
)

// debianPackage is the package of the release for this machine.
func debianPackage(t *testing.T) string { return architecture{name: runtime.GOARCH}.debFile(t) }

// imageCluster is a cluster file whose secret lies on the nodes.
const imageCluster = `version: 1
name: esb
profile: esb
settings:
  hostName: esb.example.com
  mgtHostName: mgt.esb.example.com
  httpProxyPort: 80
  httpsProxyPort: 443
  deploymentSynchronizer:
    enabled: true
    svnUrl: https://svn.example.com/repos/esb
    svnUser: deployer
    svnPassword: file:/run/secrets/svn-password
nodes:
  manager: {role: manager, localMemberHost: 10.0.0.2, localMemberPort: 4100}
  worker1: {role: worker, localMemberHost: 10.0.0.3, localMemberPort: 4200}
`

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
