package deploy

import (
	"archive/zip"
	"cmp"
	"os"
	"strings"
	"testing"
)

func TestPackerPage(t *testing.T) {
	newBuilder(t).runPage("packer.md")
}

// Two builds give the same bytes, and nothing that only a node should have.
func TestPackerImage(t *testing.T) {
	var images []string
	for range 2 {
		m := newBuilder(t)
		m.put("/root/cluster.yaml", imageCluster)
		m.put("/run/secrets/svn-password", canary+"\n")
		r := m.run("export PACKER_LOG=1\n" + buildImage)
		if r.code != 0 {
			t.Fatalf("exit code %d\n%s%s", r.code, r.out, r.problems)
		}
		m.hides(r)
		m.keepsNot()
		want := "/opt/wso2ei-6.1.1:\nbin\nconf\n\n/tmp:\n/etc/carbonpatch/cluster.yaml 640 root\n"
		if left := m.must("ls -A /opt/wso2ei-6.1.1 /tmp; stat -c '%n %a %U' /etc/carbonpatch/cluster.yaml"); left != want {
			t.Errorf("what is left is\n%s", left)
		}
		images = append(images, m.bytes("/opt/wso2ei-6.1.1"))
	}
	if images[0] != images[1] {
		t.Errorf("the second image has\n%snot\n%s", images[1], images[0])
	}
}

// What an image has and its first boot completes is, byte for byte, what one apply makes of the product.
func TestPackerBoot(t *testing.T) {
	aws := strings.NewReplacer("4200", "5701", "4100", "5701", "settings:\n", `settings:
  membershipScheme: aws
  aws: {accessKey: file:/run/secrets/svn-password, secretKey: file:/run/secrets/svn-password, securityGroup: esb, region: eu-west-1}
`)
	for name, cluster := range map[string]string{"wka": imageCluster, "aws": aws.Replace(imageCluster)} {
		t.Run(name, func(t *testing.T) {
			builder := newBuilder(t)
			builder.put("/root/cluster.yaml", cluster)
			builder.must(buildImage)

			node := newMachine(t, "worker1", "10.0.0.3")
			node.copyIn(builder.path("/usr/bin/carbonpatch"), "/usr/bin/carbonpatch")
			node.copyIn(builder.path("/etc/carbonpatch"), "/etc/carbonpatch")
			node.copyIn(builder.path("/opt/wso2ei-6.1.1"), "/opt/booted/wso2ei-6.1.1")
			node.copyIn(sampleHome, "/opt/at-once/wso2ei-6.1.1")
			node.put("/run/secrets/svn-password", canary+"\n")
			node.must(`apply="/usr/bin/carbonpatch apply --yes --no-backup -f /etc/carbonpatch/cluster.yaml"
$apply --phase node /opt/booted/wso2ei-6.1.1
$apply /opt/at-once/wso2ei-6.1.1
diff -r /opt/booted /opt/at-once
grep -rq 7CANARY /opt/booted
/usr/bin/carbonpatch verify -f /etc/carbonpatch/cluster.yaml /opt/booted/wso2ei-6.1.1`)
		})
	}
}

