import {
  to = terraform_data.adopted
  id = "an-id-of-elsewhere"
}

resource "terraform_data" "adopted" {
}

import {
  to = terraform_data.changed
  id = "another-id"
}

resource "terraform_data" "changed" {
  input = "is set as well"
}

import {
  for_each = { a = "first", b = "second" }
  to       = terraform_data.each[each.key]
  id       = each.value
}

resource "terraform_data" "each" {
  for_each = toset(["a", "b"])
}
