# An image with a product that is configured as far as its role goes. What only the node knows, its address and its secrets, is
# left open; carbonpatch apply --phase node completes it at the first boot.

variable "product" {
  description = "The zip file of the product."
  type        = string
}

variable "package" {
  description = "The Debian package of carbonpatch."
  type        = string
}

variable "cluster" {
  description = "The cluster file. It stays in the image for the first boot, so its secrets are env: or file: and no text."
  type        = string
}

variable "home" {
  description = "The folder that unzipping the product makes, where it is to be."
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
  wanted = "--phase image -f /etc/carbonpatch/cluster.yaml --role '${var.role}'"
}

build {
  sources = ["source.null.machine"]

  provisioner "file" {
    source      = var.product
    destination = "/tmp/product.zip"
  }

  provisioner "file" {
    source      = var.package
    destination = "/tmp/carbonpatch.deb"
  }

  provisioner "file" {
    source      = var.cluster
    destination = "/tmp/cluster.yaml"
  }

  provisioner "shell" {
    inline = [
      "sudo dpkg -i /tmp/carbonpatch.deb",
      "sudo install -D -m 0640 /tmp/cluster.yaml /etc/carbonpatch/cluster.yaml",
      "sudo mkdir -p '${dirname(var.home)}'",
      "sudo unzip -q /tmp/product.zip -d '${dirname(var.home)}' </dev/null",
      "sudo rm /tmp/carbonpatch.deb /tmp/cluster.yaml /tmp/product.zip",
    ]
  }

  # The description alone first: a cluster that will not work gets no image.
  provisioner "shell" {
    inline = [
      "sudo carbonpatch lint -q -f /etc/carbonpatch/cluster.yaml",
      "sudo carbonpatch apply ${local.wanted} --no-backup --yes '${var.home}'",
    ]
  }

  # Steps of your own can stand here. What they undo stops the build.
  provisioner "shell" {
    inline = ["sudo carbonpatch plan ${local.wanted} --detailed-exitcode '${var.home}'"]
  }

  # 2 is right here: there are settings that only the node can complete.
  provisioner "shell" {
    inline           = ["sudo carbonpatch verify ${local.wanted} '${var.home}'"]
    valid_exit_codes = [2]
  }

  provisioner "shell" {
    inline = ["sudo carbonpatch rollback --purge --yes '${var.home}'"]
  }
}
