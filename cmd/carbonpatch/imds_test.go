package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/carbonpatch/carbonpatch/profiles/source/imdstest"
)

const endpointVariable = "AWS_EC2_METADATA_SERVICE_ENDPOINT"

// The metadata of an instance say which node it is, and what only it knows. What is secret there, is secret here.
func TestInstanceMetadata(t *testing.T) {
	const canary = "canary-7be1d0"
	server := httptest.NewServer(imdstest.Handler(map[string]string{
		"local-ipv4": "10.0.0.4", "public-hostname": "shown.example.com", "tags/instance/Name": "worker2", "tags/instance/Other": "nobody", "tags/instance/Password": canary,
	}))
	defer server.Close()
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	t.Setenv(endpointVariable, server.URL)
	home, file := filepath.Join(dir, "home"), filepath.Join(dir, "cluster.yaml")
	for _, node := range []string{"imds:tags/Name", "imds:tags/instance/Name", "imds:local-ipv4"} {
		args := []string{"plan", home, "-f", file, "--node", node, "--set", "hostName=imds:public-hostname", "--set", "deploymentSynchronizer.svnPassword=imds:tags/Password"}
		out, log := streams(t, exitDone, append(args, "-v")...)
		for _, want := range []string{"node worker2 (worker) of cluster esb", "-> shown.example.com", "SvnPassword", "--node " + node + " "} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is not in\n%s", node, want, out)
			}
		}
		if strings.Contains(out+log, canary) {
			t.Errorf("%s: the secret is in\n%s%s", node, out, log)
		}
	}
	for node, want := range map[string]string{
		"imds:tags/Other": "carbonpatch: error: there is no node \"nobody\" (imds:tags/Other)\nhint: the cluster has manager, worker1, worker2\n\n1 error; nothing was written\n",
		"imds:tags/None": "carbonpatch: error: --node: imds:tags/None is not known: the metadata of this instance have no tag None\n" +
			"hint: give the instance the tag, and allow tags in its metadata: aws ec2 modify-instance-metadata-options --instance-metadata-tags enabled\n\n1 error; nothing was written\n",
	} {
		if _, got := streams(t, exitFailed, "plan", home, "-f", file, "--node", node); got != want {
			t.Errorf("%s: got\n%swant\n%s", node, got, want)
		}
	}
}

// streams runs the program and returns what it prints.
func streams(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, err strings.Builder
	if got := run(t.Context(), args, strings.NewReader(""), &out, &err); got != code {
		t.Fatalf("carbonpatch %s exits %d, want %d: %s", strings.Join(args, " "), got, code, err.String())
	}
	return out.String(), err.String()
}

// Nobody has to wait for a service that does not answer.
func TestInterruptedMetadata(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer server.Close()
	dir := t.TempDir()
	if err := writeDemo(dir); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"apply", "home", "-f", "cluster.yaml", "--node", "imds:tags/Name", "--yes"},
		{"plan", "home", "-f", "cluster.yaml", "--node", "worker1", "--set", "hostName=imds:public-hostname"},
		{"edit", "home/conf/carbon.xml", "--set", "/Server/Name=imds:tags/Name"},
	} {
		var said bytes.Buffer
		cmd := exec.Command("carbonpatch", args...)
		cmd.Dir, cmd.Stderr = dir, &said
		cmd.Env = append(cmd.Environ(), endpointVariable+"="+server.URL)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
		_ = cmd.Process.Signal(syscall.SIGINT)
		_ = cmd.Wait()
		if got, want := said.String(), "carbonpatch: error: interrupted\n\n1 error; nothing was written\n"; cmd.ProcessState.ExitCode() != exitInterrupted || got != want {
			t.Errorf("%s: exit code %d, and\n%s", args[0], cmd.ProcessState.ExitCode(), got)
		}
	}
}