// A build that can't be right stops at the step that finds it out, with what the tool says, and before the product is changed.
func TestPackerFails(t *testing.T) {
	m := newBuilder(t)
	for i, c := range []struct {
		name     string
		old, new string // in the cluster file
		role     string
		before   string // the build
		step     string // of one's own
		says     string
		code     string
	}{
		{name: "a setting that nobody knows", old: "hostName:", new: "hostname:", says: `null.machine: /etc/carbonpatch/cluster.yaml:5:3: error: unknown setting "hostname"`, code: "1"},
		{name: "a cluster that never forms", old: "role: worker,", new: "role: worker, domain: other,", says: `error: the domain is "other" on worker1 and "wso2.esb.domain" on manager [domain-mismatch]`, code: "2"},
		{name: "an unknown role", role: "'woker; id'", says: `null.machine: carbonpatch: error: unknown role "woker; id"`, code: "1"},
		{name: "a broken product", before: "sed -i 's|</axisconfig>||' product/wso2ei-6.1.1/conf/axis2/axis2.xml", says: "null.machine: conf/axis2/axis2.xml:108:1: error: the document ends inside element <axisconfig> of line 5", code: "1"},
		{name: "a step that undoes", step: "sudo sed -i s/wso2.esb.domain/other/ /opt/wso2ei-6.1.1/conf/axis2/axis2.xml", says: "other -> wso2.esb.domain", code: "2"},
		{name: "a home that is there already", before: "cp -R product/wso2ei-6.1.1 /opt", says: "replace /opt/wso2ei-6.1.1/bin/version.txt? ", code: "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if i > 1 && short() {
				t.Skip("left out of the short form")
			}
			m.t = t
			m.must("rm -rf /opt/* product")
			m.copyIn(sampleHome, "/root/product/wso2ei-6.1.1")
			m.must(c.before)
			m.zipProduct()
			m.put("/root/cluster.yaml", strings.Replace(imageCluster, c.old, c.new, 1))
			m.copyIn("packer/image/build.pkr.hcl", "/root/packer/image/build.pkr.hcl")
			if c.step != "" {
				m.addStep(`provisioner "shell" { inline = ["` + c.step + `"] }`)
			}
			r := m.run(strings.Replace(buildImage, "role=worker", "role="+cmp.Or(c.role, "worker"), 1))
			stopped := "Script exited with non-zero exit status: " + c.code + "."
			if r.code != 1 || !strings.Contains(r.out, c.says) || !strings.Contains(r.out, stopped) {
				t.Errorf("exit code %d\n%s%s", r.code, r.out, r.problems)
			}
			if c.step == "" {
				m.must("diff -r product/wso2ei-6.1.1 /opt/wso2ei-6.1.1")
			}
		})
	}
}

// Packer hides a sensitive variable only where it stands as it is; what carbonpatch makes of it must not show either.
func TestPackerSensitive(t *testing.T) {
	m := newBuilder(t)
	m.put("/root/cluster.yaml", strings.Replace(imageCluster, "file:/run/secrets/svn-password", "env:SVN_PASSWORD", 1))
	m.put("/root/packer/image/password.pkr.hcl", "variable \"password\" {\n  type = string\n  sensitive = true\n}\n")
	m.addStep(`provisioner "shell" {
  environment_vars = ["SVN_PASSWORD=${var.password}"]
  use_env_var_file = true
  inline = ["carbonpatch apply -vv --phase node --role worker --set localMemberHost=10.0.0.3 -f /etc/carbonpatch/cluster.yaml --no-backup --yes /opt/wso2ei-6.1.1"]
}`)
	m.put("/run/packer.env", "export PACKER_LOG=1 PKR_VAR_password='"+strings.ReplaceAll(canary, "'", `'\''`)+"'\n")
	r := m.run(". /run/packer.env\n" + buildImage)
	if r.code != 0 || !strings.Contains(r.out, "~ DeploymentSynchronizer/SvnPassword  ******** -> ********") {
		t.Errorf("exit code %d\n%s%s", r.code, r.out, r.problems)
	}
	m.hides(r)
	m.must(`. /run/packer.env
export SVN_PASSWORD="$PKR_VAR_password"
carbonpatch verify --role worker --set localMemberHost=10.0.0.3 -f /etc/carbonpatch/cluster.yaml /opt/wso2ei-6.1.1`)
}

// The same image as a tree, in which nothing runs.
func TestPackerTree(t *testing.T) {
	m := newBuilder(t)
	m.must("dpkg -i carbonpatch.deb")
	m.put("/root/cluster.yaml", imageCluster)
	m.must(buildTree)
	m.must(buildImage)
	if tree, image := m.bytes("/srv/image/opt/wso2ei-6.1.1"), m.bytes("/opt/wso2ei-6.1.1"); tree != image {
		t.Errorf("the tree has\n%snot\n%s", tree, image)
	}
}

