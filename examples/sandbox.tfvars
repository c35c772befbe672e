# The settings of the demo: they fit the account that the sandbox starts with.

region    = "eu-west-1"
deployers = ["arn:aws:iam::123456789012:user/platform-deployer"]

networks = [
  {
    name           = "main"
    vpc            = { name = "ProSM-VPC" }
    subnet         = { name = "ProSM-ResourceSubnet" }
    security_group = { name = "ProSM-ResourceSG" }
    route_tables   = [{ name = "ProSM-RouteTable" }]
  },
]

projects = [
  {
    name        = "quickstart"
    id          = "QuickStart007"
    build       = "lambda"
    code_bucket = "prosm-code"
    end_user_roles = [
      { name = "SCEndUserRole", assumed_by = ["arn:aws:iam::123456789012:root"] },
    ]
    # Safe here alone: nothing in the sandbox is worth keeping.
    empty_buckets_on_destroy = true
  },
  {
    name  = "vision"
    id    = "Vision001"
    build = "cloudformation"
    end_user_roles = [
      { name = "SCEndUserRole", assumed_by = ["arn:aws:iam::123456789012:root"] },
    ]
    empty_buckets_on_destroy = true
  },
]

# "protect": a destroy refuses to delete the service roles, so that they outlive it.
jumpstart = {
  retention = "protect"
}
