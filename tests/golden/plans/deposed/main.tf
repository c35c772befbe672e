resource "terraform_data" "server" {
  triggers_replace = 2

  lifecycle {
    create_before_destroy = true
  }
}
