"""What is changed behind Terraform's back, and what drift detection has to say of it."""
