# Every setting of the toolkit, with its default and its limits. Copy this file, change what
# is yours, leave out what you keep at its default (null means: left out, too).
#
# The file is plain HCL: values only; no variables, functions, ${...} or text blocks (<<).

# The AWS Region that everything is deployed to. Required.
region = "eu-west-1"

# Who runs Terraform: ARNs of IAM users and roles. They are exempt from the condition in the
# bucket policies that lets data in and out only through the VPC endpoint; name whoever must
# be able to upload the product's template and to empty the buckets. A name may hold *, but
# keeps at least 3 characters of its own. Not assumed-role ARNs: name the role. Required.
deployers = [
  "arn:aws:iam::123456789012:role/terraform",
  "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_PlatformAdmin_*",
]

# Where Terraform keeps its state. Default: files in the directory "state".
state = {
  # "local" (default): files beside the project. "s3": objects in a bucket, always encrypted
  # and locked by S3 itself (no DynamoDB table).
  backend = "local"
  # Backend local only: a path below the project's directory. Default: "state".
  directory = "state"
  # Backend s3 only: the bucket, which must exist. Required with backend "s3".
  bucket = null
  # Backend s3 only: what the keys of the objects begin with. Default: "sagemaker".
  key_prefix = null
  # Backend s3 only: the bucket's Region. Default: the region above.
  region = null
  # Backend s3 only: ARN of the KMS key of the objects. Default: the bucket's own.
  kms_key_arn = null
}

# The VPCs that notebooks live in. They are found, not made; what is made in them are the
# endpoints. Default: none, which is enough without projects.
networks = [
  {
    # The network's name in this file: letters, digits, single hyphens. Unique. Required.
    name = "main"
    # The VPC. It, and everything else of the network, is found by exactly one of its id and
    # its Name tag (no wildcards; nothing else of its kind may have the tag). Required.
    vpc = { id = null, name = "ProSM-VPC" }
    # The notebooks' subnet. Default: the one named ProSM-ResourceSubnet.
    subnet = { name = "ProSM-ResourceSubnet" }
    # The notebooks' security group. Default: the one named ProSM-ResourceSG.
    security_group = { name = "ProSM-ResourceSG" }
    # The route tables that lead to the S3 endpoint: those of the notebooks' subnet.
    # Required, unless an s3 endpoint is reused.
    route_tables = [{ name = "ProSM-RouteTable" }]
    # The subnets that interface endpoints get an address in; at most one for each zone.
    # Default: the notebooks' subnet.
    endpoint_subnets = [{ name = "ProSM-ResourceSubnet" }]
    # The endpoints to make, by their services' short names. Default: this list, less what is
    # reused. Also allowed: notebook (for users who open Jupyter from inside the VPC),
    # servicecatalog, athena, bedrock-runtime, cloudformation, codeartifact.api,
    # codeartifact.repositories, codecommit, git-codecommit, glue, lambda, redshift-data,
    # sagemaker.featurestore-runtime, sagemaker.metrics, secretsmanager, ssm, states.
    # An s3 endpoint must be made or reused.
    endpoints = [
      "s3", "sagemaker.api", "sagemaker.runtime", "sts", "logs", "monitoring", "kms",
      "ecr.api", "ecr.dkr",
    ]
    # Endpoints that the VPC has already: { s3 = "vpce-...", "ecr.api" = "vpce-..." }, short
    # names with a dot in quotes. They are reused and not changed. Default: none.
    existing_endpoints = {}
    # Buckets that the S3 endpoint's policy lets through, besides those of the projects and
    # those of AWS that hold container layers and JumpStart's models. Default: none.
    extra_buckets = ["shared-datasets"]
  },
]

# The projects: each has a key, buckets, an execution role and a product of its own. Default:
# none.
projects = [
  {
    # The name (tag ProjectName), suffix of all the project's names: letters, digits, single
    # hyphens. Unique, without regard to case, and not "<another>-..." (a project owns what is
    # named so). How long it may be depends on `names` and on the Region: 31 characters in
    # eu-west-1. Required.
    name = "quickstart"
    # The id (tag ProjectID): 1 to 64 letters, digits and _ . : / = + @ -.
    # Default: "QuickStart007".
    id = "QuickStart007"
    # The environment's name, of the same characters. Default: "dev".
    environment = "dev"
    # The network that the notebooks live in, by its name. Default: the only one.
    network = "main"
    # Who makes the notebook: "lambda" (default) the builder function, "cloudformation"
    # CloudFormation itself. Before it is changed, the project's notebooks have to be ended:
    # that takes the rights of the old way.
    build = "lambda"
    # A bucket whose content end users may have copied into new notebooks. Default: none.
    code_bucket = "our-notebook-code"
    # What an end user may launch.
    notebook = {
      # The instance types that the launch form offers, without those that have local storage
      # (a customer's key cannot encrypt that). Default: this list.
      allowed_instance_types = [
        "ml.t3.medium", "ml.t3.large", "ml.t3.xlarge", "ml.m5.xlarge", "ml.m5.2xlarge",
      ]
      # The type that the form proposes; one of those above. Default: "ml.t3.medium".
      instance_type = "ml.t3.medium"
      # The largest volume that may be asked for, in GB: 5 to 16384. Default: 200.
      max_volume_size_gb = 200
      # The volume that the form proposes, in GB: 5 to the largest. Default: 20.
      volume_size_gb = 20
      # Whether end users may choose to be root on their notebooks. Default: false.
      root_access = false
      # The notebooks' operating system and JupyterLab: notebook-al2-v3 or later, or any
      # notebook-al2023. Default: "notebook-al2023-v1".
      platform_identifier = "notebook-al2023-v1"
    }
    # The roles of those who launch, see and end their own notebooks. At least one. Required.
    end_user_roles = [
      {
        # The role's name, before the project's suffix: with it at most 64 letters, digits
        # and _ + = , . @ -. Unique in the account. Default: "SCEndUserRole".
        name = "SCEndUserRole"
        # Who may assume the role: ARNs of account roots, IAM users and IAM roles, without *.
        # At least one. Required.
        assumed_by = ["arn:aws:iam::123456789012:root"]
      },
    ]
    # The versions of the product, first to last; at least one active of guidance "DEFAULT".
    # Whenever the product's template changes, add one. Default: one named "1".
    versions = [
      {
        # The version's name: up to 64 letters, digits and _ . -. Unique. Required.
        name = "1"
        # What is new in it, in one line of at most 2000 characters. Default: "".
        description = "The first version"
        # "DEFAULT" (default), or "DEPRECATED": what runs goes on, nobody launches it anew.
        guidance = "DEFAULT"
        # Whether end users see the version at all. Default: true.
        active = true
      },
    ]
    # Whether a destroy deletes what is in the project's buckets; otherwise it stops at a
    # bucket that holds anything. Default: false.
    empty_buckets_on_destroy = false
  },
]