// The templates are as Packer writes them, and Packer takes those for clouds, which nothing here can build.
func TestPackerTemplates(t *testing.T) {
	m := newBuilder(t)
	m.put("/root/cluster.yaml", imageCluster)
	m.must("for file in packer/*.hcl packer/*/*.hcl; do packer fmt -check -diff $file; done")
	m.must("packer validate" + imageVars + "; packer validate" + treeVars)
	m.must("mv packer/amazon-ebs.pkr.hcl packer/image; sed -i s/source.null.machine/source.amazon-ebs.image/ packer/image/build.pkr.hcl; packer validate" + imageVars)
	m.must("mv packer/amazon-chroot.pkr.hcl packer/chroot; sed -i s/source.file.tree/source.amazon-chroot.image/ packer/chroot/build.pkr.hcl; packer validate" + treeVars)
	for _, home := range []string{"wso2ei-6.1.1", "/opt/wso2ei-6.1.1/", "/opt/it's"} {
		for _, vars := range []string{imageVars, treeVars} {
			r := m.run("packer validate" + strings.Replace(vars, "home=/opt/wso2ei-6.1.1", `"home=`+home+`"`, 1))
			if r.code != 1 || !strings.Contains(r.out+r.problems, "The home must be an absolute path") {
				t.Errorf("exit code %d for %s\n%s%s", r.code, home, r.out, r.problems)
			}
		}
	}
	if r := m.run("sed -i s/ami_name/ami/ packer/image/amazon-ebs.pkr.hcl; packer validate" + imageVars); r.code != 1 {
		t.Errorf("exit code %d of a template that is wrong", r.code)
	}
}

// newBuilder is a machine on which Packer builds an image of the machine itself: it lets itself in by SSH, and /root has the templates,
// the package and the product.
func newBuilder(t *testing.T) *machine {
	t.Helper()
	clients(t, "packer", "sshd", "ssh-keygen", "sudo", "unzip", "dpkg")
	m := newMachine(t, "builder", "10.0.0.9")
	m.put("/etc/hosts", "127.0.0.1 localhost builder\n")
	m.must(`mkdir -p /run/sshd .ssh
ssh-keygen -q -A
ssh-keygen -q -t ed25519 -N '' -f key
cp key.pub .ssh/authorized_keys
/usr/sbin/sshd`)
	m.copyIn("packer", "/root/packer")
	m.copyIn(debianPackage(t), "/root/carbonpatch.deb")
	m.copyIn(sampleHome, "/root/product/wso2ei-6.1.1")
	m.zipProduct()
	return m
}

// zipProduct packs what is in /root/product as a product is shipped.
func (m *machine) zipProduct() {
	m.t.Helper()
	out, err := os.Create(m.path("/root/wso2ei-6.1.1.zip"))
	check(m.t, err)
	w := zip.NewWriter(out)
	check(m.t, w.AddFS(os.DirFS(m.path("/root/product"))))
	check(m.t, w.Close())
	check(m.t, out.Close())
}

// addStep adds a step to the template of the image, where those of its users stand.
func (m *machine) addStep(step string) {
	m.t.Helper()
	const file, place = "packer/image/build.pkr.hcl", "  # Steps of your own"
	text, err := os.ReadFile(file)
	check(m.t, err)
	m.put("/root/"+file, strings.Replace(string(text), place, step+"\n"+place, 1))
}

const (
	productVars = " -var product=wso2ei-6.1.1.zip -var cluster=cluster.yaml -var home=/opt/wso2ei-6.1.1 -var role=worker"
	imageVars   = " -var key=key -var package=carbonpatch.deb" + productVars + " packer/image"
	treeVars    = " -var root=/srv/image" + productVars + " packer/chroot"
	buildTree   = "packer build -color=false" + treeVars
	buildImage  = "packer build -color=false" + imageVars
)
