resource "terraform_data" "kept" {
  input = "stays"
}

output "kept" {
  value = terraform_data.kept.output
}
