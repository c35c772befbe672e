variable "password" {
  type      = string
  sensitive = true
  default   = "battery-staple"
}

variable "session" {
  type      = string
  ephemeral = true
  default   = "is nowhere in the plan"
}

module "shop" {
  source   = "./module"
  for_each = toset(["a.b", "new"])
  size     = each.key == "new" ? "new" : "other"
}

resource "terraform_data" "kept" {
  input = "stays"
}

resource "terraform_data" "new_name" {
  input = "is only called differently"
}

moved {
  from = terraform_data.old_name
  to   = terraform_data.new_name
}

removed {
  from = terraform_data.forgotten

  lifecycle {
    destroy = false
  }
}

resource "terraform_data" "counted" {
  count = 2
  input = count.index * 10
}

resource "terraform_data" "updated" {
  input = {
    name     = "after"
    password = var.password
    policy = jsonencode({ Statement = [
      { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "*" },
    ] })
    rules  = [{ name = "admin", port = 8443 }, { name = "https", port = 443 }]
    shop   = module.shop["new"].id
    number = "1"
  }

  lifecycle {
    precondition {
      condition     = length(var.password) > 3
      error_message = "The password is too short."
    }

    postcondition {
      condition     = self.output != null
      error_message = "There is no output."
    }
  }
}

resource "terraform_data" "replaced" {
  input            = "y"
  triggers_replace = [terraform_data.kept.id, 2]
}

resource "terraform_data" "new_first" {
  triggers_replace = { version = 2 }

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "triggered" {
  lifecycle {
    replace_triggered_by = [terraform_data.updated]
  }
}

resource "terraform_data" "created" {
  input = { password = var.password, needs = terraform_data.updated.id, empty = "", nothing = null }
}

data "terraform_remote_state" "other" {
  backend = "local"

  config = {
    path = "${path.module}/${terraform_data.created.output.empty}other.tfstate"
  }
}

check "kept" {
  assert {
    condition     = terraform_data.kept.output == "goes"
    error_message = "What is kept should go."
  }
}

check "later" {
  assert {
    condition     = terraform_data.created.id != ""
    error_message = "Nobody knows yet."
  }
}

output "name" {
  value = "after"
}

output "password" {
  value     = var.password
  sensitive = true
}

output "same" {
  value = "same"
}

output "later" {
  value = { id = terraform_data.created.id, known = [1, null, true] }
}
