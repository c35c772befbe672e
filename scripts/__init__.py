"""Command lines for what Terraform cannot hold, and the sandbox to try them in."""
