resource "terraform_data" "one" {
  input = "1"
}

resource "terraform_data" "two" {
  input = "2"
}

resource "terraform_data" "tainted" {
}

resource "terraform_data" "requested" {
}
