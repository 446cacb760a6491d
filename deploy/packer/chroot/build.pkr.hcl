# The same image as a tree of files that nothing runs in: a volume that is mounted, or what debootstrap made. carbonpatch is installed
# where Packer runs, and gets the tree as --root.

variable "root" {
  description = "The root folder of the tree, where Packer runs."
  type        = string
}

variable "product" {
  description = "The zip file of the product."
  type        = string
}

variable "cluster" {
  description = "The cluster file. It stays in the image for the first boot, so its secrets are env: or file: and no text."
  type        = string
}

variable "home" {
  description = "The folder that unzipping the product makes, as the path that it has in the tree."
  type        = string

  validation {
    condition     = var.home == replace(abspath(var.home), "'", "")
    error_message = "The home must be an absolute path without a slash at its end and without quotes."
  }
}

variable "role" {
  description = "The role of the nodes that boot from the image."
  type        = string
}

locals {
  wanted = "--phase image -f '${var.cluster}' --role '${var.role}' --root '${var.root}'"
}

# A tree that is there already. The builder puts the cluster file into it.
source "file" "tree" {
  source = var.cluster
  target = "${var.root}/etc/carbonpatch/cluster.yaml"
}

build {
  sources = ["source.file.tree"]

  provisioner "shell-local" {
    inline = [
      "mkdir -p '${var.root}${dirname(var.home)}'",
      "unzip -q '${var.product}' -d '${var.root}${dirname(var.home)}' </dev/null",
    ]
  }

  # The description alone first: a cluster that will not work gets no image.
  provisioner "shell-local" {
    inline = [
      "carbonpatch lint -q -f '${var.cluster}'",
      "carbonpatch apply ${local.wanted} --no-backup --yes '${var.home}'",
    ]
  }

  # Steps of your own can stand here. What they undo stops the build.
  provisioner "shell-local" {
    inline = ["carbonpatch plan ${local.wanted} --detailed-exitcode '${var.home}'"]
  }

  # 2 is right here: there are settings that only the node can complete.
  provisioner "shell-local" {
    inline           = ["carbonpatch verify ${local.wanted} '${var.home}'"]
    valid_exit_codes = [2]
  }

  provisioner "shell-local" {
    inline = ["carbonpatch rollback --purge --yes --root '${var.root}' '${var.home}'"]
  }
}
