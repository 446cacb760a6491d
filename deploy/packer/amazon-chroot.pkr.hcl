# In place of source.file.tree: a new volume of the EC2 instance that Packer runs on, which becomes a machine image.
source "amazon-chroot" "image" {
  ami_name   = "${basename(var.home)}-${var.role}-${formatdate("YYYYMMDDhhmmss", timestamp())}"
  mount_path = var.root

  post_mount_commands = [
    "install -D -m 0600 '${var.cluster}' '{{.MountPath}}/etc/carbonpatch/cluster.yaml'",
  ]

  source_ami_filter {
    filters = {
      name                = "debian-12-amd64-*"
      virtualization-type = "hvm"
    }
    owners      = ["136693071363"]
    most_recent = true
  }
}
