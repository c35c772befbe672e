"""What differs between what was agreed and what AWS has, on three planes.

``terraform_plane`` asks Terraform, by a refresh that writes nothing; ``portfolio_plane`` holds the
ledger of post_apply against SageMaker's portfolio; ``launched_plane`` holds launched products
against what their version promises. Each yields findings; ``report`` folds them into one Report.
"""
