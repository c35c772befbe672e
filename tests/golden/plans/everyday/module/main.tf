variable "size" {
  type = string
}

resource "terraform_data" "part" {
  input = var.size
}

output "id" {
  value = terraform_data.part.id
}
