# Terraform without CDKTF: the provider alone, for a machine and records that are already there.
#
#   npx mailserver provider     # puts the provider into terraform.d/plugins of this folder
#   terraform init && terraform plan
terraform {
  required_version = ">= 1.11"

  required_providers {
    mailserver = {
      source = "mailserver.local/mail/mailserver"
    }
  }
}

variable "newsletter_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

locals {
  helo_name = "mail.example.com"
  address   = "198.51.100.25"
}

# The host gets its name only after the world sees address and reverse name.
resource "mailserver_dns_agreement" "mail" {
  helo_name = local.helo_name
  addresses = [local.address]
}

resource "mailserver_role" "mail" {
  helo_name = local.helo_name
  domains = {
    "example.com" = { deliver_to = "webapp" }
  }
  submission_users = {
    newsletter = { password = var.newsletter_password, password_version = 1 }
  }
  antivirus = true

  ssh = {
    host             = local.address
    user             = "root"
    private_key_path = "~/.ssh/id_ed25519"
  }

  depends_on = [mailserver_dns_agreement.mail]
}

output "host_key" {
  value = mailserver_role.mail.host_key
}
