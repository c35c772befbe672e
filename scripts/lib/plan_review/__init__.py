"""What a Terraform plan means, for the person who has to approve it.

``read`` makes a Plan of Terraform's JSON, ``review`` holds the rules against it, and what comes
out, a Review, is written by ``markdown``, ``terminal``, ``document`` (JSON) or ``sarif``. Nothing
here asks AWS or Terraform; ``scripts.lib.terraform`` shows plan files.
"""
