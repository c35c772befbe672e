"""Terraform constructs of the governed notebook and of JumpStart for custom roles."""
