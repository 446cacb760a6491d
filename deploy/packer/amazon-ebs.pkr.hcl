# In place of source.null.machine: a machine image on EC2.
source "amazon-ebs" "image" {
  region        = var.region
  instance_type = "t3.large"
  ami_name      = "${basename(var.home)}-${var.role}-${formatdate("YYYYMMDDhhmmss", timestamp())}"
  ssh_username  = "admin"

  source_ami_filter {
    filters = {
      name                = "debian-12-amd64-*"
      virtualization-type = "hvm"
    }
    owners      = ["136693071363"]
    most_recent = true
  }
}

variable "region" {
  description = "The region of source.amazon-ebs.image."
  type        = string
  default     = "us-east-1"
}
