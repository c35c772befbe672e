resource "terraform_data" "planned" {
  input = "is planned"
}

resource "terraform_data" "refused" {
  input = terraform_data.planned.id

  lifecycle {
    precondition {
      condition     = terraform_data.planned.input == "something else"
      error_message = "It is not planned."
    }
  }
}