# The physical names. Each gets "-<project>" as suffix; with it, it must keep to AWS's limits.
# All are defaults.
names = {
  # The KMS key's alias, without "alias/": letters, digits and / _ -, with the suffix 250.
  key_alias = "SageMaker-CMK-DS"
  # The role that notebooks run as: letters, digits and _ + = , . @ -, with the suffix 64.
  execution_role = "SageMakerExecutionRole"
  # Its policy: the same characters, with the suffix 128.
  execution_policy = "SageMakerExecutionPolicy"
  # The role that Service Catalog launches with: the same characters, with the suffix 64.
  launch_role = "SCLaunchRole"
  # The builder function: letters, digits and _ -, with the suffix 64.
  builder_function = "SageMakerBuild"
  # The role that it runs as: letters, digits and _ + = , . @ -, with the suffix 64.
  builder_role = "SageMakerBuildRole"
  # The notebooks' lifecycle configuration: letters, digits, inner hyphens, with the suffix 63.
  lifecycle_config = "Provisioned-LC"
  # The one that copies the code bucket, too: the same characters and limit.
  lifecycle_config_s3 = "Provisioned-LC-S3"
  # The portfolio: letters, digits, inner spaces and _ . -, with the suffix 100.
  portfolio = "SageMakerPortfolio"
  # The product: the same characters and limit.
  product = "SageMakerProduct"
}

# What the catalog says of every portfolio and product.
catalog = {
  # The product's owner and the portfolio's provider: 1 to 50 characters. Default: "CQ".
  owner = "CQ"
  # What the product is: 1 to 2000 characters. This is the default.
  description = "An encrypted SageMaker notebook in a private network"
  # The product's vendor: 1 to 200 characters. Default: none.
  distributor = "Platform team"
  # Where end users ask for help: an e-mail address. Default: none.
  support_email = "platform@example.com"
  # Where end users read for help: an http or https address. Default: none.
  support_url = "https://wiki.example.com/notebooks"
}

# The service roles of SageMaker's own portfolio (JumpStart and project templates). Leave it
# out if the account has them all, or gets them elsewhere. Default: none.
jumpstart = {
  # Roles that exist in the account already: they are imported and kept as they are.
  # Default: none.
  adopt = ["LaunchRole", "UseRole"]
  # Roles to make. Default: all eleven, less those above. The names stand for
  # AmazonSageMakerServiceCatalogProducts<name>.
  create = [
    "ApiGatewayRole", "CloudformationRole", "CodeBuildRole", "CodePipelineRole", "EventsRole",
    "FirehoseRole", "GlueRole", "LambdaRole", "ExecutionRole",
  ]
  # What a destroy does with the roles: "protect" (default) refuses, "release" forgets them
  # and leaves them standing, "delete" deletes them.
  retention = "protect"
}

# The trail and the alarms. `audit = {}` takes the defaults. Default: none.
audit = {
  # How long CloudWatch keeps the trail's events, in days: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150,
  # 180, 365 (default), 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653.
  log_retention_days = 365
  # The SNS topic that the alarms go to, in the same Region. Default: none.
  alarm_topic_arn = "arn:aws:sns:eu-west-1:123456789012:security-alarms"
  # Whether reads and writes of the projects' objects are recorded; AWS charges for each.
  # Default: true.
  s3_data_events = true
}

# The ARN of a policy that every role is made with as its permissions boundary. Default: none.
permissions_boundary = null

# Tags of everything, besides ProjectName, ProjectID and ManagedBy, which the toolkit sets: at
# most 17 (Service Catalog takes 20), keys of 1 to 128 characters, values of at most 256, of
# letters, digits, spaces and _ . : / = + @ -. Default: none.
tags = {
  CostCenter = "4711"
}
