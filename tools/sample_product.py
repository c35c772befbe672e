"""One project's facts: what cfn-lint and the tests make the product's template from."""

from modules.product_template import ProductFacts

PROJECT_ID = "QuickStart007"
SUBNET_ID = "subnet-0a1b2c3d4e5f60718"
SECURITY_GROUP_ID = "sg-0a1b2c3d4e5f60718"
# Not the commonest partition: a hard-coded one shows.
KEY_ARN = "arn:aws-cn:kms:cn-north-1:123456789012:key/11111111-2222-3333-4444-555555555555"
BUILDER_ARN = "arn:aws-cn:lambda:cn-north-1:123456789012:function:SageMakerBuild-churn"
EXECUTION_ROLE_ARN = "arn:aws-cn:iam::123456789012:role/SageMakerExecutionRole-churn"

FACTS = ProductFacts(
    project_name="churn",
    project_id=PROJECT_ID,
    environment="prod",
    execution_role_arn=EXECUTION_ROLE_ARN,
    bucket_name="churn-notebook-123456789012-cn-north-1",
    subnet="ProSM-ResourceSubnet",
    security_group="ProSM-ResourceSG",
    lifecycle_config="Provisioned-LC-churn",
    lifecycle_config_s3="Provisioned-LC-S3-churn",
    default_instance_type="ml.t3.medium",
    instance_types=("ml.t3.medium", "ml.m5.xlarge"),
    platform_identifier="notebook-al2023-v1",
    code_bucket="prosm-code",
    builder_function_arn=BUILDER_ARN,
    subnet_id=SUBNET_ID,
    security_group_id=SECURITY_GROUP_ID,
    key_arn=KEY_ARN,
)
