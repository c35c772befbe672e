variable "password" {
  type      = string
  sensitive = true
  default   = "correct-horse"
}

module "shop" {
  source   = "./module"
  for_each = toset(["a.b", "large"])
  size     = each.key
}

resource "terraform_data" "kept" {
  input = "stays"
}

resource "terraform_data" "old_name" {
  input = "is only called differently"
}

resource "terraform_data" "forgotten" {
  input = "is let go"
}

resource "terraform_data" "removed" {
  input = { colour = "red", list = ["one", "two"] }
}

resource "terraform_data" "counted" {
  count = 3
  input = count.index
}

resource "terraform_data" "updated" {
  input = {
    name     = "before"
    password = var.password
    policy   = jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:GetObject"], Resource = "*" }] })
    rules    = [{ name = "https", port = 443 }, { name = "ssh", port = 22 }]
  }
}

resource "terraform_data" "replaced" {
  input            = "x"
  triggers_replace = [terraform_data.kept.id, 1]
}

resource "terraform_data" "new_first" {
  triggers_replace = { version = 1 }

  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "triggered" {
  lifecycle {
    replace_triggered_by = [terraform_data.updated]
  }
}

output "name" {
  value = "before"
}

output "gone" {
  value = 1
}

output "password" {
  value     = var.password
  sensitive = true
}

output "same" {
  value = "same"
}
