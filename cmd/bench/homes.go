package main

import (
	"os"
	"os/exec"
	"path/filepath"
)

const cluster = `version: 1
name: bench
profile: esb
settings:
  domain: wso2.esb.domain
  hostName: esb.wso2.com
  mgtHostName: mgt.esb.wso2.com
  httpProxyPort: 80
  httpsProxyPort: 443
  deploymentSynchronizer: {enabled: true, svnUrl: "https://svn.example.org/esb", svnUser: svnuser, svnPassword: "literal:s3cret-of-bench"}
nodes:
  manager: {role: manager, localMemberHost: 10.0.0.2, localMemberPort: 4100}
  worker: {role: worker, localMemberHost: 10.0.0.3, localMemberPort: 4200}
`

var homeFiles = []string{"conf/axis2/axis2.xml", "conf/carbon.xml", "conf/tomcat/catalina-server.xml"}

// homeEdits are those of the manager that every peer can make: values and attributes, nothing to revive or to list.
var homeEdits = []edit{
	{homeFiles[0], "/axisconfig/clustering/@enable", "true"},
	{homeFiles[0], "/axisconfig/clustering/parameter[@name='membershipScheme']", "wka"},
	{homeFiles[0], "/axisconfig/clustering/parameter[@name='domain']", "wso2.esb.domain"},
	{homeFiles[0], "/axisconfig/clustering/parameter[@name='localMemberHost']", "10.0.0.2"},
	{homeFiles[0], "/axisconfig/clustering/parameter[@name='localMemberPort']", "4100"},
	{homeFiles[0], "/axisconfig/clustering/members/member/hostName", "10.0.0.2"},
	{homeFiles[0], "/axisconfig/clustering/members/member/port", "4100"},
	{homeFiles[1], "/Server/DeploymentSynchronizer/Enabled", "true"},
	{homeFiles[1], "/Server/DeploymentSynchronizer/AutoCommit", "true"},
	{homeFiles[1], "/Server/DeploymentSynchronizer/SvnUrl", "https://svn.example.org/esb"},
	{homeFiles[1], "/Server/DeploymentSynchronizer/SvnUser", "svnuser"},
	{homeFiles[2], "/Server/Service/Connector[@port='9763']/@proxyPort", "80"},
	{homeFiles[2], "/Server/Service/Connector[@port='9443']/@proxyPort", "443"},
}

// homes compares the patching of a whole home with reading its files and with what others need for the same values.
func (b *bench) homes() error {
	files := append([]string{"bin/version.txt", "cluster.yaml"}, homeFiles...)
	stage := filepath.Join(b.tmp, "home")
	if err := copyFiles(b.home, stage, append([]string{"bin/version.txt"}, homeFiles...)); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(stage, "cluster.yaml"), []byte(cluster), 0o600); err != nil {
		return err
	}
	fresh := func(dir string) error { return copyFiles(stage, dir, files) }
	ours := func(verb string, flags ...string) []string {
		return append([]string{b.bin, verb, ".", "-f", "cluster.yaml", "--node", "manager", "-q"}, flags...)
	}
	done := func(dir string) error {
		if err := fresh(dir); err != nil {
			return err
		}
		args := ours("apply", "--yes")
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = dir
		return cmd.Run()
	}
	commands := []command{
		{name: "floor: a Go program reads and hashes the files", args: self("hash", homeFiles...), prepare: fresh},
		{name: "carbonpatch plan", args: ours("plan"), prepare: fresh},
		{name: "carbonpatch apply", args: ours("apply", "--yes"), prepare: fresh},
		{name: "floor: a Go program reads and scans the files", args: self("scan", homeFiles...), prepare: fresh},
		{name: "carbonpatch apply, nothing to change", args: ours("apply", "--yes"), prepare: done},
	}
	commands = append(commands, command{name: "carbonpatch edit, the 13 values in 3 calls", args: b.editCalls(), prepare: fresh})
	commands = append(commands, peerCommands(homeEdits, fresh)...)
	if installed("augtool") {
		commands = append(commands, command{name: "augtool", args: []string{"augtool", "-A", "-L", "-r", "."}, stdin: augeas(), prepare: fresh})
	}
	commands = append(commands, command{name: "for scale: cat", args: append([]string{"cat"}, homeFiles...), prepare: fresh})
	return b.table("A whole home: plan and apply with all that goes with it; the peers set 13 values in 3 files", commands)
}

// editCalls makes the edits that the peers make, file by file as they do.
func (b *bench) editCalls() []string {
	calls := make([][]string, len(homeFiles))
	for i, name := range homeFiles {
		calls[i] = []string{b.bin, "edit", name, "-q"}
		for _, e := range homeEdits {
			if e.file == name {
				calls[i] = append(calls[i], "--set", e.path+"="+e.value)
			}
		}
	}
	return shell(calls)
}

// augeas makes the same edits with the XML lens of Augeas.
func augeas() string {
	script := "set /augeas/load/Xml/lens Xml.lns\n"
	for i, name := range homeFiles {
		script += "set /augeas/load/Xml/incl[" + string(rune('1'+i)) + "] /" + name + "\n"
	}
	script += "load\n"
	set := func(path, value string) { script += "set \"/files/" + path + "\" \"" + value + "\"\n" }
	axis2, carbon, tomcat := homeFiles[0]+"/axisconfig/clustering", homeFiles[1]+"/Server/DeploymentSynchronizer", homeFiles[2]+"/Server/Service"
	set(axis2+"/#attribute/enable", "true")
	for name, value := range map[string]string{"membershipScheme": "wka", "domain": "wso2.esb.domain", "localMemberHost": "10.0.0.2", "localMemberPort": "4100"} {
		set(axis2+"/parameter[#attribute/name='"+name+"']/#text", value)
	}
	set(axis2+"/members/member/hostName/#text", "10.0.0.2")
	set(axis2+"/members/member/port/#text", "4100")
	for name, value := range map[string]string{"Enabled": "true", "AutoCommit": "true", "SvnUrl": "https://svn.example.org/esb", "SvnUser": "svnuser"} {
		set(carbon+"/"+name+"/#text", value)
	}
	set(tomcat+"/Connector[#attribute/port='9763']/#attribute/proxyPort", "80")
	set(tomcat+"/Connector[#attribute/port='9443']/#attribute/proxyPort", "443")
	return script + "save\n"
}
