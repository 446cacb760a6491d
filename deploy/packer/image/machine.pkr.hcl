# A machine that runs already and is reached by SSH. What becomes of it afterwards is yours.
source "null" "machine" {
  ssh_host             = var.host
  ssh_username         = var.user
  ssh_private_key_file = var.key
}

variable "host" {
  description = "The machine of source.null.machine."
  type        = string
  default     = "127.0.0.1"
}

variable "user" {
  description = "Who may log in there and use sudo without a password."
  type        = string
  default     = "root"
}

variable "key" {
  description = "The private key of that user."
  type        = string
  default     = ""
}
