# For Packer 1.7 and newer, which has the builders of clouds as plugins: packer init plugins.pkr.hcl, once. It stands in no folder
# that is built, since Packer 1.6 has all builders but does not know this block.
packer {
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = ">= 1.3.0"
    }
  }
}
